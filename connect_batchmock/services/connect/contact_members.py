"""The members of a contact: the attribute behind each member, and its name in every form of AWS.

A form is the detail of a contact event, a contact record, or the ``Contact`` of DescribeContact, of which
SearchContacts returns a part. Every member is declared here and nowhere else.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
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
        absence: why some of the three forms have no such member, or None if all have one. A member that
            every contact has with the same value needs no reason.
        time_type: the name of this time in the ranges and orders of SearchContacts, or None.
        criterion: the member of ``SearchCriteria`` that compares this member, or None.
    """

    field: str | None
    kind: Kind = Kind.PLAIN
    read: Callable[[Any], Any] = _identity
    event: str | None = None
    record: str | None = None
    described: str | None = None
    absence: str | None = None
    time_type: str | None = None
    criterion: str | None = None

    def value(self, contact: Contact) -> Any:
        """Return the value of this member of a contact, before a form writes it."""
        return self.read(contact if self.field is None else getattr(contact, self.field))


@dataclass(frozen=True)
class Group:
    """A member of a contact that is a structure; it is absent if its attribute is None.

    Args:
        field: the attribute that is None for a contact without the structure; None if every contact has it.
        members: the members of the structure.
        event: the name in the detail of a contact event, or None.
        record: the name in a contact record, or None.
        described: the name in DescribeContact, or None.
        absence: why some of the three forms have no such structure, or None if all have one.
    """

    field: str | None
    members: tuple[Member | Group, ...]
    event: str | None = None
    record: str | None = None
    described: str | None = None
    absence: str | None = None

    def is_present(self, contact: Contact) -> bool:
        """Whether a contact has the structure."""
        return self.field is None or getattr(contact, self.field) is not None


def _fixed(
    value: Any,
    kind: Kind = Kind.PLAIN,
    *,
    event: str | None = None,
    record: str | None = None,
    described: str | None = None,
    criterion: str | None = None,
) -> Member:
    """Return a member that has the same value for every contact."""

    def read(contact: Contact) -> Any:
        return value

    return Member(None, kind, read=read, event=event, record=record, described=described, criterion=criterion)


def _references(references: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"Name": name, **reference} for name, reference in references.items()]


def _routing_profile(agent: Agent) -> dict[str, str]:
    return {"ARN": agent.routing_profile.arn, "Name": agent.routing_profile.name}


def _endpoint(field: str, name: str, *, event: str | None = None, absence: str | None = None) -> Group:
    members = (
        Member(field, read=lambda endpoint: endpoint.type, event="type", record="Type", described="Type"),
        Member(
            field,
            read=lambda endpoint: endpoint.address,
            event="address",
            record="Address",
            described="Address",
        ),
    )
    return Group(field, members, event=event, record=name, described=name, absence=absence)


_ONLY_RECORDS = "only contact records have such a member"
_ONLY_DESCRIBED = "only DescribeContact has such a member"


