"""Contact.waiting_for: what a contact waits for before it is dialed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, outcomes


@pytest.fixture
def waiting_for(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> Callable[..., str | None]:
    """Put a contact for a campaign, and return what it waits for."""

    def waiting_for(campaign: Campaign) -> str | None:
        put(an_item(Campaign={"CampaignId": campaign.id}))
        return connect_mock.contacts[-1].waiting_for

    return waiting_for


def test_a_contact_waits_for_an_agent(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, waiting_for: Any
) -> None:
    assert waiting_for(connect_campaign) == "an agent of queue 'Queue 1'"
    connect_queue.add_agents(1)
    assert waiting_for(connect_campaign) == "an agent of queue 'Queue 1'"
    first, second = connect_mock.contacts
    assert first.dialed_at is not None
    assert first.waiting_for is None
    assert connect_mock.contacts.where(waiting_for="an agent of queue 'Queue 1'") == [second]


def test_a_contact_waits_until_its_campaign_is_resumed(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, waiting_for: Any
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_campaign.pause()
    assert waiting_for(connect_campaign) == "campaign 'Campaign 1' is paused"
    read_before = connect_mock.contacts[0]
    connect_campaign.resume()
    assert connect_mock.contacts[0].dialed_at is not None
    assert read_before.waiting_for is None


def test_a_contact_waits_for_its_schedule(
    connect_mock: ConnectMock, connect_campaign: Campaign, connectcampaignsv2_client: Any, waiting_for: Any
) -> None:
    start = (connect_mock.now() + timedelta(days=1)).replace(microsecond=0)
    connectcampaignsv2_client.update_campaign_schedule(
        id=connect_campaign.id, schedule={"startTime": start, "endTime": start + timedelta(days=1)}
    )
    assert waiting_for(connect_campaign) == f"its schedule starts at {start.isoformat()}"


def test_a_contact_waits_for_bandwidth(
    connect_instance: Instance, connect_queue: Queue, waiting_for: Any
) -> None:
    idle = connect_instance.add_campaign("Idle", queue=connect_queue, bandwidth_allocation=0)
    assert waiting_for(idle) == "the bandwidth allocation of campaign 'Idle' is 0"


@pytest.mark.connect_mock(concurrent_calls=1)
def test_a_contact_waits_for_another_call(
    connect_instance: Instance, connect_queue: Queue, waiting_for: Any
) -> None:
    connect_queue.add_agents(2)
    spring, summer = (
        connect_instance.add_campaign(name, queue=connect_queue) for name in ("Spring", "Summer")
    )
    assert waiting_for(spring) is None
    assert waiting_for(spring) == "another phone call of campaign 'Spring' to end"
    assert waiting_for(summer) == "another phone call of the instance to end"


def test_a_contact_of_a_predictive_campaign_waits_for_a_call(
    connect_instance: Instance, connect_queue: Queue, waiting_for: Any
) -> None:
    connect_queue.add_agents(1)
    predictive = connect_instance.add_campaign(queue=connect_queue, mode="predictive")
    assert [waiting_for(predictive) for _ in range(3)][2] == "another phone call of queue 'Queue 1' to end"


def test_a_contact_that_is_over_waits_for_nothing(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    connect_campaign: Campaign,
    waiting_for: Any,
) -> None:
    assert waiting_for(connect_campaign) is not None
    contact = connect_mock.contacts[0]
    connect_client.stop_contact(InstanceId=connect_instance.id, ContactId=contact.id)
    assert connect_mock.contacts[0].waiting_for is None
    connect_mock.reset()
    assert contact.waiting_for is None


def test_an_answered_customer_who_waits_was_dialed(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    connect_client.start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        DestinationPhoneNumber="+15555550100",
        ContactFlowId="any",
        QueueId=connect_queue.id,
    )
    connect_mock.advance(60)
    assert connect_mock.contacts[0].state == "QUEUED"
    assert connect_mock.contacts[0].waiting_for is None


def test_a_function_of_on_dial_can_read_it(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, waiting_for: Any
) -> None:
    connect_queue.add_agents(1)
    read: list[str | None] = []

    def choose(contact: Any) -> Any:
        read.append(contact.waiting_for)
        return outcomes.busy()

    connect_mock.on_dial(choose)
    waiting_for(connect_campaign)
    assert connect_mock.contacts[0].dialed_at is not None
    assert read == [None]
