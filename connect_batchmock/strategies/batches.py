"""The parameters of whole calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock.protocol.errors import code_for_violations
from connect_batchmock.protocol.model import operation_model
from connect_batchmock.protocol.validation import violations
from connect_batchmock.strategies.campaign_requests import dial_requests, outbound_requests
from connect_batchmock.strategies.invalid import InvalidValue, violations_of
from connect_batchmock.strategies.items import contact_data_requests

if TYPE_CHECKING:
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.records.handles import Campaign, Instance

Items = st.SearchStrategy[Any]


def contact_batches(instance: Instance, *, items: Items | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Return the parameters of calls of BatchPutContact, without a ClientToken, which boto3 fills in.

    Args:
        instance: the instance that is called.
        items: what is in them; :func:`contact_data_requests` of the instance where nothing is given, and then
            every item is created. No two items of a batch have the same ``RequestIdentifier``.
    """
    items = contact_data_requests(instance) if items is None else items
    return _batches("connect", "BatchPutContact", instance.id, items, "RequestIdentifier")


def dial_batches(
    connect_mock: ConnectMock, campaign: Campaign, *, items: Items | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """Return the parameters of calls of PutDialRequestBatch.

    Args:
        connect_mock: the mock whose clock says when they expire.
        campaign: the campaign that is called.
        items: what is in them; :func:`dial_requests` where nothing is given. No two items of a
            batch have the same ``clientToken``.
    """
    items = dial_requests(connect_mock) if items is None else items
    return _batches("connectcampaigns", "PutDialRequestBatch", campaign.id, items, "clientToken")


def outbound_batches(
    connect_mock: ConnectMock, campaign: Campaign, *, items: Items | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """Return the parameters of calls of PutOutboundRequestBatch.

    Args:
        connect_mock: the mock that the campaign is in.
        campaign: the campaign that is called.
        items: what is in them; :func:`outbound_requests` of the campaign where nothing is given. No two items
            of a batch have the same ``clientToken``.
    """
    items = outbound_requests(connect_mock, campaign) if items is None else items
    return _batches("connectcampaignsv2", "PutOutboundRequestBatch", campaign.id, items, "clientToken")


def _batches(
    service: str, operation: str, id: str, items: Items, token: str
) -> st.SearchStrategy[dict[str, Any]]:
    """Return parameters of an operation that requires an id and a list of items, and nothing else."""
    shape: Any = operation_model(service, operation).input_shape
    id_member, list_member = shape.required_members
    limits = shape.members[list_member].metadata
    lists = st.lists(
        items,
        min_size=limits["min"],
        max_size=limits["max"],
        # Two that have none are not the same.
        unique_by=lambda item: item.get(token, object()),
    )
    return lists.map(lambda drawn: {id_member: id, list_member: drawn})


def invalid_contact_batches(instance: Instance) -> st.SearchStrategy[InvalidValue]:
    """Return the parameters of calls of BatchPutContact that are refused as a whole.

    Each breaks a constraint of the model that botocore does not check before it sends, such as 25 items.

    Args:
        instance: the instance that is called; it has a campaign.

    Returns:
        Dicts whose ``expected_reason`` is the code of the error.
    """
    return _invalid_batches(contact_batches(instance))


@st.composite
def _invalid_batches(draw: st.DrawFn, batches: st.SearchStrategy[dict[str, Any]]) -> InvalidValue:
    operation = operation_model("connect", "BatchPutContact")
    shape: Any = operation.input_shape
    broken = draw(st.sampled_from(list(violations_of(shape, draw(batches)))))
    reason = violations(shape, broken)[0]
    return InvalidValue(broken, code_for_violations(operation), reason)
