"""The scheduler of a discrete-event simulation: a heap of due actions, and a clock that callers drive."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from heapq import heappop, heappush
from threading import local

from connect_batchmock.domain.stateful import Stateful

_OVERDUE_AFTER = timedelta(seconds=1)


class Inside(local):
    """Whether this thread runs an action, during which it starts no other action."""

    in_action = False


class Scheduler(Stateful):
    """The actions that are due at a time, and the current time.

    While actions run one after the other, the current time is that of the latest, in all threads. An action
    with arguments is a ``partial``, so that a snapshot finds them.

    Args:
        clock: returns the time outside of actions, in UTC.
        inside: whether this thread runs an action; it outlives a scheduler that is replaced during an action.
    """

    def __init__(self, clock: Callable[[], datetime], inside: Inside) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._scheduled = 0
        self._soon: deque[tuple[datetime, Callable[[], None]]] = deque()
        self._reached: datetime | None = None
        self._until: datetime | None = None
        self._inside = inside

    @property
    def now(self) -> datetime:
        """The time of the action that runs, or else of the clock."""
        return self._reached or self._clock()

    @property
    def in_action(self) -> bool:
        """Whether this thread runs an action, during which no time passes."""
        return self._inside.in_action

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Return a context in which time stands still. The caller holds the lock."""
        reached, inside = self._reached, self._inside.in_action
        self._reached, self._inside.in_action = self.now, True
        try:
            yield
        finally:
            self._reached, self._inside.in_action = reached, inside

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Return a context in which this thread starts no action."""
        before, self._inside.in_action = self._inside.in_action, True
        try:
            yield
        finally:
            self._inside.in_action = before

    def schedule(self, at: datetime, action: Callable[[], None]) -> None:
        """Schedule an action; actions of the same time run in the order in which they were scheduled."""
        heappush(self._due, (at, self._scheduled, action))
        self._scheduled += 1

    def call_soon(self, action: Callable[[], None]) -> None:
        """Schedule an action before time passes, even if the clock is set back in between."""
        self._soon.append((self.now, action))

    @property
    def is_due(self) -> bool:
        """Whether an action is due."""
        return bool(self._soon) or (bool(self._due) and self._due[0][0] <= self._clock())

    @property
    def next_due(self) -> tuple[datetime, float] | None:
        """The time of the next action, and the seconds of the clock until then; None without an action."""
        return (self._due[0][0], (self._due[0][0] - self._clock()).total_seconds()) if self._due else None

    @property
    def is_overdue(self) -> bool:
        """Whether an action has been due for longer than consecutive lines of a test take."""
        now = self._clock()
        is_due = bool(self._due) and self._due[0][0] <= now
        return is_due or (bool(self._soon) and now - self._soon[0][0] > _OVERDUE_AFTER)

    def set_now(self, moment: datetime) -> None:
        """Set the current time until the next step or ``reset_now``. The caller holds the lock."""
        self._reached = moment

    def step(self) -> bool:
        """Run the first action that is due by the clock, and return whether one was due.

        The clock is read again when no action is due by the last reading since ``reset_now``.
        """
        action = None if self._until is None else self._pop_due(self._until)
        if action is None:
            self._until = self._clock()
            action = self._pop_due(self._until)
            if action is None:
                return False
        # As in ``entered``, which takes longer than many an action.
        before, self._inside.in_action = self._inside.in_action, True
        try:
            action()
        finally:
            self._inside.in_action = before
        return True

    def _pop_due(self, until: datetime) -> Callable[[], None] | None:
        """Remove the first action that is due, set the current time to its time and return it, or None."""
        due, soon = self._due, self._soon
        # Called soon before the clock was set back, an action is due now.
        first = min(soon[0][0], until) if soon else None
        if due and due[0][0] <= until and (first is None or due[0][0] < first):
            self._reached, _, action = heappop(due)
            return action
        if first is None:
            return None
        self._reached = first
        return soon.popleft()[1]

    def reset_now(self) -> None:
        """Make the time of the clock the current time again."""
        self._reached = self._until = None

    def clear(self) -> None:
        """Remove all actions."""
        self._due.clear()
        self._soon.clear()
