"""Which contacts a search is about: its time ranges and its criteria."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connect_batchmock.domain.contact import Contact
from connect_batchmock.services.connect.contact_members import readers
from connect_batchmock.services.connect.tag_filter import passes

Match = Callable[[Any, Any], bool]
"""Says whether the value of a contact is what a criterion demands."""

TIMES = readers("time_type")
"""What reads the time of a contact that each type of time range is about."""

_VALUES = readers("criterion")
"""What reads the value of a contact that each member of the model's ``SearchCriteria`` is about."""


def is_within(contact: Contact, time_range: Mapping[str, Any]) -> bool:
    """Whether a time of a contact lies in a range, whose ends belong to it."""
    moment = TIMES[time_range["Type"]](contact)
    if moment is None:
        return False
    # Clients send whole seconds, so what happened within the last second of a range would be outside.
    return bool(time_range["StartTime"] <= moment.replace(microsecond=0) <= time_range["EndTime"])


def meets(contact: Contact, criteria: Mapping[str, Any]) -> bool:
    """Whether a contact meets all criteria; one that says nothing is met by all, one unknown here by none."""
    return all(_meets(contact, name, wanted) for name, wanted in criteria.items() if wanted)


def _meets(contact: Contact, name: str, wanted: Any) -> bool:
    if name == "AdditionalTimeRange":
        return _additional_times(contact, wanted)
    if name not in _VALUES:
        # No contact here was analyzed, has routing criteria, or an agent in a hierarchy or of a machine's.
        return False
    matches: Match = _MATCHES.get(name, _is_listed)
    return matches(_VALUES[name](contact), wanted)


def _is_listed(value: Any, wanted: Sequence[Any]) -> bool:
    return value in wanted


def _combined(match_type: str, results: Sequence[bool]) -> bool:
    """Return what results come to; where there are none, nothing is demanded."""
    if match_type == "MATCH_NONE":
        return not any(results)
    return any(results) or not results if match_type == "MATCH_ANY" else all(results)


def _name(name: str | None, wanted: Mapping[str, Any]) -> bool:
    name = (name or "").casefold()
    texts = [text.casefold() for text in wanted["SearchText"]]
    if wanted["MatchType"] == "MATCH_EXACT":
        return name in texts or not texts
    return _combined(wanted["MatchType"], [text in name for text in texts])


def _segment_attributes(
    attributes: Mapping[str, Mapping[str, str]] | None, wanted: Mapping[str, Any]
) -> bool:
    texts = {key: value.get("ValueString") for key, value in (attributes or {}).items()}
    return _any_values(texts, wanted)


def _any_values(attributes: Mapping[str, str | None], value: Mapping[str, Any]) -> bool:
    found = [attributes.get(one["Key"]) in one["Values"] for one in value["Criteria"]]
    return _combined(value.get("MatchType", "MATCH_ALL"), found)


def _additional_times(contact: Contact, value: Mapping[str, Any]) -> bool:
    return _combined(value["MatchType"], [_time(contact, one) for one in value["Criteria"]])


def _time(contact: Contact, condition: Mapping[str, Any]) -> bool:
    in_range = "TimeRange" not in condition or is_within(contact, condition["TimeRange"])
    absent = condition.get("TimestampCondition")
    return in_range and (absent is None or TIMES[absent["Type"]](contact) is None)


_MATCHES: Mapping[str, Match] = {
    "Name": _name,
    "SearchableContactAttributes": _any_values,
    "SearchableSegmentAttributes": _segment_attributes,
    "ContactTags": passes,
}
"""What each member of ``SearchCriteria`` that is not a list of values demands of the value of a contact."""
