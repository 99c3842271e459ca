"""The threads of a server: the one that runs its event loop, and a pool for calls that can block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")


class RunInThread(Protocol):
    """Calls a function in another thread, and returns what the function returns."""

    def __call__(self, function: Callable[..., Result], /, *args: Any) -> Awaitable[Result]: ...


class ServerThread(Thread):
    """The thread of a server; the process does not wait for it at exit.

    Args:
        url: the URL of the server.
        work: what the thread runs.
    """

    def __init__(self, url: str, work: Callable[[], None]) -> None:
        super().__init__(target=work, name=f"connect-batchmock at {url}", daemon=True)
        self.url: str = url


def is_served(url: str) -> bool:
    """Whether a URL belongs to a server of this process."""
    threads = (thread for thread in threading.enumerate() if isinstance(thread, ServerThread))
    return any(url.startswith(f"{thread.url}/") for thread in threads)


_Task = Callable[[], None]


class DaemonThreadPool:
    """A pool of daemon threads, which it starts as needed.

    The process waits at exit for the threads of the standard library's pool and of anyio's: a function that
    never returns would keep it from exiting.

    Args:
        max_threads: the maximal number of threads; further tasks wait for one of them.
    """

    def __init__(self, max_threads: int) -> None:
        self._max_threads = max_threads
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._lock = Lock()
        self._idle = 0
        self._count = 0

    async def run(self, function: Callable[..., Result], /, *args: Any) -> Result:
        """Call a function in one of the threads, and return what the function returns.

        Raises:
            Exception: the exception that the function raises.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()

        def work() -> None:
            try:
                result, error = function(*args), None
            except Exception as raised:
                result, error = None, raised
            # The loop is closed if the server has stopped in the meantime.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, future, result, error)

        self._submit(work)
        return await future

    def _submit(self, task: _Task) -> None:
        with self._lock:
            needs_thread = self._idle == 0 and self._count < self._max_threads
            if needs_thread:
                self._count += 1
            else:
                self._idle -= 1
        self._tasks.put(task)
        if needs_thread:
            Thread(target=self._work, name="connect-batchmock worker", daemon=True).start()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
            with self._lock:
                self._idle += 1

    def stop(self) -> None:
        """End each thread after its current task."""
        for _ in range(self._count):
            self._tasks.put(None)


def _settle(future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
