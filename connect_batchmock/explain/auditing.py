"""What a dialer did wrong: items given up, and customers called twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connect_batchmock._text import counted, cut, fact, listed, numbered, wrapped


def items_given_up(found: Sequence[Any], reasons: Sequence[str]) -> str:
    items = counted(len(found), "item")
    what = f"{items} failed for a reason that may pass ({listed(reasons)}), and never went through:"
    remedy = "Send such items again, with a ClientToken of their own: to the old one AWS repeats its answer."
    if all(one.failed.operation != "BatchPutContact" for one in found):
        remedy = "Send such requests again; a request that failed has not used its clientToken up."
    return _message(what, [_given_up(one) for one in found], remedy)


def _message(what: str, entries: Sequence[str], remedy: str) -> str:
    return "\n\n".join([fact(what), numbered(entries), wrapped(remedy, further="")])


_SHOWN = 5
"""How many times of sending an item again are told before those in the middle are counted."""


def _given_up(item: Any) -> str:
    failed = item.failed
    later = [_sent_again(one, failure) for one, failure in item.later] or ["It was not sent again."]
    if len(later) > _SHOWN:
        later = [later[0], f"… and {len(later) - 2} times more …", later[-1]]
    how = f"{failed.reason} in call {failed.call_number}: {failed.message}"
    return "\n  ".join([_customer(failed, *item.customer), how, *later])


def _sent_again(one: Any, failure: Any) -> str:
    what = "the same ClientToken, so AWS repeated its answer"
    if one.call.error is not None:
        what = f"{one.call.error}: {cut(one.call.message, 100)}"
    elif failure is not None:
        what = f"{failure.reason}: {failure.message}"
    return f"It was sent again in call {one.number}: {what}"


def _customer(failed: Any, campaign_id: str, address: str) -> str:
    who = "" if failed.request_identifier is None else f"{failed.request_identifier}, "
    return f"{who}{address}, campaign {campaign_id}"


def customers_called_twice(found: Sequence[Any]) -> str:
    customers = f"{counted(len(found), 'customer')} {'has' if len(found) == 1 else 'have'}"
    what = f"{customers} more than one contact in a campaign, and would be called more than once:"
    remedy = (
        "A call that was not answered may have been carried out. Repeat it with the same ClientToken and the "
        "same items, and it stays one contact."
    )
    if all(creation.was_answered for customer in found for creation in customer.creations):
        remedy = (
            "All of these calls were answered, so no retry explains it: see why the application sent the "
            "customer more than once. connect_mock.calls tells what was sent."
        )
    return _message(what, [_called_twice(one) for one in found], remedy)


def _called_twice(customer: Any) -> str:
    contact = customer.creations[0].contact
    count = len(customer.creations)
    lines = [f"{contact.customer_address}, campaign {contact.campaign.name!r}: {count} contacts"]
    return "\n  ".join([*lines, *map(_creation, customer.creations)])


def _creation(creation: Any) -> str:
    call, token = creation.by.call, creation.token
    name = "clientToken" if "ClientToken" not in call.parameters and token else "ClientToken"
    sent = f"with {name} {token!r}" if token else f"without {name}"
    told = "" if creation.was_answered else f", never answered ({call.error}),"
    return f"{creation.contact.id} by call {creation.by.number}{told} {sent}"
