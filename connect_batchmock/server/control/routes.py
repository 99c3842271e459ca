"""The routes under ``/_mock``: the HTTP API and the live page."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from connect_batchmock._text import listed
from connect_batchmock.server.control.changes import ChangeFeed
from connect_batchmock.server.control.endpoints import Control
from connect_batchmock.server.control.responses import Endpoints, error_response
from connect_batchmock.server.control.streams import Streams
from connect_batchmock.server.served import Served
from connect_batchmock.server.threads import RunInThread

_PAGE = Path(__file__).parent.parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


def routes(
    served: Served, is_stopping: Callable[[], bool], run: RunInThread, wait: RunInThread
) -> list[BaseRoute]:
    """Return the routes under ``/_mock``.

    Args:
        served: the mock.
        is_stopping: whether the server is stopping; streams end then.
        run: calls a function in another thread.
        wait: calls a function that waits in another thread, which no function of ``run`` needs.
    """
    changes = ChangeFeed(served)
    control, streams = Control(served.mock, changes), Streams(changes, is_stopping, run)
    endpoints, waiting = Endpoints(run), Endpoints(wait)
    api: list[BaseRoute] = [
        Route("/events/stream", endpoints.reading(streams.of_events)),
        Route("/changes/stream", endpoints.reading(streams.of_changes)),
    ]
    for name, read in control.reads().items():
        api += [Route(f"/{path}", endpoints.reading(read)) for path in _spellings(name)]
    for name, act in control.acts().items():
        api += [Route(f"/{path}", endpoints.acting(act), methods=["POST"]) for path in _spellings(name)]
    for name, act in control.waits().items():
        api += [Route(f"/{path}", waiting.acting(act), methods=["POST"]) for path in _spellings(name)]
    known = [*api, *page_routes()]
    return [*known, _unknown_route(known)]


def _spellings(path: str) -> list[str]:
    """Return the spellings of a path: with the underscores of Python, and with the hyphens of URLs."""
    return list(dict.fromkeys([path, path.replace("_", "-")]))


def _unknown_route(known: list[BaseRoute]) -> Route:
    """Return the route of every other path, which responds with an error."""
    paths = sorted({route.path for route in known if isinstance(route, Route) and "-" not in route.path})

    def refuse(request: Request) -> Response:
        path = f"/{request.path_params['path']}"
        scope = {**request.scope, "path": f"{request.scope['root_path']}{path}"}
        partial = [
            route for route in known if isinstance(route, Route) and route.matches(scope)[0] is Match.PARTIAL
        ]
        methods = sorted({method for route in partial for method in route.methods or ()})
        if methods:
            response = error_response(
                405, "MethodNotAllowed", f"{path!r} takes {' or '.join(methods)}, not {request.method}."
            )
            response.headers["allow"] = ", ".join(methods)
            return response
        near = get_close_matches(path, paths, n=3)
        advice = f" Did you mean {' or '.join(near)}?" if near else ""
        message = f"/_mock/ has no path {path!r}.{advice} The paths are {listed(paths)}."
        return error_response(404, "NoSuchPath", message)

    methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    return Route("/{path:path}", refuse, methods=methods)


def page_routes() -> list[BaseRoute]:
    """Return the routes of the live page and its files."""
    files = [file for file in sorted(_PAGE.iterdir()) if file.suffix in _TYPES]
    return [Route("/" if file.suffix == ".html" else f"/{file.name}", _file_endpoint(file)) for file in files]


def _file_endpoint(file: Path) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        return Response(file.read_bytes(), media_type=_TYPES[file.suffix])

    return show
