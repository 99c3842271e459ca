"""What the service tells others about a contact: contact events, as EventBridge hands them on."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connect_batchmock import explain
from connect_batchmock.criteria import ABSENT, Difference
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.obstacles import why_it_waits
from connect_batchmock.records import Records

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from connect_batchmock.keywords import EventCriteria

EventEnvelope = dict[str, Any]


def envelope(event: ContactEvent) -> EventEnvelope:
    """Return the EventBridge event that tells what happened to a contact.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html.
    """
    instance = event.contact.instance
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.UUID(event.contact.id), str(event.contact.events_told))),
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "account": instance.region.account_id,
        "time": event.at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": instance.region.name,
        "resources": [event.contact.arn, instance.arn],
        "detail": _detail(event),
    }


def _detail(event: ContactEvent) -> dict[str, Any]:
    members = {name: read(event.contact) for name, read in _OF_CONTACT.items()}
    return _present({"eventType": event.type, **members, "updatedProperties": list(event.updated) or None})


def _present(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: copy.deepcopy(value) for name, value in members.items() if value is not None}


def milliseconds(moment: datetime | None) -> str | None:
    """Return a time as contact events write it, or None for what has not happened."""
    if moment is None:
        return None
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _queue_info(contact: Contact) -> dict[str, Any] | None:
    if contact.queue is None or contact.enqueued_at is None:
        return None
    enqueued = milliseconds(contact.enqueued_at)
    return {"queueArn": contact.queue.arn, "queueType": "STANDARD", "enqueueTimestamp": enqueued}


def _agent_info(contact: Contact) -> dict[str, Any] | None:
    if contact.agent is None:
        return None
    return _present(
        {
            "agentArn": contact.agent.arn,
            "acceptedByAgentTimestamp": milliseconds(contact.accepted_at),
            "previewEndTimestamp": milliseconds(contact.preview_ended_at),
            "connectedToAgentTimestamp": milliseconds(contact.connected_to_agent_at),
            "afterContactWorkStartTimestamp": milliseconds(contact.after_contact_work_started_at),
            "afterContactWorkEndTimestamp": milliseconds(contact.after_contact_work_ended_at),
        }
    )


def _voice_activity(contact: Contact) -> dict[str, Any] | None:
    if contact.greeted_at is None:
        return None
    moment = milliseconds(contact.greeted_at)
    return {"greetingStartTimestamp": moment, "greetingEndTimestamp": moment}


def _lower_camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name[0].lower() + name[1:]: _lower_camel(item) for name, item in value.items()}
    return value


_OF_CONTACT: Mapping[str, Callable[[Contact], Any]] = {
    "contactId": lambda contact: contact.id,
    "channel": lambda contact: "VOICE",
    "instanceArn": lambda contact: contact.instance.arn,
    "initiationMethod": lambda contact: "API",
    "initiationTimestamp": lambda contact: milliseconds(contact.initiated_at),
    "connectedToSystemTimestamp": lambda contact: milliseconds(contact.connected_to_system_at),
    "disconnectTimestamp": lambda contact: milliseconds(contact.disconnected_at),
    "relatedContactId": lambda contact: contact.related_contact_id,
    "queueInfo": _queue_info,
    "agentInfo": _agent_info,
    "customerVoiceActivity": _voice_activity,
    "campaign": lambda contact: contact.campaign and {"campaignId": contact.campaign.id},
    "answeringMachineDetectionStatus": lambda contact: contact.answering_machine_detection_status,
    "disconnectReason": lambda contact: contact.disconnect_reason,
    "outboundStrategy": lambda contact: _lower_camel(contact.outbound_strategy),
    "tags": lambda contact: contact.all_tags,
    "segmentAttributes": lambda contact: contact.segment_attributes or None,
}


class Events(Records[EventEnvelope]):
    """The contact events, in order, each the EventBridge event that a rule would hand on.

    They are found by the members of their ``detail``, such as ``eventType`` and ``contactId``.
    """

    _noun = "event"

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[EventCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[EventCriteria]) -> EventEnvelope: ...  # type: ignore[override]

    def _present(self, item: ContactEvent) -> EventEnvelope:
        return envelope(item)

    def _criteria(self) -> Sequence[str]:
        return ("eventType", *_OF_CONTACT, "updatedProperties")

    def _line(self, item: EventEnvelope) -> str:
        return explain.event_line(item)

    def _what_is_missing(self, number: int, found: Sequence[Difference]) -> str | None:
        waits_for_time = super()._what_is_missing(number, found)
        return waits_for_time and (why_it_waits(self._items[number - 1].contact) or waits_for_time)

    def _value(self, item: EventEnvelope, name: str, expected: Any) -> Any:
        return item["detail"].get(name, ABSENT)
