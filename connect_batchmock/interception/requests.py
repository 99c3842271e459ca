"""requests: hand-signed calls. Imported once an application has loaded it; responses makes the answers.

``HTTPAdapter.send`` asks, and then does what it did. A test's own ``responses`` mock may have been there
before, or come later and stand before it; so every such mock asks as well, unless the test has registered
something with it for the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import responses
from requests.adapters import HTTPAdapter

from connect_batchmock.interception.import_hooks import replaced
from connect_batchmock.interception.sockets import let_through
from connect_batchmock.protocol.http import (
    AnsweredElsewhereCallback,
    Handler,
    NetworkFault,
    RefusalHook,
    Request,
    Response,
)
from connect_batchmock.protocol.routing import credential_scope, service_of_host, services_of


@contextmanager
def intercept(ask: Handler, answered_elsewhere: AnsweredElsewhereCallback) -> Iterator[None]:
    """Ask about every request of a mocked service, before whatever else would answer it.

    Args:
        ask: answers a request, or lets it go on.
        answered_elsewhere: is told of a request that a registration of the test's own answers.
    """
    with (
        replaced(HTTPAdapter, "send", partial(_sending, ask)),
        replaced(responses.RequestsMock, "_on_request", partial(_on_request, ask, answered_elsewhere)),
    ):
        yield


@contextmanager
def refuse(refusal: RefusalHook) -> Iterator[None]:
    """Show requests that nobody has answered to who may refuse to send them."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
            ours = _to_request(request)
            if ours is None:
                return original(adapter, request, *args, **kwargs)
            refusal(ours)
            with let_through():
                return original(adapter, request, *args, **kwargs)

        return send

    with replaced(HTTPAdapter, "send", make):
        yield


def _sending(ask: Handler, original: Callable[..., Any]) -> Callable[..., Any]:
    # A mock of responses that was there before asks as well, after what a test has registered with it.
    asks_itself = getattr(original, "__module__", None) == responses.__name__

    @wraps(original)
    def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        ours = None if asks_itself else _to_request(request)
        if ours is None:
            return original(adapter, request, *args, **kwargs)
        answer = _answer(ask, adapter, request, ours)
        if answer is not None:
            return answer
        with let_through():
            return original(adapter, request, *args, **kwargs)

    return send


def _on_request(
    ask: Handler, answered_elsewhere: AnsweredElsewhereCallback, original: Callable[..., Any]
) -> Callable[..., Any]:
    @wraps(original)
    def on_request(mock: Any, adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        ours = _to_request(request)
        if ours is None:
            return original(mock, adapter, request, *args, **kwargs)
        if _is_registered(mock, request, kwargs):
            answered_elsewhere(ours, "a registration of responses")
            return original(mock, adapter, request, *args, **kwargs)
        answer = _answer(ask, adapter, request, ours)
        if answer is not None:
            return answer
        with let_through():
            return original(mock, adapter, request, *args, **kwargs)

    return on_request


def _is_registered(mock: Any, request: Any, kwargs: Any) -> bool:
    """Whether a test has registered an answer to a request with this mock of responses.

    The registry is not asked: it forgets an answer when it has found it. Nor does what moto has registered
    count, which answers for all of AWS.
    """
    registered = [
        response for response in mock.registered() if not type(response).__module__.startswith("moto.")
    ]
    if not registered:
        return False
    _body(request)
    asked = request.copy()
    # Matchers look at what the mock itself adds to a request before it asks them.
    query = parse_qs(urlsplit(request.url).query)
    asked.params = {name: values[0] if len(values) == 1 else values for name, values in query.items()}
    asked.req_kwargs = {name: value for name, value in kwargs.items() if name != "retries"}
    return any(response.matches(asked)[0] for response in registered)


def _answer(ask: Handler, adapter: Any, request: Any, ours: Request) -> Any:
    try:
        response = ask(replace(ours, body=_body(request)))
    except NetworkFault as fault:
        raise _exception(fault, request) from None
    return None if response is None else adapter.build_response(request, _raw(response, request))


def _to_request(request: Any) -> Request | None:
    """Return a request without its body, or None for one that is for others: its body is theirs to read."""
    headers = {str(name).lower(): _text(value) for name, value in request.headers.items()}
    made = Request(request.method, request.url, headers, b"")
    if credential_scope(made) is None:
        # A signature says which service it is for; without one, the host is all there is to tell.
        made = replace(made, service=service_of_host(urlsplit(request.url).hostname or ""))
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
