"""Streams of server-sent events, which buffer nothing for a slow client.

A stream polls again after its client has read the batch before, from the cursor of the client. So a slow
client gets larger batches, and costs no memory.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from threading import Lock
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from connect_batchmock.records.events import Events
from connect_batchmock.server.control.changes import MAX_ENTRIES, ChangeFeed, has_changes
from connect_batchmock.server.control.encoding import json_bytes
from connect_batchmock.server.control.queries import Text, single
from connect_batchmock.server.control.responses import error_response
from connect_batchmock.server.threads import RunInThread

POLL_INTERVAL = 0.1
"""The seconds between two polls while nothing changes."""

MAX_SILENT_POLLS = 100
"""How many polls find nothing before a stream sends a comment as a heartbeat."""

MAX_STREAMS = 16
"""The maximal number of open streams: each uses a thread most of the time."""


class Batch(NamedTuple):
    """What one poll found.

    Attributes:
        text: the messages of the stream.
        after: the cursor of the next poll.
        more: whether the next poll has more already.
    """

    text: bytes
    after: str
    more: bool


Poll = Callable[[str, Mapping[str, Any]], Batch]
"""Takes a cursor and criteria."""


class Streams:
    """The streams of one mock.

    Args:
        changes: the change feed of the mock.
        is_stopping: whether the server is stopping, which ends the streams.
        run: calls a function in another thread.
    """

    def __init__(self, changes: ChangeFeed, is_stopping: Callable[[], bool], run: RunInThread) -> None:
        self._changes = changes
        self._is_stopping = is_stopping
        self._run = run
        # Several threads open streams.
        self._lock = Lock()
        self._open = 0

    def of_changes(self, request: Request) -> Response:
        """Return a stream of changes."""
        return self._stream(request, self._poll_changes, {})

    def of_events(self, request: Request) -> Response:
        """Return a stream of the contact events that match the criteria of the query."""
        params = single(request.query_params.multi_items())
        params.pop("after", None)
        criteria = {name: Text.of_query(value) for name, value in params.items()}
        # An unknown criterion is refused before the stream starts.
        Events(()).where(**criteria)
        return self._stream(request, self._poll_events, criteria)

    def _stream(self, request: Request, poll: Poll, criteria: Mapping[str, Any]) -> Response:
        if not self._acquire_slot():
            return error_response(
                503,
                "TooManyStreams",
                f"{MAX_STREAMS} streams are open, the limit of the server; close one, and try again.",
            )
        after = request.headers.get("last-event-id", request.query_params.get("after", ""))
        # The response to HEAD has no body, and so it ends.
        is_head = request.method == "HEAD"
        content = iter(()) if is_head else self._send(poll, after, criteria)
        return _Stream(content, self._release_slot)

    def _acquire_slot(self) -> bool:
        with self._lock:
            if self._open >= MAX_STREAMS:
                return False
            self._open += 1
            return True

    def _release_slot(self) -> None:
        with self._lock:
            self._open -= 1

    async def _send(self, poll: Poll, after: str, criteria: Mapping[str, Any]) -> AsyncIterator[bytes]:
        yield b"retry: 1000\n\n"
        silent = 0
        while not self._is_stopping():
            text, after, more = await self._run(poll, after, criteria)
            silent = 0 if text else silent + 1
            if silent > MAX_SILENT_POLLS:
                text, silent = b": heartbeat\n\n", 0
            if text:
                yield text
            if not more:
                # The timers of a loop stop where a test freezes time, and the sleep of a thread does not.
                await self._run(time.sleep, POLL_INTERVAL)

    def _poll_changes(self, after: str, criteria: Mapping[str, Any]) -> Batch:
        changes = self._changes.since(after)
        text = _message(changes, changes["cursor"]) if has_changes(changes) else b""
        return Batch(text, changes["cursor"], changes["more"])

    def _poll_events(self, after: str, criteria: Mapping[str, Any]) -> Batch:
        new = self._changes.events(after)
        texts = [_message({}, new.id_of(0), b"reset")] if new.is_other_history else []
        for number, event in enumerate(new.events, 1):
            texts += [_message(match, new.id_of(number)) for match in Events([event]).where(**criteria)]
        return Batch(b"".join(texts), new.id_of(len(new.events)), len(new.events) == MAX_ENTRIES)


class _Stream(StreamingResponse):
    """A stream that releases its slot at its end, even if the client disconnects before its start."""

    def __init__(self, content: Any, release_slot: Callable[[], None]) -> None:
        super().__init__(content, media_type="text/event-stream")
        self._release_slot = release_slot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._release_slot()


def _message(data: Any, name: str, kind: bytes | None = None) -> bytes:
    """Return a message of a stream; ``EventSource.onmessage`` gets one without a kind."""
    event = b"" if kind is None else b"event: %b\n" % kind
    return b"%bid: %b\ndata: %b\n\n" % (event, name.encode("ascii"), json_bytes(data))
