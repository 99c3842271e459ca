"""StopContact: a contact ends in any state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import UNKNOWN

from connect_batchmock import ConnectMock, Instance, Outcome, Queue, outcomes

Stop = Callable[..., dict[str, Any]]


@pytest.fixture
def contact_id(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    put: Callable[..., dict[str, Any]],
    an_item: Callable[..., dict[str, Any]],
) -> str:
    put(an_item())
    return connect_mock.contacts.one().id


@pytest.fixture
def stop(connect_client: Any, connect_instance: Instance) -> Stop:
    """Stop a contact; a keyword adds or replaces a parameter."""

    def call(contact_id: str, **parameters: Any) -> dict[str, Any]:
        wanted = {"InstanceId": connect_instance.id, "ContactId": contact_id, **parameters}
        answer: dict[str, Any] = connect_client.stop_contact(**wanted)
        return answer

    return call


def test_a_waiting_contact_ends_and_is_never_dialed(
    connect_mock: ConnectMock, connect_queue: Queue, contact_id: str, stop: Stop
) -> None:
    assert stop(contact_id)["ResponseMetadata"]["HTTPStatusCode"] == 200
    connect_queue.add_agents(1)
    connect_mock.advance(120)

    contact = connect_mock.contacts.one()
    assert (contact.state, contact.disconnect_reason, contact.dialed_at) == ("COMPLETED", "OTHER", None)


@pytest.mark.parametrize(
    ("seconds", "state", "reason"),
    [(2, "INITIATED", "TELECOM_ORIGINATOR_CANCEL"), (30, "CONNECTED_TO_AGENT", "OTHER")],
    ids=["ringing", "talking"],
)
def test_a_call_ends_at_once_and_its_agent_is_free(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    contact_id: str,
    stop: Stop,
    seconds: float,
    state: str,
    reason: str,
) -> None:
    # https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html: TELECOM_ORIGINATOR_CANCEL
    # is for a phone call that is canceled before it is connected, and OTHER for what API calls end.
    connect_queue.add_agents(1)
    connect_mock.advance(seconds)
    assert connect_mock.contacts.one().state == state
    assert connect_queue.agents[0].activity == "ON_CALL"

    stop(contact_id)

    assert connect_mock.contacts.one().disconnect_reason == reason
    assert connect_queue.agents[0].activity == "AVAILABLE"
    assert [event["detail"]["eventType"] for event in connect_mock.events][-2:] == [
        "DISCONNECTED",
        "COMPLETED",
    ]


def test_the_agent_of_a_stopped_call_takes_the_next_contact(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    put: Callable[..., dict[str, Any]],
    an_item: Callable[..., dict[str, Any]],
    stop: Stop,
) -> None:
    connect_queue.add_agents(1)
    put(*[an_item(CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": f"+1555555010{n}"}) for n in "12"])
    first, second = connect_mock.contacts
    connect_mock.advance(1)

    stop(first.id)

    assert connect_mock.contacts.one(id=second.id).dialed_at is not None
    connect_mock.advance(120)
    assert connect_mock.contacts.one(id=second.id).disconnect_reason == "CUSTOMER_DISCONNECT"


def test_a_preview_that_is_stopped_has_not_rung(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: Callable[..., list[str]],
    stop: Stop,
) -> None:
    connect_queue.add_agents(1)
    (contact_id,) = put_for(connect_instance.add_campaign(queue=connect_queue, mode="preview"))
    assert connect_mock.contacts.one().state == "QUEUED"

    stop(contact_id)

    assert connect_mock.contacts.one().disconnect_reason == "OTHER"


def test_the_campaign_service_gives_a_reason(connect_mock: ConnectMock, contact_id: str, stop: Stop) -> None:
    stop(contact_id, DisconnectReason={"Code": "DISCARDED"})

    assert connect_mock.contacts.one().disconnect_reason == "DISCARDED"


@pytest.mark.connect_mock(caller="customer")
def test_a_customer_gives_no_reason(
    connect_client: Any, connect_mock: ConnectMock, connect_instance: Instance, stop: Stop
) -> None:
    connect_client.start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        ContactFlowId="flow",
        DestinationPhoneNumber="+15555550100",
        SourcePhoneNumber="+15555550199",
    )
    contact = connect_mock.contacts.one()

    with pytest.raises(
        connect_client.exceptions.InvalidParameterException, match="Only the campaign service can give"
    ):
        stop(contact.id, DisconnectReason={"Code": "DISCARDED"})
    assert connect_mock.contacts.one().disconnected_at is None

    stop(contact.id)
    assert connect_mock.contacts.one().disconnect_reason == "TELECOM_ORIGINATOR_CANCEL"


@pytest.mark.parametrize(
    "outcome",
    [outcomes.busy(), outcomes.answered(talk=10, after_contact_work=600)],
    ids=["completed", "after contact work"],
)
def test_a_contact_that_has_ended_cannot_be_stopped(
    connect_client: Any,
    connect_mock: ConnectMock,
    connect_queue: Queue,
    contact_id: str,
    stop: Stop,
    outcome: Outcome,
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcome)
    connect_mock.advance(60)
    ended = connect_mock.contacts.one()

    with pytest.raises(connect_client.exceptions.ContactNotFoundException) as caught:
        stop(contact_id)

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 410
    assert caught.value.response["Error"]["Message"] == f"The contact '{contact_id}' has already ended."
    assert connect_mock.contacts.one() == ended


def test_a_contact_is_stopped_once(connect_client: Any, contact_id: str, stop: Stop) -> None:
    stop(contact_id)
    with pytest.raises(connect_client.exceptions.ContactNotFoundException):
        stop(contact_id)


def test_unknown_contacts_and_instances_are_refused(
    connect_client: Any, connect_mock: ConnectMock, contact_id: str, stop: Stop
) -> None:
    with pytest.raises(
        connect_client.exceptions.ContactNotFoundException, match=f"'{UNKNOWN}' was not found"
    ):
        stop(UNKNOWN)
    with pytest.raises(connect_client.exceptions.ContactNotFoundException, match="was not found"):
        stop(contact_id, InstanceId=connect_mock.add_instance().id)
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        stop(contact_id, InstanceId=UNKNOWN)
