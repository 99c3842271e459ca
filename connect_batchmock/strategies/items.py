"""Strategies for the items of BatchPutContact, valid and invalid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock.engine.faults import CONTACTS
from connect_batchmock.protocol.model import operation_model
from connect_batchmock.strategies.invalid import InvalidValue, Mutation, mutated
from connect_batchmock.strategies.shapes import Known, known_instances
from connect_batchmock.strategies.values import (
    attribute_keys,
    invalid_attribute_keys,
    invalid_phone_numbers,
    phone_numbers,
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
    """Return the shape of an item in the service model."""
    parameters = operation_model("connect", "BatchPutContact").input_shape
    return parameters.members["ContactDataRequestList"].member


def contact_data_requests(
    instance: Instance,
    *,
    queue: Queue | None = None,
    campaign: Campaign | None = None,
    customer_addresses: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for items of BatchPutContact that become contacts.

    The simplest item has a customer, a queue and a campaign. Two different items of a batch with the same
    ``RequestIdentifier`` fail; :func:`contact_batches` never combines two such items.

    Args:
        instance: the instance whose queues, campaigns and phone numbers the items name. The strategy reads
            them when this function is called.
        queue: the queue of the items; by default an enabled queue of the instance, or no queue.
        campaign: the campaign of the items; by default a campaign of the instance.
        customer_addresses: a strategy for the customers' numbers in E.164 format; by default
            :func:`phone_numbers`.

    Raises:
        ValueError: the instance has no campaign.
    """
    queues = [queue] if queue is not None else [enabled for enabled in instance.queues if enabled.enabled]
    campaigns = [campaign] if campaign is not None else list(instance.campaigns)
    if not campaigns:
        raise ValueError(
            f"The instance {instance.alias!r} has no campaign, and a contact needs one: add a campaign with "
            f"instance.add_campaign() before you call contact_data_requests."
        )
    values = {
        "CustomerEndpoint": telephone_endpoints(
            phone_numbers() if customer_addresses is None else customer_addresses
        ),
        "SystemEndpoint": system_endpoints(instance),
        "Campaign.CampaignId": st.sampled_from([campaign.id for campaign in campaigns]),
        "Attributes (key)": attribute_keys(),
        # Deferred, because an older model has no OutboundStrategy, and then nothing draws from this.
        f"{_PREVIEW}.AllowedUserActions": st.deferred(_user_actions),
    }
    if not queues:
        # An OutboundStrategy needs an agent, and an agent needs a queue.
        absent = ("QueueId", "OutboundStrategy")
        return known_instances(item_shape(), Known(values, (*_REQUIRED, "SystemEndpoint"), absent))
    queue_ids = st.sampled_from([queue.id for queue in queues])
    known = Known(values | {"QueueId": queue_ids}, (*_REQUIRED, "QueueId"))
    items = known_instances(item_shape(), known)
    return items if queue is not None else _with_optional_queue(items)


