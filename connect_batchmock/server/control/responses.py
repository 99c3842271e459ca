"""The responses of the HTTP API: JSON, and for an exception its message and a status."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from connect_batchmock.engine.faults import PlanError
from connect_batchmock.server.control.encoding import json_bytes
from connect_batchmock.server.threads import RunInThread
from connect_batchmock.state.document import StateError, state_too_deep

Endpoint = Callable[[Request], Awaitable[Response]]

Action = Callable[[Request, bytes], Any]
"""Acts on a request with a body, and returns what the response shows as its ``result``."""


class NoSuchResourceError(Exception):
    """The path of a request names a resource that does not exist."""


_STATUSES: Mapping[type[Exception], tuple[int, str]] = {
    ValueError: (400, "ValueError"),
    TypeError: (400, "TypeError"),
    NoSuchResourceError: (404, "NotFoundError"),
    AssertionError: (409, "AssertionError"),
    ImportError: (501, "ImportError"),
    PlanError: (500, "PlanError"),
}
"""The status and the name for each exception of the mock; a PlanError comes from a function of the test."""


def json_response(value: Any, status: int = 200) -> Response:
    """Return a response with a value as JSON."""
    return Response(json_bytes(value), status, media_type="application/json")


def error_response(status: int, error: str, message: str, **members: Any) -> Response:
    """Return a response with an error and its message."""
    return json_response({"error": error, "message": message, **members}, status)


class Endpoints:
    """Makes endpoints of functions that read or change a mock.

    Args:
        run: calls a function in another thread, because a function of the test can block.
    """

    def __init__(self, run: RunInThread) -> None:
        self._run = run

    def reading(self, read: Callable[[Request], Any]) -> Endpoint:
        """Return an endpoint that responds with what a function returns."""

        async def endpoint(request: Request) -> Response:
            return await self._run(_respond, lambda: read(request))

        return endpoint

    def acting(self, act: Action) -> Endpoint:
        """Return an endpoint that responds with the ``result`` of an action."""

        async def endpoint(request: Request) -> Response:
            body = await request.body()
            return await self._run(_respond, lambda: {"result": act(request, body)})

        return endpoint


def _respond(make: Callable[[], Any]) -> Response:
    try:
        made = make()
    except StateError as error:
        return error_response(400, "StateError", str(error), line=error.line, key=error.key)
    except RecursionError:
        return error_response(400, "ValueError", state_too_deep())
    except tuple(_STATUSES) as error:
        status, name = next(entry for kind, entry in _STATUSES.items() if isinstance(error, kind))
        return error_response(status, name, str(error))
    return made if isinstance(made, Response) else json_response(made)
