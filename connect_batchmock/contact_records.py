"""Contact records: what is told about a contact when it has ended, as Kinesis hands it on."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connect_batchmock import explain
from connect_batchmock.domain.contact import Contact, Endpoint
from connect_batchmock.records import Records

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from connect_batchmock.keywords import ContactRecordCriteria

ContactRecord = dict[str, Any]


def contact_record(contact: Contact) -> ContactRecord:
    """Return the record of a contact that has ended; what it does not have is None.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html.
    """
    return {name: copy.deepcopy(read(contact)) for name, read in _MEMBERS.items()}


def seconds(moment: datetime | None) -> str | None:
    """Return a time as contact records write it, or None for what has not happened."""
    return None if moment is None else moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _elapsed(start: datetime | None, end: datetime | None) -> int:
    return 0 if start is None or end is None else round((end - start).total_seconds())


def _agent(contact: Contact) -> dict[str, Any] | None:
    if contact.agent is None:
        return None
    work = contact.after_contact_work_started_at, contact.after_contact_work_ended_at
    return {
        "ARN": contact.agent.arn,
        "AfterContactWorkDuration": _elapsed(*work),
        "AfterContactWorkEndTimestamp": seconds(work[1]),
        "AfterContactWorkStartTimestamp": seconds(work[0]),
        "AgentInteractionDuration": _elapsed(contact.connected_to_agent_at, contact.disconnected_at),
        "ConnectedToAgentTimestamp": seconds(contact.connected_to_agent_at),
        "CustomerHoldDuration": 0,
        "HierarchyGroups": None,
        "LongestHoldDuration": 0,
        "NumberOfHolds": 0,
        "RoutingProfile": None,
        "Username": contact.agent.name,
    }


def _endpoint(endpoint: Endpoint | None) -> Mapping[str, str] | None:
    return None if endpoint is None else {"Address": endpoint.address, "Type": endpoint.type}


def _queue(contact: Contact) -> dict[str, Any] | None:
    if contact.queue is None or contact.enqueued_at is None:
        return None
    return {
        "ARN": contact.queue.arn,
        "DequeueTimestamp": seconds(contact.dequeued_at),
        "Duration": _elapsed(contact.enqueued_at, contact.dequeued_at),
        "EnqueueTimestamp": seconds(contact.enqueued_at),
        "Name": contact.queue.name,
    }


_MEMBERS: Mapping[str, Callable[[Contact], Any]] = {
    "AWSAccountId": lambda contact: contact.instance.region.account_id,
    "AWSContactTraceRecordFormatVersion": lambda contact: "2017-03-10",
    "Agent": _agent,
    "AgentConnectionAttempts": lambda contact: 0 if contact.agent is None else 1,
    "AnsweringMachineDetectionStatus": lambda contact: contact.answering_machine_detection_status,
    "Attributes": lambda contact: contact.attributes,
    "Campaign": lambda contact: contact.campaign and {"CampaignId": contact.campaign.id},
    "Channel": lambda contact: "VOICE",
    "ConnectedToSystemTimestamp": lambda contact: seconds(contact.connected_to_system_at),
    "ContactId": lambda contact: contact.id,
    "CustomerEndpoint": lambda contact: _endpoint(contact.customer_endpoint),
    "DisconnectReason": lambda contact: contact.disconnect_reason,
    "DisconnectTimestamp": lambda contact: seconds(contact.disconnected_at),
    "InitialContactId": lambda contact: None,
    "InitiationMethod": lambda contact: "API",
    "InitiationTimestamp": lambda contact: seconds(contact.initiated_at),
    "InstanceARN": lambda contact: contact.instance.arn,
    "LastUpdateTimestamp": lambda contact: seconds(contact.updated_at),
    "MediaStreams": lambda contact: [{"Type": "AUDIO"}],
    "NextContactId": lambda contact: None,
    "OutboundStrategy": lambda contact: contact.outbound_strategy,
    "PreviousContactId": lambda contact: None,
    "Queue": _queue,
    "Recording": lambda contact: None,
    "Recordings": lambda contact: None,
    "References": lambda contact: [{"Name": name, **one} for name, one in contact.references.items()],
    "SystemEndpoint": lambda contact: _endpoint(contact.calling_from),
    "Tags": lambda contact: contact.all_tags,
    "TransferCompletedTimestamp": lambda contact: None,
    "TransferredToEndpoint": lambda contact: None,
}


class ContactRecords(Records[ContactRecord]):
    """The contact records, in order; one more for each change to a contact that has ended.

    They are found by their own members, such as ``ContactId`` and ``DisconnectReason``.
    """

    _noun = "contact record"

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[ContactRecordCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[ContactRecordCriteria]) -> ContactRecord: ...  # type: ignore[override]

    def _present(self, item: Contact) -> ContactRecord:
        return contact_record(item)

    def _criteria(self) -> Sequence[str]:
        return tuple(_MEMBERS)

    def _line(self, item: ContactRecord) -> str:
        return explain.contact_record_line(item)

    def _value(self, item: ContactRecord, name: str, expected: Any) -> Any:
        return item[name]
