"""StartOutboundVoiceContact: one phone call, dialed immediately."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from factories import PREVIEW, START, UNKNOWN

from connect_batchmock import Campaign, ConnectMock, Instance, Outcome, Queue, outcomes
from connect_batchmock.protocol.model import operation_model

HAS_RING_TIMEOUT = (
    "RingTimeoutInSeconds" in operation_model("connect", "StartOutboundVoiceContact").input_shape.members
)

pytestmark = pytest.mark.usefixtures("frozen_time")
Start = Callable[..., str]


@pytest.fixture
def start(connect_client: Any, connect_instance: Instance) -> Start:
    """Start a call and return the contact's id; a keyword replaces a parameter, and None takes it away."""

    def call(**parameters: Any) -> str:
        wanted = {
            "InstanceId": connect_instance.id,
            "ContactFlowId": "flow",
            "DestinationPhoneNumber": "+15555550100",
            "SourcePhoneNumber": "+15555550199",
            **parameters,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        return str(connect_client.start_outbound_voice_contact(**given)["ContactId"])

    return call


# The call


def test_a_call_without_a_queue_ends_with_its_flow(
    connect_mock: ConnectMock, connect_instance: Instance, start: Start
) -> None:
    connect_mock.on_dial(outcomes.answered(ring=5, talk=30))

    contact_id = start(Attributes={"lead": "7"})

    contact = connect_mock.contacts.one()
    assert (contact.id, contact.instance) == (contact_id, connect_instance)
    assert (contact.campaign, contact.queue) == (None, None)
    assert (contact.customer_address, contact.system_address) == ("+15555550100", "+15555550199")
    assert contact.attributes == {"lead": "7"}
    assert contact.dialed_at == START

    connect_mock.advance(60)
    contact = connect_mock.contacts.one()
    assert contact.connected_to_system_at == START + timedelta(seconds=5)
    assert contact.disconnected_at == START + timedelta(seconds=35)
    assert (contact.disconnect_reason, contact.agent) == ("CONTACT_FLOW_DISCONNECT", None)


def test_an_answered_call_with_a_queue_waits_for_an_agent(
    connect_mock: ConnectMock, connect_queue: Queue, start: Start
) -> None:
    start(QueueId=connect_queue.id, SourcePhoneNumber=None)
    connect_mock.advance(20)
    assert connect_mock.contacts.one().state == "QUEUED"

    (agent,) = connect_queue.add_agents(1)
    connect_mock.advance(1)

    contact = connect_mock.contacts.one()
    assert contact.agent is not None
    assert (contact.queue, contact.agent.id) == (connect_queue, agent.id)
    assert contact.connected_to_agent_at == START + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (outcomes.busy(), "TELECOM_BUSY"),
        (outcomes.no_answer(), "TELECOM_UNANSWERED"),
        (outcomes.no_answer(ring=100), "TELECOM_UNANSWERED"),
        (outcomes.invalid_number(), "TELECOM_NUMBER_INVALID"),
    ],
)
def test_a_call_that_nobody_takes_ends_within_a_minute(
    connect_mock: ConnectMock, start: Start, outcome: Outcome, reason: str
) -> None:
    connect_mock.on_dial(outcome)
    start()
    connect_mock.advance(60)
    assert connect_mock.contacts.one().disconnect_reason == reason


@pytest.mark.skipif(not HAS_RING_TIMEOUT, reason="the installed botocore has no RingTimeoutInSeconds")
def test_a_call_rings_as_long_as_it_may(connect_mock: ConnectMock, start: Start) -> None:
    connect_mock.on_dial(outcomes.answered(ring=20))
    start(RingTimeoutInSeconds=15)
    connect_mock.advance(60)

    contact = connect_mock.contacts.one()
    assert contact.disconnect_reason == "TELECOM_UNANSWERED"
    assert contact.disconnected_at == START + timedelta(seconds=15)


