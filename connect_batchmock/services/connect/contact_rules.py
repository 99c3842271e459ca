"""The rules for an item of BatchPutContact, a ``ContactDataRequest``: each failure reason and its message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connect_batchmock._text import listed, short
from connect_batchmock.domain.campaign import Preview
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.phone_numbers import is_e164
from connect_batchmock.domain.queue import Queue
from connect_batchmock.services.context import Item, Refusal
from connect_batchmock.services.errors import location_hint

Rule = Callable[[Item, Instance], "str | None"]

MAX_ATTRIBUTE_BYTES = 32_768
"""The maximum size of all attributes of a contact: keys and values, in bytes of UTF-8."""

REASONS_TO_RETRY = ("REQUEST_THROTTLED", "INTERNAL_ERROR")
"""The retryable failure reasons: the service may accept the same item later."""

_ATTRIBUTE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PHONE_NUMBER_ARN = re.compile(r"arn:[^:]+:connect:[^:]+:[0-9]{12}:(instance/[^/]+/)?phone-number/[^/]+")


def refusal_of(item: Item, instance: Instance) -> Refusal | None:
    """Return the failure of the first rule that the item breaks, or None if the item is valid."""
    if _is_usual(item, instance):
        return None
    for reason, rule in _RULES:
        message = rule(item, instance)
        if message is not None:
            return Refusal(reason, message)
    return None


def _is_usual(item: Item, instance: Instance) -> bool:
    """Whether the item has the usual members and breaks no rule; the rules decide about any other item."""
    if "SystemEndpoint" in item or "OutboundStrategy" in item:
        return False
    try:
        customer, queue = item["CustomerEndpoint"], instance.queues[item["QueueId"]]
        return (
            item["Campaign"]["CampaignId"] in instance.campaigns
            and customer["Type"] == "TELEPHONE_NUMBER"
            and is_e164(customer["Address"])
            and queue.enabled
            and invalid_attributes(item.get("Attributes", {})) is None
        )
    except KeyError:
        return False


def _missing_customer_endpoint(item: Item, instance: Instance) -> str | None:
    if "CustomerEndpoint" in item:
        return None
    return "CustomerEndpoint is missing; give the phone number of the customer."


def _missing_queue_and_system_endpoint(item: Item, instance: Instance) -> str | None:
    if "QueueId" in item or "SystemEndpoint" in item:
        return None
    return "QueueId and SystemEndpoint are both missing; give at least one of them."


def _missing_campaign(item: Item, instance: Instance) -> str | None:
    if "Campaign" not in item:
        return "Campaign is missing; give the CampaignId of a campaign of this instance."
    campaign_id = item["Campaign"].get("CampaignId")
    if campaign_id is None:
        return "Campaign.CampaignId is missing; give the id of a campaign of this instance."
    if campaign_id in instance.campaigns:
        return None
    return f"The campaign {campaign_id!r} is unknown in this instance." + location_hint(
        "campaign", campaign_id, instance.region, instance
    )


def _invalid_customer_endpoint(item: Item, instance: Instance) -> str | None:
    return _invalid_endpoint("CustomerEndpoint", item["CustomerEndpoint"], _CUSTOMER_TYPES)


def _invalid_system_endpoint(item: Item, instance: Instance) -> str | None:
    if "SystemEndpoint" not in item:
        return None
    endpoint = item["SystemEndpoint"]
    return _invalid_endpoint("SystemEndpoint", endpoint, _SYSTEM_TYPES) or unclaimed_number(
        "SystemEndpoint.Address", endpoint["Address"], instance
    )


def _invalid_endpoint(
    member: str, endpoint: Mapping[str, str], types: Mapping[str, Callable[[str, str], str | None]]
) -> str | None:
    type = endpoint.get("Type")
    if type is None or type not in types:
        return f"{member}.Type is {type!r}; it must be {' or '.join(types)}."
    return types[type](f"{member}.Address", endpoint.get("Address", ""))


def invalid_number(member: str, number: str) -> str | None:
    """Return a message if a member of a request is not a phone number in E.164 format, or None."""
    return None if is_e164(number) else f"{member} {number!r} is not in E.164 format, such as '+15555550100'."


def unclaimed_number(member: str, number: str, instance: Instance) -> str | None:
    """Return a message if an instance cannot call from the number or ARN of a member, or None."""
    if instance.may_call_from(number):
        return None
    claimed = [phone_number.number for phone_number in instance.phone_numbers.values()]
    return f"{member} {number!r} is not claimed to this instance; use one of {listed(claimed)}."


def _invalid_arn(member: str, address: str) -> str | None:
    if _PHONE_NUMBER_ARN.fullmatch(address):
        return None
    return f"{member} {address!r} is not the ARN of a phone number; DescribePhoneNumber returns the ARN."


_CUSTOMER_TYPES = {"TELEPHONE_NUMBER": invalid_number}
_SYSTEM_TYPES = {"TELEPHONE_NUMBER": invalid_number, "CONNECT_PHONENUMBER_ARN": _invalid_arn}
"""The valid types of an endpoint, and the rule for its address."""


def _invalid_queue(item: Item, instance: Instance) -> str | None:
    if "QueueId" not in item:
        return None
    queue_id = item["QueueId"]
    queue = instance.queues.get(queue_id)
    if queue is None:
        hint = " QueueId takes the id of a queue, not its ARN." if queue_id.startswith("arn:") else ""
        return f"The queue {queue_id!r} is unknown in this instance.{hint}" + location_hint(
            "queue", queue_id, instance.region, instance
        )
    return disabled_queue(queue)


def disabled_queue(queue: Queue) -> str | None:
    """Return a message if a queue is disabled, or None."""
    return None if queue.enabled else f"The queue {queue.id!r} is disabled; enable it with UpdateQueueStatus."


def _invalid_attribute_key(item: Item, instance: Instance) -> str | None:
    return invalid_attributes(item.get("Attributes", {}))


def invalid_attributes(attributes: Mapping[str, str]) -> str | None:
    """Return a message if a key or the size of all attributes of a contact is invalid, or None."""
    for key in attributes:
        if not _ATTRIBUTE_KEY.fullmatch(key):
            return (
                f"The attribute key {short(key)} is invalid; a key can have letters, digits, hyphens and "
                f"underscores."
            )
    size = _utf8_size("".join((*attributes, *attributes.values())))
    if size <= MAX_ATTRIBUTE_BYTES:
        return None
    return f"The attributes take {size} bytes in total; at most {MAX_ATTRIBUTE_BYTES} bytes are allowed."


def _utf8_size(text: str) -> int:
    # JSON can carry a lone surrogate, which has no UTF-8 form; it counts three bytes like its neighbors.
    return len(text.encode("utf-8", "surrogatepass"))


def _invalid_outbound_strategy(item: Item, instance: Instance) -> str | None:
    return invalid_strategy(item) if "OutboundStrategy" in item else None


def invalid_strategy(parameters: Mapping[str, Any]) -> str | None:
    """Return a message if the OutboundStrategy of an item or a request is invalid, or None."""
    preview = parameters["OutboundStrategy"].get("Config", {}).get("AgentFirst", {}).get("Preview")
    if preview is None:
        return "OutboundStrategy.Config.AgentFirst.Preview is missing; the Type AGENT_FIRST needs it."
    if not preview["AllowedUserActions"]:
        return (
            "OutboundStrategy.Config.AgentFirst.Preview.AllowedUserActions is empty; give CALL, DISCARD or "
            "both."
        )
    if "QueueId" not in parameters:
        return "OutboundStrategy is for an agent of a queue, and QueueId is missing; give a QueueId."
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
    """Return the preview that an agent has before the contact is dialed, or None without a strategy.

    Follows the ``OutboundStrategy`` shape of the Amazon Connect model.
    """
    if strategy is None:
        return None
    preview = strategy["Config"]["AgentFirst"]["Preview"]
    timeout = preview["PostAcceptTimeoutConfig"]["DurationInSeconds"]
    return Preview(timeout, may_discard="DISCARD" in preview["AllowedUserActions"])


def strategy_of(preview: Preview) -> dict[str, Any]:
    """Return the OutboundStrategy that the campaign service sends for a preview campaign."""
    actions = ["CALL", "DISCARD"] if preview.may_discard else ["CALL"]
    timeout = {"DurationInSeconds": int(preview.timeout)}
    config = {"PostAcceptTimeoutConfig": timeout, "AllowedUserActions": actions}
    return {"Type": "AGENT_FIRST", "Config": {"AgentFirst": {"Preview": config}}}
