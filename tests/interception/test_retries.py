"""botocore decides about retries itself, and does not wait before retrying a mocked call."""

from __future__ import annotations

import time
from typing import Any

import boto3
import botocore.retries.bucket
import pytest
import time_machine
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from connect_batchmock import ConnectMock, Instance, mock_connect

MODES = {"legacy": 5, "standard": 3, "adaptive": 3}


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """List every wait of this process, and skip it."""
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        if seconds:
            waited.append(seconds)

    def acquire(bucket: Any, amount: int = 1, block: bool = True) -> bool:
        bucket._refill()
        sleep(max(bucket._sleep_amount(amount), 0))
        return True

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(botocore.retries.bucket.TokenBucket, "acquire", acquire)
    return waited


def retries(mode: str, **options: Any) -> Config:
    return Config(retries={"mode": mode, **options})


def put(client: Any, instance: Instance, *items: Any) -> Any:
    return client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=list(items) or [{}])


def made_before(mode: str, _: ConnectMock) -> Any:
    return BEFORE[mode]


def made_within(mode: str, _: ConnectMock) -> Any:
    return boto3.client("connect", config=retries(mode))


BEFORE = {
    mode: boto3.Session("x", "x", region_name="us-east-1").client("connect", config=retries(mode))
    for mode in MODES
}


@pytest.mark.parametrize("make", [made_before, made_within])
@pytest.mark.parametrize(("mode", "attempts"), MODES.items())
def test_throttles_are_repeated_without_waiting(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    waits: list[float],
    mode: str,
    attempts: int,
    make: Any,
) -> None:
    client = make(mode, connect_mock)
    connect_mock.fail("BatchPutContact", "LimitExceededException", times=attempts + 1)
    with pytest.raises(client.exceptions.LimitExceededException) as caught:
        put(client, connect_instance)
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == attempts - 1
    assert put(client, connect_instance)["ResponseMetadata"]["RetryAttempts"] == 1
    assert not waits

    failed = connect_mock.calls[:attempts]
    assert [call.attempt for call in failed] == list(range(1, attempts + 1))
    assert len({call.invocation_id for call in failed}) == 1
    assert all((call.skipped_delay or 0) > 0 for call in failed[:-1])
    assert failed[-1].skipped_delay is None
    assert connect_mock.calls[attempts].invocation_id != failed[0].invocation_id


@pytest.mark.parametrize(("mode", "attempts"), MODES.items())
def test_an_attached_client_retries_without_waiting(waits: list[float], mode: str, attempts: int) -> None:
    mock = ConnectMock()
    client = mock.client(config=retries(mode))
    mock.lose_response("BatchPutContact")
    mock.fail("BatchPutContact", "LimitExceededException", times=attempts - 2)
    put(client, mock.add_instance())
    put(client, mock.instances[0])
    assert len(mock.calls) == attempts + 1
    assert all(call.skipped_delay for call in mock.calls[: attempts - 1])
    assert not waits


def test_an_attached_client_records_its_delay_once(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, waits: list[float]
) -> None:
    connect_mock.attach(connect_client)
    connect_mock.fail("BatchPutContact", 500)
    put(connect_client, connect_instance)
    assert (connect_mock.calls[0].skipped_delay or 0) > 0
    assert connect_mock.calls[1].skipped_delay is None
    assert not waits


@pytest.mark.parametrize("mode", MODES)
def test_a_client_of_another_service_still_waits(
    connect_mock: ConnectMock, connect_instance: Instance, waits: list[float], mode: str
) -> None:
    other = boto3.client("sqs", config=retries(mode))
    responses = [503, 200]

    def answer(request: Any, **_: Any) -> AWSResponse:
        response = AWSResponse(request.url, responses.pop(0), {}, None)
        response._content = b"{}"
        return response

    other.meta.events.register_first("before-send.sqs", answer)
    connect_mock.fail("BatchPutContact", 503)
    put(boto3.client("connect", config=retries(mode)), connect_instance)
    assert not waits
    other.list_queues()
    assert len(waits) == 1


def test_a_passed_through_request_still_waits(waits: list[float]) -> None:
    responses = [503, 200]

    def answer(request: Any, **_: Any) -> AWSResponse:
        response = AWSResponse(request.url, responses.pop(0), {}, None)
        response._content = b"{}"
        return response

    with mock_connect(unfaked="passthrough"):
        client = boto3.client("connect")
        client.meta.events.register_last("before-send.connect", answer)
        client.list_prompts(InstanceId="i")
    assert len(waits) == 1


@time_machine.travel("2026-03-01T12:00:00Z", tick=False)
def test_the_clock_stands_still_while_a_wait_is_skipped(
    connect_mock: ConnectMock, connect_instance: Instance, connect_client: Any
) -> None:
    connect_mock.fail("BatchPutContact", 503, times=2)
    put(connect_client, connect_instance)
    assert all(call.skipped_delay for call in connect_mock.calls[:2])
    assert {call.at for call in connect_mock.calls} == {connect_mock.now()}


@pytest.mark.parametrize(
    ("options", "attempts"),
    [
        ({"mode": "legacy", "max_attempts": 1}, 2),
        ({"mode": "legacy", "total_max_attempts": 1}, 1),
        ({"mode": "standard", "max_attempts": 4}, 5),
        ({"mode": "standard", "total_max_attempts": 4}, 4),
    ],
)
def test_the_retries_of_a_config_keep_their_meaning(
    connect_mock: ConnectMock, connect_instance: Instance, make_client: Any, options: Any, attempts: int
) -> None:
    connect_mock.fail("BatchPutContact", "InternalServiceException", times=None)
    client = make_client(config=Config(retries=options))
    with pytest.raises(client.exceptions.InternalServiceException):
        put(client, connect_instance)
    assert len(connect_mock.calls) == attempts


def test_the_retries_of_the_environment_keep_their_meaning(
    connect_mock: ConnectMock, connect_instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")
    connect_mock.fail("BatchPutContact", "InternalServiceException", times=None)
    client = boto3.client("connect")
    with pytest.raises(client.exceptions.InternalServiceException):
        put(client, connect_instance)
    assert len(connect_mock.calls) == 2


THROTTLINGS = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "ProvisionedThroughputExceededException",
)


@pytest.mark.parametrize(
    ("status", "code", "legacy", "standard"),
    [
        *(
            (429, code, 5, 3)
            for code in ("LimitExceededException", "ThrottlingException", "TooManyRequestsException")
        ),
        *((status, "InternalServiceException", 5, 3) for status in (500, 502, 503, 504)),
        *((400, code, 5, 3) for code in THROTTLINGS),
        (509, "Whatever", 5, 1),
        (400, "LimitExceededException", 1, 3),
        (408, "RequestTimeoutException", 1, 3),
        *((status, "Whatever", 1, 1) for status in (400, 401, 402, 403, 404, 409, 410, 413, 501)),
        (403, "ExpiredTokenException", 1, 1),
    ],
)
def test_botocore_decides_about_retries(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    make_client: Any,
    status: int,
    code: str,
    legacy: int,
    standard: int,
) -> None:
    for mode, attempts in (("legacy", legacy), ("standard", standard)):
        connect_mock.fail("BatchPutContact", code, status=status, times=attempts)
        before = len(connect_mock.calls)
        with pytest.raises(ClientError) as caught:
            put(make_client(config=retries(mode)), connect_instance)
        assert caught.value.response["Error"]["Code"] == code
        assert len(connect_mock.calls) - before == attempts
