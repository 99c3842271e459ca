"""Two ways to send a batch: one item that is to be refused, and a request that botocore would not send."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from connect_batchmock import ConnectMock
from connect_batchmock.protocol.http import Request, Response

Item = dict[str, Any]


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
