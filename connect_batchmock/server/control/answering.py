"""How requests for control are answered: with JSON, and with the sentence that Python gives where it refuses."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from connect_batchmock import explain
from connect_batchmock.faults import PlanBroken
from connect_batchmock.server.control.presenting import written
from connect_batchmock.state.places import StateError

Action = Callable[[Request, bytes], Any]
"""What is done for a request with a body, and returns what is shown of it."""


class Absent(Exception):
    """What a request is about is not there."""


_REFUSALS: Mapping[type[Exception], tuple[int, str]] = {
    ValueError: (400, "ValueError"),
    TypeError: (400, "TypeError"),
    Absent: (404, "NotFound"),
    AssertionError: (409, "AssertionError"),
    PlanBroken: (500, "PlanBroken"),
}
"""The status of what the mock raises; a plan that broke is a mistake in a function of the test."""


def shown(value: Any, status: int = 200) -> Response:
    """Return a response that shows something."""
    headers = {"cache-control": "no-store"}
    return Response(written(value), status, headers, media_type="application/json")


def refused(status: int, error: str, message: str, **more: Any) -> Response:
    """Return a response that says what is wrong."""
    return shown({"error": error, "message": message, **more}, status)


def reading(read: Callable[[Request], Any]) -> Callable[[Request], Response]:
    """Return an endpoint that shows what a function reads."""

    @functools.wraps(read)
    def endpoint(request: Request) -> Response:
        return _answer(lambda: read(request))

    return endpoint


def acting(act: Action) -> Callable[[Request], Any]:
    """Return an endpoint that does something, and shows what comes of it as its ``result``."""

    @functools.wraps(act)
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        # What is done may take as long as a function of a test does.
        return await run_in_threadpool(_answer, lambda: {"result": act(request, body)})

    return endpoint


def _answer(make: Callable[[], Any]) -> Response:
    try:
        made = make()
    except StateError as error:
        return refused(400, "StateError", str(error), line=error.line, key=error.key)
    except RecursionError:
        return refused(400, "ValueError", explain.state_too_deep())
    except tuple(_REFUSALS) as error:
        status, name = next(how for kind, how in _REFUSALS.items() if isinstance(error, kind))
        return refused(status, name, str(error))
    return made if isinstance(made, Response) else shown(made)
