"""The advice in messages: the reason that a contact waits, and the nearest operations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from factories import UNKNOWN, AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, UnfakedOperationError, outcomes

LATER = "A contact changes with the mock's clock: connect_mock.advance(seconds) advances it."


def advice(mock: ConnectMock, **criteria: Any) -> str:
    """Return the paragraph of a message that advises the next step."""
    with pytest.raises(AssertionError) as caught:
        mock.contacts.one(**criteria)
    return " ".join(str(caught.value).split("\n\n")[2].split())


# Why this contact waits


def test_a_queue_without_agents_is_named(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue
) -> None:
    put(an_item())
    assert advice(connect_mock, state="COMPLETED") == (
        "It waits for an agent of queue 'Queue 1', which has no agents: add_agents(count) of the queue adds "
        "some."
    )

    connect_queue.add_agents(1)
    assert advice(connect_mock, state="COMPLETED") == LATER


def test_a_waiting_customer_without_agents_is_explained(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    connect_client.start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        DestinationPhoneNumber="+15555550100",
        ContactFlowId="any",
        QueueId=connect_queue.id,
    )
    assert advice(connect_mock, state="COMPLETED") == LATER
    connect_mock.advance(60)
    assert "queue 'Queue 1', which has no agents" in advice(connect_mock, state="COMPLETED")


def test_busy_agents_are_named(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue
) -> None:
    connect_queue.add_agents(2)
    put(*(an_item() for _ in range(3)))
    assert advice(connect_mock, state="QUEUED") == LATER
    waiting = connect_mock.contacts[2]
    assert advice(connect_mock, id=waiting.id, state="QUEUED") == (
        "It waits for an agent of queue 'Queue 1', whose agents are all busy: connect_mock.advance(seconds) "
        "advances the clock, and add_agents(count) of the queue adds more."
    )


def test_a_paused_campaign_is_named(
    connect_mock: ConnectMock,
    put: Put,
    an_item: AnItem,
    connect_queue: Queue,
    connect_campaign: Campaign,
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_campaign.pause()
    put(an_item())
    said = "It waits because campaign 'Campaign 1' is paused: resume() of the campaign resumes it."
    assert advice(connect_mock, state="COMPLETED") == said


def test_a_schedule_is_named_with_its_start(
    connect_mock: ConnectMock,
    make_client: Callable[..., Any],
    put: Put,
    an_item: AnItem,
    connect_queue: Queue,
    connect_campaign: Campaign,
) -> None:
    connect_queue.add_agents(1)
    start = (connect_mock.now() + timedelta(days=1)).replace(microsecond=0)
    schedule = {"startTime": start, "endTime": start + timedelta(days=1)}
    make_client("connectcampaignsv2").update_campaign_schedule(id=connect_campaign.id, schedule=schedule)
    put(an_item())
    assert advice(connect_mock, state="COMPLETED") == (
        f"It waits because its schedule starts at {start.isoformat()}, set by campaign 'Campaign 1': "
        f"connect_mock.advance(seconds) advances the clock."
    )


def test_a_campaign_that_gets_no_agents_is_named(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_instance: Instance, connect_queue: Queue
) -> None:
    connect_queue.add_agents(1)
    campaign = connect_instance.add_campaign("Idle", queue=connect_queue, bandwidth_allocation=0)
    put(an_item(Campaign={"CampaignId": campaign.id}))
    assert advice(connect_mock, state="COMPLETED").startswith(
        "It waits because the bandwidth allocation of campaign 'Idle' is 0:"
    )


@pytest.mark.connect_mock(concurrent_calls=1)
def test_the_limit_of_calls_is_named(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_instance: Instance, connect_queue: Queue
) -> None:
    connect_queue.add_agents(2)
    put(an_item(), an_item())
    other = connect_instance.add_campaign("Other", queue=connect_queue)
    put(an_item(Campaign={"CampaignId": other.id}))
    first, second = connect_mock.contacts[1:]
    assert advice(connect_mock, id=first.id, state="QUEUED") == (
        "It waits for another phone call of campaign 'Campaign 1' to end, which has as many as its capacity "
        "allows: connect_mock.advance(seconds) advances the clock."
    )
    assert advice(connect_mock, id=second.id, state="QUEUED") == (
        "It waits for another phone call of the instance to end, which has as many as the setting "
        "concurrent_calls allows: connect_mock.advance(seconds) advances the clock."
    )


def test_the_pacing_of_a_predictive_campaign_is_named(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_instance: Instance, connect_queue: Queue
) -> None:
    connect_queue.add_agents(1)
    campaign = connect_instance.add_campaign(queue=connect_queue, mode="predictive")
    put(*(an_item(Campaign={"CampaignId": campaign.id}) for _ in range(3)))
    last = connect_mock.contacts[2]
    assert advice(connect_mock, id=last.id, state="QUEUED") == (
        "It waits for another phone call of queue 'Queue 1' to end, which has as many as predictive dialing "
        "makes for its agents: connect_mock.advance(seconds) advances the clock, and add_agents(count) of "
        "the queue adds agents."
    )


def test_an_ended_contact_gets_no_advice_to_wait(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.busy())
    put(an_item())
    connect_mock.advance(60)
    assert advice(connect_mock, state="CONNECTED_TO_AGENT").startswith("If number 1 is the one you mean")


def test_the_advice_shows_the_current_state(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue
) -> None:
    put(an_item())
    read = connect_mock.contacts
    connect_queue.add_agents(1)
    connect_mock.advance(0)
    with pytest.raises(AssertionError, match="A contact changes with the mock's clock"):
        read.one(state="COMPLETED")


def test_an_event_that_does_not_come_has_the_same_reason(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue
) -> None:
    put(an_item())
    contact = connect_mock.contacts[0]
    said = re.compile(r"It waits for an agent of queue 'Queue 1', which\s+has no agents")
    with pytest.raises(AssertionError, match=said):
        connect_mock.events.one(contactId=contact.id, eventType="COMPLETED")

    connect_queue.add_agents(1)
    connect_mock.advance(0)
    with pytest.raises(AssertionError, match="A contact changes with the mock's clock"):
        connect_mock.events.one(contactId=contact.id, eventType="COMPLETED")
    with pytest.raises(AssertionError, match="is the one you mean"):
        connect_mock.events.one(contactId="another", eventType="COMPLETED")


def test_a_record_that_does_not_come_has_the_same_reason(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue
) -> None:
    later = "A contact gets its record when it ends"
    with pytest.raises(AssertionError, match=later):
        connect_mock.contact_records.one()
    put(an_item())
    with pytest.raises(AssertionError, match=r"has not ended\. It waits for an agent of queue"):
        connect_mock.contact_records.one()

    connect_queue.add_agents(1)
    connect_mock.advance(0)
    with pytest.raises(AssertionError, match=later):
        connect_mock.contact_records.one()
    connect_mock.advance(3600)
    with pytest.raises(AssertionError, match="The nearest is number 1"):
        connect_mock.contact_records.one(ContactId="another")


# Which items are missing


def test_a_count_names_the_items_that_came_back_failed(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    nobody = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550101"}
    unknown = "INVALID_QUEUE in call 1: The queue 'gone' is unknown in this instance."
    put(
        an_item(),
        an_item(RequestIdentifier="lead-1", QueueId="gone"),
        an_item(CustomerEndpoint=nobody, QueueId="gone"),
        an_item(CustomerEndpoint=None),
    )
    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_contact_count(4)
    assert " ".join(str(caught.value).split("\n\n")[1].split()) == (
        f"3 items failed: lead-1 ({unknown}), +15555550101 ({unknown}), an item without "
        f"RequestIdentifier (MISSING_CUSTOMER_ENDPOINT in call 1: CustomerEndpoint is missing; give the "
        f"phone number of the customer.)"
    )


def test_a_count_names_the_first_of_many_failed_items(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(*(an_item(RequestIdentifier=f"lead-{number}", QueueId="gone") for number in range(8)))
    with pytest.raises(AssertionError, match=r"8 items\s+failed(.|\n)*lead-4(.|\n)*3 more"):
        connect_mock.assert_contact_count(8)


def test_a_count_that_is_too_low_denies_no_call(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item())
    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_called("BatchPutContact", times=2)
    assert str(caught.value).startswith("1 call of BatchPutContact, where 2 are expected.\n\n1 call in all:")


# The operations nearest to an unfaked one


@pytest.mark.connect_mock(strict=False)
@pytest.mark.parametrize(
    ("operation", "parameters", "nearest"),
    [
        ("update_contact_flow_metadata", {"ContactFlowId": UNKNOWN}, "UpdateContactFlowName"),
        ("list_prompts", {}, "ListUsers"),
        ("describe_prompt", {"PromptId": UNKNOWN}, "DescribeUser"),
    ],
)
def test_the_five_nearest_operations_are_named_by_meaning(
    connect_mock: ConnectMock, connect_client: Any, operation: str, parameters: dict[str, Any], nearest: str
) -> None:
    with pytest.raises(UnfakedOperationError) as caught:
        getattr(connect_client, operation)(InstanceId=UNKNOWN, **parameters)

    listed = re.search(r"nearest are (.+?)\. ", str(caught.value))
    assert listed is not None
    assert len(listed[1].split(", ")) == 5
    assert nearest in listed[1].split(", ")
    assert 'The page "Operations" of the documentation lists all.' in str(caught.value)


def test_the_advice_for_a_decorated_class_names_its_start(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import unittest
        from connect_batchmock import active_mock, mock_connect

        @mock_connect
        class Test(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                active_mock().add_instance()

            def test_it(self):
                pass
    """)
    failed = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:cacheprovider")
    failed.stdout.fnmatch_lines(["*RuntimeError: No mock_connect is active: *setUp*setUpClass*"])
