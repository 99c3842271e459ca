"""A header with a value of bytes equals a header with the same text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import boto3
import pytest
import requests

from connect_batchmock import ConnectMock, mock_connect

SCOPE = "AWS4-HMAC-SHA256 Credential=210987654321/20260101/eu-west-2/connect/aws4_request"


def into_bytes(request: Any, **_: Any) -> None:
    """Encode all headers of a request before it is sent."""
    for name, value in list(request.headers.items()):
        request.headers[name] = value if isinstance(value, bytes) else value.encode()


def assert_noted(mock: ConnectMock, attempts: list[int]) -> None:
    assert [(call.region, call.attempt) for call in mock.calls] == [("eu-west-2", n) for n in attempts]
    (invocation_id,) = {call.invocation_id for call in mock.calls}
    assert str(UUID(invocation_id)) == invocation_id


def test_a_client_of_boto3_is_answered() -> None:
    with mock_connect(region="eu-west-2") as mock:
        client = boto3.client("connect")
        client.meta.events.register_first("before-send.connect", into_bytes)
        mock.fail("ListInstances", 503)
        assert client.list_instances()["InstanceSummaryList"] == []
        assert_noted(mock, [1, 2])


def test_a_client_made_before_the_mock_is_answered() -> None:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    client = boto3.client("connect", region_name="eu-west-2", **keys)
    client.meta.events.register_first("before-send.connect", into_bytes)
    with mock_connect() as mock:
        assert client.list_instances()["InstanceSummaryList"] == []
        assert_noted(mock, [1])


def test_an_async_client_is_answered() -> None:
    session = pytest.importorskip(
        "aiobotocore.session", reason="aiobotocore is not there, or not yet there for this botocore"
    )

    async def call() -> Any:
        async with session.get_session().create_client("connect") as client:
            client.meta.events.register_first("before-send.connect", into_bytes)
            return await client.list_instances()

    with mock_connect(region="eu-west-2") as mock:
        assert asyncio.run(call())["InstanceSummaryList"] == []
        assert_noted(mock, [1])


@pytest.mark.parametrize("as_sent", [str, str.encode])
def test_a_hand_signed_request_is_answered(connect_mock: ConnectMock, as_sent: Callable[[str], Any]) -> None:
    texts = {"Authorization": SCOPE, "amz-sdk-request": "attempt=3", "amz-sdk-invocation-id": "a"}
    headers = {name: as_sent(text) for name, text in texts.items()}
    answer = requests.get("https://connect.eu-west-2.amazonaws.com/instance", headers=headers)
    assert answer.json() == {"InstanceSummaryList": []}
    call = connect_mock.calls.one()
    assert (call.region, call.account_id, call.attempt, call.invocation_id) == (
        "eu-west-2",
        "210987654321",
        3,
        "a",
    )
