"""Rates: how often something may happen, and how often at once after a rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from connect_batchmock.domain.stateful import Stateful


@dataclass
class TokenBucket(Stateful):
    """A token bucket for each key: what happens takes a token, and time brings tokens back."""

    per_second: float
    burst: int
    _buckets: dict[tuple[str, ...], tuple[float, datetime]] = field(default_factory=dict)

    def try_acquire(self, key: tuple[str, ...], now: datetime) -> bool:
        """Whether it may happen once more now; what may not happen takes no token."""
        tokens, since = self._buckets.get(key, (float(self.burst), now))
        # A test may turn its clock back; that takes no token away, and coming back brings none.
        elapsed = max((now - since).total_seconds(), 0.0)
        tokens = min(self.burst, tokens + elapsed * self.per_second)
        # The clock has whole microseconds: three thirds of a second are to be a second all the same.
        admitted = tokens > 1 - 1e-3
        self._buckets[key] = (tokens - admitted, max(since, now))
        return admitted
