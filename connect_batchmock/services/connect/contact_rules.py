"""Why an item of a batch is refused: the rules for a ``ContactDataRequest``, in their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connect_batchmock._text import listed, short
from connect_batchmock.domain.campaign import Preview
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.phone_numbers import is_e164
from connect_batchmock.services.context import Refusal
from connect_batchmock.services.errors import elsewhere

Item = Mapping[str, Any]
Rule = Callable[[Item, Instance], "str | None"]

MAX_ATTRIBUTE_BYTES = 32_768
"""The size of all attributes of a contact, keys and values in UTF-8."""

REASONS_TO_RETRY = ("REQUEST_THROTTLED", "INTERNAL_ERROR")
"""The failure reasons that say nothing against the item: it may pass when it is sent again."""

_ATTRIBUTE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PHONE_NUMBER_ARN = re.compile(r"arn:[^:]+:connect:[^:]+:[0-9]{12}:(instance/[^/]+/)?phone-number/[^/]+")


def refusal_of(item: Item, instance: Instance) -> Refusal | None:
    """Return the first rule that the item breaks, or None when it can be created."""
    for reason, rule in _RULES:
        message = rule(item, instance)
        if message is not None:
            return Refusal(reason, message)
    return None


def _missing_customer_endpoint(item: Item, instance: Instance) -> str | None:
    return "CustomerEndpoint is missing." if "CustomerEndpoint" not in item else None


def _missing_queue_and_system_endpoint(item: Item, instance: Instance) -> str | None:
    given = "QueueId" in item or "SystemEndpoint" in item
    return None if given else "QueueId and SystemEndpoint are both missing; one of them is needed."


def _missing_campaign(item: Item, instance: Instance) -> str | None:
    if "Campaign" not in item:
        return "Campaign is missing."
    campaign_id = item["Campaign"].get("CampaignId")
    if campaign_id is None:
        return "Campaign has no CampaignId."
    if campaign_id in instance.campaigns:
        return None
    return f"The campaign {campaign_id!r} is unknown in this instance." + elsewhere(
        "campaign", campaign_id, instance.region, instance
    )


def _invalid_customer_endpoint(item: Item, instance: Instance) -> str | None:
    return _unusable_endpoint("CustomerEndpoint", item["CustomerEndpoint"], _CUSTOMERS)


def _invalid_system_endpoint(item: Item, instance: Instance) -> str | None:
    if "SystemEndpoint" not in item:
        return None
    endpoint = item["SystemEndpoint"]
    message = _unusable_endpoint("SystemEndpoint", endpoint, _SYSTEMS)
    if message is None and not instance.may_call_from(endpoint["Address"]):
        claimed = [one.number for one in instance.phone_numbers.values()]
        return (
            f"SystemEndpoint.Address {endpoint['Address']!r} is not claimed to this instance; it has "
            f"{listed(claimed)}."
        )
    return message


def _unusable_endpoint(
    member: str, endpoint: Mapping[str, str], usable: Mapping[str, Callable[[str, str], str | None]]
) -> str | None:
    given = endpoint.get("Type")
    if given is None or given not in usable:
        return f"{member}.Type is {given!r}; a contact that is dialed takes {' or '.join(usable)}."
    return usable[given](member, endpoint.get("Address", ""))


def _number(member: str, address: str) -> str | None:
    return (
        None
        if is_e164(address)
        else f"{member}.Address {address!r} is not in E.164 format, such as '+15555550100'."
    )


def _phone_number_arn(member: str, address: str) -> str | None:
    matches = _PHONE_NUMBER_ARN.fullmatch(address)
    return None if matches else f"{member}.Address {address!r} is not the ARN of a phone number."


_CUSTOMERS = {"TELEPHONE_NUMBER": _number}
_SYSTEMS = {"TELEPHONE_NUMBER": _number, "CONNECT_PHONENUMBER_ARN": _phone_number_arn}
"""The types of endpoints that can be used, and what is to be asked of their addresses."""


def _invalid_queue(item: Item, instance: Instance) -> str | None:
    if "QueueId" not in item:
        return None
    queue = instance.queues.get(item["QueueId"])
    if queue is None:
        return _unknown_queue(item["QueueId"]) + elsewhere(
            "queue", item["QueueId"], instance.region, instance
        )
    return None if queue.enabled else disabled_queue(queue.id)


def _invalid_attribute_key(item: Item, instance: Instance) -> str | None:
    return attributes_refusal(item.get("Attributes", {}))


def attributes_refusal(attributes: Mapping[str, str]) -> str | None:
    """Return what is wrong with the attributes of a contact, all of them together, or None."""
    for key in attributes:
        if not _ATTRIBUTE_KEY.fullmatch(key):
            return (
                f"The attribute key {short(key)} has characters other than letters, digits, dash and "
                f"underscore."
            )
    size = _utf8_size("".join((*attributes, *attributes.values())))
    return (
        f"The attributes take {size} bytes in all; {MAX_ATTRIBUTE_BYTES} are allowed."
        if size > MAX_ATTRIBUTE_BYTES
        else None
    )


def _utf8_size(text: str) -> int:
    # A lone surrogate can stand in JSON, though it has no UTF-8; it takes three bytes like its neighbors.
    return len(text.encode("utf-8", "surrogatepass"))


def _invalid_outbound_strategy(item: Item, instance: Instance) -> str | None:
    return strategy_refusal(item) if "OutboundStrategy" in item else None


def strategy_refusal(item: Item) -> str | None:
    """Return what is wrong with the OutboundStrategy of an item that has one, or None."""
    preview = item["OutboundStrategy"].get("Config", {}).get("AgentFirst", {}).get("Preview")
    if preview is None:
        return "OutboundStrategy cannot be used: it has no Config.AgentFirst.Preview."
    if not preview["AllowedUserActions"]:
        return "OutboundStrategy cannot be used: Preview.AllowedUserActions is empty."
    if "QueueId" not in item:
        return (
            "OutboundStrategy cannot be used: an agent comes first, and the item has no QueueId to find "
            "one in."
        )
    return None


_RULES: Sequence[tuple[str, Rule]] = (
    ("MISSING_CUSTOMER_ENDPOINT", _missing_customer_endpoint),
    ("MISSING_QUEUE_ID_AND_SYSTEM_ENDPOINT", _missing_queue_and_system_endpoint),
    ("MISSING_CAMPAIGN", _missing_campaign),
    ("INVALID_CUSTOMER_ENDPOINT", _invalid_customer_endpoint),
    ("INVALID_SYSTEM_ENDPOINT", _invalid_system_endpoint),
    ("INVALID_QUEUE", _invalid_queue),
    ("INVALID_ATTRIBUTE_KEY", _invalid_attribute_key),
    ("INVALID_OUTBOUND_STRATEGY", _invalid_outbound_strategy),
)


def preview_of(strategy: Mapping[str, Any] | None) -> Preview | None:
    """Return what an agent may do before the contact is dialed, or None where nobody sees it before.

    Follows the ``OutboundStrategy`` shape of the Amazon Connect model.
    """
    if strategy is None:
        return None
    preview = strategy["Config"]["AgentFirst"]["Preview"]
    timeout = preview["PostAcceptTimeoutConfig"]["DurationInSeconds"]
    return Preview(timeout, may_discard="DISCARD" in preview["AllowedUserActions"])


def strategy_of(preview: Preview) -> dict[str, Any]:
    """Return the strategy with which the campaign service creates the contacts of a preview campaign."""
    actions = ["CALL", "DISCARD"] if preview.may_discard else ["CALL"]
    timeout = {"DurationInSeconds": int(preview.timeout)}
    config = {"PostAcceptTimeoutConfig": timeout, "AllowedUserActions": actions}
    return {"Type": "AGENT_FIRST", "Config": {"AgentFirst": {"Preview": config}}}


def _unknown_queue(queue_id: str) -> str:
    hint = " QueueId takes the id of a queue, not its ARN." if queue_id.startswith("arn:") else ""
    return f"The queue {queue_id!r} is unknown in this instance.{hint}"


def disabled_queue(queue_id: str) -> str:
    return f"The queue {queue_id!r} is disabled."
