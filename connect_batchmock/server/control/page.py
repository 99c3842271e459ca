"""The page that shows a mock as it lives: a few files, which need nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_FOLDER = Path(__file__).parent.parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "cache-control": "no-cache",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def page_routes() -> list[BaseRoute]:
    """Return the routes to the page and to what it is made of."""
    files = [file for file in sorted(_FOLDER.iterdir()) if file.suffix in _TYPES]
    return [Route("/" if file.suffix == ".html" else f"/{file.name}", _shown(file)) for file in files]


def _shown(file: Path) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        return Response(file.read_bytes(), headers=_HEADERS, media_type=_TYPES[file.suffix])

    return show
