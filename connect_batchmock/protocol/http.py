"""A request and its response as bytes, before and after anything is understood of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """An HTTP request as it would have gone out.

    Args:
        method: the HTTP method, upper case.
        url: the whole address; its path is still percent-encoded.
        headers: the headers, their names in lower case.
        body: the body, empty where there is none.
        service: the name under which botocore knows the service, where the way in knows it.
        region: the region that the client was made for, where the way in knows it.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    service: str | None = None
    region: str | None = None


DelayCallback = Callable[[float], None]
"""Takes the seconds that a client would have waited before its next attempt."""


@dataclass(frozen=True)
class Response:
    """An HTTP response as it comes back.

    Args:
        status: the HTTP status.
        headers: the headers.
        body: the body, empty where there is none.
        note_delay: who wants to know of a wait before the next attempt that was skipped.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    note_delay: DelayCallback | None = None


class NetworkFault(Exception):
    """What the network did to a request instead of answering it.

    Args:
        note_delay: who wants to know of a wait before the next attempt that was skipped.

    Attributes:
        error: the name of botocore's exception for it.
        is_carried_out: whether the request was carried out before.
    """

    error: str
    is_carried_out: bool

    def __init__(self, note_delay: DelayCallback | None = None) -> None:
        super().__init__(self.error)
        self.note_delay = note_delay


class ConnectionRefused(NetworkFault):
    """The connection was refused: the request did not arrive."""

    error = "EndpointConnectionError"
    is_carried_out = False


class ResponseLost(NetworkFault):
    """The request arrived and was carried out; its answer never came."""

    error = "ReadTimeoutError"
    is_carried_out = True


class ConnectionReset(NetworkFault):
    """The request arrived and was carried out; the connection broke while the answer was read."""

    error = "ConnectionClosedError"
    is_carried_out = True


Handler = Callable[[Request], "Response | None"]
"""Answers a request, or returns None to let it go on."""

RefusalHook = Callable[[Request], None]
"""Raises for a request that is not to be sent."""

ConnectionRefusal = Callable[[str], None]
"""Raises for a host that is not to be resolved or connected to."""

AnsweredElsewhereCallback = Callable[[Request, str], None]
"""Takes a request that something other than the mock answered, and the name of what answered it."""


@dataclass(frozen=True)
class RefusedCall:
    """An API call, or a connection, that was refused before the network.

    Args:
        operation: the operation, such as ``connect.ListUsers``, or the connection with its host.
        where: the line that made it, as ``file.py:12``.
    """

    operation: str
    where: str
