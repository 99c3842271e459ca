"""The mock's clock and what it drives: contacts are dialled, and whoever listens hears of it."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta, timezone

from connect_batchmock import explain
from connect_batchmock.audience import Audience
from connect_batchmock.domain import contact as _contact
from connect_batchmock.domain.contact import ContactEvent
from connect_batchmock.domain.lock import Lock
from connect_batchmock.domain.outcome import ANSWERED, Outcome
from connect_batchmock.domain.timeline import Timeline
from connect_batchmock.faults import PlanBroken
from connect_batchmock.outcomes import Policy, policy_of
from connect_batchmock.recording import Journal
from connect_batchmock.seeding import Contact, Contacts


class Clockwork:
    """Moves a world through time, whenever it is asked what has become of it.

    Args:
        lock: the lock of the world.
        journal: where it is written down what happens to contacts.
    """

    def __init__(self, lock: Lock, journal: Journal) -> None:
        self._lock = lock
        self._journal = journal
        self._advanced = timedelta()
        self._settling_in: int | None = None
        self.timeline = Timeline(self._clock)
        self.audience = Audience()
        self.on_dial(ANSWERED)

    def _clock(self) -> datetime:
        return datetime.fromtimestamp(time.time(), timezone.utc) + self._advanced

    def advance(self, seconds: float) -> None:
        """Put the clock forward, and let happen all that is due by then."""
        try:
            step = timedelta(seconds=seconds)
            # There is room for the test itself, and for what it adds to the time.
            is_possible = step >= timedelta() and self._clock() + step + timedelta(days=366) is not None
        except (TypeError, ValueError, OverflowError):
            is_possible = False
        if not is_possible:
            raise ValueError(explain.cannot_advance(seconds))
        self.settle()
        with self._lock:
            self._advanced += step
        self.settle()

    def settle(self) -> None:
        """Let happen all that is due by now, one after the other, and tell whoever listens of each event.

        Whoever is told may call the mock: it is the time of the event then, and the lock is free.

        Raises:
            PlanBroken: a function that a test gave raised an exception.
        """
        if self.timeline.stands_still or not self._begin_settling():
            return
        try:
            until = self._clock()
            self.audience.tell(self.timeline)
            while self._step(until):
                self.audience.tell(self.timeline)
        except PlanBroken as error:
            self._journal.broken_plans.append(str(error))
            raise
        finally:
            self._settling_in = None

    def _begin_settling(self) -> bool:
        with self._lock:
            # A process that was forked meanwhile does not inherit the thread that was at it.
            begins = self._settling_in != os.getpid()
            self._settling_in = os.getpid()
        return begins

    def _step(self, until: datetime) -> bool:
        with self._lock:
            return self.timeline.step(until)

    def tell(self, event: ContactEvent) -> None:
        """Write down what happened to a contact, and remember to tell whoever listens."""
        self._journal.note_event(event)
        self.audience.note(event)

    def on_dial(self, policy: Policy[Contact]) -> None:
        """Let a policy say what becomes of contacts that are dialled from now on."""
        self._policy = policy_of(policy)

    def decide(self, contact: _contact.Contact) -> Outcome:
        """Return what becomes of a contact that is dialled now.

        Raises:
            PlanBroken: the policy raised an exception, or said what cannot be.
        """
        shown = Contacts([contact])[0]
        try:
            outcome = self._policy(shown)
        except Exception as error:
            raise PlanBroken(explain.policy_raised(shown.customer_address, error)) from error
        if not isinstance(outcome, Outcome):
            raise PlanBroken(explain.not_an_outcome(shown.customer_address, outcome))
        may_discard = contact.preview is not None and contact.preview.may_discard
        if outcome.kind == "preview_discarded" and not may_discard:
            raise PlanBroken(explain.may_not_discard(shown.customer_address))
        return outcome
