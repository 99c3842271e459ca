"""An ASGI application that answers for a mock: the calls of clients, and what is asked under ``/_mock``."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from connect_batchmock._text import cut, listed
from connect_batchmock.engine.engine import UnfakedOperationError
from connect_batchmock.engine.faults import PlanError
from connect_batchmock.protocol.codec import unknown_operation_error
from connect_batchmock.protocol.http import NetworkFault, Request, Response
from connect_batchmock.protocol.model import SERVICES
from connect_batchmock.protocol.routing import credential_scope, route, services_signed_for
from connect_batchmock.server.access import CONTROL, AccessPolicy, RequestRefusedError, is_control
from connect_batchmock.server.served import Served
from connect_batchmock.services.custom import FakeError

Result = TypeVar("Result")

_logger = logging.getLogger("connect_batchmock.server")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_BYTES = 1024 * 1024
"""How long the body of a request may be."""

_DRAINED = 8 * MAX_BYTES
"""How much of a body that is too long is taken in and thrown away, so that its sender reads the answer."""


class Run(Protocol):
    """Calls a function somewhere else, and returns what it returns when it has."""

    def __call__(self, function: Callable[..., Result], *args: Any) -> Awaitable[Result]: ...


class Connection(Protocol):
    """The connection that a request came on."""

    def admit(self) -> None:
        """Let a request be answered.

        Raises:
            Refused: there are too many connections.
        """

    def request_complete(self) -> None:
        """Know that the whole request is there."""

    async def apply_fault(self, fault: NetworkFault, receive: Receive, send: Send) -> None:
        """Let happen to the connection what was planned."""


CONNECTION = "connect_batchmock.line"
"""The extension of ASGI by which the server tells the line."""

_ON_PAGES: Mapping[bytes, bytes] = {
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
"""What a browser is told with everything under ``/_mock``."""


class Application:
    """Answers HTTP requests from a mock.

    Args:
        served: the mock.
        gate: who may ask.
        control: what answers under ``/_mock``.
        run: calls what may take long in another thread.
    """

    def __init__(
        self,
        served: Served,
        gate: AccessPolicy,
        control: Callable[[Scope, Receive, Send], Awaitable[None]],
        run: Run,
    ) -> None:
        self._mock, self._engine = served.mock, served.engine
        self._gate = gate
        self._control = control
        self._run = run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers, (path, query) = headers_of(scope), target_of(scope)
        line: Connection = scope["extensions"][CONNECTION]
        try:
            line.admit()
            self._gate.check(scope["method"], path, headers)
            body = await body_of(headers, receive)
        except RequestRefusedError as refused:
            # What has not been read of the request cannot be told from the next one.
            await _send(send, _last(_response_of(refused, scope["method"], path)))
            return
        line.request_complete()
        if body is None:
            return
        if is_control(path):
            await self._answer_control(scope, again(body, receive), send)
            return
        # The host says nothing: a server has names of all kinds.
        request = Request(scope["method"], f"http://localhost{path}{query}", headers, body)
        try:
            response = await self._response(request)
        except NetworkFault as fault:
            await line.apply_fault(fault, receive, send)
        else:
            await _send(send, response)

    async def _answer_control(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == CONTROL:
            await _send(send, Response(308, {"location": f"{CONTROL}/"}, b""))
            return
        await self._control({**scope, "root_path": CONTROL}, receive, _protected(send))

    async def _response(self, request: Request) -> Response:
        with self._engine.try_without_blocking() as takes_no_time:
            if takes_no_time:
                return self._answer(request)
        return await self._run(self._answer, request)

    def _answer(self, request: Request) -> Response:
        try:
            return self._answer_or_refuse(request)
        except RequestRefusedError as refused:
            return _response_of(refused, request.method, _path(request))

    def _answer_or_refuse(self, request: Request) -> Response:
        try:
            response = self._mock.handle(self._with_service(request))
        except UnfakedOperationError as error:
            raise RequestRefusedError(501, "UnfakedOperationError", error.http_message) from error
        except (PlanError, FakeError) as error:
            raise RequestRefusedError(500, "InternalFailure", str(error)) from error
        if response is None:
            no_way = (
                f"{request.method} {cut(_path(request), 200)} is let through, by unfaked='passthrough' "
                f"or connect_mock.passthrough(), and from a server there is no way to go on. Answer it with "
                f"connect_mock.fake()."
            )
            raise RequestRefusedError(501, "UnfakedOperationError", no_way)
        return response

    def _with_service(self, request: Request) -> Request:
        """Return a request with the service that its signature says, or that alone has its path."""
        scope = credential_scope(request)
        if scope is not None:
            if not services_signed_for(scope.signing_name):
                raise RequestRefusedError(
                    400,
                    "UnknownService",
                    (
                        f"The request is signed for {cut(scope.signing_name, 60)!r}, which is not served "
                        f"here: this server answers what is signed for 'connect' and 'connect-campaigns'."
                    ),
                )
            return request
        able = [one for one in SERVICES if route((one,), request.method, request.url)]
        if not able:
            unknown = unknown_operation_error(request.method, _path(request))
            raise RequestRefusedError(404, unknown.code, unknown.message)
        if len(able) > 1:
            raise RequestRefusedError(
                403,
                "MissingAuthenticationTokenException",
                (
                    f"The request is not signed, and {listed(able)} all have its path. Sign it with any "
                    f"credentials (Signature Version 4): the signature says which service is meant."
                ),
            )
        return replace(request, service=able[0], region=self._mock.settings.region)


def _response_of(refused: RequestRefusedError, method: str, path: str) -> Response:
    if refused.status >= 500:
        # The client is another program, and what it makes of this is not seen where the server runs.
        _logger.warning("%s %s for %s %s: %s", refused.status, refused.code, method, path[:200], refused)
    return refused.response()


def _path(request: Request) -> str:
    return request.url.partition("?")[0].removeprefix("http://localhost")


def _last(response: Response) -> Response:
    return replace(response, headers={**response.headers, "connection": "close"})


def _protected(send: Send) -> Send:
    async def send_protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            others = [pair for pair in message["headers"] if pair[0] not in _ON_PAGES]
            message = {**message, "headers": [*others, *_ON_PAGES.items()]}
        await send(message)

    return send_protected


# The same for a whole second, in which there are many answers.
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
    """Return the headers of a request, their names in lower case; what comes twice is joined."""
    headers: dict[str, str] = {}
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def target_of(scope: Scope) -> tuple[str, str]:
    """Return the path and the query of a request, as they came."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return path, f"?{query}" if query else ""


async def body_of(headers: Mapping[str, str], receive: Receive) -> bytes | None:
    """Return the body of a request, or None if its client has gone.

    Raises:
        Refused: it is too long. No more of it is kept than is allowed.
    """
    # Whoever asks first whether to send so much is told, and has not sent it.
    if "expect" in headers and int(headers.get("content-length", "0")) > MAX_BYTES:
        raise _too_long()
    body, length, is_more = bytearray(), 0, True
    while is_more and length <= _DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        length += len(piece)
        body += piece if length <= MAX_BYTES else b""
        is_more = message.get("more_body", False)
    if length > MAX_BYTES:
        raise _too_long()
    return bytes(body)


def _too_long() -> RequestRefusedError:
    return RequestRefusedError(
        413,
        "RequestEntityTooLargeException",
        f"The body of the request is longer than {MAX_BYTES:,} bytes, which no operation takes.",
    )


def again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was taken in already, and then whatever else comes."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return left.pop() if left else await receive()

    return receive_again
