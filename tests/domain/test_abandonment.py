"""A predictive campaign with an abandonment rate: when it dials progressively, and when it dials ahead again.

Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_AbandonmentRatePacingConfig.html.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Outcome, Queue, outcomes

PutFor = Callable[..., list[str]]
CallsNow = Callable[..., list[Contact]]
AddCampaign = Callable[..., Campaign]
START_POINTS = ["CONNECTED_TO_SYSTEM", "GREETING_START", "GREETING_END"]
AGENTS = 4

pytestmark = pytest.mark.usefixtures("start")


@pytest.fixture(autouse=True)
def _staffed(connect_queue: Queue) -> None:
    connect_queue.add_agents(AGENTS)


def telephony_of(queue: Queue, **pacing: Any) -> dict[str, Any]:
    """The telephony of a predictive campaign; a keyword replaces a member of its abandonment rate."""
    rate = {
        "targetRate": 0.03,
        "connectionStartPoint": "CONNECTED_TO_SYSTEM",
        "connectionThresholdSeconds": 2,
        "evaluationWindow": "PT1H",
        **pacing,
    }
    predictive = {"bandwidthAllocation": 1.0, "pacingStrategies": [{"abandonmentRate": rate}]}
    return {
        "connectQueueId": queue.id,
        "outboundMode": {"predictive": predictive},
        "defaultOutboundConfig": {"connectContactFlowId": "flow"},
    }


@pytest.fixture
def add_campaign(
    connectcampaignsv2_client: Any, connect_instance: Instance, connect_queue: Queue
) -> AddCampaign:
    """Create and start a predictive campaign; a keyword replaces a member of its abandonment rate."""

    def add(**pacing: Any) -> Campaign:
        created = connectcampaignsv2_client.create_campaign(
            name="Spring",
            connectInstanceId=connect_instance.id,
            channelSubtypeConfig={"telephony": telephony_of(connect_queue, **pacing)},
        )
        connectcampaignsv2_client.start_campaign(id=created["id"])
        return connect_instance.campaigns[-1]

    return add


def abandoned(mock: ConnectMock) -> int:
    """The number of customers who answered and hung up before an agent was free."""
    return sum(
        contact.enqueued_at is not None
        and contact.disconnected_at is not None
        and contact.connected_to_agent_at is None
        for contact in mock.contacts
    )


IMPATIENT = outcomes.answered(ring=5, talk=100, patience=2)


@pytest.mark.parametrize("start_point", START_POINTS)
@pytest.mark.parametrize("threshold", [1, 2, 60])
def test_few_customers_are_abandoned_with_a_target(
    connect_mock: ConnectMock,
    add_campaign: AddCampaign,
    put_for: PutFor,
    start_point: str,
    threshold: int,
) -> None:
    connect_mock.on_dial(IMPATIENT)
    campaign = add_campaign(connectionStartPoint=start_point, connectionThresholdSeconds=threshold)
    put_for(campaign, 25)

    connect_mock.advance(700)

    # Six are dialed for four agents, and from then on one for each agent.
    assert abandoned(connect_mock) == 2
    assert {contact.state for contact in connect_mock.contacts} == {"COMPLETED"}


def test_most_customers_are_abandoned_without_a_target(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put_for: PutFor
) -> None:
    # The predictive campaigns of version 1 have no target.
    connect_mock.on_dial(IMPATIENT)
    put_for(connect_instance.add_campaign(queue=connect_queue, mode="predictive"), 25)

    connect_mock.advance(700)

    assert abandoned(connect_mock) == 21


def test_a_campaign_dials_ahead_again_below_its_target(
    connect_mock: ConnectMock, add_campaign: AddCampaign, put_for: PutFor, calls_now: CallsNow
) -> None:
    # Two of six customers are abandoned; with the next four it is 2 of 10, and then 2 of 11.
    connect_mock.on_dial([IMPATIENT] * 6 + [outcomes.answered(ring=5, talk=100)] * 14)
    put_for(add_campaign(targetRate=0.2), 20)
    for seconds in (7, 103, 104):
        connect_mock.advance(seconds)
        assert len(calls_now()) == AGENTS

    connect_mock.advance(1)

    assert len(calls_now()) == AGENTS * 1.5


@pytest.mark.parametrize(("window", "hours"), [("PT1H", 1), ("PT24H", 24)])
def test_a_phone_call_counts_for_the_time_of_the_window(
    connect_mock: ConnectMock,
    add_campaign: AddCampaign,
    put_for: PutFor,
    calls_now: CallsNow,
    window: str,
    hours: int,
) -> None:
    connect_mock.on_dial([IMPATIENT] * 6 + [outcomes.answered(ring=5, talk=86400 * 2)] * 14)
    put_for(add_campaign(evaluationWindow=window), 20)
    connect_mock.advance(7)
    connect_mock.advance(hours * 3600 - 1)
    assert len(calls_now()) == AGENTS

    connect_mock.advance(1)

    assert len(calls_now()) == AGENTS * 1.5


def test_a_customer_who_waits_too_long_is_abandoned(
    connect_mock: ConnectMock, add_campaign: AddCampaign, put_for: PutFor, calls_now: CallsNow
) -> None:
    # Of two customers who wait, an agent takes the first within the threshold, and the second after it.
    talks = [20, 60, 600, 600, 600, 600]
    connect_mock.on_dial(
        [outcomes.answered(ring=5, talk=talk) for talk in talks] + [outcomes.answered(ring=600)] * 9
    )
    put_for(add_campaign(connectionThresholdSeconds=30, targetRate=0.1), 15)
    connect_mock.advance(34)
    assert connect_mock.contacts[4].connected_to_agent_at is not None
    assert len(calls_now()) == AGENTS * 1.5

    connect_mock.advance(1)
    assert connect_mock.contacts[5].state == "QUEUED"
    connect_mock.advance(30)

    assert connect_mock.contacts[5].connected_to_agent_at is not None
    # One of six is abandoned, and no other customer is called for the agent.
    assert len(calls_now()) == AGENTS * 1.5 - 1


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_the_target_counts_from_the_first_answered_call(
    connect_mock: ConnectMock,
    add_campaign: AddCampaign,
    put_for: PutFor,
    calls_now: CallsNow,
    target: float,
) -> None:
    connect_mock.on_dial([outcomes.busy()] * 6 + [outcomes.answered(ring=5, talk=10, patience=None)] * 30)
    put_for(add_campaign(targetRate=target), 40)
    assert len(calls_now()) == AGENTS * 1.5
    connect_mock.advance(1)
    # A busy line is no measurement.
    assert len(calls_now()) == AGENTS * 1.5

    connect_mock.advance(16)

    assert len(calls_now()) == (AGENTS if target == 0 else AGENTS * 1.5)


def test_a_customer_is_dialed_for_an_agent_who_is_free(
    connect_mock: ConnectMock, add_campaign: AddCampaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(IMPATIENT)
    put_for(add_campaign(), 10)
    connect_mock.advance(105)

    reserved = [contact for contact in connect_mock.contacts if contact.state == "INITIATED"][:AGENTS]
    connect_mock.advance(5)

    for contact in reserved:
        now = connect_mock.contacts.one(id=contact.id)
        assert now.connected_to_agent_at == now.connected_to_system_at


def test_a_phone_call_that_was_dialed_ahead_gets_the_agent(
    connect_mock: ConnectMock, add_campaign: AddCampaign, put_for: PutFor, calls_now: CallsNow
) -> None:
    slow = outcomes.answered(ring=50, talk=100)
    quick = [outcomes.answered(ring=1, talk=talk, patience=2) for talk in (20, 20, 20, 100, 100)]
    connect_mock.on_dial([*quick, slow] + [outcomes.answered(ring=1, talk=100, patience=2)] * 14)
    put_for(add_campaign(), 20)
    connect_mock.advance(3)
    assert abandoned(connect_mock) == 1
    connect_mock.advance(18)

    # Three agents are free, one of them for the phone call that still rings.
    assert len(calls_now()) == AGENTS
    connect_mock.advance(100)
    assert abandoned(connect_mock) == 1


def test_another_target_is_measured_from_then_on(
    connect_mock: ConnectMock,
    connectcampaignsv2_client: Any,
    connect_queue: Queue,
    add_campaign: AddCampaign,
    put_for: PutFor,
    calls_now: CallsNow,
) -> None:
    connect_mock.on_dial(IMPATIENT)
    campaign = add_campaign()
    put_for(campaign, 20)
    connect_mock.advance(10)
    assert len(calls_now()) == AGENTS

    connectcampaignsv2_client.update_campaign_channel_subtype_config(
        id=campaign.id, channelSubtypeConfig={"telephony": telephony_of(connect_queue, targetRate=0.05)}
    )

    assert len(calls_now()) == AGENTS * 1.5


def test_a_snapshot_keeps_the_abandonment_rate(
    connect_mock: ConnectMock, add_campaign: AddCampaign, put_for: PutFor, calls_now: CallsNow
) -> None:
    connect_mock.on_dial(IMPATIENT)
    put_for(add_campaign(), 20)
    early = connect_mock.snapshot()
    connect_mock.advance(10)
    late = connect_mock.snapshot()
    connect_mock.advance(3600)

    connect_mock.restore(late)
    assert (len(calls_now()), abandoned(connect_mock)) == (AGENTS, 2)
    connect_mock.advance(100)
    assert abandoned(connect_mock) == 2
    connect_mock.restore(early)
    assert len(calls_now()) == AGENTS * 1.5


def outcome_of(contact: Contact) -> Outcome:
    number = int(contact.customer_address)
    return outcomes.answered(ring=3 + number % 5, talk=20 + number % 7, patience=number % 4)


def test_the_rate_stays_about_its_target(
    connect_mock: ConnectMock, add_campaign: AddCampaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(outcome_of)
    put_for(add_campaign(targetRate=0.1), 200)

    connect_mock.advance(3500)

    assert {contact.state for contact in connect_mock.contacts} == {"COMPLETED"}
    # At the target, the phone calls that ring already can still be abandoned.
    assert 0.1 <= abandoned(connect_mock) / 200 <= 0.12
