"""What is going to happen, in the order of time: no thread, no waiting, only a clock that is asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from threading import local


class _Moment(local):
    """The time that it is for one thread while something happens in it, or None."""

    time: datetime | None = None


class Timeline:
    """Actions that are due at a time, and the time that it is.

    Args:
        clock: tells the time outside of this timeline, in UTC.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._soon: deque[tuple[datetime, Callable[[], None]]] = deque()
        self._moment = _Moment()

    @property
    def now(self) -> datetime:
        """The time: that of what is happening in this thread, or the clock's."""
        return self._moment.time or self._clock()

    @property
    def stands_still(self) -> bool:
        """Whether something is happening in this thread, so that no time passes meanwhile."""
        return self._moment.time is not None

    @contextmanager
    def standing_still(self, at: datetime | None = None) -> Iterator[None]:
        """Let no time pass within: all that this thread does there happens at once, then or now."""
        before = self._moment.time
        self._moment.time = at or self.now
        try:
            yield
        finally:
            self._moment.time = before

    def schedule(self, at: datetime, action: Callable[[], None]) -> None:
        """Let an action happen at a time; those of the same time happen in the order of their scheduling."""
        heappush(self._due, (at, next(self._order), action))

    def soon(self, action: Callable[[], None]) -> None:
        """Let an action happen next, before time passes.

        It does so even if the clock is turned back before it can.
        """
        self._soon.append((self.now, action))

    def step(self, until: datetime) -> bool:
        """Let the first action happen that is due until then, and return whether there was one."""
        if self._soon:
            at, action = self._soon.popleft()
            at = min(at, until)
        elif self._due and self._due[0][0] <= until:
            at, _, action = heappop(self._due)
        else:
            return False
        with self.standing_still(at):
            action()
        return True
