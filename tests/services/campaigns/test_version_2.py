"""Campaigns of version 2: the operations that create, describe and list them and change their channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from campaigns_model import FLOW, NUMBER, assert_all_modeled, code, knows, refusal, without_time
from factories import UNKNOWN

from connect_batchmock import Campaign, ConnectMock, Instance, Queue

Create = Callable[..., dict[str, Any]]
ARN = "arn:aws:connect:us-east-1:123456789012:thing/one"
SMS = {
    "outboundMode": {"agentless": {}},
    "defaultOutboundConfig": {"connectSourcePhoneNumberArn": ARN, "wisdomTemplateArn": ARN},
}
EMAIL = {
    "capacity": 0.5,
    "outboundMode": {"agentless": {}},
    "defaultOutboundConfig": {"connectSourceEmailAddress": "sales@example.com", "wisdomTemplateArn": ARN},
}
AGENTLESS = {
    "outboundMode": {"agentless": {}},
    "defaultOutboundConfig": {"connectContactFlowId": FLOW, "connectSourcePhoneNumber": NUMBER},
}
needs_newer = pytest.mark.skipif(
    not knows("CreateCampaign", "type"), reason="The installed botocore knows no type of a campaign"
)


@pytest.fixture(autouse=True)
def _all_is_modeled(connect_mock: ConnectMock) -> Iterator[None]:
    yield
    assert_all_modeled(connect_mock)


@pytest.fixture
def client(connectcampaignsv2_client: Any) -> Any:
    """A client of version 2."""
    return connectcampaignsv2_client


@pytest.fixture
def telephony(connect_queue: Queue) -> dict[str, Any]:
    """How a campaign calls that has agents."""
    return {
        "capacity": 0.5,
        "connectQueueId": connect_queue.id,
        "outboundMode": {"progressive": {"bandwidthAllocation": 0.5}},
        "defaultOutboundConfig": {"connectContactFlowId": FLOW},
    }


@pytest.fixture
def create(client: Any, connect_instance: Instance, telephony: dict[str, Any]) -> Create:
    """Create a campaign; a keyword replaces a parameter, and None takes it away."""

    def call(**changes: Any) -> dict[str, Any]:
        parameters = {
            "name": "Spring",
            "connectInstanceId": connect_instance.id,
            "channelSubtypeConfig": {"telephony": telephony},
            **changes,
        }
        answer: dict[str, Any] = client.create_campaign(
            **{name: value for name, value in parameters.items() if value is not None}
        )
        return answer

    return call


@pytest.fixture
def everything(connect_mock: ConnectMock, connect_instance: Instance) -> dict[str, Any]:
    """Every member of a campaign beside its channels."""
    now = connect_mock.now().replace(microsecond=0)
    hours = {"MONDAY": [{"startTime": "T09:00", "endTime": "T17:00"}]}
    limits = {"communicationLimitsList": [{"maxCountPerRecipient": 1, "frequency": 7, "unit": "DAY"}]}
    return {
        "source": {"customerProfilesSegmentArn": ARN},
        "connectCampaignFlowArn": f"{connect_instance.arn}/contact-flow/{FLOW}",
        "schedule": {
            "startTime": now + timedelta(hours=1),
            "endTime": now + timedelta(hours=2),
            "refreshFrequency": "PT1H",
        },
        "communicationTimeConfig": {
            "localTimeZoneConfig": {"defaultTimeZone": "Europe/London"},
            "telephony": {"openHours": {"dailyHours": hours}},
        },
        "communicationLimitsOverride": {"allChannelSubtypes": limits, "instanceLimitsHandling": "OPT_OUT"},
    }


def test_a_campaign_is_created_and_seen_everywhere(
    client: Any, connect_instance: Instance, connect_queue: Queue, create: Create, telephony: dict[str, Any]
) -> None:
    created = create(tags={"owner": "sales"})

    (campaign,) = connect_instance.campaigns
    assert (campaign.id, campaign.arn) == (created["id"], created["arn"])
    assert (campaign.name, campaign.queue, campaign.state) == ("Spring", connect_queue, "Initialized")
    assert without_time(client.describe_campaign(id=campaign.id)["campaign"]) == {
        "id": campaign.id,
        "arn": campaign.arn,
        "name": "Spring",
        "connectInstanceId": connect_instance.id,
        "channelSubtypeConfig": {"telephony": telephony},
        "tags": {"owner": "sales"},
    }


def test_version_1_knows_a_campaign_that_only_calls(
    connectcampaigns_client: Any, create: Create, telephony: dict[str, Any]
) -> None:
    created = create()

    campaign = connectcampaigns_client.describe_campaign(id=created["id"])["campaign"]
    assert campaign["dialerConfig"] == {
        "progressiveDialerConfig": {"bandwidthAllocation": 0.5, "dialingCapacity": 0.5}
    }
    assert campaign["outboundCallConfig"]["connectQueueId"] == telephony["connectQueueId"]


CALLS = "channelSubtypeConfig.telephony"
needs_ring_timeout = pytest.mark.skipif(
    not knows("CreateCampaign", f"{CALLS}.defaultOutboundConfig.ringTimeout"),
    reason="The installed botocore knows no ring timeout",
)
needs_pacing = pytest.mark.skipif(
    not knows("CreateCampaign", f"{CALLS}.outboundMode.predictive.pacingStrategies"),
    reason="The installed botocore knows no pacing strategies",
)
WEIGHT = {"bandwidthAllocation": 1.0}
PACING = [
    {
        "abandonmentRate": {
            "targetRate": 0.03,
            "connectionStartPoint": "GREETING_END",
            "connectionThresholdSeconds": 2,
            "evaluationWindow": "PT1H",
        }
    }
]
PREVIEW = {"bandwidthAllocation": 1.0, "timeoutConfig": {"durationInSeconds": 20}}
DETECTED = {"enableAnswerMachineDetection": True, "awaitAnswerMachinePrompt": True}


@pytest.mark.parametrize(
    ("mode", "call"),
    [
        ({"predictive": {"bandwidthAllocation": 1.0}}, {"answerMachineDetectionConfig": DETECTED}),
        ({"preview": PREVIEW}, {"connectSourcePhoneNumber": NUMBER}),
        ({"preview": {**PREVIEW, "agentActions": ["DISCARD"]}}, {}),
        ({"agentless": {}}, {"connectSourcePhoneNumber": NUMBER}),
        pytest.param({"progressive": WEIGHT}, {"ringTimeout": 20}, marks=needs_ring_timeout),
        pytest.param({"predictive": {**WEIGHT, "pacingStrategies": PACING}}, {}, marks=needs_pacing),
    ],
)
def test_a_campaign_calls_as_it_was_told(
    client: Any, create: Create, telephony: dict[str, Any], mode: dict[str, Any], call: dict[str, Any]
) -> None:
    telephony["outboundMode"] = mode
    telephony["defaultOutboundConfig"] |= call

    created = create()

    described = client.describe_campaign(id=created["id"])["campaign"]["channelSubtypeConfig"]
    assert described == {"telephony": telephony}


def test_everything_else_is_described_as_it_was_given(
    client: Any, create: Create, everything: dict[str, Any]
) -> None:
    created = create(channelSubtypeConfig={"sms": SMS, "email": EMAIL}, **everything)

    campaign = client.describe_campaign(id=created["id"])["campaign"]
    assert campaign["channelSubtypeConfig"] == {"sms": SMS, "email": EMAIL}
    assert {name: campaign[name] for name in everything} == everything


@pytest.mark.parametrize(
    ("mode", "call"),
    [
        ({"preview": PREVIEW}, {}),
        pytest.param({"progressive": {"bandwidthAllocation": 1.5}}, {}, marks=needs_pacing),
        pytest.param({"predictive": {**WEIGHT, "pacingStrategies": PACING}}, {}, marks=needs_pacing),
        pytest.param({"progressive": WEIGHT}, {"ringTimeout": 20}, marks=needs_ring_timeout),
    ],
)
def test_version_1_does_not_know_calls_that_it_cannot_describe(
    connectcampaigns_client: Any,
    create: Create,
    telephony: dict[str, Any],
    mode: dict[str, Any],
    call: dict[str, Any],
) -> None:
    telephony["outboundMode"] = mode
    telephony["defaultOutboundConfig"] |= call
    create()

    assert connectcampaigns_client.list_campaigns()["campaignSummaryList"] == []


def test_a_summary_tells_the_channels_the_schedule_and_the_flow(
    client: Any, create: Create, telephony: dict[str, Any], everything: dict[str, Any]
) -> None:
    create(channelSubtypeConfig={"email": EMAIL, "sms": SMS, "telephony": telephony}, **everything)

    (summary,) = client.list_campaigns()["campaignSummaryList"]

    assert summary["channelSubtypes"] == ["TELEPHONY", "SMS", "EMAIL"]
    assert summary["schedule"] == everything["schedule"]
    assert summary["connectCampaignFlowArn"] == everything["connectCampaignFlowArn"]
    assert "source" not in summary


@pytest.mark.parametrize(
    "member",
    ["source", "connectCampaignFlowArn", "schedule", "communicationTimeConfig", "channelSubtypeConfig"],
)
def test_version_1_does_not_find_what_it_cannot_describe(
    connectcampaigns_client: Any,
    create: Create,
    telephony: dict[str, Any],
    everything: dict[str, Any],
    member: str,
) -> None:
    more = {**everything, "channelSubtypeConfig": {"telephony": telephony, "sms": SMS}}
    created = create(**{member: more[member]})

    assert connectcampaigns_client.list_campaigns()["campaignSummaryList"] == []
    found = code(lambda: connectcampaigns_client.describe_campaign(id=created["id"]))
    assert found == "ResourceNotFoundException"


def test_the_same_creation_again_is_the_same_campaign(
    connect_instance: Instance, create: Create, everything: dict[str, Any]
) -> None:
    assert create(**everything)["id"] == create(**everything)["id"]
    assert len(connect_instance.campaigns) == 1


def test_another_creation_of_the_same_name_is_a_conflict(create: Create, everything: dict[str, Any]) -> None:
    create(**everything)
    schedule = everything["schedule"]
    later = {**schedule, "endTime": schedule["endTime"] + timedelta(hours=1)}

    assert code(create) == "ConflictException"
    assert code(lambda: create(**everything, tags={"owner": "sales"})) == "ConflictException"
    assert code(lambda: create(**{**everything, "schedule": later})) == "ConflictException"
    assert code(lambda: create(**{**everything, "source": {"eventTrigger": {}}})) == "ConflictException"


@pytest.mark.parametrize("mode", [{"progressive": {"bandwidthAllocation": 1.0}}, {"preview": PREVIEW}])
def test_a_campaign_with_agents_needs_a_queue(
    create: Create, telephony: dict[str, Any], mode: dict[str, Any]
) -> None:
    telephony["outboundMode"] = mode
    del telephony["connectQueueId"]

    found, status, message = refusal(create)

    assert (found, status) == ("ValidationException", 400)
    assert "connectQueueId" in message


@needs_ring_timeout
def test_a_campaign_in_preview_mode_takes_no_ring_timeout(
    client: Any, create: Create, telephony: dict[str, Any]
) -> None:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-connectcampaignsv2-campaign-telephonyoutboundconfig.html
    # Version 1 has neither the mode nor the member.
    ringing = {**telephony["defaultOutboundConfig"], "ringTimeout": 20}
    preview = {**telephony, "outboundMode": {"preview": PREVIEW}}
    message = (
        "A campaign in preview mode takes no ringTimeout, which is 20; leave it out, or choose another mode."
    )

    config = {"telephony": {**preview, "defaultOutboundConfig": ringing}}
    refused = refusal(lambda: create(channelSubtypeConfig=config))
    assert refused == ("ValidationException", 400, message)

    created = create(channelSubtypeConfig={"telephony": preview})
    refused = refusal(
        lambda: client.update_campaign_channel_subtype_config(id=created["id"], channelSubtypeConfig=config)
    )
    assert refused == ("ValidationException", 400, message)
    described = client.describe_campaign(id=created["id"])["campaign"]["channelSubtypeConfig"]
    assert described == {"telephony": preview}


def test_an_agentless_campaign_needs_a_source_number(create: Create) -> None:
    config = {**AGENTLESS, "defaultOutboundConfig": {"connectContactFlowId": FLOW}}

    assert code(lambda: create(channelSubtypeConfig={"telephony": config})) == "ValidationException"
    assert create(channelSubtypeConfig={"telephony": AGENTLESS})


def test_what_a_campaign_refers_to_is_there(
    connect_client: Any, connect_instance: Instance, create: Create, telephony: dict[str, Any]
) -> None:
    flow = connect_client.create_contact_flow(
        InstanceId=connect_instance.id, Name="Spring", Type="CAMPAIGN", Content="{}"
    )
    assert code(create) == "ResourceNotFoundException"
    telephony["defaultOutboundConfig"]["connectContactFlowId"] = flow["ContactFlowId"]

    unknown = f"{connect_instance.arn}/contact-flow/{UNKNOWN}"
    found, status, message = refusal(lambda: create(connectCampaignFlowArn=unknown))
    assert (found, status) == ("ResourceNotFoundException", 404)
    assert message == f"The campaign flow '{unknown}' was not found in this instance."
    assert connect_instance.campaigns == []
    assert create(connectCampaignFlowArn=flow["ContactFlowArn"])


def test_an_instance_has_campaigns_once_it_is_onboarded(
    client: Any, connect_instance: Instance, create: Create
) -> None:
    client.delete_connect_instance_config(connectInstanceId=connect_instance.id)

    found, _, message = refusal(create)

    assert found == "ResourceNotFoundException"
    assert "StartInstanceOnboardingJob" in message
    assert code(lambda: create(connectInstanceId=UNKNOWN)) == "ResourceNotFoundException"


def test_a_campaign_has_a_channel(create: Create) -> None:
    found, status, message = refusal(lambda: create(channelSubtypeConfig={}))

    assert (found, status) == ("ValidationException", 400)
    assert message == (
        "A campaign needs at least one of telephony, sms, email and whatsApp, unless its type is JOURNEY."
    )


@needs_newer
def test_a_journey_needs_no_channel(client: Any, create: Create) -> None:
    created = create(channelSubtypeConfig=None, type="JOURNEY")

    campaign = client.describe_campaign(id=created["id"])["campaign"]
    assert (campaign["type"], campaign["channelSubtypeConfig"]) == ("JOURNEY", {})
    (summary,) = client.list_campaigns()["campaignSummaryList"]
    assert (summary["type"], summary["channelSubtypes"]) == ("JOURNEY", [])
    assert code(lambda: create(channelSubtypeConfig=None, type="MANAGED")) == "ValidationException"


@needs_newer
def test_a_campaign_can_use_whatsapp(client: Any, create: Create) -> None:
    created = create(channelSubtypeConfig={"whatsApp": SMS})

    config = client.describe_campaign(id=created["id"])["campaign"]["channelSubtypeConfig"]
    assert config == {"whatsApp": SMS}
    assert client.list_campaigns()["campaignSummaryList"][0]["channelSubtypes"] == ["WHATSAPP"]


def test_the_channels_that_are_given_are_replaced(
    client: Any, create: Create, telephony: dict[str, Any]
) -> None:
    created = create(channelSubtypeConfig={"telephony": telephony, "sms": SMS})
    client.start_campaign(id=created["id"])
    predictive = {**telephony, "outboundMode": {"predictive": {"bandwidthAllocation": 1.0}}}
    del predictive["capacity"]

    for config in ({"telephony": predictive}, {"email": EMAIL}):
        client.update_campaign_channel_subtype_config(id=created["id"], channelSubtypeConfig=config)

    described = client.describe_campaign(id=created["id"])["campaign"]["channelSubtypeConfig"]
    assert described == {"telephony": predictive, "sms": SMS, "email": EMAIL}


def test_a_campaign_that_sends_messages_can_come_to_call(
    connect_instance: Instance, connect_queue: Queue, client: Any, create: Create, telephony: dict[str, Any]
) -> None:
    created = create(channelSubtypeConfig={"sms": SMS})
    assert connect_instance.campaigns[0].queue is None

    client.update_campaign_channel_subtype_config(
        id=created["id"], channelSubtypeConfig={"telephony": telephony}
    )

    assert connect_instance.campaigns[0].queue == connect_queue


def test_a_started_campaign_stays_agentless_or_not(
    client: Any, create: Create, telephony: dict[str, Any]
) -> None:
    with_agents = create()["id"]
    without = create(name="Autumn", channelSubtypeConfig={"telephony": AGENTLESS})["id"]
    for campaign_id in (with_agents, without):
        client.start_campaign(id=campaign_id)

    def update(campaign_id: str, config: dict[str, Any]) -> Any:
        return client.update_campaign_channel_subtype_config(
            id=campaign_id, channelSubtypeConfig={"telephony": config, "sms": SMS}
        )

    assert refusal(lambda: update(with_agents, AGENTLESS))[:2] == ("ConflictException", 409)
    assert refusal(lambda: update(without, telephony))[:2] == ("ConflictException", 409)
    config = client.describe_campaign(id=with_agents)["campaign"]["channelSubtypeConfig"]
    assert config == {"telephony": telephony}


def test_an_update_names_a_channel(client: Any, create: Create) -> None:
    created = create()

    found, status, message = refusal(
        lambda: client.update_campaign_channel_subtype_config(id=created["id"], channelSubtypeConfig={})
    )

    assert (found, status) == ("ValidationException", 400)
    assert message.startswith("channelSubtypeConfig is empty")


def test_a_channel_is_deleted(
    connect_instance: Instance, client: Any, create: Create, telephony: dict[str, Any]
) -> None:
    created = create(channelSubtypeConfig={"telephony": telephony, "sms": SMS, "email": EMAIL})

    def delete(channel: str) -> dict[str, Any]:
        client.delete_campaign_channel_subtype_config(id=created["id"], channelSubtype=channel)
        config: dict[str, Any] = client.describe_campaign(id=created["id"])["campaign"]
        return dict(config["channelSubtypeConfig"])

    assert delete("SMS") == {"telephony": telephony, "email": EMAIL}
    assert delete("SMS") == {"telephony": telephony, "email": EMAIL}
    assert delete("TELEPHONY") == {"email": EMAIL}
    assert connect_instance.campaigns[0].queue is None
    assert refusal(lambda: delete("EMAIL"))[:2] == ("ConflictException", 409)


def test_a_channel_is_deleted_before_the_campaign_is_started(
    client: Any, create: Create, telephony: dict[str, Any]
) -> None:
    created = create(channelSubtypeConfig={"telephony": telephony, "sms": SMS})
    client.start_campaign(id=created["id"])

    found, status, _ = refusal(
        lambda: client.delete_campaign_channel_subtype_config(id=created["id"], channelSubtype="SMS")
    )

    assert (found, status) == ("ConflictException", 409)


def test_a_seeded_campaign_is_described(
    client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    seeded: Campaign = connect_instance.add_campaign(queue=connect_queue, mode="preview")

    campaign = client.describe_campaign(id=seeded.arn)["campaign"]

    assert campaign["id"] == seeded.id
    telephony = campaign["channelSubtypeConfig"]["telephony"]
    assert telephony["connectQueueId"] == connect_queue.id
    assert telephony["outboundMode"] == {
        "preview": {
            "bandwidthAllocation": 1.0,
            "timeoutConfig": {"durationInSeconds": 30},
            "agentActions": ["DISCARD"],
        }
    }


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("describe_campaign", {}),
        ("update_campaign_channel_subtype_config", {"channelSubtypeConfig": {"sms": SMS}}),
        ("delete_campaign_channel_subtype_config", {"channelSubtype": "SMS"}),
    ],
)
def test_an_unknown_campaign_is_not_found(client: Any, operation: str, more: dict[str, Any]) -> None:
    assert code(lambda: getattr(client, operation)(id=UNKNOWN, **more)) == "ResourceNotFoundException"
