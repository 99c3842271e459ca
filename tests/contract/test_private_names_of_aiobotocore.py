"""The private names of aiobotocore that the way in rests on: which of them a new aiobotocore has changed."""

from __future__ import annotations

import inspect

import pytest

pytest.importorskip("aiobotocore", reason="aiobotocore is not there, or not yet there for this botocore")

import aiobotocore.endpoint
import aiobotocore.retries.adaptive


def test_an_endpoint_decides_about_retries() -> None:
    names = list(inspect.signature(aiobotocore.endpoint.AioEndpoint.__dict__["_needs_retry"]).parameters)
    expected = ["self", "attempts", "operation_model", "request_dict", "response", "caught_exception"]
    assert names == expected, "AioEndpoint._needs_retry decides about a retry, and waits before it"


def test_the_limiter_of_adaptive_mode_can_be_let_off() -> None:
    limiter = aiobotocore.retries.adaptive.AsyncClientRateLimiter
    assert hasattr(limiter, "on_sending_request"), "the limiter waits in on_sending_request"
    assert limiter(*[None] * 5)._enabled is False, "the limiter waits once it is _enabled"
