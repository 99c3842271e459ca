"""Fixtures for tests of the server: connections to loopback, and a client."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from raw_client import RawClient

from connect_batchmock import ConnectMock

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Forbid connections beyond loopback; list the attempts, and fail the test for them."""
    tried: list[Any] = []

    def only_here(original: Callable[..., Any], host_of: Callable[..., Any]) -> Callable[..., Any]:
        def check(*args: Any, **options: Any) -> Any:
            host = host_of(*args)
            if host not in LOOPBACK:
                tried.append(host)
                raise OSError(f"a connection to {host!r} was tried")
            return original(*args, **options)

        return check

    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)
        monkeypatch.setattr(socket.socket, name, only_here(original, lambda self, address: address[0]))
    monkeypatch.setattr(socket, "getaddrinfo", only_here(socket.getaddrinfo, lambda host, *_: host))
    yield tried
    assert not tried, f"a connection was tried: {tried}"


@pytest.fixture
def raw_client(connect_mock: ConnectMock) -> Iterator[RawClient]:
    """Return a client of a server of ``connect_mock``."""
    with connect_mock.serve() as server:
        yield RawClient(server.url)
