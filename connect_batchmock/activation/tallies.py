"""Tallies of a test run: what its mocks recorded, over resets, restores and the processes of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

from connect_batchmock.connect_mock import ConnectMock
from connect_batchmock.domain.contact import ContactEvent
from connect_batchmock.engine.journal import Call


class NewRecords(NamedTuple):
    """What a mock has recorded since its records were read last.

    Args:
        mock: the mock.
        calls: the API calls.
        events: the contact events.
    """

    mock: ConnectMock
    calls: Sequence[Call]
    events: Sequence[ContactEvent]


class Tally(Protocol):
    """Counts something in the records of all mocks of a run."""

    def add(self, records: NewRecords) -> None:
        """Count the new records of a mock."""

    def as_json(self) -> Any:
        """Return the tally as a JSON value."""

    def merge(self, document: Any) -> None:
        """Add the tally of another process, as its ``as_json`` returned it."""


class Tallies:
    """Observes the mocks of a run: reads their records, each record once, and adds them to tallies.

    Args:
        tallies: the tallies by their names.
    """

    def __init__(self, tallies: Mapping[str, Tally]) -> None:
        self._tallies = tallies
        self._read: dict[ConnectMock, tuple[int, int]] = {}

    def mock_started(self, mock: ConnectMock) -> None:
        """Read the records of a new mock from now on."""
        self._read[mock] = 0, 0

    def mock_stopped(self, mock: ConnectMock) -> None:
        """Read the last records of a mock that has stopped."""
        self._collect(mock)
        del self._read[mock]

    @contextmanager
    def replacing_records(self, mock: ConnectMock) -> Iterator[None]:
        """Read the records of a mock before a reset or a restore replaces them."""
        self._collect(mock)
        try:
            yield
        finally:
            # The records of a restored snapshot have been read before.
            calls, events = mock.recorded_since(0, 0)
            self._read[mock] = len(calls), len(events)

    def collect(self) -> None:
        """Read the new records of the mocks that are active."""
        for mock in list(self._read):
            self._collect(mock)

    def _collect(self, mock: ConnectMock) -> None:
        calls_read, events_read = self._read[mock]
        calls, events = mock.recorded_since(calls_read, events_read)
        self._read[mock] = calls_read + len(calls), events_read + len(events)
        for tally in self._tallies.values():
            tally.add(NewRecords(mock, calls, events))

    def as_json(self) -> dict[str, Any]:
        """Return all tallies as JSON values, by their names."""
        return {name: tally.as_json() for name, tally in self._tallies.items()}

    def merge(self, documents: Mapping[str, Any]) -> None:
        """Add the tallies of another process, as its ``as_json`` returned them."""
        for name, document in documents.items():
            self._tallies[name].merge(document)
