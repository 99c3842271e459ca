"""requests: hand-signed calls. Imported once an application has loaded it; responses makes the answers.

``HTTPAdapter.send`` is asked first, and then does what it did: a test's own ``responses`` mock may have been
there before. One that is started later stands before it; so every such mock asks as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from typing import Any

import requests
import responses
from requests.adapters import HTTPAdapter

from connect_batchmock.protocol.routing import credential_scope, service_of_host, services_of
from connect_batchmock.wire.message import Ask, NetworkFault, Refusal, Request, Response
from connect_batchmock.wire.replacing import replaced


@contextmanager
def intercept(ask: Ask) -> Iterator[None]:
    """Ask about every request of a mocked service, before whatever else would answer it."""
    with (
        replaced(HTTPAdapter, "send", partial(_sending, ask)),
        replaced(responses.RequestsMock, "_on_request", partial(_on_request, ask)),
    ):
        yield


@contextmanager
def refuse(refusal: Refusal) -> Iterator[None]:
    """Show requests that nobody has answered to who may refuse to send them."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
            ours = _ours(request)
            if ours is not None:
                refusal(ours)
            return original(adapter, request, *args, **kwargs)

        return send

    with replaced(HTTPAdapter, "send", make):
        yield


def _sending(ask: Ask, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = _answer(ask, adapter, request)
        return original(adapter, request, *args, **kwargs) if answer is None else answer

    return send


def _on_request(ask: Ask, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def on_request(mock: Any, adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = _answer(ask, adapter, request)
        return original(mock, adapter, request, *args, **kwargs) if answer is None else answer

    return on_request


def _answer(ask: Ask, adapter: Any, request: Any) -> Any:
    ours = _ours(request)
    if ours is None:
        return None
    try:
        response = ask(replace(ours, body=_body(request)))
    except NetworkFault as fault:
        raise _exception(fault, request) from None
    return None if response is None else adapter.build_response(request, _raw(response, request))


def _ours(request: Any) -> Request | None:
    """Return a request without its body, or None for one that is for others: its body is theirs to read."""
    headers = {str(name).lower(): _text(value) for name, value in request.headers.items()}
    made = Request(request.method, request.url, headers, b"")
    if credential_scope(made) is None:
        # A signature says which service it is for; without one, the host is all there is to tell.
        made = replace(made, service=service_of_host(request.url))
    return made if services_of(made) else None


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(request: Any) -> bytes:
    body: Any = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    elif not isinstance(body, (str, bytes)):
        body = b"".join(body)
    # A stream is read once; whoever answers instead of us finds what was in it.
    request.body = body
    return body.encode() if isinstance(body, str) else bytes(body)


def _raw(response: Response, request: Any) -> Any:
    made = responses.Response(
        request.method,
        request.url,
        body=response.body,
        status=response.status,
        headers=dict(response.headers),
        content_type=None,
    )
    return made.get_response(request)


def _exception(fault: NetworkFault, request: Any) -> Exception:
    error = requests.ReadTimeout if fault.error == "ReadTimeoutError" else requests.ConnectionError
    return error(fault, request=request)
