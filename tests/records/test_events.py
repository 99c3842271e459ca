"""Contact events and contact records: their members and their listeners."""

from __future__ import annotations

import copy
import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from factories import PREVIEW, START, AnItem, Put, item_for

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, outcomes
from connect_batchmock.engine.faults import PlanError


@pytest.fixture(autouse=True)
def agent(connect_queue: Queue) -> None:
    """Add one agent."""
    connect_queue.add_agents(1)


def test_an_event_is_what_eventbridge_hands_on(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put: Put,
    an_item: AnItem,
) -> None:
    with time_machine.travel(START, tick=False):
        put(an_item())
        connect_mock.advance(65)
        *_, event = connect_mock.events.where(eventType="DISCONNECTED")
    contact = connect_mock.contacts.one()
    (agent,) = connect_queue.agents

    assert {name: event[name] for name in event if name not in ("id", "detail")} == {
        "version": "0",
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "account": "123456789012",
        "time": "2026-03-01T12:01:05Z",
        "region": "us-east-1",
        "resources": [contact.arn, connect_instance.arn],
    }
    assert event["detail"] == {
        "eventType": "DISCONNECTED",
        "contactId": contact.id,
        "channel": "VOICE",
        "instanceArn": connect_instance.arn,
        "initiationMethod": "API",
        "initiationTimestamp": "2026-03-01T12:00:00.000Z",
        "connectedToSystemTimestamp": "2026-03-01T12:00:05.000Z",
        "disconnectTimestamp": "2026-03-01T12:01:05.000Z",
        "queueInfo": {
            "queueArn": connect_queue.arn,
            "queueType": "STANDARD",
            "enqueueTimestamp": "2026-03-01T12:00:05.000Z",
        },
        "agentInfo": {"agentArn": agent.arn, "connectedToAgentTimestamp": "2026-03-01T12:00:05.000Z"},
        "customerVoiceActivity": {
            "greetingStartTimestamp": "2026-03-01T12:00:05.000Z",
            "greetingEndTimestamp": "2026-03-01T12:00:05.000Z",
        },
        "campaign": {"campaignId": connect_campaign.id},
        "answeringMachineDetectionStatus": "HUMAN_ANSWERED",
        "disconnectReason": "CUSTOMER_DISCONNECT",
        "tags": {"aws:connect:instanceId": connect_instance.id},
    }


def test_initiation_is_the_creation_and_later_the_call(
    connect_mock: ConnectMock, connect_campaign: Campaign, put: Put, an_item: AnItem
) -> None:
    connect_campaign.start()
    connect_campaign.pause()
    with time_machine.travel(START, tick=False):
        put(an_item())
        connect_mock.advance(100)
        connect_campaign.resume()
        connect_mock.advance(65)
        first, *later = [event["detail"]["initiationTimestamp"] for event in connect_mock.events]
    assert first == "2026-03-01T12:00:00.000Z"
    assert set(later) == {"2026-03-01T12:01:40.000Z"}


def test_event_ids_are_unique_and_the_same_in_every_run(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(), an_item())
    connect_mock.advance(200)
    ids = [event["id"] for event in connect_mock.events]
    assert len(set(ids)) == len(ids) == 12
    assert [event["id"] for event in connect_mock.events] == ids


def test_records_are_copies(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item(Attributes={"lead": "7"}))
    connect_mock.advance(65)
    connect_mock.events[0]["detail"].clear()
    connect_mock.contact_records[0]["Attributes"]["lead"] = "8"
    connect_mock.contact_records[0]["MediaStreams"][0].clear()
    connect_mock.contact_records[0]["ContactDetails"]["lead"] = "8"
    assert connect_mock.events[0]["detail"]["eventType"] == "INITIATED"
    record = connect_mock.contact_records[0]
    assert record["Attributes"] == {"lead": "7"}
    assert (record["MediaStreams"], record["ContactDetails"]) == ([{"Type": "AUDIO"}], {})