@pytest.mark.parametrize(
    ("config", "status"), [({"EnableAnswerMachineDetection": True}, "VOICEMAIL_BEEP"), ({}, None)]
)
def test_machines_are_detected_where_that_was_asked_for(
    connect_mock: ConnectMock, start: Start, config: dict[str, bool], status: str | None
) -> None:
    connect_mock.on_dial(outcomes.voicemail())
    start(AnswerMachineDetectionConfig=config, TrafficType="CAMPAIGN")
    connect_mock.advance(60)
    assert connect_mock.contacts.one().answering_machine_detection_status == status


def test_what_is_said_about_the_call_is_told_of_its_contact(
    connect_client: Any, connect_instance: Instance, start: Start
) -> None:
    contact_id = start(
        Name="Spring",
        Description="About the offer",
        References={"shop": {"Type": "URL", "Value": "https://a.example"}},
    )

    ids = {"InstanceId": connect_instance.id, "ContactId": contact_id}
    contact = connect_client.describe_contact(**ids)["Contact"]
    assert (contact["Name"], contact["Description"]) == ("Spring", "About the offer")
    assert contact["InitiationMethod"] == "API"
    assert "Campaign" not in contact
    references = connect_client.list_contact_references(**ids, ReferenceTypes=["URL"])
    assert references["ReferenceSummaryList"] == [{"Url": {"Name": "shop", "Value": "https://a.example"}}]


def test_a_related_contact_gives_its_attributes(
    connect_client: Any, connect_mock: ConnectMock, connect_instance: Instance, start: Start
) -> None:
    first = start(Attributes={"lead": "7", "plan": "gold"})
    second = start(
        RelatedContactId=first, Attributes={"plan": "silver"}, DestinationPhoneNumber="+15555550101"
    )

    assert connect_mock.contacts.one(id=second).attributes == {"lead": "7", "plan": "silver"}
    assert connect_mock.contacts.one(id=first).attributes == {"lead": "7", "plan": "gold"}
    told = connect_client.describe_contact(InstanceId=connect_instance.id, ContactId=second)["Contact"]
    assert told["RelatedContactId"] == first


def test_in_a_queue_with_a_number_the_call_comes_from_that(
    connect_client: Any,
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    start: Start,
) -> None:
    number = connect_instance.add_phone_number("+15555550198")
    other = connect_instance.add_phone_number("+15555550199")
    start(QueueId=connect_queue.id)
    connect_client.update_queue_outbound_caller_config(
        InstanceId=connect_instance.id,
        QueueId=connect_queue.id,
        OutboundCallerConfig={"OutboundCallerIdNumberId": number.id},
    )
    start(QueueId=connect_queue.id)

    assert [contact.system_address for contact in connect_mock.contacts] == [other.number, number.number]


# Campaigns


def test_a_call_for_a_campaign_belongs_to_the_campaign(
    connect_mock: ConnectMock, connect_campaign: Campaign, connect_queue: Queue, start: Start
) -> None:
    connect_mock.on_dial(outcomes.voicemail(ring=1))
    start(CampaignId=connect_campaign.id, QueueId=connect_queue.id, TrafficType="CAMPAIGN")
    assert connect_mock.contacts.one().dialed_at == START
    connect_mock.advance(30)

    contact = connect_campaign.contacts.one()
    # The campaign detects machines, and this call does not.
    assert contact.answering_machine_detection_status is None
    connect_mock.assert_no_double_dials()


def test_two_campaign_calls_to_one_customer_are_a_double_dial(
    connect_mock: ConnectMock, connect_campaign: Campaign, start: Start
) -> None:
    start(CampaignId=connect_campaign.id)
    start(CampaignId=connect_campaign.id)
    with pytest.raises(AssertionError, match="1 customer has more than one contact in a campaign"):
        connect_mock.assert_no_double_dials()


