"""uvicorn: every name of it that is touched. It speaks HTTP; what a connection suffers is done here.

``uvicorn.Server`` is not used: it looks by a timer whether it is to stop, and a test that freezes time stops
all timers.
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

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from connect_batchmock.protocol.http import ConnectionReset, NetworkFault, ResponseLost
from connect_batchmock.server.access import RequestRefusedError
from connect_batchmock.server.application import CONNECTION, Message, Receive, Scope, Send

_PATIENCE = 30
"""The seconds that a client has to say the whole of a request."""

_KEPT_ALIVE = 60
"""The seconds for which a connection is kept on which nothing is asked."""

_MAX_CONNECTIONS = 500
"""How many can be open: the one that has been silent longest makes room for the next."""

_NO_LINGERING = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Connections:
    """The open connections of one server.

    Args:
        application: answers what comes on them.
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
            timeout_keep_alive=_KEPT_ALIVE,
        )
        self._opening: set[asyncio.Task[Any]] = set()
        # A dict for its order: the one that has been silent longest comes first.
        self._waiting: dict[Connection, None] = {}
        self._less = asyncio.Event()
        self.is_ending = False
        # Clients that send nonsense are answered, and are no news.
        self.logger = logging.getLogger("connect_batchmock.server.http")
        self.logger.setLevel(logging.ERROR)

    def open(self, accepted: socket.socket) -> None:
        """Talk to whoever is at the other end."""
        loop = asyncio.get_running_loop()
        opening = loop.create_task(loop.connect_accepted_socket(partial(Connection, self), accepted))
        # A task that nobody else holds may be gone before it is done.
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    async def end(self) -> None:
        """Close each connection as soon as nothing is being answered on it, and wait for the last.

        All else that is going on in the loop has ended then, too.
        """
        self.is_ending = True
        for connection in list(self.state.connections):
            connection.shutdown()
        while (tasks := asyncio.all_tasks() - {asyncio.current_task()}) or self.state.connections:
            if tasks:
                await asyncio.wait(tasks)
            else:
                await self._less.wait()
                self._less.clear()

    def make_room(self) -> None:
        """Close those that have been silent longest, while there are more connections than there can be."""
        while self.is_full and self._waiting:
            connection = next(iter(self._waiting))
            self.wait_no_more(connection)
            # It counts no more, though its end is told only when the loop comes round.
            self.state.connections.discard(connection)
            connection.transport.abort()

    @property
    def is_full(self) -> bool:
        """Whether there are more connections than there can be."""
        return len(self.state.connections) > _MAX_CONNECTIONS

    def wait(self, connection: Connection) -> None:
        """Know that the server waits for the client of a connection, from now on."""
        self.wait_no_more(connection)
        self._waiting[connection] = None

    def wait_no_more(self, connection: Connection) -> None:
        """Know that a connection is being answered, or has ended."""
        self._waiting.pop(connection, None)

    def one_less(self, connection: Connection) -> None:
        """Know that a connection has ended."""
        self.wait_no_more(connection)
        self._less.set()

    def abort(self) -> None:
        """Close each connection, whatever it is at."""
        for connection in list(self.state.connections):
            connection.transport.abort()
        for task in list(self.state.tasks):
            task.cancel()


class Connection(H11Protocol):
    """A connection that waits for nobody for ever, and that a fault can happen to."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections.config, connections.state, {})
        self._connections = connections
        self._patience: asyncio.TimerHandle | None = None
        self.app = self._answer
        self.logger = connections.logger
        # A line for each request would show the tokens that are in presigned addresses.
        self.access_log = False

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._writing = BufferedTransport(transport)
        self.transport = cast("asyncio.Transport", self._writing)
        # What is sent in several pieces would wait until the client acknowledges the first.
        self._set(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._be_patient()
        # The newcomer is not among those that may have to go.
        self._connections.make_room()
        self._connections.wait(self)
        if self._connections.is_ending:
            # It came in just before nobody was let in any more.
            self.shutdown()

    def data_received(self, data: bytes) -> None:
        """Take in a piece of a request."""
        if self._patience is None and self._is_idle():
            self._be_patient()
        if self._patience is not None:
            self._connections.wait(self)
        super().data_received(data)

    def _set(self, level: int, option: int, value: int | bytes) -> None:
        # Some systems refuse it once the client has gone.
        with suppress(OSError):
            self.transport.get_extra_info("socket").setsockopt(level, option, value)

    def _be_patient(self) -> None:
        self._patience = self.loop.call_later(_PATIENCE, self.transport.abort)

    def request_complete(self) -> None:
        """Know that the whole request is there."""
        self._connections.wait_no_more(self)
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        if not self.transport.is_closing():
            self._connections.wait(self)
        super().on_response_complete()

    def admit(self) -> None:
        """Let a request be answered.

        Raises:
            Refused: as many connections as there can be are being answered.
        """
        if self._connections.is_full:
            raise RequestRefusedError(
                503,
                "TooManyConnections",
                f"connect-batchmock answers on {_MAX_CONNECTIONS} connections, which is its limit. Close "
                f"some of them, or wait until one is answered.",
            )

    def connection_lost(self, exc: Exception | None) -> None:
        """Know that it is over."""
        self.request_complete()
        super().connection_lost(exc)
        self._connections.one_less(self)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {CONNECTION: self}
        # It is cancelled when the server is stopped, and nobody is there any more to be answered.
        with suppress(asyncio.CancelledError):
            await self._connections.application(scope, receive, partial(self._send, send))

    async def _send(self, send: Send, message: Message) -> None:
        self._writing.holds = message["type"] == "http.response.start"
        await send(message)

    def _is_idle(self) -> bool:
        cycle: Any = self.cycle
        return cycle is None or bool(cycle.response_complete)

    def shutdown(self) -> None:
        """Close the connection as soon as nothing is being answered on it."""
        if self._is_idle() or self._patience is not None:
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    async def apply_fault(self, fault: NetworkFault, receive: Receive, send: Send) -> None:
        """Close the connection as the fault says: in silence, with a reset, or with one amid the answer."""
        if isinstance(fault, ConnectionReset):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        if not isinstance(fault, ResponseLost):
            self._set(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self.transport.abort()
        # What ends before its connection is over would be answered for.
        await receive()


class BufferedTransport:
    """A transport that sends the head of an answer together with what comes after it.

    A piece for each would be a call of the operating system for each, and would wake the client twice.

    Args:
        transport: the transport, which does everything else.

    Attributes:
        holds: whether what is written waits for what is written next.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] = []
        self.holds: bool = False

    def write(self, data: bytes) -> None:
        """Send something, or hold it."""
        self._held.append(data)
        if not self.holds:
            self._let_go()

    def _let_go(self) -> None:
        data = b"".join(self._held)
        self._held.clear()
        self._transport.write(data)

    def close(self) -> None:
        """Send what was held, and close the connection."""
        self._let_go()
        self._transport.close()

    def abort(self) -> None:
        """Send what was held, and close the connection at once."""
        self._let_go()
        self._transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
