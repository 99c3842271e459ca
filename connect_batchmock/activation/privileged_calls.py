"""Privileged API calls: those that production denies to customers, and that the mocks of a run answered."""

from __future__ import annotations

from typing import Any

from connect_batchmock._text import counted
from connect_batchmock.activation.tallies import NewRecords


class PrivilegedCalls:
    """Counts the API calls of applications that only the campaign service may make, in all mocks of a run.

    Attributes:
        count: the number of calls that were answered under the default of the setting ``caller``.
        is_decided: whether any mock has chosen its caller.
    """

    def __init__(self) -> None:
        self.count = 0
        self.is_decided = False

    def add(self, records: NewRecords) -> None:
        """Count the privileged calls among the new records of a mock."""
        # It loads the services, which a mock without API calls does not need.
        from connect_batchmock.services.registry import needs_campaigns_principal

        self.is_decided |= "caller" in records.mock.chosen_settings
        self.count += sum(call.error is None and needs_campaigns_principal(call) for call in records.calls)

    def as_json(self) -> dict[str, Any]:
        """Return the tally as a JSON value."""
        return {"count": self.count, "is_decided": self.is_decided}

    def merge(self, document: dict[str, Any]) -> None:
        """Add the tally of another process, as its ``as_json`` returned it."""
        self.count += document["count"]
        self.is_decided |= document["is_decided"]

    def summary(self) -> str | None:
        """Return a line for the end of the run; None without such calls, or if the run chose its caller."""
        if self.is_decided or not self.count:
            return None
        calls = f"{counted(self.count, 'API call')} {'was' if self.count == 1 else 'were'}"
        return (
            f"connect_batchmock: {calls} answered as the campaigns service principal; production denies "
            f"such calls to customers. The setting caller decides."
        )
