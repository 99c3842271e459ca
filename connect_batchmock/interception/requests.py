"""requests, for hand-signed API calls. Imported once an application has loaded it.

``HTTPAdapter.send`` passes a request to the mock first. A test may start a ``responses`` mock before or after
that, so each ``responses`` mock does the same, unless the test registered a response with it for the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import responses
from requests.adapters import HTTPAdapter

from connect_batchmock.interception.patches import replaced
from connect_batchmock.interception.sockets import connections_allowed
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
def intercept(handler: Handler, answered_elsewhere: AnsweredElsewhereCallback) -> Iterator[None]:
    """Pass each request to a mocked service to the handler, before anything else can answer it.

    Args:
        handler: answers a request, or returns None to send it.
        answered_elsewhere: receives each request that a registration of the test answers.
    """
    with (
        replaced(HTTPAdapter, "send", partial(_intercept_send, handler)),
        replaced(
            responses.RequestsMock, "_on_request", partial(_intercept_on_request, handler, answered_elsewhere)
        ),
    ):
        yield


@contextmanager
def refuse(refusal: RefusalHook) -> Iterator[None]:
    """Pass each unanswered request to a mocked service to ``refusal``, which raises to refuse it."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
            intercepted = _to_request(request)
            if intercepted is None:
                return original(adapter, request, *args, **kwargs)
            refusal(intercepted)
            with connections_allowed():
                return original(adapter, request, *args, **kwargs)

        return send

    with replaced(HTTPAdapter, "send", make):
        yield


def _intercept_send(handler: Handler, original: Callable[..., Any]) -> Callable[..., Any]:
    # A ``responses`` mock that was active before calls the handler itself, after the test's registrations.
    is_responses = getattr(original, "__module__", None) == responses.__name__

    @wraps(original)
    def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        intercepted = None if is_responses else _to_request(request)
        if intercepted is None:
            return original(adapter, request, *args, **kwargs)
        response = _handle(handler, adapter, request, intercepted, kwargs)
        if response is not None:
            return response
        with connections_allowed():
            return original(adapter, request, *args, **kwargs)

    return send


def _intercept_on_request(
    handler: Handler, answered_elsewhere: AnsweredElsewhereCallback, original: Callable[..., Any]
) -> Callable[..., Any]:
    @wraps(original)
    def on_request(mock: Any, adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        intercepted = _to_request(request)
        if intercepted is None:
            return original(mock, adapter, request, *args, **kwargs)
        if _is_registered(mock, request, kwargs):
            answered_elsewhere(intercepted, "a registration of responses")
            return original(mock, adapter, request, *args, **kwargs)
        response = _handle(handler, adapter, request, intercepted, kwargs)
        if response is not None:
            return response
        with connections_allowed():
            return original(mock, adapter, request, *args, **kwargs)

    return on_request


def _is_registered(mock: Any, request: Any, kwargs: Any) -> bool:
    """Whether a test registered a response to a request with this mock of responses.

    Looking the request up in the registry would use a response up, so the responses are matched here. Those
    of moto do not count: moto answers for all of AWS.
    """
    registered = [
        response for response in mock.registered() if not type(response).__module__.startswith("moto.")
    ]
    if not registered:
        return False
    _body(request)
    matched = request.copy()
    # Matchers read attributes that the mock adds to a request before it calls them.
    query = parse_qs(urlsplit(request.url).query)
    matched.params = {name: values[0] if len(values) == 1 else values for name, values in query.items()}
    matched.req_kwargs = {name: value for name, value in kwargs.items() if name != "retries"}
    return any(response.matches(matched)[0] for response in registered)


def _handle(
    handler: Handler, adapter: Any, request: Any, intercepted: Request, kwargs: Mapping[str, Any]
) -> Any:
    timeout = _read_timeout(kwargs.get("timeout"))
    try:
        response = handler(replace(intercepted, body=_body(request), read_timeout=timeout))
    except NetworkFault as fault:
        raise _exception(fault, request) from None
    return None if response is None else adapter.build_response(request, _raw(response, request))


def _read_timeout(timeout: Any) -> float | None:
    """Return the timeout for the response: requests takes seconds, a pair, or an object of urllib3."""
    seconds: float | None = (
        timeout[1] if isinstance(timeout, tuple) else getattr(timeout, "read_timeout", timeout)
    )
    return seconds


def _to_request(request: Any) -> Request | None:
    """Return a request to a mocked service without its body, or None; the bodies of others stay unread."""
    headers = {str(name).lower(): _text(value) for name, value in request.headers.items()}
    converted = Request(request.method, request.url, headers, b"")
    if credential_scope(converted) is None:
        # A signature names the service. Without one, only the host does.
        converted = replace(converted, service=service_of_host(urlsplit(request.url).hostname or ""))
    return converted if services_of(converted) else None


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(request: Any) -> bytes:
    body: Any = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    elif not isinstance(body, (str, bytes)):
        body = b"".join(body)
    # A stream can be read once only, and something else may still send the request.
    request.body = body
    return body.encode() if isinstance(body, str) else bytes(body)


def _raw(response: Response, request: Any) -> Any:
    registered = responses.Response(
        request.method,
        request.url,
        body=response.body,
        status=response.status,
        headers=dict(response.headers),
        content_type=None,
    )
    return registered.get_response(request)


def _exception(fault: NetworkFault, request: Any) -> Exception:
    error = requests.ReadTimeout if fault.error == "ReadTimeoutError" else requests.ConnectionError
    return error(fault, request=request)
