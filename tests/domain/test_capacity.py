"""The capacity of a campaign: its share of the concurrent phone calls, while another campaign dials.

Follows https://docs.aws.amazon.com/connect/latest/adminguide/how-to-create-campaigns.html for the
``dialingCapacity`` of version 1 and the ``capacity`` of version 2.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, outcomes

PutFor = Callable[..., list[str]]
CallsNow = Callable[..., list[Contact]]
AddCampaign = Callable[[str, float], Campaign]
NUMBER = "+15555550199"
WITHOUT_QUEUE = {"QueueId": None, "SystemEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": NUMBER}}

pytestmark = [pytest.mark.connect_mock(concurrent_calls=10), pytest.mark.usefixtures("start")]


@pytest.fixture(params=["connectcampaigns", "connectcampaignsv2"])
def add_campaign(
    request: pytest.FixtureRequest, make_client: Callable[..., Any], connect_instance: Instance
) -> AddCampaign:
    """Create and start an agentless campaign with a capacity, in either version."""
    client = make_client(request.param)
    calls = {"connectContactFlowId": "flow", "connectSourcePhoneNumber": NUMBER}

    def add(name: str, capacity: float) -> Campaign:
        parameters: dict[str, Any] = {
            "dialerConfig": {"agentlessDialerConfig": {"dialingCapacity": capacity}},
            "outboundCallConfig": calls,
        }
        if request.param == "connectcampaignsv2":
            telephony = {
                "capacity": capacity,
                "outboundMode": {"agentless": {}},
                "defaultOutboundConfig": calls,
            }
            parameters = {"channelSubtypeConfig": {"telephony": telephony}}
        created = client.create_campaign(name=name, connectInstanceId=connect_instance.id, **parameters)
        client.start_campaign(id=created["id"])
        return connect_instance.campaigns[-1]

    return add


@pytest.fixture
def put(put_for: PutFor) -> Callable[[Campaign, int], list[str]]:
    """Put contacts that need no agent."""
    return lambda campaign, count: put_for(campaign, count, **WITHOUT_QUEUE)


Put = Callable[[Campaign, int], list[str]]


def test_a_campaign_that_dials_alone_gets_all(
    add_campaign: AddCampaign, put: Put, calls_now: CallsNow
) -> None:
    add_campaign("Idle", 0.5)
    spring = add_campaign("Spring", 0.2)

    put(spring, 30)

    assert len(calls_now(campaign=spring)) == 10


def test_the_capacity_shrinks_when_another_campaign_dials(
    connect_mock: ConnectMock, add_campaign: AddCampaign, put: Put, calls_now: CallsNow
) -> None:
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60))
    spring, autumn = add_campaign("Spring", 0.2), add_campaign("Autumn", 0.5)
    put(spring, 30)

    put(autumn, 30)

    # Nobody is hung up.
    assert (len(calls_now(campaign=spring)), len(calls_now(campaign=autumn))) == (10, 0)
    connect_mock.advance(65)
    assert (len(calls_now(campaign=spring)), len(calls_now(campaign=autumn))) == (2, 5)
    assert {contact.disconnect_reason for contact in connect_mock.contacts} == {
        "CONTACT_FLOW_DISCONNECT",
        None,
    }


@pytest.fixture
def shared(add_campaign: AddCampaign, put: Put) -> Callable[[int], tuple[Campaign, Campaign]]:
    """Return two campaigns that begin to dial at the same time, the second with so many contacts."""

    def add(contacts: int) -> tuple[Campaign, Campaign]:
        campaigns = add_campaign("Spring", 0.2), add_campaign("Autumn", 0.3)
        for campaign, count in zip(campaigns, (30, contacts), strict=True):
            campaign.pause()
            put(campaign, count)
        for campaign in campaigns:
            campaign.resume()
        return campaigns

    return add


@pytest.mark.parametrize("end", ["pause", "stop", "the last contact is stopped"])
def test_the_capacity_grows_when_no_other_campaign_dials(
    connect_client: Any,
    connect_instance: Instance,
    shared: Callable[[int], tuple[Campaign, Campaign]],
    calls_now: CallsNow,
    end: str,
) -> None:
    spring, autumn = shared(4)
    assert (len(calls_now(campaign=spring)), len(calls_now(campaign=autumn))) == (2, 3)

    if end.startswith("the last"):
        last = autumn.contacts[-1]
        connect_client.stop_contact(InstanceId=connect_instance.id, ContactId=last.id)
    else:
        getattr(autumn, end)()

    assert (len(calls_now(campaign=spring)), len(calls_now(campaign=autumn))) == (7, 3)


def test_a_campaign_whose_contacts_are_dialed_dials_no_more(
    shared: Callable[[int], tuple[Campaign, Campaign]], calls_now: CallsNow
) -> None:
    spring, autumn = shared(3)

    assert (len(calls_now(campaign=spring)), len(calls_now(campaign=autumn))) == (7, 3)


def test_a_campaign_before_its_schedule_does_not_dial(
    connect_mock: ConnectMock,
    connectcampaignsv2_client: Any,
    connect_instance: Instance,
    add_campaign: AddCampaign,
    put: Put,
    calls_now: CallsNow,
) -> None:
    spring = add_campaign("Spring", 0.2)
    autumn = connect_instance.add_campaign("Autumn")
    now = connect_mock.now()
    schedule = {"startTime": now + timedelta(seconds=120), "endTime": now + timedelta(hours=2)}
    connectcampaignsv2_client.update_campaign_schedule(id=autumn.id, schedule=schedule)
    autumn.start()
    put(autumn, 30)

    put(spring, 30)

    assert len(calls_now(campaign=spring)) == 10
    connect_mock.advance(65 * 2)
    assert len(calls_now(campaign=spring)) <= 2
    assert len(calls_now()) == 10
