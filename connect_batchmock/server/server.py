"""A server that runs in its own thread, and stops without waiting for clients or for functions of a test."""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from threading import Event
from typing import Any

from starlette.routing import Router

from connect_batchmock.server.access import AccessPolicy
from connect_batchmock.server.address import Address
from connect_batchmock.server.application import Application
from connect_batchmock.server.connections import MAX_CONNECTIONS, Connections
from connect_batchmock.server.control.routes import routes
from connect_batchmock.server.environment import environment_of
from connect_batchmock.server.request_log import RequestLog
from connect_batchmock.server.served import Served
from connect_batchmock.server.targets import Target
from connect_batchmock.server.threads import DaemonThreadPool, ServerThread

_GRACE = 0.5
"""The seconds in which the server completes responses when it stops."""

_STOP_TIMEOUT = 5.0
"""The seconds for which ``stop`` waits for the thread of the server."""

_MAX_WORKERS = 64


class Server:
    """A server that ``connect_mock.serve()`` starts; it runs until :meth:`stop`.

    It is a context manager, too, which stops the server at the end of the block.

    Args:
        served: the mock.
        address: the address to listen on.
        names: the host names under which other machines call the server.
        targets: the receivers of contact events and contact records.

    Raises:
        OSError: the port is in use, or this machine does not have the address.
    """

    def __init__(
        self, served: Served, address: Address, names: Iterable[str], targets: Sequence[Target]
    ) -> None:
        self._region = served.mock.settings.region
        self._process = os.getpid()
        self._socket = address.listen()
        self._socket.setblocking(False)
        self._url = address.url(self._socket.getsockname()[1])
        self._workers = DaemonThreadPool(_MAX_WORKERS)
        # What waits must not keep a thread from what works: each connection may wait.
        self._waiters = DaemonThreadPool(MAX_CONNECTIONS)
        self._is_stopping = False
        self._stop, self._ended = asyncio.Event(), Event()
        run, wait = self._workers.run, self._waiters.run
        control = Router(routes(served, lambda: self._is_stopping, run, wait))
        access = AccessPolicy([address.host, *names])
        self._connections = Connections(RequestLog(Application(served, access, control, run, wait)))
        # Not the loop of the event loop policy, which belongs to the code under test.
        self._loop = asyncio.SelectorEventLoop()
        atexit.register(self.stop)
        self._targets = targets
        for target in targets:
            target.start(served.engine)
        ServerThread(self._url, self._work).start()

    @property
    def url(self) -> str:
        """The URL of the server for clients on this machine, such as ``http://127.0.0.1:49152``."""
        return self._url

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which the AWS clients of another process call this server.

        The credentials are invalid, so that an API call of another service fails at AWS.
        """
        return environment_of(self._url, self._region)

    def _work(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()
            self._workers.stop()
            self._waiters.stop()
            self._ended.set()

    async def _serve(self) -> None:
        # A server of asyncio would lose connections that arrive while it closes.
        self._loop.add_reader(self._socket, self._accept)
        await self._stop.wait()
        self._loop.remove_reader(self._socket)
        self._socket.close()
        await self._connections.end()

    def _accept(self) -> None:
        # The client may have disconnected already.
        with suppress(OSError):
            connection, _ = self._socket.accept()
            connection.setblocking(False)
            self._connections.open(connection)

    def stop(self) -> None:
        """Stop the server, within a few seconds at most; a server that has stopped stays stopped.

        Responses have half a second to complete before their connections close. A function of the test that
        still runs then continues in its thread.
        """
        atexit.unregister(self.stop)
        if self._process != os.getpid():
            # A forked process inherits the socket, and not the thread.
            self._socket.close()
            return
        self._is_stopping = True
        self._call_in_loop(self._stop.set)
        if not self._ended.wait(_GRACE):
            self._call_in_loop(self._connections.abort)
            self._ended.wait(_STOP_TIMEOUT)
        for target in self._targets:
            target.stop()

    def _call_in_loop(self, function: Callable[[], Any]) -> None:
        # The loop is closed if the server has stopped already.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
