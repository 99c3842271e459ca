"""The page that shows a mock as it lives: a few files, which need nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_FOLDER = Path(__file__).parent.parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


def page_routes() -> list[BaseRoute]:
    """Return the routes to the page and to what it is made of."""
    files = [file for file in sorted(_FOLDER.iterdir()) if file.suffix in _TYPES]
    return [Route("/" if file.suffix == ".html" else f"/{file.name}", _shown(file)) for file in files]


def _shown(file: Path) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        return Response(file.read_bytes(), media_type=_TYPES[file.suffix])

    return show
