"""All that is known of a contact."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connect_batchmock.domain.contact import Contact, Endpoint
from connect_batchmock.services.connect.modelled import known_members
from connect_batchmock.services.context import Context

CHANNEL = "VOICE"
"""The channel of every contact here: all are calls."""

INITIATION_METHOD = "API"
"""How every contact here was initiated."""

_DEFAULT_PRIORITY = 5


def describe_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell all that is known of a contact.

    Ours: A contact that follows none; The number that a contact calls from; How a contact was initiated.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    return {"Contact": known_members("Contact", {name: read(contact) for name, read in _MEMBERS.items()})}


def queue_info(contact: Contact) -> dict[str, Any] | None:
    """Return the model's ``QueueInfo`` of a contact, or None where it has no queue."""
    if contact.queue is None:
        return None
    return known_members("QueueInfo", {"Id": contact.queue.id, "EnqueueTimestamp": contact.enqueued_at})


def _endpoint(endpoint: Endpoint | None) -> dict[str, Any] | None:
    return None if endpoint is None else {"Type": endpoint.type, "Address": endpoint.address}


def _agent_info(contact: Contact) -> dict[str, Any] | None:
    if contact.agent is None:
        return None
    start, end = contact.after_contact_work_started_at, contact.after_contact_work_ended_at
    return known_members(
        "AgentInfo",
        {
            "Id": contact.agent.id,
            "AcceptedByAgentTimestamp": contact.accepted_at,
            "PreviewEndTimestamp": contact.preview_ended_at,
            "ConnectedToAgentTimestamp": contact.connected_to_agent_at,
            "AfterContactWorkDuration": _whole_seconds(start, end),
            "AfterContactWorkStartTimestamp": start,
            "AfterContactWorkEndTimestamp": end,
        },
    )


def _whole_seconds(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else int((end - start).total_seconds())


def _voice_activity(contact: Contact) -> dict[str, Any] | None:
    moment = contact.greeted_at
    return None if moment is None else {"GreetingStartTimestamp": moment, "GreetingEndTimestamp": moment}


_MEMBERS: Mapping[str, Callable[[Contact], Any]] = {
    "Arn": lambda contact: contact.arn,
    "Id": lambda contact: contact.id,
    "InitiationMethod": lambda contact: INITIATION_METHOD,
    "Name": lambda contact: contact.name,
    "Description": lambda contact: contact.description,
    "Channel": lambda contact: CHANNEL,
    "QueueInfo": queue_info,
    "AgentInfo": _agent_info,
    "InitiationTimestamp": lambda contact: contact.initiated_at,
    "DisconnectTimestamp": lambda contact: contact.disconnected_at,
    "LastUpdateTimestamp": lambda contact: contact.updated_at,
    "RingStartTimestamp": lambda contact: contact.ring_started_at,
    "RelatedContactId": lambda contact: contact.related_contact_id,
    "CustomerEndpoint": lambda contact: _endpoint(contact.customer_endpoint),
    "SystemEndpoint": lambda contact: _endpoint(contact.calling_from),
    "QueuePriority": lambda contact: contact.enqueued_at and _DEFAULT_PRIORITY,
    "Tags": lambda contact: contact.all_tags,
    "ConnectedToSystemTimestamp": lambda contact: contact.connected_to_system_at,
    "Campaign": lambda contact: contact.campaign and {"CampaignId": contact.campaign.id},
    "AnsweringMachineDetectionStatus": lambda contact: contact.answering_machine_detection_status,
    "CustomerVoiceActivity": _voice_activity,
    "SegmentAttributes": lambda contact: copy.deepcopy(contact.segment_attributes or None),
    "DisconnectReason": lambda contact: contact.disconnect_reason,
    "OutboundStrategy": lambda contact: copy.deepcopy(contact.outbound_strategy),
    "Attributes": lambda contact: dict(contact.attributes),
}
