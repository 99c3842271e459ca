"""Who may ask a server, and how much: no page of another site, no name that DNS could point here, no flood."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from ipaddress import ip_address
from typing import Any

from connect_batchmock import explain
from connect_batchmock.wire.message import Response

MOST_BYTES = 1024 * 1024
"""How long the body of a request may be."""

_DRAINED = 8 * MOST_BYTES
"""How much of a body that is too long is still taken in and thrown away, so that its sender reads the answer."""


class Refused(Exception):
    """A request that is not let in.

    Args:
        status: the HTTP status.
        code: what is wrong, in one word.
        message: what is wrong, in a sentence.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self._status = status
        self._code = code

    def response(self) -> Response:
        """Return the answer to the request; nothing else comes on its connection."""
        headers = {"content-type": "application/json", "x-amzn-errortype": self._code, "connection": "close"}
        return Response(self._status, headers, json.dumps({"message": str(self)}).encode())


class Gate:
    """Lets in what is asked under a name of the server's own, and by nothing from another site.

    Args:
        names: the names that the server may be called by, beside IP addresses and those of this machine.
    """

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self._names = names | {"localhost"}

    def check(self, scope: Mapping[str, Any]) -> None:
        """Let a request in.

        Raises:
            Refused: it is not let in.
        """
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        if not self._is_ours(_name_in(host)):
            raise Refused(421, "MisdirectedRequest", explain.unknown_host(host))
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() != f"http://{host.lower()}":
            raise Refused(403, "ForeignOrigin", explain.from_another_site(origin))
        site = headers.get(b"sec-fetch-site", "none")
        if site not in ("none", "same-origin"):
            raise Refused(403, "ForeignOrigin", explain.from_another_site(site))

    def _is_ours(self, name: str) -> bool:
        return name in self._names or name.endswith(".localhost") or _is_address(name)


def _name_in(host: str) -> str:
    """Return the name or address in a Host header, without its port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower().rstrip(".")


def _is_address(name: str) -> bool:
    # What DNS says cannot make a browser take an address for another.
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


async def body_of(
    scope: Mapping[str, Any], receive: Callable[[], Awaitable[MutableMapping[str, Any]]]
) -> bytes | None:
    """Return the body of a request, or None if its client has gone.

    Raises:
        Refused: it is too long. No more of it is kept than is allowed.
    """
    headers = dict(scope["headers"])
    announced = headers.get(b"content-length", b"0")
    is_waiting = headers.get(b"expect", b"").lower() == b"100-continue"
    if is_waiting and int(announced) > MOST_BYTES:
        raise Refused(413, "RequestEntityTooLargeException", explain.body_too_long(MOST_BYTES))
    body, length, more = bytearray(), 0, True
    while more and length <= _DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        length += len(message.get("body", b""))
        if length <= MOST_BYTES:
            body += message.get("body", b"")
        more = message.get("more_body", False)
    if length > MOST_BYTES:
        raise Refused(413, "RequestEntityTooLargeException", explain.body_too_long(MOST_BYTES))
    return bytes(body)
