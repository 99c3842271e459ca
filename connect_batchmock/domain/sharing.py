"""How campaigns share the agents of a queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from connect_batchmock.domain.stateful import Stateful

Sharer = TypeVar("Sharer")


class Sharing(Stateful, Generic[Sharer]):
    """Turns that are given by weight, to whoever is there: start-time fair queueing.

    A turn lasts the longer, on a clock of its own, the less its taker weighs. Who was away for a while gets
    no turns for that.
    """

    def __init__(self) -> None:
        self._time = 0.0
        self._ends: dict[Sharer, float] = {}

    def next(self, weights: Mapping[Sharer, float]) -> Sharer:
        """Return whose turn it is among these, all of a weight over 0; of equals the first."""
        starts = {one: max(self._time, self._ends.get(one, 0.0)) for one in weights}
        chosen = min(starts, key=starts.__getitem__)
        self._time = starts[chosen]
        self._ends[chosen] = starts[chosen] + 1 / weights[chosen]
        return chosen
