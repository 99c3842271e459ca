"""A batch to be sent: an item that can be created, and two ways to send it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from connect_batchmock import Campaign, ConnectMock, Instance, Queue
from connect_batchmock.wire.message import Request, Response

Item = dict[str, Any]


@pytest.fixture
def an_item(connect_queue: Queue, connect_campaign: Campaign) -> Callable[..., Item]:
    """Make an item that can be created; a keyword replaces a member, and None takes it away."""

    def make(**changes: Any) -> Item:
        item = {
            "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
            "QueueId": connect_queue.id,
            "Campaign": {"CampaignId": connect_campaign.id},
            **changes,
        }
        return {name: value for name, value in item.items() if value is not None}

    return make


@pytest.fixture
def put(connect_client: Any, connect_instance: Instance) -> Callable[..., dict[str, Any]]:
    """Put items into ``connect_instance``; a keyword adds or replaces a parameter."""

    def call(*items: Item, **parameters: Any) -> dict[str, Any]:
        batch = {"InstanceId": connect_instance.id, "ContactDataRequestList": list(items), **parameters}
        answer: dict[str, Any] = connect_client.batch_put_contact(**batch)
        return answer

    return call


@pytest.fixture
def failure_of(put: Callable[..., dict[str, Any]]) -> Callable[[Item], dict[str, str]]:
    """Put one item that is to be refused, and return its entry in the FailedRequestList."""

    def call(item: Item) -> dict[str, str]:
        answer = put(item)
        assert answer["SuccessfulRequestList"] == []
        (failed,) = answer["FailedRequestList"]
        return dict(failed)

    return call


@pytest.fixture
def send(connect_mock: ConnectMock) -> Callable[..., Response | None]:
    """Send a request that botocore would not: signed by hand, or not at all."""

    def call(
        path: str,
        body: Any = b"",
        *,
        method: str = "PUT",
        signed_for: str | None = "connect",
        key: str = "AKIA",
    ) -> Response | None:
        scope = f"Credential={key}/20260101/us-east-1/{signed_for}/aws4_request"
        headers = {"authorization": f"AWS4-HMAC-SHA256 {scope}, Signature=0"} if signed_for else {}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"https://connect.us-east-1.amazonaws.com{path}"
        service = None if signed_for else "connect"
        return connect_mock.handle(Request(method, url, headers, data, service))

    return call
