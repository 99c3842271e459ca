"""Rejected items of GetCampaignStateBatch, and rejections of one operation only."""

from __future__ import annotations

import re
from typing import Any

import pytest

from connect_batchmock import Campaign, ConnectMock, Instance


@pytest.fixture(params=["connectcampaigns", "connectcampaignsv2"])
def client(request: pytest.FixtureRequest, make_client: Any) -> Any:
    """A client of either version."""
    return make_client(request.param)


def states(client: Any, *ids: str) -> tuple[list[Any], dict[str, str]]:
    """Return the ids of campaigns whose states are returned, and the codes of the others."""
    answer = client.get_campaign_state_batch(campaignIds=list(ids))
    failed = {item["campaignId"]: item["failureCode"] for item in answer["failedRequests"]}
    return [item["campaignId"] for item in answer["successfulRequests"]], failed


def test_a_state_can_be_rejected(
    connect_mock: ConnectMock, client: Any, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    other = connect_instance.add_campaign(queue=connect_campaign.queue)
    connect_mock.reject_requests("UnknownError", when={"campaignId": other.id}, times=1)
    ids = connect_campaign.id, other.id
    assert states(client, *ids) == ([connect_campaign.id], {other.id: "UnknownError"})
    assert states(client, *ids) == ([*ids], {})
    assert connect_mock.calls[0].faults == (
        f"connect_mock.reject_requests('UnknownError', when={{'campaignId': '{other.id}'}}, times=1)",
    )
    # A question about a state is no request that would have to be sent again.
    assert len(connect_mock.failed_requests) == 0
    connect_mock.assert_no_unresolved_failures()


def test_a_function_selects_states(
    connect_mock: ConnectMock, client: Any, connect_campaign: Campaign
) -> None:
    connect_mock.reject_requests("UnknownError", when=lambda item: item["campaignId"] == connect_campaign.id)
    assert states(client, connect_campaign.id) == ([], {connect_campaign.id: "UnknownError"})


def test_an_unknown_campaign_keeps_its_code(connect_mock: ConnectMock, client: Any) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    connect_mock.reject_requests("UnknownError")
    assert states(client, unknown) == ([], {unknown: "ResourceNotFound"})
    with pytest.raises(AssertionError, match="never happened"):
        connect_mock.assert_no_pending_faults()
    connect_mock.reset()


def test_a_rejection_can_be_of_one_operation(
    connect_mock: ConnectMock, client: Any, connect_campaign: Campaign
) -> None:
    connect_mock.reject_requests("UnknownError", operation="PutDialRequestBatch")
    assert states(client, connect_campaign.id) == ([connect_campaign.id], {})
    connect_mock.reject_requests("UnknownError", operation="GetCampaignStateBatch", times=None)
    assert states(client, connect_campaign.id) == ([], {connect_campaign.id: "UnknownError"})
    assert connect_mock.calls[-1].faults == (
        "connect_mock.reject_requests('UnknownError', times=None, operation='GetCampaignStateBatch')",
    )
    connect_mock.reset()


@pytest.mark.parametrize(
    ("code", "options", "message"),
    [
        ("Nothing", {}, "'Nothing' is not a failureCode; the values are InvalidInput, RequestThrottled, Unk"),
        (
            "BufferLimitExceeded",
            {"operation": "GetCampaignStateBatch"},
            "not a failureCode; the values are ResourceNotFound, UnknownError.",
        ),
        (
            "UnknownError",
            {"operation": "StartCampaign"},
            "'StartCampaign' is not a batch operation of the campaign services; these are PutDial",
        ),
        (
            "UnknownError",
            {"operation": "GetCampaignStateBatch", "when": {"id": "c"}},
            "no member 'id' for when= to match; the members are campaignId.",
        ),
    ],
)
def test_an_impossible_rejection_is_refused(
    connect_mock: ConnectMock, code: str, options: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        connect_mock.reject_requests(code, **options)
