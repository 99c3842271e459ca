"""The abandonment rate of a predictive campaign: how many of its customers answered and found no agent."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from connect_batchmock.domain.stateful import Stateful


@dataclass(frozen=True)
class AbandonmentTarget:
    """The abandonment rate below which a predictive campaign stays.

    Args:
        rate: the rate, from 0 to 1, at which the campaign begins to dial progressively.
        threshold: the seconds after which a customer who has no agent counts as abandoned.
        start_point: the event from which the threshold is measured, a value of the model's
            ``ConnectionStartPoint``. The events happen at the same time here.
        window: the hours over which the rate is calculated.
    """

    rate: float
    threshold: int
    start_point: str
    window: int


class AbandonmentRate(Stateful):
    """The abandonment rate of a campaign over the window of its target.

    Each answered phone call is counted once: when an agent takes it, or when it is abandoned.

    Args:
        target: the target of the campaign.
    """

    def __init__(self, target: AbandonmentTarget) -> None:
        self.target = target
        self._counted: deque[tuple[datetime, bool]] = deque()
        self._abandoned = 0

    @property
    def threshold(self) -> timedelta:
        """The time after which a customer who has no agent counts as abandoned."""
        return timedelta(seconds=self.target.threshold)

    @property
    def window(self) -> timedelta:
        """The time after which a phone call counts no more."""
        return timedelta(hours=self.target.window)

    def count(self, at: datetime, *, is_abandoned: bool) -> None:
        """Count an answered phone call."""
        self._counted.append((at, is_abandoned))
        self._abandoned += is_abandoned

    def has_reached_target(self, now: datetime) -> bool:
        """Whether the rate is at the target or above it; false as long as no phone call counts."""
        while self._counted and self._counted[0][0] <= now - self.window:
            _, was_abandoned = self._counted.popleft()
            self._abandoned -= was_abandoned
        return bool(self._counted) and self._abandoned / len(self._counted) >= self.target.rate
