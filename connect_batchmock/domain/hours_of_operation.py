"""Hours of operation: when a queue is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(eq=False)
class HoursOfOperation:
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
