"""What a dialer did wrong, found in what was recorded: items given up, and customers called twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from connect_batchmock import explain
from connect_batchmock.criteria import differences
from connect_batchmock.recording import Call, FailedRequest, Journal, contacts_in
from connect_batchmock.seeding import Campaign, Contact, Instance, Queue
from connect_batchmock.services.connect.contact_data_request import REASONS_TO_RETRY


@dataclass(frozen=True)
class NumberedCall:
    """A call and its number among the mock's calls, beginning with 1."""

    number: int
    call: Call


@dataclass(frozen=True)
class Creation:
    """A contact, the call that it came of, its token there, and whether there was ever an answer."""

    contact: Contact
    by: NumberedCall
    token: str | None
    was_answered: bool


@dataclass(frozen=True)
class ItemGivenUp:
    """A customer's item that failed for a reason that may pass, and what came of it afterwards.

    Args:
        failed: the first failure that nothing came of.
        later: each call that sent the customer to the campaign once more, with how the item failed in it;
            None where the call itself failed, or repeated an old answer.
    """

    failed: FailedRequest
    later: Sequence[tuple[NumberedCall, FailedRequest | None]]


@dataclass(frozen=True)
class CustomerCalledTwice:
    """The contacts that one campaign has for one customer."""

    creations: Sequence[Creation]


Customer = tuple[str, str]
"""Whom an item is about: a campaign, by its id, and an address."""


def items_given_up(journal: Journal, contacts: Sequence[Contact]) -> list[ItemGivenUp]:
    """Return the items that failed for a reason that may pass, and were not sent later with success.

    An item is known again by its customer and its campaign: applications number the items of each batch anew.
    What the campaign service puts by itself, it also puts again by itself.
    """
    last_success: dict[Customer, int] = {}
    created_by = journal.created_by()
    for contact in contacts:
        if contact.campaign is not None:
            last_success[contact.campaign.id, contact.customer_address] = created_by[contact.id]
    first: dict[Customer, FailedRequest] = {}
    failures: dict[tuple[Customer, int], FailedRequest] = {}
    for failed in filter(lambda one: _is_about_a_customer(one.item), journal.failed_requests):
        customer = _customer_of(failed.item)
        failures[customer, failed.call_number] = failed
        by_itself = journal.calls[failed.call_number - 1].internal
        is_open = last_success.get(customer, 0) <= failed.call_number
        if failed.reason in REASONS_TO_RETRY and is_open and not by_itself:
            first.setdefault(customer, failed)
    sent = _calls_by_customer(journal) if first else {}
    return [
        ItemGivenUp(
            failed,
            [
                (one, failures.get((customer, one.number)))
                for one in sent[customer]
                if one.number > failed.call_number
            ],
        )
        for customer, failed in first.items()
    ]


def _calls_by_customer(journal: Journal) -> Mapping[Customer, list[NumberedCall]]:
    found: dict[Customer, list[NumberedCall]] = {}
    for number, call in enumerate(journal.calls, 1):
        # A call that was refused as a whole may hold anything.
        items = call.parameters.get("ContactDataRequestList")
        about = filter(_is_about_a_customer, items) if isinstance(items, list) else ()
        customers = dict.fromkeys(map(_customer_of, about))
        for customer in customers:
            found.setdefault(customer, []).append(NumberedCall(number, call))
    return found


def _is_about_a_customer(item: Any) -> bool:
    try:
        return bool(_customer_of(item))
    except (KeyError, TypeError):
        return False


def _customer_of(item: Mapping[str, Any]) -> Customer:
    return item["Campaign"]["CampaignId"], item["CustomerEndpoint"]["Address"]


def customers_called_twice(journal: Journal, contacts: Sequence[Contact]) -> list[CustomerCalledTwice]:
    """Return the customers whom a campaign was to call although it had called them, or was about to.

    A contact that ended without reaching anybody is no reason not to try again.
    """
    by_customer: dict[Customer, list[Contact]] = {}
    for contact in contacts:
        if contact.campaign is not None:
            by_customer.setdefault((contact.campaign.id, contact.customer_address), []).append(contact)
    found = [group for group in by_customer.values() if _is_called_twice(group)]
    if not found:
        return []
    asked, created_by = _dial_requests(journal), journal.created_by()
    return [
        CustomerCalledTwice([_creation(journal.calls, asked, created_by[one.id], one) for one in group])
        for group in found
    ]


def _is_called_twice(contacts: Sequence[Contact]) -> bool:
    pairs = combinations(contacts, 2)
    return any(
        earlier.connected_to_system_at is not None
        or earlier.disconnected_at is None
        or earlier.disconnected_at > later.created_at
        for earlier, later in pairs
    )


def _dial_requests(journal: Journal) -> Mapping[str, tuple[NumberedCall, str, bool]]:
    """Return, for each dial request that was taken, the call, the token, and whether it was answered."""
    found: dict[str, tuple[NumberedCall, str, bool]] = {}
    for number, call in enumerate(journal.calls, 1):
        for taken in (call.result or {}).get("successfulRequests", ()):
            first, token, was_answered = found.get(
                taken.get("id"), (NumberedCall(number, call), taken.get("clientToken"), False)
            )
            found[taken.get("id")] = first, token, was_answered or call.error is None
    return found


def _creation(
    calls: Sequence[Call],
    asked: Mapping[str, tuple[NumberedCall, str, bool]],
    number: int,
    contact: Contact,
) -> Creation:
    call, *later = calls[number - 1 :]
    if call.internal and contact.request_identifier in asked:
        return Creation(contact, *asked[str(contact.request_identifier)])
    was_answered = any(one.error is None and contact.id in contacts_in(one) for one in [call, *later])
    token = call.parameters.get("ClientToken")
    return Creation(contact, NumberedCall(number, call), token, was_answered)


def why_not_created(journal: Journal, criteria: Mapping[str, Any]) -> str | None:
    """Return what became of the items that would have been a contact, or why there is no contact at all."""
    failed = [one for one in journal.failed_requests if _would_have_been(journal, one, criteria)]
    if failed:
        first = failed[0]
        return explain.came_back_failed(first.reason, first.message, first.call_number, len(failed))
    if not journal.calls:
        return explain.no_calls_at_all()
    last = journal.calls[-1]
    if last.error is not None and all(call.error is not None for call in journal.calls):
        return explain.every_call_failed(len(journal.calls), last.error, last.message or "")
    return None


def _would_have_been(journal: Journal, failed: FailedRequest, criteria: Mapping[str, Any]) -> bool:
    told = _as_contact(journal, failed)
    asked = {name: _id_of(value) for name, value in criteria.items() if name in told}
    return bool(asked) and not any(differences(asked, told))


def _as_contact(journal: Journal, failed: FailedRequest) -> dict[str, Any]:
    """Return the attributes of the contact that an item would have been, as far as the item tells them."""
    item = failed.item
    customer, system = item.get("CustomerEndpoint") or {}, item.get("SystemEndpoint") or {}
    call = journal.calls[failed.call_number - 1 :][:1]
    return {
        "instance": call[0].parameters.get("InstanceId") if call else None,
        "queue": item.get("QueueId"),
        "campaign": (item.get("Campaign") or {}).get("CampaignId"),
        "customer_address": customer.get("Address"),
        "system_address": system.get("Address"),
        "attributes": item.get("Attributes") or {},
        "request_identifier": failed.request_identifier,
        "outbound_strategy": item.get("OutboundStrategy"),
    }


def _id_of(value: Any) -> Any:
    return value.id if isinstance(value, (Instance, Queue, Campaign)) else value
