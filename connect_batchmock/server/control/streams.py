"""Server-sent streams of what happens, which wait for nobody and pile up nothing.

A stream looks again whenever its reader has taken what there was, from where the reader is. So a slow reader
gets more at a time, and costs no memory meanwhile.
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
from connect_batchmock.server.control.changes import MAX_ENTRIES, ChangeFeed, is_worth_sending
from connect_batchmock.server.control.encoding import json_bytes
from connect_batchmock.server.control.queries import Text, single
from connect_batchmock.server.control.responses import Run, refused

LOOK_EVERY = 0.1
"""The seconds between two looks, while nothing happens."""

SILENT_LOOKS = 100
"""How many looks find nothing before a stream says that it is there all the same."""

MAX_STREAMS = 16
"""How many there can be: each has a thread for itself, most of the time."""


class Batch(NamedTuple):
    """What a look found.

    Attributes:
        text: what is sent of it.
        after: where the next look goes on.
        more: whether there is more to be had at once.
    """

    text: bytes
    after: str
    more: bool


class Streams:
    """The streams of one mock.

    Args:
        changes: looks at the mock.
        is_stopping: whether the server is about to stop, so that streams end.
        run: calls a function in another thread.
    """

    def __init__(self, changes: ChangeFeed, is_stopping: Callable[[], bool], run: Run) -> None:
        self._changes = changes
        self._is_stopping = is_stopping
        self._run = run
        # Requests are decided in several threads at once.
        self._lock = Lock()
        self._open = 0

    def of_changes(self, request: Request) -> Response:
        """Stream what changes."""
        return self._stream(request, self._look_at_changes, {})

    def of_events(self, request: Request) -> Response:
        """Stream contact events, those that meet the criteria of the query."""
        criteria = single(request.query_params.multi_items())
        criteria.pop("after", None)
        meant = {name: Text.of_query(value) for name, value in criteria.items()}
        # A criterion that events do not have is refused before the stream begins.
        Events(()).where(**meant)
        return self._stream(request, self._look_at_events, meant)

    def _stream(
        self, request: Request, look: Callable[[str, Mapping[str, Any]], Batch], criteria: Mapping[str, Any]
    ) -> Response:
        if not self._take_place():
            return refused(
                503,
                "TooManyStreams",
                (
                    f"{MAX_STREAMS} streams are open, which is as many as there can be; close one, and try "
                    f"again."
                ),
            )
        asked = request.query_params.get("after", "")
        after = request.headers.get("last-event-id", asked)
        # Who asks for the headers alone is not to wait for an end.
        is_head = request.method == "HEAD"
        content = iter(()) if is_head else self._send(look, after, criteria)
        return _Stream(content, self._free_place)

    def _take_place(self) -> bool:
        with self._lock:
            if self._open >= MAX_STREAMS:
                return False
            self._open += 1
            return True

    def _free_place(self) -> None:
        with self._lock:
            self._open -= 1

    async def _send(
        self, look: Callable[[str, Mapping[str, Any]], Batch], after: str, criteria: Mapping[str, Any]
    ) -> AsyncIterator[bytes]:
        yield b"retry: 1000\n\n"
        silent = 0
        while not self._is_stopping():
            text, after, more = await self._run(look, after, criteria)
            silent = 0 if text else silent + 1
            if silent > SILENT_LOOKS:
                text, silent = b": still there\n\n", 0
            if text:
                yield text
            if not more:
                # The timers of a loop stand still where a test stops the clock, and threads do not.
                await self._run(time.sleep, LOOK_EVERY)

    def _look_at_changes(self, after: str, criteria: Mapping[str, Any]) -> Batch:
        look = self._changes.since(after)
        text = _message(look, look["cursor"]) if is_worth_sending(look) else b""
        return Batch(text, look["cursor"], look["more"])

    def _look_at_events(self, after: str, criteria: Mapping[str, Any]) -> Batch:
        new = self._changes.events(after)
        texts = [_message({}, new.id_of(0), b"reset")] if new.is_other_history else []
        for number, event in enumerate(new.events, 1):
            texts += [_message(one, new.id_of(number)) for one in Events([event]).where(**criteria)]
        return Batch(b"".join(texts), new.id_of(len(new.events)), len(new.events) == MAX_ENTRIES)


class _Stream(StreamingResponse):
    """A stream that frees its place when it is over, also one whose reader has gone before it began."""

    def __init__(self, content: Any, free_place: Callable[[], None]) -> None:
        super().__init__(content, media_type="text/event-stream")
        self._free_place = free_place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._free_place()


def _message(data: Any, name: str, kind: bytes | None = None) -> bytes:
    """Return a message; one without a kind is what ``EventSource.onmessage`` gets."""
    event = b"" if kind is None else b"event: %b\n" % kind
    return b"%bid: %b\ndata: %b\n\n" % (event, name.encode("ascii"), json_bytes(data))
