"""Rate limits: a token bucket per key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from connect_batchmock.domain.stateful import Stateful


@dataclass
class TokenBucket(Stateful):
    """A token bucket for each key: an event takes a token, and time refills the bucket up to its burst."""

    per_second: float
    burst: int
    _buckets: dict[tuple[str, ...], tuple[float, datetime]] = field(default_factory=dict)

    def try_acquire(self, key: tuple[str, ...], now: datetime) -> bool:
        """Take a token if one is available, and return whether it was."""
        tokens, since = self._buckets.get(key, (float(self.burst), now))
        # A test may set its clock back, which neither takes nor adds a token.
        elapsed = max((now - since).total_seconds(), 0.0)
        tokens = min(self.burst, tokens + elapsed * self.per_second)
        # The clock has whole microseconds, so three thirds of a second fall short of a second.
        admitted = tokens > 1 - 1e-3
        self._buckets[key] = (tokens - admitted, max(since, now))
        return admitted
