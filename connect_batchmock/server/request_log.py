"""The log of the requests that a server answers: one line for each request of a client."""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connect_batchmock.protocol.http import Request
from connect_batchmock.protocol.model import SERVICES
from connect_batchmock.protocol.routing import credential_scope, route, services_signed_for
from connect_batchmock.server.access import is_control
from connect_batchmock.server.application import headers_of, target_of

_logger = logging.getLogger("connect_batchmock.server.requests")


class RequestLog:
    """An ASGI application that logs the requests of clients at the level INFO.

    A line has the method, the path, the operation and the response: ``GET /instance ListInstances 200``.
    Requests under ``/_mock`` are not logged, and neither is the query, which holds the credentials of a
    presigned request.

    Args:
        application: answers the requests.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and log it."""
        path, _ = target_of(scope)
        if is_control(path) or not _logger.isEnabledFor(logging.INFO):
            await self._application(scope, receive, send)
            return
        response = "no response"

        async def send_noted(message: Message) -> None:
            nonlocal response
            if message["type"] == "http.response.start":
                response = _described(message)
            await send(message)

        await self._application(scope, receive, send_noted)
        _logger.info("%s %s %s %s", scope["method"], path, _operation(scope), response)


def _described(start: Message) -> str:
    headers = {name.lower(): value.decode("latin-1") for name, value in start["headers"]}
    return f"{start['status']} {headers.get(b'x-amzn-errortype', '')}".rstrip()


def _operation(scope: Scope) -> str:
    path, query = target_of(scope)
    request = Request(scope["method"], f"http://localhost{path}{query}", headers_of(scope), b"")
    signed = credential_scope(request)
    services = SERVICES if signed is None else services_signed_for(signed.signing_name)
    found = route(services, request.method, request.url)
    return "-" if found is None else found.operation.name
