"""Outbound contacts. A contact is a value: it is replaced, never modified."""

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


# Named tuples are the fastest immutable values to make and to replace.
class Contact(NamedTuple):
    """An outbound contact in the backend: its properties, how it is dialed, and its progress.

    ``state`` is its latest event: INITIATED, QUEUED, CONNECTED_TO_SYSTEM, CONNECTED_TO_AGENT, DISCONNECTED
    or COMPLETED. The time of an event that has not happened is None. ``calling_from`` is the number that it
    calls from: its own, or else the number that its queue had at its creation. ``root_contact_id`` is the
    first of the contacts that it is related to. ``event_count`` is the number of its events.
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
    root_contact_id: str | None = None
    event_count: int = 1

    def held(self) -> Iterable[Any]:
        """Return what it refers to: a deleted queue or campaign may be referenced by its contacts only."""
        return self.instance, self.campaign, self.queue, self.agent

    def changed(self, changes: Mapping[str, Any]) -> Contact:
        """Return the contact with changed fields, by their names."""
        # Every step of every contact calls this. It takes a third of the time of _replace.
        values = list(self)
        for name, value in changes.items():
            values[_POSITIONS[name]] = value
        return tuple.__new__(Contact, values)

    @property
    def arn(self) -> str:
        """The ARN."""
        return f"{self.instance.arn}/contact/{self.id}"

    @property
    def association_id(self) -> str:
        """The id that it shares with the contacts that are related to it: the id of the first of them."""
        return self.root_contact_id or self.id

    @property
    def initiated_at(self) -> datetime:
        """When it was dialed, or created if it has not been dialed."""
        return self.dialed_at or self.created_at

    @property
    def is_ringing(self) -> bool:
        """Whether its phone call rings."""
        return self.ring_started_at is not None and self.connected_to_system_at is None and not self.has_ended

    @property
    def has_ended(self) -> bool:
        """Whether it has been disconnected."""
        return self.disconnected_at is not None

    @property
    def greeted_at(self) -> datetime | None:
        """When the greeting was heard, with answering machine detection, which takes no time here."""
        return self.connected_to_system_at if self.answer_machine_detection else None

    @property
    def queued(self) -> timedelta | None:
        """The time in its queue; None until it has left the queue."""
        return _between(self.enqueued_at, self.dequeued_at)

    @property
    def agent_interaction(self) -> timedelta | None:
        """The time for which the agent and the customer talked; None until they have."""
        return _between(self.connected_to_agent_at, self.disconnected_at)

    @property
    def after_contact_work(self) -> timedelta | None:
        """The time of the agent's after contact work; None until it is done."""
        return _between(self.after_contact_work_started_at, self.after_contact_work_ended_at)

    @property
    def all_tags(self) -> dict[str, str]:
        """The tags that the service adds, and its own."""
        system_tags = {"aws:connect:instanceId": self.instance.id}
        if self.calling_from is not None:
            system_tags["aws:connect:systemEndpoint"] = self.calling_from.address
        return {**system_tags, **self.tags}


_POSITIONS = {name: position for position, name in enumerate(Contact._fields)}


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
    """Return a new outbound contact for the dialer.

    It is dialed as its campaign defines, unless ``properties``, which are fields of a contact, differ.
    """
    backend = instance.region.backend
    now = backend.scheduler.now
    if campaign is not None and campaign.telephony is not None:
        # A preview needs an agent, and thus a queue.
        preview = None if queue is None else preview or campaign.telephony.preview
        # In preview mode, the agent hears who answers.
        detects = bool(campaign.telephony.answer_machine_detection) and preview is None
        properties.setdefault("answer_machine_detection", detects)
        properties.setdefault("ring_timeout", campaign.telephony.ring_timeout)
    number = instance.number_of(queue)
    queue_endpoint = None if number is None else Endpoint("TELEPHONE_NUMBER", number.number)
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
        calling_from=system_endpoint or queue_endpoint,
        preview=preview,
        **properties,
    )


class ContactEvent(NamedTuple):
    """An event of a contact, with the contact as it was then.

    ``type`` is None for a change that the service publishes in a contact record alone. ``updated`` names the
    properties that changed, if ``type`` is CONTACT_DATA_UPDATED.
    """

    type: str | None
    contact: Contact
    updated: tuple[str, ...] = ()

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.contact.updated_at

    @property
    def is_recorded(self) -> bool:
        """Whether it has a contact record: the end of the contact and each change after that have one."""
        return self.contact.state == "COMPLETED"
