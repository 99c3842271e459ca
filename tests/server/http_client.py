"""A client of the HTTP API under ``/_mock`` that calls the application directly, without a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

from http_response import HttpResponse
from starlette.routing import Router

from connect_batchmock import ConnectMock
from connect_batchmock.server.control import routes

Result = TypeVar("Result")
Send = Callable[[Any], Awaitable[None]]
MAX_SECONDS = 20.0


async def directly(function: Callable[..., Result], /, *args: Any) -> Result:
    """Call a function in this thread."""
    return function(*args)


class HttpClient:
    """Sends requests to ``/_mock`` of one mock."""

    def __init__(self, connect_mock: ConnectMock) -> None:
        self.is_stopping: Callable[[], bool] = lambda: False
        self._application = Router(
            routes.routes(connect_mock._served(), lambda: self.is_stopping(), directly, directly)
        )

    def get(self, path: str) -> HttpResponse:
        return self.ask("GET", path)

    def post(self, path: str, body: Any = None) -> HttpResponse:
        return self.ask("POST", path, b"" if body is None else json.dumps(body).encode())

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        answer = HttpResponse(0, {}, b"")

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            answer.body += message.get("body", b"")

        self._run(method, path, body, headers or {}, send)
        return answer

    def follow(
        self,
        path: str,
        messages: int,
        *,
        after: str | None = None,
        meanwhile: Callable[[list[dict[str, str]]], object] = lambda found: None,
    ) -> list[dict[str, str]]:
        """Return the messages of a stream, each by its fields, until there are that many.

        ``meanwhile`` is called with those that are there after each part that comes.
        """
        received = bytearray()

        def found() -> list[dict[str, str]]:
            parts = received.decode().split("\n\n")[:-1]
            fields = [dict(line.split(": ", 1) for line in part.splitlines()) for part in parts]
            return [field for field in fields if "data" in field]

        async def send(message: Any) -> None:
            received.extend(message.get("body", b""))
            meanwhile(found())

        headers = {} if after is None else {"last-event-id": after}
        self._run("GET", path, b"", headers, send, lambda: len(found()) >= messages)
        return found()

    def _run(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        send: Send,
        has_enough: Callable[[], bool] = lambda: False,
    ) -> None:
        url = urlsplit(path)
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            # Since this version, sending fails once the client has disconnected.
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "method": method,
            "path": f"/_mock/{url.path}",
            "root_path": "/_mock",
            "query_string": url.query.encode(),
            "headers": pairs,
        }

        bodies = [body]

        async def receive() -> Any:
            if not bodies:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}

        async def until_enough(message: Any) -> None:
            await send(message)
            if has_enough():
                answering.cancel()
                # The client reads nothing more.
                await asyncio.Event().wait()

        async def run() -> None:
            nonlocal answering
            answering = asyncio.ensure_future(self._application(scope, receive, until_enough))
            with suppress(asyncio.CancelledError):
                await asyncio.wait_for(answering, MAX_SECONDS)

        answering: asyncio.Future[None]
        asyncio.run(run())
