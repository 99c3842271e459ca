"""assert_event: it returns the event, or shows the nearest one and what the event waits for."""

from __future__ import annotations

from datetime import datetime

import pytest
from factories import AnItem, Put

from connect_batchmock import ConnectMock, Queue, outcomes


@pytest.fixture(autouse=True)
def dialed(
    frozen_time: datetime, connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    """Dial a contact whose line is busy after a second."""
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.busy())
    put(an_item())


def test_it_returns_the_first_event_that_matches(connect_mock: ConnectMock) -> None:
    connect_mock.advance(1)
    contact = connect_mock.contacts.one()
    event = connect_mock.assert_event(disconnectReason="TELECOM_BUSY", campaign={})
    assert event == connect_mock.events.where(eventType="DISCONNECTED")[0]
    assert event["detail"]["contactId"] == contact.id
    assert connect_mock.assert_event() == connect_mock.events[0]


def test_it_shows_the_nearest_event_and_all_of_them(connect_mock: ConnectMock) -> None:
    connect_mock.advance(1)
    contact = connect_mock.contacts.one()
    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_event(eventType="DISCONNECTED", disconnectReason="TELECOM_UNANSWERED")
    assert str(caught.value) == (
        "No event with eventType='DISCONNECTED',\n"
        "    disconnectReason='TELECOM_UNANSWERED'.\n\n"
        "The nearest is number 2:\n"
        "    disconnectReason  wanted 'TELECOM_UNANSWERED'  is 'TELECOM_BUSY'\n\n"
        "If number 2 is the one you mean, correct the criteria;\n"
        f"connect_mock.describe_contact('{contact.id}') shows what happened\n"
        "to it.\n\n"
        "3 events in all:\n"
        f"  1. 2026-03-01T12:00:00Z INITIATED of {contact.id}\n"
        f"  2. 2026-03-01T12:00:01Z DISCONNECTED of {contact.id},\n"
        "         TELECOM_BUSY\n"
        f"  3. 2026-03-01T12:00:01Z COMPLETED of {contact.id}, TELECOM_BUSY"
    )


def test_it_says_that_an_event_comes_with_time(connect_mock: ConnectMock) -> None:
    with pytest.raises(AssertionError, match=r"connect_mock\.advance\(seconds\)"):
        connect_mock.assert_event(eventType="DISCONNECTED")


def test_it_promises_no_more_events_of_a_contact_that_ended(connect_mock: ConnectMock) -> None:
    connect_mock.advance(1)
    with pytest.raises(AssertionError, match="If number 2 is the one you mean, correct the criteria"):
        connect_mock.assert_event(eventType="CONNECTED_TO_AGENT")


def test_it_says_what_the_contact_waits_for(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    (created,) = put(an_item())["SuccessfulRequestList"]
    with pytest.raises(AssertionError, match="It waits for an agent of queue 'Queue 1', whose agents"):
        connect_mock.assert_event(eventType="DISCONNECTED", contactId=created["ContactId"])


def test_it_refuses_a_criterion_that_no_event_has(connect_mock: ConnectMock) -> None:
    with pytest.raises(TypeError, match=r"An event has no criterion 'eventTyp'; did you mean 'eventType'"):
        connect_mock.assert_event(eventTyp="DISCONNECTED")  # type: ignore[call-arg]  # the point of the test


def test_it_sees_an_event_that_no_listener_has_heard_yet(connect_mock: ConnectMock) -> None:
    heard: list[object] = []
    connect_mock.on_event(heard.append)
    connect_mock.delivery(delay=60)
    connect_mock.advance(1)
    connect_mock.assert_event(eventType="COMPLETED")
    assert heard == []
