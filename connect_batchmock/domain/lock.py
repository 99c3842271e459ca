"""What keeps threads apart; a forked process does not inherit the threads that it does not have."""

from __future__ import annotations

import os
from threading import RLock


class Lock:
    """A lock that its thread may take again.

    A process that is forked while another thread holds the lock has nobody who could release it; so it makes
    a new one.
    """

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self._process = os.getpid()
        self._lock = RLock()

    def __enter__(self) -> None:
        self._acquire(blocking=True)

    def take_if_free(self) -> bool:
        """Take it unless another thread has it; whether it was taken, to be released by ``__exit__``."""
        return self._acquire(blocking=False)

    def _acquire(self, *, blocking: bool) -> bool:
        if self._process != os.getpid():
            self._renew()
        return self._lock.acquire(blocking)

    def __exit__(self, *exception: object) -> None:
        self._lock.release()


class Turn:
    """Something that one thread at a time is at, and the others leave to it.

    A process that is forked meanwhile does not inherit the thread that was at it.
    """

    def __init__(self) -> None:
        self._taken_in: int | None = None

    def take(self) -> bool:
        """Whether nobody was at it, so that it is the caller's; to be asked by one thread at a time."""
        is_free = self._taken_in != os.getpid()
        self._taken_in = os.getpid()
        return is_free

    def end(self) -> None:
        """Let another be at it."""
        self._taken_in = None
