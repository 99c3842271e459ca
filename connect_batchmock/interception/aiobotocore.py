"""aiobotocore: every private name of it that is touched. It is imported once an application has loaded it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial, wraps
from typing import Any

from aiobotocore.credentials import AioCredentials
from aiobotocore.endpoint import AioEndpoint
from aiobotocore.session import AioSession
from aiobotocore.signers import AioRequestSigner

from connect_batchmock.interception.botocore import answer_at, is_ours_to_sign, offer, sent_on
from connect_batchmock.interception.import_hooks import needed, replaced, replaced_to_save_time
from connect_batchmock.interception.retries import skip_retry_delay
from connect_batchmock.protocol.http import Handler, RefusalHook
from connect_batchmock.settings import ACCESS_KEY, SECRET_KEY


@contextmanager
def intercept(ask: Handler) -> Iterator[None]:
    """Ask about every request of a mocked service, of clients made before and of those made within."""
    with ExitStack() as restore:
        restore.enter_context(replaced(AioEndpoint, "_send", partial(_sending, ask)))
        restore.enter_context(replaced_to_save_time(AioEndpoint, "_needs_retry", skip_retry_delay))
        restore.enter_context(replaced(AioRequestSigner, "get_auth_instance", _signing_with_our_credentials))
        yield


@contextmanager
def refuse(refusal: RefusalHook) -> Iterator[None]:
    """Show requests of a mocked service, that nobody has answered, to who may refuse to send them."""

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
    """Give every session the mock's credentials, without looking for the user's and without keeping them."""

    def make(original: Any) -> Any:
        async def get_credentials(session: Any) -> Any:
            return needed(session, "_credentials") or _our_credentials()

        return get_credentials

    with replaced(AioSession, "get_credentials", make):
        yield


def _sending(ask: Handler, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def send(endpoint: Any, request: Any) -> Any:
        answer = answer_at(endpoint, ask, request)
        if answer is not None:
            return answer
        with sent_on(endpoint):
            return await original(endpoint, request)

    return send


def _signing_with_our_credentials(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def get_auth_instance(signer: Any, signing_name: str, *args: Any, **kwargs: Any) -> Any:
        if is_ours_to_sign(signing_name, needed(signer, "_credentials")):
            kwargs["request_credentials"] = _our_credentials()
        return await original(signer, signing_name, *args, **kwargs)

    return get_auth_instance


def _our_credentials() -> AioCredentials:
    return AioCredentials(ACCESS_KEY, SECRET_KEY)
