"""The guard of a test run: it refuses and reports API calls that are made while no mock is active.

A guard is set up before the first API call, so this module imports neither botocore nor modules that need it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from threading import Thread
from types import FrameType
from urllib.parse import urlsplit
from weakref import WeakSet

from connect_batchmock.domain.errors import ConnectBatchmockError
from connect_batchmock.protocol.http import RefusedCall, Request

_LIBRARY_PACKAGES = {
    "aioboto3",
    "aiobotocore",
    "aiohappyeyeballs",
    "aiohttp",
    "anyio",
    "asyncio",
    "boto3",
    "botocore",
    "concurrent",
    "connect_batchmock",
    "contextlib",
    "http",
    "httpcore",
    "httpx",
    "moto",
    "requests",
    "responses",
    "socket",
    "ssl",
    "threading",
    "trio",
    "unittest",
    "urllib",
    "urllib3",
}
"""The packages that are skipped in a traceback to find the line that made an API call."""


class UnmockedCallError(ConnectBatchmockError):
    """An API call to a mocked service was stopped before the network.

    No mock was active, or the library that made the call cannot be answered by the mock. This is not an
    OSError, so that libraries neither wrap it nor retry.
    """


class Guard:
    """Refuses API calls to a mocked service that are made while no mock is active.

    Args:
        report: receives each refused call.
        refuses_all: whether to refuse every API call to a mocked service. Otherwise, only those are refused
            that come after a mock: from a client that was made in it, or from a thread that outlived it.
    """

    def __init__(self, report: Callable[[RefusedCall], None], *, refuses_all: bool) -> None:
        self._report = report
        self._refuses_all = refuses_all
        self._is_mocked: Callable[[], bool] = lambda: False
        self._late_threads: WeakSet[Thread] = WeakSet()

    def watch(self, is_mocked: Callable[[], bool]) -> None:
        """Rest while a mock is active.

        Args:
            is_mocked: returns whether a mock is active. Until this method is called, none is.
        """
        self._is_mocked = is_mocked

    def add_late_threads(self, threads: Iterable[Thread]) -> None:
        """Refuse the API calls of threads that outlived their mock."""
        self._late_threads.update(threads)

    def refuse(self, request: Request) -> None:
        """Refuse a request to a mocked service that is made while no mock is active.

        Raises:
            UnmockedCallError: the request is refused.
        """
        from connect_batchmock.protocol.routing import services_of
        from connect_batchmock.server.threads import is_served

        if self._is_mocked() or not services_of(request) or is_served(request.url):
            return
        if self._is_late(request):
            self.refuse_late(request)
        if self._refuses_all:
            refused = self._refused(request)
            raise UnmockedCallError(
                f"{refused.operation} was called while no mock was active, and stopped before the network. "
                f"Use the fixture connect_mock, or mock_connect around the call. It was called at "
                f"{refused.where}."
            )

    def refuse_late(self, request: Request) -> None:
        """Refuse a request that is made after its mock has stopped.

        Raises:
            UnmockedCallError: always.
        """
        refused = self._refused(request)
        raise UnmockedCallError(
            f"{refused.operation} was called after its mock had stopped, by a client that was made in it "
            f"or a thread that outlived it, and stopped before the network. Wait for threads before the test "
            f"ends, and make new clients for calls outside of a mock. It was called at {refused.where}."
        )

    def refuse_connection(self, host: str) -> None:
        """Refuse a connection to a host of a mocked service that is opened while no mock is active.

        Raises:
            UnmockedCallError: the connection is refused.
        """
        if self._is_mocked():
            return
        if threading.current_thread() in self._late_threads:
            raise self._connection_refused(
                host,
                "by a thread that outlived its mock, and stopped before the network. Wait for threads before "
                "the test ends",
            )
        if self._refuses_all:
            raise self._connection_refused(
                host,
                "while no mock was active, and stopped before the network. Use the fixture connect_mock, or "
                "mock_connect around it",
            )

    def _connection_refused(self, host: str, circumstances: str) -> UnmockedCallError:
        refused = refused_connection(host)
        self._report(refused)
        return UnmockedCallError(
            f"A connection to {host!r} was opened {circumstances}. It was opened at {refused.where}."
        )

    def _refused(self, request: Request) -> RefusedCall:
        refused = RefusedCall(_operation_of(request), _calling_line())
        self._report(refused)
        return refused

    def _is_late(self, request: Request) -> bool:
        from connect_batchmock.protocol.routing import credential_scope
        from connect_batchmock.settings import ACCESS_KEY

        scope = credential_scope(request)
        was_made_in_a_mock = scope is not None and scope.access_key == ACCESS_KEY
        return was_made_in_a_mock or threading.current_thread() in self._late_threads


def refused_connection(host: str) -> RefusedCall:
    """Return the record of a connection that is refused."""
    return RefusedCall(f"a connection to {host}", _calling_line())


def connection_in_a_mock(refused: RefusedCall) -> UnmockedCallError:
    """Return the exception for a connection that is opened while a mock is active."""
    return UnmockedCallError(
        f"The mock stopped {refused.operation} before the network: in this process, it answers API calls of "
        f"boto3, aiobotocore and requests, not those of other libraries. Call the service with one of these "
        f"three, or send the request to the url of connect_mock.serve(). It was opened at {refused.where}."
    )


def _operation_of(request: Request) -> str:
    """Return the operation of a request, such as ``connect.BatchPutContact``."""
    from connect_batchmock.protocol.routing import route, services_of

    match = route(services_of(request), request.method, request.url)
    if match is None:
        return f"{request.method} {urlsplit(request.url).path}"
    return f"{match.operation.service_model.service_name}.{match.operation.name}"


def _calling_line() -> str:
    """Return the line outside of libraries that made the current API call, such as ``file.py:12``."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and str(frame.f_globals.get("__name__")).partition(".")[0] in _LIBRARY_PACKAGES:
        frame = frame.f_back
    return "an unknown line" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"
