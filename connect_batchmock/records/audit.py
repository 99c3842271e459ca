"""What a dialer did wrong, found in what was recorded: items given up, and customers called twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from connect_batchmock._matching import differences
from connect_batchmock.engine.journal import Call, FailedRequest, Journal, contacts_in
from connect_batchmock.records import report
from connect_batchmock.records.handles import Campaign, Contact, Instance, Queue
from connect_batchmock.services.campaigns.dial_request_rules import CODES_TO_RETRY
from connect_batchmock.services.connect.contact_rules import REASONS_TO_RETRY

Customer = tuple[str, str]
"""Whom an item is about: the id of a campaign, and an address, or the profile that names the customer."""

_LISTS = ("ContactDataRequestList", "dialRequests", "outboundRequests", "profileOutboundRequests")


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
class UnretriedItem:
    """A customer's item that failed for a reason that may pass, and what came of it afterwards.

    Args:
        customer: whom it is about.
        failed: the first failure that nothing came of.
        later: each call that sent the customer to the campaign once more, with how the item failed in it;
            None where the call itself failed, or repeated an old answer.
    """

    customer: Customer
    failed: FailedRequest
    later: Sequence[tuple[NumberedCall, FailedRequest | None]]


@dataclass(frozen=True)
class DoubleDial:
    """The contacts that one campaign has for one customer."""

    creations: Sequence[Creation]


def unretried_items(journal: Journal, contacts: Sequence[Contact]) -> list[UnretriedItem]:
    """Return the items that failed for a reason that may pass, and were not sent later with success.

    An item is known again by its customer and its campaign: applications number the items of each batch anew.
    What the campaign service puts by itself, it also puts again by itself.
    """
    failures = _failures_by_customer(journal)
    if not failures:
        return []
    sent = _calls_by_customer(journal)
    succeeded = _last_successes(sent, failures, contacts, journal)
    first: dict[Customer, FailedRequest] = {}
    for (customer, number), failed in failures.items():
        by_itself = journal.calls[number - 1].internal
        is_open = succeeded.get(customer, 0) <= number
        if failed.reason in _REASONS_TO_RETRY[failed.operation] and is_open and not by_itself:
            first.setdefault(customer, failed)
    return [
        UnretriedItem(
            customer,
            failed,
            [
                (one, failures.get((customer, one.number)))
                for one in sent[customer]
                if one.number > failed.call_number
            ],
        )
        for customer, failed in first.items()
    ]


_REASONS_TO_RETRY: Mapping[str, Sequence[str]] = {
    "BatchPutContact": REASONS_TO_RETRY,
    "PutDialRequestBatch": CODES_TO_RETRY,
    "PutOutboundRequestBatch": CODES_TO_RETRY,
    "PutProfileOutboundRequestBatch": CODES_TO_RETRY,
}


def reasons_of(found: Sequence[UnretriedItem]) -> list[str]:
    """Return the reasons that may pass, of the operations in which items were given up."""
    operations = dict.fromkeys(one.failed.operation for one in found)
    return list(dict.fromkeys(reason for one in operations for reason in _REASONS_TO_RETRY[one]))


def _failures_by_customer(journal: Journal) -> dict[tuple[Customer, int], FailedRequest]:
    """Return the items that failed, by whom they are about and the number of the call."""
    found: dict[tuple[Customer, int], FailedRequest] = {}
    for failed in journal.failed_requests:
        customer = customer_of(failed, journal.calls[failed.call_number - 1])
        if customer is not None:
            found[customer, failed.call_number] = failed
    return found


def _calls_by_customer(journal: Journal) -> Mapping[Customer, list[NumberedCall]]:
    found: dict[Customer, list[NumberedCall]] = {}
    for number, call in enumerate(journal.calls, 1):
        for customer in customers_of(call):
            found.setdefault(customer, []).append(NumberedCall(number, call))
    return found


def _last_successes(
    sent: Mapping[Customer, Sequence[NumberedCall]],
    failures: Collection[tuple[Customer, int]],
    contacts: Sequence[Contact],
    journal: Journal,
) -> dict[Customer, int]:
    """Return the number of the last call that went through for a customer: as a contact, or as a request."""
    found: dict[Customer, int] = {}
    for customer, calls in sent.items():
        for one in calls:
            was_taken = "successfulRequests" in (one.call.result or {})
            if was_taken and (customer, one.number) not in failures:
                found[customer] = one.number
    created_by = journal.created_by()
    for contact in contacts:
        if contact.campaign is not None:
            customer = contact.campaign.id, contact.customer_address
            found[customer] = max(found.get(customer, 0), created_by[contact.id])
    return found


def double_dials(journal: Journal, contacts: Sequence[Contact]) -> list[DoubleDial]:
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
        DoubleDial([_creation(journal.calls, asked, created_by[one.id], one) for one in group])
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


def explain_missing_contact(journal: Journal, criteria: Mapping[str, Any]) -> str | None:
    """Return what became of the items that would have been a contact, or why there is no contact at all."""
    failed = [one for one in journal.failed_requests if _would_have_been(journal, one, criteria)]
    if len(failed) == 1 and criteria:
        return f"It came back failed: {failed[0].reason} in call {failed[0].call_number}: {failed[0].message}"
    if failed:
        return _came_back_failed(journal, failed)
    if not journal.calls:
        return report.no_calls_at_all()
    last = journal.calls[-1]
    if last.error is not None and all(call.error is not None for call in journal.calls):
        return report.every_call_failed(len(journal.calls), last.error, last.message or "")
    return None


def _would_have_been(journal: Journal, failed: FailedRequest, criteria: Mapping[str, Any]) -> bool:
    if not criteria:
        return True
    told = as_contact(failed, journal.calls[failed.call_number - 1])
    asked = {name: _id_of(value) for name, value in criteria.items() if name in told}
    return bool(asked) and not any(differences(asked, told))


_MAX_NAMED = 5
"""How many of the items that came back failed are named."""


def _came_back_failed(journal: Journal, failed: Sequence[FailedRequest]) -> str:
    named = [
        f"{_name_of(journal, item)} ({item.reason} in call {item.call_number}: {item.message})"
        for item in failed[:_MAX_NAMED]
    ]
    more = [f"and {len(failed) - _MAX_NAMED} more"] if len(failed) > _MAX_NAMED else []
    noun = "item" if len(failed) == 1 else "items"
    return f"{len(failed)} {noun} came back failed: {', '.join([*named, *more])}"


def _name_of(journal: Journal, failed: FailedRequest) -> str:
    told = as_contact(failed, journal.calls[failed.call_number - 1])
    return failed.request_identifier or told.get("customer_address") or report.NAMELESS


def _id_of(value: Any) -> Any:
    return value.id if isinstance(value, (Instance, Queue, Campaign)) else value


def customers_of(call: Call) -> list[Customer]:
    """Return the customers that a call is about, each once."""
    return list(dict.fromkeys(_customer_of(item, call) for item in _items_of(call) if _says_whom(item, call)))


def customer_of(failed: FailedRequest, call: Call) -> Customer | None:
    """Return whom an item is about that came back failed from this call, or None where it does not say."""
    return _customer_of(failed.item, call) if _says_whom(failed.item, call) else None


def _items_of(call: Call) -> list[Any]:
    # A call that was refused as a whole may hold anything.
    found = next((call.parameters[name] for name in _LISTS if name in call.parameters), None)
    return found if isinstance(found, list) else []


def _says_whom(item: Any, call: Call) -> bool:
    try:
        campaign_id, address = _customer_of(item, call)
    except (AttributeError, KeyError, TypeError):
        return False
    return isinstance(campaign_id, str) and isinstance(address, str)


def _customer_of(item: Mapping[str, Any], call: Call) -> tuple[Any, Any]:
    if "ContactDataRequestList" in call.parameters:
        return item["Campaign"]["CampaignId"], item["CustomerEndpoint"]["Address"]
    return call.parameters["id"], item["profileId"] if "profileId" in item else address_of(item)


def address_of(request: Mapping[str, Any]) -> str:
    """Return whom a request to a campaign is to reach: a number in the form of contacts, or an address."""
    wanted = request
    for parameters in request.get("channelSubtypeParameters", {}).values():
        wanted = parameters
    if "destinationEmailAddress" in wanted:
        return str(wanted["destinationEmailAddress"])
    number = wanted["phoneNumber" if wanted is request else "destinationPhoneNumber"]
    return str(number).replace("-", "")


def as_contact(failed: FailedRequest, call: Call) -> dict[str, Any]:
    """Return the attributes of the contact that an item would have been, as far as the item tells them."""
    item = failed.item
    if "ContactDataRequestList" not in call.parameters:
        return _of_request(item, call)
    customer, system = item.get("CustomerEndpoint") or {}, item.get("SystemEndpoint") or {}
    return {
        "instance": call.parameters.get("InstanceId"),
        "queue": item.get("QueueId"),
        "campaign": (item.get("Campaign") or {}).get("CampaignId"),
        "customer_address": customer.get("Address"),
        "system_address": system.get("Address"),
        "attributes": item.get("Attributes") or {},
        "request_identifier": failed.request_identifier,
        "outbound_strategy": item.get("OutboundStrategy"),
    }


def _of_request(request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    told = {"campaign": call.parameters["id"]}
    if "profileId" in request:
        return told
    telephony = request.get("channelSubtypeParameters", {}).get("telephony", request)
    return told | {"customer_address": address_of(request), "attributes": telephony.get("attributes") or {}}
