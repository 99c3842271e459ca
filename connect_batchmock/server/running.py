"""A server that runs in a thread of its own, and is stopped without waiting for anybody."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from starlette.routing import Router

from connect_batchmock.protocol.model import SERVICES, service_model
from connect_batchmock.server.application import Application
from connect_batchmock.server.connections import Connections
from connect_batchmock.server.gatekeeping import Gate
from connect_batchmock.server.workers import Workers
from connect_batchmock.wire.botocore import ACCESS_KEY, SECRET_KEY

if TYPE_CHECKING:
    from connect_batchmock.connect_mock import ConnectMock

_GRACE = 0.5
"""The seconds that answers have which are on their way when a server is stopped."""

_LIMIT = 5.0
"""The seconds after which nobody waits any more for the thread of a server to end."""

_MOST_WORKERS = 64


class Server:
    """A mock that is served by HTTP until :meth:`stop`; also a context manager.

    Attributes:
        url: the address, such as ``http://127.0.0.1:49152``.
    """

    def __init__(self, connect_mock: ConnectMock, host: str, port: int) -> None:
        self._mock = connect_mock
        self._process = os.getpid()
        self._socket = socket.create_server((host, port))
        self.url: str = f"http://{host}:{self._socket.getsockname()[1]}"
        self._is_stopping = False
        self._started, self._ended = Event(), Event()
        self._workers = Workers(_MOST_WORKERS)
        self._thread = Thread(target=self._run, name=f"connect-batchmock at {self.url}", daemon=True)
        self._thread.start()
        self._started.wait()

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the environment with which the AWS clients of a process call this server."""
        ours = {
            f"AWS_ENDPOINT_URL_{service_model(one).service_id.upper().replace(' ', '_')}": self.url
            for one in SERVICES
        }
        return {
            **ours,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_SESSION_TOKEN": SECRET_KEY,
            "AWS_REGION": self._mock.settings.region,
            "AWS_DEFAULT_REGION": self._mock.settings.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        }

    def _run(self) -> None:
        # The loop of no policy: what the application under test has chosen is its own affair.
        self._loop = asyncio.SelectorEventLoop()
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()
            self._workers.stop()
            self._ended.set()

    async def _serve(self) -> None:
        routes = import_module("connect_batchmock.server.control").routes
        control = Router(routes(self._mock, lambda: self._is_stopping, self._workers.run))
        application = Application(self._mock, Gate(), self._workers, control)
        self._connections = Connections(application)
        self._stop = asyncio.Event()
        listening = await self._loop.create_server(self._connections.make, sock=self._socket)
        self._started.set()
        await self._stop.wait()
        listening.close()
        self._connections.close_when_idle()
        await self._connections.gone()

    def stop(self) -> None:
        """Answer no more; what is being answered has half a second. It may be called more than once."""
        if self._process != os.getpid():
            # The thread is the other process's.
            self._socket.close()
            return
        self._is_stopping = True
        self._tell(lambda: self._stop.set())
        if not self._ended.wait(_GRACE):
            self._tell(lambda: self._connections.abort())
            self._ended.wait(_LIMIT)

    def _tell(self, what: Callable[[], Any]) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
