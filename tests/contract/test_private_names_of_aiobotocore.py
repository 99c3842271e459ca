"""The private names of aiobotocore that the interception uses: a new aiobotocore may change them."""

from __future__ import annotations

import inspect
from typing import Any

import installed

installed.aiobotocore()

import aiobotocore.endpoint
import aiobotocore.retries.adaptive
import aiobotocore.session
import aiobotocore.signers
from aiobotocore.credentials import AioCredentials


def parameters(owner: type, name: str) -> list[str]:
    return list(inspect.signature(owner.__dict__[name]).parameters)


def test_an_endpoint_sends() -> None:
    endpoint: Any = aiobotocore.endpoint.AioEndpoint
    assert parameters(endpoint, "_send") == ["self", "request"], (
        "older clients are answered in AioEndpoint._send"
    )
    assert inspect.iscoroutinefunction(endpoint.__dict__["_send"]), (
        "AioEndpoint._send is a coroutine function"
    )


def test_an_endpoint_creates_a_request() -> None:
    expected = ["self", "params", "operation_model"]
    names = parameters(aiobotocore.endpoint.AioEndpoint, "create_request")
    assert names == expected, "AioEndpoint.create_request knows the client's configuration by its params"


def test_an_endpoint_decides_about_retries() -> None:
    expected = ["self", "attempts", "operation_model", "request_dict", "response", "caught_exception"]
    names = parameters(aiobotocore.endpoint.AioEndpoint, "_needs_retry")
    assert names == expected, "AioEndpoint._needs_retry decides about a retry, and waits before it"


def test_the_limiter_of_adaptive_mode_can_be_disabled() -> None:
    limiter = aiobotocore.retries.adaptive.AsyncClientRateLimiter
    assert hasattr(limiter, "on_sending_request"), "the limiter waits in on_sending_request"
    assert limiter(*[None] * 5)._enabled is False, "the limiter waits once it is _enabled"


def test_a_signer_takes_credentials() -> None:
    names = parameters(aiobotocore.signers.AioRequestSigner, "get_auth_instance")
    assert names[:2] == ["self", "signing_name"], "get_auth_instance is asked by signing name"
    assert "request_credentials" in names, "get_auth_instance takes request_credentials"
    assert AioCredentials("x", "y").access_key == "x", "AioCredentials are made of a key and a secret"


def test_a_session_looks_for_credentials() -> None:
    assert "get_credentials" in vars(aiobotocore.session.AioSession), (
        "AioSession.get_credentials looks them up"
    )
    assert aiobotocore.session.AioSession()._credentials is None, (
        "AioSession._credentials are those that were set"
    )
