"""Contacts: what a batch creates and a call becomes, each a value that is replaced, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from connect_batchmock.domain.agent import Agent
from connect_batchmock.domain.campaign import Campaign, Preview
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.queue import Queue

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a contact.

    Args:
        type: a value of the model's ``EndpointType``, such as ``TELEPHONE_NUMBER``.
        address: a number in E.164 form, or an ARN where the type says so.

    Follows the ``Endpoint`` shape of the Amazon Connect model.
    """

    type: str
    address: str


# Tuples with names: of all values that do not change, they are the quickest to make, and to make another of.
class Contact(NamedTuple):
    """An outbound contact as the backend knows it: what it is, how it is to be dialed, and how far it is.

    ``state`` is the last event of its life: INITIATED, QUEUED, CONNECTED_TO_SYSTEM, CONNECTED_TO_AGENT,
    DISCONNECTED or COMPLETED. What has not happened yet has no time. ``calling_from`` is where it calls from:
    what was said of it, or else the number that its queue had when it was created. ``event_count`` says how
    many events of its life there have been.
    """

    id: str
    instance: Instance
    campaign: Campaign | None
    queue: Queue | None
    customer_endpoint: Endpoint
    system_endpoint: Endpoint | None
    attributes: Mapping[str, str]
    request_identifier: str | None
    outbound_strategy: Mapping[str, Any] | None
    created_at: datetime
    updated_at: datetime
    state: str = "INITIATED"

    calling_from: Endpoint | None = None
    expires_at: datetime | None = None
    preview: Preview | None = None
    answer_machine_detection: bool = False
    ring_timeout: float | None = None

    enqueued_at: datetime | None = None
    dequeued_at: datetime | None = None
    agent: Agent | None = None
    accepted_at: datetime | None = None
    preview_ended_at: datetime | None = None
    dialed_at: datetime | None = None
    ring_started_at: datetime | None = None
    connected_to_system_at: datetime | None = None
    answering_machine_detection_status: str | None = None
    connected_to_agent_at: datetime | None = None
    disconnected_at: datetime | None = None
    disconnect_reason: str | None = None
    after_contact_work_started_at: datetime | None = None
    after_contact_work_ended_at: datetime | None = None

    name: str | None = None
    description: str | None = None
    references: Mapping[str, Any] = _EMPTY
    segment_attributes: Mapping[str, Any] = _EMPTY
    tags: Mapping[str, str] = _EMPTY
    related_contact_id: str | None = None
    event_count: int = 1

    def held(self) -> Iterable[Any]:
        """Return what may change: a queue or campaign that was deleted may be held by its contacts alone."""
        return self.instance, self.campaign, self.queue, self.agent

    def changed(self, changes: Mapping[str, Any]) -> Contact:
        """Return the contact with other values, by their names."""
        # What every step of every contact passes through: a third of the time that _replace takes.
        values = list(self)
        for name, value in changes.items():
            values[_PLACES[name]] = value
        return tuple.__new__(Contact, values)

    @property
    def arn(self) -> str:
        """The ARN."""
        return f"{self.instance.arn}/contact/{self.id}"

    @property
    def initiated_at(self) -> datetime:
        """When it was created, and from the moment that it is dialed, when that was."""
        return self.dialed_at or self.created_at

    @property
    def has_ended(self) -> bool:
        """Whether the call, or the wait for it, is over."""
        return self.disconnected_at is not None

    @property
    def greeted_at(self) -> datetime | None:
        """When the customer's greeting was heard, where machines are detected: that takes no time here."""
        return self.connected_to_system_at if self.answer_machine_detection else None

    @property
    def queued(self) -> timedelta | None:
        """How long it was in its queue, once it has left it."""
        return _between(self.enqueued_at, self.dequeued_at)

    @property
    def agent_interaction(self) -> timedelta | None:
        """How long the agent and the customer talked, once they have."""
        return _between(self.connected_to_agent_at, self.disconnected_at)

    @property
    def after_contact_work(self) -> timedelta | None:
        """How long the agent worked on it after the call, once that is done."""
        return _between(self.after_contact_work_started_at, self.after_contact_work_ended_at)

    @property
    def all_tags(self) -> dict[str, str]:
        """The tags that the service gives it, and its own."""
        given = {"aws:connect:instanceId": self.instance.id}
        if self.calling_from is not None:
            given["aws:connect:systemEndpoint"] = self.calling_from.address
        return {**given, **self.tags}


_PLACES = {name: place for place, name in enumerate(Contact._fields)}


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return None if start is None or end is None else end - start


def new_contact(
    instance: Instance,
    *,
    campaign: Campaign | None,
    queue: Queue | None,
    customer_endpoint: Endpoint,
    system_endpoint: Endpoint | None,
    attributes: Mapping[str, str],
    preview: Preview | None = None,
    request_identifier: str | None = None,
    outbound_strategy: Mapping[str, Any] | None = None,
    **properties: Any,
) -> Contact:
    """Return a new outbound contact, which is still to be handed to the dialer.

    What its campaign says about dialing counts for it, unless ``properties``, fields of a contact, say
    otherwise.
    """
    backend = instance.region.backend
    now = backend.scheduler.now
    if campaign is not None and campaign.telephony is not None:
        # Where no agent is looked for, none can look at the contact first.
        preview = None if queue is None else preview or campaign.telephony.preview
        # Whoever sees the contact first hears for themselves who answers.
        detects = bool(campaign.telephony.answer_machine_detection) and preview is None
        properties.setdefault("answer_machine_detection", detects)
        properties.setdefault("ring_timeout", campaign.telephony.ring_timeout)
    number = instance.number_of(queue)
    of_the_queue = None if number is None else Endpoint("TELEPHONE_NUMBER", number.number)
    return Contact(
        backend.ids.uuid(),
        instance,
        campaign,
        queue,
        customer_endpoint,
        system_endpoint,
        attributes,
        request_identifier,
        outbound_strategy,
        created_at=now,
        updated_at=now,
        calling_from=system_endpoint or of_the_queue,
        preview=preview,
        **properties,
    )


class ContactEvent(NamedTuple):
    """Something that happened to a contact, with the contact as it was then.

    ``updated`` names what was written on the contact, where ``type`` is CONTACT_DATA_UPDATED.
    """

    type: str
    contact: Contact
    updated: tuple[str, ...] = ()

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.contact.updated_at

    @property
    def is_recorded(self) -> bool:
        """Whether there is a contact record of it: of the end, and of each change after that."""
        return self.contact.state == "COMPLETED"
