"""Searching contacts: which ones, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.connect.contacts import DESCRIPTION
from connect_batchmock.services.connect.modelled import known_members, names_in
from connect_batchmock.services.connect.search_criteria import TIMES, is_within, meets
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import Invalid
from connect_batchmock.services.pagination import page

_MOST_CONTACTS = 100


def search_contacts(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Search the contacts of an instance by time and by criteria.

    Ours: Time ranges; Search criteria; The order of contacts that were found.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchContacts.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    criteria = parameters.get("SearchCriteria", {})
    _refuse_ranges_that_end_before_they_start(parameters["TimeRange"], criteria)
    found = [
        contact
        for contact in _newest_first(context, instance)
        if is_within(contact, parameters["TimeRange"]) and meets(contact, criteria)
    ]
    shown, following = page(_sorted(found, parameters.get("Sort", {})), parameters, most=_MOST_CONTACTS)
    return {"Contacts": [_summary(contact) for contact in shown], "TotalCount": len(found), **following}


def _refuse_ranges_that_end_before_they_start(
    time_range: Mapping[str, Any], criteria: Mapping[str, Any]
) -> None:
    additional = criteria.get("AdditionalTimeRange", {}).get("Criteria", [])
    ranges = [time_range, *(one["TimeRange"] for one in additional if "TimeRange" in one)]
    for one in ranges:
        if one["EndTime"] < one["StartTime"]:
            raise Invalid(explain.ends_before_it_starts(one["StartTime"], one["EndTime"]))


def _newest_first(context: Context, instance: Instance) -> list[Contact]:
    contacts = context.region.world.contacts.having("instance", instance.id)
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
    return known_members(shape, DESCRIPTION.show(contact, names_in(shape)))
