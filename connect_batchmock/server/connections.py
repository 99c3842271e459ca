"""uvicorn: every name of it that is touched. It speaks HTTP; what a connection suffers is done here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from connect_batchmock.server.application import CONNECTION, Application, Receive, Scope, Send
from connect_batchmock.wire.message import AnswerLost, NetworkFault


class Connections:
    """The open connections of one server.

    Args:
        application: answers what comes on them.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.state = ServerState()
        self.changed = asyncio.Event()
        # The application needs no start, and signals and logs are the business of the process.
        self.config = Config(application, lifespan="off", ws="none", log_config=None, interface="asgi3")

    def make(self) -> asyncio.Protocol:
        """Return a connection that is about to be made."""
        return Connection(self)

    async def gone(self) -> None:
        """Wait until there is no connection."""
        while self.state.connections or self.state.tasks:
            await self.changed.wait()
            self.changed.clear()

    def close_when_idle(self) -> None:
        """Close each connection as soon as nothing is being answered on it."""
        for connection in list(self.state.connections):
            connection.shutdown()

    def abort(self) -> None:
        """Close each connection, whatever it is at."""
        for connection in list(self.state.connections):
            connection.transport.abort()
        for task in list(self.state.tasks):
            task.cancel()


class Connection(H11Protocol):
    """A connection that can suffer what the network does to an answer."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections.config, connections.state, {})
        self._connections = connections
        self.app = self._answer
        self.logger = logging.getLogger("connect_batchmock.server")
        # A line for each request would show the tokens in presigned addresses.
        self.access_log = False

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {CONNECTION: self}
        try:
            await self._connections.application(scope, receive, send)
        finally:
            self.loop.call_soon(self._connections.changed.set)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._connections.changed.set()

    def shutdown(self) -> None:
        """Close the connection as soon as nothing is being answered on it."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    async def suffer(self, fault: NetworkFault, receive: Receive, send: Send) -> None:
        """Let happen to the connection what was planned."""
        self.transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
