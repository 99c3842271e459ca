"""DescribeContact: a contact in every state of its life, field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from factories import PREVIEW, START, UNKNOWN, AnItem

from connect_batchmock import Campaign, ConnectMock, Instance, Outcome, Queue, outcomes
from connect_batchmock.protocol.model import service_model

pytestmark = pytest.mark.usefixtures("frozen_time")


Created = Callable[..., str]
Described = Callable[[str], dict[str, Any]]


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
def described(connect_client: Any, connect_instance: Instance) -> Described:
    """Describe a contact."""

    def call(contact_id: str) -> dict[str, Any]:
        answer = connect_client.describe_contact(InstanceId=connect_instance.id, ContactId=contact_id)
        return dict(answer["Contact"])

    return call


@pytest.fixture
def created(put: Callable[..., dict[str, Any]], an_item: AnItem) -> Created:
    """Put one item and return the id of its contact."""

    def call(**changes: Any) -> str:
        (successful,) = put(an_item(**changes))["SuccessfulRequestList"]
        return str(successful["ContactId"])

    return call


def in_the_model(**members: Any) -> dict[str, Any]:
    """The members of the installed model's contact; the oldest supported model has two fewer."""
    known = service_model("connect").shape_for("Contact").members
    assert set(members) - set(known) <= {"RingStartTimestamp", "Attributes"}
    return {name: value for name, value in members.items() if name in known}


def test_a_new_contact_is_told_as_it_was_put(
    connect_instance: Instance,
    connect_campaign: Campaign,
    created: Created,
    described: Described,
) -> None:
    contact_id = created(Attributes={"lead": "7"})

    assert described(contact_id) == in_the_model(
        Arn=f"{connect_instance.arn}/contact/{contact_id}",
        Id=contact_id,
        InitiationMethod="API",
        Channel="VOICE",
        ContactAssociationId=contact_id,
        Campaign={"CampaignId": connect_campaign.id},
        TotalPauseCount=0,
        TotalPauseDurationInSeconds=0,
        CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        InitiationTimestamp=START,
        LastUpdateTimestamp=START,
        Tags={"aws:connect:instanceId": connect_instance.id},
        Attributes={"lead": "7"},
    )


def test_a_contact_that_was_answered_has_all_times_of_its_life(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    created: Created,
    described: Described,
) -> None:
    contact_id = created()
    connect_mock.advance(10)
    (agent,) = connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60, after_contact_work=20.9))
    connect_mock.advance(120)

    assert described(contact_id) == in_the_model(
        Arn=f"{connect_instance.arn}/contact/{contact_id}",
        Id=contact_id,
        InitiationMethod="API",
        Channel="VOICE",
        ContactAssociationId=contact_id,
        Campaign={"CampaignId": connect_campaign.id},
        TotalPauseCount=0,
        TotalPauseDurationInSeconds=0,
        QueueInfo={"Id": connect_queue.id, "EnqueueTimestamp": after(15)},
        QueuePriority=5,
        CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        InitiationTimestamp=after(10),
        RingStartTimestamp=after(10),
        ConnectedToSystemTimestamp=after(15),
        AnsweringMachineDetectionStatus="HUMAN_ANSWERED",
        CustomerVoiceActivity={"GreetingStartTimestamp": after(15), "GreetingEndTimestamp": after(15)},
        AgentInfo={
            "Id": agent.id,
            "ConnectedToAgentTimestamp": after(15),
            "AfterContactWorkStartTimestamp": after(75),
            "AfterContactWorkEndTimestamp": after(95.9),
            "AfterContactWorkDuration": 20,
            "AgentInitiatedHoldDuration": 0,
            "AgentPauseDurationInSeconds": 0,
        },
        DisconnectTimestamp=after(75),
        DisconnectReason="CUSTOMER_DISCONNECT",
        LastUpdateTimestamp=after(95.9),
        Tags={"aws:connect:instanceId": connect_instance.id},
        Attributes={},
    )


