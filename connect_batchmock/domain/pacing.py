"""Pacing: the contacts that wait for the agents of a queue, and the order in which they are dialed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from connect_batchmock.domain.agent import Agent
from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.domain.queue import Queue
from connect_batchmock.domain.stateful import Stateful

Sharer = TypeVar("Sharer")


@dataclass(eq=False, repr=False)
class DialAttempt(Stateful):
    """A contact that is being dialed, until its agent is free again.

    ``waits_for_agent`` says whether its customer has answered and waits for an agent; ``step`` counts the
    actions that were scheduled for it, of which only the latest runs. ``is_counted`` says whether the
    abandonment rate of its campaign counts it already.
    """

    contact_id: str
    instance: Instance
    dial_queue: DialQueue
    outcome: Outcome
    agent: Agent | None = None
    waits_for_agent: bool = False
    step: int = 0
    is_counted: bool = False

    def __repr__(self) -> str:
        return f"<DialAttempt contact_id={self.contact_id!r}>"


class FairQueue(Stateful, Generic[Sharer]):
    """Start-time fair queueing: those who share a resource take turns in proportion to their weights.

    The turn of a sharer lasts 1 / weight on a virtual clock. Absence earns no extra turns.
    """

    def __init__(self) -> None:
        self._time = 0.0
        self._ends: dict[Sharer, float] = {}

    def next(self, weights: Mapping[Sharer, float]) -> Sharer:
        """Return the sharer whose turn it is, the first of equals; all weights are greater than 0."""
        starts = {sharer: max(self._time, self._ends.get(sharer, 0.0)) for sharer in weights}
        chosen = min(starts, key=starts.__getitem__)
        self._time = starts[chosen]
        self._ends[chosen] = starts[chosen] + 1 / weights[chosen]
        return chosen


@dataclass(eq=False, repr=False)
class DialQueue(Stateful):
    """The contacts that wait for the agents of a queue, or that need no agent.

    Args:
        queue: the queue; None for contacts that need no agent.
        waiting: the ids of the contacts to dial, by campaign, in the order of their creation. An ended
            contact stays until it is the first.
        contacts: the number of contacts that wait.
        answered: the attempts whose customer waits for an agent, in the order of their answers. An ended
            attempt stays until it is the first.
        fair_queue: chooses the campaign that dials next.
        attempts: the number of attempts that have not completed.
    """

    queue: Queue | None
    waiting: dict[Campaign, deque[str]] = field(default_factory=dict)
    contacts: int = 0
    answered: deque[DialAttempt] = field(default_factory=deque)
    fair_queue: FairQueue[Campaign] = field(default_factory=FairQueue)
    attempts: int = 0

    def __repr__(self) -> str:
        return f"<DialQueue queue={self.queue!r}>"

    def put(self, campaign: Campaign, contact_id: str) -> None:
        """Add a contact after the others of its campaign."""
        if campaign not in self.waiting:
            self.waiting[campaign] = deque()
        self.waiting[campaign].append(contact_id)
        self.contacts += 1


def mode_of(contact: Contact) -> str:
    """Return the dialing mode of a contact: its own strategy takes precedence over its campaign's mode."""
    if contact.queue is None:
        return "agentless"
    if contact.preview is not None:
        return "preview"
    telephony = None if contact.campaign is None else contact.campaign.telephony
    # A single phone call for a queue gets an agent when it is answered, as in predictive mode.
    return "predictive" if telephony is None else telephony.mode