@pytest.mark.parametrize("by", ["strategy", "campaign"])
def test_a_contact_that_an_agent_sees_first_waits_for_one(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, start: Start, by: str
) -> None:
    mode = "progressive" if by == "strategy" else "preview"
    campaign = connect_instance.add_campaign(queue=connect_queue, mode=mode)
    connect_mock.on_dial(outcomes.answered(preview=7))
    strategy = {"OutboundStrategy": PREVIEW} if by == "strategy" else {}
    start(CampaignId=campaign.id, QueueId=connect_queue.id, **strategy)
    connect_mock.advance(20)
    assert connect_mock.contacts.one().dialed_at is None

    connect_queue.add_agents(1)
    connect_mock.advance(10)

    assert connect_mock.contacts.one().dialed_at == START + timedelta(seconds=27)
    assert connect_mock.contacts.one().outbound_strategy == strategy.get("OutboundStrategy")


def test_without_a_queue_there_is_no_preview(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, start: Start
) -> None:
    campaign = connect_instance.add_campaign(queue=connect_queue, mode="preview")
    start(CampaignId=campaign.id)
    assert connect_mock.contacts.one().dialed_at == START


@pytest.mark.connect_mock(caller="customer")
def test_a_customer_calls_without_a_strategy(
    connect_client: Any, connect_campaign: Campaign, connect_queue: Queue, start: Start
) -> None:
    start(CampaignId=connect_campaign.id, QueueId=connect_queue.id)
    with pytest.raises(connect_client.exceptions.OutboundContactNotPermittedException) as caught:
        start(CampaignId=connect_campaign.id, QueueId=connect_queue.id, OutboundStrategy=PREVIEW)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert (
        "Only the campaign service can give an OutboundStrategy" in caught.value.response["Error"]["Message"]
    )


# Without a campaign


def test_a_contact_without_a_campaign_can_be_read_in_every_way(
    connect_mock: ConnectMock, connect_instance: Instance, start: Start
) -> None:
    contact_id = start()
    start()
    connect_mock.advance(120)

    assert [contact.id for contact in connect_instance.contacts] == [
        contact.id for contact in connect_mock.contacts
    ]
    assert len(connect_mock.contacts.where(campaign=None)) == 2
    assert connect_mock.contacts.where(campaign=UNKNOWN) == []
    connect_mock.assert_no_double_dials()
    connect_mock.assert_no_unresolved_failures()
    told = [event["detail"]["eventType"] for event in connect_mock.events.where(contactId=contact_id)]
    assert told == ["INITIATED", "CONNECTED_TO_SYSTEM", "DISCONNECTED", "COMPLETED"]
    assert all("campaign" not in event["detail"] for event in connect_mock.events)
    record = connect_mock.contact_records.one(ContactId=contact_id)
    assert record["Campaign"] == {"CampaignId": None}
    assert record["DisconnectReason"] == "CONTACT_FLOW_DISCONNECT"
    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_no_contacts()
    assert "+15555550100, attributes {}, COMPLETED (CONTACT_FLOW_DISCONNECT)" in str(caught.value)


# ClientToken


def test_a_token_returns_its_contact_for_seven_days(connect_mock: ConnectMock, start: Start) -> None:
    first = start(ClientToken="token")
    connect_mock.advance(timedelta(days=7).total_seconds() - 1)
    assert start(ClientToken="token", DestinationPhoneNumber="+15555550101") == first
    connect_mock.advance(1)
    assert start(ClientToken="token") != first
    assert start(ClientToken="other") != first
    connect_mock.assert_contact_count(3)


def test_empty_and_refused_tokens_are_not_used_up(
    connect_client: Any, connect_mock: ConnectMock, start: Start
) -> None:
    assert start(ClientToken="") != start(ClientToken="")
    with pytest.raises(connect_client.exceptions.InvalidParameterException):
        start(ClientToken="token", Attributes={"a.b": "1"})
    assert start(ClientToken="token") == connect_mock.contacts[-1].id


def test_a_token_counts_for_its_instance(connect_mock: ConnectMock, start: Start) -> None:
    other = connect_mock.add_instance()
    assert start(ClientToken="token") != start(ClientToken="token", InstanceId=other.id)


