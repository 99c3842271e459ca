"""The members of a contact: the attribute behind each member, and its name in every form of AWS.

A form is the detail of a contact event, a contact record, or the ``Contact`` of DescribeContact, of which
SearchContacts returns a part. Every member is declared here and nowhere else.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from connect_batchmock.domain.agent import Agent
from connect_batchmock.domain.contact import Contact

CHANNEL = "VOICE"
"""The channel of every contact: all are phone calls."""

_DEFAULT_PRIORITY = 5


class Kind(Enum):
    """The kind of a value; a form writes each kind in its own way."""

    PLAIN = "a value that is the same in every form"
    TIME = "a datetime"
    DURATION = "a timedelta"
    MAP = "a map with the caller's keys"
    STRUCTURE = "a structure of the model, as the caller sent it"


def _identity(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Member:
    """One member of a contact.

    Args:
        field: the attribute of the contact that ``read`` takes, or None if ``read`` takes the contact.
        kind: the kind of the value.
        read: returns the value of the attribute; None stands for no value. A member of a group is read only
            if the attribute of the group is not None.
        event: the name in the detail of a contact event, or None.
        record: the name in a contact record, or None.
        described: the name in DescribeContact, or None.
        time_type: the name of this time in the ranges and orders of SearchContacts, or None.
        criterion: the member of ``SearchCriteria`` that compares this member, or None.
    """

    field: str | None
    kind: Kind = Kind.PLAIN
    read: Callable[[Any], Any] = _identity
    event: str | None = None
    record: str | None = None
    described: str | None = None
    time_type: str | None = None
    criterion: str | None = None

    def value(self, contact: Contact) -> Any:
        """Return the value of this member of a contact, before a form writes it."""
        return self.read(contact if self.field is None else getattr(contact, self.field))


@dataclass(frozen=True)
class Group:
    """A member of a contact that is a structure; it is absent if its attribute is None.

    Args:
        field: the attribute of the contact that the structure describes.
        members: the members of the structure.
        event: the name in the detail of a contact event, or None.
        record: the name in a contact record, or None.
        described: the name in DescribeContact, or None.
        sent_from: the attribute with the time after which events and records have the structure, or None.
    """

    field: str
    members: tuple[Member | Group, ...]
    event: str | None = None
    record: str | None = None
    described: str | None = None
    sent_from: str | None = None

    def is_present(self, contact: Contact, *, is_sent: bool) -> bool:
        """Whether a contact has the structure, in a form that AWS sends or in a response."""
        is_due = not is_sent or self.sent_from is None or getattr(contact, self.sent_from) is not None
        return is_due and getattr(contact, self.field) is not None


def _fixed(
    value: Any,
    *,
    event: str | None = None,
    record: str | None = None,
    described: str | None = None,
    criterion: str | None = None,
) -> Member:
    """Return a member that has the same value for every contact."""

    def read(contact: Contact) -> Any:
        return copy.deepcopy(value)

    return Member(None, read=read, event=event, record=record, described=described, criterion=criterion)


def _references(references: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"Name": name, **reference} for name, reference in references.items()]


def _routing_profile(agent: Agent) -> dict[str, str]:
    return {"ARN": agent.routing_profile.arn, "Name": agent.routing_profile.name}


def _endpoint(field: str, name: str) -> Group:
    members = (
        Member(field, read=lambda endpoint: endpoint.type, record="Type", described="Type"),
        Member(field, read=lambda endpoint: endpoint.address, record="Address", described="Address"),
    )
    return Group(field, members, record=name, described=name)


_AGENT = (
    Member("agent", read=lambda agent: agent.arn, event="agentArn", record="ARN"),
    Member("agent", read=lambda agent: agent.id, described="Id", criterion="AgentIds"),
    Member("agent", read=lambda agent: agent.username, record="Username"),
    Member("accepted_at", Kind.TIME, event="acceptedByAgentTimestamp", described="AcceptedByAgentTimestamp"),
    Member("preview_ended_at", Kind.TIME, event="previewEndTimestamp", described="PreviewEndTimestamp"),
    Member(
        "connected_to_agent_at",
        Kind.TIME,
        event="connectedToAgentTimestamp",
        record="ConnectedToAgentTimestamp",
        described="ConnectedToAgentTimestamp",
        time_type="CONNECTED_TO_AGENT_TIMESTAMP",
    ),
    Member("agent_interaction", Kind.DURATION, record="AgentInteractionDuration"),
    Member(
        "after_contact_work",
        Kind.DURATION,
        record="AfterContactWorkDuration",
        described="AfterContactWorkDuration",
    ),
    Member(
        "after_contact_work_started_at",
        Kind.TIME,
        event="afterContactWorkStartTimestamp",
        record="AfterContactWorkStartTimestamp",
        described="AfterContactWorkStartTimestamp",
    ),
    Member(
        "after_contact_work_ended_at",
        Kind.TIME,
        event="afterContactWorkEndTimestamp",
        record="AfterContactWorkEndTimestamp",
        described="AfterContactWorkEndTimestamp",
    ),
    _fixed(0, record="CustomerHoldDuration"),
    _fixed(None, record="HierarchyGroups"),
    _fixed(0, record="LongestHoldDuration"),
    _fixed(0, record="NumberOfHolds"),
    Member("agent", read=_routing_profile, record="RoutingProfile"),
)

_QUEUE = (
    Member("queue", read=lambda queue: queue.arn, event="queueArn", record="ARN"),
    Member("queue", read=lambda queue: queue.id, described="Id", criterion="QueueIds"),
    Member("queue", read=lambda queue: queue.name, record="Name"),
    _fixed("STANDARD", event="queueType"),
    Member(
        "enqueued_at",
        Kind.TIME,
        event="enqueueTimestamp",
        record="EnqueueTimestamp",
        described="EnqueueTimestamp",
        time_type="ENQUEUE_TIMESTAMP",
    ),
    Member("dequeued_at", Kind.TIME, record="DequeueTimestamp"),
    Member("queued", Kind.DURATION, record="Duration"),
)

_VOICE_ACTIVITY = (
    Member("greeted_at", Kind.TIME, event="greetingStartTimestamp", described="GreetingStartTimestamp"),
    Member("greeted_at", Kind.TIME, event="greetingEndTimestamp", described="GreetingEndTimestamp"),
)

_CAMPAIGN = (
    Member(
        "campaign",
        read=lambda campaign: campaign.id,
        event="campaignId",
        record="CampaignId",
        described="CampaignId",
    ),
)

MEMBERS: tuple[Member | Group, ...] = (
    Member("id", event="contactId", record="ContactId", described="Id"),
    Member("arn", described="Arn"),
    _fixed(CHANNEL, event="channel", record="Channel", described="Channel", criterion="Channels"),
    Member("instance", read=lambda instance: instance.arn, event="instanceArn", record="InstanceARN"),
    Member("instance", read=lambda instance: instance.region.account_id, record="AWSAccountId"),
    _fixed("2017-03-10", record="AWSContactTraceRecordFormatVersion"),
    _fixed(
        "API",
        event="initiationMethod",
        record="InitiationMethod",
        described="InitiationMethod",
        criterion="InitiationMethods",
    ),
    Member(
        "initiated_at",
        Kind.TIME,
        event="initiationTimestamp",
        record="InitiationTimestamp",
        described="InitiationTimestamp",
        time_type="INITIATION_TIMESTAMP",
    ),
    # Only contacts of the channel TASK are scheduled.
    Member(None, Kind.TIME, read=lambda contact: None, time_type="SCHEDULED_TIMESTAMP"),
    Member("expires_at", Kind.TIME, time_type="EXPIRY_TIMESTAMP"),
    Member("ring_started_at", Kind.TIME, described="RingStartTimestamp"),
    Member(
        "connected_to_system_at",
        Kind.TIME,
        event="connectedToSystemTimestamp",
        record="ConnectedToSystemTimestamp",
        described="ConnectedToSystemTimestamp",
    ),
    Member(
        "disconnected_at",
        Kind.TIME,
        event="disconnectTimestamp",
        record="DisconnectTimestamp",
        described="DisconnectTimestamp",
        time_type="DISCONNECT_TIMESTAMP",
    ),
    Member("updated_at", Kind.TIME, record="LastUpdateTimestamp", described="LastUpdateTimestamp"),
    _fixed(None, record="TransferCompletedTimestamp"),
    Member("name", described="Name", criterion="Name"),
    Member("description", described="Description"),
    _fixed(None, record="InitialContactId"),
    _fixed(None, record="NextContactId"),
    _fixed(None, record="PreviousContactId"),
    Member("related_contact_id", event="relatedContactId", described="RelatedContactId"),
    _endpoint("customer_endpoint", "CustomerEndpoint"),
    _endpoint("calling_from", "SystemEndpoint"),
    _fixed(None, record="TransferredToEndpoint"),
    Group("queue", _QUEUE, event="queueInfo", record="Queue", described="QueueInfo", sent_from="enqueued_at"),
    Member("enqueued_at", read=lambda at: at and _DEFAULT_PRIORITY, described="QueuePriority"),
    Group("agent", _AGENT, event="agentInfo", record="Agent", described="AgentInfo"),
    Member("agent", read=lambda agent: int(agent is not None), record="AgentConnectionAttempts"),
    Group("greeted_at", _VOICE_ACTIVITY, event="customerVoiceActivity", described="CustomerVoiceActivity"),
    Group("campaign", _CAMPAIGN, event="campaign", record="Campaign", described="Campaign"),
    Member(
        "answering_machine_detection_status",
        event="answeringMachineDetectionStatus",
        record="AnsweringMachineDetectionStatus",
        described="AnsweringMachineDetectionStatus",
    ),
    Member(
        "disconnect_reason", event="disconnectReason", record="DisconnectReason", described="DisconnectReason"
    ),
    Member(
        "outbound_strategy",
        Kind.STRUCTURE,
        event="outboundStrategy",
        record="OutboundStrategy",
        described="OutboundStrategy",
    ),
    Member(
        "attributes",
        Kind.MAP,
        record="Attributes",
        described="Attributes",
        criterion="SearchableContactAttributes",
    ),
    Member("all_tags", Kind.MAP, event="tags", record="Tags", described="Tags", criterion="ContactTags"),
    Member(
        "segment_attributes",
        Kind.MAP,
        read=lambda attributes: attributes or None,
        event="segmentAttributes",
        described="SegmentAttributes",
        criterion="SearchableSegmentAttributes",
    ),
    Member("references", Kind.MAP, read=_references, record="References"),
    _fixed([{"Type": "AUDIO"}], record="MediaStreams"),
    _fixed(None, record="Recording"),
    _fixed(None, record="Recordings"),
)
"""Every member, in the order of contact events."""

Read = Callable[[Contact], Any]
"""Returns a value of a contact."""


def readers(name_field: str) -> dict[str, Read]:
    """Return the functions that read the members which have a certain name, by that name.

    Args:
        name_field: the field of ``Member`` with the name: ``time_type`` or ``criterion``.
    """
    return {name: read for member, read in _all(MEMBERS) if (name := getattr(member, name_field)) is not None}


def _all(entries: Iterable[Member | Group]) -> Iterator[tuple[Member, Read]]:
    for entry in entries:
        if isinstance(entry, Group):
            yield from ((member, _in_group(entry, read)) for member, read in _all(entry.members))
        else:
            yield entry, entry.value


def _in_group(group: Group, read: Read) -> Read:
    def read_if_present(contact: Contact) -> Any:
        return read(contact) if group.is_present(contact, is_sent=False) else None

    return read_if_present


class Form:
    """A form in which AWS shows contacts.

    Args:
        name: the field of ``Member`` with the name in this form.
        write: the functions that write values, by kind. By default, maps and structures are copied and other
            values are not changed.
        is_sent: whether AWS sends the form as an event or a record; otherwise it is part of a response.
        absent: the values that stand for no value, by kind, and None for the other kinds. Without this
            argument, the form leaves out members without a value.
    """

    def __init__(
        self,
        name: str,
        write: Mapping[Kind, Callable[[Any], Any]],
        *,
        is_sent: bool,
        absent: Mapping[Kind, Any] | None = None,
    ) -> None:
        self._name = name
        self._write = {Kind.MAP: copy.deepcopy, Kind.STRUCTURE: copy.deepcopy, **write}
        self._is_sent = is_sent
        self._absent = absent
        self._readers = self._readers_of(MEMBERS)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members, in the order of the form."""
        return tuple(self._readers)

    def show(self, contact: Contact, names: Container[str] | None = None) -> dict[str, Any]:
        """Return a contact in this form, as a copy.

        Args:
            contact: the contact.
            names: the names of the members to show; None for all members.
        """
        if names is None:
            return self._structure(self._readers, contact)
        readers = {name: read for name, read in self._readers.items() if name in names}
        return self._structure(readers, contact)

    def _structure(self, readers: Mapping[str, Read], contact: Contact) -> dict[str, Any]:
        values = {name: read(contact) for name, read in readers.items()}
        if self._absent is not None:
            return values
        return {name: value for name, value in values.items() if value is not None}

    def _readers_of(self, entries: Iterable[Member | Group]) -> dict[str, Read]:
        named = {name: entry for entry in entries if (name := getattr(entry, self._name)) is not None}
        # A contact record has every member, in alphabetical order.
        names = named if self._absent is None else sorted(named)
        return {name: self._reader_of(named[name]) for name in names}

    def _reader_of(self, entry: Member | Group) -> Read:
        if isinstance(entry, Group):
            return self._reader_of_group(entry)
        write, value_of = self._write.get(entry.kind, _identity), entry.value
        absent = (self._absent or {}).get(entry.kind)

        def read(contact: Contact) -> Any:
            value = value_of(contact)
            return absent if value is None else write(value)

        return read

    def _reader_of_group(self, group: Group) -> Read:
        readers, is_sent = self._readers_of(group.members), self._is_sent

        def read(contact: Contact) -> dict[str, Any] | None:
            return self._structure(readers, contact) if group.is_present(contact, is_sent=is_sent) else None

        return read
