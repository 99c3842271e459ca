"""Agents: users of an instance with a status and a routing profile, and the staff of a queue."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from connect_batchmock.domain.stateful import Stateful

ROUTABLE = "ROUTABLE"
"""The type of the statuses in which an agent takes phone calls."""

_ACTIVITIES = {ROUTABLE: "AVAILABLE", "CUSTOM": "NON_PRODUCTIVE", "OFFLINE": "OFFLINE"}
"""The activity of an agent without a contact, by the type of the status."""


@dataclass(eq=False)
class AgentStatus(Stateful):
    """A status that agents of an instance can have.

    ``type`` is a value of the model's ``AgentStatusType``, ``state`` of its ``AgentStatusState``.
    """

    id: str
    arn: str
    name: str
    type: str
    updated_at: datetime
    state: str = "ENABLED"
    display_order: int | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def is_routable(self) -> bool:
        """Whether agents in this status take phone calls."""
        return self.type == ROUTABLE


@dataclass(eq=False, repr=False)
class Staff(Stateful):
    """The agents who serve a queue.

    Args:
        agents: the agents, in the order in which they were added.
        routable: the number of agents in a routable status, on a phone call or not.
        available: the agents who can take a phone call now, in the order in which they became available.
    """

    agents: list[Agent] = field(default_factory=list)
    routable: int = 0
    available: OrderedDict[Agent, None] = field(default_factory=OrderedDict)

    def take_agent(self, contact_id: str) -> Agent:
        """Return the agent who has been available for the longest time, now busy with a contact."""
        agent = next(iter(self.available))
        agent.take(contact_id)
        return agent


@dataclass(eq=False, repr=False)
class RoutingProfile(Stateful):
    """A routing profile: the queues that its agents serve.

    ``staff`` holds the staff of each queue, by the id of the queue; the first is the default outbound queue.
    """

    id: str
    arn: str
    name: str
    updated_at: datetime
    staff: dict[str, Staff] = field(default_factory=dict)
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class Agent(Stateful):
    """A user of an instance, who takes the contacts of several queues, one at a time.

    Args:
        contact_id: the id of the contact that occupies the agent, from the time at which it is dialed for
            the agent to the end of the after-contact work; None without a contact.
        is_in_after_contact_work: whether the contact has ended, and the agent still works on it.
        next_status: the status that the agent gets when the contact is done, or None for the same.
    """

    id: str
    arn: str
    username: str
    first_name: str
    last_name: str
    email: str | None
    routing_profile: RoutingProfile
    status: AgentStatus
    status_started_at: datetime
    updated_at: datetime
    next_status: AgentStatus | None = None
    contact_id: str | None = None
    is_in_after_contact_work: bool = False
    tags: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Join the staff of each queue of the routing profile."""
        for staff in self.routing_profile.staff.values():
            staff.agents.append(self)
        if self.status.is_routable:
            self._become_routable()

    @property
    def activity(self) -> str:
        """What the agent does: ``AVAILABLE``, ``ON_CALL``, ``AFTER_CONTACT_WORK``, or is by the status."""
        if self.contact_id is None:
            return _ACTIVITIES[self.status.type]
        return "AFTER_CONTACT_WORK" if self.is_in_after_contact_work else "ON_CALL"

    def take(self, contact_id: str) -> None:
        """Begin with a contact, which makes the agent unavailable for every queue."""
        self._leave_available()
        self.contact_id = contact_id

    def release(self, now: datetime) -> None:
        """Finish with the contact, and get the next status."""
        # Only an agent in a routable status takes a contact, and keeps the status until now.
        self.contact_id = None
        self.is_in_after_contact_work = False
        self._become_available()
        if self.next_status is not None:
            next_status, self.next_status = self.next_status, None
            self._change_status(next_status, now)

    def set_status(self, status: AgentStatus, now: datetime) -> None:
        """Change the status; an agent with a contact gets it when the contact is done."""
        if self.contact_id is not None:
            self.next_status = None if status is self.status else status
        elif status is not self.status:
            self._change_status(status, now)

    def _change_status(self, status: AgentStatus, now: datetime) -> None:
        """Change the status of an agent without a contact."""
        if self.status.is_routable:
            self._leave_available()
            for staff in self.routing_profile.staff.values():
                staff.routable -= 1
        self.status, self.status_started_at = status, now
        if status.is_routable:
            self._become_routable()

    def _become_routable(self) -> None:
        for staff in self.routing_profile.staff.values():
            staff.routable += 1
        self._become_available()

    def _become_available(self) -> None:
        for staff in self.routing_profile.staff.values():
            staff.available[self] = None

    def _leave_available(self) -> None:
        for staff in self.routing_profile.staff.values():
            del staff.available[self]
