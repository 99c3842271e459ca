"""An ASGI application that answers for a mock: the requests of clients, and what is asked under ``/_mock``."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from starlette.routing import Router

from connect_batchmock import explain
from connect_batchmock.clockwork import PlanBroken
from connect_batchmock.engine import UnfakedOperation
from connect_batchmock.protocol.model import SERVICES
from connect_batchmock.protocol.routing import credential_scope, route, services_of
from connect_batchmock.server.gatekeeping import Gate, Refused, body_of
from connect_batchmock.services.added import FakeBroken
from connect_batchmock.wire.message import NetworkFault, Request, Response

if TYPE_CHECKING:
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.server.workers import Workers

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CONNECTION = "connect_batchmock.connection"
"""The extension under which the server tells the connection that a request came on."""


class Application:
    """Answers HTTP requests from a mock.

    Args:
        connect_mock: the mock.
        gate: who may ask.
        workers: where what takes time is done.
        control: what answers under ``/_mock``.
    """

    def __init__(self, connect_mock: ConnectMock, gate: Gate, workers: Workers, control: Router) -> None:
        self._mock = connect_mock
        self._gate = gate
        self._workers = workers
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            self._gate.check(scope)
            body = await body_of(scope, receive)
        except Refused as refused:
            await _send(send, refused.response())
            return
        if body is None:
            return
        path = scope["path"]
        if path == "/_mock" or path.startswith("/_mock/"):
            await self._control(_under_mock(scope), _having(body, receive), send)
            return
        await self._answer(_request(scope, body), scope, receive, send)

    async def _answer(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._workers.run(self._response, request)
        except NetworkFault as fault:
            await scope["extensions"][CONNECTION].suffer(fault, receive, send)
            return
        await _send(send, response)

    def _response(self, request: Request) -> Response:
        meant = self._made_for(request)
        if isinstance(meant, Response):
            return meant
        try:
            response = self._mock.handle(meant)
        except UnfakedOperation as error:
            return plain(501, "UnfakedOperation", str(error))
        except (PlanBroken, FakeBroken) as error:
            return plain(500, "InternalFailure", str(error))
        return response or plain(501, "NotAnswered", explain.nowhere_to_go_on(meant.method, meant.url))

    def _made_for(self, request: Request) -> Request | Response:
        """Return the request with the service that it is for, or what is wrong with it."""
        scope = credential_scope(request)
        if scope is not None:
            if services_of(request):
                return request
            return plain(400, "UnknownService", explain.signed_for_another(scope.signing_name))
        able = [one for one in SERVICES if route((one,), request.method, request.url)]
        if len(able) == 1:
            return Request(
                request.method,
                request.url,
                request.headers,
                request.body,
                able[0],
                self._mock.settings.region,
            )
        if not able:
            return plain(404, "UnknownOperationException", explain.unknown_operation_here(request.method))
        return plain(403, "MissingAuthenticationTokenException", explain.unsigned_and_unclear(able))


def plain(status: int, code: str, message: str) -> Response:
    """Return an answer of the server's own, in the form in which the services give their errors."""
    headers = {"content-type": "application/json", "x-amzn-errortype": code}
    return Response(status, headers, json.dumps({"message": message}).encode())


def _request(scope: Scope, body: bytes) -> Request:
    names: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        names[key] = f"{names[key]}, {text}" if key in names else text
    query = scope["query_string"].decode("latin-1")
    path = scope["raw_path"].decode("latin-1")
    url = f"http://{names.get('host', '')}{path}{'?' if query else ''}{query}"
    return Request(scope["method"], url, names, body)


def _under_mock(scope: Scope) -> Scope:
    return {**scope, "root_path": f"{scope['root_path']}/_mock"}


def _having(body: bytes, receive: Receive) -> Receive:
    """Return what hands on a body that was read already, and then what else comes."""
    told: list[Mapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> MutableMapping[str, Any]:
        return dict(told.pop()) if told else await receive()

    return receive_again


async def _send(send: Send, response: Response) -> None:
    headers = {"date": formatdate(time.time(), usegmt=True), **response.headers}
    # The length of what is sent; an answer to a HEAD request has the same headers and no body.
    headers["content-length"] = str(len(response.body))
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": pairs})
    await send({"type": "http.response.body", "body": response.body})
