"""A client of aiobotocore, made while a mock is active, is answered like any other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from botocore.exceptions import ClientError

from connect_batchmock import ConnectMock, Instance

pytest.importorskip("aiobotocore", reason="aiobotocore is not there, or not yet there for this botocore")

from aiobotocore.config import AioConfig
from aiobotocore.retries.bucket import AsyncTokenBucket
from aiobotocore.session import get_session

MODES = {"legacy": 5, "standard": 3, "adaptive": 3}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """List every wait of this process that takes any time, and take none for it."""
    waited: list[float] = []
    sleep_of_asyncio = asyncio.sleep

    async def sleep(seconds: float, result: Any = None) -> Any:
        if seconds:
            waited.append(seconds)
        return await sleep_of_asyncio(0, result)

    async def acquire(bucket: Any, amount: int = 1, block: bool = True) -> bool:
        bucket._refill()
        await sleep(max(bucket._sleep_amount(amount), 0))
        return True

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(AsyncTokenBucket, "acquire", acquire)
    return waited


async def put(**parameters: Any) -> Any:
    async with get_session().create_client("connect") as client:
        return await client.batch_put_contact(**parameters)


def test_an_async_client_is_answered(connect_mock: ConnectMock, connect_instance: Instance) -> None:
    answer = asyncio.run(put(InstanceId=connect_instance.id, ContactDataRequestList=[{}]))
    assert answer["FailedRequestList"][0]["FailureReasonCode"] == "MISSING_CUSTOMER_ENDPOINT"
    assert connect_mock.calls.one().region == "us-east-1"


def test_an_async_client_gets_the_error_s_own_class(connect_mock: ConnectMock) -> None:
    with pytest.raises(ClientError) as caught:
        asyncio.run(put(InstanceId="gone", ContactDataRequestList=[{}]))
    assert type(caught.value).__name__ == "ResourceNotFoundException"


@pytest.mark.parametrize(("mode", "attempts"), MODES.items())
def test_an_async_client_does_not_wait_before_a_retry(
    connect_mock: ConnectMock, connect_instance: Instance, waits: list[float], mode: str, attempts: int
) -> None:
    async def call() -> Any:
        config = AioConfig(retries={"mode": mode})
        async with get_session().create_client("connect", config=config) as client:
            parameters = {"InstanceId": connect_instance.id, "ContactDataRequestList": [{}]}
            await client.batch_put_contact(**parameters)
            return await client.batch_put_contact(**parameters)

    connect_mock.fail("BatchPutContact", "LimitExceededException", times=attempts - 2)
    connect_mock.lose_answer("BatchPutContact")
    answer = asyncio.run(call())
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0
    skipped = [bool(call.skipped_delay) for call in connect_mock.calls]
    assert skipped == [True] * (attempts - 1) + [False, False]
    assert not waits
