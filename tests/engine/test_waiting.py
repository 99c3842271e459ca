"""Waiting for an application in another thread: it wakes the test, which does not poll."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import freezegun
import pytest
import time_machine
from botocore.exceptions import ClientError
from factories import START, AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, PlanError, Queue, outcomes
from connect_batchmock.engine import waiters

LONG = 60
"""Seconds that no test waits for: it is woken."""


@contextmanager
def in_thread(work: Callable[[], object]) -> Iterator[None]:
    """Run something in a thread meanwhile, and fail with its exception."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join(20)
        assert not thread.is_alive()
        assert not errors, errors


# Threads


def test_a_contact_of_a_thread_is_awaited(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    with in_thread(lambda: put(an_item(RequestIdentifier="lead-7"))):
        contact = connect_mock.wait_for_contact(LONG, request_identifier="lead-7")
    assert contact == connect_mock.contacts.one()


def test_a_call_of_a_thread_is_awaited(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    with in_thread(lambda: [put(an_item(), ClientToken=token) for token in "abc"]):
        call = connect_mock.wait_for_call("BatchPutContact", times=2, timeout=LONG)
    assert call == connect_mock.calls[1]
    assert connect_mock.wait_for_call("BatchPutContact", ClientToken="c").parameters["ClientToken"] == "c"


def test_what_has_happened_already_is_not_awaited(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    assert connect_mock.wait_for_contact(timeout=0) == connect_mock.contacts.one()
    assert connect_mock.wait_for_call("BatchPutContact", timeout=0) == connect_mock.calls.one()


def test_changes_wake_a_waiter_and_time_does_not(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float | None] = []
    is_waiting, wait = threading.Event(), threading.Event.wait

    class Event(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout)
            is_waiting.set()
            return wait(self, timeout)

    def dial() -> None:
        assert wait(is_waiting, 20)
        for number in (101, 102, 103):
            put(an_item(f"+15555550{number}"))

    monkeypatch.setattr(waiters, "Event", Event)
    with in_thread(dial):
        connect_mock.wait_for_contact(LONG, customer_address="+15555550103")
    # A call is a change, and what it made due is another.
    assert 1 <= len(pauses) <= 6


def test_an_idle_mock_wakes_nobody(connect_mock: ConnectMock, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    class Event(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None
            pauses.append(timeout)
            return False

    monkeypatch.setattr(waiters, "Event", Event)
    with pytest.raises(AssertionError, match="within 60 s"):
        connect_mock.wait_for_contact(60)
    (pause,) = pauses
    assert 59 < pause <= 60


@pytest.mark.parametrize(
    "change",
    [
        lambda mock: mock.advance(3600),
        lambda mock: mock.reset(),
        lambda mock: mock.restore(mock.snapshot()),
        lambda mock: mock.instances[0].add_queue(),
    ],
)
def test_a_change_by_the_test_wakes_too(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, change: Callable[[ConnectMock], object]
) -> None:
    put(an_item())
    woken: list[int] = []
    with connect_mock._engine.waiters._joined(lambda: woken.append(1)):
        change(connect_mock)
    assert woken


def test_a_failing_call_wakes_too(connect_mock: ConnectMock, connect_client: Any) -> None:
    def call() -> None:
        with pytest.raises(ClientError):
            connect_client.batch_put_contact(InstanceId="gone", ContactDataRequestList=[{}])

    with in_thread(call):
        awaited = connect_mock.wait_for_call("BatchPutContact", timeout=LONG)
    assert awaited.error == "ResourceNotFoundException"


# Time


def test_actions_run_while_a_test_waits(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue, connect_campaign: Campaign
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial(outcomes.answered(ring=0.05, talk=0.05))
    put(an_item())
    assert connect_mock.wait_for_contact(LONG, disconnect_reason="CUSTOMER_DISCONNECT").disconnected_at


@pytest.mark.parametrize(
    "freeze", [lambda: time_machine.travel(START, tick=False), lambda: freezegun.freeze_time(START)]
)
def test_a_frozen_clock_stops_actions_and_not_the_wait(
    connect_mock: ConnectMock,
    put: Put,
    an_item: AnItem,
    connect_queue: Queue,
    connect_campaign: Campaign,
    freeze: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float | None] = []
    wait = threading.Event.wait

    class Event(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout)
            return wait(self, 0)

    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60))
    with freeze():
        put(an_item())
        monkeypatch.setattr(waiters, "Event", Event)
        with pytest.raises(AssertionError, match="within 30 s"):
            connect_mock.wait_for_contact(30, state="CONNECTED")
    assert len(pauses) == 2
    assert pauses[0] == pytest.approx(5, abs=0.1)


def test_a_wait_does_not_advance_the_clock(connect_mock: ConnectMock) -> None:
    with time_machine.travel(START, tick=False):
        with pytest.raises(AssertionError):
            connect_mock.wait_for_contact(0)
        assert connect_mock.now() == START


def test_a_waiter_that_is_always_woken_ends_in_time(
    connect_mock: ConnectMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(range(100))
    monkeypatch.setattr(waiters, "monotonic", lambda: next(moments))

    class Event(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return True

    monkeypatch.setattr(waiters, "Event", Event)
    with pytest.raises(AssertionError, match="within 10 s"):
        connect_mock.wait_for_contact(10)


# Tasks


def test_a_task_waits_and_the_loop_goes_on(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    steps: list[str] = []

    async def dial() -> None:
        steps.append("dial")
        await asyncio.to_thread(put, an_item(RequestIdentifier="lead-7"))

    async def go() -> None:
        waiting = asyncio.create_task(connect_mock.async_wait_for_contact(LONG, request_identifier="lead-7"))
        called = asyncio.create_task(connect_mock.async_wait_for_call("BatchPutContact", timeout=LONG))
        await asyncio.sleep(0)
        assert not waiting.done()
        await dial()
        assert (await waiting).request_identifier == "lead-7"
        assert (await called).operation == "BatchPutContact"

    asyncio.run(go())
    assert steps == ["dial"]


def test_a_task_waits_no_longer_than_its_timeout(connect_mock: ConnectMock) -> None:
    with pytest.raises(AssertionError, match=r"No contact within 0\.01 s"):
        asyncio.run(connect_mock.async_wait_for_contact(0.01))
    with pytest.raises(AssertionError, match="No call of StopContact within 0 s"):
        asyncio.run(connect_mock.async_wait_for_call("StopContact", timeout=0))


def test_a_canceled_task_waits_no_more(connect_mock: ConnectMock) -> None:
    async def go() -> None:
        waiting = asyncio.create_task(connect_mock.async_wait_for_contact(LONG))
        await asyncio.sleep(0)
        assert len(connect_mock._engine.waiters._wake) == 1
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(go())
    assert connect_mock._engine.waiters._wake == ()


def test_a_loop_that_was_closed_is_not_woken(connect_mock: ConnectMock) -> None:
    loop = asyncio.new_event_loop()
    waiting = connect_mock.async_wait_for_contact(LONG)
    task = loop.create_task(waiting)
    loop.run_until_complete(asyncio.sleep(0))
    (wake,) = connect_mock._engine.waiters._wake
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()
    wake()


# Messages and arguments


def test_the_message_is_that_of_the_assertion(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item(RequestIdentifier="lead-7"), ClientToken="a")
    for wait, check in (
        (
            lambda: connect_mock.wait_for_contact(0, request_identifier="lead-8"),
            lambda: connect_mock.assert_contact_created(request_identifier="lead-8"),
        ),
        (
            lambda: connect_mock.wait_for_call("BatchPutContact", timeout=0, ClientToken="b"),
            lambda: connect_mock.assert_called("BatchPutContact", ClientToken="b"),
        ),
        (
            lambda: connect_mock.wait_for_call("BatchPutContact", timeout=0, times=3),
            lambda: connect_mock.assert_called("BatchPutContact", times=3),
        ),
    ):
        with pytest.raises(AssertionError) as waited:
            wait()
        with pytest.raises(AssertionError) as asserted:
            check()
        assert " within 0 s" in str(waited.value)
        assert str(waited.value).replace(" within 0 s", "") == str(asserted.value)


@pytest.mark.parametrize(
    ("timeout", "error", "message"),
    [
        ("5", TypeError, "timeout= of wait_for_contact takes seconds, not '5'"),
        (True, TypeError, "takes seconds, not True"),
        (None, TypeError, "takes seconds, not None"),
        (-1, ValueError, "takes finite seconds, from 0 on, not -1"),
        (float("nan"), ValueError, "finite seconds"),
        (float("inf"), ValueError, "finite seconds"),
    ],
)
def test_an_invalid_timeout_is_refused(
    connect_mock: ConnectMock, timeout: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        connect_mock.wait_for_contact(timeout)


@pytest.mark.parametrize(("times", "error"), [(0, ValueError), (1.5, TypeError), (True, TypeError)])
def test_an_invalid_number_of_calls_is_refused(
    connect_mock: ConnectMock, times: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match="times= of wait_for_call takes a whole number from 1 on, not"):
        connect_mock.wait_for_call("StopContact", times=times)


def test_unknown_names_are_refused_at_once(connect_mock: ConnectMock) -> None:
    with pytest.raises(TypeError, match="no criterion 'customer'"):
        connect_mock.wait_for_contact(LONG, customer="x")  # type: ignore[call-arg]  # the point of the test
    with pytest.raises(ValueError, match="did you mean 'BatchPutContact'"):
        connect_mock.wait_for_call("BatchPutContacts", timeout=LONG)  # type: ignore[arg-type]  # likewise


def test_a_function_that_the_mock_calls_cannot_wait(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    def when(item: Any) -> bool:
        connect_mock.wait_for_contact(LONG)
        return True

    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    with pytest.raises(
        PlanError, match=r"wait_for_contact was called by a function that the mock is calling"
    ):
        put(an_item())
    connect_mock.reset()


def test_a_listener_can_wait_for_a_thread(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_instance: Instance
) -> None:
    calls: list[Any] = []

    @connect_mock.on_event
    def listen(event: Any) -> None:
        with in_thread(lambda: connect_mock.client().describe_instance(InstanceId=connect_instance.id)):
            calls.append(connect_mock.wait_for_call("DescribeInstance", timeout=LONG))

    put(an_item())
    assert [call.operation for call in calls] == ["DescribeInstance"]