def test_a_contact_record_is_complete(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put: Put,
    an_item: AnItem,
) -> None:
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60, after_contact_work=20))
    system = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}
    with time_machine.travel(START, tick=False):
        put(an_item(Attributes={"lead": "7"}, SystemEndpoint=system))
        assert connect_mock.contact_records == []
        connect_mock.advance(85)
        record = connect_mock.contact_records.one(DisconnectReason="CUSTOMER_DISCONNECT")
    (agent,) = connect_queue.agents
    profile = connect_mock.client().list_routing_profiles(InstanceId=connect_instance.id)[
        "RoutingProfileSummaryList"
    ][1]
    assert record == {
        "AWSAccountId": "123456789012",
        "AWSContactTraceRecordFormatVersion": "2017-03-10",
        "Agent": {
            "ARN": agent.arn,
            "AcceptedByAgentTimestamp": None,
            "AfterContactWorkDuration": 20,
            "AfterContactWorkEndTimestamp": "2026-03-01T12:01:25Z",
            "AfterContactWorkStartTimestamp": "2026-03-01T12:01:05Z",
            "AgentInitiatedHoldDuration": 0,
            "AgentInteractionDuration": 60,
            "AgentPauseDurationInSeconds": 0,
            "Capabilities": None,
            "ConnectedToAgentTimestamp": "2026-03-01T12:00:05Z",
            "CustomerHoldDuration": 0,
            "DeviceInfo": None,
            "HierarchyGroups": None,
            "LongestHoldDuration": 0,
            "NumberOfHolds": 0,
            "PreviewEndTimestamp": None,
            "RoutingProfile": {"ARN": profile["Arn"], "Name": profile["Name"]},
            "StateTransitions": None,
            "Username": agent.username,
        },
        "AgentConnectionAttempts": 1,
        "AnsweringMachineDetectionStatus": "HUMAN_ANSWERED",
        "Attributes": {"lead": "7"},
        "Campaign": {"CampaignId": connect_campaign.id},
        "Channel": "VOICE",
        "ConnectedToSystemTimestamp": "2026-03-01T12:00:05Z",
        "ContactDetails": {},
        "ContactEvaluations": None,
        "ContactId": connect_mock.contacts.one().id,
        "ContactLens": None,
        "Customer": None,
        "CustomerEndpoint": {"Address": "+15555550100", "Type": "TELEPHONE_NUMBER"},
        "CustomerId": None,
        "CustomerVoiceActivity": {
            "GreetingEndTimestamp": "2026-03-01T12:00:05Z",
            "GreetingStartTimestamp": "2026-03-01T12:00:05Z",
        },
        "DisconnectDetails": None,
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "DisconnectTimestamp": "2026-03-01T12:01:05Z",
        "InitialContactId": None,
        "InitiationMethod": "API",
        "InitiationTimestamp": "2026-03-01T12:00:00Z",
        "InstanceARN": connect_instance.arn,
        "LastPausedTimestamp": None,
        "LastResumedTimestamp": None,
        "LastUpdateTimestamp": "2026-03-01T12:01:25Z",
        "MediaStreams": [{"Type": "AUDIO"}],
        "NextContactId": None,
        "OutboundStrategy": None,
        "PreviousContactId": None,
        "QualityMetrics": None,
        "Queue": {
            "ARN": connect_queue.arn,
            "DequeueTimestamp": "2026-03-01T12:00:05Z",
            "Duration": 0,
            "EnqueueTimestamp": "2026-03-01T12:00:05Z",
            "Name": connect_queue.name,
        },
        "Recording": None,
        "Recordings": None,
        "References": [],
        "RelatedContactId": None,
        "ScheduledTimestamp": None,
        "SegmentAttributes": None,
        "SystemEndpoint": {"Address": "+15555550199", "Type": "TELEPHONE_NUMBER"},
        "Tags": {
            "aws:connect:instanceId": connect_instance.id,
            "aws:connect:systemEndpoint": "+15555550199",
        },
        "TotalPauseCount": 0,
        "TotalPauseDurationInSeconds": 0,
        "TransferCompletedTimestamp": None,
        "TransferredToEndpoint": None,
        "VoiceIdResult": None,
    }


