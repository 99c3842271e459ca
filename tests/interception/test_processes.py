"""Threads and processes: no call is lost, none is carried out twice, and none hangs."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from factories import AnItem, Put

from connect_batchmock import ConnectMock, Instance


def test_a_pool_of_threads_shares_the_mock(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, an_item: AnItem
) -> None:
    def dial(number: int) -> str:
        endpoint = {"Type": "TELEPHONE_NUMBER", "Address": f"+1555555{number:04}"}
        answer = connect_client.batch_put_contact(
            InstanceId=connect_instance.id, ContactDataRequestList=[an_item(CustomerEndpoint=endpoint)]
        )
        return str(answer["SuccessfulRequestList"][0]["ContactId"])

    connect_mock.lose_response("BatchPutContact", times=2)
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(dial, range(200)))
    assert len(set(ids)) == 200
    assert {contact.id for contact in connect_mock.contacts} == set(ids)
    connect_mock.assert_no_double_dials()


def in_a_fork(work: Callable[[], None]) -> int:
    """Call a function in a forked process, and return its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
# Python warns of a fork in a process with threads, which one of these tests needs.
quietly = pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")


@fork
@quietly
def test_a_forked_process_goes_on_with_a_copy_of_the_mock(
    connect_mock: ConnectMock, connect_client: Any, put: Put, an_item: AnItem
) -> None:
    put(an_item())

    def work() -> None:
        connect_mock.assert_contact_count(1)
        put(an_item())
        instance = connect_mock.instances[0]
        boto3.client("connect").batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[{}])
        connect_mock.assert_contact_count(2)

    assert in_a_fork(work) == 0
    connect_mock.assert_contact_count(1)


@fork
@quietly
# The child uses the plan up, unknown to the parent.
@pytest.mark.connect_mock(strict=False)
def test_a_fork_while_another_thread_is_answered_does_not_hang(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def when(item: Any) -> bool:
        began.set()
        return not go_on.wait(10)

    connect_mock.reject_contacts("INTERNAL_ERROR", when=when, times=1)
    caller = threading.Thread(target=put, args=[an_item()])
    caller.start()
    assert began.wait(10)
    go_on_in_child = go_on

    def work() -> None:
        go_on_in_child.set()
        put(an_item())
        connect_mock.assert_contact_count(1)

    try:
        assert in_a_fork(work) == 0
    finally:
        go_on.set()
        caller.join()
    connect_mock.assert_contact_count(1)


TESTS = """
import boto3
import pytest
from connect_batchmock import ConnectMock

@pytest.mark.parametrize("number", range(8))
def test_alone(connect_mock, number):
    assert not connect_mock.calls
    instance = connect_mock.add_instance()
    assert instance.id == ConnectMock().add_instance().id
    boto3.client("connect").batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[{}])
    assert len(connect_mock.calls) == 1
"""


def test_each_test_is_alone_in_every_order_and_worker(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    pytester.makepyfile(TESTS)
    run_in_subprocess("-p", "xdist", "-p", "pytest_randomly", "-n", "2").assert_outcomes(passed=8)


RERUN = """
import pytest

tries = []

def test_it(connect_mock, connect_client):
    tries.append(1)
    connect_mock.fail("ListPrompts", "ThrottlingException")
    if len(tries) == 3:
        with pytest.raises(Exception):
            connect_client.list_prompts(InstanceId="i", MaxResults=5)
        with pytest.raises(Exception):
            connect_client.list_prompts(InstanceId="i")
        connect_mock.reset()
"""


def test_a_rerun_begins_anew(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(RERUN)
    result = pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "-p", "pytest_rerunfailures", "--reruns", "3"
    )
    outcomes = result.parseoutcomes()
    assert (outcomes["passed"], outcomes["rerun"]) == (1, 2)


SETUP_FAILS = """
import pytest

tries = []

@pytest.fixture
def broken():
    if tries:
        raise RuntimeError("no")

def test_it(broken, connect_mock, connect_client):
    tries.append(1)
    connect_client.batch_put_contact(
        InstanceId=connect_mock.add_instance().id, ContactDataRequestList=[{}]
    )
    assert False
"""


def test_a_rerun_does_not_show_the_calls_of_the_run_before(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SETUP_FAILS)
    result = pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "-p", "pytest_rerunfailures", "--reruns", "1"
    )
    result.stdout.fnmatch_lines(["*RuntimeError: no*"])
    result.stdout.no_fnmatch_line("*1. BatchPutContact*")


SUBTESTS = """
def put(connect_mock, connect_client):
    connect_client.batch_put_contact(
        InstanceId=connect_mock.add_instance().id, ContactDataRequestList=[{}]
    )

def test_it(connect_mock, connect_client, subtests):
    for number in range(3):
        with subtests.test(number=number):
            put(connect_mock, connect_client)
            assert number != 1

def test_left_over(connect_mock, subtests):
    connect_mock.fail("BatchPutContact", 503)
    with subtests.test():
        assert True
"""


def test_subtests_share_a_mock_and_fail_by_themselves(pytester: pytest.Pytester) -> None:
    if not hasattr(pytest, "Subtests") and "pytest_subtests" not in sys.modules:
        pytest.skip("this pytest has no subtests")
    pytester.makepyfile(SUBTESTS)
    result = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["*assert 1 != 1*", "What was planned to go wrong never happened*"])
    assert result.ret == 1
