"""Items of BatchPutContact that come back failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from connect_batchmock.strategies.attributes import wrong_attribute_keys
from connect_batchmock.strategies.invalid import NearlyValid, Way, spoilt
from connect_batchmock.strategies.items import (
    contact_data_requests,
    item_shape,
    system_endpoints,
    telephone_endpoints,
)
from connect_batchmock.strategies.values import no_phone_numbers, phone_numbers

if TYPE_CHECKING:
    from connect_batchmock.records.handles import Instance


def nearly_valid_contact_data_requests(instance: Instance) -> st.SearchStrategy[NearlyValid]:
    """Return items of BatchPutContact that come back failed, each for one thing.

    Args:
        instance: whose queues, campaigns and phone numbers they name but for that one thing. It has a
            campaign, and what else it has is known when this is called.

    Returns:
        Dicts whose ``expected_reason`` is the ``FailureReasonCode`` that they come back with.
    """
    ways = [
        Way("MISSING_CUSTOMER_ENDPOINT", "no CustomerEndpoint", {"CustomerEndpoint": None}),
        Way(
            "MISSING_QUEUE_ID_AND_SYSTEM_ENDPOINT",
            "no QueueId and no SystemEndpoint",
            {"QueueId": None, "SystemEndpoint": None},
        ),
        *_wrong_campaigns(instance),
        *_wrong_endpoints("CustomerEndpoint", "INVALID_CUSTOMER_ENDPOINT", {"TELEPHONE_NUMBER"}),
        *_wrong_endpoints(
            "SystemEndpoint", "INVALID_SYSTEM_ENDPOINT", {"TELEPHONE_NUMBER", "CONNECT_PHONENUMBER_ARN"}
        ),
        *_unclaimed_numbers(instance),
        *_wrong_queues(instance),
        Way("INVALID_ATTRIBUTE_KEY", "a key that cannot be one", {"Attributes": _wrong_attributes()}),
        *_wrong_strategies(instance),
    ]
    return spoilt(contact_data_requests(instance), ways)


def _wrong_campaigns(instance: Instance) -> Iterator[Way]:
    unknown = _unknown_ids({one.id for one in instance.campaigns})
    yield Way("MISSING_CAMPAIGN", "no Campaign", {"Campaign": None})
    yield Way("MISSING_CAMPAIGN", "no CampaignId", {"Campaign": st.builds(dict)})
    of_nobody = unknown.map(lambda drawn: {"CampaignId": drawn})
    yield Way("MISSING_CAMPAIGN", "an unknown campaign", {"Campaign": of_nobody})


def _unknown_ids(known: set[str]) -> st.SearchStrategy[str]:
    return st.uuids().map(str).filter(lambda drawn: drawn not in known)


def _wrong_endpoints(member: str, reason: str, usable: set[str]) -> Iterator[Way]:
    types = item_shape().members[member].members["Type"].enum
    others = st.sampled_from([one for one in types if one not in usable])
    of_another_type = others.map(lambda drawn: {"Type": drawn, "Address": "+15550000000"})
    of_no_type = phone_numbers().map(lambda drawn: {"Address": drawn})
    yield Way(reason, "a number that is not E.164", {member: telephone_endpoints(no_phone_numbers())})
    yield Way(reason, "a type that cannot be used", {member: of_another_type})
    yield Way(reason, "no type", {member: of_no_type})


def _unclaimed_numbers(instance: Instance) -> Iterator[Way]:
    claimed = {one.number for one in instance.phone_numbers}
    if claimed:
        others = phone_numbers().filter(lambda number: number not in claimed)
        unclaimed = {"SystemEndpoint": telephone_endpoints(others)}
        yield Way("INVALID_SYSTEM_ENDPOINT", "a number that is not claimed", unclaimed)


def _wrong_queues(instance: Instance) -> Iterator[Way]:
    disabled = [one.id for one in instance.queues if not one.enabled]
    unknown = _unknown_ids({one.id for one in instance.queues})
    yield Way("INVALID_QUEUE", "an unknown queue", {"QueueId": unknown})
    if disabled:
        yield Way("INVALID_QUEUE", "a disabled queue", {"QueueId": st.sampled_from(disabled)})


def _wrong_attributes() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(wrong_attribute_keys(), st.text(max_size=4), min_size=1, max_size=1)


def _wrong_strategies(instance: Instance) -> Iterator[Way]:
    reason = "INVALID_OUTBOUND_STRATEGY"
    yield Way(reason, "a strategy without a Config", {"OutboundStrategy": _strategies(None)})
    yield Way(reason, "a strategy that allows the agent nothing", {"OutboundStrategy": _strategies([])})
    without_a_queue = {
        "QueueId": None,
        "SystemEndpoint": system_endpoints(instance),
        "OutboundStrategy": _strategies(["CALL"]),
    }
    yield Way(reason, "an agent comes first, and there is no queue to find one in", without_a_queue)


def _strategies(actions: list[str] | None) -> st.SearchStrategy[dict[str, object]]:
    strategy: dict[str, object] = {"Type": "AGENT_FIRST"}
    if actions is not None:
        preview = {"PostAcceptTimeoutConfig": {"DurationInSeconds": 30}, "AllowedUserActions": actions}
        strategy["Config"] = {"AgentFirst": {"Preview": preview}}
    return st.builds(dict, st.just(strategy))
