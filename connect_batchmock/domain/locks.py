"""What keeps threads apart; a forked process does not inherit the threads that it does not have."""

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

SECONDS_BETWEEN_LOOKS = 0.1
"""How often a thread that waits for a lock looks where the function is that keeps it waiting."""

LOOKS_AT_A_WAIT = 20
"""How many looks at one place tell that a function waits, if it is in one of the modules in ``WAITING``."""

LOOKS_AT_ANYTHING = 300
"""How many looks at one place tell it anywhere else, where the function may sleep or compute as well."""

WAITING = (
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
    """A lock that its thread may take again.

    A process that is forked while another thread holds the lock has nobody who could release it; so it makes
    a new one. A function of a test that is called while the lock is held must not wait for a thread that
    waits for the lock: that thread raises an exception when it has seen long enough that the function waits.

    Args:
        refuse: makes the exception of a sentence.
    """

    def __init__(self, refuse: Callable[[str], Exception]) -> None:
        self._refuse = refuse
        self._renew()

    def _renew(self) -> None:
        self._process = os.getpid()
        self._lock = RLock()
        self._loan: Loan | None = None

    def __enter__(self) -> None:
        if self._process != os.getpid():
            self._renew()
        # Nearly always it is free, and then nobody has to look why not.
        if not self._lock.acquire(blocking=False):
            self._wait()

    def take_if_free(self) -> bool:
        """Take it unless another thread has it; whether it was taken, to be released by ``__exit__``."""
        if self._process != os.getpid():
            self._renew()
        return self._lock.acquire(blocking=False)

    def __exit__(self, *exception: object) -> None:
        self._lock.release()

    @contextmanager
    def lent_to(self, function: str, remedy: str) -> Iterator[None]:
        """Let a function of the test be called within, while this thread holds the lock.

        Args:
            function: what the function is, for a message.
            remedy: what the test is to do when the function waits for another thread.
        """
        before, self._loan = self._loan, Loan(function, remedy, get_ident())
        try:
            yield
        finally:
            self._loan = before

    @property
    def is_lent(self) -> bool:
        """Whether a function of the test runs in this thread while it holds the lock."""
        loan = self._loan
        return loan is not None and loan.thread == get_ident()

    def _wait(self) -> None:
        before: Place | None = None
        looks = 0
        while not self._lock.acquire(timeout=SECONDS_BETWEEN_LOOKS):
            loan = self._loan
            place = None if loan is None else loan.place()
            looks = looks + 1 if place is not None and place == before else 0
            before = place
            if place is not None and looks >= place.patience:
                waited, thread = looks * SECONDS_BETWEEN_LOOKS, current_thread().name
                raise self._refuse(
                    f"{place.loan.function} has waited in {place.module}, line {place.line}, for "
                    f"{waited:.1f} s, while the thread {thread!r} waits for the mock, which is free when the "
                    f"function returns. {place.loan.remedy}"
                )


# Two are equal if they are the same: a function may be called twice in the same words.
@dataclass(frozen=True, eq=False)
class Loan:
    """A function of a test that is called while the lock is held.

    Args:
        function: what it is, for a message.
        remedy: what the test is to do when it waits for another thread.
        thread: the thread that calls it.
    """

    function: str
    remedy: str
    thread: int

    def place(self) -> Place | None:
        """Return where the function is now, or None where its thread has just gone."""
        frame = sys._current_frames().get(self.thread)
        return (
            None if frame is None else Place(self, id(frame), frame.f_lasti, _module(frame), frame.f_lineno)
        )


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__"))


class Place(NamedTuple):
    """Where a function of a test is: it waits for something if it is at the same place at every look."""

    loan: Loan
    frame: int
    instruction: int
    module: str
    line: int | None

    @property
    def patience(self) -> int:
        """How many looks at the same place are enough.

        A function that has called something which waits for other threads waits for one; another may sleep.
        """
        return LOOKS_AT_A_WAIT if self.module.partition(".")[0] in WAITING else LOOKS_AT_ANYTHING


class History:
    """Which course of things this is: a reset or a restore begins another.

    What was begun without the lock, or is followed from another process, belongs to a history that is gone if
    the id is another one by then.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin another history."""
        self.id = secrets.token_hex(4)


class ReentryGuard:
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
