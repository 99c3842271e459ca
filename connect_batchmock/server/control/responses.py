"""How requests for control are answered: with JSON, and where Python refuses, with its very sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from connect_batchmock.engine.faults import PlanError
from connect_batchmock.server.control.encoding import json_bytes
from connect_batchmock.state.document import StateError, state_too_deep

Result = TypeVar("Result")


class Run(Protocol):
    """Calls a function with its arguments in another thread, and returns what it returns."""

    def __call__(self, function: Callable[..., Result], /, *args: Any) -> Awaitable[Result]: ...


Endpoint = Callable[[Request], Awaitable[Response]]

Action = Callable[[Request, bytes], Any]
"""What is done for a request with a body, and returns what is shown of it."""


class NoSuchResourceError(Exception):
    """What a request is about is not there."""


_REFUSALS: Mapping[type[Exception], tuple[int, str]] = {
    ValueError: (400, "ValueError"),
    TypeError: (400, "TypeError"),
    NoSuchResourceError: (404, "NotFoundError"),
    AssertionError: (409, "AssertionError"),
    PlanError: (500, "PlanError"),
}
"""The status of what the mock raises; a plan that broke is a mistake in a function of the test."""


def json_response(value: Any, status: int = 200) -> Response:
    """Return a response that shows something."""
    return Response(json_bytes(value), status, media_type="application/json")


def refused(status: int, error: str, message: str, **more: Any) -> Response:
    """Return a response that says what is wrong."""
    return json_response({"error": error, "message": message, **more}, status)


class Endpoints:
    """Makes endpoints of what reads and changes a mock.

    Args:
        run: calls a function in another thread: it may take as long as a function of a test does.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    def reading(self, read: Callable[[Request], Any]) -> Endpoint:
        """Return an endpoint that shows what a function reads."""

        async def endpoint(request: Request) -> Response:
            return await self._run(_answer, lambda: read(request))

        return endpoint

    def acting(self, act: Action) -> Endpoint:
        """Return an endpoint that does something, and shows what comes of it as its ``result``."""

        async def endpoint(request: Request) -> Response:
            body = await request.body()
            return await self._run(_answer, lambda: {"result": act(request, body)})

        return endpoint


def _answer(make: Callable[[], Any]) -> Response:
    try:
        made = make()
    except StateError as error:
        return refused(400, "StateError", str(error), line=error.line, key=error.key)
    except RecursionError:
        return refused(400, "ValueError", state_too_deep())
    except tuple(_REFUSALS) as error:
        status, name = next(how for kind, how in _REFUSALS.items() if isinstance(error, kind))
        return refused(status, name, str(error))
    return made if isinstance(made, Response) else json_response(made)
