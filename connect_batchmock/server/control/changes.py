"""The change feed: what changed in a mock since the cursor of a client."""

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
from connect_batchmock.records.obstacles import wait_of
from connect_batchmock.server.control import encoding
from connect_batchmock.server.control.encoding import json_bytes, to_json
from connect_batchmock.server.served import Served

MAX_ENTRIES = 500
"""The maximal number of entries of each kind in one batch; the next batch continues from there."""


@dataclass(frozen=True)
class Cursor:
    """How much a client has seen of a mock.

    Attributes:
        history: the id of the history; a reset starts another.
        contact_changes: the number of the last change to a contact.
        calls: the number of API calls.
        failed_requests: the number of failed requests.
        overview: a hash of the overview.
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
    def of(cls, text: str) -> Cursor | None:
        """Return the cursor that a string holds, or None for any other string."""
        parts = text.split("-")
        if len(parts) != 5 or not all(_is_count(part) for part in parts[1:4]):
            return None
        return cls(parts[0], int(parts[1]), int(parts[2]), int(parts[3]), parts[4])


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


@dataclass(frozen=True)
class NewEvents:
    """The events that a client has not seen.

    Attributes:
        history: the id of the history.
        before: how many events the client has seen.
        events: the new events.
        is_other_history: whether the events that the client has seen belong to another history.
    """

    history: str
    before: int
    events: Sequence[ContactEvent]
    is_other_history: bool

    def id_of(self, number: int) -> str:
        """Return the id of an event by its number among these; 0 is the last event before them."""
        return f"{self.history}-{self.before + number}"


class ChangeFeed:
    """Returns the changes of a mock, in time proportional to their number.

    Args:
        served: the mock.
    """

    def __init__(self, served: Served) -> None:
        self._engine = served.engine

    def since(self, after: str) -> dict[str, Any]:
        """Return the changes since a cursor, which :func:`json_bytes` can encode.

        Args:
            after: the ``cursor`` of the changes before; any other string asks for the first cursor.
        """
        self._run_due()
        with self._engine.lock:
            seen = Cursor.of(after)
            is_current = seen is not None and seen.history == self._engine.history.id
            batch = self._new(seen) if seen is not None and is_current else self._first()
        # Changes are immutable, so that they are encoded without the lock.
        return {**batch, "contacts": [_with_number(change) for change in batch["contacts"]]}

    def _run_due(self) -> None:
        # The error is in the journal already, and the overview shows it.
        with suppress(PlanError):
            self._engine.simulation.run_due()

    def _first(self) -> dict[str, Any]:
        journal, overview = self._engine.journal, self._overview()
        cursor = Cursor(
            self._engine.history.id,
            self._engine.backend.contacts.changes,
            len(journal.calls),
            len(journal.failed_requests),
            _hash_of(overview),
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

    def _new(self, seen: Cursor) -> dict[str, Any]:
        journal, overview = self._engine.journal, self._overview()
        contacts = self._engine.backend.contacts
        changed, contact_changes = contacts.changed_since(seen.contact_changes, MAX_ENTRIES)
        calls = journal.calls[seen.calls : seen.calls + MAX_ENTRIES]
        failed = journal.failed_requests[seen.failed_requests : seen.failed_requests + MAX_ENTRIES]
        cursor = Cursor(
            seen.history,
            contact_changes,
            seen.calls + len(calls),
            seen.failed_requests + len(failed),
            _hash_of(overview),
        )
        return {
            "cursor": str(cursor),
            "resync": False,
            "more": contact_changes < contacts.changes or MAX_ENTRIES in (len(calls), len(failed)),
            "now": self._engine.now(),
            "counts": self._counts(),
            "contacts": changed,
            "calls": Calls(calls),
            "failed_requests": FailedRequests(failed),
            "overview": None if cursor.overview == seen.overview else overview,
        }

    # The overview: resources and faults, of which there are few

    def _overview(self) -> dict[str, Any]:
        journal = self._engine.journal
        return {
            "instances": [_of_instance(instance) for instance in self._engine.backend.instances()],
            **self.faults(),
            "advanced": self._engine.simulation.advanced.total_seconds(),
            "unfaked_operations": list(journal.unfaked),
            "broken_plans": list(journal.broken_plans),
        }

    def faults(self) -> dict[str, Any]:
        """Return the planned faults and rate limits."""
        with self._engine.lock:
            return {"faults": to_json(self._engine.faults.pending()), "rates": self._engine.faults.rates()}

    # Events

    def events(self, after: str) -> NewEvents:
        """Return the events after one that the client has seen.

        Args:
            after: the id of the last event that the client has seen; any other string asks for all events.
        """
        self._run_due()
        history, _, number = after.partition("-")
        with self._engine.lock:
            is_current = history == self._engine.history.id and _is_count(number)
            before = int(number) if is_current else 0
            new = self._engine.journal.events[before : before + MAX_ENTRIES]
            return NewEvents(self._engine.history.id, before, new, bool(after) and not is_current)


def _with_number(change: tuple[int, Contact]) -> dict[str, Any]:
    number, contact = change
    return {"number": number, **encoding.contact(Contacts([contact])[0])}


def _of_instance(instance: Any) -> dict[str, Any]:
    return {
        "id": instance.id,
        "alias": instance.alias,
        "region": instance.region.name,
        "phone_numbers": [number.number for number in instance.phone_numbers.values()],
        "queues": [_of_queue(instance, queue) for queue in instance.own_queues],
        "campaigns": [_of_campaign(instance, campaign) for campaign in instance.campaigns.values()],
    }


def _of_queue(instance: Any, queue: Any) -> dict[str, Any]:
    activities = Counter(agent.activity for agent in queue.staff.agents)
    return {
        "id": queue.id,
        "name": queue.name,
        "enabled": queue.enabled,
        "agents": dict(activities),
        "waiting": instance.region.backend.dialer.waiting_for_agents(queue).contacts,
    }


def _of_campaign(instance: Any, campaign: Any) -> dict[str, Any]:
    first = instance.region.backend.dialer.first_waiting(instance, campaign)
    wait = None if first is None else wait_of(first)
    return {
        "id": campaign.id,
        "name": campaign.name,
        "queue": None if campaign.queue is None else {"id": campaign.queue.id, "name": campaign.queue.name},
        "mode": None if campaign.telephony is None else campaign.telephony.mode,
        "state": campaign.state,
        "waiting": campaign.contacts_waiting,
        "wait": None if wait is None else f"{wait.conjunction} {wait.cause}{wait.detail}",
    }


def _hash_of(overview: Mapping[str, Any]) -> str:
    return hashlib.sha256(json_bytes(overview)).hexdigest()[:12]


def has_changes(batch: Mapping[str, Any]) -> bool:
    """Whether a batch has any change."""
    kinds: Sequence[str] = ("resync", "contacts", "calls", "failed_requests", "overview")
    return any(batch[kind] for kind in kinds)
