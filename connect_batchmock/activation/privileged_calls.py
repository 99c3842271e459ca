"""Privileged API calls: those that production denies to customers, and that the mocks of a run answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connect_batchmock._text import counted
from connect_batchmock.connect_mock import ConnectMock


class PrivilegedCalls:
    """Counts the API calls of applications that only the campaign service may make, in all mocks of a run.

    Attributes:
        count: the number of calls that were answered under the default of the setting ``caller``.
        is_decided: whether any mock has chosen its caller.
    """

    def __init__(self) -> None:
        self.count = 0
        self.is_decided = False
        self._counted: dict[int, int] = {}

    def start(self, mock: ConnectMock) -> None:
        """Count the calls of a new mock."""
        self.is_decided |= "caller" in mock.chosen_settings
        self._counted[id(mock)] = 0

    def stop(self, mock: ConnectMock) -> None:
        """Count the calls of a mock that has stopped."""
        self._collect(mock)
        del self._counted[id(mock)]

    @contextmanager
    def replacing(self, mock: ConnectMock) -> Iterator[None]:
        """Count the calls of a mock before a reset or a restore replaces them."""
        self._collect(mock)
        yield
        self._counted[id(mock)] = len(mock.calls)

    def _collect(self, mock: ConnectMock) -> None:
        # It loads the services, which a mock without API calls does not need until it stops.
        from connect_batchmock.services.registry import needs_campaigns_principal

        for call in mock.calls[self._counted[id(mock)] :]:
            self.count += call.error is None and needs_campaigns_principal(call)


def summary_of(count: int) -> str:
    """Return a line for the end of a run that made privileged calls."""
    calls = f"{counted(count, 'API call')} {'was' if count == 1 else 'were'}"
    return (
        f"connect_batchmock: {calls} answered as the campaigns service principal; production denies "
        f"such calls to customers. The setting caller decides."
    )
