"""Requests to the campaign services to call somebody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock.protocol.model import operation_model
from connect_batchmock.strategies.invalid import InvalidValue, Mutation, mutated
from connect_batchmock.strategies.shapes import Known, known_instances
from connect_batchmock.strategies.values import attribute_keys, no_phone_numbers, phone_numbers

if TYPE_CHECKING:
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.records.handles import Campaign

# The service takes what expires in 30 to 900 seconds; the clock may go on by some before a request is sent.
_IN_TIME = (60, 840)
_TOO_SOON = (-3_600, 15)
_TOO_LATE = (960, 86_400)


def dial_requests(connect_mock: ConnectMock) -> st.SearchStrategy[dict[str, Any]]:
    """Return requests of PutDialRequestBatch of which each is taken, by a campaign that runs.

    They expire in 60 to 840 seconds from when they are drawn. Of two that have the same ``clientToken`` a
    campaign takes the first, whatever the other says: :func:`dial_batches` puts no two such together.

    Args:
        connect_mock: the mock whose clock says when they expire.
    """
    known = {
        "phoneNumber": phone_numbers(),
        "expirationTime": _expirations(connect_mock, _IN_TIME),
        "attributes (key)": attribute_keys(),
    }
    return known_instances(_request_shape("connectcampaigns", "PutDialRequestBatch"), Known(values=known))


def invalid_dial_requests(connect_mock: ConnectMock) -> st.SearchStrategy[InvalidValue]:
    """Return requests of PutDialRequestBatch that come back failed, each for one thing.

    Args:
        connect_mock: the mock whose clock says when they expire.

    Returns:
        Dicts whose ``expected_reason`` is the ``failureCode`` that they come back with.
    """
    number = Mutation("InvalidInput", "a number that is not E.164", {"phoneNumber": no_phone_numbers()})
    return mutated(dial_requests(connect_mock), [number, *_wrong_expirations(connect_mock)])


def outbound_requests(connect_mock: ConnectMock, campaign: Campaign) -> st.SearchStrategy[dict[str, Any]]:
    """Return requests of PutOutboundRequestBatch to call somebody of which each is taken, while it runs.

    They expire in 60 to 840 seconds from when they are drawn. Of two that have the same ``clientToken`` a
    campaign takes the first, whatever the other says: :func:`outbound_batches` puts no two such together.

    Args:
        connect_mock: the mock that the campaign is in.
        campaign: the campaign; it calls from the numbers that its instance has claimed.

    Raises:
        ValueError: the mock has no such campaign.
    """
    known = {
        "channelSubtypeParameters": _calls(phone_numbers(), _sources(connect_mock, campaign)),
        "expirationTime": _expirations(connect_mock, _IN_TIME),
    }
    return known_instances(
        _request_shape("connectcampaignsv2", "PutOutboundRequestBatch"), Known(values=known)
    )


def invalid_outbound_requests(
    connect_mock: ConnectMock, campaign: Campaign
) -> st.SearchStrategy[InvalidValue]:
    """Return requests of PutOutboundRequestBatch that come back failed, each for one thing.

    Args:
        connect_mock: the mock that the campaign is in.
        campaign: the campaign; it calls from the numbers that its instance has claimed.

    Returns:
        Dicts whose ``expected_reason`` is the ``failureCode`` that they come back with.

    Raises:
        ValueError: the mock has no such campaign.
    """
    sources = _sources(connect_mock, campaign)
    to_nobody = {"channelSubtypeParameters": _calls(no_phone_numbers(), sources)}
    from_nobody = {"channelSubtypeParameters": _calls(phone_numbers(), no_phone_numbers(), _SOURCE)}
    ways = [
        Mutation("InvalidInput", "a number that is not E.164", to_nobody),
        Mutation("InvalidInput", "a number to call from that is not E.164", from_nobody),
        *_wrong_expirations(connect_mock),
    ]
    return mutated(outbound_requests(connect_mock, campaign), ways)


def _request_shape(service: str, operation: str) -> Any:
    parameters: Any = operation_model(service, operation).input_shape
    return parameters.members[parameters.required_members[-1]].member


def _expirations(connect_mock: ConnectMock, seconds: tuple[int, int]) -> st.SearchStrategy[datetime]:
    return st.integers(*seconds).map(lambda drawn: connect_mock.now() + timedelta(seconds=drawn))


def _wrong_expirations(connect_mock: ConnectMock) -> list[Mutation]:
    too_soon, too_late = (_expirations(connect_mock, seconds) for seconds in (_TOO_SOON, _TOO_LATE))
    return [
        Mutation("InvalidInput", "it expires too soon", {"expirationTime": too_soon}),
        Mutation("InvalidInput", "it expires too late", {"expirationTime": too_late}),
    ]


_SOURCE = "telephony.connectSourcePhoneNumber"


def _calls(
    destinations: st.SearchStrategy[str], sources: st.SearchStrategy[str], *required: str
) -> st.SearchStrategy[dict[str, Any]]:
    shape = _request_shape("connectcampaignsv2", "PutOutboundRequestBatch").members[
        "channelSubtypeParameters"
    ]
    known = {
        "telephony.destinationPhoneNumber": destinations,
        "telephony.attributes (key)": attribute_keys(),
        _SOURCE: sources,
    }
    others = [channel for channel in shape.members if channel != "telephony"]
    return known_instances(shape, Known(values=known, required=required, absent=others))


def _sources(connect_mock: ConnectMock, campaign: Campaign) -> st.SearchStrategy[str]:
    for instance in connect_mock.instances:
        if any(one.id == campaign.id for one in instance.campaigns):
            claimed = [one.number for one in instance.phone_numbers]
            return st.sampled_from(claimed) if claimed else phone_numbers()
    raise ValueError(
        f"The mock has no campaign {campaign.name!r}: it was deleted, or seeded in another mock. "
        f"outbound_requests takes a campaign of one of connect_mock.instances."
    )
