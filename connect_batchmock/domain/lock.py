"""The lock of a world, which a forked process does not inherit locked."""

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
        if self._process != os.getpid():
            self._renew()
        self._lock.acquire()

    def __exit__(self, *exception: object) -> None:
        self._lock.release()
