"""A client that sends exact bytes and reads the responses."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from urllib.parse import urlsplit

from http_response import HttpResponse
from signed_requests import authorization

PATIENCE = 20


class RawClient:
    """Sends requests to the server at an address."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self.address = (parts.hostname, parts.port)

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        with socket.create_connection(self.address, timeout=PATIENCE) as connection:
            yield connection

    def ask(
        self, method: str, target: str, body: bytes = b"", *, signed: str | None = None, **headers: str
    ) -> HttpResponse:
        """Send one request and read its response; the keyword of a header has underscores for hyphens."""
        with self.connected() as connection:
            connection.sendall(request(method, target, body, signed=signed, **headers))
            return read(connection, method)


def request(
    method: str, target: str, body: bytes = b"", *, signed: str | None = None, **headers: str
) -> bytes:
    """Return a request in bytes, signed in form for a service where one is named."""
    sent = {"host": "127.0.0.1", "content-length": str(len(body))}
    if signed is not None:
        sent["authorization"] = authorization(signed)
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def read(connection: socket.socket, method: str = "GET") -> HttpResponse:
    """Read one answer.

    Raises:
        ConnectionError: the connection ended before.
    """
    with HTTPResponse(connection, method=method) as response:
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return HttpResponse(response.status, headers, response.read())


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side closes the connection and sends nothing more."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def end_of(connection: socket.socket) -> str:
    """Return how the other side has left a connection, whatever it has said before."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        return "reset"
    return "closed"
