"""Outbound campaigns, on whose behalf contacts are created: how they dial, and the states they go through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connect_batchmock.domain.errors import CampaignStateError
from connect_batchmock.domain.queue import Queue
from connect_batchmock.domain.stateful import Stateful

_CHANGES: Mapping[str, Mapping[str, str]] = {
    "start": {"Initialized": "Running"},
    "pause": {"Running": "Paused"},
    "resume": {"Paused": "Running"},
    "stop": {"Running": "Stopped", "Paused": "Stopped", "Failed": "Stopped"},
    "fail": {"Initialized": "Failed", "Running": "Failed", "Paused": "Failed"},
    "complete": {"Running": "Completed", "Paused": "Completed"},
}
_ENDED = ("Stopped", "Failed", "Completed")
_MAY_BE_DELETED = ("Initialized", *_ENDED)


@dataclass(frozen=True)
class Preview:
    """An agent sees the contact before it is dialed.

    Args:
        timeout: the seconds after which it is dialed by itself.
        may_discard: whether the agent may let it be.
    """

    timeout: float
    may_discard: bool


@dataclass(frozen=True)
class Telephony:
    """How a campaign dials.

    Args:
        mode: ``progressive``, ``predictive``, ``agentless`` or ``preview``.
        queue: the queue whose agents it dials for; an agentless campaign needs none.
        bandwidth_allocation: its weight among the campaigns that share the queue, from 0 to 2.
        capacity: its share of the calls that the instance may have at once, from 0.01 to 1; None for all.
        preview: what the agent sees first, in preview mode.
        flow_id: the flow that a call goes through.
        source_number: the number that it calls from; None where the queue decides.
        answer_machine_detection: whether answering machines are detected; None where nothing was said, which
            is no.
        awaits_prompt: whether a message waits for the machine's prompt; None where nothing was said.
        ring_timeout: the seconds for which it rings at most; None where nothing was said.
        pacing: what is to slow down a predictive campaign, kept as it was given and not acted upon.
    """

    mode: str
    queue: Queue | None
    flow_id: str
    bandwidth_allocation: float | None = None
    capacity: float | None = None
    preview: Preview | None = None
    source_number: str | None = None
    answer_machine_detection: bool | None = None
    awaits_prompt: bool | None = None
    ring_timeout: int | None = None
    pacing: Sequence[Mapping[str, Any]] | None = None

    def held(self) -> Iterable[Any]:
        """Return what may change: a queue that was deleted may be held by a campaign alone."""
        return (self.queue,)


@dataclass(frozen=True)
class Schedule:
    """When a campaign begins and ends; the refresh frequency is kept as it was given."""

    start: datetime
    end: datetime
    refresh_frequency: str | None = None


@dataclass(eq=False, repr=False)
class Campaign(Stateful):
    """A campaign of an instance; ``state`` is a value of the model's ``CampaignState``.

    ``settings`` holds what is kept as it was given and not acted upon, by the members of version 2 of the
    campaign service, such as ``communicationTimeConfig``.
    """

    id: str
    arn: str
    name: str
    instance_id: str
    telephony: Telephony | None
    schedule: Schedule | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    state: str = "Initialized"
    contacts_waiting: int = 0
    """How many of its contacts are still to be dialed."""
    requests_waiting: int = 0
    """How many dial requests are still to become contacts: those that are going to be put once more."""
    customers: Counter[str] = field(default_factory=Counter)
    """For each customer's address, how many contacts of the campaign have not ended."""
    is_deleted: bool = False
    """Whether the campaign, or the instance with it, has been deleted."""

    @property
    def queue(self) -> Queue | None:
        """The queue whose agents the campaign dials for, or None."""
        return None if self.telephony is None else self.telephony.queue

    @property
    def has_ended(self) -> bool:
        """Whether none of its contacts is dialed any more."""
        return self.is_deleted or self.state in _ENDED

    @property
    def may_be_deleted(self) -> bool:
        """Whether its state lets it be deleted."""
        return self.state in _MAY_BE_DELETED

    def has_begun(self, now: datetime) -> bool:
        """Whether its schedule, if it has one, has begun."""
        return self.schedule is None or self.schedule.start <= now

    @property
    def is_dialing(self) -> bool:
        """Whether its state lets its contacts be dialed.

        One that was never started dials what is put for it all the same: only the service itself puts it.
        """
        return self.state in ("Initialized", "Running") and not self.has_ended

    def change(self, verb: str) -> None:
        """Start, pause, resume, stop or complete the campaign.

        Raises:
            CampaignStateError: it is in a state in which that is not possible.
        """
        following = _CHANGES[verb].get(self.state)
        if following is None:
            raise CampaignStateError(verb, self.state, tuple(_CHANGES[verb]))
        self.state = following


@dataclass(frozen=True)
class CustomerProfile:
    """A customer whom a campaign can be told to call by their profile.

    Attributes:
        id: the id, 32 hexadecimal digits.
        number: the number in E.164 form.
        attributes: the contact attributes that a call to this customer gets.
    """

    id: str
    number: str
    attributes: Mapping[str, str]