@st.composite
def _with_optional_queue(draw: st.DrawFn, items: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    item = draw(items)
    # The last draw removes the queue, so that hypothesis shrinks items with and without a queue equally far.
    if "SystemEndpoint" in item and "OutboundStrategy" not in item and draw(st.booleans()):
        del item["QueueId"]
    return item


def _user_actions() -> st.SearchStrategy[list[str]]:
    strategy = item_shape().members["OutboundStrategy"]
    preview = strategy.members["Config"].members["AgentFirst"].members["Preview"]
    actions = preview.members["AllowedUserActions"].member.enum
    return st.lists(st.sampled_from(actions), min_size=1, unique=True)


def telephone_endpoints(addresses: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """Return a strategy for endpoints of the type TELEPHONE_NUMBER."""
    return addresses.map(lambda address: {"Type": "TELEPHONE_NUMBER", "Address": address})


def system_endpoints(instance: Instance) -> st.SearchStrategy[dict[str, str]]:
    """Return a strategy for endpoints to call from: claimed numbers, or any number if none is claimed."""
    claimed = instance.phone_numbers
    if not claimed:
        return telephone_endpoints(phone_numbers())
    by_number = [{"Type": "TELEPHONE_NUMBER", "Address": phone_number.number} for phone_number in claimed]
    by_arn = [{"Type": "CONNECT_PHONENUMBER_ARN", "Address": phone_number.arn} for phone_number in claimed]
    return st.sampled_from(by_number + by_arn).map(dict)


def invalid_contact_data_requests(instance: Instance) -> st.SearchStrategy[InvalidValue]:
    """Return a strategy for items of BatchPutContact that fail, each for a single reason.

    Args:
        instance: the instance whose queues, campaigns and phone numbers the items name; it needs a campaign.
            The strategy reads them when this function is called.

    Returns:
        A strategy for dicts whose ``expected_reason`` is the ``FailureReasonCode`` of the response.
    """
    mutations = [
        Mutation("MISSING_CUSTOMER_ENDPOINT", "no CustomerEndpoint", {"CustomerEndpoint": None}),
        Mutation(
            "MISSING_QUEUE_ID_AND_SYSTEM_ENDPOINT",
            "no QueueId and no SystemEndpoint",
            {"QueueId": None, "SystemEndpoint": None},
        ),
        *_invalid_campaigns(instance),
        *_invalid_endpoints("CustomerEndpoint", "INVALID_CUSTOMER_ENDPOINT", {"TELEPHONE_NUMBER"}),
        *_invalid_endpoints(
            "SystemEndpoint", "INVALID_SYSTEM_ENDPOINT", {"TELEPHONE_NUMBER", "CONNECT_PHONENUMBER_ARN"}
        ),
        *_unclaimed_numbers(instance),
        *_invalid_queues(instance),
        Mutation("INVALID_ATTRIBUTE_KEY", "an invalid attribute key", {"Attributes": _invalid_attributes()}),
        *_invalid_outbound_strategies(instance),
    ]
    # An older model lacks reasons, with the members that they are about.
    reasons = CONTACTS.reasons
    return mutated(
        contact_data_requests(instance),
        [mutation for mutation in mutations if mutation.expected_reason in reasons],
    )


def _invalid_campaigns(instance: Instance) -> Iterator[Mutation]:
    unknown_ids = _unknown_ids({campaign.id for campaign in instance.campaigns})
    yield Mutation("MISSING_CAMPAIGN", "no Campaign", {"Campaign": None})
    yield Mutation("MISSING_CAMPAIGN", "no CampaignId", {"Campaign": st.builds(dict)})
    unknown = unknown_ids.map(lambda campaign_id: {"CampaignId": campaign_id})
    yield Mutation("MISSING_CAMPAIGN", "an unknown campaign", {"Campaign": unknown})


def _unknown_ids(known: set[str]) -> st.SearchStrategy[str]:
    return st.uuids().map(str).filter(lambda id: id not in known)


def _invalid_endpoints(member: str, reason: str, valid_types: set[str]) -> Iterator[Mutation]:
    types = item_shape().members[member].members["Type"].enum
    invalid_types = st.sampled_from([type for type in types if type not in valid_types])
    invalid_type = invalid_types.map(lambda type: {"Type": type, "Address": "+15550000000"})
    no_type = phone_numbers().map(lambda number: {"Address": number})
    invalid_number = telephone_endpoints(invalid_phone_numbers())
    yield Mutation(reason, "a number that is not E.164", {member: invalid_number})
    yield Mutation(reason, "an invalid type", {member: invalid_type})
    yield Mutation(reason, "no type", {member: no_type})


def _unclaimed_numbers(instance: Instance) -> Iterator[Mutation]:
    claimed = {phone_number.number for phone_number in instance.phone_numbers}
    if claimed:
        others = phone_numbers().filter(lambda number: number not in claimed)
        unclaimed = {"SystemEndpoint": telephone_endpoints(others)}
        yield Mutation("INVALID_SYSTEM_ENDPOINT", "a number that is not claimed", unclaimed)


def _invalid_queues(instance: Instance) -> Iterator[Mutation]:
    disabled = [queue.id for queue in instance.queues if not queue.enabled]
    unknown = _unknown_ids({queue.id for queue in instance.queues})
    yield Mutation("INVALID_QUEUE", "an unknown queue", {"QueueId": unknown})
    if disabled:
        yield Mutation("INVALID_QUEUE", "a disabled queue", {"QueueId": st.sampled_from(disabled)})


def _invalid_attributes() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(invalid_attribute_keys(), st.text(max_size=4), min_size=1, max_size=1)


def _invalid_outbound_strategies(instance: Instance) -> Iterator[Mutation]:
    reason = "INVALID_OUTBOUND_STRATEGY"
    without_config, without_actions = _outbound_strategies(None), _outbound_strategies([])
    yield Mutation(reason, "an OutboundStrategy without a Config", {"OutboundStrategy": without_config})
    yield Mutation(reason, "an OutboundStrategy without user actions", {"OutboundStrategy": without_actions})
    without_queue = {
        "QueueId": None,
        "SystemEndpoint": system_endpoints(instance),
        "OutboundStrategy": _outbound_strategies(["CALL"]),
    }
    yield Mutation(reason, "an OutboundStrategy without a queue", without_queue)


def _outbound_strategies(actions: list[str] | None) -> st.SearchStrategy[dict[str, object]]:
    strategy: dict[str, object] = {"Type": "AGENT_FIRST"}
    if actions is not None:
        preview = {"PostAcceptTimeoutConfig": {"DurationInSeconds": 30}, "AllowedUserActions": actions}
        strategy["Config"] = {"AgentFirst": {"Preview": preview}}
    return st.builds(dict, st.just(strategy))
