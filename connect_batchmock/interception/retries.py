"""botocore's retries: botocore decides whether to retry, and the mock skips the delay before the retry."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from botocore.hooks import first_non_none_response

from connect_batchmock.protocol.http import DelayCallback

DELAY_ATTR = "_connect_batchmock_note_delay"


def ignore_delay(seconds: float) -> None:
    """Ignore a skipped delay."""


def skip_retry_delay(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap botocore's decision on a retry: skip the delay where the mock answered the attempt."""

    @wraps(original)
    def needs_retry(
        endpoint: Any,
        attempts: int,
        operation_model: Any,
        request_dict: Any,
        response: Any = None,
        caught_exception: Any = None,
    ) -> Any:
        attempt = caught_exception if response is None else response[0]
        note_delay = getattr(attempt, "__dict__", {}).pop(DELAY_ATTR, None)
        # A success is not retried, so there is no delay to skip.
        if note_delay is not None and (response is None or attempt.status_code >= 300):
            endpoint = _without_delay(endpoint, note_delay)
        return original(endpoint, attempts, operation_model, request_dict, response, caught_exception)

    return needs_retry


def _without_delay(endpoint: Any, note_delay: DelayCallback) -> Any:
    emitter = getattr(endpoint, "_event_emitter", None)
    if emitter is None:
        return endpoint
    endpoint = copy.copy(endpoint)
    endpoint._event_emitter = _RetryEmitter(emitter, note_delay)
    return endpoint


class _RetryEmitter:
    """The emitter of an endpoint for one decision on a retry: it reports the delay and returns none."""

    def __init__(self, emitter: Any, note_delay: DelayCallback) -> None:
        self._emitter = emitter
        self._note_delay = note_delay

    def emit(self, event_name: str, **kwargs: Any) -> Any:
        responses = self._emitter.emit(event_name, **kwargs)
        if inspect.isawaitable(responses):
            return self._await(responses)
        return self._without_delay(responses)

    async def _await(self, responses: Awaitable[Any]) -> Any:
        return self._without_delay(await responses)

    def _without_delay(self, responses: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        for handler, _ in responses:
            _disable_adaptive_limiter(handler)
        delay = first_non_none_response(responses)
        if delay is None or delay is False:
            return responses
        self._note_delay(float(delay))
        return [(None, 0)]


def _disable_adaptive_limiter(handler: Any) -> None:
    # The limiter of adaptive mode delays the next attempt in its ``before-send`` handler.
    limiter: Any = getattr(handler, "__self__", None)
    if hasattr(limiter, "on_sending_request"):
        limiter._enabled = False
