"""Mocks that overlap without nesting: each task and thread sees its own, and the last restores everything."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import itertools
import os
import sys
import threading
import unittest
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import boto3
import botocore.client
import botocore.endpoint
import botocore.handlers
import botocore.session
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from connect_batchmock import ConnectMock, active_mock, mock_connect

PATIENCE = 60
REGIONS = ("eu-west-2", "eu-central-1", "us-west-2")
CLIENT = boto3.Session("x", "x", region_name="us-east-1").client("connect")


def state() -> dict[str, Any]:
    """Return everything that a mock patches in this process."""
    return {
        "environment": {name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        "default session": boto3.DEFAULT_SESSION,
        "handlers": list(botocore.handlers.BUILTIN_HANDLERS),
        "finders": list(sys.meta_path),
        "replaced": [
            botocore.client.ClientCreator._create_methods,
            botocore.endpoint.Endpoint._send,
            botocore.session.Session.get_credentials,
            botocore.session.create_loader,
            requests.adapters.HTTPAdapter.send,
        ],
    }


@pytest.fixture(autouse=True)
def nothing_remains(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session("x", "y", region_name="us-east-1"))
    monkeypatch.setenv("AWS_PROFILE", "the user's")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-2")
    before = state()
    yield
    with pytest.raises(RuntimeError, match="No mock_connect is active"):
        active_mock()
    assert state() == before


def region() -> str:
    """Return the region of the mock that is active in this task or thread."""
    seen = len(active_mock().calls)
    CLIENT.list_instances()
    assert len(active_mock().calls) == seen + 1
    return active_mock().settings.region


# In one task or thread


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_mocks_stop_in_any_order_and_a_wrong_one_is_reported(order: tuple[int, ...]) -> None:
    before = state()
    mocks = [mock_connect(region=name) for name in REGIONS]
    for mock in mocks:
        mock.start()
    left = list(REGIONS)
    errors: list[str] = []
    for number in order:
        try:
            mocks[number].stop()
        except RuntimeError as error:
            errors.append(str(error))
        left.remove(REGIONS[number])
        if left:
            assert region() == os.environ["AWS_DEFAULT_REGION"] == left[-1]
    assert state() == before
    assert len(errors) == (order != (2, 1, 0))
    assert all(
        "stopped after another one that it was started in. Everything is restored" in error
        for error in errors
    )


def test_mocks_stopped_in_the_wrong_order_are_restored_first() -> None:
    before = state()
    first, second = mock_connect(), mock_connect()
    first.start()
    second.start()
    first.stop()
    with pytest.raises(RuntimeError, match="Stop mocks in the reverse order"):
        second.stop()
    assert state() == before


def test_the_wrong_order_is_reported_when_the_inner_mock_stops() -> None:
    with mock_connect():
        outer, inner = mock_connect(), mock_connect()
        outer.start()
        inner.start()
        outer.stop()
        with pytest.raises(RuntimeError, match="stopped after another one"):
            inner.stop()
        assert region() == "us-east-1"


def test_a_failure_is_not_hidden_by_a_wrong_order() -> None:
    outer = mock_connect()
    outer.start()
    with pytest.raises(KeyError, match="mine"), mock_connect():  # noqa: PT012
        outer.stop()
        raise KeyError("mine")


def test_release_reports_a_wrong_order() -> None:
    outer, inner = mock_connect(), mock_connect()
    outer.start()
    inner.start()
    outer.release()
    with pytest.raises(RuntimeError, match="stopped after another one"):
        inner.release()


def test_mocks_with_credentials_kept_and_faked_overlap() -> None:
    for settings in itertools.permutations(["fake", "keep", "fake"]):
        before = state()
        mocks = [mock_connect(credentials=credentials) for credentials in settings]
        for mock in mocks:
            mock.start()
        for mock in mocks:
            with suppress(RuntimeError):
                mock.stop()
        assert state() == before


def test_a_mock_that_does_not_start_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.delattr(botocore.session.Session, "get_credentials")
        with pytest.raises(RuntimeError, match="get_credentials"):
            mock_connect().start()


def test_interleaved_generators_report_their_order() -> None:
    @mock_connect
    def mocked() -> Iterator[ConnectMock]:
        yield active_mock()

    first, second = mocked(), mocked()
    assert next(first) is not next(second)
    assert list(first) == []
    with pytest.raises(RuntimeError, match="stopped after another one"):
        next(second)


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12))
def test_whatever_starts_and_stops_where_nothing_remains(steps: list[tuple[int, bool]]) -> None:
    before = state()
    contexts = [contextvars.copy_context() for _ in range(3)]
    started: list[tuple[contextvars.Context, Any]] = []
    for number, starts in steps:
        if starts:
            mock = mock_connect(credentials="keep" if number else "fake")
            contexts[number].run(mock.start)
            started.append((contexts[number], mock))
        elif started:
            stop(*started.pop(number % len(started)))
    while started:
        stop(*started.pop(0))
    assert state() == before


def stop(context: contextvars.Context, mock: Any) -> None:
    with suppress(RuntimeError):
        context.run(mock.stop)


# Tasks


async def in_a_task() -> str:
    await asyncio.sleep(0)
    return region()


def test_tasks_see_their_own_mocks() -> None:
    seen: dict[str, list[str]] = {}

    async def task(name: str) -> None:
        with mock_connect(region=name):
            for _ in range(3):
                here, child, thread = (
                    region(),
                    await asyncio.create_task(in_a_task()),
                    await asyncio.to_thread(region),
                )
                seen.setdefault(name, []).extend([here, child, thread])

    async def tasks() -> None:
        await asyncio.gather(*map(task, REGIONS))

    asyncio.run(tasks())
    assert seen == {name: [name] * 9 for name in REGIONS}


def test_tasks_may_call_one_decorated_function() -> None:
    @mock_connect
    async def mocked(turns: int) -> ConnectMock:
        mock = active_mock()
        for _ in range(turns):
            await asyncio.sleep(0)
            assert active_mock() is mock
        return mock

    async def tasks() -> list[ConnectMock]:
        return await asyncio.gather(mocked(3), mocked(1), mocked(2))

    assert len(set(map(id, asyncio.run(tasks())))) == 3


def test_tasks_may_start_and_stop_one_mock() -> None:
    mock = mock_connect()

    async def task(turns: int) -> None:
        with mock as own:
            for _ in range(turns):
                await asyncio.sleep(0)
                assert active_mock() is own

    async def tasks() -> None:
        await asyncio.gather(task(3), task(1), task(2))

    asyncio.run(tasks())


def test_a_task_without_a_mock_sees_the_last_of_the_process() -> None:
    seen: list[str] = []

    async def task(name: str, other: asyncio.Event, own: asyncio.Event) -> None:
        with mock_connect(region=name):
            own.set()
            await other.wait()

    async def tasks() -> None:
        begun, end = asyncio.Event(), asyncio.Event()
        mocked = asyncio.create_task(task("eu-west-2", end, begun))
        await begun.wait()
        seen.append(region())
        end.set()
        await mocked

    asyncio.run(tasks())
    assert seen == ["eu-west-2"]


def test_a_task_that_outlives_its_mock_is_reported() -> None:
    async def outliving(outer_has_gone: asyncio.Event, begun: asyncio.Event) -> None:
        with mock_connect():
            begun.set()
            await outer_has_gone.wait()

    async def tasks() -> None:
        outer_has_gone, begun = asyncio.Event(), asyncio.Event()
        with mock_connect():
            task = asyncio.create_task(outliving(outer_has_gone, begun))
            await begun.wait()
        outer_has_gone.set()
        with pytest.raises(RuntimeError, match="stopped after another one"):
            await task

    asyncio.run(tasks())


# Fixtures


def test_a_mock_of_an_ended_task_is_active_everywhere() -> None:
    inner = mock_connect(region="eu-west-2")

    async def start() -> None:
        inner.start()

    async def stop() -> None:
        inner.stop()

    with mock_connect():
        asyncio.run(start())
        assert region() == "eu-west-2"
        assert asyncio.run(in_a_task()) == "eu-west-2"
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(region).result(PATIENCE) == "eu-west-2"
        asyncio.run(stop())
        assert region() == "us-east-1"


def test_a_mock_of_an_ended_thread_is_active_everywhere() -> None:
    inner = mock_connect(region="eu-west-2")
    with mock_connect():
        thread = threading.Thread(target=inner.start)
        thread.start()
        thread.join(PATIENCE)
        assert region() == "eu-west-2"
        inner.stop()
        assert region() == "us-east-1"


def test_a_context_made_before_a_mock_sees_it() -> None:
    seen: list[str] = []

    class Case(unittest.IsolatedAsyncioTestCase):
        async def test_it(self) -> None:
            seen.append(region())

    with mock_connect():
        case = Case("test_it")
        with mock_connect(region="eu-west-2"):
            assert case.run().wasSuccessful()  # type: ignore[union-attr]
    assert seen == ["eu-west-2"]


ASYNC_FIXTURES = """
import asyncio
import boto3
import pytest
import pytest_asyncio
from connect_batchmock import active_mock, mock_connect

