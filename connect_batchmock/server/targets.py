"""The targets of a server: the URLs to which it posts contact events and contact records."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from connect_batchmock.engine.engine import Engine
from connect_batchmock.engine.faults import PlanError
from connect_batchmock.engine.listeners import Kind
from connect_batchmock.server.control.encoding import json_bytes

_logger = logging.getLogger("connect_batchmock.server")

_POLL_INTERVAL = 0.1
"""The seconds after which a target looks at the clock while nothing happens."""

_TIMEOUT = 5.0
"""The seconds in which a receiver has to respond."""

_GRACE = 0.5
"""The seconds in which a target that stops posts what is left."""


class _RefuseRedirects(HTTPRedirectHandler):
    """Makes an error of a redirect, which urllib would follow without the body."""

    def redirect_request(self, *args: Any) -> None:
        return None


class Target:
    """A URL to which a thread posts events or records as JSON, one after the other.

    No request waits for a receiver. Nothing else moves the clock of a mock that is served and left alone, so
    that the thread also runs what is due. A failure is logged once for each kind, and what failed is dropped.

    Args:
        kind: ``events`` or ``records``.
        url: the URL of the receiver; it is called directly, even where the environment has a proxy.

    Raises:
        ValueError: the URL is invalid.
    """

    def __init__(self, kind: Kind, url: str) -> None:
        _check(kind, url)
        self._kind: Kind = kind
        self._url = url
        self._bodies: SimpleQueue[bytes | None] = SimpleQueue()
        self._opener = build_opener(ProxyHandler({}), _RefuseRedirects())
        self._failures: set[str] = set()
        self._is_over = False

    def start(self, engine: Engine) -> None:
        """Post what happens in a mock from now on, until ``stop``."""
        self._targets = engine.targets
        self._targets.add(self._kind, self._put)
        self._thread = Thread(
            target=self._work,
            args=(lambda: engine.simulation.run_due(),),
            name=f"connect-batchmock posts {self._kind} to {self._url}",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """Post what is left for half a second at most, and drop the rest."""
        self._targets.remove(self._kind, self._put)
        self._bodies.put(None)
        self._thread.join(_GRACE)
        self._is_over = True

    def _put(self, payload: dict[str, Any]) -> list[PlanError]:
        self._bodies.put(json_bytes(payload))
        return []

    def _work(self, run_due: Callable[[], None]) -> None:
        while True:
            try:
                body = self._bodies.get(timeout=_POLL_INTERVAL)
            except Empty:
                # The journal has the error of a function of the test.
                with suppress(PlanError):
                    run_due()
                continue
            if body is None or self._is_over:
                return
            self._post(body)

    def _post(self, body: bytes) -> None:
        request = Request(self._url, body, {"Content-Type": "application/json"}, method="POST")
        try:
            with self._opener.open(request, timeout=_TIMEOUT):
                pass
        except HTTPError as error:
            error.close()
            self._report(f"the response has the status {error.code}")
        except Exception as error:  # what a receiver does must not stop the server
            self._report(str(getattr(error, "reason", error)) or type(error).__name__)

    def _report(self, failure: str) -> None:
        if failure not in self._failures:
            self._failures.add(failure)
            _logger.warning(
                "POST of one of the %s to %s failed: %s. It is not sent again, and further failures of this "
                "kind are not logged.",
                self._kind,
                self._url,
                failure,
            )


def _check(kind: str, url: object) -> None:
    try:
        parts = urlsplit(str(url))
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise ValueError(
            f"connect_mock.serve takes deliver_{kind}= as the URL of a receiver, such as "
            f"'http://localhost:8080/{kind}', not {url!r}."
        )
