"""HTTP requests and responses as bytes, the faults of a network, and the callbacks of an interception."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """An HTTP request as a client would have sent it.

    Args:
        method: the HTTP method, upper case.
        url: the full URL; its path is still percent-encoded.
        headers: the headers, their names in lower case.
        body: the body, or empty.
        service: botocore's name of the service, where the interception knows it.
        region: the region of the client, where the interception knows it.
        read_timeout: the seconds for which the client waits for the response; None if it waits without end,
            or if the interception does not know.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    service: str | None = None
    region: str | None = None
    read_timeout: float | None = None


DelayCallback = Callable[[float], None]
"""Receives the seconds that a client would have waited before its next attempt."""


@dataclass(frozen=True)
class Response:
    """An HTTP response as a client receives it.

    Args:
        status: the HTTP status.
        headers: the headers.
        body: the body, or empty.
        note_delay: receives the delay before the next attempt, which is skipped.
        delay: how many seconds late it arrives.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    note_delay: DelayCallback | None = None
    delay: float = 0.0


class NetworkFault(Exception):
    """A fault of the network, in place of a response.

    Args:
        note_delay: receives the delay before the next attempt, which is skipped.
        waited: the seconds for which the client has waited for the response.

    Attributes:
        error: the name of botocore's exception for it.
        is_carried_out: whether the service carried out the request before the fault.
    """

    error: str
    is_carried_out: bool

    def __init__(self, note_delay: DelayCallback | None = None, waited: float = 0.0) -> None:
        super().__init__(self.error)
        self.note_delay = note_delay
        self.waited = waited


class ConnectionRefused(NetworkFault):
    """The connection was refused: the request did not arrive."""

    error = "EndpointConnectionError"
    is_carried_out = False


class ResponseLost(NetworkFault):
    """The request arrived and was carried out; its response was lost."""

    error = "ReadTimeoutError"
    is_carried_out = True


class ResponseLate(NetworkFault):
    """The request arrived and was carried out; its response took longer than the client waits."""

    error = "ReadTimeoutError"
    is_carried_out = True


class ConnectionReset(NetworkFault):
    """The request arrived and was carried out; the connection broke while the response was read."""

    error = "ConnectionClosedError"
    is_carried_out = True


Handler = Callable[[Request], "Response | None"]
"""Answers a request, or returns None to send it."""

RefusalHook = Callable[[Request], None]
"""Raises for a request that must not be sent."""

ConnectionRefusal = Callable[[str], None]
"""Raises for a host that must not be resolved or connected to."""

AnsweredElsewhereCallback = Callable[[Request, str], None]
"""Receives a request that something other than the mock answered, and the name of what answered it."""


@dataclass(frozen=True)
class RefusedCall:
    """An API call, or a connection, that was refused before the network.

    Args:
        operation: the operation, such as ``connect.ListPrompts``, or the connection with its host.
        where: the line that made it, as ``file.py:12``.
    """

    operation: str
    where: str
