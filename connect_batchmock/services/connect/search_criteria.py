"""Which contacts a search is about: its time ranges and its criteria."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from connect_batchmock.domain.contact import Contact
from connect_batchmock.services.connect.contact_details import CHANNEL, INITIATION_METHOD
from connect_batchmock.services.connect.tag_filter import passes

Criterion = Callable[[Contact, Any], bool]
Moment = Callable[[Contact], "datetime | None"]


def _never(contact: Contact) -> None:
    return None


MOMENTS: Mapping[str, Moment] = {
    "INITIATION_TIMESTAMP": lambda contact: contact.initiated_at,
    # Only tasks are scheduled.
    "SCHEDULED_TIMESTAMP": _never,
    "CONNECTED_TO_AGENT_TIMESTAMP": lambda contact: contact.connected_to_agent_at,
    "DISCONNECT_TIMESTAMP": lambda contact: contact.disconnected_at,
    "ENQUEUE_TIMESTAMP": lambda contact: contact.enqueued_at,
}
"""The time of a contact that each type of time range is about."""


def is_within(contact: Contact, time_range: Mapping[str, Any]) -> bool:
    """Whether a time of a contact lies in a range, whose ends belong to it."""
    moment = MOMENTS[time_range["Type"]](contact)
    if moment is None:
        return False
    # Clients send whole seconds, so what happened within the last second of a range would be outside.
    return bool(time_range["StartTime"] <= moment.replace(microsecond=0) <= time_range["EndTime"])


def meets(contact: Contact, criteria: Mapping[str, Any]) -> bool:
    """Whether a contact meets all criteria; one that says nothing is met by all, one unknown here by none."""
    return all(_CRITERIA.get(name, _by_none)(contact, value) for name, value in criteria.items() if value)


def _by_none(contact: Contact, value: Any) -> bool:
    # No contact here was analysed, has routing criteria, or has an agent in a hierarchy or of a machine's.
    return False


def _combined(match_type: str, results: Sequence[bool]) -> bool:
    """Return what results come to; where there are none, nothing is demanded."""
    if match_type == "MATCH_NONE":
        return not any(results)
    return any(results) or not results if match_type == "MATCH_ANY" else all(results)


def _name(contact: Contact, value: Mapping[str, Any]) -> bool:
    name = (contact.name or "").casefold()
    texts = [text.casefold() for text in value["SearchText"]]
    if value["MatchType"] == "MATCH_EXACT":
        return name in texts or not texts
    return _combined(value["MatchType"], [text in name for text in texts])


def _attributes(contact: Contact, value: Mapping[str, Any]) -> bool:
    return _any_values(contact.attributes, value)


def _segment_attributes(contact: Contact, value: Mapping[str, Any]) -> bool:
    texts = {key: given.get("ValueString") for key, given in contact.segment_attributes.items()}
    return _any_values(texts, value)


def _any_values(attributes: Mapping[str, str | None], value: Mapping[str, Any]) -> bool:
    found = [attributes.get(one["Key"]) in one["Values"] for one in value["Criteria"]]
    return _combined(value.get("MatchType", "MATCH_ALL"), found)


def _additional_times(contact: Contact, value: Mapping[str, Any]) -> bool:
    return _combined(value["MatchType"], [_time(contact, one) for one in value["Criteria"]])


def _time(contact: Contact, condition: Mapping[str, Any]) -> bool:
    in_range = "TimeRange" not in condition or is_within(contact, condition["TimeRange"])
    absent = condition.get("TimestampCondition")
    return in_range and (absent is None or MOMENTS[absent["Type"]](contact) is None)


_CRITERIA: Mapping[str, Criterion] = {
    "Name": _name,
    "AgentIds": lambda contact, ids: contact.agent is not None and contact.agent.id in ids,
    "Channels": lambda contact, channels: CHANNEL in channels,
    "InitiationMethods": lambda contact, methods: INITIATION_METHOD in methods,
    "QueueIds": lambda contact, ids: contact.queue is not None and contact.queue.id in ids,
    "AdditionalTimeRange": _additional_times,
    "SearchableContactAttributes": _attributes,
    "SearchableSegmentAttributes": _segment_attributes,
    "ContactTags": lambda contact, tag_filter: passes(contact.all_tags, tag_filter),
}
"""What each member of the model's ``SearchCriteria`` demands of a contact."""
