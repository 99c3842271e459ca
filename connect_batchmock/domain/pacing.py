"""Lines of contacts, each before the agents of a queue, and the calls that are made from them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from connect_batchmock.domain.agent import Agent
from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.domain.queue import Queue
from connect_batchmock.domain.stateful import Stateful

Sharer = TypeVar("Sharer")


@dataclass(eq=False, repr=False)
class DialAttempt(Stateful):
    """A contact that is being dialed, from the moment that an agent or a line is taken for it.

    ``waits_for_agent`` says whether its customer has answered and waits for an agent.
    """

    contact_id: str
    line: DialQueue
    outcome: Outcome
    agent: Agent | None = None
    waits_for_agent: bool = False
    turn: int = 0

    def __repr__(self) -> str:
        return f"<Call contact_id={self.contact_id!r}>"


class FairQueue(Stateful, Generic[Sharer]):
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


@dataclass(eq=False, repr=False)
class DialQueue(Stateful):
    """The contacts that wait for the agents of one queue; those that need no agent have a line of their own.

    Args:
        queue: the queue.
        waiting: the contacts that are still to be dialed, by campaign, in the order of their creation. Those
            that have ended stay until they are the first.
        contacts: how many contacts wait.
        answered: the calls whose customer waits for an agent, in the order of their answers. Those that have
            ended stay until they are the first.
        calls: how many calls there are.
    """

    queue: Queue | None
    waiting: dict[Campaign, deque[str]] = field(default_factory=dict)
    contacts: int = 0
    answered: deque[DialAttempt] = field(default_factory=deque)
    sharing: FairQueue[Campaign] = field(default_factory=FairQueue)
    calls: int = 0

    def __repr__(self) -> str:
        return f"<Line queue={self.queue!r}>"

    def put(self, campaign: Campaign, contact_id: str) -> None:
        """Make a contact wait behind the others of its campaign."""
        if campaign not in self.waiting:
            self.waiting[campaign] = deque()
        self.waiting[campaign].append(contact_id)
        self.contacts += 1


def mode_of(contact: Contact) -> str:
    """Return how a contact is dialed: its own strategy goes before its campaign's mode."""
    if contact.queue is None:
        return "agentless"
    if contact.preview is not None:
        return "preview"
    telephony = None if contact.campaign is None else contact.campaign.telephony
    # A single call for a queue is like a predictive one: it finds its agent when it is answered.
    return "predictive" if telephony is None else telephony.mode
