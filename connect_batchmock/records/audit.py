"""Audits of what an application did: items that it never retried, customers that it dials twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from connect_batchmock._matching import differences
from connect_batchmock._text import listed, similar_to
from connect_batchmock.domain.outcome import UNREACHED_STATUSES, Outcome
from connect_batchmock.engine.journal import Call, FailedRequest, Journal, NumberedCall
from connect_batchmock.outcomes import DISCONNECT_REASONS, checked, detection_statuses
from connect_batchmock.records import report
from connect_batchmock.records.handles import Campaign, Contact, Instance, Queue
from connect_batchmock.records.timeline import origin_of
from connect_batchmock.services.campaigns.dial_request_rules import CODES_TO_RETRY
from connect_batchmock.services.connect.contact_rules import REASONS_TO_RETRY

Customer = tuple[str, str]
"""The id of a campaign, and the address of a customer or the id of the customer's profile."""

_LISTS = ("ContactDataRequestList", "dialRequests", "outboundRequests", "profileOutboundRequests")


@dataclass(frozen=True)
class Creation:
    """The creation of a contact.

    Args:
        contact: the contact.
        by: the API call that created it.
        token: the ClientToken of that call, or the clientToken of the request; None if there was none.
        was_answered: whether the application got a response, to the call or to a retry.
    """

    contact: Contact
    by: NumberedCall
    token: str | None
    was_answered: bool


@dataclass(frozen=True)
class UnretriedItem:
    """An item with a retryable failure that never succeeded.

    Args:
        customer: the customer of the item.
        failed: the first failure after the last success.
        retries: each later API call for the customer, with the failure of the item in it; None if the call
            as a whole failed, or replayed an earlier response.
    """

    customer: Customer
    failed: FailedRequest
    retries: Sequence[tuple[NumberedCall, FailedRequest | None]]


@dataclass(frozen=True)
class DoubleDial:
    """The contacts that one campaign has for one customer."""

    creations: Sequence[Creation]


