"""Late responses: nobody waits in this process, and each client's own read_timeout counts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import boto3
import botocore.session
import installed
import pytest
import requests
import responses
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from factories import AnItem, Put
from moto import mock_aws
from requests_aws4auth import AWS4Auth
from urllib3 import Timeout

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, mock_connect, outcomes

ONCE = Config(read_timeout=30, retries={"total_max_attempts": 1})


def older_session() -> Any:
    session = botocore.session.Session()
    session.set_credentials("x", "x")
    return session


def a_client(session: Any = None, **options: Any) -> Any:
    config = Config(read_timeout=30, retries={"total_max_attempts": 1}, **options)
    session = older_session() if session is None else session
    return session.create_client("connect", region_name="us-east-1", config=config)


def is_late(mock: ConnectMock, call: Callable[[], Any], error: Any = ReadTimeoutError) -> None:
    """Check that a client that waits for 30 seconds gets a response after 30, and none after 31."""
    mock.delay("ListInstances", 30)
    mock.delay("ListInstances", 31)
    call()
    with pytest.raises(error):
        call()
    in_time, late = mock.calls[-2:]
    assert (in_time.error, in_time.delay) == (None, 30)
    assert (late.error, late.delay) == ("ReadTimeoutError", 31)
    assert in_time.result == late.result


# What happens


def test_a_response_in_time_is_the_client_s(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, frozen_time: datetime
) -> None:
    connect_mock.delay("BatchPutContact", 59.5)
    answer = put(an_item())
    call = connect_mock.calls.one()
    assert answer["SuccessfulRequestList"] == [{"ContactId": connect_mock.contacts.one().id}]
    assert (call.error, call.message, call.delay, call.skipped_delay) == (None, None, 59.5, None)
    assert call.faults == ("connect_mock.delay('BatchPutContact', 59.5, times=1)",)
    assert call.at == frozen_time


def test_botocore_retries_a_response_that_is_too_late(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.delay("BatchPutContact", 61)
    answer = put(an_item())
    late, repeated = connect_mock.calls
    assert answer["SuccessfulRequestList"] == [{"ContactId": connect_mock.contacts.one().id}]
    assert (late.error, late.delay, late.result) == ("ReadTimeoutError", 61, repeated.result)
    assert late.message == (
        "The response was 61 s late, and the client waited 60 s: the request was carried out."
    )
    assert late.skipped_delay is not None
    assert repeated.delay is None
    connect_mock.assert_no_double_dials()


def test_the_clock_advances_by_the_wait_of_the_client(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, frozen_time: datetime
) -> None:
    connect_mock.delay("BatchPutContact", 20)
    put(an_item())
    assert connect_mock.now() - frozen_time == timedelta(seconds=20)
    connect_mock.delay("BatchPutContact", 90)
    put(an_item())
    assert connect_mock.now() - frozen_time == timedelta(seconds=80)


def test_the_customer_answers_before_the_response_arrives(
    connect_mock: ConnectMock,
    put: Put,
    an_item: AnItem,
    connect_queue: Queue,
    connect_campaign: Campaign,
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60))
    heard: list[str] = []
    connect_mock.on_event(lambda event: heard.append(event["detail"]["eventType"]))
    connect_mock.delay("BatchPutContact", 20)
    put(an_item())
    assert heard == ["INITIATED", "CONNECTED_TO_SYSTEM", "QUEUED", "CONNECTED_TO_AGENT"]


def test_an_error_can_be_late_as_well(connect_mock: ConnectMock, connect_client: Any) -> None:
    connect_mock.delay("BatchPutContact", 5)
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        connect_client.batch_put_contact(InstanceId="gone", ContactDataRequestList=[{}])
    connect_mock.delay("BatchPutContact", 600, times=None)
    with pytest.raises(ReadTimeoutError):
        connect_client.batch_put_contact(InstanceId="gone", ContactDataRequestList=[{}])
    assert "it was ResourceNotFoundException" in str(connect_mock.calls[-1].message)


def test_a_delay_is_one_fault_among_others(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.lose_response("BatchPutContact")
    connect_mock.delay("BatchPutContact", 5)
    put(an_item())
    put(an_item())
    assert [(call.error, call.delay) for call in connect_mock.calls] == [
        ("ReadTimeoutError", None),
        (None, 5),
        (None, None),
    ]


def test_a_delay_that_never_happens_is_pending(connect_mock: ConnectMock) -> None:
    connect_mock.delay("BatchPutContact", 5)
    with pytest.raises(AssertionError, match=r"never happened:\n.*delay\('BatchPutContact', 5, times=1\)"):
        connect_mock.assert_no_pending_faults()
    connect_mock.reset()


def test_a_delay_applies_to_a_fake_of_the_test(connect_mock: ConnectMock, connect_client: Any) -> None:
    connect_mock.fake("ListUsers", lambda mock, parameters: {"UserSummaryList": []})
    connect_mock.delay("ListUsers", 7)
    assert connect_client.list_users(InstanceId="i")["UserSummaryList"] == []
    assert connect_mock.calls.one().delay == 7


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 86_401, "5", True, None])
def test_an_invalid_delay_is_refused(connect_mock: ConnectMock, seconds: Any) -> None:
    with pytest.raises(ValueError, match=r"delay takes seconds, a number over 0 and up to 86,400, not"):
        connect_mock.delay("BatchPutContact", seconds)


def test_only_an_operation_with_a_fake_can_be_late(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match=r"connect_mock\.delay carries the call out, and .* no fake for"):
        connect_mock.delay("CreateUser", 5)


# The timeout of each client


def test_a_client_made_within_the_mock_waits_as_configured(connect_mock: ConnectMock) -> None:
    is_late(connect_mock, boto3.client("connect", config=ONCE).list_instances)


def test_an_older_client_waits_as_configured() -> None:
    client = a_client()
    with mock_connect() as mock:
        is_late(mock, client.list_instances)


def test_an_attached_client_waits_as_configured() -> None:
    mock = ConnectMock()
    is_late(mock, mock.attach(a_client()).list_instances)
    is_late(mock, mock.client(config=ONCE).list_instances)


def test_a_client_beside_moto_waits_as_configured() -> None:
    with mock_aws(), mock_connect() as mock:
        is_late(mock, boto3.client("connect", config=ONCE).list_instances)


def test_a_client_without_a_timeout_waits_as_long_as_it_takes(
    connect_mock: ConnectMock, frozen_time: datetime
) -> None:
    connect_mock.delay("ListInstances", 86_400)
    boto3.client("connect", config=Config(read_timeout=None)).list_instances()
    assert connect_mock.now() - frozen_time == timedelta(days=1)


def test_clients_of_aiobotocore_wait_as_configured() -> None:
    installed.aiobotocore()
    from aiobotocore.config import AioConfig
    from aiobotocore.session import get_session

    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    options: Any = {
        "region_name": "us-east-1",
        "config": AioConfig(read_timeout=30, retries={"total_max_attempts": 1}),
        **keys,
    }

    async def check(mock: ConnectMock, client: Any) -> None:
        mock.delay("ListInstances", 30)
        mock.delay("ListInstances", 31)
        await client.list_instances()
        with pytest.raises(ReadTimeoutError):
            await client.list_instances()
        assert [call.error for call in mock.calls[-2:]] == [None, "ReadTimeoutError"]

    async def go() -> None:
        async with get_session().create_client("connect", **options) as older:
            with mock_connect() as mock:
                await check(mock, older)
                async with get_session().create_client("connect", **options) as within:
                    await check(mock, within)
            free = ConnectMock()
            await check(free, free.attach(older))

    asyncio.run(go())


BODY = json.dumps({"ContactDataRequestList": [{"RequestIdentifier": "a"}]})


@pytest.mark.parametrize("timeout", [30, (1, 30), Timeout(connect=1, read=30)])
@pytest.mark.parametrize("beside_responses", [False, True])
def test_requests_waits_for_its_timeout(
    connect_mock: ConnectMock, connect_instance: Instance, timeout: Any, beside_responses: bool
) -> None:
    def call() -> None:
        auth = AWS4Auth("AKIA", "secret", "us-east-1", "connect")
        requests.get("https://connect.us-east-1.amazonaws.com/instance", auth=auth, timeout=timeout)

    if beside_responses:
        with responses.RequestsMock():
            is_late(connect_mock, call, requests.ReadTimeout)
    else:
        is_late(connect_mock, call, requests.ReadTimeout)
