"""aiobotocore, and its private names that are replaced. Imported once an application has loaded it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial, wraps
from typing import Any

from aiobotocore.credentials import AioCredentials
from aiobotocore.endpoint import AioEndpoint
from aiobotocore.session import AioSession
from aiobotocore.signers import AioRequestSigner

from connect_batchmock.interception.botocore import (
    is_signed_by_mock,
    offer,
    response_at,
    sent_on,
    with_read_timeout,
)
from connect_batchmock.interception.patches import needed, replaced, replaced_to_save_time
from connect_batchmock.interception.retries import skip_retry_delay
from connect_batchmock.protocol.http import Handler, RefusalHook
from connect_batchmock.settings import ACCESS_KEY, SECRET_KEY


@contextmanager
def intercept(handler: Handler) -> Iterator[None]:
    """Pass each request to a mocked service to the handler, for every client, whenever it was made."""
    with ExitStack() as restore:
        restore.enter_context(replaced(AioEndpoint, "_send", partial(_intercept_send, handler)))
        restore.enter_context(replaced(AioEndpoint, "create_request", _note_read_timeout))
        restore.enter_context(replaced_to_save_time(AioEndpoint, "_needs_retry", skip_retry_delay))
        restore.enter_context(replaced(AioRequestSigner, "get_auth_instance", _sign_with_mock_credentials))
        yield


@contextmanager
def refuse(refusal: RefusalHook) -> Iterator[None]:
    """Pass each unanswered request to a mocked service to ``refusal``, which raises to refuse it."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        async def send(endpoint: Any, request: Any) -> Any:
            offer(endpoint, refusal, request)
            with sent_on(endpoint):
                return await original(endpoint, request)

        return send

    with replaced(AioEndpoint, "_send", make):
        yield


@contextmanager
def no_credential_lookup() -> Iterator[None]:
    """Make every session return the mock's credentials, without storing them and without a lookup."""

    def make(original: Any) -> Any:
        async def get_credentials(session: Any) -> Any:
            return needed(session, "_credentials") or _mock_credentials()

        return get_credentials

    with replaced(AioSession, "get_credentials", make):
        yield


def _intercept_send(handler: Handler, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def send(endpoint: Any, request: Any) -> Any:
        response = response_at(endpoint, handler, request)
        if response is not None:
            return response
        with sent_on(endpoint):
            return await original(endpoint, request)

    return send


def _note_read_timeout(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def create_request(endpoint: Any, params: Any, operation_model: Any = None) -> Any:
        return with_read_timeout(await original(endpoint, params, operation_model), params)

    return create_request


def _sign_with_mock_credentials(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def get_auth_instance(signer: Any, signing_name: str, *args: Any, **kwargs: Any) -> Any:
        if is_signed_by_mock(signing_name, needed(signer, "_credentials")):
            kwargs["request_credentials"] = _mock_credentials()
        return await original(signer, signing_name, *args, **kwargs)

    return get_auth_instance


def _mock_credentials() -> AioCredentials:
    return AioCredentials(ACCESS_KEY, SECRET_KEY)
