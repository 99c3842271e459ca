"""Items of BatchPutContact that become contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock import explain
from connect_batchmock.protocol.model import operation_model
from connect_batchmock.strategies.attributes import attribute_keys
from connect_batchmock.strategies.shapes import Known, known_instances
from connect_batchmock.strategies.values import phone_numbers

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
    """Return the modelled shape of an item."""
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
        raise ValueError(explain.no_campaign_to_draw(instance.alias))
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
