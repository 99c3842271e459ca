"""An ASGI application for a mock: it answers API calls, and requests to the HTTP API under ``/_mock``."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from time import sleep
from typing import Protocol

from starlette.types import Message, Receive, Scope, Send

from connect_batchmock._text import cut, listed
from connect_batchmock.engine.engine import UnfakedOperationError
from connect_batchmock.engine.faults import PlanError
from connect_batchmock.protocol.codec import unknown_operation_error
from connect_batchmock.protocol.http import NetworkFault, Request, Response
from connect_batchmock.protocol.model import SERVICES
from connect_batchmock.protocol.routing import credential_scope, route, services_signed_for
from connect_batchmock.server.access import CONTROL, AccessPolicy, RequestRefusedError, is_control
from connect_batchmock.server.served import Served
from connect_batchmock.server.threads import RunInThread
from connect_batchmock.services.custom import FakeError

_logger = logging.getLogger("connect_batchmock.server")

MAX_BYTES = 1024 * 1024
"""The maximal length of the body of a request."""

_MAX_DRAINED = 8 * MAX_BYTES
"""How much of a body that is too long the server reads and drops, so that the client reads the response."""


class ClientConnection(Protocol):
    """What the application needs of the connection that a request came on."""

    def admit(self) -> None:
        """Check that the server has room for a request.

        Raises:
            RequestRefusedError: too many connections are open.
        """

    def request_complete(self) -> None:
        """Note that the whole request has arrived."""

    async def apply_fault(self, fault: NetworkFault, receive: Receive, send: Send) -> None:
        """Apply a planned fault to the connection."""


CONNECTION = "connect_batchmock.connection"
"""The extension of the ASGI scope that holds the connection."""

_SECURITY_HEADERS: Mapping[bytes, bytes] = {
    b"cache-control": b"no-store",
    b"content-security-policy": (
        b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}
"""The security headers of every response under ``/_mock``."""


class Application:
    """The ASGI application of one mock.

    Args:
        served: the mock.
        access: the access policy.
        control: the ASGI application of the HTTP API and the live page.
        run: calls a function that can block in another thread.
        wait: calls a function that waits in another thread, which no function of ``run`` needs.
    """

    def __init__(
        self,
        served: Served,
        access: AccessPolicy,
        control: Callable[[Scope, Receive, Send], Awaitable[None]],
        run: RunInThread,
        wait: RunInThread,
    ) -> None:
        self._mock, self._engine = served.mock, served.engine
        self._access = access
        self._control = control
        self._run = run
        self._wait = wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers, (path, query) = headers_of(scope), target_of(scope)
        connection: ClientConnection = scope["extensions"][CONNECTION]
        try:
            connection.admit()
            self._access.check(scope["method"], path, headers)
            body = await body_of(headers, receive)
        except RequestRefusedError as refused:
            # The connection closes, because the unread rest of this request would look like the next one.
            await _send(send, _closing(_response_of(refused, scope["method"], path)))
            return
        connection.request_complete()
        if body is None:
            return
        if is_control(path):
            await self._respond_control(scope, replayed(body, receive), send)
            return
        # The host does not name the service: a server has any name.
        request = Request(scope["method"], f"http://localhost{path}{query}", headers, body)
        try:
            response = await self._response(request)
        except NetworkFault as fault:
            await connection.apply_fault(fault, receive, send)
            return
        if response.delay:
            # The timers of a loop stop where a test freezes time, and the sleep of a thread does not.
            await self._wait(sleep, response.delay)
        await _send(send, response)

    async def _respond_control(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == CONTROL:
            await _send(send, Response(308, {"location": f"{CONTROL}/"}, b""))
            return
        await self._control({**scope, "root_path": CONTROL}, receive, _protected(send))

    async def _response(self, request: Request) -> Response:
        with self._engine.try_without_blocking() as does_not_block:
            if does_not_block:
                return self._handle(request)
        return await self._run(self._handle, request)

    def _handle(self, request: Request) -> Response:
        try:
            return self._handle_or_refuse(request)
        except RequestRefusedError as refused:
            return _response_of(refused, request.method, _path(request))

    def _handle_or_refuse(self, request: Request) -> Response:
        try:
            response = self._engine.handle(self._with_service(request))
        except UnfakedOperationError as error:
            raise RequestRefusedError(501, "UnfakedOperationError", error.http_message) from error
        except (PlanError, FakeError) as error:
            raise RequestRefusedError(500, "InternalFailure", str(error)) from error
        if response is None:
            raise RequestRefusedError(
                501,
                "UnfakedOperationError",
                f"{request.method} {cut(_path(request), 200)} passes through, by unfaked='passthrough' or "
                f"connect_mock.passthrough(), but a server does not forward requests. Add a fake with "
                f"connect_mock.fake().",
            )
        return response

    def _with_service(self, request: Request) -> Request:
        """Return a request with its service: that of the signature, or the only one that has the path."""
        scope = credential_scope(request)
        if scope is not None:
            if not services_signed_for(scope.signing_name):
                raise RequestRefusedError(
                    400,
                    "UnknownService",
                    f"The request is signed for {cut(scope.signing_name, 60)!r}; this server answers "
                    f"requests that are signed for 'connect' or 'connect-campaigns'.",
                )
            return request
        services = [service for service in SERVICES if route((service,), request.method, request.url)]
        if not services:
            unknown = unknown_operation_error(request.method, _path(request))
            raise RequestRefusedError(404, unknown.code, unknown.message)
        if len(services) > 1:
            raise RequestRefusedError(
                403,
                "MissingAuthenticationTokenException",
                f"The request is not signed, and {listed(services)} all have its path. Sign it with any "
                f"credentials (Signature Version 4): the signature names the service.",
            )
        return replace(request, service=services[0], region=self._mock.settings.region)


def _response_of(refused: RequestRefusedError, method: str, path: str) -> Response:
    if refused.status >= 500:
        # The output of the client, another program, is not visible where the server runs.
        _logger.warning("%s %s for %s %s: %s", refused.status, refused.code, method, path[:200], refused)
    return refused.response()


def _path(request: Request) -> str:
    return request.url.partition("?")[0].removeprefix("http://localhost")


def _closing(response: Response) -> Response:
    return replace(response, headers={**response.headers, "connection": "close"})


def _protected(send: Send) -> Send:
    async def send_protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            others = [pair for pair in message["headers"] if pair[0] not in _SECURITY_HEADERS]
            message = {**message, "headers": [*others, *_SECURITY_HEADERS.items()]}
        await send(message)

    return send_protected


# Many responses have the same date.
@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


async def _send(send: Send, response: Response) -> None:
    headers = {"date": _date(int(time.time())), **response.headers}
    headers["content-length"] = str(len(response.body))
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": pairs})
    await send({"type": "http.response.body", "body": response.body})


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers of a request, their names in lower case; repeated headers are joined."""
    headers: dict[str, str] = {}
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def target_of(scope: Scope) -> tuple[str, str]:
    """Return the path and the query of a request, still percent-encoded."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return path, f"?{query}" if query else ""


async def body_of(headers: Mapping[str, str], receive: Receive) -> bytes | None:
    """Return the body of a request, or None if the client has disconnected.

    Raises:
        RequestRefusedError: the body is too long; the server keeps no more of it than it accepts.
    """
    # A client that sends "Expect: 100-continue" has not sent the body yet.
    if "expect" in headers and int(headers.get("content-length", "0")) > MAX_BYTES:
        raise _too_long()
    body, length, is_more = bytearray(), 0, True
    while is_more and length <= _MAX_DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        length += len(chunk)
        body += chunk if length <= MAX_BYTES else b""
        is_more = message.get("more_body", False)
    if length > MAX_BYTES:
        raise _too_long()
    return bytes(body)


def _too_long() -> RequestRefusedError:
    return RequestRefusedError(
        413,
        "RequestEntityTooLargeException",
        f"The body of the request is longer than {MAX_BYTES:,} bytes, the limit of the server.",
    )


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that returns a body that was read already, and then the messages that follow."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_replayed() -> Message:
        return messages.pop() if messages else await receive()

    return receive_replayed
