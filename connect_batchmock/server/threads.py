"""The thread of a server, by which others in the process know that it is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from threading import Thread


class ServerThread(Thread):
    """The thread of a server, for which no process waits at its end.

    Args:
        url: the server's address.
        work: what the server does.
    """

    def __init__(self, url: str, work: Callable[[], None]) -> None:
        super().__init__(target=work, name=f"connect-batchmock at {url}", daemon=True)
        self.url: str = url


def is_served(url: str) -> bool:
    """Whether a server of this process is at an address."""
    threads = (one for one in threading.enumerate() if isinstance(one, ServerThread))
    return any(url.startswith(f"{one.url}/") for one in threads)
