"""Outbound campaigns: how they dial, and their states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connect_batchmock.domain.abandonment import AbandonmentRate, AbandonmentTarget
from connect_batchmock.domain.errors import CampaignStateError
from connect_batchmock.domain.queue import Queue
from connect_batchmock.domain.stateful import Stateful

_TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    "start": {"Initialized": "Running"},
    "pause": {"Running": "Paused"},
    "resume": {"Paused": "Running"},
    "stop": {"Running": "Stopped", "Paused": "Stopped", "Failed": "Stopped"},
    "fail": {"Initialized": "Failed", "Running": "Failed", "Paused": "Failed"},
    "complete": {"Running": "Completed", "Paused": "Completed"},
}
_ENDED = ("Stopped", "Failed", "Completed")
_DELETABLE = ("Initialized", *_ENDED)


@dataclass(frozen=True)
class Preview:
    """An agent sees the contact before it is dialed.

    Args:
        timeout: the seconds after which the contact is dialed without the agent.
        may_discard: whether the agent may discard the contact.
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
        capacity: its share of the concurrent phone calls of the instance while another campaign dials, from
            0.01 to 1; None for all.
        preview: the preview, in preview mode.
        flow_id: the flow of a phone call.
        source_number: the number that it calls from; None for the number of the queue.
        answer_machine_detection: whether answering machines are detected; None if unset, which means no.
        awaits_prompt: whether a message waits for the machine's prompt; None if unset.
        ring_timeout: the maximum seconds of ringing; None if unset.
        abandonment_target: the abandonment rate below which a predictive campaign stays; None for any.
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
    abandonment_target: AbandonmentTarget | None = None

    @classmethod
    def of_mode(
        cls,
        mode: str,
        queue: Queue | None,
        flow_id: str,
        *,
        bandwidth_allocation: float = 1.0,
        source_number: str | None = None,
        answer_machine_detection: bool = True,
    ) -> Telephony:
        """Return the telephony of a campaign that a test adds: a mode with its defaults."""
        return cls(
            mode=mode,
            queue=queue,
            flow_id=flow_id,
            bandwidth_allocation=None if mode == "agentless" else bandwidth_allocation,
            capacity=1.0,
            preview=Preview(timeout=30, may_discard=True) if mode == "preview" else None,
            source_number=source_number,
            answer_machine_detection=answer_machine_detection,
        )

    @property
    def is_agentless(self) -> bool:
        """Whether it dials without agents."""
        return self.mode == "agentless"

    def held(self) -> Iterable[Any]:
        """Return the queue: once deleted, it may be referenced by a campaign only."""
        return (self.queue,)


@dataclass(frozen=True)
class Schedule:
    """The start and end of a campaign; the refresh frequency is stored and without effect."""

    start: datetime
    end: datetime
    refresh_frequency: str | None = None


@dataclass(eq=False, repr=False)
class Campaign(Stateful):
    """A campaign of an instance; ``state`` is a value of the model's ``CampaignState``.

    ``updated_at`` is when its state or its configuration last changed.
    ``settings`` holds what is stored and without effect, by the members of version 2 of the campaign service,
    such as ``communicationTimeConfig``.
    """

    id: str
    arn: str
    name: str
    instance_id: str
    telephony: Telephony | None
    updated_at: datetime
    schedule: Schedule | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    state: str = "Initialized"
    contacts_waiting: int = 0
    """The number of its contacts that wait to be dialed."""
    requests_waiting: int = 0
    """The number of its dial requests that are retried and have not become contacts."""
    customers: Counter[str] = field(default_factory=Counter)
    """The number of its contacts that have not ended, by the address of the customer."""
    is_deleted: bool = False
    """Whether the campaign or its instance has been deleted."""
    _abandonment: AbandonmentRate | None = field(default=None, init=False)

    @property
    def queue(self) -> Queue | None:
        """The queue whose agents the campaign dials for, or None."""
        return None if self.telephony is None else self.telephony.queue

    @property
    def has_ended(self) -> bool:
        """Whether it dials no more contacts."""
        return self.is_deleted or self.state in _ENDED

    @property
    def is_active(self) -> bool:
        """Whether it was started and has not ended."""
        return self.state in ("Running", "Paused")

    @property
    def may_be_deleted(self) -> bool:
        """Whether it can be deleted in its state."""
        return self.state in _DELETABLE

    def has_begun(self, now: datetime) -> bool:
        """Whether its schedule has started; true without a schedule."""
        return self.schedule is None or self.schedule.start <= now

    @property
    def is_dialing(self) -> bool:
        """Whether it dials contacts in its state.

        A campaign that was never started dials, too: only the campaign service itself puts contacts for it.
        """
        return self.state in ("Initialized", "Running") and not self.has_ended

    def has_contacts_to_dial(self, now: datetime) -> bool:
        """Whether it dials now: it has contacts that wait, in its state and within its schedule."""
        return self.contacts_waiting > 0 and self.is_dialing and self.has_begun(now)

    @property
    def abandonment(self) -> AbandonmentRate | None:
        """The abandonment rate, measured since its target was set; None without a target."""
        target = None if self.telephony is None else self.telephony.abandonment_target
        if target is None:
            return None
        if self._abandonment is None or self._abandonment.target != target:
            self._abandonment = AbandonmentRate(target)
        return self._abandonment

    def change(self, verb: str) -> None:
        """Start, pause, resume, stop or complete the campaign.

        Raises:
            CampaignStateError: the verb is not allowed in its state.
        """
        state = _TRANSITIONS[verb].get(self.state)
        if state is None:
            raise CampaignStateError(verb, self.state, tuple(_TRANSITIONS[verb]))
        self.state = state


@dataclass(frozen=True)
class CustomerProfile:
    """A customer profile, by which a request can name the customer to call.

    Attributes:
        id: the id, 32 hexadecimal digits.
        number: the phone number in E.164 form.
        attributes: the contact attributes of a phone call to this customer.
    """

    id: str
    number: str
    attributes: Mapping[str, str]