@pytest_asyncio.fixture
async def inner(connect_mock):
    with mock_connect(region="eu-west-2") as mock:
        yield mock

@pytest.mark.asyncio
async def test_it(connect_mock, inner):
    assert active_mock() is inner
    boto3.client("connect").list_instances()
    await asyncio.create_task(call())
    await asyncio.to_thread(boto3.client("connect").list_instances)
    await asyncio.get_running_loop().run_in_executor(None, boto3.client("connect").list_instances)
    assert (len(connect_mock.calls), len(inner.calls)) == (0, 4)

async def call():
    boto3.client("connect").list_instances()
"""


def test_an_async_fixture_s_mock_is_seen_by_the_test(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    pytester.makepyfile(ASYNC_FIXTURES)
    run_in_subprocess("-p", "pytest_asyncio.plugin").assert_outcomes(passed=1)


# Threads


def test_threads_see_their_own_mocks() -> None:
    seen: dict[str, list[str]] = {}
    meeting = threading.Barrier(len(REGIONS), timeout=PATIENCE)

    def thread(name: str) -> None:
        with mock_connect(region=name):
            meeting.wait()
            seen[name] = [region() for _ in range(3)]
            meeting.wait()

    with mock_connect(), ThreadPoolExecutor(len(REGIONS)) as pool:
        for done in [pool.submit(thread, name) for name in REGIONS]:
            done.result(PATIENCE)
        assert region() == "us-east-1"
    assert seen == {name: [name] * 3 for name in REGIONS}


def test_a_pool_thread_falls_back_to_the_latest_mock() -> None:
    def thread() -> tuple[str, str]:
        with mock_connect(region="eu-west-2"):
            own = region()
        return own, region()

    with mock_connect(), mock_connect(region="us-west-2"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(thread).result(PATIENCE) == ("eu-west-2", "us-west-2")


def test_concurrent_mocks_of_threads_leave_nothing() -> None:
    def thread(number: int) -> None:
        for _ in range(10):
            with mock_connect(credentials="keep" if number % 2 else "fake"):
                CLIENT.list_instances()

    before = state()
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(thread, number) for number in range(4)]:
            done.result(PATIENCE)
    assert state() == before


def test_nothing_of_a_mock_outlives_it_in_a_context(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without the observer of this run, which keeps the mocks of a test until the next one.
    monkeypatch.setattr("connect_batchmock.activation.mock_connect._active.observers", ())
    context = contextvars.copy_context()
    mock = mock_connect()
    kept = weakref.ref(context.run(mock.start))
    mock.stop()
    gc.collect()
    assert kept() is None
