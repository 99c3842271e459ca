"""Dialing: which contact is dialed when, for which agent, and how the phone call ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from factories import item_for

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Outcome, Queue, outcomes

PutFor = Callable[..., list[str]]
CallsNow = Callable[..., list[Contact]]


def states(mock: ConnectMock) -> Counter[str]:
    return Counter(contact.state for contact in mock.contacts)


def story(mock: ConnectMock, contact_id: str) -> list[str]:
    """The events of a contact, in order."""
    return [event["detail"]["eventType"] for event in mock.events.where(contactId=contact_id)]


# One phone call


def test_a_phone_call_runs_from_dialing_to_contact_work(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    start: datetime,
) -> None:
    (agent,) = connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(ring=7, talk=80, after_contact_work=30))
    (contact_id,) = put_for(connect_campaign)

    def contact() -> Contact:
        return connect_mock.contacts.one(id=contact_id)

    assert (contact().state, contact().dialed_at, contact().ring_started_at) == ("INITIATED", start, start)
    assert connect_queue.agents[0].activity == "ON_CALL"

    connect_mock.advance(7)
    answered = start + timedelta(seconds=7)
    assert contact().state == "CONNECTED_TO_AGENT"
    assert contact().connected_to_system_at == contact().enqueued_at == answered
    assert contact().connected_to_agent_at == answered
    assert contact().answering_machine_detection_status == "HUMAN_ANSWERED"
    assert contact().agent is not None
    assert contact().agent.id == agent.id

    connect_mock.advance(80)
    assert (contact().state, contact().disconnect_reason) == ("DISCONNECTED", "CUSTOMER_DISCONNECT")
    assert contact().disconnected_at == start + timedelta(seconds=87)
    assert connect_queue.agents[0].activity == "AFTER_CONTACT_WORK"

    connect_mock.advance(30)
    assert contact().state == "COMPLETED"
    assert connect_queue.agents[0].activity == "AVAILABLE"
    assert story(connect_mock, contact_id) == [
        "INITIATED",
        "CONNECTED_TO_SYSTEM",
        "QUEUED",
        "CONNECTED_TO_AGENT",
        "DISCONNECTED",
        "COMPLETED",
    ]


NEVER_ANSWERED = [
    pytest.param(outcomes.no_answer(), "TELECOM_UNANSWERED", 30, id="no answer"),
    pytest.param(outcomes.busy(), "TELECOM_BUSY", 1, id="busy"),
    pytest.param(outcomes.invalid_number(), "TELECOM_NUMBER_INVALID", 0, id="invalid number"),
]


@pytest.mark.parametrize(("outcome", "reason", "seconds"), NEVER_ANSWERED)
@pytest.mark.parametrize("answer_machine_detection", [True, False])
def test_an_unanswered_call_ends_and_frees_its_agent(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: PutFor,
    start: datetime,
    outcome: Outcome,
    reason: str,
    seconds: int,
    answer_machine_detection: bool,
) -> None:
    connect_queue.add_agents(1)
    campaign = connect_instance.add_campaign(
        queue=connect_queue, answer_machine_detection=answer_machine_detection
    )
    connect_mock.on_dial(outcome)
    (contact_id,) = put_for(campaign)

    connect_mock.advance(60)

    contact = connect_mock.contacts.one()
    assert contact.disconnect_reason == reason
    assert contact.answering_machine_detection_status is None
    assert contact.disconnected_at == start + timedelta(seconds=seconds)
    assert contact.ring_started_at == (None if outcome.course == "not_ringing" else start)
    assert (contact.connected_to_system_at, contact.enqueued_at, contact.agent) == (None, None, None)
    assert story(connect_mock, contact_id) == ["INITIATED", "DISCONNECTED", "COMPLETED"]
    assert connect_queue.agents[0].activity == "AVAILABLE"


def test_a_detected_machine_gets_the_flow_without_an_agent(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.voicemail(ring=20, talk=30))
    (contact_id,) = put_for(connect_campaign)

    connect_mock.advance(20)
    contact = connect_mock.contacts.one()
    assert (contact.state, contact.answering_machine_detection_status) == (
        "CONNECTED_TO_SYSTEM",
        "VOICEMAIL_BEEP",
    )
    assert connect_queue.agents[0].activity == "AVAILABLE"

    connect_mock.advance(30)
    assert connect_mock.contacts.one().disconnect_reason == "CONTACT_FLOW_DISCONNECT"
    assert story(connect_mock, contact_id) == [
        "INITIATED",
        "CONNECTED_TO_SYSTEM",
        "DISCONNECTED",
        "COMPLETED",
    ]


def test_an_undetected_machine_is_connected_to_an_agent(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.voicemail())
    put_for(connect_instance.add_campaign(queue=connect_queue, answer_machine_detection=False))

    connect_mock.advance(60)

    contact = connect_mock.contacts.one()
    assert contact.agent is not None
    assert (contact.disconnect_reason, contact.answering_machine_detection_status) == (
        "AGENT_DISCONNECT",
        None,
    )


def test_the_agent_may_end_the_talk(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(disconnected_by="agent"))
    put_for(connect_campaign)
    connect_mock.advance(65)
    assert connect_mock.contacts.one().disconnect_reason == "AGENT_DISCONNECT"


@pytest.mark.parametrize("outcome", [outcomes.answered(ring=61), outcomes.no_answer(ring=300)])
def test_ringing_stops_after_a_minute(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    start: datetime,
    outcome: Outcome,
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcome)
    put_for(connect_campaign)
    connect_mock.advance(120)
    contact = connect_mock.contacts.one()
    assert contact.disconnect_reason == "TELECOM_UNANSWERED"
    assert contact.disconnected_at == start + timedelta(seconds=60)


# Agents


def test_no_contact_is_dialed_without_agents(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    put_for(connect_campaign, 3)
    connect_mock.advance(3600)
    assert states(connect_mock) == {"INITIATED": 3}
    assert all(contact.dialed_at is None for contact in connect_mock.contacts)

    connect_queue.add_agents(2)
    connect_mock.advance(5)
    assert states(connect_mock) == {"CONNECTED_TO_AGENT": 2, "INITIATED": 1}


def test_progressive_dials_one_call_for_each_free_agent_in_order(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    calls_now: CallsNow,
) -> None:
    connect_queue.add_agents(2)
    ids = put_for(connect_campaign, 5)
    assert [contact.id for contact in calls_now()] == ids[:2]

    connect_mock.advance(65)
    assert [contact.id for contact in calls_now()] == ids[2:4]
    connect_mock.advance(65)
    assert [contact.id for contact in calls_now()] == ids[4:]
    connect_mock.advance(65)
    assert states(connect_mock) == {"COMPLETED": 5}


def test_an_agent_who_works_after_a_contact_is_not_dialed_to(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    calls_now: CallsNow,
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60, after_contact_work=100))
    put_for(connect_campaign, 2)
    connect_mock.advance(164)
    assert calls_now() == []
    connect_mock.advance(1)
    assert len(calls_now()) == 1


@pytest.mark.parametrize(("agents", "calls"), [(1, 2), (2, 3), (10, 15)])
def test_predictive_dials_ahead_of_its_agents(
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: PutFor,
    calls_now: CallsNow,
    agents: int,
    calls: int,
) -> None:
    connect_queue.add_agents(agents)
    put_for(connect_instance.add_campaign(queue=connect_queue, mode="predictive"), 20)
    assert len(calls_now()) == calls


def test_a_waiting_customer_is_connected_before_the_next_dial(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: PutFor,
    start: datetime,
) -> None:
    connect_queue.add_agents(1)
    ids = put_for(connect_instance.add_campaign(queue=connect_queue, mode="predictive"), 3)

    connect_mock.advance(5)
    first, second, third = connect_mock.contacts
    assert (first.state, second.state, third.state) == ("CONNECTED_TO_AGENT", "QUEUED", "INITIATED")
    connect_mock.advance(60)
    second = connect_mock.contacts.one(id=ids[1])
    assert second.enqueued_at == start + timedelta(seconds=5)
    assert second.connected_to_agent_at == start + timedelta(seconds=65)


def test_a_customer_without_patience_hangs_up_in_the_queue(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial([outcomes.answered(), outcomes.answered(patience=10)])
    ids = put_for(connect_instance.add_campaign(queue=connect_queue, mode="predictive"), 2)
    connect_mock.advance(15)
    abandoned = connect_mock.contacts.one(id=ids[1])
    assert abandoned.disconnect_reason == "CUSTOMER_DISCONNECT"
    assert (abandoned.agent, abandoned.connected_to_agent_at) == (None, None)
    assert connect_mock.contact_records.one(ContactId=ids[1])["Queue"]["Duration"] == 10


def test_a_patient_customer_is_connected_to_a_late_agent(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(talk=60, patience=70))
    put_for(connect_instance.add_campaign(queue=connect_queue, mode="predictive"), 2)
    connect_mock.advance(300)
    assert [contact.agent is not None for contact in connect_mock.contacts] == [True, True]


# Without agents


def test_an_agentless_call_is_ended_by_the_flow(
    connect_mock: ConnectMock, connect_instance: Instance, put_for: PutFor, start: datetime
) -> None:
    (contact_id,) = put_for(
        connect_instance.add_campaign(),
        QueueId=None,
        SystemEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"},
    )
    connect_mock.advance(65)
    contact = connect_mock.contacts.one()
    assert contact.disconnect_reason == "CONTACT_FLOW_DISCONNECT"
    assert contact.disconnected_at == start + timedelta(seconds=65)
    assert story(connect_mock, contact_id) == [
        "INITIATED",
        "CONNECTED_TO_SYSTEM",
        "DISCONNECTED",
        "COMPLETED",
    ]


@pytest.mark.connect_mock(concurrent_calls=3)
def test_an_instance_limits_concurrent_calls(
    connect_mock: ConnectMock, connect_instance: Instance, put_for: PutFor, calls_now: CallsNow
) -> None:
    campaigns = [connect_instance.add_campaign(), connect_instance.add_campaign()]
    for campaign in campaigns:
        put_for(campaign, 4)
    assert len(calls_now()) == 3
    connect_mock.advance(65 * 3)
    assert states(connect_mock) == {"COMPLETED": 8}


# Preview

PREVIEW = {
    "Type": "AGENT_FIRST",
    "Config": {
        "AgentFirst": {
            "Preview": {
                "PostAcceptTimeoutConfig": {"DurationInSeconds": 20},
                "AllowedUserActions": ["CALL", "DISCARD"],
            }
        }
    },
}
CALL_ONLY = {
    "Type": "AGENT_FIRST",
    "Config": {
        "AgentFirst": {
            "Preview": {
                "PostAcceptTimeoutConfig": {"DurationInSeconds": 20},
                "AllowedUserActions": ["CALL"],
            }
        }
    },
}


def test_in_preview_the_agent_sees_the_contact_first(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    start: datetime,
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(preview=8, ring=5, talk=60))
    (contact_id,) = put_for(connect_campaign, OutboundStrategy=PREVIEW)

    contact = connect_mock.contacts.one()
    assert (contact.state, contact.dialed_at, contact.enqueued_at) == ("QUEUED", None, start)
    assert connect_queue.agents[0].activity == "ON_CALL"
    connect_mock.advance(8)
    assert connect_mock.contacts.one().dialed_at == start + timedelta(seconds=8)
    connect_mock.advance(65)
    contact = connect_mock.contacts.one()
    assert (contact.disconnect_reason, contact.answering_machine_detection_status) == (
        "CUSTOMER_DISCONNECT",
        None,
    )
    info = connect_mock.events[-1]["detail"]["agentInfo"]
    assert info["acceptedByAgentTimestamp"] == "2026-03-01T12:00:00.000Z"
    assert info["previewEndTimestamp"] == "2026-03-01T12:00:08.000Z"
    assert info["connectedToAgentTimestamp"] == "2026-03-01T12:00:13.000Z"
    assert story(connect_mock, contact_id) == [
        "INITIATED",
        "QUEUED",
        "CONTACT_DATA_UPDATED",
        "CONNECTED_TO_SYSTEM",
        "CONNECTED_TO_AGENT",
        "DISCONNECTED",
        "COMPLETED",
    ]


def test_a_preview_ends_after_its_timeout(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    start: datetime,
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(preview=500))
    put_for(connect_campaign, OutboundStrategy=CALL_ONLY)
    connect_mock.advance(20)
    assert connect_mock.contacts.one().dialed_at == start + timedelta(seconds=20)


def test_an_agent_may_discard_a_contact(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial([outcomes.preview_discarded(preview=3)])
    discarded, called = put_for(connect_instance.add_campaign(queue=connect_queue, mode="preview"), 2)

    connect_mock.advance(3)

    contact = connect_mock.contacts.one(id=discarded)
    assert (contact.disconnect_reason, contact.dialed_at) == ("OUTBUND_PREVIEW_DISCARDED", None)
    assert story(connect_mock, discarded) == [
        "INITIATED",
        "QUEUED",
        "CONTACT_DATA_UPDATED",
        "DISCONNECTED",
        "COMPLETED",
    ]
    assert connect_mock.contacts.one(id=called).state == "QUEUED"


# Campaigns


def test_campaigns_share_agents_by_bandwidth_allocation(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put_for: PutFor
) -> None:
    large = connect_instance.add_campaign("large", queue=connect_queue, bandwidth_allocation=0.75)
    small = connect_instance.add_campaign("small", queue=connect_queue, bandwidth_allocation=0.25)
    nothing = connect_instance.add_campaign("nothing", queue=connect_queue, bandwidth_allocation=0)
    for campaign in (nothing, small, large):
        put_for(campaign, 50)
    connect_queue.add_agents(1)

    connect_mock.advance(65 * 40 - 1)

    dialed = Counter(
        contact.campaign.name for contact in connect_mock.contacts if contact.dialed_at and contact.campaign
    )
    assert dialed == {"large": 30, "small": 10}


def test_a_campaign_that_was_away_gets_no_turns_for_that(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put_for: PutFor
) -> None:
    first = connect_instance.add_campaign("first", queue=connect_queue)
    second = connect_instance.add_campaign("second", queue=connect_queue)
    connect_queue.add_agents(1)
    put_for(first, 30)
    connect_mock.advance(65 * 10)
    put_for(second, 30)
    connect_mock.advance(65 * 10)
    dialed = Counter(
        contact.campaign.name for contact in connect_mock.contacts if contact.dialed_at and contact.campaign
    )
    assert dialed["second"] in (5, 6)


def test_the_contacts_of_a_paused_campaign_wait_and_calls_go_on(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    put_for(connect_campaign, 2)
    connect_campaign.pause()
    connect_mock.advance(600)
    assert states(connect_mock) == {"COMPLETED": 1, "INITIATED": 1}
    connect_campaign.resume()
    connect_mock.advance(65)
    assert states(connect_mock) == {"COMPLETED": 2}


@pytest.mark.parametrize("end", [Campaign.stop, Campaign.fail, Campaign.delete])
def test_an_ended_campaign_does_not_dial(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    end: Callable[[Campaign], None],
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    called, *waiting = put_for(connect_campaign, 3)
    end(connect_campaign)
    connect_mock.advance(600)
    assert connect_mock.contacts.one(id=called).disconnect_reason == "CUSTOMER_DISCONNECT"
    for contact_id in waiting:
        contact = connect_mock.contacts.one(id=contact_id)
        assert (contact.disconnect_reason, contact.dialed_at) == ("OTHER", None)


@pytest.mark.parametrize("verb", ["pause", "resume", "stop"])
def test_a_campaign_cannot_do_what_its_state_does_not_allow(connect_campaign: Campaign, verb: str) -> None:
    with pytest.raises(ValueError, match=f"A campaign that is Initialized cannot {verb}"):
        getattr(connect_campaign, verb)()
    assert connect_campaign.state == "Initialized"


def test_a_deleted_queue_still_connects_its_contacts(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    put_for(connect_campaign, 2)
    connect_queue.delete()
    connect_mock.advance(130)
    assert states(connect_mock) == {"COMPLETED": 2}


# Time


def test_the_clock_of_the_test_drives_the_calls(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    with time_machine.travel(datetime(2030, 1, 1), tick=False) as traveler:
        put_for(connect_campaign)
        assert states(connect_mock) == {"INITIATED": 1}
        traveler.shift(timedelta(seconds=5))
        assert states(connect_mock) == {"CONNECTED_TO_AGENT": 1}
        traveler.shift(timedelta(seconds=60))
        assert states(connect_mock) == {"COMPLETED": 1}


def test_dialing_continues_when_the_clock_is_turned_back(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    with time_machine.travel(datetime(2020, 1, 1), tick=False):
        put_for(connect_campaign)
        connect_mock.advance(65)
        assert states(connect_mock) == {"COMPLETED": 1}


@pytest.mark.parametrize("change", ["add_agents", "stop", "delete"])
def test_due_actions_run_before_a_change(
    connect_mock: ConnectMock,
    connectcampaigns_client: Any,
    connect_queue: Queue,
    connect_campaign: Campaign,
    change: str,
) -> None:
    connect_campaign.start()
    with time_machine.travel(datetime(2030, 1, 1), tick=False) as traveler:
        connectcampaigns_client.put_dial_request_batch(
            id=connect_campaign.id,
            dialRequests=[
                {
                    "clientToken": "token",
                    "phoneNumber": "+15555550100",
                    "expirationTime": connect_mock.now() + timedelta(seconds=60),
                    "attributes": {},
                }
            ],
        )
        traveler.shift(3600)
        if change == "add_agents":
            connect_queue.add_agents(1)
        else:
            getattr(connect_campaign, change)()
        contact = connect_mock.contacts.one()
    assert (contact.disconnect_reason, contact.dialed_at) == ("EXPIRED", None)
    assert contact.disconnected_at == contact.expires_at


def test_a_policy_and_a_listener_start_when_they_are_set(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_queue.add_agents(1)
    received: list[Any] = []
    with time_machine.travel(datetime(2030, 1, 1), tick=False) as traveler:
        put_for(connect_campaign, 3)
        traveler.shift(100)
        connect_mock.on_dial(outcomes.busy())
        traveler.shift(65)
        connect_mock.on_event(received.append)
        reasons = [contact.disconnect_reason for contact in connect_mock.contacts]
    assert reasons == ["CUSTOMER_DISCONNECT", "CUSTOMER_DISCONNECT", "TELECOM_BUSY"]
    assert received == []


def test_changes_at_one_time_are_one_transaction(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    put_for(connect_campaign)
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.busy())
    connect_mock.advance(60)
    assert connect_mock.contacts.one().disconnect_reason == "TELECOM_BUSY"


@pytest.mark.connect_mock(concurrent_calls=2)
def test_queues_take_turns_for_the_calls_of_an_instance(
    connect_mock: ConnectMock, connect_instance: Instance, put_for: PutFor, calls_now: CallsNow
) -> None:
    queues = [connect_instance.add_queue(), connect_instance.add_queue()]
    for queue in queues:
        queue.add_agents(5)
        put_for(connect_instance.add_campaign(queue=queue), 5, QueueId=queue.id)
    connect_mock.advance(65 * 3)
    dialed = Counter(
        contact.queue.name for contact in connect_mock.contacts if contact.dialed_at and contact.queue
    )
    assert max(dialed.values()) - min(dialed.values()) <= 2


def test_one_long_step_and_many_short_ones_come_to_the_same() -> None:
    def run(steps: list[float]) -> Any:
        mock = ConnectMock()
        instance = mock.add_instance()
        queue = instance.add_queue()
        queue.add_agents(3)
        campaign = instance.add_campaign(queue=queue, mode="predictive")
        mock.on_dial(
            [outcomes.answered(talk=33), outcomes.busy(), outcomes.no_answer(), outcomes.voicemail()] * 4
        )
        items = [item_for(queue, campaign, f"+1555555{number:04}") for number in range(20)]
        mock.client().batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)
        for step in steps:
            mock.advance(step)
        return mock.events, mock.contact_records

    with time_machine.travel(datetime(2030, 1, 1), tick=False):
        assert run([600]) == run([1] * 600)


def test_contacts_are_current_wherever_they_are_read(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
) -> None:
    connect_queue.add_agents(1)
    with time_machine.travel(datetime(2030, 1, 1), tick=False) as traveler:
        put_for(connect_campaign)
        for holder in (connect_instance, connect_queue, connect_campaign):
            traveler.shift(timedelta(seconds=25))
            assert holder.contacts == connect_mock.contacts
        assert connect_mock.contacts.one().state == "COMPLETED"
