"""The story of a contact: Contact.timeline, and describe_contact, which prints it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from factories import START, UNKNOWN, AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, mock_connect, outcomes
from connect_batchmock.engine.journal import Journal

Told = Callable[..., list[str]]

pytestmark = pytest.mark.usefixtures("frozen_time")


@pytest.fixture
def story(connect_mock: ConnectMock) -> Told:
    """Return what happened to a contact, by its number, each with the seconds since the start."""

    def story(number: int = 1) -> list[str]:
        timeline = connect_mock.contacts[number - 1].timeline()
        return [f"{(entry.at - START).total_seconds():g} {entry.what}" for entry in timeline]

    return story


def test_a_story_goes_from_the_call_to_the_end(
    connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem, story: Told
) -> None:
    put(an_item())
    connect_mock.advance(60)
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(after_contact_work=20))
    connect_mock.advance(100)
    assert story() == [
        "0 call 1, BatchPutContact: created it",
        "0 INITIATED",
        "60 dialed",
        "60 ringing",
        "65 CONNECTED_TO_SYSTEM: HUMAN_ANSWERED",
        "65 QUEUED: in 'Queue 1'",
        "65 CONNECTED_TO_AGENT: agent-1",
        "125 DISCONNECTED: CUSTOMER_DISCONNECT",
        "125 after-contact work of agent-1 began",
        "145 after-contact work of agent-1 ended",
        "145 COMPLETED",
    ]


def test_a_contact_that_waits_says_what_for(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, story: Told
) -> None:
    put(an_item())
    connect_mock.advance(60)
    assert story()[2:] == [
        "60 It waits for an agent of queue 'Queue 1', which has no agents: "
        "add_agents(count) of the queue adds some."
    ]


def test_a_story_has_the_attempts_and_their_faults(
    connect_mock: ConnectMock, connect_client: Any, put: Put, an_item: AnItem, story: Told
) -> None:
    connect_mock.refuse_connection("BatchPutContact")
    connect_mock.lose_response("BatchPutContact")
    put(an_item())
    assert story()[:-1] == [
        "0 call 1, BatchPutContact: EndpointConnectionError: "
        "The connection was refused: the request did not arrive.",
        "0 fault of call 1: connect_mock.refuse_connection('BatchPutContact', times=1)",
        "0 call 2, BatchPutContact: created it; the response was lost (ReadTimeoutError)",
        "0 fault of call 2: connect_mock.lose_response('BatchPutContact', times=1)",
        "0 INITIATED",
        "0 call 3, BatchPutContact: repeated the response",
    ]


def test_a_story_says_that_no_retry_got_the_response(
    connect_mock: ConnectMock, connect_instance: Instance, an_item: AnItem, story: Told
) -> None:
    client: Any = boto3.client("connect", config=Config(retries={"total_max_attempts": 1}))
    batch = {"InstanceId": connect_instance.id, "ContactDataRequestList": [an_item()]}
    connect_mock.fail("BatchPutContact", "LimitExceededException")
    connect_mock.lose_response("BatchPutContact")
    for _ in range(2):
        with pytest.raises(Exception, match=r"limit|timeout"):
            client.batch_put_contact(ClientToken="same", **batch)
    client.batch_put_contact(ClientToken="other", **batch)
    names = {"InstanceId": connect_instance.id, "ContactId": connect_mock.contacts[0].id}
    connect_mock.fail("StopContact", "ThrottlingException")
    connect_mock.lose_response("StopContact")
    for _ in range(2):
        with pytest.raises(Exception, match=r"limit|timeout"):
            client.stop_contact(**names)
    assert [line for line in story() if "call" in line and "fault" not in line] == [
        "0 call 1, BatchPutContact: LimitExceededException: "
        "The allowed limit for the resource has been exceeded.",
        "0 call 2, BatchPutContact: created it; "
        "the response was lost (ReadTimeoutError), and no retry got it",
        "0 call 4, StopContact: ThrottlingException: The throttling limit has been exceeded.",
        "0 call 5, StopContact: the response was lost (ReadTimeoutError)",
    ]


def test_a_story_has_the_calls_that_change_a_contact(
    connect_mock: ConnectMock, connect_client: Any, put: Put, an_item: AnItem, story: Told
) -> None:
    put(an_item(), an_item())
    names = {
        "InstanceId": connect_mock.instances[0].id,
        "ContactId": connect_mock.contacts[0].id,
    }
    connect_client.describe_contact(**names)
    connect_client.update_contact(**names, Name="Ann")
    connect_client.update_contact_attributes(
        InstanceId=names["InstanceId"], InitialContactId=names["ContactId"], Attributes={"lead": "8"}
    )
    connect_mock.advance(5)
    connect_client.stop_contact(**names)
    connect_mock.advance(5)
    with pytest.raises(connect_client.exceptions.ContactNotFoundException):
        connect_client.stop_contact(**names)
    assert story()[2:] == [
        "0 call 3, UpdateContact",
        "0 call 4, UpdateContactAttributes",
        "0 CONTACT_DATA_UPDATED: UserDefinedAttributes",
        "5 call 5, StopContact",
        "5 DISCONNECTED: OTHER",
        "5 COMPLETED",
        "10 call 6, StopContact: ContactNotFoundException: "
        f"The contact '{names['ContactId']}' has already ended.",
    ]


def test_a_story_begins_with_the_accepted_request(
    connect_mock: ConnectMock,
    connect_campaign: Campaign,
    connectcampaigns_client: Any,
    story: Told,
) -> None:
    request = {
        "clientToken": "lead-7",
        "phoneNumber": "+15555550100",
        "expirationTime": START + timedelta(minutes=5),
        "attributes": {},
    }
    connect_campaign.start()
    for _ in range(2):
        connectcampaigns_client.put_dial_request_batch(id=connect_campaign.id, dialRequests=[request])
    connect_mock.advance(1)
    assert story()[:-1] == [
        "0 call 2, PutDialRequestBatch: accepted its request",
        "0 call 1, BatchPutContact by the campaign service: created it",
        "0 INITIATED",
        "0 call 3, PutDialRequestBatch: repeated the response",
    ]


def test_a_story_has_the_preview(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put: Put,
    an_item: AnItem,
    story: Told,
) -> None:
    campaign = connect_instance.add_campaign(queue=connect_queue, mode="preview")
    campaign.start()
    connect_queue.add_agents(1)
    put(an_item(Campaign={"CampaignId": campaign.id}))
    connect_mock.advance(120)
    assert story()[2:8] == [
        "0 QUEUED: in 'Queue 1'",
        "0 previewed by agent-1",
        "0 CONTACT_DATA_UPDATED",
        "5 the preview ended",
        "5 dialed",
        "5 ringing",
    ]


def test_a_timeline_entry_is_a_line(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item())
    first, *_ = connect_mock.contacts[0].timeline()
    assert str(first) == "2026-03-01 12:00:00 UTC  call 1, BatchPutContact: created it"


def test_a_description_has_the_contact_and_its_story(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(Attributes={"lead": "7\x1b"}))
    connect_mock.advance(3600)
    contact = connect_mock.contacts[0]
    described = connect_mock.describe_contact(contact)
    assert described == connect_mock.describe_contact(contact.id)
    assert described.splitlines() == [
        f"Contact {contact.id}: +15555550100, campaign 'Campaign 1', queue",
        "    'Queue 1', attributes {'lead': '7\\x1b'}",
        "",
        "Since 2026-03-01 12:00:00 UTC:",
        "      +0.0 s  call 1, BatchPutContact: created it",
        "      +0.0 s  INITIATED",
        "  +1:00:00 h  It waits for an agent of queue 'Queue 1', which has no agents:",
        "                add_agents(count) of the queue adds some.",
    ]


def test_an_unknown_contact_cannot_be_described(connect_mock: ConnectMock, put: Put) -> None:
    with pytest.raises(ValueError, match=f"The mock has no contact with the id '{UNKNOWN}'"):
        connect_mock.describe_contact(UNKNOWN)
    invalid: Any = 7
    with pytest.raises(TypeError, match="describe_contact takes a Contact or its id, not 7"):
        connect_mock.describe_contact(invalid)


def test_a_story_is_readable_after_the_mock_stopped(
    put: Put, an_item: AnItem, connect_mock: ConnectMock
) -> None:
    put(an_item())
    with mock_connect() as mock:
        instance = mock.add_instance()
        mock.client().start_outbound_voice_contact(
            InstanceId=instance.id,
            ContactFlowId=instance.id,
            DestinationPhoneNumber="+15555550100",
            QueueId=instance.add_queue().id,
        )
        contact = mock.contacts[0]
    assert contact.timeline()[0].what == "call 1, StartOutboundVoiceContact: created it"
    assert "StartOutboundVoiceContact" in mock.describe_contact(contact)


def test_a_restored_mock_tells_the_story_that_follows(
    connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem, story: Told
) -> None:
    put(an_item())
    before, earlier = connect_mock.snapshot(), story()
    connect_queue.add_agents(1)
    connect_mock.advance(100)
    assert story()[-1] == "65 COMPLETED"
    connect_mock.restore(before)
    assert story() == earlier
    put(an_item())
    undone = connect_mock.contacts[1]
    connect_mock.restore(before)
    assert undone.timeline() == []


def test_the_stories_of_all_contacts_take_one_pass(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(*(an_item() for _ in range(25)))
    journal: Journal = connect_mock._engine.journal
    visited: list[str] = []
    keys_of = journal._events_by_contact._keys_of
    monkeypatch.setattr(
        journal._events_by_contact, "_keys_of", lambda event: visited.append(event.type) or keys_of(event)
    )
    for contact in connect_mock.contacts:
        contact.timeline()
    assert len(visited) == len(connect_mock.events) == 25
