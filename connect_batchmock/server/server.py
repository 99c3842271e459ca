"""A server that runs in a thread of its own, and is stopped without waiting for anybody."""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from threading import Event
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from starlette.routing import Router

from connect_batchmock.protocol.model import SERVICES, service_model
from connect_batchmock.server.access import AccessPolicy
from connect_batchmock.server.address import Address
from connect_batchmock.server.application import Application
from connect_batchmock.server.connections import Connections
from connect_batchmock.server.control.routes import routes
from connect_batchmock.server.request_log import RequestLog
from connect_batchmock.server.served import Served
from connect_batchmock.server.threads import DaemonThreadPool, ServerThread
from connect_batchmock.settings import ACCESS_KEY, SECRET_KEY

_GRACE = 0.5
"""The seconds that answers have which are on their way when a server is stopped."""

_LIMIT = 5.0
"""The seconds after which nobody waits any more for the thread of a server to end."""

_MAX_WORKERS = 64


class Server:
    """A mock that is served by HTTP from now until :meth:`stop`; as a context manager, until its end.

    ``connect_mock.serve()`` makes it.

    Args:
        served: what answers.
        address: where it listens.
        names: the names that it is called by from elsewhere.

    Raises:
        OSError: somebody else has the port, or this machine has no such address.
    """

    def __init__(self, served: Served, address: Address, names: Iterable[str]) -> None:
        self._region = served.mock.settings.region
        self._process = os.getpid()
        self._socket = address.listen()
        self._socket.setblocking(False)
        self._url = address.url(self._socket.getsockname()[1])
        self._workers = DaemonThreadPool(_MAX_WORKERS)
        self._is_stopping = False
        self._stop, self._ended = asyncio.Event(), Event()
        control = Router(routes(served, lambda: self._is_stopping, self._workers.run))
        gate = AccessPolicy([address.host, *names])
        self._connections = Connections(RequestLog(Application(served, gate, control, self._workers.run)))
        # The loop of no policy: what the application under test has chosen is its own affair.
        self._loop = asyncio.SelectorEventLoop()
        atexit.register(self.stop)
        ServerThread(self._url, self._work).start()

    @property
    def url(self) -> str:
        """The address to call from this machine, such as ``http://127.0.0.1:49152``."""
        return self._url

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that let the AWS clients of another process call this server.

        They have credentials that open nothing, so that a call of another service cannot reach AWS.
        """
        services = [service_model(name).service_id.replace(" ", "_").upper() for name in SERVICES]
        return {
            **{f"AWS_ENDPOINT_URL_{service}": self._url for service in services},
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_SESSION_TOKEN": SECRET_KEY,
            "AWS_REGION": self._region,
            "AWS_DEFAULT_REGION": self._region,
            "AWS_EC2_METADATA_DISABLED": "true",
            **_around_a_proxy(urlsplit(self._url).hostname or ""),
        }

    def _work(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()
            self._workers.stop()
            self._ended.set()

    async def _serve(self) -> None:
        # A server of asyncio's own loses who comes in while it is closed.
        self._loop.add_reader(self._socket, self._accept)
        await self._stop.wait()
        self._loop.remove_reader(self._socket)
        self._socket.close()
        await self._connections.end()

    def _accept(self) -> None:
        # Whoever came may have gone already.
        with suppress(OSError):
            connection, _ = self._socket.accept()
            connection.setblocking(False)
            self._connections.open(connection)

    def stop(self) -> None:
        """Answer no more, within a few seconds at most; more than once is the same as once.

        What is being answered has half a second; then connections are closed, whatever they are at. Nobody
        waits for a function of the test that is still running then; it goes on in its thread.
        """
        atexit.unregister(self.stop)
        if self._process != os.getpid():
            # A forked process has the socket, and not the thread.
            self._socket.close()
            return
        self._is_stopping = True
        self._tell(self._stop.set)
        if not self._ended.wait(_GRACE):
            self._tell(self._connections.abort)
            self._ended.wait(_LIMIT)

    def _tell(self, do: Callable[[], Any]) -> None:
        # There is nobody to tell where it has stopped already.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(do)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


def _around_a_proxy(host: str) -> Mapping[str, str]:
    """Return what lets clients that have a proxy call the host without it."""
    proxies = getproxies_environment()
    if not proxies:
        return {}
    names = ",".join(filter(None, (proxies.get("no"), host)))
    # Some libraries read the one, and some the other.
    return {"NO_PROXY": names, "no_proxy": names}
