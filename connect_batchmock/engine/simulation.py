"""The mock's clock and what it drives: contacts are dialed, and whoever listens hears of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from threading import local
from typing import Any

from connect_batchmock._text import short
from connect_batchmock.domain import contact as _contact
from connect_batchmock.domain.contact import ContactEvent
from connect_batchmock.domain.locks import History, Lock, ReentryGuard
from connect_batchmock.domain.outcome import ANSWERED, Outcome
from connect_batchmock.domain.scheduler import Inside, Scheduler
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.engine.faults import PlanError
from connect_batchmock.engine.journal import Journal
from connect_batchmock.engine.listeners import Listeners
from connect_batchmock.outcomes import Policy, checked, policy_of

_DECIDES = (
    "It decides what becomes of a contact, and waits for no other thread; to act on what happens, use "
    "connect_mock.on_event."
)


class _Deciding(local):
    """Whether a policy is being asked in this thread."""

    yes = False


class Simulation(Stateful):
    """Moves a world through time, whenever it is asked what has become of it.

    Args:
        lock: the lock of the world.
        journal: where it is written down what happens to contacts.
        history: which course of things this is.
        inside: whether something is happening in this thread.
    """

    def __init__(self, lock: Lock, journal: Journal, history: History, inside: Inside) -> None:
        self._lock = lock
        self._journal = journal
        self._history = history
        self.advanced: timedelta = timedelta()
        self._settling = ReentryGuard()
        self._deciding = _Deciding()
        self.scheduler: Scheduler = Scheduler(self._clock, inside)
        self.listeners: Listeners = Listeners()
        self.on_dial(ANSWERED, lambda contact: contact)

    def _clock(self) -> datetime:
        return datetime.fromtimestamp(time.time(), timezone.utc) + self.advanced

    def advance(self, seconds: float | timedelta) -> None:
        """Put the clock forward, and let happen all that is due by then."""
        try:
            step = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
            # There is room for the test itself, and for what it adds to the time.
            is_possible = step >= timedelta() and self._clock() + step + timedelta(days=366) is not None
        except (TypeError, ValueError, OverflowError):
            is_possible = False
        if not is_possible:
            raise ValueError(
                f"connect_mock.advance takes seconds, from 0 on and within what dates can say, not "
                f"{seconds!r}."
            )
        self.refuse_policies()
        self.run_due()
        with self._lock:
            self.advanced += step
        self.run_due()

    def run_overdue(self) -> None:
        """Let happen what is due before a test changes something.

        What a test does at one time counts as one change: agents that it adds dial when it has said all.

        Raises:
            PlanError: it is a policy that changes something.
        """
        self.refuse_policies()
        if self.scheduler.is_overdue:
            self.run_due()

    def refuse_policies(self) -> None:
        """Refuse to go on for a policy, which decides and does nothing else.

        Raises:
            PlanError: it is one that asks.
        """
        if self._deciding.yes:
            raise PlanError(
                "The function that was given to connect_mock.on_dial called the mock. It decides what "
                "becomes of a contact, and may read; to act on what happens, use connect_mock.on_event."
            )

    def run_due(self) -> None:
        """Let happen all that is due by now, one after the other, and tell whoever listens of each event.

        Whoever is told may call the mock: it is the time of the event then, and the lock is free.

        Raises:
            PlanError: a function that a test gave raised an exception; everything has happened all the same.
        """
        if self.scheduler.in_action or not self._begin_settling():
            return
        broken: list[PlanError] = []
        try:
            while self._go_on(broken):
                pass
        finally:
            self._end_settling()
        self._journal.broken_plans += map(str, broken)
        if broken:
            raise broken[0]

    def _begin_settling(self) -> bool:
        with self._lock:
            has_anything = self.listeners.has_pending or self.scheduler.is_due
            return has_anything and self._settling.take()

    def _end_settling(self) -> None:
        with self._lock:
            self.scheduler.reset_now()
            self._settling.end()

    def _go_on(self, broken: list[PlanError]) -> bool:
        """Tell of the next event, or let the next action happen; return whether there was one."""
        with self._lock:
            event = self.listeners.pop_pending()
            if event is None:
                return self._step(broken)
            self.scheduler.set_now(event.at)
            hearings, history = self.listeners.hearings(event), self._history.id
        for hearing in hearings:
            if not self._is_still(history):
                break
            with self.scheduler.entered():
                broken += hearing()
        return True

    def _is_still(self, history: str) -> bool:
        """Whether no other thread has begun another history, of which an event would be no part."""
        with self._lock:
            return self._history.id == history

    def _step(self, broken: list[PlanError]) -> bool:
        try:
            return self.scheduler.step()
        except PlanError as error:
            broken.append(error)
            return True

    def stop(self) -> None:
        """Let nothing more happen, and tell nobody any more."""
        self.scheduler.clear()
        self.listeners = Listeners()

    def publish(self, event: ContactEvent) -> None:
        """Write down what happened to a contact, and remember to tell whoever listens."""
        self._journal.note_event(event)
        self.listeners.enqueue(event)

    @property
    def calls_functions(self) -> bool:
        """Whether a function that a test gave may be called when something happens."""
        return self._asks_a_function or self.listeners.is_there

    def on_dial(self, policy: Policy[Any], show: Callable[[_contact.Contact], Any]) -> None:
        """Let a policy say what becomes of contacts that are dialed from now on.

        Args:
            policy: what :func:`~connect_batchmock.outcomes.policy_of` takes.
            show: makes of a contact what a function is shown.
        """
        self._policy = policy_of(policy)
        self._asks_a_function = callable(policy)
        self._show = show

    def choose_outcome(self, contact: _contact.Contact) -> Outcome:
        """Return what becomes of a contact that is dialed now.

        Raises:
            PlanError: the policy raised an exception, or said what cannot be.
        """
        outcome = self._asked(contact) if self._asks_a_function else self._policy(contact)
        may_discard = contact.preview is not None and contact.preview.may_discard
        if outcome.kind == "preview_discarded" and not may_discard:
            raise PlanError(
                f"The contact of {contact.customer_endpoint.address} cannot be discarded: only a contact "
                f"in preview mode can, whose strategy or campaign allows DISCARD. Choose another outcome "
                f"for it in connect_mock.on_dial."
            )
        return outcome

    def _asked(self, contact: _contact.Contact) -> Outcome:
        """Return what the function of a test says."""
        customer = contact.customer_endpoint.address
        self._deciding.yes = True
        try:
            with self._lock.lent_to("The function that was given to connect_mock.on_dial", _DECIDES):
                outcome: object = self._policy(self._show(contact))
        except Exception as error:
            raise PlanError(_policy_raised(customer, error)) from error
        finally:
            self._deciding.yes = False
        if not isinstance(outcome, Outcome):
            raise PlanError(
                f"The function that was given to connect_mock.on_dial is to return an outcome such as "
                f"outcomes.busy(), and returned {short(outcome)} for {customer}."
            )
        try:
            return checked(outcome)
        except ValueError as error:
            raise PlanError(_policy_raised(customer, error)) from error


def _policy_raised(customer: str, error: Exception) -> str:
    return (
        f"The function that was given to connect_mock.on_dial raised {type(error).__name__} for {customer}, "
        f"whose contact ended without a call: {error}"
    )
