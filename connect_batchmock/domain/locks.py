"""Locks between threads. They work in a forked process, which has only one thread of its parent."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock, current_thread, get_ident
from types import FrameType
from typing import NamedTuple

CHECK_INTERVAL = 0.1
"""The seconds between two checks of the function that keeps a thread waiting for a lock."""

MAX_CHECKS_OF_A_WAIT = 20
"""The checks at one position after which a function waits, in a module of ``WAITING_MODULES``."""

MAX_CHECKS = 300
"""The checks at one position after which a function waits elsewhere, where it may sleep or compute."""

WAITING_MODULES = (
    "asyncio",
    "concurrent",
    "multiprocessing",
    "queue",
    "selectors",
    "socket",
    "ssl",
    "subprocess",
    "threading",
)
"""The modules of the standard library in which a thread waits for another thread or process."""


class Lock:
    """A reentrant lock that detects a deadlock with a function of a test.

    A process that is forked while another thread holds the lock lacks that thread, so it makes a new lock. A
    function of a test that is called under the lock must not wait for a thread that waits for the lock. That
    thread raises an exception once the function has not moved for some time.

    Args:
        refuse: returns the exception for a message.
    """

    def __init__(self, refuse: Callable[[str], Exception]) -> None:
        self._refuse = refuse
        self._renew()

    def _renew(self) -> None:
        self._process = os.getpid()
        self._lock = RLock()
        self._loan: Loan | None = None

    def __enter__(self) -> None:
        # The lock is usually free.
        if not self.take_if_free():
            self._wait()

    def take_if_free(self) -> bool:
        """Acquire the lock without blocking, and return whether it was acquired; ``__exit__`` releases it."""
        if self._process != os.getpid():
            self._renew()
        return self._lock.acquire(blocking=False)

    def __exit__(self, *exception: object) -> None:
        self._lock.release()

    @contextmanager
    def lent_to(self, function: str, remedy: str) -> Iterator[None]:
        """Return a context in which this thread calls a function of the test while it holds the lock.

        Args:
            function: the description of the function, for a message.
            remedy: the remedy for a function that waits for another thread, for a message.
        """
        before, self._loan = self._loan, Loan(function, remedy, get_ident())
        try:
            yield
        finally:
            self._loan = before

    @property
    def is_lent(self) -> bool:
        """Whether this thread holds the lock and runs a function of the test."""
        loan = self._loan
        return loan is not None and loan.thread == get_ident()

    def _wait(self) -> None:
        before: Position | None = None
        checks = 0
        while not self._lock.acquire(timeout=CHECK_INTERVAL):
            loan = self._loan
            position = None if loan is None else loan.position()
            checks = checks + 1 if position is not None and position == before else 0
            before = position
            if position is not None and checks >= position.patience:
                waited, thread = checks * CHECK_INTERVAL, current_thread().name
                raise self._refuse(
                    f"{position.loan.function} has waited in {position.module}, line {position.line}, for "
                    f"{waited:.1f} s, while the thread {thread!r} waits for the mock, which is free when the "
                    f"function returns. {position.loan.remedy}"
                )


# Compared by identity: two calls of one function differ.
@dataclass(frozen=True, eq=False)
class Loan:
    """The call of a function of a test under the lock.

    Args:
        function: the description of the function, for a message.
        remedy: the remedy for a function that waits for another thread, for a message.
        thread: the thread that calls the function.
    """

    function: str
    remedy: str
    thread: int

    def position(self) -> Position | None:
        """Return the current position of the function, or None if its thread has ended."""
        frame = sys._current_frames().get(self.thread)
        return (
            None
            if frame is None
            else Position(self, id(frame), frame.f_lasti, _module(frame), frame.f_lineno)
        )


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__"))


class Position(NamedTuple):
    """The position of a function of a test: a function that waits stays at the same position."""

    loan: Loan
    frame: int
    instruction: int
    module: str
    line: int | None

    @property
    def patience(self) -> int:
        """The number of checks at this position after which the function counts as waiting."""
        return MAX_CHECKS_OF_A_WAIT if self.module.partition(".")[0] in WAITING_MODULES else MAX_CHECKS


class History:
    """The id of the current history: a reset or a restore starts another one.

    Work that started without the lock, or in another process, is obsolete once the id has changed.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start another history."""
        self.id = secrets.token_hex(4)


class ReentryGuard:
    """A task for one thread at a time, which other threads leave to it.

    A process that is forked during the task lacks the thread that runs it.
    """

    def __init__(self) -> None:
        self._taken_in: int | None = None

    def take(self) -> bool:
        """Take the task if no thread has it, and return whether it was taken. Call this under a lock."""
        is_free = self._taken_in != os.getpid()
        self._taken_in = os.getpid()
        return is_free

    def end(self) -> None:
        """Give the task back."""
        self._taken_in = None
