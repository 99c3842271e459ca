"""Sockets: whatever library a call is made with, it does not reach a host of a mocked service.

Names are resolved in ``_socket.getaddrinfo``: ``socket.getaddrinfo`` calls it, also for libraries that have
imported that by name, and other plugins that replace ``socket.getaddrinfo`` come and go above it. A socket
can be given a name as well, so ``connect`` and ``connect_ex`` look at it. An address that was resolved before
says no more which host it is.
"""

from __future__ import annotations

import _socket
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any

from connect_batchmock.interception.import_hooks import overridden
from connect_batchmock.protocol.http import ConnectionRefusal

_is_let_through: ContextVar[bool] = ContextVar("connect_batchmock_is_let_through", default=False)


class _LetThrough(str):
    """The name of a host that has been looked at, in a context that the next thread does not have."""

    __slots__ = ()


@contextmanager
def let_through() -> Iterator[None]:
    """Let this thread or task connect: the request that it sends was shown to the mock already."""
    token = _is_let_through.set(True)
    try:
        yield
    finally:
        _is_let_through.reset(token)


@contextmanager
def refuse_connections(refusal: ConnectionRefusal) -> Iterator[None]:
    """Show each host of a mocked service, before it is resolved or connected to, to who may refuse that."""
    resolving, connecting = partial(_resolving, refusal), partial(_connecting, refusal)
    with ExitStack() as restore:
        restore.enter_context(overridden(_socket, "getaddrinfo", resolving))
        restore.enter_context(overridden(socket.socket, "connect", connecting))
        restore.enter_context(overridden(socket.socket, "connect_ex", connecting))
        yield


@contextmanager
def refuse_in_loops(refusal: ConnectionRefusal) -> Iterator[None]:
    """Do so in the loops of asyncio: they resolve in threads, which do not have the context of the task."""
    from asyncio.base_events import BaseEventLoop

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        async def getaddrinfo(loop: Any, host: Any, *args: Any, **kwargs: Any) -> Any:
            shown = _shown(refusal, host)
            return await original(loop, host if shown is None else _LetThrough(shown), *args, **kwargs)

        return getaddrinfo

    with overridden(BaseEventLoop, "getaddrinfo", make):
        yield


def _resolving(refusal: ConnectionRefusal, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _shown(refusal, host)
        return original(host, *args, **kwargs)

    return getaddrinfo


def _connecting(refusal: ConnectionRefusal, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def connect(sock: Any, address: Any) -> Any:
        # The address of a Unix socket is no tuple.
        if isinstance(address, tuple) and address:
            _shown(refusal, address[0])
        return original(sock, address)

    return connect


def _shown(refusal: ConnectionRefusal, host: Any) -> str | None:
    """Show a host to who may refuse it, and return its name; None for one that is nobody's business here."""
    name = _name_of_mocked(host)
    if name is not None and not _is_let_through.get():
        refusal(name)
    return name


def _name_of_mocked(host: Any) -> str | None:
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("latin-1")
    # Every host of a mocked service has the word in its name. No other one is to cost more than this, nor to
    # load botocore.
    if not isinstance(host, str) or isinstance(host, _LetThrough) or "connect" not in host.lower():
        return None
    from connect_batchmock.protocol.routing import service_of_host

    return None if service_of_host(host) is None else host
