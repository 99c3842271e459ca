"""What is called while no mock is active: refused, and reported to whoever runs the tests.

A guard is there before anything is called, so this module loads neither botocore nor what needs it.
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

_LIBRARIES = {
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
"""Who is never the one that made a call."""


class UnmockedCallError(ConnectBatchmockError):
    """A call of a mocked service was stopped before the network.

    No mock was active, or it was made with a library whose calls the mock does not answer. It is no OSError,
    so that the library neither wraps it nor tries again.
    """


class Guard:
    """Refuses calls that are about to be sent while no mock is active.

    Args:
        report: who is told of each refused call.
        refuses_all: whether every call of a mocked service is refused; else those that come after a mock: of
            a client that was made in it, or of a thread that it has left behind.
    """

    def __init__(self, report: Callable[[RefusedCall], None], *, refuses_all: bool) -> None:
        self._report = report
        self._refuses_all = refuses_all
        self._is_mocked: Callable[[], bool] = lambda: False
        self._late_threads: WeakSet[Thread] = WeakSet()

    def ask_whether_mocked(self, is_mocked: Callable[[], bool]) -> None:
        """Learn how to know whether a mock is active; until then none is."""
        self._is_mocked = is_mocked

    def outlived_by(self, threads: Iterable[Thread]) -> None:
        """Remember the threads that a mock has left behind."""
        self._late_threads.update(threads)

    def refuse(self, request: Request) -> None:
        """Refuse a request, if it is one to be refused.

        Raises:
            UnmockedCallError: it is.
        """
        from connect_batchmock.protocol.routing import services_of
        from connect_batchmock.server.threads import is_served

        if self._is_mocked() or not services_of(request) or is_served(request.url):
            return
        if self._is_late(request):
            self.refuse_late(request)
        if self._refuses_all:
            self._refuse(request, _call_without_a_mock)

    def refuse_late(self, request: Request) -> None:
        """Refuse a request that comes after its mock has stopped.

        Raises:
            UnmockedCallError: always.
        """
        self._refuse(request, _call_after_the_mock)

    def refuse_connection(self, host: str) -> None:
        """Refuse a connection to a host of a mocked service, if it is one to be refused.

        Raises:
            UnmockedCallError: it is.
        """
        if self._is_mocked():
            return
        if threading.current_thread() in self._late_threads:
            raise self._connection_refused(
                host,
                "by a thread that a mock had left behind when it stopped, and stopped before the network. "
                "Wait for threads before the test ends",
            )
        if self._refuses_all:
            raise self._connection_refused(
                host,
                "while no mock was active, and stopped before the network. Use the fixture connect_mock or "
                "mock_connect around it",
            )

    def _connection_refused(self, host: str, why: str) -> UnmockedCallError:
        refused = refused_connection(host)
        self._report(refused)
        return UnmockedCallError(
            f"A connection to {host!r} was opened {why}. It was opened at {refused.where}."
        )

    def _refuse(self, request: Request, sentence: Callable[[str, str], str]) -> None:
        refused = RefusedCall(_called(request), _where_from())
        self._report(refused)
        raise UnmockedCallError(sentence(refused.operation, refused.where))

    def _is_late(self, request: Request) -> bool:
        from connect_batchmock.protocol.routing import credential_scope
        from connect_batchmock.settings import ACCESS_KEY

        scope = credential_scope(request)
        was_made_in_a_mock = scope is not None and scope.access_key == ACCESS_KEY
        return was_made_in_a_mock or threading.current_thread() in self._late_threads


def refused_connection(host: str) -> RefusedCall:
    """Return the refusal of a connection that is being opened."""
    return RefusedCall(f"a connection to {host}", _where_from())


def connection_in_a_mock(refused: RefusedCall) -> UnmockedCallError:
    """Return the exception for a connection that is opened while a mock is active."""
    return UnmockedCallError(
        f"The mock stopped {refused.operation} before the network: it answers calls of boto3, aiobotocore "
        f"and requests in the process, and not those of other libraries. Call the service with one of these, "
        f"or send the request to the url of connect_mock.serve(). It was opened at {refused.where}."
    )


def _called(request: Request) -> str:
    """Return the operation that a request calls, as ``connect.BatchPutContact``."""
    from connect_batchmock.protocol.routing import route, services_of

    found = route(services_of(request), request.method, request.url)
    if found is None:
        return f"{request.method} {urlsplit(request.url).path}"
    return f"{found.operation.service_model.service_name}.{found.operation.name}"


def _where_from() -> str:
    """Return the line that made the call which is being answered, as ``file.py:12``."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and str(frame.f_globals.get("__name__")).partition(".")[0] in _LIBRARIES:
        frame = frame.f_back
    return "a place that cannot be told" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _call_without_a_mock(operation: str, where: str) -> str:
    return (
        f"{operation} was called while no mock was active, and stopped before the network. Use the fixture "
        f"connect_mock or mock_connect around it. It was called at {where}."
    )


def _call_after_the_mock(operation: str, where: str) -> str:
    return (
        f"{operation} was called after its mock had stopped, by a client that was made in it or a thread "
        f"that it left behind, and did not reach the network. Wait for threads before the test ends, and "
        f"make clients anew for calls outside of a mock. It was called at {where}."
    )
