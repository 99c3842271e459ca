"""The pool of daemon threads for blocking functions."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from connect_batchmock.server.threads import DaemonThreadPool

BOUND = 10.0


def test_a_function_s_result_or_exception_comes_back() -> None:
    async def use() -> int:
        with pytest.raises(LookupError, match="nobody"):
            await workers.run({}.__getitem__, "nobody")
        return await workers.run(int, "7")

    workers = DaemonThreadPool(1)
    assert asyncio.run(use()) == 7
    workers.stop()


def test_the_pool_grows_up_to_its_limit() -> None:
    used: set[threading.Thread] = set()
    all_are_there = threading.Barrier(2)

    def meet() -> None:
        used.add(threading.current_thread())
        all_are_there.wait(BOUND)

    async def use() -> None:
        await asyncio.gather(*(workers.run(meet) for _ in range(6)))

    workers = DaemonThreadPool(2)
    asyncio.run(use())
    assert len(used) == 2
    assert all(thread.daemon for thread in used)

    workers.stop()
    for thread in used:
        thread.join(BOUND)
    assert not any(thread.is_alive() for thread in used)


def test_a_thread_is_used_again() -> None:
    async def use() -> set[str]:
        return {await workers.run(lambda: threading.current_thread().name) for _ in range(5)}

    workers = DaemonThreadPool(5)
    # The first thread may still be returning when the second is requested.
    assert len(asyncio.run(use())) <= 2
    workers.stop()


def test_a_canceled_wait_reports_nothing() -> None:
    wrong: list[dict[str, Any]] = []
    has_begun, may_go_on = threading.Event(), threading.Event()

    def wait() -> None:
        has_begun.set()
        may_go_on.wait(BOUND)

    async def use() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: wrong.append(context))
        waiting = asyncio.create_task(workers.run(wait))
        await workers.run(has_begun.wait, BOUND)
        waiting.cancel()
        may_go_on.set()
        # The only thread that could do this has come back from the other.
        await asyncio.gather(workers.run(has_begun.wait), workers.run(has_begun.wait))

    workers = DaemonThreadPool(2)
    asyncio.run(use())
    workers.stop()
    assert wrong == []