def test_after_contact_work_in_progress_has_no_duration(
    connect_mock: ConnectMock, connect_queue: Queue, created: Created, described: Described
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60, after_contact_work=20))
    contact_id = created()
    connect_mock.advance(70)

    agent = described(contact_id)["AgentInfo"]
    assert agent["AfterContactWorkStartTimestamp"] == after(65)
    assert "AfterContactWorkEndTimestamp" not in agent
    assert "AfterContactWorkDuration" not in agent


@pytest.mark.parametrize(
    ("outcome", "reason", "status"),
    [
        (outcomes.answered(disconnected_by="agent"), "AGENT_DISCONNECT", "HUMAN_ANSWERED"),
        (outcomes.voicemail(), "CONTACT_FLOW_DISCONNECT", "VOICEMAIL_BEEP"),
        (outcomes.no_answer(), "TELECOM_UNANSWERED", None),
        (outcomes.busy(), "TELECOM_BUSY", None),
        (outcomes.busy(detected="SIT_TONE_BUSY"), "TELECOM_BUSY", "SIT_TONE_BUSY"),
        (outcomes.invalid_number(), "TELECOM_NUMBER_INVALID", None),
    ],
    ids=["answered", "voicemail", "no answer", "busy", "busy tone", "invalid number"],
)
def test_how_a_call_ended_is_told_with_what_the_detection_said(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    created: Created,
    described: Described,
    outcome: Outcome,
    reason: str,
    status: str | None,
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcome)
    contact_id = created()
    connect_mock.advance(120)

    contact = described(contact_id)
    assert (contact["DisconnectReason"], contact.get("AnsweringMachineDetectionStatus")) == (reason, status)
    was_answered = status is not None
    assert ("CustomerVoiceActivity" in contact, "ConnectedToSystemTimestamp" in contact) == (
        was_answered,
    ) * 2


def test_without_machine_detection_there_is_no_voice_activity(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    created: Created,
    described: Described,
) -> None:
    campaign = connect_instance.add_campaign(queue=connect_queue, answer_machine_detection=False)
    connect_queue.add_agents(1)
    contact_id = created(Campaign={"CampaignId": campaign.id})
    connect_mock.advance(120)

    contact = described(contact_id)
    assert contact["ConnectedToSystemTimestamp"] == after(5)
    assert "CustomerVoiceActivity" not in contact
    assert "AnsweringMachineDetectionStatus" not in contact


def test_preview_mode_shows_agent_times_and_the_strategy(
    connect_mock: ConnectMock, connect_queue: Queue, created: Created, described: Described
) -> None:
    (agent,) = connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(preview=12, ring=3, talk=10))
    contact_id = created(OutboundStrategy=PREVIEW)
    connect_mock.advance(60)

    contact = described(contact_id)
    assert contact["OutboundStrategy"] == PREVIEW
    assert contact["AgentInfo"] == {
        "Id": agent.id,
        "AcceptedByAgentTimestamp": START,
        "PreviewEndTimestamp": after(12),
        "ConnectedToAgentTimestamp": after(15),
        "AgentInitiatedHoldDuration": 0,
        "AgentPauseDurationInSeconds": 0,
    }
    assert contact["QueueInfo"]["EnqueueTimestamp"] == START


def test_a_contact_without_a_queue_says_where_it_calls_from(
    connect_instance: Instance, created: Created, described: Described
) -> None:
    number = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}
    contact = described(created(QueueId=None, SystemEndpoint=number))

    assert contact["SystemEndpoint"] == number
    assert contact["Tags"] == {
        "aws:connect:instanceId": connect_instance.id,
        "aws:connect:systemEndpoint": "+15555550199",
    }
    assert "QueueInfo" not in contact
    assert "QueuePriority" not in contact


