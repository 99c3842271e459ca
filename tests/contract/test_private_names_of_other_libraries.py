"""The names of requests, responses and moto that the interception uses: a new version may change them."""

from __future__ import annotations

import inspect
from typing import Any

import moto.core.models
import requests
import responses
from moto.core.botocore_stubber import BotocoreStubber
from requests.adapters import HTTPAdapter


def parameters(owner: Any, name: str) -> list[str]:
    return list(inspect.signature(owner.__dict__[name]).parameters)


def test_an_adapter_sends_a_request() -> None:
    assert parameters(HTTPAdapter, "send")[:2] == ["self", "request"], (
        "requests are answered in HTTPAdapter.send"
    )


def test_a_mock_of_responses_is_asked_by_its_adapter() -> None:
    names = parameters(responses.RequestsMock, "_on_request")[:3]
    assert names == ["self", "adapter", "request"], "a mock of responses is asked in RequestsMock._on_request"


def test_responses_makes_what_an_adapter_reads() -> None:
    request = requests.Request("GET", "https://example.com/").prepare()
    made = responses.Response("GET", "https://example.com/", body=b"body", status=418, content_type=None)
    answer = HTTPAdapter().build_response(request, made.get_response(request))
    assert (answer.status_code, answer.content) == (418, b"body"), "responses.Response makes a raw response"


def test_moto_s_handler_is_called_with_an_event_and_a_request() -> None:
    names = parameters(BotocoreStubber, "__call__")[:3]
    assert names == ["self", "event_name", "request"], "moto is asked in BotocoreStubber.__call__"


def test_moto_says_whether_it_is_active() -> None:
    assert moto.core.models.botocore_stubber.enabled is False, "botocore_stubber.enabled says so"
    with moto.mock_aws():
        assert moto.core.models.botocore_stubber.enabled is True, "botocore_stubber.enabled says so"
