"""Hours of operation: when a queue is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connect_batchmock.domain.stateful import Stateful


@dataclass(eq=False)
class HoursOfOperation(Stateful):
    """When a queue is open; the hours are kept as they were given, and nothing waits for them.

    ``config`` holds for each span of a day what the model's ``HoursOfOperationConfig`` has.
    """

    id: str
    arn: str
    name: str
    time_zone: str
    config: Sequence[Mapping[str, Any]]
    updated_at: datetime
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