def unretried_items(journal: Journal, contacts: Sequence[Contact]) -> list[UnretriedItem]:
    """Return the items with a retryable failure that did not succeed later.

    Customer and campaign identify an item, because applications number the items of each batch anew. Items
    that the campaign service put are left out, because the service itself retries them.
    """
    failures = _failures_by_customer(journal)
    if not failures:
        return []
    sent = _calls_by_customer(journal)
    succeeded = _last_successes(sent, failures, contacts, journal)
    first: dict[Customer, FailedRequest] = {}
    for (customer, number), failed in failures.items():
        is_internal = journal.calls[number - 1].internal
        is_open = succeeded.get(customer, 0) <= number
        if failed.reason in _REASONS_TO_RETRY[failed.operation] and is_open and not is_internal:
            first.setdefault(customer, failed)
    return [
        UnretriedItem(
            customer,
            failed,
            [
                (call, failures.get((customer, call.number)))
                for call in sent[customer]
                if call.number > failed.call_number
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


def reasons_of(items: Sequence[UnretriedItem]) -> list[str]:
    """Return the retryable reasons of the operations in which the items failed."""
    operations = dict.fromkeys(item.failed.operation for item in items)
    return list(dict.fromkeys(reason for operation in operations for reason in _REASONS_TO_RETRY[operation]))


def _failures_by_customer(journal: Journal) -> dict[tuple[Customer, int], FailedRequest]:
    """Return the items that failed, by their customer and the number of the API call."""
    failures: dict[tuple[Customer, int], FailedRequest] = {}
    for failed in journal.failed_requests:
        customer = customer_of(failed, journal.calls[failed.call_number - 1])
        if customer is not None:
            failures[customer, failed.call_number] = failed
    return failures


def _calls_by_customer(journal: Journal) -> Mapping[Customer, list[NumberedCall]]:
    sent: dict[Customer, list[NumberedCall]] = {}
    for number, call in enumerate(journal.calls, 1):
        for customer in customers_of(call):
            sent.setdefault(customer, []).append(NumberedCall(number, call))
    return sent


def _last_successes(
    sent: Mapping[Customer, Sequence[NumberedCall]],
    failures: Collection[tuple[Customer, int]],
    contacts: Sequence[Contact],
    journal: Journal,
) -> dict[Customer, int]:
    """Return the number of the last API call that succeeded for each customer."""
    last: dict[Customer, int] = {}
    for customer, calls in sent.items():
        for numbered in calls:
            was_accepted = "successfulRequests" in (numbered.call.result or {})
            if was_accepted and (customer, numbered.number) not in failures:
                last[customer] = numbered.number
    created_by = journal.created_by()
    for contact in contacts:
        if contact.campaign is not None:
            customer = contact.campaign.id, contact.customer_address
            last[customer] = max(last.get(customer, 0), created_by[contact.id])
    return last


def double_dials(
    journal: Journal, contacts: Sequence[Contact], retry_after: Iterable[str | Outcome] | None = None
) -> list[DoubleDial]:
    """Return the customers that got a second contact although the first one still went on, or was final.

    Args:
        journal: the journal.
        contacts: the contacts, in the order of their creation.
        retry_after: the endings of a contact after which the application may try again: disconnect reasons,
            statuses of answering machine detection, and outcomes; None for those that reached nobody.

    Raises:
        TypeError: ``retry_after`` is a single ending.
        ValueError: an ending is unknown.
    """
    allows_retry = _was_unreached if retry_after is None else _ended_with(_endings(retry_after))
    by_customer: dict[Customer, list[Contact]] = {}
    for contact in contacts:
        if contact.campaign is not None:
            by_customer.setdefault((contact.campaign.id, contact.customer_address), []).append(contact)
    groups = [group for group in by_customer.values() if _is_dialed_twice(group, allows_retry)]
    return [DoubleDial([_creation(journal, contact) for contact in group]) for group in groups]


def _creation(journal: Journal, contact: Contact) -> Creation:
    return Creation(contact, *origin_of(journal, contact.id, contact.request_identifier))


def _is_dialed_twice(contacts: Sequence[Contact], allows_retry: Callable[[Contact], bool]) -> bool:
    # A contact that allows no retry allows none directly after it either.
    return any(
        earlier.disconnected_at is None
        or earlier.disconnected_at > later.created_at
        or not allows_retry(earlier)
        for earlier, later in pairwise(contacts)
    )


def _was_unreached(contact: Contact) -> bool:
    """Whether neither a person nor a machine answered a contact."""
    is_connected = contact.connected_to_system_at is not None
    return not is_connected or contact.answering_machine_detection_status in UNREACHED_STATUSES


def _ended_with(endings: Container[str | None]) -> Callable[[Contact], bool]:
    """Return whether a contact ended with one of these reasons and statuses, or was never dialed."""
    return lambda contact: (
        contact.dialed_at is None
        or contact.disconnect_reason in endings
        or contact.answering_machine_detection_status in endings
    )


def _endings(retry_after: Iterable[str | Outcome]) -> frozenset[str | None]:
    """Return the reasons and statuses of these endings.

    An outcome stands for its disconnect reason or, without one, for its status.
    """
    if isinstance(retry_after, (str, Outcome)):
        raise TypeError(
            f"retry_after= takes a list of disconnect reasons, statuses of answering machine detection and "
            f"outcomes, not {retry_after!r}; put it into a list."
        )
    return frozenset(map(_ending_of, retry_after))


def _ending_of(ending: str | Outcome) -> str | None:
    if isinstance(ending, Outcome):
        return checked(ending).disconnect_reason or ending.detected
    known = (*DISCONNECT_REASONS, *detection_statuses())
    if ending not in known:
        raise ValueError(
            f"{ending!r} is neither a disconnect reason of a dialed contact nor a status of answering "
            f"machine detection{similar_to(ending, known)} The endings that retry_after= takes are "
            f"{listed(known)}."
        )
    return ending


def explain_missing_contact(journal: Journal, criteria: Mapping[str, Any]) -> str | None:
    """Return why no contact matches: its item failed, or no API call created contacts; None if unknown."""
    failed = [item for item in journal.failed_requests if _would_match(journal, item, criteria)]
    if len(failed) == 1 and criteria:
        item = failed[0]
        return f"The item failed with {item.reason} in call {item.call_number}: {item.message}"
    if failed:
        return _failed_items(journal, failed)
    if not journal.calls:
        return report.NO_CALLS
    last = journal.calls[-1]
    if last.error is not None and all(call.error is not None for call in journal.calls):
        return report.every_call_failed(len(journal.calls), last.error, last.message or "")
    return None


def _would_match(journal: Journal, failed: FailedRequest, criteria: Mapping[str, Any]) -> bool:
    if not criteria:
        return True
    attributes = as_contact(failed, journal.calls[failed.call_number - 1])
    expected = {name: _id_of(value) for name, value in criteria.items() if name in attributes}
    return bool(expected) and not any(differences(expected, attributes))


_MAX_NAMED = 5
"""How many of the failed items a message names."""


def _failed_items(journal: Journal, failed: Sequence[FailedRequest]) -> str:
    named = [
        f"{_name_of(journal, item)} ({item.reason} in call {item.call_number}: {item.message})"
        for item in failed[:_MAX_NAMED]
    ]
    more = [f"and {len(failed) - _MAX_NAMED} more"] if len(failed) > _MAX_NAMED else []
    noun = "item" if len(failed) == 1 else "items"
    return f"{len(failed)} {noun} failed: {', '.join([*named, *more])}"


def _name_of(journal: Journal, failed: FailedRequest) -> str:
    attributes = as_contact(failed, journal.calls[failed.call_number - 1])
    return failed.request_identifier or attributes.get("customer_address") or report.NAMELESS


def _id_of(value: Any) -> Any:
    return value.id if isinstance(value, (Instance, Queue, Campaign)) else value


def customers_of(call: Call) -> list[Customer]:
    """Return the customers of the items of an API call, without duplicates."""
    items = [item for item in _items_of(call) if _has_customer(item, call)]
    return list(dict.fromkeys(_customer_of(item, call) for item in items))


def customer_of(failed: FailedRequest, call: Call) -> Customer | None:
    """Return the customer of an item that failed in this API call, or None if the item has none."""
    return _customer_of(failed.item, call) if _has_customer(failed.item, call) else None


def _items_of(call: Call) -> list[Any]:
    # The parameters of an API call that failed as a whole may have any type.
    items = next((call.parameters[name] for name in _LISTS if name in call.parameters), None)
    return items if isinstance(items, list) else []


def _has_customer(item: Any, call: Call) -> bool:
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
    """Return the destination of a request to a campaign: a number without hyphens, or an email address."""
    destination = request
    for parameters in request.get("channelSubtypeParameters", {}).values():
        destination = parameters
    if "destinationEmailAddress" in destination:
        return str(destination["destinationEmailAddress"])
    number = destination["phoneNumber" if destination is request else "destinationPhoneNumber"]
    return str(number).replace("-", "")


def as_contact(failed: FailedRequest, call: Call) -> dict[str, Any]:
    """Return the attributes of the contact that an item would have created, as far as the item has them."""
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
    attributes = {"campaign": call.parameters["id"]}
    if "profileId" in request:
        return attributes
    telephony = request.get("channelSubtypeParameters", {}).get("telephony", request)
    return attributes | {
        "customer_address": address_of(request),
        "attributes": telephony.get("attributes") or {},
    }
