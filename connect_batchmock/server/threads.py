"""The thread of a server, by which others in the process know that it is there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar


class ServerThread(Thread):
    """The thread of a server, for which no process waits at its end.

    Args:
        url: the server's address.
        work: what the server does.
    """

    def __init__(self, url: str, work: Callable[[], None]) -> None:
        super().__init__(target=work, name=f"connect-batchmock at {url}", daemon=True)
        self.url: str = url


def is_served(url: str) -> bool:
    """Whether a server of this process is at an address."""
    threads = (one for one in threading.enumerate() if isinstance(one, ServerThread))
    return any(url.startswith(f"{one.url}/") for one in threads)


Result = TypeVar("Result")
_Task = Callable[[], None]


class DaemonThreadPool:
    """Threads that are made as they are needed, and that no process waits for at its end.

    Those of the standard library and of anyio are waited for: a function that never returns would keep the
    process from ending.

    Args:
        most: how many there are at most; further work waits for one of them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._lock = Lock()
        self._idle = 0
        self._count = 0

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """Call a function in one of the threads, and return what it returns.

        Raises:
            Exception: whatever the function raises.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()

        def work() -> None:
            try:
                result, error = function(*args), None
            except Exception as raised:
                result, error = None, raised
            # Nobody is there any more if the server was stopped meanwhile.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, future, result, error)

        self._begin(work)
        return await future

    def _begin(self, task: _Task) -> None:
        with self._lock:
            is_needed = self._idle == 0 and self._count < self._most
            if is_needed:
                self._count += 1
            else:
                self._idle -= 1
        self._tasks.put(task)
        if is_needed:
            Thread(target=self._work, name="connect-batchmock worker", daemon=True).start()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
            with self._lock:
                self._idle += 1

    def stop(self) -> None:
        """Let each thread end when it has done what it is at."""
        for _ in range(self._count):
            self._tasks.put(None)


def _settle(future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
