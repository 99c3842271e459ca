"""Why an item of a batch came back failed."""

from __future__ import annotations

from collections.abc import Sequence

from connect_batchmock._text import listed, short


def no_customer_endpoint() -> str:
    return "CustomerEndpoint is missing."


def no_queue_and_no_system_endpoint() -> str:
    return "QueueId and SystemEndpoint are both missing; one of them is needed."


def no_campaign() -> str:
    return "Campaign is missing."


def no_campaign_id() -> str:
    return "Campaign has no CampaignId."


def unknown_campaign(campaign_id: str) -> str:
    return f"The campaign {campaign_id!r} is unknown in this instance."


def endpoint_of_unusable_type(member: str, given: str | None, usable: Sequence[str]) -> str:
    return f"{member}.Type is {given!r}; a contact that is dialled takes {' or '.join(usable)}."


def endpoint_not_e164(member: str, address: str) -> str:
    return f"{member}.Address {address!r} is not in E.164 format, such as '+15555550100'."


def endpoint_not_a_phone_number_arn(member: str, address: str) -> str:
    return f"{member}.Address {address!r} is not the ARN of a phone number."


def number_not_claimed(address: str, claimed: Sequence[str]) -> str:
    return f"SystemEndpoint.Address {address!r} is not claimed to this instance; it has {listed(claimed)}."


def unknown_queue(queue_id: str) -> str:
    hint = " QueueId takes the id of a queue, not its ARN." if queue_id.startswith("arn:") else ""
    return f"The queue {queue_id!r} is unknown in this instance.{hint}"


def disabled_queue(queue_id: str) -> str:
    return f"The queue {queue_id!r} is disabled."


def bad_attribute_key(key: str) -> str:
    return f"The attribute key {short(key)} has characters other than letters, digits, dash and underscore."


def attributes_too_large(size: int, most: int) -> str:
    return f"The attributes take {size} bytes in all; {most} are allowed."


def unusable_strategy(why: str) -> str:
    return f"OutboundStrategy cannot be used: {why}."


def strategy_without_preview() -> str:
    return unusable_strategy("it has no Config.AgentFirst.Preview")


def strategy_without_actions() -> str:
    return unusable_strategy("Preview.AllowedUserActions is empty")


def strategy_without_queue() -> str:
    return unusable_strategy("an agent comes first, and the item has no QueueId to find one in")


def identifier_used_otherwise(identifier: str) -> str:
    return f"RequestIdentifier {identifier!r} was used in this batch for other data."