# Refusals


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"DestinationPhoneNumber": "5555550100"}, "DestinationPhoneNumber: '5555550100' does not match"),
        (
            {"SourcePhoneNumber": None},
            "QueueId and SourcePhoneNumber are both missing; give at least one of them.",
        ),
        ({"Attributes": {"a.b": "1"}}, "The attribute key 'a.b' is invalid"),
        ({"Attributes": {"a": "1" * 20_000, "b": "2" * 20_000}}, "The attributes take 40002 bytes in total"),
        (
            {"AnswerMachineDetectionConfig": {"EnableAnswerMachineDetection": True}},
            "EnableAnswerMachineDetection needs the TrafficType 'CAMPAIGN'.",
        ),
        (
            {
                "AnswerMachineDetectionConfig": {"EnableAnswerMachineDetection": True},
                "TrafficType": "GENERAL",
            },
            "EnableAnswerMachineDetection needs the TrafficType 'CAMPAIGN'.",
        ),
        (
            {"References": {"a": {"Type": "URL"}, "b": {"Type": "ATTACHMENT"}}},
            "has the Type 'ATTACHMENT'; an outbound phone call can have URL, NUMBER, STRING, ",
        ),
        (
            {"OutboundStrategy": PREVIEW},
            "OutboundStrategy is for contacts of a campaign",
        ),
    ],
)
def test_what_cannot_be_called_is_refused(
    connect_client: Any, connect_mock: ConnectMock, start: Start, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException) as caught:
        start(**parameters)
    assert message in caught.value.response["Error"]["Message"]
    connect_mock.assert_no_contacts()


def test_a_strategy_needs_a_queue(connect_client: Any, connect_campaign: Campaign, start: Start) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="QueueId is missing"):
        start(OutboundStrategy=PREVIEW, CampaignId=connect_campaign.id)


def test_a_disabled_queue_takes_no_call(connect_client: Any, connect_queue: Queue, start: Start) -> None:
    connect_queue.disable()
    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="is disabled"):
        start(QueueId=connect_queue.id)


def test_once_numbers_are_claimed_calls_come_from_one_of_them(
    connect_client: Any, connect_mock: ConnectMock, connect_instance: Instance, start: Start
) -> None:
    connect_instance.add_phone_number("+15555550198")
    with pytest.raises(connect_client.exceptions.InvalidParameterException) as caught:
        start()
    assert caught.value.response["Error"]["Message"] == (
        "SourcePhoneNumber '+15555550199' is not claimed to this instance; use one of +15555550198."
    )
    start(SourcePhoneNumber="+15555550198")
    assert connect_mock.contacts.one().system_address == "+15555550198"


def test_once_there_are_flows_a_call_goes_through_one_of_them(
    connect_client: Any, connect_instance: Instance, start: Start
) -> None:
    flow = connect_client.create_contact_flow(
        InstanceId=connect_instance.id, Name="Greeting", Type="CONTACT_FLOW", Content="{}"
    )
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match="The contact flow 'flow'"):
        start()
    start(ContactFlowId=flow["ContactFlowId"])


def test_an_instance_without_outbound_calls_makes_none(connect_client: Any, start: Start) -> None:
    instance_id = connect_client.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="inbound",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=False,
    )["Id"]
    with pytest.raises(connect_client.exceptions.OutboundContactNotPermittedException) as caught:
        start(InstanceId=instance_id)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert "does not allow outbound phone calls" in caught.value.response["Error"]["Message"]

    connect_client.update_instance_attribute(
        InstanceId=instance_id, AttributeType="OUTBOUND_CALLS", Value="true"
    )
    start(InstanceId=instance_id)


@pytest.mark.parametrize("member", ["InstanceId", "QueueId", "CampaignId", "RelatedContactId"])
def test_what_is_unknown_is_not_found(
    connect_client: Any, connect_mock: ConnectMock, start: Start, member: str
) -> None:
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=UNKNOWN):
        start(**{member: UNKNOWN})
    connect_mock.assert_no_contacts()
