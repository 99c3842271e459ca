"""How fast HTTP servers for Python answer with the same mock behind them, those of them that are installed.

``python tests/benchmarks/bench_http_servers.py`` starts each as a process of its own and asks them in turns,
as bench_server.py does. What is measured is the server's part: each calls the mock in the plainest way.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench_server import EXAMPLE, LIST_INSTANCES, Figures, drive, started, table

from connect_batchmock import ConnectMock
from connect_batchmock.protocol.http import Request, Response

HERE = "127.0.0.1"


def asgi(mock: ConnectMock) -> Any:
    """Return an ASGI application that calls the mock."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        answer = _answer(mock, Request(scope["method"], f"http://{HERE}{path}?{query}", headers, body))
        pairs = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
        pairs.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
        await send({"type": "http.response.body", "body": answer.body})

    return application


def wsgi(mock: ConnectMock) -> Any:
    """Return a WSGI application that calls the mock."""

    def application(environ: Any, start_response: Any) -> Iterable[bytes]:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        url = f"http://{HERE}{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        answer = _answer(mock, Request(environ["REQUEST_METHOD"], url, headers, body))
        pairs = [*answer.headers.items(), ("content-length", str(len(answer.body)))]
        start_response(f"{answer.status} {'OK' if answer.status == 200 else 'Refused'}", pairs)
        return [answer.body]

    return application


def _answer(mock: ConnectMock, request: Request) -> Response:
    answer = mock.handle(request)
    assert answer is not None
    return answer


def with_uvicorn(http: str, mock: ConnectMock, port: int) -> None:
    import uvicorn

    options: Any = {"http": http, "loop": "asyncio", "lifespan": "off", "ws": "none"}
    uvicorn.run(asgi(mock), host=HERE, port=port, log_level="error", access_log=False, **options)


def with_hypercorn(mock: ConnectMock, port: int) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"{HERE}:{port}"]
    config.accesslog = config.errorlog = None
    asyncio.run(serve(asgi(mock), config))


def with_granian(mock: ConnectMock, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    server = Server(asgi(mock), address=HERE, port=port, interface=Interfaces.ASGINL, log_enabled=False)
    asyncio.run(server.serve())


def with_waitress(mock: ConnectMock, port: int) -> None:
    import waitress

    waitress.serve(wsgi(mock), host=HERE, port=port, threads=8, _quiet=True)


SERVERS: dict[str, tuple[tuple[str, ...], Callable[[ConnectMock, int], None]]] = {
    "uvicorn, h11": (("uvicorn", "h11"), lambda mock, port: with_uvicorn("h11", mock, port)),
    "uvicorn, httptools": (
        ("uvicorn", "httptools"),
        lambda mock, port: with_uvicorn("httptools", mock, port),
    ),
    "hypercorn": (("hypercorn",), with_hypercorn),
    "granian": (("granian",), with_granian),
    "waitress": (("waitress",), with_waitress),
}


def main() -> None:
    """Serve by one of them where a port is given, and measure all of them otherwise."""
    parser = argparse.ArgumentParser(description="Ask a mock behind several HTTP servers, in turns.")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each run, after a warm-up")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--server", choices=SERVERS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.port is not None:
        SERVERS[options.server][1](ConnectMock(state=EXAMPLE), options.port)
        return
    there = [name for name, (modules, _) in SERVERS.items() if all(map(find_spec, modules))]
    ourselves = [sys.executable, str(Path(__file__)), "--server"]
    with ExitStack() as running:
        ports = {name: running.enter_context(started(*ourselves, name)) for name in there}
        for connections in options.connections:
            runs: dict[str, list[Figures]] = {name: [] for name in ports}
            for _ in range(options.repeats):
                for name, port in ports.items():
                    runs[name].append(drive(port, LIST_INSTANCES, connections, options.seconds))
            sys.stdout.write("\n".join(table(connections, runs)) + "\n\n")


if __name__ == "__main__":
    main()
