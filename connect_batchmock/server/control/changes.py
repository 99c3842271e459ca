"""What has changed in a mock since somebody looked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.engine.faults import PlanError
from connect_batchmock.records.calls import Calls, FailedRequests
from connect_batchmock.records.handles import Contacts
from connect_batchmock.server.control import encoding
from connect_batchmock.server.control.encoding import json_bytes, to_json
from connect_batchmock.server.served import Served

MAX_ENTRIES = 500
"""How many entries of each kind one look shows at most; the next one goes on from there."""


@dataclass(frozen=True)
class Cursor:
    """How far somebody has seen what happened.

    Attributes:
        history: the history that it is about; a reset begins another.
        contact_changes: the number of the last change to a contact.
        calls: how many calls.
        failed_requests: how many failed requests.
        overview: a short form of all the rest as it was.
    """

    history: str
    contact_changes: int
    calls: int
    failed_requests: int
    overview: str

    def __str__(self) -> str:
        numbers = (self.contact_changes, self.calls, self.failed_requests)
        return "-".join([self.history, *map(str, numbers), self.overview])

    @classmethod
    def of(cls, given: str) -> Cursor | None:
        """Return the cursor that a text says, or None where it says none."""
        parts = given.split("-")
        if len(parts) != 5 or not all(_is_count(one) for one in parts[1:4]):
            return None
        return cls(parts[0], int(parts[1]), int(parts[2]), int(parts[3]), parts[4])


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


@dataclass(frozen=True)
class NewEvents:
    """The events after some that were seen.

    Attributes:
        history: the history that they are of.
        before: how many were seen before.
        events: the events.
        is_other_history: whether those that were seen are of another one.
    """

    history: str
    before: int
    events: Sequence[ContactEvent]
    is_other_history: bool

    def id_of(self, number: int) -> str:
        """Return the id of one of these events, by its number among them; 0 is what was before."""
        return f"{self.history}-{self.before + number}"


class ChangeFeed:
    """Looks at a mock, and says what has changed since the look before.

    A look takes as long as there are changes, however much there is.
    """

    def __init__(self, served: Served) -> None:
        self._engine, self._history = served.engine, served.history

    def since(self, after: str) -> dict[str, Any]:
        """Return what has changed, which is still to be written as JSON.

        Args:
            after: the ``cursor`` of the look before; anything else asks where to begin.
        """
        self._let_happen()
        with self._engine.lock:
            seen = Cursor.of(after)
            is_of_this = seen is not None and seen.history == self._history()
            look = self._what_is_new(seen) if seen is not None and is_of_this else self._beginning()
        # What has been found never changes, so that nobody waits until it is put into words.
        return {**look, "contacts": [_with_number(one) for one in look["contacts"]]}

    def _let_happen(self) -> None:
        # It is written down what is wrong with the functions of a test, and part of what is shown.
        with suppress(PlanError):
            self._engine.simulation.run_due()

    def _beginning(self) -> dict[str, Any]:
        journal, overview = self._engine.journal, self._overview()
        cursor = Cursor(
            self._history(),
            self._engine.backend.contacts.changes,
            len(journal.calls),
            len(journal.failed_requests),
            _short_form(overview),
        )
        return {
            "cursor": str(cursor),
            "resync": True,
            "more": False,
            "now": self._engine.now(),
            "counts": self._counts(),
            "contacts": [],
            "calls": [],
            "failed_requests": [],
            "overview": overview,
        }

    def _counts(self) -> dict[str, int]:
        journal = self._engine.journal
        return {
            "contacts": len(self._engine.backend.contacts),
            "calls": len(journal.calls),
            "failed_requests": len(journal.failed_requests),
            "events": len(journal.events),
        }

    def _what_is_new(self, seen: Cursor) -> dict[str, Any]:
        journal, overview = self._engine.journal, self._overview()
        book = self._engine.backend.contacts
        changed, contact_changes = book.changed_since(seen.contact_changes, MAX_ENTRIES)
        calls = journal.calls[seen.calls : seen.calls + MAX_ENTRIES]
        failed = journal.failed_requests[seen.failed_requests : seen.failed_requests + MAX_ENTRIES]
        cursor = Cursor(
            seen.history,
            contact_changes,
            seen.calls + len(calls),
            seen.failed_requests + len(failed),
            _short_form(overview),
        )
        return {
            "cursor": str(cursor),
            "resync": False,
            "more": contact_changes < book.changes or MAX_ENTRIES in (len(calls), len(failed)),
            "now": self._engine.now(),
            "counts": self._counts(),
            "contacts": changed,
            "calls": Calls(calls),
            "failed_requests": FailedRequests(failed),
            "overview": None if cursor.overview == seen.overview else overview,
        }

    # What there are few of

    def _overview(self) -> dict[str, Any]:
        journal = self._engine.journal
        return {
            "instances": [_of_instance(one) for one in self._engine.backend.instances()],
            **self.faults(),
            "advanced": self._engine.simulation.advanced.total_seconds(),
            "unfaked_operations": list(journal.unfaked),
            "broken_plans": list(journal.broken_plans),
        }

    def faults(self) -> dict[str, Any]:
        """Return what is planned to go wrong, and how often it has."""
        with self._engine.lock:
            return {"faults": to_json(self._engine.faults.pending()), "rates": self._engine.faults.rates()}

    # Events

    def events(self, after: str) -> NewEvents:
        """Return the events after one, and whether that was one of another history.

        Args:
            after: the id of the last event that was seen; anything else asks for all.
        """
        self._let_happen()
        history, _, number = after.partition("-")
        with self._engine.lock:
            is_of_this = history == self._history() and _is_count(number)
            before = int(number) if is_of_this else 0
            new = self._engine.journal.events[before : before + MAX_ENTRIES]
            return NewEvents(self._history(), before, new, bool(after) and not is_of_this)


def _with_number(changed: tuple[int, Contact]) -> dict[str, Any]:
    number, contact = changed
    return {"number": number, **encoding.contact(Contacts([contact])[0])}


def _of_instance(instance: Any) -> dict[str, Any]:
    return {
        "id": instance.id,
        "alias": instance.alias,
        "region": instance.region.name,
        "phone_numbers": [one.number for one in instance.phone_numbers.values()],
        "queues": [_of_queue(one) for one in instance.queues.values()],
        "campaigns": [_of_campaign(one) for one in instance.campaigns.values()],
    }


def _of_queue(queue: Any) -> dict[str, Any]:
    activities = Counter(one.activity for one in queue.agents)
    return {"id": queue.id, "name": queue.name, "enabled": queue.enabled, "agents": dict(activities)}


def _of_campaign(campaign: Any) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "queue": None if campaign.queue is None else {"id": campaign.queue.id, "name": campaign.queue.name},
        "mode": None if campaign.telephony is None else campaign.telephony.mode,
        "state": campaign.state,
    }


def _short_form(overview: Mapping[str, Any]) -> str:
    return hashlib.sha256(json_bytes(overview)).hexdigest()[:12]


def is_worth_sending(look: Mapping[str, Any]) -> bool:
    """Whether anything has changed."""
    kinds: Sequence[str] = ("resync", "contacts", "calls", "failed_requests", "overview")
    return any(look[kind] for kind in kinds)
