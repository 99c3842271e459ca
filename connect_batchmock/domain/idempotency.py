"""Answers that are given once: what a ClientToken stands for, and for how long."""

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
    answer: Any
    at: datetime


class IdempotencyCache(Stateful):
    """The answers already given, by operation, instance and token, within one account and region."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], _Entry] = {}

    def get_or_compute(
        self, key: tuple[str, ...], parameters: Mapping[str, Any], now: datetime, make: Callable[[], Any]
    ) -> Any:
        """Return the answer kept under the key, or make, keep and return it.

        An answer that could not be made (``make`` raised) does not use the token up.

        Raises:
            IdempotencyConflictError: the key was used within its lifetime for other parameters.
        """
        kept = self._kept.get(key)
        if kept is not None and now - kept.at < TOKEN_LIFETIME:
            # The order of a list is meant, the order of a map is not: so does Python compare them.
            if kept.parameters != parameters:
                raise IdempotencyConflictError(key[-1])
            return kept.answer
        answer = make()
        self._kept[key] = _Entry(parameters, answer, now)
        return answer

    def forget(self, key: tuple[str, ...]) -> None:
        """Forget an answer of which nothing came, so that its token can be used again."""
        self._kept.pop(key, None)
