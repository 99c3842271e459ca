"""Functions of a test that wait for a thread which calls the mock: nothing ever hangs.

What can wait is called while the mock is free; for what cannot, the thread that is waited for gets an
exception. Every wait of these tests has an end, so that a hang is a failure.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from botocore.config import Config
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, Outcome, outcomes
from connect_batchmock.domain import locks
from connect_batchmock.engine.faults import PlanError

Run = Callable[..., "Future[Any]"]
ENDS = 60.0
"""The seconds after which a wait is a hang."""


@pytest.fixture
def run() -> Iterator[Run]:
    """Run a function in a thread of its own."""
    with ThreadPoolExecutor(8, thread_name_prefix="other") as threads:
        yield threads.submit


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the interval at which a thread checks for a deadlock."""
    monkeypatch.setattr(locks, "CHECK_INTERVAL", 0.01)


@pytest.fixture(params=["thread", "to_thread"])
def wait_for(request: pytest.FixtureRequest, run: Run) -> Callable[[Callable[[], Any]], Any]:
    """Call a function in another thread, and wait for its result."""

    def in_a_thread(function: Callable[[], Any]) -> Any:
        return run(function).result(ENDS)

    def from_an_event_loop(function: Callable[[], Any]) -> Any:
        async def call() -> Any:
            return await asyncio.wait_for(asyncio.to_thread(function), ENDS)

        return asyncio.run(call())

    return in_a_thread if request.param == "thread" else from_an_event_loop


def test_a_fake_may_wait_for_a_thread_that_calls_the_mock(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, wait_for: Any
) -> None:
    @connect_mock.fake("ListPrompts")
    def list_prompts(mock: ConnectMock, parameters: Any) -> Any:
        queues = wait_for(lambda: connect_client.list_queues(InstanceId=connect_instance.id))
        assert wait_for(lambda: connect_instance.add_queue("later")).name == "later"
        return {"PromptSummaryList": [{"Name": str(len(queues["QueueSummaryList"]))}]}

    answer = connect_client.list_prompts(InstanceId=connect_instance.id)
    assert answer["PromptSummaryList"] == [{"Name": "1"}]
    assert [call.operation for call in connect_mock.calls] == ["ListQueues", "ListPrompts"]