def test_a_contact_calls_from_its_own_or_its_queue_s_number(
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    created: Created,
    described: Described,
) -> None:
    number = connect_instance.add_phone_number("+15555550198")
    other = connect_instance.add_phone_number("+15555550199")
    connect_client.update_queue_outbound_caller_config(
        InstanceId=connect_instance.id,
        QueueId=connect_queue.id,
        OutboundCallerConfig={"OutboundCallerIdNumberId": number.id},
    )

    by_queue = described(created())
    by_itself = described(created(SystemEndpoint={"Type": "TELEPHONE_NUMBER", "Address": other.number}))

    assert by_queue["SystemEndpoint"] == {"Type": "TELEPHONE_NUMBER", "Address": number.number}
    assert by_queue["Tags"]["aws:connect:systemEndpoint"] == number.number
    assert by_itself["SystemEndpoint"]["Address"] == other.number


def test_a_contact_that_was_never_queued_has_no_queue(
    connect_mock: ConnectMock, connect_queue: Queue, created: Created, described: Described
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial([outcomes.busy(), outcomes.answered()])
    busy, answered = created(), created()
    connect_mock.advance(20)

    assert "QueueInfo" not in described(busy)
    assert described(answered)["QueueInfo"]["Id"] == connect_queue.id


def test_related_contacts_have_the_root_contact_in_common(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue, described: Described
) -> None:
    contact_ids: list[str] = []
    for related in (False, True, True):
        response = connect_client.start_outbound_voice_contact(
            InstanceId=connect_instance.id,
            ContactFlowId="any",
            QueueId=connect_queue.id,
            DestinationPhoneNumber="+15555550100",
            **({"RelatedContactId": contact_ids[-1]} if related else {}),
        )
        contact_ids.append(response["ContactId"])

    roots = [described(contact_id)["ContactAssociationId"] for contact_id in contact_ids]
    assert roots == [contact_ids[0]] * 3
    assert described(contact_ids[2])["RelatedContactId"] == contact_ids[1]


@pytest.mark.parametrize("ring", [2.2505, 3.0001])
def test_times_have_milliseconds_at_most(
    connect_mock: ConnectMock, connect_queue: Queue, created: Created, described: Described, ring: float
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcomes.answered(ring=ring))
    contact_id = created()
    connect_mock.advance(10)

    connected = described(contact_id)["ConnectedToSystemTimestamp"]
    assert connected.microsecond % 1000 == 0
    written = connect_mock.events[-1]["detail"]["connectedToSystemTimestamp"]
    assert connected == datetime.fromisoformat(written.replace("Z", "+00:00"))
    # The mock's own times are exact, and so is the order of what happens.
    assert connect_mock.contacts.one().connected_to_system_at == after(ring)


def test_what_a_caller_does_with_an_answer_changes_no_contact(
    connect_mock: ConnectMock, created: Created, described: Described
) -> None:
    contact_id = created(Attributes={"lead": "7"}, OutboundStrategy=PREVIEW)
    described(contact_id)
    result = connect_mock.calls[-1].result
    assert result is not None
    result["Contact"]["OutboundStrategy"]["Config"].clear()

    assert described(contact_id)["OutboundStrategy"] == PREVIEW


def test_an_unknown_contact_is_not_found(
    connect_client: Any, connect_mock: ConnectMock, connect_instance: Instance, created: Created
) -> None:
    contact_id = created()
    other = connect_mock.add_instance()

    for instance_id, wanted, message in [
        (connect_instance.id, UNKNOWN, f"The contact '{UNKNOWN}' was not found in this instance."),
        (
            other.id,
            contact_id,
            f"The contact '{contact_id}' was not found in this instance. "
            f"It belongs to the instance '{connect_instance.id}'.",
        ),
        (UNKNOWN, contact_id, f"The instance '{UNKNOWN}' was not found in this account and region."),
    ]:
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException) as caught:
            connect_client.describe_contact(InstanceId=instance_id, ContactId=wanted)
        assert caught.value.response["Error"]["Message"] == message
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
