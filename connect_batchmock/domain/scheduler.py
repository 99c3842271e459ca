"""What is going to happen, in the order of time: no thread, no waiting, only a clock that is asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from heapq import heappop, heappush
from threading import local

from connect_batchmock.domain.stateful import Stateful

_A_MOMENT = timedelta(seconds=1)


class Inside(local):
    """Whether something of a world is happening in this thread, so that it does not begin another thing."""

    yes = False


class Scheduler(Stateful):
    """Actions that are due at a time, and the time that it is.

    While actions happen one after the other, it is the time of the latest for everybody. An action that holds
    something is a ``partial``, so that a snapshot finds what it holds.

    Args:
        clock: tells the time outside of this timeline, in UTC.
        inside: whether something is happening in this thread; it outlives a timeline that ends meanwhile.
    """

    def __init__(self, clock: Callable[[], datetime], inside: Inside) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._scheduled = 0
        self._soon: deque[tuple[datetime, Callable[[], None]]] = deque()
        self._reached: datetime | None = None
        self._inside = inside

    @property
    def now(self) -> datetime:
        """The time: that of what is happening, or the clock's."""
        return self._reached or self._clock()

    @property
    def in_action(self) -> bool:
        """Whether something is happening in this thread, so that no time passes meanwhile."""
        return self._inside.yes

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let no time pass within: all that happens there happens at once. Whoever does so holds the lock."""
        reached, inside = self._reached, self._inside.yes
        self._reached, self._inside.yes = self.now, True
        try:
            yield
        finally:
            self._reached, self._inside.yes = reached, inside

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let this thread begin nothing else within."""
        before, self._inside.yes = self._inside.yes, True
        try:
            yield
        finally:
            self._inside.yes = before

    def schedule(self, at: datetime, action: Callable[[], None]) -> None:
        """Let an action happen at a time; those of the same time happen in the order of their scheduling."""
        heappush(self._due, (at, self._scheduled, action))
        self._scheduled += 1

    def call_soon(self, action: Callable[[], None]) -> None:
        """Let an action happen next, before time passes.

        It does so even if the clock is turned back before it can.
        """
        self._soon.append((self.now, action))

    @property
    def is_due(self) -> bool:
        """Whether an action is to happen by now."""
        return bool(self._soon) or (bool(self._due) and self._due[0][0] <= self._clock())

    @property
    def is_overdue(self) -> bool:
        """Whether time has passed since something was due: more than the lines of a test take."""
        now = self._clock()
        is_due = bool(self._due) and self._due[0][0] <= now
        return is_due or (bool(self._soon) and now - self._soon[0][0] > _A_MOMENT)

    def set_now(self, moment: datetime) -> None:
        """Let it be this time until the next step or the rest. Whoever does so holds the lock."""
        self._reached = moment

    def step(self) -> bool:
        """Let the first action happen that is due by the clock, and return whether there was one."""
        until = self._clock()
        first = min(self._soon[0][0], until) if self._soon else None
        if self._due and self._due[0][0] <= until and (first is None or self._due[0][0] < first):
            moment, _, action = heappop(self._due)
        elif first is not None:
            moment, (_, action) = first, self._soon.popleft()
        else:
            return False
        self.set_now(moment)
        with self.entered():
            action()
        return True

    def reset_now(self) -> None:
        """Let it be the clock's time again."""
        self._reached = None

    def clear(self) -> None:
        """Let nothing of what is due happen."""
        self._due.clear()
        self._soon.clear()
