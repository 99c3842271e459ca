"""What is written to a connection, in as few pieces as can be."""

from __future__ import annotations

import asyncio
from typing import Any


class Writing:
    """A transport that sends the head of an answer together with what comes after it.

    A piece for each would be a call of the operating system for each, and would wake the client twice.

    Args:
        transport: the transport, which does everything else.

    Attributes:
        holds: whether what is written waits for what is written next.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] = []
        self.holds: bool = False

    def write(self, data: bytes) -> None:
        """Send something, or hold it."""
        self._held.append(data)
        if not self.holds:
            self._let_go()

    def _let_go(self) -> None:
        data = b"".join(self._held)
        self._held.clear()
        self._transport.write(data)

    def close(self) -> None:
        """Send what was held, and close the connection."""
        self._let_go()
        self._transport.close()

    def abort(self) -> None:
        """Send what was held, and close the connection at once."""
        self._let_go()
        self._transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
