"""Items of BatchPutContact that become contacts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock.protocol.model import operation_model
from connect_batchmock.strategies.invalid import InvalidValue, Mutation, mutated
from connect_batchmock.strategies.shapes import Known, known_instances
from connect_batchmock.strategies.values import (
    attribute_keys,
    no_phone_numbers,
    phone_numbers,
    wrong_attribute_keys,
)

if TYPE_CHECKING:
    from connect_batchmock.records.handles import Campaign, Instance, Queue

_PREVIEW = "OutboundStrategy.Config.AgentFirst.Preview"
_REQUIRED = (
    "CustomerEndpoint",
    "Campaign",
    "Campaign.CampaignId",
    "OutboundStrategy.Config",
    "OutboundStrategy.Config.AgentFirst",
    _PREVIEW,
)


def item_shape() -> Any:
    """Return the modeled shape of an item."""
    parameters = operation_model("connect", "BatchPutContact").input_shape
    return parameters.members["ContactDataRequestList"].member


def contact_data_requests(
    instance: Instance,
    *,
    queue: Queue | None = None,
    campaign: Campaign | None = None,
    customer_addresses: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[dict[str, Any]]:
    """Return items of BatchPutContact of which each becomes a contact.

    The simplest has a customer, a queue and a campaign. Two of one batch that have the same
    ``RequestIdentifier`` and differ are refused: :func:`contact_batches` puts no two such together.

    Args:
        instance: whose queues, campaigns and phone numbers they name, as they are when this is called.
        queue: the queue that they wait in; where none is given, an enabled one of the instance's, or none.
        campaign: the campaign that they are for; one of the instance's where none is given.
        customer_addresses: whom they call, in E.164 form; :func:`phone_numbers` where nothing is given.

    Raises:
        ValueError: the instance has no campaign.
    """
    queues = [one.id for one in instance.queues if one.enabled] if queue is None else [queue.id]
    campaigns = [one.id for one in instance.campaigns] if campaign is None else [campaign.id]
    if not campaigns:
        raise ValueError(
            f"The instance {instance.alias!r} has no campaign, and no contact is created without one: "
            f"add one with instance.add_campaign() before contact_data_requests is drawn from."
        )
    values = {
        "CustomerEndpoint": telephone_endpoints(
            phone_numbers() if customer_addresses is None else customer_addresses
        ),
        "SystemEndpoint": system_endpoints(instance),
        "Campaign.CampaignId": st.sampled_from(campaigns),
        "Attributes (key)": attribute_keys(),
        f"{_PREVIEW}.AllowedUserActions": _user_actions(),
    }
    if not queues:
        # An agent comes first in a strategy, and is found in a queue.
        absent = ("QueueId", "OutboundStrategy")
        return known_instances(item_shape(), Known(values, (*_REQUIRED, "SystemEndpoint"), absent))
    known = Known(values | {"QueueId": st.sampled_from(queues)}, (*_REQUIRED, "QueueId"))
    in_a_queue = known_instances(item_shape(), known)
    return in_a_queue if queue is not None else _in_a_queue_or_not(in_a_queue)


@st.composite
def _in_a_queue_or_not(draw: st.DrawFn, items: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    item = draw(items)
    # Decided at the end, so that what is found without a queue is shrunk as far as what is found with one.
    if "SystemEndpoint" in item and "OutboundStrategy" not in item and draw(st.booleans()):
        del item["QueueId"]
    return item


def _user_actions() -> st.SearchStrategy[list[str]]:
    strategy = item_shape().members["OutboundStrategy"]
    preview = strategy.members["Config"].members["AgentFirst"].members["Preview"]
    actions = preview.members["AllowedUserActions"].member.enum
    return st.lists(st.sampled_from(actions), min_size=1, unique=True)


def telephone_endpoints(addresses: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """Return endpoints of the type TELEPHONE_NUMBER."""
    return addresses.map(lambda address: {"Type": "TELEPHONE_NUMBER", "Address": address})


def system_endpoints(instance: Instance) -> st.SearchStrategy[dict[str, str]]:
    """Return endpoints that a contact may come from: claimed numbers, or any while there are none."""
    claimed = instance.phone_numbers
    if not claimed:
        return telephone_endpoints(phone_numbers())
    by_number = [{"Type": "TELEPHONE_NUMBER", "Address": one.number} for one in claimed]
    by_arn = [{"Type": "CONNECT_PHONENUMBER_ARN", "Address": one.arn} for one in claimed]
    return st.sampled_from(by_number + by_arn).map(dict)


def invalid_contact_data_requests(instance: Instance) -> st.SearchStrategy[InvalidValue]:
    """Return items of BatchPutContact that come back failed, each for one thing.

    Args:
        instance: whose queues, campaigns and phone numbers they name but for that one thing. It has a
            campaign, and what else it has is known when this is called.

    Returns:
        Dicts whose ``expected_reason`` is the ``FailureReasonCode`` that they come back with.
    """
    ways = [
        Mutation("MISSING_CUSTOMER_ENDPOINT", "no CustomerEndpoint", {"CustomerEndpoint": None}),
        Mutation(
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
        Mutation("INVALID_ATTRIBUTE_KEY", "a key that cannot be one", {"Attributes": _wrong_attributes()}),
        *_wrong_strategies(instance),
    ]
    return mutated(contact_data_requests(instance), ways)


def _wrong_campaigns(instance: Instance) -> Iterator[Mutation]:
    unknown = _unknown_ids({one.id for one in instance.campaigns})
    yield Mutation("MISSING_CAMPAIGN", "no Campaign", {"Campaign": None})
    yield Mutation("MISSING_CAMPAIGN", "no CampaignId", {"Campaign": st.builds(dict)})
    of_nobody = unknown.map(lambda drawn: {"CampaignId": drawn})
    yield Mutation("MISSING_CAMPAIGN", "an unknown campaign", {"Campaign": of_nobody})


def _unknown_ids(known: set[str]) -> st.SearchStrategy[str]:
    return st.uuids().map(str).filter(lambda drawn: drawn not in known)


def _wrong_endpoints(member: str, reason: str, usable: set[str]) -> Iterator[Mutation]:
    types = item_shape().members[member].members["Type"].enum
    others = st.sampled_from([one for one in types if one not in usable])
    of_another_type = others.map(lambda drawn: {"Type": drawn, "Address": "+15550000000"})
    of_no_type = phone_numbers().map(lambda drawn: {"Address": drawn})
    yield Mutation(reason, "a number that is not E.164", {member: telephone_endpoints(no_phone_numbers())})
    yield Mutation(reason, "a type that cannot be used", {member: of_another_type})
    yield Mutation(reason, "no type", {member: of_no_type})


def _unclaimed_numbers(instance: Instance) -> Iterator[Mutation]:
    claimed = {one.number for one in instance.phone_numbers}
    if claimed:
        others = phone_numbers().filter(lambda number: number not in claimed)
        unclaimed = {"SystemEndpoint": telephone_endpoints(others)}
        yield Mutation("INVALID_SYSTEM_ENDPOINT", "a number that is not claimed", unclaimed)


def _wrong_queues(instance: Instance) -> Iterator[Mutation]:
    disabled = [one.id for one in instance.queues if not one.enabled]
    unknown = _unknown_ids({one.id for one in instance.queues})
    yield Mutation("INVALID_QUEUE", "an unknown queue", {"QueueId": unknown})
    if disabled:
        yield Mutation("INVALID_QUEUE", "a disabled queue", {"QueueId": st.sampled_from(disabled)})


def _wrong_attributes() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(wrong_attribute_keys(), st.text(max_size=4), min_size=1, max_size=1)


def _wrong_strategies(instance: Instance) -> Iterator[Mutation]:
    reason = "INVALID_OUTBOUND_STRATEGY"
    yield Mutation(reason, "a strategy without a Config", {"OutboundStrategy": _strategies(None)})
    yield Mutation(reason, "a strategy that allows the agent nothing", {"OutboundStrategy": _strategies([])})
    without_a_queue = {
        "QueueId": None,
        "SystemEndpoint": system_endpoints(instance),
        "OutboundStrategy": _strategies(["CALL"]),
    }
    yield Mutation(reason, "an agent comes first, and there is no queue to find one in", without_a_queue)


def _strategies(actions: list[str] | None) -> st.SearchStrategy[dict[str, object]]:
    strategy: dict[str, object] = {"Type": "AGENT_FIRST"}
    if actions is not None:
        preview = {"PostAcceptTimeoutConfig": {"DurationInSeconds": 30}, "AllowedUserActions": actions}
        strategy["Config"] = {"AgentFirst": {"Preview": preview}}
    return st.builds(dict, st.just(strategy))
