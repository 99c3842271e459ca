"""Queues and their hours of operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connect_batchmock.domain.agent import Staff
from connect_batchmock.domain.stateful import Stateful


@dataclass(frozen=True)
class OutboundCaller:
    """The outbound caller of a queue: its name, and the ids of a claimed number and a whisper flow."""

    name: str | None = None
    number_id: str | None = None
    flow_id: str | None = None


@dataclass(eq=False, repr=False)
class Queue(Stateful):
    """A queue of an instance; a disabled queue accepts no new contacts."""

    id: str
    arn: str
    name: str
    hours: HoursOfOperation
    updated_at: datetime
    enabled: bool = True
    description: str | None = None
    max_contacts: int | None = None
    outbound_caller: OutboundCaller | None = None
    outbound_email: Mapping[str, Any] = field(default_factory=dict)
    """The model's ``OutboundEmailConfig``, stored without effect."""
    tags: dict[str, str] = field(default_factory=dict)
    staff: Staff = field(default_factory=Staff)


@dataclass(eq=False)
class HoursOfOperation(Stateful):
    """The hours in which a queue is open, stored without effect.

    ``config`` is a list of the model's ``HoursOfOperationConfig``.
    """

    id: str
    arn: str
    name: str
    time_zone: str
    config: Sequence[Mapping[str, Any]]
    updated_at: datetime
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
