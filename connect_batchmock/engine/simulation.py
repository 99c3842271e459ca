"""The simulation: the mock's clock, the actions that are due, and the delivery of events to listeners."""

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
from connect_batchmock.engine.listeners import Listeners, Targets
from connect_batchmock.outcomes import Policy, checked, policy_of

_REMEDY = (
    "It chooses the outcome of a contact and must not wait for another thread; to act on what happens, use "
    "connect_mock.on_event."
)


class _InPolicy(local):
    """Whether this thread runs a policy."""

    yes = False


class Simulation(Stateful):
    """Advances a backend to the time on the clock, whenever a test or a client looks at it.

    Args:
        lock: the lock of the backend.
        journal: records the contact events.
        history: the history of the backend.
        inside: whether an action runs in this thread.
        targets: the servers that take events and records.
        notify: wakes those who wait for a change, after actions have run.
    """

    def __init__(
        self,
        lock: Lock,
        journal: Journal,
        history: History,
        inside: Inside,
        targets: Targets,
        notify: Callable[[], None],
    ) -> None:
        self._lock = lock
        self._journal = journal
        self._history = history
        self._targets = targets
        self._notify = notify
        self.advanced: timedelta = timedelta()
        self._running = ReentryGuard()
        self._in_policy = _InPolicy()
        self.scheduler: Scheduler = Scheduler(self._clock, inside)
        self.listeners: Listeners = Listeners(self.scheduler, targets)
        self.on_dial(ANSWERED, lambda contact: contact)

    def _clock(self) -> datetime:
        return datetime.fromtimestamp(time.time(), timezone.utc) + self.advanced

    def advance(self, seconds: float | timedelta) -> None:
        """Advance the clock, and run all actions that are due by then."""
        try:
            step = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
            # A year is left for the code under test, which adds durations to the time.
            is_possible = step >= timedelta() and self._clock() + step + timedelta(days=366) is not None
        except (TypeError, ValueError, OverflowError):
            is_possible = False
        if not is_possible:
            raise ValueError(
                f"connect_mock.advance takes seconds, from 0 on and within the range of dates, not "
                f"{seconds!r}."
            )
        self.refuse_policies()
        self.run_due()
        with self._lock:
            self.advanced += step
        self.run_due()
        # What is still to come is due sooner now.
        self._notify()

    def run_overdue(self) -> None:
        """Run the actions that became due before the test changes the backend.

        The changes that a test makes within a moment count as one: agents that it adds dial after the last.

        Raises:
            PlanError: a policy changes the backend.
        """
        self.refuse_policies()
        if self.scheduler.is_overdue:
            self.run_due()

    def refuse_policies(self) -> None:
        """Refuse to advance the backend for a policy, which only chooses an outcome.

        Raises:
            PlanError: a policy runs in this thread.
        """
        if self._in_policy.yes:
            raise PlanError(
                "The function that was given to connect_mock.on_dial called the mock. It chooses the outcome "
                "of a contact and can only read; to act on what happens, use connect_mock.on_event."
            )

    def run_due(self) -> None:
        """Run all actions that are due by now, in order, and deliver each event to the listeners.

        A listener can call the mock: the clock stands at the event, and the lock is free.

        Raises:
            PlanError: a function of the test raised an exception; all actions have run nevertheless.
        """
        if self.scheduler.in_action or not self._begin_run():
            return
        errors: list[PlanError] = []
        try:
            while self._step(errors):
                pass
        finally:
            self._end_run()
        self._journal.broken_plans += map(str, errors)
        if errors:
            raise errors[0]

    def _begin_run(self) -> bool:
        with self._lock:
            has_work = self.listeners.has_pending or self.scheduler.is_due
            return has_work and self._running.take()

    def _end_run(self) -> None:
        with self._lock:
            self.scheduler.reset_now()
            self._running.end()
        self._notify()

    def _step(self, errors: list[PlanError]) -> bool:
        """Deliver the next message, or run the next action; return whether there was one."""
        with self._lock:
            arrival = self.listeners.pop_pending()
            if arrival is None:
                return self._run_action(errors)
            at, message = arrival
            self.scheduler.set_now(at)
            deliveries, history = message.deliveries(), self._history.id
        for deliver in deliveries:
            if not self._is_current(history):
                break
            with self.scheduler.entered():
                errors += deliver()
        return True

    def _is_current(self, history: str) -> bool:
        """Whether no other thread has started another history, which an event does not belong to."""
        with self._lock:
            return self._history.id == history

    def _run_action(self, errors: list[PlanError]) -> bool:
        try:
            return self.scheduler.step()
        except PlanError as error:
            errors.append(error)
            return True

    def stop(self) -> None:
        """Drop all actions and all listeners."""
        self.scheduler.clear()
        self.listeners = Listeners(self.scheduler, self._targets)

    def publish(self, event: ContactEvent) -> None:
        """Add an event to the journal, and enqueue it for the listeners."""
        self._journal.note_event(event)
        self.listeners.enqueue(event)

    @property
    def calls_functions(self) -> bool:
        """Whether an action can call a function of the test."""
        return self._policy_is_function or self.listeners.has_functions

    def on_dial(self, policy: Policy[Any], present: Callable[[_contact.Contact], Any]) -> None:
        """Set the policy that chooses the outcome of the contacts that are dialed from now on.

        Args:
            policy: the policy, see :func:`~connect_batchmock.outcomes.policy_of`.
            present: turns a contact into the public contact that the function of a test takes.
        """
        self._policy = policy_of(policy)
        self._policy_is_function = callable(policy)
        self._present = present

    def choose_outcome(self, contact: _contact.Contact) -> Outcome:
        """Return the outcome of a contact that is dialed now.

        Raises:
            PlanError: the policy raised an exception, or returned no outcome that the contact can have.
        """
        outcome = self._outcome_of_function(contact) if self._policy_is_function else self._policy(contact)
        may_discard = contact.preview is not None and contact.preview.may_discard
        if outcome.course == "not_dialed" and not may_discard:
            raise PlanError(
                f"The contact of {contact.customer_endpoint.address} cannot be discarded: only a contact "
                f"in preview mode can, whose strategy or campaign allows DISCARD. Choose another outcome "
                f"for it in connect_mock.on_dial."
            )
        return outcome

    def _outcome_of_function(self, contact: _contact.Contact) -> Outcome:
        """Return the outcome that the function of a test chooses."""
        customer = contact.customer_endpoint.address
        self._in_policy.yes = True
        try:
            with self._lock.lent_to("The function that was given to connect_mock.on_dial", _REMEDY):
                outcome: object = self._policy(self._present(contact))
            if isinstance(outcome, Outcome):
                return checked(outcome)
        except Exception as error:
            raise PlanError(
                f"The function that was given to connect_mock.on_dial raised {type(error).__name__} for "
                f"{customer}, whose contact ended without a phone call: {error}"
            ) from error
        finally:
            self._in_policy.yes = False
        raise PlanError(
            f"The function that was given to connect_mock.on_dial must return an outcome such as "
            f"outcomes.busy(), and returned {short(outcome)} for {customer}."
        )
