"""The members of a contact: where each is read from, and its name in every form that AWS shows a contact in.

A form is the detail of a contact event, a contact record, or the ``Contact`` of DescribeContact, of which
SearchContacts gives a part. This table is the only place where a member is declared.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from connect_batchmock.domain.contact import Contact

CHANNEL = "VOICE"
"""The channel of every contact: all are phone calls."""

_DEFAULT_PRIORITY = 5


class Kind(Enum):
    """What a value is, as far as forms write it differently."""

    PLAIN = "a value that is the same in every form"
    TIME = "a datetime"
    DURATION = "a timedelta"
    MAP = "a map whose keys are the caller's own"
    STRUCTURE = "a structure of the model, kept as it was given"


def _itself(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Member:
    """One member of a contact.

    Args:
        field: the attribute of the contact that it is read from, or None where ``read`` takes the contact.
        kind: what its value is.
        read: returns the value, given the attribute; None stands for no value. A member of a group is only
            read where the attribute of the group is not None.
        event: its name in the detail of a contact event, or None where events do not have it.
        record: its name in a contact record, or None.
        described: its name in DescribeContact, or None.
        time_type: what SearchContacts calls this time where it takes a range or sorts.
        criterion: the member of ``SearchCriteria`` that compares it.
    """

    field: str | None
    kind: Kind = Kind.PLAIN
    read: Callable[[Any], Any] = _itself
    event: str | None = None
    record: str | None = None
    described: str | None = None
    time_type: str | None = None
    criterion: str | None = None

    def value(self, contact: Contact) -> Any:
        """Return the value of a contact, before a form writes it."""
        return self.read(contact if self.field is None else getattr(contact, self.field))


@dataclass(frozen=True)
class Group:
    """A member of a contact that is a structure, absent as a whole where ``field`` is None.

    Args:
        field: the attribute of the contact that the structure is about.
        members: what is in it.
        event: its name in the detail of a contact event, or None where events do not have it.
        record: its name in a contact record, or None.
        described: its name in DescribeContact, or None.
        sent_from: the attribute with the time from which on events and records have it; None for always.
    """

    field: str
    members: tuple[Member | Group, ...]
    event: str | None = None
    record: str | None = None
    described: str | None = None
    sent_from: str | None = None

    def is_present(self, contact: Contact, *, is_sent: bool) -> bool:
        """Whether a contact has it, in a form that AWS sends or in one that it is asked for."""
        has_begun = not is_sent or self.sent_from is None or getattr(contact, self.sent_from) is not None
        return has_begun and getattr(contact, self.field) is not None


def _fixed(
    value: Any,
    *,
    event: str | None = None,
    record: str | None = None,
    described: str | None = None,
    criterion: str | None = None,
) -> Member:
    """Return a member that is the same for every contact."""

    def read(contact: Contact) -> Any:
        return copy.deepcopy(value)

    return Member(None, read=read, event=event, record=record, described=described, criterion=criterion)


def _references(references: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"Name": name, **reference} for name, reference in references.items()]


def _endpoint(field: str, name: str) -> Group:
    members = (
        Member(field, read=lambda endpoint: endpoint.type, record="Type", described="Type"),
        Member(field, read=lambda endpoint: endpoint.address, record="Address", described="Address"),
    )
    return Group(field, members, record=name, described=name)


_AGENT = (
    Member("agent", read=lambda agent: agent.arn, event="agentArn", record="ARN"),
    Member("agent", read=lambda agent: agent.id, described="Id", criterion="AgentIds"),
    Member("agent", read=lambda agent: agent.name, record="Username"),
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
    _fixed(None, record="RoutingProfile"),
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
    # Only tasks are scheduled.
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
"""Every member, in the order in which events list them."""

Read = Callable[[Contact], Any]
"""Returns what there is of a contact."""


def readers(names: str) -> dict[str, Read]:
    """Return what reads each member that has a name of some sort, by that name.

    Args:
        names: the sort of name: ``time_type`` or ``criterion``.
    """
    return {name: read for member, read in _all(MEMBERS) if (name := getattr(member, names)) is not None}


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
    """A form that contacts are shown in.

    Args:
        name: the attribute of a member that holds its name in this form.
        write: how values are written, by their kinds. A map or structure that is not named is copied; another
            value that is not named stays as it is.
        is_sent: whether AWS sends it by itself, when something happens.
        absent: what stands for no value, by kind, and None for other kinds; without it, a member that has no
            value is left out.
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
        """The names of the members, in the order in which they are written."""
        return tuple(self._readers)

    def show(self, contact: Contact, wanted: Container[str] | None = None) -> dict[str, Any]:
        """Return a contact in this form, as a copy.

        Args:
            contact: the contact.
            wanted: the names of the members that are wanted; None for all.
        """
        if wanted is None:
            return self._structure(self._readers, contact)
        readers = {name: read for name, read in self._readers.items() if name in wanted}
        return self._structure(readers, contact)

    def _structure(self, readers: Mapping[str, Read], contact: Contact) -> dict[str, Any]:
        values = {name: read(contact) for name, read in readers.items()}
        if self._absent is not None:
            return values
        return {name: value for name, value in values.items() if value is not None}

    def _readers_of(self, entries: Iterable[Member | Group]) -> dict[str, Read]:
        named = {name: entry for entry in entries if (name := getattr(entry, self._name)) is not None}
        # Where every member is written, it is found by its name: records are in the order of the alphabet.
        names = named if self._absent is None else sorted(named)
        return {name: self._reader_of(named[name]) for name in names}

    def _reader_of(self, entry: Member | Group) -> Read:
        if isinstance(entry, Group):
            return self._reader_of_group(entry)
        write, value_of = self._write.get(entry.kind, _itself), entry.value
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