def test_a_listener_may_wait_for_a_thread_that_calls_the_mock(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    put: Put,
    an_item: AnItem,
    wait_for: Any,
) -> None:
    connect_mock.on_event(
        lambda event: wait_for(lambda: connect_client.list_queues(InstanceId=connect_instance.id))
    )
    put(an_item())
    assert [call.operation for call in connect_mock.calls] == ["BatchPutContact", "ListQueues"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.connect_mock(strict=False)
def test_a_policy_that_waits_for_a_call_breaks_that_call(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_campaign: Campaign,
    connect_instance: Instance,
    put: Put,
    an_item: AnItem,
    wait_for: Any,
) -> None:
    def policy(contact: object) -> Outcome:
        with pytest.raises(
            PlanError, match=r"connect_mock\.on_dial has waited in .* use connect_mock\.on_ev"
        ):
            wait_for(lambda: connect_client.list_queues(InstanceId=connect_instance.id))
        with pytest.raises(PlanError):
            wait_for(lambda: connect_mock.contacts)
        return outcomes.busy()

    connect_mock.on_dial(policy)
    assert connect_campaign.queue is not None
    connect_campaign.queue.add_agents(1)
    put(an_item())
    connect_mock.advance(10)
    assert connect_mock.contacts.one().disconnect_reason == "TELECOM_BUSY"
    with pytest.raises(AssertionError, match="must not wait for another thread"):
        connect_mock.assert_no_pending_faults()


@pytest.mark.usefixtures("impatient")
@pytest.mark.connect_mock(strict=False)
def test_a_when_that_waits_for_a_call_breaks_that_call(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    put: Put,
    an_item: AnItem,
    wait_for: Any,
) -> None:
    def when(item: Any) -> bool:
        with pytest.raises(
            PlanError, match=r"reject_contacts\('INTERNAL_ERROR', when=.* has waited in .*batch"
        ):
            wait_for(lambda: connect_client.list_queues(InstanceId=connect_instance.id))
        return True

    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    assert len(put(an_item())["FailedRequestList"]) == 1
    assert [call.operation for call in connect_mock.calls] == ["BatchPutContact"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.connect_mock(strict=False)
def test_a_matcher_that_waits_for_a_call_breaks_that_call(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, wait_for: Any
) -> None:
    class Matcher:
        def __eq__(self, other: object) -> bool:
            return bool(wait_for(lambda: len(connect_mock.calls)))

        __hash__ = None  # type: ignore[assignment]  # it is compared and never looked up

    connect_mock.reject_contacts("INTERNAL_ERROR", when={"RequestIdentifier": Matcher()})
    with pytest.raises(PlanError, match="raised PlanError: when= of"):
        put(an_item(RequestIdentifier="a"))


@pytest.mark.connect_mock(strict=False)
def test_locks_that_two_threads_take_in_turns_do_not_hang(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "CHECK_INTERVAL", 0.01)
    monkeypatch.setattr(locks, "MAX_CHECKS", 5)
    of_the_test, is_held, is_asked = threading.Lock(), threading.Event(), threading.Event()

    def call_with_the_lock() -> Any:
        with of_the_test:
            is_held.set()
            assert is_asked.wait(ENDS)
            return put(an_item())

    def when(item: Any) -> bool:
        is_asked.set()
        # The standard library does not show that this waits for a thread.
        return of_the_test.acquire(timeout=ENDS)

    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    other = run(call_with_the_lock)
    assert is_held.wait(ENDS)
    assert len(put(an_item())["FailedRequestList"]) == 1
    with pytest.raises(PlanError, match="has waited in test_functions_that_wait, line"):
        other.result(ENDS)


@pytest.mark.parametrize("rest", [0.0005, 0.1])
def test_a_slow_function_breaks_no_call_of_another_thread(
    connect_mock: ConnectMock,
    put: Put,
    an_item: AnItem,
    run: Run,
    rest: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(locks, "CHECK_INTERVAL", 0.001)

    def when(item: Any) -> bool:
        time.sleep(rest)
        return False

    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    calls = [run(put, an_item()) for _ in range(8 if rest > 0.01 else 100)]
    assert all(len(call.result(ENDS)["SuccessfulRequestList"]) == 1 for call in calls)
    connect_mock.reset()


def test_an_ended_thread_is_not_waiting() -> None:
    assert locks.Loan("A function", "It is over.", thread=-1).position() is None


# Functions that run while the lock is free


def test_a_single_fault_fails_one_of_two_concurrent_calls(
    connect_mock: ConnectMock, make_client: Any, run: Run
) -> None:
    client, both = make_client(config=Config(retries={"total_max_attempts": 1})), threading.Barrier(2)

    @connect_mock.fake("ListPrompts")
    def list_prompts(mock: ConnectMock, parameters: Any) -> Any:
        both.wait(ENDS)
        return {}

    connect_mock.lose_response("ListPrompts")
    asked = [run(client.list_prompts, InstanceId="i") for _ in range(2)]
    assert sorted(type(call.exception(ENDS)).__name__ for call in asked) == ["NoneType", "ReadTimeoutError"]
    assert sorted(len(call.faults) for call in connect_mock.calls) == [0, 1]


def test_a_fake_that_outlives_reset_records_no_call(
    connect_mock: ConnectMock, connect_client: Any, run: Run
) -> None:
    at_first = connect_mock.snapshot()

    @connect_mock.fake("ListPrompts")
    def list_prompts(mock: ConnectMock, parameters: Any) -> Any:
        run(connect_mock.restore, at_first).result(ENDS)
        return {}

    connect_client.list_prompts(InstanceId="i")
    assert connect_mock.calls == []


def test_a_call_that_is_answered_meanwhile_stays_whole(
    connect_mock: ConnectMock, connect_client: Any, put: Put, an_item: AnItem, run: Run
) -> None:
    @connect_mock.fake("ListPrompts")
    def list_prompts(mock: ConnectMock, parameters: Any) -> Any:
        answers = [run(put, an_item(), an_item()) for _ in range(20)]
        return {"PromptSummaryList": [{"Name": str(len(answer.result(ENDS)))} for answer in answers]}

    asked = [run(connect_client.list_prompts, InstanceId="i") for _ in range(2)]
    assert all(len(call.result(ENDS)["PromptSummaryList"]) == 20 for call in asked)
    assert len(connect_mock.contacts) == 80
    assert [call.operation for call in connect_mock.calls].count("ListPrompts") == 2
