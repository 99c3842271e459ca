"""What every test of the suite runs under: no test opens a connection, and none is judged by a clock."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite",
    deadline=None,
    # The first text that is drawn builds tables, which takes a second on a busy machine; and the fixtures
    # of a property hold one backend on purpose.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


class ConnectionOpened(BaseException):
    """A connection was opened. Not an Exception, so that no code under test can swallow it."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Forbid every connection and every look-up of a name; what was tried is listed, and fails the test."""
    tried: list[Any] = []

    def refuse(*args: Any, **_: Any) -> None:
        tried.append(args[-1:])
        raise ConnectionOpened(args)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield tried
    assert not tried, f"a connection was tried: {tried}"
