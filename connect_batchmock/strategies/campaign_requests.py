"""Strategies for the requests with which a campaign calls customers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock.protocol.model import operation_model
from connect_batchmock.strategies.invalid import InvalidValue, Mutation, mutated
from connect_batchmock.strategies.shapes import Known, known_instances
from connect_batchmock.strategies.values import attribute_keys, invalid_phone_numbers, phone_numbers

if TYPE_CHECKING:
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.records.handles import Campaign

# The service accepts an expiration in 30 to 900 seconds; the clock can advance before a request is sent.
_IN_TIME = (60, 840)
_TOO_SOON = (-3_600, 15)
_TOO_LATE = (960, 86_400)


def dial_requests(connect_mock: ConnectMock) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for requests of PutDialRequestBatch that a running campaign accepts.

    A request expires 60 to 840 seconds after it is generated. If two requests have the same ``clientToken``,
    the campaign accepts only the first; :func:`dial_batches` never combines two such requests.

    Args:
        connect_mock: the mock whose clock the expiration times are relative to.
    """
    known = {
        "phoneNumber": phone_numbers(),
        "expirationTime": _expirations(connect_mock, _IN_TIME),
        "attributes (key)": attribute_keys(),
    }
    return known_instances(_request_shape("connectcampaigns", "PutDialRequestBatch"), Known(values=known))


def invalid_dial_requests(connect_mock: ConnectMock) -> st.SearchStrategy[InvalidValue]:
    """Return a strategy for requests of PutDialRequestBatch that fail, each for a single reason.

    Args:
        connect_mock: the mock whose clock the expiration times are relative to.

    Returns:
        A strategy for dicts whose ``expected_reason`` is the ``failureCode`` of the response.
    """
    number = Mutation("InvalidInput", "a number that is not E.164", {"phoneNumber": invalid_phone_numbers()})
    return mutated(dial_requests(connect_mock), [number, *_invalid_expirations(connect_mock)])


def outbound_requests(connect_mock: ConnectMock, campaign: Campaign) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for phone calls of PutOutboundRequestBatch that a running campaign accepts.

    A request expires 60 to 840 seconds after it is generated. If two requests have the same ``clientToken``,
    the campaign accepts only the first; :func:`outbound_batches` never combines two such requests.

    Args:
        connect_mock: the mock of the campaign.
        campaign: the campaign; it calls from the claimed numbers of its instance.

    Raises:
        ValueError: the mock does not have the campaign.
    """
    known = {
        "channelSubtypeParameters": _phone_calls(phone_numbers(), _source_numbers(connect_mock, campaign)),
        "expirationTime": _expirations(connect_mock, _IN_TIME),
    }
    return known_instances(
        _request_shape("connectcampaignsv2", "PutOutboundRequestBatch"), Known(values=known)
    )


def invalid_outbound_requests(
    connect_mock: ConnectMock, campaign: Campaign
) -> st.SearchStrategy[InvalidValue]:
    """Return a strategy for requests of PutOutboundRequestBatch that fail, each for a single reason.

    Args:
        connect_mock: the mock of the campaign.
        campaign: the campaign; it calls from the claimed numbers of its instance.

    Returns:
        A strategy for dicts whose ``expected_reason`` is the ``failureCode`` of the response.

    Raises:
        ValueError: the mock does not have the campaign.
    """
    sources = _source_numbers(connect_mock, campaign)
    invalid_customer = {"channelSubtypeParameters": _phone_calls(invalid_phone_numbers(), sources)}
    invalid_source = {
        "channelSubtypeParameters": _phone_calls(phone_numbers(), invalid_phone_numbers(), _SOURCE)
    }
    mutations = [
        Mutation("InvalidInput", "a number that is not E.164", invalid_customer),
        Mutation("InvalidInput", "a source number that is not E.164", invalid_source),
        *_invalid_expirations(connect_mock),
    ]
    return mutated(outbound_requests(connect_mock, campaign), mutations)


def _request_shape(service: str, operation: str) -> Any:
    parameters: Any = operation_model(service, operation).input_shape
    return parameters.members[parameters.required_members[-1]].member


def _expirations(connect_mock: ConnectMock, seconds: tuple[int, int]) -> st.SearchStrategy[datetime]:
    return st.integers(*seconds).map(lambda number: connect_mock.now() + timedelta(seconds=number))


def _invalid_expirations(connect_mock: ConnectMock) -> list[Mutation]:
    too_soon, too_late = (_expirations(connect_mock, seconds) for seconds in (_TOO_SOON, _TOO_LATE))
    return [
        Mutation("InvalidInput", "it expires too soon", {"expirationTime": too_soon}),
        Mutation("InvalidInput", "it expires too late", {"expirationTime": too_late}),
    ]


_SOURCE = "telephony.connectSourcePhoneNumber"


def _phone_calls(
    customers: st.SearchStrategy[str], sources: st.SearchStrategy[str], *required: str
) -> st.SearchStrategy[dict[str, Any]]:
    shape = _request_shape("connectcampaignsv2", "PutOutboundRequestBatch").members[
        "channelSubtypeParameters"
    ]
    known = {
        "telephony.destinationPhoneNumber": customers,
        "telephony.attributes (key)": attribute_keys(),
        _SOURCE: sources,
    }
    others = [channel for channel in shape.members if channel != "telephony"]
    return known_instances(shape, Known(values=known, required=required, absent=others))


def _source_numbers(connect_mock: ConnectMock, campaign: Campaign) -> st.SearchStrategy[str]:
    for instance in connect_mock.instances:
        if any(candidate.id == campaign.id for candidate in instance.campaigns):
            claimed = [phone_number.number for phone_number in instance.phone_numbers]
            return st.sampled_from(claimed) if claimed else phone_numbers()
    raise ValueError(
        f"The mock has no campaign {campaign.name!r}: the campaign was deleted, or belongs to another mock; "
        f"give a campaign of one of connect_mock.instances."
    )
