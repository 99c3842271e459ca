"""The operations of both versions on a campaign: describe, list, rename, and change its state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from campaigns_model import VERSIONS, assert_all_modeled, code, refusal, without_time
from factories import UNKNOWN

from connect_batchmock import Campaign, ConnectMock, Instance, Queue

MakeClient = Callable[..., Any]
VERBS = ["start", "pause", "resume", "stop"]
STATES = {
    "Initialized": [],
    "Running": ["start"],
    "Paused": ["start", "pause"],
    "Stopped": ["start", "stop"],
    "Failed": ["start", "fail"],
}
FOLLOWING = {
    ("Initialized", "start"): "Running",
    ("Running", "pause"): "Paused",
    ("Running", "stop"): "Stopped",
    ("Paused", "resume"): "Running",
    ("Paused", "stop"): "Stopped",
    ("Failed", "stop"): "Stopped",
}


@pytest.fixture(params=VERSIONS)
def client(request: pytest.FixtureRequest, make_client: MakeClient) -> Any:
    """A client of either version."""
    return make_client(request.param)


@pytest.fixture(autouse=True)
def _all_is_modeled(connect_mock: ConnectMock) -> Iterator[None]:
    yield
    assert_all_modeled(connect_mock)


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, connect_campaign: Campaign) -> str:
    """The state that ``connect_campaign`` was led to."""
    for verb in STATES[request.param]:
        getattr(connect_campaign, verb)()
    return str(request.param)


@pytest.mark.parametrize("verb", VERBS)
def test_a_campaign_goes_from_state_to_state(
    client: Any, connect_campaign: Campaign, state: str, verb: str
) -> None:
    change = getattr(client, f"{verb}_campaign")
    following = FOLLOWING.get((state, verb))

    if following is not None:
        change(id=connect_campaign.id)
        assert connect_campaign.state == following
        return
    with pytest.raises(client.exceptions.InvalidCampaignStateException) as caught:
        change(id=connect_campaign.id)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert caught.value.response["state"] == state
    possible = " or ".join(before for before, told in FOLLOWING if told == verb)
    assert caught.value.response["message"] == (
        f"A campaign that is {state} cannot {verb}; its state must be {possible}."
    )
    assert connect_campaign.state == state


def test_a_campaign_is_deleted_in_some_states(
    client: Any, connect_instance: Instance, connect_campaign: Campaign, state: str
) -> None:
    def delete() -> Any:
        return client.delete_campaign(id=connect_campaign.id)

    if state in ("Running", "Paused"):
        assert refusal(delete) == (
            "ValidationException",
            400,
            f"A campaign that is {state} cannot be deleted; stop it with StopCampaign first.",
        )
        assert connect_instance.campaigns == [connect_campaign]
    else:
        delete()
        assert connect_instance.campaigns == []
        assert code(delete) == "ResourceNotFoundException"


def test_a_state_is_told(client: Any, connect_campaign: Campaign, state: str) -> None:
    assert client.get_campaign_state(id=connect_campaign.id)["state"] == state
    assert client.get_campaign_state(id=connect_campaign.arn)["state"] == state


def test_states_are_told_one_by_one_and_as_often_as_asked(
    client: Any, connect_instance: Instance, connect_queue: Queue, connect_campaign: Campaign
) -> None:
    other = connect_instance.add_campaign(queue=connect_queue)
    other.start()

    answer = client.get_campaign_state_batch(
        campaignIds=[other.id, UNKNOWN, connect_campaign.id, other.id, UNKNOWN]
    )

    assert answer["successfulRequests"] == [
        {"campaignId": other.id, "state": "Running"},
        {"campaignId": connect_campaign.id, "state": "Initialized"},
        {"campaignId": other.id, "state": "Running"},
    ]
    assert answer["failedRequests"] == [
        {"campaignId": UNKNOWN, "failureCode": "ResourceNotFound"},
        {"campaignId": UNKNOWN, "failureCode": "ResourceNotFound"},
    ]


def test_more_than_25_states_are_not_told(client: Any) -> None:
    found, status, message = refusal(lambda: client.get_campaign_state_batch(campaignIds=["c"] * 26))

    assert (found, status) == ("ValidationException", 400)
    assert message == "1 constraint is not met: campaignIds: 26 members is more than 25"


@pytest.mark.parametrize(
    "operation", ["start_campaign", "stop_campaign", "delete_campaign", "get_campaign_state"]
)
def test_an_unknown_campaign_is_not_found(client: Any, connect_campaign: Campaign, operation: str) -> None:
    assert refusal(lambda: getattr(client, operation)(id=UNKNOWN)) == (
        "ResourceNotFoundException",
        404,
        f"The campaign '{UNKNOWN}' was not found in this account and region.",
    )


def test_a_campaign_of_another_region_is_not_found(
    connect_campaign: Campaign, make_client: MakeClient
) -> None:
    elsewhere = make_client("connectcampaignsv2", region_name="eu-west-2")

    assert code(lambda: elsewhere.start_campaign(id=connect_campaign.id)) == "ResourceNotFoundException"


def test_a_name_is_changed(client: Any, connect_campaign: Campaign, state: str) -> None:
    client.update_campaign_name(id=connect_campaign.id, name="Autumn")
    client.update_campaign_name(id=connect_campaign.id, name="Autumn")

    assert connect_campaign.name == "Autumn"


def test_a_name_is_taken_once(
    client: Any, connect_instance: Instance, connect_queue: Queue, connect_campaign: Campaign
) -> None:
    connect_instance.add_campaign("Autumn", queue=connect_queue)

    found, status, message = refusal(
        lambda: client.update_campaign_name(id=connect_campaign.id, name="Autumn")
    )

    assert (found, status) == ("ConflictException", 409)
    assert "'Autumn'" in message
    assert connect_campaign.name != "Autumn"


def test_campaigns_are_listed_page_by_page(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, client: Any
) -> None:
    added = [connect_instance.add_campaign(queue=connect_queue) for _ in range(3)]
    other = connect_mock.add_instance()
    added.append(other.add_campaign(queue=other.add_queue()))

    first = client.list_campaigns(maxResults=3)
    second = client.list_campaigns(maxResults=3, nextToken=first["nextToken"])

    assert [campaign["id"] for campaign in first["campaignSummaryList"]] == [
        campaign.id for campaign in added[:3]
    ]
    assert [campaign["id"] for campaign in second["campaignSummaryList"]] == [other.campaigns[0].id]
    assert "nextToken" not in second
    paginator = client.get_paginator("list_campaigns")
    pages = paginator.paginate(PaginationConfig={"PageSize": 1})
    assert [campaign["name"] for campaign in pages.search("campaignSummaryList[]")] == [
        campaign.name for campaign in added
    ]


def test_a_summary_tells_who_a_campaign_is(
    client: Any, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    (summary,) = client.list_campaigns()["campaignSummaryList"]

    channels = {} if client.meta.service_model.service_name == "connectcampaigns" else CALLS_ONLY
    assert without_time(summary) == {
        "id": connect_campaign.id,
        "arn": connect_campaign.arn,
        "name": connect_campaign.name,
        "connectInstanceId": connect_instance.id,
        **channels,
    }


CALLS_ONLY = {"channelSubtypes": ["TELEPHONY"]}


def test_campaigns_are_listed_for_one_instance(
    connect_mock: ConnectMock, connect_campaign: Campaign, client: Any
) -> None:
    other = connect_mock.add_instance()

    def listed(instance_id: str) -> list[str]:
        filters = {"instanceIdFilter": {"value": instance_id, "operator": "Eq"}}
        return [campaign["id"] for campaign in client.list_campaigns(filters=filters)["campaignSummaryList"]]

    assert listed(connect_mock.instances[0].id) == [connect_campaign.id]
    assert listed(other.id) == []
    assert listed(UNKNOWN) == []


def test_a_token_that_was_not_given_is_refused(client: Any, connect_campaign: Campaign) -> None:
    assert refusal(lambda: client.list_campaigns(nextToken="token")) == (
        "ValidationException",
        400,
        "The token 'token' is invalid; send the token of the previous page, or no token for the first.",
    )


def test_a_paused_campaign_dials_nobody_until_it_is_resumed(
    connect_mock: ConnectMock,
    client: Any,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put: Callable[..., Any],
    an_item: Callable[..., Any],
) -> None:
    connect_queue.add_agents(1)
    client.start_campaign(id=connect_campaign.id)
    client.pause_campaign(id=connect_campaign.id)
    put(an_item())
    connect_mock.advance(600)
    assert connect_mock.contacts.one().state == "INITIATED"

    client.resume_campaign(id=connect_campaign.id)

    connect_mock.advance(600)
    assert connect_mock.contacts.one().state == "COMPLETED"


@pytest.mark.parametrize("end", ["stop_campaign", "delete_campaign"])
def test_a_campaign_that_ended_dials_nobody(
    connect_mock: ConnectMock,
    client: Any,
    connect_campaign: Campaign,
    put: Callable[..., Any],
    an_item: Callable[..., Any],
    end: str,
) -> None:
    if end == "stop_campaign":
        client.start_campaign(id=connect_campaign.id)
    put(an_item())

    getattr(client, end)(id=connect_campaign.id)

    # https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html: OTHER is for what API calls
    # end, and DISCARDED for email.
    assert connect_mock.contacts.one().disconnect_reason == "OTHER"
