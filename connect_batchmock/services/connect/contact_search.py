"""Searching contacts: which ones, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.connect.contact_members import readers
from connect_batchmock.services.connect.contacts import DESCRIPTION
from connect_batchmock.services.connect.members import drop_unknown, names_in
from connect_batchmock.services.connect.tags import tags_match
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.pagination import page

_MAX_CONTACTS = 100

Match = Callable[[Any, Any], bool]
"""Says whether the value of a contact is what a criterion demands."""

TIMES = readers("time_type")
"""What reads the time of a contact that each type of time range is about."""

_VALUES = readers("criterion")
"""What reads the value of a contact that each member of the model's ``SearchCriteria`` is about."""


def search_contacts(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Search the contacts of an instance by time and by criteria.

    Ours: Time ranges; Search criteria; The order of search results.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchContacts.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    criteria = parameters.get("SearchCriteria", {})
    _refuse_ranges_that_end_before_they_start(parameters["TimeRange"], criteria)
    found = [
        contact
        for contact in _newest_first(context, instance)
        if is_within(contact, parameters["TimeRange"]) and contact_matches(contact, criteria)
    ]
    shown, following = page(_sorted(found, parameters.get("Sort", {})), parameters, most=_MAX_CONTACTS)
    return {"Contacts": [_summary(contact) for contact in shown], "TotalCount": len(found), **following}


def _refuse_ranges_that_end_before_they_start(
    time_range: Mapping[str, Any], criteria: Mapping[str, Any]
) -> None:
    additional = criteria.get("AdditionalTimeRange", {}).get("Criteria", [])
    ranges = [time_range, *(one["TimeRange"] for one in additional if "TimeRange" in one)]
    for one in ranges:
        if one["EndTime"] < one["StartTime"]:
            raise InvalidRequestError(
                f"The time range ends at {one['EndTime'].isoformat()}, before it starts at "
                f"{one['StartTime'].isoformat()}."
            )


def _newest_first(context: Context, instance: Instance) -> list[Contact]:
    contacts = context.region.backend.contacts.having("instance", instance.id)
    contacts.reverse()
    return sorted(contacts, key=lambda contact: contact.initiated_at, reverse=True)


def _sorted(contacts: Sequence[Contact], sort: Mapping[str, str]) -> Sequence[Contact]:
    """Return the contacts in the order that was asked for; those that have no such time come last."""
    read = TIMES.get(sort.get("FieldName", ""))
    if read is None:
        # No order was asked for, or one by what is the same for all contacts here.
        return contacts
    times = [(moment, one) for one in contacts if (moment := read(one)) is not None]
    times.sort(key=lambda pair: pair[0], reverse=sort["Order"] == "DESCENDING")
    return [one for _, one in times] + [one for one in contacts if read(one) is None]


def _summary(contact: Contact) -> dict[str, Any]:
    shape = "ContactSearchSummary"
    return drop_unknown(shape, DESCRIPTION.show(contact, names_in(shape)))


def is_within(contact: Contact, time_range: Mapping[str, Any]) -> bool:
    """Whether a time of a contact lies in a range, whose ends belong to it."""
    moment = TIMES[time_range["Type"]](contact)
    if moment is None:
        return False
    # Clients send whole seconds, so what happened within the last second of a range would be outside.
    return bool(time_range["StartTime"] <= moment.replace(microsecond=0) <= time_range["EndTime"])


def contact_matches(contact: Contact, criteria: Mapping[str, Any]) -> bool:
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


def _name_meets(name: str | None, wanted: Mapping[str, Any]) -> bool:
    name = (name or "").casefold()
    texts = [text.casefold() for text in wanted["SearchText"]]
    if wanted["MatchType"] == "MATCH_EXACT":
        return name in texts or not texts
    return _combined(wanted["MatchType"], [text in name for text in texts])


def _segment_attributes_meet(
    attributes: Mapping[str, Mapping[str, str]] | None, wanted: Mapping[str, Any]
) -> bool:
    texts = {key: value.get("ValueString") for key, value in (attributes or {}).items()}
    return _any_values(texts, wanted)


def _any_values(attributes: Mapping[str, str | None], value: Mapping[str, Any]) -> bool:
    found = [attributes.get(one["Key"]) in one["Values"] for one in value["Criteria"]]
    return _combined(value.get("MatchType", "MATCH_ALL"), found)


def _additional_times(contact: Contact, value: Mapping[str, Any]) -> bool:
    return _combined(value["MatchType"], [_time_meets(contact, one) for one in value["Criteria"]])


def _time_meets(contact: Contact, condition: Mapping[str, Any]) -> bool:
    in_range = "TimeRange" not in condition or is_within(contact, condition["TimeRange"])
    absent = condition.get("TimestampCondition")
    return in_range and (absent is None or TIMES[absent["Type"]](contact) is None)


_MATCHES: Mapping[str, Match] = {
    "Name": _name_meets,
    "SearchableContactAttributes": _any_values,
    "SearchableSegmentAttributes": _segment_attributes_meet,
    "ContactTags": tags_match,
}
"""What each member of ``SearchCriteria`` that is not a list of values demands of the value of a contact."""
