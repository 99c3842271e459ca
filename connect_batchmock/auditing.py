"""What a dialer did wrong, found in what was recorded: items given up, and customers called twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connect_batchmock.criteria import differences
from connect_batchmock.recording import Call, FailedRequest, Journal
from connect_batchmock.seeding import Contact
from connect_batchmock.services.connect.contact_data_request import REASONS_TO_RETRY


@dataclass(frozen=True)
class NumberedCall:
    """A call and its number among the mock's calls, beginning with 1."""

    number: int
    call: Call


@dataclass(frozen=True)
class Creation:
    """A contact, the call that created it, and whether the client ever got an answer to that."""

    contact: Contact
    by: NumberedCall
    was_answered: bool


@dataclass(frozen=True)
class ItemGivenUp:
    """An item that failed for a reason that may pass, and what came of it afterwards.

    Args:
        failed: the failure.
        later: each call that sent the customer to the campaign once more, with how the item failed in it;
            None where the call itself failed, or repeated an old answer.
    """

    failed: FailedRequest
    later: Sequence[tuple[NumberedCall, FailedRequest | None]]


@dataclass(frozen=True)
class CustomerCalledTwice:
    """The contacts that one campaign has for one customer."""

    creations: Sequence[Creation]


def items_given_up(journal: Journal, contacts: Sequence[Contact]) -> list[ItemGivenUp]:
    """Return the items that failed for a reason that may pass, and were not sent later with success.

    An item is known again by its customer and its campaign: applications number the items of each batch anew.
    """
    last_success: dict[tuple[str, str], int] = {}
    for contact in contacts:
        if contact.campaign is not None:
            last_success[contact.campaign.id, contact.customer_address] = journal.created_by[contact.id]
    may_pass = [failed for failed in journal.failed_requests if failed.reason in REASONS_TO_RETRY]
    return [
        ItemGivenUp(failed, list(_later(journal, failed)))
        for failed in may_pass
        if last_success.get(_customer_of(failed), 0) <= failed.call_number
    ]


def customers_called_twice(journal: Journal, contacts: Sequence[Contact]) -> list[CustomerCalledTwice]:
    """Return the customers for whom a campaign has more than one contact."""
    by_customer: dict[tuple[str, str], list[Contact]] = {}
    for contact in contacts:
        if contact.campaign is not None:
            by_customer.setdefault((contact.campaign.id, contact.customer_address), []).append(contact)
    return [
        CustomerCalledTwice([_creation(journal, contact) for contact in group])
        for group in by_customer.values()
        if len(group) > 1
    ]


def _creation(journal: Journal, contact: Contact) -> Creation:
    number = journal.created_by[contact.id]
    call, *later = journal.calls[number - 1 :]
    was_answered = any(one.error is None and _tells(one, contact.id) for one in [call, *later])
    return Creation(contact, NumberedCall(number, call), was_answered)


def _tells(call: Call, contact_id: str) -> bool:
    result = call.result or {}
    created = [*result.get("SuccessfulRequestList", ()), result]
    return any(one.get("ContactId") == contact_id for one in created)


def _customer_of(failed: FailedRequest) -> tuple[str, str]:
    # An item that may pass has all that a contact needs.
    return failed.item["Campaign"]["CampaignId"], failed.item["CustomerEndpoint"]["Address"]


def _later(journal: Journal, failed: FailedRequest) -> Iterator[tuple[NumberedCall, FailedRequest | None]]:
    campaign_id, address = _customer_of(failed)
    wanted = {"Campaign": {"CampaignId": campaign_id}, "CustomerEndpoint": {"Address": address}}
    failures = {
        one.call_number: one for one in journal.failed_requests if not any(differences(wanted, one.item))
    }
    for number, call in enumerate(journal.calls[failed.call_number :], failed.call_number + 1):
        if _sends(call, wanted):
            yield NumberedCall(number, call), failures.get(number)


def _sends(call: Call, wanted: Mapping[str, Any]) -> bool:
    # A call that was refused as a whole may hold anything.
    items = call.parameters.get("ContactDataRequestList")
    return isinstance(items, list) and any(not any(differences(wanted, item)) for item in items)
