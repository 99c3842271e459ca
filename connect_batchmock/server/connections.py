"""The connections of a server: uvicorn's HTTP protocol, with limits and the faults of the network.

No other module uses names of uvicorn. ``uvicorn.Server`` is not used: it polls a timer to stop, and a test
that freezes time stops all timers.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
from contextlib import suppress
from functools import partial
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from connect_batchmock.protocol.http import ConnectionReset, NetworkFault, ResponseLost
from connect_batchmock.server.access import RequestRefusedError
from connect_batchmock.server.application import CONNECTION

_REQUEST_TIMEOUT = 30
"""The seconds in which a client must send a whole request."""

_KEEP_ALIVE = 60
"""The seconds after which the server closes an idle connection."""

MAX_CONNECTIONS = 500
"""The maximal number of open connections; the server closes the longest idle one for a new one."""

_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Connections:
    """The open connections of one server.

    Args:
        application: answers the requests.
    """

    def __init__(self, application: ASGIApp) -> None:
        self.application = application
        self.state = ServerState()
        self.config = Config(
            application,
            interface="asgi3",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        self._opening: set[asyncio.Task[Any]] = set()
        # A dict for its order: the connection that has been idle longest comes first.
        self._idle: dict[Connection, None] = {}
        self._closed = asyncio.Event()
        self.is_ending = False
        # An invalid request of a client gets a response, and no warning.
        self.logger = logging.getLogger("connect_batchmock.server.http")
        self.logger.setLevel(logging.ERROR)

    def open(self, accepted: socket.socket) -> None:
        """Open a connection on an accepted socket."""
        loop = asyncio.get_running_loop()
        opening = loop.create_task(loop.connect_accepted_socket(partial(Connection, self), accepted))
        # The loop holds tasks by weak references only.
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    async def end(self) -> None:
        """Close each connection after its current response, and wait for all tasks of the loop."""
        self.is_ending = True
        for connection in list(self.state.connections):
            connection.shutdown()
        while (tasks := asyncio.all_tasks() - {asyncio.current_task()}) or self.state.connections:
            if tasks:
                await asyncio.wait(tasks)
            else:
                await self._closed.wait()
                self._closed.clear()

    def make_room(self) -> None:
        """Close the connections that have been idle longest while there are too many."""
        while self.is_full and self._idle:
            connection = next(iter(self._idle))
            self.mark_busy(connection)
            # The loop reports the end of the connection only later.
            self.state.connections.discard(connection)
            connection.transport.abort()

    @property
    def is_full(self) -> bool:
        """Whether there are too many connections."""
        return len(self.state.connections) > MAX_CONNECTIONS

    def mark_idle(self, connection: Connection) -> None:
        """Note that the server waits for the client of a connection."""
        self.mark_busy(connection)
        self._idle[connection] = None

    def mark_busy(self, connection: Connection) -> None:
        """Note that the server answers a request on a connection, or that the connection has ended."""
        self._idle.pop(connection, None)

    def connection_closed(self, connection: Connection) -> None:
        """Note that a connection has ended."""
        self.mark_busy(connection)
        self._closed.set()

    def abort(self) -> None:
        """Close each connection, even during a response."""
        for connection in list(self.state.connections):
            connection.transport.abort()
        for task in list(self.state.tasks):
            task.cancel()


class Connection(H11Protocol):
    """A connection with a timeout for requests, to which the application can apply a fault."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections.config, connections.state, {})
        self._connections = connections
        self._request_timeout: asyncio.TimerHandle | None = None
        self.app = self._run_application
        self.logger = connections.logger
        # An access log would show the tokens in presigned URLs.
        self.access_log = False

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._buffered = BufferedTransport(transport)
        self.transport = cast("asyncio.Transport", self._buffered)
        # Without it, the second segment of a response waits until the client acknowledges the first.
        self._set(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._start_timeout()
        # The new connection itself is not idle yet, so it is not closed.
        self._connections.make_room()
        self._connections.mark_idle(self)
        if self._connections.is_ending:
            # The client connected just before the server stopped.
            self.shutdown()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        if self._request_timeout is None and self._is_idle():
            self._start_timeout()
        if self._request_timeout is not None:
            self._connections.mark_idle(self)
        super().data_received(data)

    def _set(self, level: int, option: int, value: int | bytes) -> None:
        # Some systems raise when the client has disconnected.
        with suppress(OSError):
            self.transport.get_extra_info("socket").setsockopt(level, option, value)

    def _start_timeout(self) -> None:
        self._request_timeout = self.loop.call_later(_REQUEST_TIMEOUT, self.transport.abort)

    def request_complete(self) -> None:
        """Stop the timeout, because the whole request has arrived."""
        self._connections.mark_busy(self)
        if self._request_timeout is not None:
            self._request_timeout.cancel()
            self._request_timeout = None

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        if not self.transport.is_closing():
            self._connections.mark_idle(self)
        super().on_response_complete()

    def admit(self) -> None:
        """Check that the server has room for a request.

        Raises:
            RequestRefusedError: there are too many connections, and the server answers on all of them.
        """
        if self._connections.is_full:
            raise RequestRefusedError(
                503,
                "TooManyConnections",
                f"connect-batchmock answers on {MAX_CONNECTIONS} connections, its limit. Close some of "
                f"them, or wait for a response on one.",
            )

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up after the end of the connection."""
        self.request_complete()
        super().connection_lost(exc)
        self._connections.connection_closed(self)

    async def _run_application(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {CONNECTION: self}
        # The server cancels it to stop.
        with suppress(asyncio.CancelledError):
            await self._connections.application(scope, receive, partial(self._send, send))

    async def _send(self, send: Send, message: Message) -> None:
        self._buffered.is_buffering = message["type"] == "http.response.start"
        await send(message)

    def _is_idle(self) -> bool:
        cycle: Any = self.cycle
        return cycle is None or bool(cycle.response_complete)

    def shutdown(self) -> None:
        """Close the connection after its current response."""
        if self._is_idle() or self._request_timeout is not None:
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    async def apply_fault(self, fault: NetworkFault, receive: Receive, send: Send) -> None:
        """Close the connection as the fault requires: silently, by a reset, or by one during the response."""
        if isinstance(fault, ConnectionReset):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        if not isinstance(fault, ResponseLost):
            self._set(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()
        # uvicorn would respond itself if the application returned before the end of the connection.
        await receive()


class BufferedTransport:
    """A transport that sends the head of a response together with the body.

    Two segments would be two system calls, and would wake the client twice.

    Args:
        transport: the transport that sends, and does everything else.

    Attributes:
        is_buffering: whether written data waits for the data that follows.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._buffer: list[bytes] = []
        self.is_buffering: bool = False

    def write(self, data: bytes) -> None:
        """Send data, or keep it in the buffer."""
        self._buffer.append(data)
        if not self.is_buffering:
            self._flush()

    def _flush(self) -> None:
        data = b"".join(self._buffer)
        self._buffer.clear()
        self._transport.write(data)

    def close(self) -> None:
        """Send the buffer, and close the connection when it is sent."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Send the buffer, and close the connection immediately."""
        self._flush()
        self._transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