_AGENT = (
    Member(
        "agent",
        read=lambda agent: agent.arn,
        event="agentArn",
        record="ARN",
        absence="DescribeContact has the id",
    ),
    Member(
        "agent",
        read=lambda agent: agent.id,
        described="Id",
        absence="events and records have the ARN",
        criterion="AgentIds",
    ),
    Member("agent", read=lambda agent: agent.username, record="Username", absence=_ONLY_RECORDS),
    Member(
        "accepted_at",
        Kind.TIME,
        event="acceptedByAgentTimestamp",
        record="AcceptedByAgentTimestamp",
        described="AcceptedByAgentTimestamp",
    ),
    Member(
        "preview_ended_at",
        Kind.TIME,
        event="previewEndTimestamp",
        record="PreviewEndTimestamp",
        described="PreviewEndTimestamp",
    ),
    Member(
        "connected_to_agent_at",
        Kind.TIME,
        event="connectedToAgentTimestamp",
        record="ConnectedToAgentTimestamp",
        described="ConnectedToAgentTimestamp",
        time_type="CONNECTED_TO_AGENT_TIMESTAMP",
    ),
    Member("agent_interaction", Kind.DURATION, record="AgentInteractionDuration", absence=_ONLY_RECORDS),
    Member(
        "after_contact_work",
        Kind.DURATION,
        event="afterContactWorkDuration",
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
    _fixed(0, record="AgentInitiatedHoldDuration", described="AgentInitiatedHoldDuration"),
    _fixed(0, record="AgentPauseDurationInSeconds", described="AgentPauseDurationInSeconds"),
    _fixed(None, record="Capabilities"),
    _fixed(0, record="CustomerHoldDuration"),
    _fixed(None, record="DeviceInfo"),
    _fixed(None, record="HierarchyGroups"),
    _fixed(0, record="LongestHoldDuration"),
    _fixed(0, record="NumberOfHolds"),
    Member("agent", read=_routing_profile, record="RoutingProfile", absence=_ONLY_RECORDS),
    _fixed(None, record="StateTransitions"),
)

_QUEUE = (
    Member(
        "queue",
        read=lambda queue: queue.arn,
        event="queueArn",
        record="ARN",
        absence="DescribeContact has the id",
    ),
    Member(
        "queue",
        read=lambda queue: queue.id,
        described="Id",
        absence="events and records have the ARN",
        criterion="QueueIds",
    ),
    Member("queue", read=lambda queue: queue.name, record="Name", absence=_ONLY_RECORDS),
    _fixed("STANDARD", event="queueType"),
    Member(
        "enqueued_at",
        Kind.TIME,
        event="enqueueTimestamp",
        record="EnqueueTimestamp",
        described="EnqueueTimestamp",
        time_type="ENQUEUE_TIMESTAMP",
    ),
    Member("dequeued_at", Kind.TIME, record="DequeueTimestamp", absence=_ONLY_RECORDS),
    Member("queued", Kind.DURATION, record="Duration", absence=_ONLY_RECORDS),
)

_VOICE_ACTIVITY = (
    Member(
        "greeted_at",
        Kind.TIME,
        event="greetingStartTimestamp",
        record="GreetingStartTimestamp",
        described="GreetingStartTimestamp",
    ),
    Member(
        "greeted_at",
        Kind.TIME,
        event="greetingEndTimestamp",
        record="GreetingEndTimestamp",
        described="GreetingEndTimestamp",
    ),
)

_CAMPAIGN = (
    Member(
        "campaign",
        read=lambda campaign: None if campaign is None else campaign.id,
        event="campaignId",
        record="CampaignId",
        described="CampaignId",
    ),
)

MEMBERS: tuple[Member | Group, ...] = (
    Member("id", event="contactId", record="ContactId", described="Id"),
    Member("arn", described="Arn", absence="the envelope of an event lists it, and records have its parts"),
    _fixed(CHANNEL, event="channel", record="Channel", described="Channel", criterion="Channels"),
    Member(
        "instance",
        read=lambda instance: instance.arn,
        event="instanceArn",
        record="InstanceARN",
        absence="DescribeContact takes the id of the instance",
    ),
    Member(
        "instance",
        read=lambda instance: instance.region.account_id,
        record="AWSAccountId",
        absence="the envelope of an event has it, and the ARN that DescribeContact returns contains it",
    ),
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
    Member(
        None,
        Kind.TIME,
        read=lambda contact: None,
        record="ScheduledTimestamp",
        time_type="SCHEDULED_TIMESTAMP",
    ),
    Member("expires_at", Kind.TIME, absence="only a search compares it", time_type="EXPIRY_TIMESTAMP"),
    Member("ring_started_at", Kind.TIME, described="RingStartTimestamp", absence=_ONLY_DESCRIBED),
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
    Member(
        "updated_at",
        Kind.TIME,
        record="LastUpdateTimestamp",
        described="LastUpdateTimestamp",
        absence="the envelope of an event has it",
    ),
    # Only contacts of the channel TASK are paused.
    _fixed(None, record="LastPausedTimestamp"),
    _fixed(None, record="LastResumedTimestamp"),
    _fixed(0, record="TotalPauseCount", described="TotalPauseCount"),
    _fixed(0, record="TotalPauseDurationInSeconds", described="TotalPauseDurationInSeconds"),
    _fixed(None, record="TransferCompletedTimestamp"),
    Member("name", described="Name", absence=_ONLY_DESCRIBED, criterion="Name"),
    Member("description", described="Description", absence=_ONLY_DESCRIBED),
    _fixed(None, record="InitialContactId"),
    _fixed(None, record="NextContactId"),
    _fixed(None, record="PreviousContactId"),
    Member(
        "related_contact_id",
        event="relatedContactId",
        record="RelatedContactId",
        described="RelatedContactId",
    ),
    Member("association_id", described="ContactAssociationId", absence=_ONLY_DESCRIBED),
    _endpoint("customer_endpoint", "CustomerEndpoint", absence="contact events do not identify the customer"),
    _endpoint("calling_from", "SystemEndpoint", event="systemEndpoint"),
    _fixed(None, record="TransferredToEndpoint"),
    Group("enqueued_at", _QUEUE, event="queueInfo", record="Queue", described="QueueInfo"),
    Member(
        "enqueued_at",
        read=lambda at: at and _DEFAULT_PRIORITY,
        described="QueuePriority",
        absence=_ONLY_DESCRIBED,
    ),
    Group("agent", _AGENT, event="agentInfo", record="Agent", described="AgentInfo"),
    Member(
        "agent",
        read=lambda agent: int(agent is not None),
        record="AgentConnectionAttempts",
        absence=_ONLY_RECORDS,
    ),
    Group(
        "greeted_at",
        _VOICE_ACTIVITY,
        event="customerVoiceActivity",
        record="CustomerVoiceActivity",
        described="CustomerVoiceActivity",
    ),
    # A record has the structure even if no campaign made the contact.
    Group(None, _CAMPAIGN, event="campaign", record="Campaign", described="Campaign"),
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
        absence="an event says that they have changed, without their values",
        criterion="SearchableContactAttributes",
    ),
    Member("all_tags", Kind.MAP, event="tags", record="Tags", described="Tags", criterion="ContactTags"),
    Member(
        "segment_attributes",
        Kind.MAP,
        read=lambda attributes: attributes or None,
        event="segmentAttributes",
        record="SegmentAttributes",
        described="SegmentAttributes",
        criterion="SearchableSegmentAttributes",
    ),
    Member(
        "references",
        Kind.MAP,
        read=_references,
        record="References",
        absence="no event says that they have changed, and ListContactReferences returns them",
    ),
    # What only other channels or the analysis of a contact have.
    _fixed({}, Kind.MAP, record="ContactDetails"),
    _fixed(None, record="ContactEvaluations"),
    _fixed(None, record="ContactLens"),
    _fixed(None, record="Customer"),
    _fixed(None, record="CustomerId"),
    _fixed(None, record="DisconnectDetails"),
    _fixed([{"Type": "AUDIO"}], Kind.STRUCTURE, record="MediaStreams"),
    _fixed(None, record="QualityMetrics"),
    _fixed(None, record="Recording"),
    _fixed(None, record="Recordings"),
    _fixed(None, record="VoiceIdResult"),
)
"""Every member, in the order of contact events."""

