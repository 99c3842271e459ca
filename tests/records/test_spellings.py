"""The two spellings of a discarded preview: a test chooses the one that is sent, and finds it by each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from dirty_equals import IsOneOf

from connect_batchmock import ConnectMock, Instance, Queue, outcomes
from connect_batchmock.domain.outcome import PREVIEW_DISCARDED, Outcome

OF_THE_PAGES, OF_CONSUMERS = PREVIEW_DISCARDED


@pytest.fixture
def discard(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: Callable[..., list[str]],
) -> Callable[[Outcome], None]:
    connect_queue.add_agents(1)
    campaign = connect_instance.add_campaign(queue=connect_queue, mode="preview")

    def discard(outcome: Outcome) -> None:
        connect_mock.on_dial(outcome)
        put_for(campaign)
        connect_mock.advance(60)

    return discard


def reasons_sent(mock: ConnectMock, client: Any) -> set[str | None]:
    contact = mock.contacts.one()
    described = client.describe_contact(InstanceId=contact.instance_id, ContactId=contact.id)["Contact"]
    return {
        contact.disconnect_reason,
        mock.events[-1]["detail"]["disconnectReason"],
        mock.contact_records[0]["DisconnectReason"],
        described["DisconnectReason"],
    }


def test_the_spelling_of_the_pages_is_sent(
    connect_mock: ConnectMock, connect_client: Any, discard: Callable[[Outcome], None]
) -> None:
    discard(outcomes.preview_discarded())
    assert reasons_sent(connect_mock, connect_client) == {OF_THE_PAGES}


@pytest.mark.parametrize("spelling", PREVIEW_DISCARDED)
def test_a_test_chooses_the_spelling_that_is_sent(
    connect_mock: ConnectMock, connect_client: Any, discard: Callable[[Outcome], None], spelling: Any
) -> None:
    discard(outcomes.preview_discarded(spelling=spelling))
    assert reasons_sent(connect_mock, connect_client) == {spelling}


@pytest.mark.parametrize("sent", PREVIEW_DISCARDED)
@pytest.mark.parametrize("wanted", PREVIEW_DISCARDED)
def test_a_criterion_takes_either_spelling(
    connect_mock: ConnectMock, discard: Callable[[Outcome], None], sent: Any, wanted: str
) -> None:
    discard(outcomes.preview_discarded(spelling=sent))
    connect_mock.assert_contact_created(disconnect_reason=wanted)
    connect_mock.assert_contact_count(1, disconnect_reason=wanted)
    connect_mock.assert_event(eventType="DISCONNECTED", disconnectReason=wanted)
    assert len(connect_mock.contact_records.where(DisconnectReason=wanted)) == 1
    with pytest.raises(AssertionError, match="1 contact with disconnect_reason="):
        connect_mock.assert_no_contacts(disconnect_reason=wanted)


def test_no_other_reason_is_a_spelling_of_it(
    connect_mock: ConnectMock, discard: Callable[[Outcome], None]
) -> None:
    discard(outcomes.preview_discarded())
    connect_mock.assert_no_contacts(disconnect_reason="TELECOM_BUSY")
    connect_mock.assert_contact_created(disconnect_reason=IsOneOf(OF_THE_PAGES, "EXPIRED"))
    discard(outcomes.busy())
    assert len(connect_mock.contacts.where(disconnect_reason=OF_CONSUMERS)) == 1


def test_the_nearest_contact_differs_by_more_than_the_spelling(
    connect_mock: ConnectMock, discard: Callable[[Outcome], None]
) -> None:
    discard(outcomes.preview_discarded())
    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_contact_created(disconnect_reason=OF_CONSUMERS, state="QUEUED")
    assert "wanted 'QUEUED'" in str(caught.value)
    assert "wanted 'OUT" not in str(caught.value)


@pytest.mark.parametrize("spelling", ["DISCARDED", "OUTBUND", None])
def test_another_spelling_is_refused_with_the_two(spelling: Any) -> None:
    with pytest.raises(ValueError, match=f"spelling= takes '{OF_THE_PAGES}' or '{OF_CONSUMERS}', not "):
        outcomes.preview_discarded(spelling=spelling)
