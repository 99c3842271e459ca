"""Coverage of failures: what can go wrong in the API calls and contacts of a run, and how often it did."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connect_batchmock._text import WIDTH
from connect_batchmock.activation.tallies import NewRecords
from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.outcome import COURSES, PREVIEW_DISCARDED
from connect_batchmock.engine.faults import CONTACTS, REQUESTS
from connect_batchmock.engine.journal import Call
from connect_batchmock.outcomes import detection_statuses
from connect_batchmock.protocol.errors import modeled_errors
from connect_batchmock.protocol.http import ConnectionRefused, ConnectionReset, ResponseLate, ResponseLost
from connect_batchmock.protocol.model import operation_model

Kinds = dict[str, dict[str, int]]
"""How often each failure was exercised, by kind, such as ``errors``, and by name."""

_BATCHES = {(batch.service, batch.operation): batch for batch in (CONTACTS, *REQUESTS)}
_KINDS_OF_ITEMS = {"FailureReasonCode": "failure_reasons", "failureCode": "failure_codes"}
_LATE = "delay_beyond_timeout"
_NETWORK_FAULTS = {
    ConnectionRefused.error: "refuse_connection",
    ResponseLost.error: "lose_response",
    ConnectionReset.error: "reset_connection",
}


@dataclass(frozen=True)
class Row:
    """The coverage of failures of one kind.

    Args:
        subject: the operation, such as ``connect.BatchPutContact``, or ``contacts``.
        kind: the kind, such as ``failure_reasons``.
        times: how often each failure was exercised, by name.
    """

    subject: str
    kind: str
    times: Mapping[str, int]

    @property
    def missing(self) -> list[str]:
        """The failures that were never exercised."""
        return [name for name, times in self.times.items() if not times]

    @property
    def exercised(self) -> int:
        """How many failures were exercised."""
        return len(self.times) - len(self.missing)


class FailureCoverage:
    """Which failures a run has exercised: for each operation that applications called, and for contacts.

    The failures of an operation are the reasons for which an item can fail, the errors that the model lists,
    and the faults of the network. The failures of contacts are all disconnect reasons and, for contacts with
    answering machine detection, its statuses.
    """

    def __init__(self) -> None:
        self._operations: dict[str, Kinds] = {}
        self._contacts: Kinds = {}

    def add(self, records: NewRecords) -> None:
        """Count the failures among the new records of a mock."""
        for call in records.calls:
            if not call.internal:
                self._add_call(call)
        for event in records.events:
            self._add_contact(event.type, event.contact)

    def _add_call(self, call: Call) -> None:
        operation = f"{call.service}.{call.operation}"
        if operation not in self._operations:
            self._operations[operation] = _failures_of(call.service, call.operation)
        for kind, name in _failures_in(call):
            _count(self._operations[operation], kind, name)

    def _add_contact(self, event: str | None, contact: Contact) -> None:
        if event == "INITIATED":
            self._contacts.setdefault("disconnect_reasons", _zeros(_DISCONNECT_REASONS))
            if contact.answer_machine_detection:
                self._contacts.setdefault("detection_statuses", _zeros(detection_statuses()))
        elif event == "DISCONNECTED":
            _count(self._contacts, "disconnect_reasons", _in_one_spelling(contact.disconnect_reason))
            _count(self._contacts, "detection_statuses", contact.answering_machine_detection_status)

    @property
    def rows(self) -> list[Row]:
        """The coverage of each kind of failure: of operations in alphabetical order, then of contacts."""
        subjects = [*sorted(self._operations.items()), ("contacts", self._contacts)]
        return [Row(subject, kind, times) for subject, kinds in subjects for kind, times in kinds.items()]

    @property
    def exercised(self) -> int:
        """The number of failures that were exercised."""
        return sum(row.exercised for row in self.rows)

    @property
    def possible(self) -> int:
        """The number of all failures."""
        return sum(len(row.times) for row in self.rows)

    @property
    def percent(self) -> float:
        """The share of failures that were exercised, in percent, rounded down; 0 if nothing was called."""
        return self.exercised * 10_000 // max(self.possible, 1) / 100

    def as_json(self) -> dict[str, Any]:
        """Return the coverage as a JSON value, with the number of times of each failure."""
        return {
            "percent": self.percent,
            "exercised": self.exercised,
            "possible": self.possible,
            "operations": dict(sorted(self._operations.items())),
            "contacts": self._contacts,
        }

    def merge(self, document: Mapping[str, Any]) -> None:
        """Add the coverage of another process, as its ``as_json`` returned it."""
        for operation, kinds in document["operations"].items():
            _merge(self._operations.setdefault(operation, {}), kinds)
        _merge(self._contacts, document["contacts"])

    def table(self) -> str:
        """Return the coverage as a table: what was exercised, and the names of what never was."""
        lines = [_line("", "exercised", "never exercised")]
        subject = None
        for row in self.rows:
            if row.subject != subject:
                lines.append(row.subject)
                subject = row.subject
            share = f"{row.exercised} of {len(row.times)}"
            lines.append(_line(f"  {row.kind.replace('_', ' ')}", share, ", ".join(row.missing)))
        return "\n".join(
            [*lines, _line("total", f"{self.exercised} of {self.possible}", f"{self.percent:g} %")]
        )


def _failures_of(service: str, operation: str) -> Kinds:
    """Return what can go wrong in the API calls of an operation, by its model."""
    kinds: Kinds = {}
    batch = _BATCHES.get((service, operation))
    if batch is not None:
        kinds[_KINDS_OF_ITEMS[batch.reason]] = _zeros(batch.reasons)
    kinds["errors"] = _zeros(modeled_errors(operation_model(service, operation)))
    kinds["network_faults"] = _zeros([*_NETWORK_FAULTS.values(), _LATE])
    return kinds


def _failures_in(call: Call) -> Iterator[tuple[str, str | None]]:
    """Yield the kind and the name of each failure that an application met in an API call."""
    batch = _BATCHES.get((call.service, call.operation))
    if call.error is not None:
        yield "errors", call.error
        yield "network_faults", _network_fault(call)
    elif batch is not None:
        for item in (call.result or {}).get(batch.failed, ()):
            yield _KINDS_OF_ITEMS[batch.reason], item.get(batch.reason)


def _network_fault(call: Call) -> str | None:
    is_late = call.error == ResponseLate.error and call.delay is not None
    return _LATE if is_late else _NETWORK_FAULTS.get(call.error or "")


_DISCONNECT_REASONS = [reason for reason in COURSES if reason not in PREVIEW_DISCARDED[1:]]


def _in_one_spelling(reason: str | None) -> str | None:
    return PREVIEW_DISCARDED[0] if reason in PREVIEW_DISCARDED else reason


def _zeros(names: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(names, 0)


def _count(kinds: Kinds, kind: str, name: str | None) -> None:
    """Count a failure; one that is not among the possible failures does not count."""
    times = kinds.get(kind, {})
    if name in times:
        times[name] += 1


def _merge(kinds: Kinds, others: Kinds) -> None:
    for kind, others_times in others.items():
        times = kinds.setdefault(kind, {})
        for name, count in others_times.items():
            times[name] = times.get(name, 0) + count


_SHARE = 22
"""The column in which the shares begin; each takes nine characters, and two spaces follow."""


def _line(title: str, share: str, names: str) -> str:
    start = f"{title:<{_SHARE}}{share:>9}  "
    return textwrap.fill(
        f"{start}{names}" if names else start.rstrip(),
        WIDTH,
        subsequent_indent=" " * len(start),
        break_long_words=False,
    )
