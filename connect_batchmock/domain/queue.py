"""Queues, their agents and their hours of operation."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connect_batchmock.domain.agent import Agent
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
    agents: list[Agent] = field(default_factory=list)
    available: deque[Agent] = field(default_factory=deque)
    """The available agents; the first one has been available for the longest time."""

    def add_agent(self, agent: Agent) -> None:
        """Add an available agent."""
        self.agents.append(agent)
        self.available.append(agent)

    def take_agent(self) -> Agent:
        """Return the agent who has been available for the longest time, now on a phone call."""
        agent = self.available.popleft()
        agent.activity = "ON_CALL"
        return agent

    def release(self, agent: Agent) -> None:
        """Make an agent available again."""
        agent.activity = "AVAILABLE"
        self.available.append(agent)


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
