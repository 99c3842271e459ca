"""Control by HTTP: what a test reads and says in Python, for everybody else; and a page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from connect_batchmock._text import listed
from connect_batchmock.server.control.changes import ChangeFeed
from connect_batchmock.server.control.endpoints import Control
from connect_batchmock.server.control.responses import Endpoints, Run, refused
from connect_batchmock.server.control.streams import Streams
from connect_batchmock.server.served import Served

_PAGE = Path(__file__).parent.parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


def routes(served: Served, is_stopping: Callable[[], bool], run: Run) -> list[BaseRoute]:
    """Return the routes under ``/_mock``.

    Args:
        served: the mock that is shown and changed.
        is_stopping: whether the server is about to stop; streams end then.
        run: calls a function in another thread.
    """
    changes = ChangeFeed(served)
    control, streams = Control(served.mock, changes), Streams(changes, is_stopping, run)
    endpoints = Endpoints(run)
    # The longest first: the stream of events is no event.
    found: list[BaseRoute] = [
        Route("/events/stream", endpoints.reading(streams.of_events)),
        Route("/changes/stream", endpoints.reading(streams.of_changes)),
    ]
    for name, read in control.reads().items():
        found += [Route(f"/{one}", endpoints.reading(read)) for one in _spellings(name)]
    for name, act in control.acts().items():
        found += [Route(f"/{one}", endpoints.acting(act), methods=["POST"]) for one in _spellings(name)]
    found += page_routes()
    return [*found, _everything_else(found)]


def _spellings(path: str) -> list[str]:
    """Return how a path may be written: the names of Python have underscores, and paths often hyphens."""
    return list(dict.fromkeys([path, path.replace("_", "-")]))


def _everything_else(others: list[BaseRoute]) -> Route:
    paths = sorted({one.path for one in others if isinstance(one, Route) and "-" not in one.path})

    def refuse(request: Request) -> Response:
        path = request.path_params["path"]
        scope = {**request.scope, "path": f"{request.scope['root_path']}/{path}"}
        near = [one for one in others if isinstance(one, Route) and one.matches(scope)[0] is Match.PARTIAL]
        methods = sorted({method for one in near for method in one.methods or ()})
        if methods:
            message = _other_method(f"/{path}", request.method, methods)
            response = refused(405, "MethodNotAllowed", message)
            response.headers["allow"] = ", ".join(methods)
            return response
        return refused(404, "NoSuchPath", _no_such_endpoint(f"/{path}", paths))

    methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    return Route("/{path:path}", refuse, methods=methods)


def page_routes() -> list[BaseRoute]:
    """Return the routes to the page and to what it is made of."""
    files = [file for file in sorted(_PAGE.iterdir()) if file.suffix in _TYPES]
    return [Route("/" if file.suffix == ".html" else f"/{file.name}", _file_endpoint(file)) for file in files]


def _file_endpoint(file: Path) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        return Response(file.read_bytes(), media_type=_TYPES[file.suffix])

    return show


def _no_such_endpoint(path: str, valid: Sequence[str]) -> str:
    near = get_close_matches(path, valid, n=3)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no {path!r} under /_mock/.{meant} There are {listed(valid)}."


def _other_method(path: str, given: str, valid: Sequence[str]) -> str:
    return f"{path!r} is asked with {' or '.join(valid)}, not with {given}."
