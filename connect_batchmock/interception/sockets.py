"""Sockets: no library reaches a host of a mocked service, whether the mock can answer its requests or not.

``_socket.getaddrinfo`` resolves every name: ``socket.getaddrinfo`` calls it, even for libraries that imported
that function by name, and other plugins replace ``socket.getaddrinfo`` above it. A socket also connects to a
name, so ``connect`` and ``connect_ex`` check it. An address that was resolved earlier no longer shows its
host.
"""

from __future__ import annotations

import _socket
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any

from connect_batchmock.interception.patches import overridden
from connect_batchmock.protocol.http import ConnectionRefusal

_is_allowed: ContextVar[bool] = ContextVar("connect_batchmock_connections_allowed", default=False)


class _CheckedHost(str):
    """The name of a host that was checked, for a thread that lacks the context of the check."""

    __slots__ = ()


@contextmanager
def connections_allowed() -> Iterator[None]:
    """Allow this thread or task to connect: the mock has seen the request that it sends."""
    token = _is_allowed.set(True)
    try:
        yield
    finally:
        _is_allowed.reset(token)


@contextmanager
def refuse_connections(refusal: ConnectionRefusal) -> Iterator[None]:
    """Pass each host of a mocked service to ``refusal`` before it is resolved or connected to."""
    resolving, connecting = partial(_check_resolution, refusal), partial(_check_connection, refusal)
    with ExitStack() as restore:
        restore.enter_context(overridden(_socket, "getaddrinfo", resolving))
        restore.enter_context(overridden(socket.socket, "connect", connecting))
        restore.enter_context(overridden(socket.socket, "connect_ex", connecting))
        yield


@contextmanager
def refuse_in_loops(refusal: ConnectionRefusal) -> Iterator[None]:
    """Do so in the event loops of asyncio: they resolve in threads, which lack the context of the task."""
    from asyncio.base_events import BaseEventLoop

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        async def getaddrinfo(loop: Any, host: Any, *args: Any, **kwargs: Any) -> Any:
            name = _check(refusal, host)
            return await original(loop, host if name is None else _CheckedHost(name), *args, **kwargs)

        return getaddrinfo

    with overridden(BaseEventLoop, "getaddrinfo", make):
        yield


def _check_resolution(refusal: ConnectionRefusal, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _check(refusal, host)
        return original(host, *args, **kwargs)

    return getaddrinfo


def _check_connection(refusal: ConnectionRefusal, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def connect(sock: Any, address: Any) -> Any:
        # The address of a Unix socket is not a tuple.
        if isinstance(address, tuple) and address:
            _check(refusal, address[0])
        return original(sock, address)

    return connect


def _check(refusal: ConnectionRefusal, host: Any) -> str | None:
    """Return the name of a host of a mocked service, after ``refusal`` accepted it; None for other hosts."""
    name = _name_of_mocked(host)
    if name is not None and not _is_allowed.get():
        refusal(name)
    return name


def _name_of_mocked(host: Any) -> str | None:
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("latin-1")
    # Every host of a mocked service has the word in its name. Other hosts must cost no more than this check,
    # and must not load botocore.
    if not isinstance(host, str) or isinstance(host, _CheckedHost) or "connect" not in host.lower():
        return None
    from connect_batchmock.protocol.routing import service_of_host

    return None if service_of_host(host) is None else host
