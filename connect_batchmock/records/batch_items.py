"""Whom the items of a batch are about, whichever operation sent them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.engine.journal import Call, FailedRequest

Customer = tuple[str, str]
"""Whom an item is about: the id of a campaign, and an address, or the profile that names the customer."""

_LISTS = ("ContactDataRequestList", "dialRequests", "outboundRequests", "profileOutboundRequests")


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