def test_completed_has_the_seconds_of_after_contact_work(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.on_dial([outcomes.answered(after_contact_work=20.9), outcomes.answered()])
    put(an_item(), an_item())
    connect_mock.advance(300)

    ended = connect_mock.events.where(eventType="COMPLETED")
    durations = [event["detail"]["agentInfo"].get("afterContactWorkDuration") for event in ended]
    assert durations == [20, None]
    disconnected = connect_mock.events.where(eventType="DISCONNECTED")
    assert all("afterContactWorkDuration" not in event["detail"]["agentInfo"] for event in disconnected)
    assert [record["Agent"]["AfterContactWorkDuration"] for record in connect_mock.contact_records] == [20, 0]


def test_an_agent_who_accepts_a_preview_updates_the_contact(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.on_dial(outcomes.answered(preview=12, ring=3, talk=10))
    with time_machine.travel(START, tick=False):
        put(an_item(OutboundStrategy=PREVIEW))
        connect_mock.advance(60)

    types = [event["detail"]["eventType"] for event in connect_mock.events]
    assert types == [
        "INITIATED",
        "QUEUED",
        "CONTACT_DATA_UPDATED",
        "CONNECTED_TO_SYSTEM",
        "CONNECTED_TO_AGENT",
        "DISCONNECTED",
        "COMPLETED",
    ]
    accepted = connect_mock.events.one(eventType="CONTACT_DATA_UPDATED")["detail"]
    assert accepted["agentInfo"]["acceptedByAgentTimestamp"] == "2026-03-01T12:00:00.000Z"
    assert "updatedProperties" not in accepted
    agent = connect_mock.contact_records.one()["Agent"]
    assert agent["AcceptedByAgentTimestamp"] == "2026-03-01T12:00:00Z"
    assert agent["PreviewEndTimestamp"] == "2026-03-01T12:00:12Z"


def test_an_event_has_the_number_that_the_contact_calls_from(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(SystemEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}))
    endpoint = connect_mock.events.one()["detail"]["systemEndpoint"]
    assert endpoint == {"type": "TELEPHONE_NUMBER", "address": "+15555550199"}


def test_a_missing_record_names_the_contact(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.on_dial(outcomes.busy())
    put(an_item())
    connect_mock.advance(60)
    record = connect_mock.contact_records.one()
    assert (record["Agent"], record["Queue"], record["SystemEndpoint"]) == (None, None, None)
    assert record["AgentConnectionAttempts"] == 0


def test_events_and_records_are_found_by_their_members(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    with pytest.raises(
        TypeError, match=r"A contact record has no criterion 'reason'; did you mean\s+'DisconnectReason'"
    ):
        connect_mock.contact_records.where(reason="EXPIRED")
    with pytest.raises(
        TypeError,
        match=r"An event has no criterion 'type'; did you mean 'eventType'\?\s+The criteria\s+are eventType,",
    ):
        connect_mock.events.where(type="INITIATED")
    put(an_item())
    connect_mock.advance(65)
    with pytest.raises(AssertionError, match="No event with disconnectReason='EXPIRED'") as caught:
        connect_mock.events.one(disconnectReason="EXPIRED")
    assert "disconnectReason  wanted 'EXPIRED'  is 'CUSTOMER_DISCONNECT'" in str(caught.value)
    message = " ".join(str(caught.value).split())
    assert f"DISCONNECTED of {connect_mock.contacts.one().id}, CUSTOMER_DISCONNECT" in message
    with pytest.raises(AssertionError, match="No contact record with ContactId='x'") as caught:
        connect_mock.contact_records.one(ContactId="x")
    assert "+15555550100" in str(caught.value)


# Listeners


def test_a_listener_gets_each_event_at_its_time(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    received = []

    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        received.append((event["detail"]["eventType"], connect_mock.now(), len(connect_mock.contact_records)))

    with time_machine.travel(START, tick=False):
        put(an_item())
        assert received == [("INITIATED", START, 0)]
        connect_mock.advance(3600)

    answered, ended = START + timedelta(seconds=5), START + timedelta(seconds=65)
    assert received[1:] == [
        ("CONNECTED_TO_SYSTEM", answered, 0),
        ("QUEUED", answered, 0),
        ("CONNECTED_TO_AGENT", answered, 0),
        ("DISCONNECTED", ended, 1),
        ("COMPLETED", ended, 1),
    ]


def test_a_lambda_handler_is_handed_the_event_as_it_stands(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    records: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []

    def handler(event: dict[str, Any], context: Any) -> str:
        assert context is None
        events.append(event)
        return "ignored"

    def with_a_default(record: dict[str, Any], verbose: bool = True) -> None:
        assert verbose
        records.append(record)

    connect_mock.on_event(handler)
    connect_mock.on_contact_record(with_a_default)
    put(an_item())
    connect_mock.advance(65)
    assert events == connect_mock.events
    assert records == connect_mock.contact_records


def test_a_listener_can_take_records_only(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    records: list[dict[str, Any]] = []
    connect_mock.on_contact_record(records.append)
    put(an_item())
    connect_mock.advance(65)
    assert len(records) == 1


def test_a_listener_gets_only_later_events(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item())
    received: list[dict[str, Any]] = []
    connect_mock.on_event(received.append)
    connect_mock.advance(5)
    assert [event["detail"]["eventType"] for event in received] == [
        "CONNECTED_TO_SYSTEM",
        "QUEUED",
        "CONNECTED_TO_AGENT",
    ]


def test_a_listener_s_call_has_the_time_of_the_event(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    retried = []

    @connect_mock.on_event
    def retry(event: dict[str, Any]) -> None:
        if event["detail"].get("disconnectReason") == "TELECOM_BUSY" and not retried:
            retried.append(event["detail"]["contactId"])
            put(an_item(RequestIdentifier="again"))

    connect_mock.on_dial([outcomes.busy(ring=2)])
    with time_machine.travel(START, tick=False):
        put(an_item())
        connect_mock.advance(3600)
    again = connect_mock.contacts.one(request_identifier="again")
    assert again.created_at == START + timedelta(seconds=2)
    assert again.disconnected_at == START + timedelta(seconds=67)
    assert connect_mock.calls[-1].at == START + timedelta(seconds=2)


def test_a_handler_may_wait_for_a_thread_that_calls_the_service(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        if event["detail"]["eventType"] == "QUEUED" and len(connect_mock.contacts) == 1:
            thread = threading.Thread(target=put, args=(an_item(),))
            thread.start()
            thread.join(timeout=10)
            assert not thread.is_alive()

    put(an_item())
    connect_mock.advance(200)
    assert [contact.state for contact in connect_mock.contacts] == ["COMPLETED"] * 2


@pytest.mark.connect_mock(strict=False)
def test_a_listener_that_raises_stops_nothing(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        if event["detail"]["eventType"] == "QUEUED":
            raise ValueError("out of order")

    put(an_item())
    with pytest.raises(PlanError, match=r"given to connect_mock\.on_event raised ValueError: out of order"):
        connect_mock.advance(65)
    connect_mock.advance(0)
    assert connect_mock.contacts.one().state == "COMPLETED"
    with pytest.raises(AssertionError, match="out of order"):
        connect_mock.assert_no_pending_faults()


async def a_coroutine(event: dict[str, Any]) -> None: ...


@pytest.mark.parametrize("method", ["on_event", "on_contact_record"])
@pytest.mark.parametrize("given", [a_coroutine, None, "handler"])
def test_a_hearer_is_a_plain_function(connect_mock: ConnectMock, method: str, given: Any) -> None:
    with pytest.raises(TypeError, match=f"connect_mock.{method} takes a plain function, such as a Lambda"):
        getattr(connect_mock, method)(given)


def test_reset_forgets_listeners(connect_mock: ConnectMock, put: Put) -> None:
    received: list[dict[str, Any]] = []
    connect_mock.on_event(received.append)
    connect_mock.reset()
    instance = connect_mock.add_instance()
    campaign = instance.add_campaign(queue=instance.add_queue())
    connect_mock.client().batch_put_contact(
        InstanceId=instance.id,
        ContactDataRequestList=[item_for(instance.queues[0], campaign)],
    )
    assert len(connect_mock.events) == 1
    assert received == []


@pytest.mark.parametrize("waits_for_its_turn", [True, False])
def test_a_contact_stopped_by_a_listener_is_not_dialed(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    put: Put,
    an_item: AnItem,
    waits_for_its_turn: bool,
) -> None:
    @connect_mock.on_event
    def stop(event: dict[str, Any]) -> None:
        if event["detail"]["eventType"] == "INITIATED":
            connect_client.stop_contact(
                InstanceId=connect_instance.id, ContactId=event["detail"]["contactId"]
            )

    if waits_for_its_turn:
        put(an_item())
    else:
        connect_client.start_outbound_voice_contact(
            InstanceId=connect_instance.id,
            QueueId=connect_queue.id,
            ContactFlowId="any",
            DestinationPhoneNumber="+15555550100",
        )
    connect_mock.advance(100)
    contact = connect_mock.contacts.one()
    assert (contact.disconnect_reason, contact.dialed_at) == ("OTHER", None)
    assert [event["detail"]["eventType"] for event in connect_mock.events] == [
        "INITIATED",
        "DISCONNECTED",
        "COMPLETED",
    ]


def test_a_thread_of_a_handler_sees_the_time_of_the_event(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    seen: list[datetime] = []

    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        thread = threading.Thread(target=lambda: seen.append(connect_mock.now()))
        thread.start()
        thread.join(timeout=10)

    with time_machine.travel(START, tick=False):
        put(an_item())
        connect_mock.advance(3600)
    answered, ended = START + timedelta(seconds=5), START + timedelta(seconds=65)
    assert seen == [START, answered, answered, answered, ended, ended]


def test_a_listener_can_advance_the_clock(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    received: list[str] = []

    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        received.append(event["detail"]["eventType"])
        if received[-1] == "CONNECTED_TO_AGENT":
            connect_mock.advance(100)

    put(an_item())
    connect_mock.advance(10)
    assert received[-2:] == ["DISCONNECTED", "COMPLETED"]


def test_reset_in_a_listener_ends_the_action(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    received: list[str] = []

    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        received.append(event["detail"]["eventType"])
        if received[-1] == "CONNECTED_TO_SYSTEM":
            connect_mock.reset()

    put(an_item())
    connect_mock.advance(100)
    assert received == ["INITIATED", "CONNECTED_TO_SYSTEM"]
    assert connect_mock.contacts == connect_mock.events == []


@pytest.mark.connect_mock(strict=False)
def test_a_hearer_that_raises_takes_nothing_from_the_others(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    received: list[str] = []
    records: list[Any] = []

    @connect_mock.on_event
    def broken(event: dict[str, Any]) -> None:
        raise KeyError(event["detail"]["eventType"])

    connect_mock.on_event(lambda event: received.append(event["detail"]["eventType"]))
    connect_mock.on_contact_record(records.append)
    with pytest.raises(PlanError, match="KeyError: 'INITIATED'"):
        put(an_item())
    with pytest.raises(PlanError, match="KeyError: 'CONNECTED_TO_SYSTEM'"):
        connect_mock.advance(65)
    assert len(received) == 6
    assert len(records) == 1


def test_a_listener_without_a_signature_is_accepted(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    received: deque[Any] = deque()
    connect_mock.on_event(received.append)
    put(an_item())
    assert len(received) == 1


def test_what_was_read_stays_as_it_was(
    connect_mock: ConnectMock, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    connect_mock.advance(5)
    connected = connect_mock.contacts
    before = [copy.deepcopy(connected[0]), connect_mock.events[0]]
    connect_mock.advance(100)
    connect_instance.add_phone_number("+15555550111")
    assert [connected[0], connect_mock.events[0]] == before
