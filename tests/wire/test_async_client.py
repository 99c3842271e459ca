"""A client of aiobotocore, made while a mock is active, is answered like any other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiobotocore.session import get_session
from botocore.exceptions import ClientError

from connect_batchmock import ConnectMock, Instance


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
