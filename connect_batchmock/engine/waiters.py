"""Waiters: threads and tasks that wait for something to happen in a mock. They are woken, and do not poll."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from connect_batchmock.domain.locks import Lock

if TYPE_CHECKING:
    import asyncio

Result = TypeVar("Result")
NextDue = Callable[[], "tuple[datetime, float] | None"]
"""Returns the time of the next scheduled action and the seconds until then, or None without an action."""

_MARGIN = 0.001
"""The seconds after the time of an action after which it is due by any clock."""


class Waiters:
    """The threads and tasks that wait; each looks again after every change of the mock.

    Args:
        lock: the lock of the backend.
        next_due: returns the next scheduled action, at whose time a waiter looks again, too.
    """

    def __init__(self, lock: Lock, next_due: NextDue) -> None:
        self._lock = lock
        self._next_due = next_due
        # A tuple, because it is read without the lock.
        self._wake: tuple[Callable[[], None], ...] = ()

    def notify(self) -> None:
        """Wake all waiters, because the mock may have changed."""
        for wake in self._wake:
            wake()

    def wait(self, look: Callable[[], Result | None], timeout: float) -> Result | None:
        """Return what ``look`` returns once that is not None, or None after the timeout, in real seconds."""
        woken, countdown = Event(), _Countdown(timeout, self._next_due)
        with self._joined(woken.set):
            while (result := look()) is None and not countdown.is_over:
                countdown.note_pause(woken.wait(countdown.pause()))
                woken.clear()
        return result

    async def async_wait(self, look: Callable[[], Result | None], timeout: float) -> Result | None:
        """Do what :meth:`wait` does, in a task, whose event loop goes on meanwhile."""
        # Tests without asyncio do without the time that it takes to load.
        import asyncio

        loop, woken, countdown = (
            asyncio.get_running_loop(),
            asyncio.Event(),
            _Countdown(timeout, self._next_due),
        )

        def wake() -> None:
            # The loop may have been closed since the waiter was looked up.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(woken.set)

        with self._joined(wake):
            while (result := look()) is None and not countdown.is_over:
                countdown.note_pause(await _is_set_within(woken, countdown.pause()))
                woken.clear()
        return result

    @contextmanager
    def _joined(self, wake: Callable[[], None]) -> Iterator[None]:
        with self._lock:
            self._wake = (*self._wake, wake)
        try:
            yield
        finally:
            with self._lock:
                self._wake = tuple(other for other in self._wake if other is not wake)


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    import asyncio

    try:
        await asyncio.wait_for(event.wait(), seconds)
    except asyncio.TimeoutError:
        return False
    return True


class _Countdown:
    """The seconds that are left of a timeout, in pauses that end when a change or an action is due.

    Where a test has frozen the clock, an action is not due after its pause; the next pause ignores it.
    """

    def __init__(self, seconds: float, next_due: NextDue) -> None:
        self._end = monotonic() + seconds
        self._next_due = next_due
        self._is_exhausted = False
        self._awaited: datetime | None = None
        self._frozen: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self._is_exhausted or monotonic() >= self._end

    def pause(self) -> float:
        """Return the seconds of the next pause."""
        left, next_due = max(self._end - monotonic(), 0.0), self._next_due()
        self._awaited = None
        if next_due is None or next_due[0] == self._frozen or next_due[1] >= left:
            return left
        self._awaited = next_due[0]
        return max(next_due[1], 0.0) + _MARGIN

    def note_pause(self, was_woken: bool) -> None:
        """Note how the pause ended: a change ended it, or it lasted to its end."""
        if was_woken:
            return
        self._frozen = self._awaited
        # A test may have frozen the clock that measures the timeout, too.
        self._is_exhausted = self._awaited is None
