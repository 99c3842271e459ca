"""Idempotency: the results that belong to ClientTokens, and their lifetime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connect_batchmock.domain.errors import IdempotencyConflictError
from connect_batchmock.domain.stateful import Stateful

TOKEN_LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class _Entry:
    parameters: Mapping[str, Any]
    result: Any
    at: datetime


class IdempotencyCache(Stateful):
    """The results of earlier requests of an account and region, by operation, instance and token."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, ...], _Entry] = {}

    def get_or_compute(
        self, key: tuple[str, ...], parameters: Mapping[str, Any], now: datetime, make: Callable[[], Any]
    ) -> Any:
        """Return the stored result of a key, or compute, store and return it.

        If ``make`` raises, nothing is stored, and the token can be used again.

        Raises:
            IdempotencyConflictError: the key was used for other parameters within its lifetime.
        """
        entry = self._entries.get(key)
        if entry is not None and now - entry.at < TOKEN_LIFETIME:
            # As in Python, the order of a list counts and the order of a map does not.
            if entry.parameters != parameters:
                raise IdempotencyConflictError(key[-1])
            return entry.result
        result = make()
        self._entries[key] = _Entry(parameters, result, now)
        return result

    def forget(self, key: tuple[str, ...]) -> None:
        """Remove the result of a request without effect, so that its token can be used again."""
        self._entries.pop(key, None)
