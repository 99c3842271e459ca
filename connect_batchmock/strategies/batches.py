"""Strategies for the parameters of batch operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock.protocol.errors import code_for_violations
from connect_batchmock.protocol.model import operation_model
from connect_batchmock.protocol.validation import violations
from connect_batchmock.strategies.campaign_requests import dial_requests, outbound_requests
from connect_batchmock.strategies.invalid import InvalidValue, invalid_copies
from connect_batchmock.strategies.items import contact_data_requests

if TYPE_CHECKING:
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.records.handles import Campaign, Instance

Items = st.SearchStrategy[Any]


def contact_batches(instance: Instance, *, items: Items | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for the parameters of BatchPutContact, without the ClientToken that boto3 adds.

    Args:
        instance: the instance that is called.
        items: a strategy for the items; by default :func:`contact_data_requests` of the instance, whose items
            all become contacts. The items of a batch have different values of ``RequestIdentifier``.
    """
    items = contact_data_requests(instance) if items is None else items
    return _batches("connect", "BatchPutContact", instance.id, items, "RequestIdentifier")


def dial_batches(
    connect_mock: ConnectMock, campaign: Campaign, *, items: Items | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for the parameters of PutDialRequestBatch.

    Args:
        connect_mock: the mock whose clock the expiration times are relative to.
        campaign: the campaign that is called.
        items: a strategy for the items; by default :func:`dial_requests`. The items of a batch have different
            values of ``clientToken``.
    """
    items = dial_requests(connect_mock) if items is None else items
    return _batches("connectcampaigns", "PutDialRequestBatch", campaign.id, items, "clientToken")


def outbound_batches(
    connect_mock: ConnectMock, campaign: Campaign, *, items: Items | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for the parameters of PutOutboundRequestBatch.

    Args:
        connect_mock: the mock of the campaign.
        campaign: the campaign that is called.
        items: a strategy for the items; by default :func:`outbound_requests` of the campaign. The items of a
            batch have different values of ``clientToken``.
    """
    items = outbound_requests(connect_mock, campaign) if items is None else items
    return _batches("connectcampaignsv2", "PutOutboundRequestBatch", campaign.id, items, "clientToken")


def _batches(
    service: str, operation: str, id: str, items: Items, identifier: str
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for the parameters of an operation that requires an id and a list of items."""
    shape: Any = operation_model(service, operation).input_shape
    id_member, list_member = shape.required_members
    limits = shape.members[list_member].metadata
    lists = st.lists(
        items,
        min_size=limits["min"],
        max_size=limits["max"],
        # Items without an identifier are always different.
        unique_by=lambda item: item.get(identifier, object()),
    )
    return lists.map(lambda drawn_items: {id_member: id, list_member: drawn_items})


def invalid_contact_batches(instance: Instance) -> st.SearchStrategy[InvalidValue]:
    """Return a strategy for parameters with which BatchPutContact raises an error.

    The parameters break one constraint of the model that botocore does not check before it sends a request,
    such as the maximum of 25 items.

    Args:
        instance: the instance that is called; it needs a campaign.

    Returns:
        A strategy for dicts whose ``expected_reason`` is the code of the error.
    """
    return _invalid_batches(contact_batches(instance))


@st.composite
def _invalid_batches(draw: st.DrawFn, batches: st.SearchStrategy[dict[str, Any]]) -> InvalidValue:
    operation = operation_model("connect", "BatchPutContact")
    shape: Any = operation.input_shape
    parameters = draw(st.sampled_from(list(invalid_copies(shape, draw(batches)))))
    reason = violations(shape, parameters)[0]
    return InvalidValue(parameters, code_for_violations(operation), reason)