NOT_SHOWN: Mapping[str, str] = {
    "system_endpoint": "calling_from is this, or the number of the queue",
    "request_identifier": "only the response of BatchPutContact has it",
    "created_at": "initiated_at is this until the contact is dialed",
    "dialed_at": "initiated_at is this from then on",
    "is_ringing": "StopContact alone asks whether it rings",
    "state": "the type of an event is this",
    "has_ended": "disconnected_at has the time",
    "preview": "outbound_strategy has it as the caller sent it",
    "answer_machine_detection": "answering_machine_detection_status is the result",
    "ring_timeout": "no form has such a member",
    "tags": "all_tags contains them",
    "root_contact_id": "association_id is this, or the id",
    "event_count": "the id of an event is made from it",
}
"""The attributes of a contact that no member reads, with the reason."""


def whole_seconds(duration: timedelta) -> int:
    """Return the whole seconds of a duration, which every form writes."""
    return int(duration.total_seconds())


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
        return read(contact) if group.is_present(contact) else None

    return read_if_present


class Form:
    """A form in which AWS shows contacts.

    Args:
        name: the field of ``Member`` with the name in this form.
        write: the functions that write values, by kind. By default, maps and structures are copied and other
            values are not changed.
        absent: the values that stand for no value, by kind, and None for the other kinds. Without this
            argument, the form leaves out members without a value and structures without members.
    """

    def __init__(
        self,
        name: str,
        write: Mapping[Kind, Callable[[Any], Any]],
        *,
        absent: Mapping[Kind, Any] | None = None,
    ) -> None:
        self._name = name
        self._write = {Kind.MAP: copy.deepcopy, Kind.STRUCTURE: copy.deepcopy, **write}
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
        readers = self._readers_of(group.members)

        def read(contact: Contact) -> dict[str, Any] | None:
            return self._structure(readers, contact) or None if group.is_present(contact) else None

        return read
