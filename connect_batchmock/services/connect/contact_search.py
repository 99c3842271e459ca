"""SearchContacts: the criteria, the order and the pages of a search."""

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
"""Returns whether the value of a contact meets a criterion."""

TIMES = readers("time_type")
"""The function that reads the time of a contact, by the type of a time range."""

_VALUES = readers("criterion")
"""The function that reads the value of a contact, by the member of the model's ``SearchCriteria``."""


def search_contacts(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Search the contacts of an instance by time and by criteria.

    Ours: Time ranges; Search criteria; The order of search results; What each form of a contact has.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchContacts.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    criteria = parameters.get("SearchCriteria", {})
    _check_time_ranges(parameters["TimeRange"], criteria)
    matches = [
        contact
        for contact in _newest_first(context, instance)
        if is_within(contact, parameters["TimeRange"]) and contact_matches(contact, criteria)
    ]
    ordered = _sorted(matches, parameters.get("Sort", {}))
    contacts, next_token = page(ordered, parameters, default_size=_MAX_CONTACTS)
    return {
        "Contacts": [_summary(contact) for contact in contacts],
        "TotalCount": len(matches),
        **next_token,
    }


def _check_time_ranges(time_range: Mapping[str, Any], criteria: Mapping[str, Any]) -> None:
    conditions = criteria.get("AdditionalTimeRange", {}).get("Criteria", [])
    additional = (condition["TimeRange"] for condition in conditions if "TimeRange" in condition)
    for checked in (time_range, *additional):
        start, end = checked["StartTime"], checked["EndTime"]
        if end < start:
            raise InvalidRequestError(
                f"The EndTime {end.isoformat()} of the time range is before its StartTime "
                f"{start.isoformat()}."
            )


def _newest_first(context: Context, instance: Instance) -> list[Contact]:
    contacts = context.region.backend.contacts.having("instance", instance.id)
    contacts.reverse()
    return sorted(contacts, key=lambda contact: contact.initiated_at, reverse=True)


def _sorted(contacts: Sequence[Contact], sort: Mapping[str, str]) -> Sequence[Contact]:
    """Return the contacts in the requested order; contacts without the requested time come last."""
    read = TIMES.get(sort.get("FieldName", ""))
    if read is None:
        # The request has no order, or sorts by a field that is the same for all contacts of the mock.
        return contacts
    timed = [(time, contact) for contact in contacts if (time := read(contact)) is not None]
    timed.sort(key=lambda pair: pair[0], reverse=sort["Order"] == "DESCENDING")
    return [contact for _, contact in timed] + [contact for contact in contacts if read(contact) is None]


def _summary(contact: Contact) -> dict[str, Any]:
    shape = "ContactSearchSummary"
    return drop_unknown(shape, DESCRIPTION.show(contact, names_in(shape)))


def is_within(contact: Contact, time_range: Mapping[str, Any]) -> bool:
    """Whether a time of a contact is in a range, including the start and the end of the range."""
    time = TIMES[time_range["Type"]](contact)
    if time is None:
        return False
    # Some clients send whole seconds: without the rounding, the last second of a range would be outside, and
    # with the start of a client that sends fractions, the first one.
    start = time_range["StartTime"].replace(microsecond=0)
    return bool(start <= time.replace(microsecond=0) <= time_range["EndTime"])


def contact_matches(contact: Contact, criteria: Mapping[str, Any]) -> bool:
    """Whether a contact meets all criteria.

    Every contact meets an empty criterion; no contact meets a criterion that the mock does not know.
    """
    return all(_meets(contact, name, criterion) for name, criterion in criteria.items() if criterion)


def _meets(contact: Contact, name: str, criterion: Any) -> bool:
    if name == "AdditionalTimeRange":
        return _additional_times_meet(contact, criterion)
    if name not in _VALUES:
        # Contacts of the mock have no analysis, no routing criteria, no agent hierarchy and no AI agent.
        return False
    matches: Match = _MATCHES.get(name, _is_listed)
    return matches(_VALUES[name](contact), criterion)


def _is_listed(value: Any, criterion: Sequence[Any]) -> bool:
    return value in criterion


def _combined(match_type: str, results: Sequence[bool]) -> bool:
    """Return the result of all comparisons; without comparisons, every contact matches."""
    if match_type == "MATCH_NONE":
        return not any(results)
    return any(results) or not results if match_type == "MATCH_ANY" else all(results)


def _name_meets(name: str | None, criterion: Mapping[str, Any]) -> bool:
    name = (name or "").casefold()
    texts = [text.casefold() for text in criterion["SearchText"]]
    if criterion["MatchType"] == "MATCH_EXACT":
        return name in texts or not texts
    return _combined(criterion["MatchType"], [text in name for text in texts])


def _segment_attributes_meet(
    attributes: Mapping[str, Mapping[str, str]] | None, criterion: Mapping[str, Any]
) -> bool:
    texts = {key: value.get("ValueString") for key, value in (attributes or {}).items()}
    return _attributes_meet(texts, criterion)


def _attributes_meet(attributes: Mapping[str, str | None], criterion: Mapping[str, Any]) -> bool:
    results = [attributes.get(pair["Key"]) in pair["Values"] for pair in criterion["Criteria"]]
    return _combined(criterion.get("MatchType", "MATCH_ALL"), results)


def _additional_times_meet(contact: Contact, criterion: Mapping[str, Any]) -> bool:
    results = [_time_meets(contact, condition) for condition in criterion["Criteria"]]
    return _combined(criterion["MatchType"], results)


def _time_meets(contact: Contact, condition: Mapping[str, Any]) -> bool:
    in_range = "TimeRange" not in condition or is_within(contact, condition["TimeRange"])
    absent = condition.get("TimestampCondition")
    return in_range and (absent is None or TIMES[absent["Type"]](contact) is None)


_MATCHES: Mapping[str, Match] = {
    "Name": _name_meets,
    "SearchableContactAttributes": _attributes_meet,
    "SearchableSegmentAttributes": _segment_attributes_meet,
    "ContactTags": tags_match,
}
"""The comparison of each member of ``SearchCriteria`` that is not a list of values."""
