"""What an HTTP request says, and how much of it is taken in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

from connect_batchmock import explain
from connect_batchmock.server.access import Refused

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_BYTES = 1024 * 1024
"""How long the body of a request may be."""

_DRAINED = 8 * MOST_BYTES
"""How much of a body that is too long is taken in and thrown away, so that its sender reads the answer."""


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers of a request, their names in lower case; what comes twice is joined."""
    headers: dict[str, str] = {}
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def target_of(scope: Scope) -> tuple[str, str]:
    """Return the path and the query of a request, as they came."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return path, f"?{query}" if query else ""


async def body_of(headers: Mapping[str, str], receive: Receive) -> bytes | None:
    """Return the body of a request, or None if its client has gone.

    Raises:
        Refused: it is too long. No more of it is kept than is allowed.
    """
    # Whoever asks first whether to send so much is told, and has not sent it.
    if "expect" in headers and int(headers.get("content-length", "0")) > MOST_BYTES:
        raise _too_long()
    body, length, is_more = bytearray(), 0, True
    while is_more and length <= _DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        length += len(piece)
        body += piece if length <= MOST_BYTES else b""
        is_more = message.get("more_body", False)
    if length > MOST_BYTES:
        raise _too_long()
    return bytes(body)


def _too_long() -> Refused:
    return Refused(413, "RequestEntityTooLargeException", explain.body_too_long(MOST_BYTES))


def again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was taken in already, and then whatever else comes."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return left.pop() if left else await receive()

    return receive_again
