"""Queues, in which the contacts of an instance wait for an agent, and the agents who take them."""

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
    """Whom customers see calling from a queue: a name, a claimed number and a whisper flow, by their ids."""

    name: str | None = None
    number_id: str | None = None
    flow_id: str | None = None


@dataclass(eq=False, repr=False)
class Queue(Stateful):
    """A queue of an instance; a disabled one takes no new contacts."""

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
    """The model's ``OutboundEmailConfig``, as it was given."""
    tags: dict[str, str] = field(default_factory=dict)
    agents: list[Agent] = field(default_factory=list)
    available: deque[Agent] = field(default_factory=deque)
    """The agents who are free, the one who has been so for longest first."""

    def add_agent(self, agent: Agent) -> None:
        """Add an agent, who is free."""
        self.agents.append(agent)
        self.available.append(agent)

    def take_agent(self) -> Agent:
        """Return the agent who has been free for longest, now on a call."""
        agent = self.available.popleft()
        agent.activity = "ON_CALL"
        return agent

    def release(self, agent: Agent) -> None:
        """Let an agent be free again."""
        agent.activity = "AVAILABLE"
        self.available.append(agent)


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
