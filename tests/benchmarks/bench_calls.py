"""The cost of one call; an empty hook that responds immediately is the lower bound.

Run all benchmarks with ``python -m pytest -p no:randomly tests/benchmarks/bench_*.py``; they are not part of
the default run.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.stub import Stubber
from fixtures import Act, Prepared

from connect_batchmock import ConnectMock, mock_connect

INSTANCE, QUEUE, CAMPAIGN = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123")


def batch(size: int, queue: str = QUEUE, campaign: str = CAMPAIGN) -> list[dict[str, Any]]:
    return [
        {
            "RequestIdentifier": f"lead-{number}",
            "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": f"+1555{number:07}"},
            "QueueId": queue,
            "Campaign": {"CampaignId": campaign},
            "Attributes": {"lead": str(number)},
        }
        for number in range(size)
    ]


def answer(size: int) -> dict[str, Any]:
    created = [
        {"RequestIdentifier": f"lead-{number}", "ContactId": f"{number:08}-0000-4000-8000-000000000000"}
        for number in range(size)
    ]
    return {"SuccessfulRequestList": created, "FailedRequestList": []}


def new_client() -> Any:
    return boto3.Session("key", "secret", region_name="us-east-1").client("connect")


def empty_hook(size: int) -> Act:
    body = json.dumps(answer(size)).encode()

    def respond(request: Any, **_: Any) -> AWSResponse:
        response = AWSResponse(request.url, 200, {"content-type": "application/json"}, io.BytesIO(body))
        response._content = body
        return response

    client, items = new_client(), batch(size)
    client.meta.events.register("before-send.connect", respond)
    return lambda: client.batch_put_contact(InstanceId=INSTANCE, ContactDataRequestList=items)


def stubber(size: int) -> Act:
    client, items, given = new_client(), batch(size), answer(size)
    stub = Stubber(client)
    stub.activate()
    expected = {"InstanceId": INSTANCE, "ContactDataRequestList": items}

    def call() -> object:
        stub.add_response("batch_put_contact", given, expected)
        return client.batch_put_contact(InstanceId=INSTANCE, ContactDataRequestList=items)

    return call


def ours(size: int, mock: ConnectMock, client: Any) -> Act:
    instance = mock.add_instance()
    queue = instance.add_queue()
    items = batch(size, queue.id, instance.add_campaign(queue=queue).id)
    return lambda: client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)


def in_a_mock(size: int) -> Prepared:
    with mock_connect():
        client = boto3.client("connect")

    @contextmanager
    def make() -> Iterator[Act]:
        with mock_connect() as mock:
            yield ours(size, mock, client)

    return Prepared(make)


@pytest.mark.parametrize("size", [1, 25])
def test_one_call(compare: Any, size: int) -> None:
    mock = ConnectMock()
    contestants = {
        "empty before-send hook": empty_hook(size),
        "connect_batchmock, boto3.client": in_a_mock(size),
        "connect_batchmock, connect_client": ours(size, mock, mock.client()),
        "Stubber": stubber(size),
    }
    compare(f"one call of BatchPutContact with {size} item(s)", 1000, contestants)


@pytest.fixture
def in_moto() -> Iterator[Any]:
    # No earlier: moto hooks itself into every client that is made once it is there.
    from moto import mock_aws

    with mock_aws():
        client = boto3.client("connect", region_name="us-east-1")
        given = client.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias="sales",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )
        yield lambda: client.describe_instance(InstanceId=given["Id"])


def test_a_call_that_moto_has(compare: Any, in_moto: Act) -> None:
    mock = ConnectMock()
    instance, client = mock.add_instance(), mock.client()
    contestants = {
        "moto": in_moto,
        "connect_batchmock": lambda: client.describe_instance(InstanceId=instance.id),
    }
    compare("one call of DescribeInstance", 500, contestants)
