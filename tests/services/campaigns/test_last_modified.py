"""The time of the last change of a campaign, which the newest models of version 2 have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from factories import EMAIL, SEGMENT, START, TELEPHONY

from connect_batchmock import Campaign, ConnectMock, Instance
from connect_batchmock.protocol.model import service_model

pytestmark = [
    pytest.mark.usefixtures("frozen_time"),
    pytest.mark.skipif(
        "lastModifiedTime" not in service_model("connectcampaignsv2").shape_for("Campaign").members,
        reason="the models of the installed botocore have no lastModifiedTime",
    ),
]

Modified = Callable[[], datetime]


@pytest.fixture
def campaign_id(connectcampaignsv2_client: Any, connect_instance: Instance) -> str:
    response = connectcampaignsv2_client.create_campaign(
        name="Spring",
        connectInstanceId=connect_instance.id,
        channelSubtypeConfig={"email": EMAIL},
        source={"customerProfilesSegmentArn": SEGMENT},
    )
    return str(response["id"])


@pytest.fixture
def modified(connectcampaignsv2_client: Any, campaign_id: str) -> Modified:
    """Return when the campaign was modified, as both operations describe it."""

    def describe() -> datetime:
        campaign = connectcampaignsv2_client.describe_campaign(id=campaign_id)["campaign"]
        campaigns = connectcampaignsv2_client.list_campaigns()["campaignSummaryList"]
        assert campaign["lastModifiedTime"] in [summary["lastModifiedTime"] for summary in campaigns]
        return datetime.fromisoformat(campaign["lastModifiedTime"].isoformat())

    return describe


CHANGES: dict[str, Callable[[Any, str], Any]] = {
    "the name": lambda client, id: client.update_campaign_name(id=id, name="Summer"),
    "the source": lambda client, id: client.update_campaign_source(
        id=id, source={"customerProfilesSegmentArn": f"{SEGMENT}-2"}
    ),
    "a channel": lambda client, id: client.update_campaign_channel_subtype_config(
        id=id, channelSubtypeConfig={"email": EMAIL | {"capacity": 0.5}}
    ),
    "a deletion": lambda client, id: client.delete_campaign_entry_limits(id=id),
    "the state": lambda client, id: client.start_campaign(id=id),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_the_last_modification(
    connect_mock: ConnectMock,
    connectcampaignsv2_client: Any,
    campaign_id: str,
    modified: Modified,
    change: Callable[[Any, str], Any],
) -> None:
    assert modified() == START
    connect_mock.advance(60)
    assert modified() == START
    change(connectcampaignsv2_client, campaign_id)
    assert modified() == START + timedelta(seconds=60)


def test_a_refused_change_and_a_tag_modify_nothing(
    connect_mock: ConnectMock, connectcampaignsv2_client: Any, campaign_id: str, modified: Modified
) -> None:
    connect_mock.advance(60)
    arn = connectcampaignsv2_client.describe_campaign(id=campaign_id)["campaign"]["arn"]
    connectcampaignsv2_client.tag_resource(arn=arn, tags={"team": "sales"})
    with pytest.raises(connectcampaignsv2_client.exceptions.ResourceNotFoundException):
        connectcampaignsv2_client.update_campaign_channel_subtype_config(
            id=campaign_id, channelSubtypeConfig={"telephony": TELEPHONY | {"connectQueueId": "unknown"}}
        )
    assert modified() == START


def test_the_schedule_of_a_campaign_modifies_it(
    connect_mock: ConnectMock, connectcampaignsv2_client: Any, connect_campaign: Campaign
) -> None:
    end = START + timedelta(seconds=90)
    connectcampaignsv2_client.update_campaign_schedule(
        id=connect_campaign.id, schedule={"startTime": START, "endTime": end}
    )
    connect_campaign.start()
    connect_mock.advance(600)
    campaign = connectcampaignsv2_client.describe_campaign(id=connect_campaign.id)["campaign"]
    assert campaign["lastModifiedTime"] == end
