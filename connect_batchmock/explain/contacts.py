"""The messages of errors about contacts that exist, and about their metrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from connect_batchmock._text import listed
from connect_batchmock.explain.items import unusable_strategy


def too_many_contact_tags(count: int, most: int) -> str:
    return (
        f"The contact would have {count} tags of its own; {most} are allowed. Take some away with "
        f"UntagContact."
    )


def nothing_to_update(members: Sequence[str]) -> str:
    return f"UpdateContact has nothing to update; give it at least one of {listed(members)}."


def not_of_a_call(given: Sequence[str], members: Sequence[str]) -> str:
    return (
        f"UpdateContact cannot update {listed(given)} of a contact that is called from here; it can update "
        f"{listed(members)}."
    )


def reason_of_a_customer() -> str:
    return "Only outbound campaigns can give a DisconnectReason; leave it out, and the reason is OTHER."


def ends_before_it_starts(start: datetime, end: datetime) -> str:
    return f"The time range ends at {end.isoformat()}, before it starts at {start.isoformat()}."


def no_outbound_calls(instance_id: str) -> str:
    return (
        f"The instance {instance_id!r} makes no outbound calls; allow them with UpdateInstanceAttribute and "
        f"the attribute OUTBOUND_CALLS."
    )


def strategy_of_a_customer() -> str:
    return (
        "Only outbound campaigns can call with an OutboundStrategy; leave it out, and the customer is called "
        "at once."
    )


def no_queue_and_no_source_number() -> str:
    return "QueueId and SourcePhoneNumber are both missing; one of them is needed."


def source_phone_number_not_claimed(number: str, claimed: Sequence[str]) -> str:
    return f"SourcePhoneNumber {number!r} is not claimed to this instance; it has {listed(claimed)}."


def detection_without_campaign_traffic() -> str:
    return "EnableAnswerMachineDetection needs the TrafficType 'CAMPAIGN'."


def reference_of_unusable_type(type: str, usable: Sequence[str]) -> str:
    return f"A call cannot begin with a reference of the type {type!r}; it takes {listed(usable)}."


def strategy_without_campaign() -> str:
    return unusable_strategy("it is for the contacts of a campaign, and there is no CampaignId")


def no_metrics_about(given: Sequence[str], known: Sequence[str]) -> str:
    return (
        f"There is nothing to tell by {listed(given)}; there are the filters and groupings {listed(known)}."
    )


def metrics_without_queues() -> str:
    return "Filters has no Queues; name at least one queue by its id or ARN."


def not_sortable(metric: str, sortable: Sequence[str]) -> str:
    return f"SortCriteria cannot sort by {metric}; it can sort by {listed(sortable)}."


def no_such_metric(name: str, known: Sequence[str]) -> str:
    return f"There is no metric with the Name {name!r}; there are {listed(known)}."


def wrong_unit(metric: str, given: str, unit: str) -> str:
    return f"The metric {metric} has the unit {unit}, not {given}."
