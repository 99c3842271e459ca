"""What may change of a campaign: the table of the documentation, held equal to both versions.

Version 1 follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_CreateCampaign.html:
an agentless campaign stays agentless from its creation on. Version 2 follows
https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_StartCampaign.html,
which lists what cannot be modified after the start, and the notes of the operations that change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from campaigns_model import FLOW, NUMBER, assert_all_modeled, knows, refusal
from checkout import DOCS

from connect_batchmock import ConnectMock, Instance, Queue, outcomes

PAGE = DOCS / "explanation" / "decisions" / "campaigns.md"
ARN = "arn:aws:connect:us-east-1:123456789012:thing/one"
LIMITS = {
    "allChannelSubtypes": {
        "communicationLimitsList": [{"maxCountPerRecipient": 1, "frequency": 7, "unit": "DAY"}]
    }
}
SMS = {
    "outboundMode": {"agentless": {}},
    "defaultOutboundConfig": {"connectSourcePhoneNumberArn": ARN, "wisdomTemplateArn": ARN},
}
DETECTION = {"enableAnswerMachineDetection": True}


@pytest.fixture(autouse=True)
def _all_is_modeled(connect_mock: ConnectMock) -> Iterator[None]:
    yield
    assert_all_modeled(connect_mock)


def documented_changes() -> dict[str, list[str]]:
    """Return the cells of the table, by the first cell of the row."""
    text = PAGE.read_text(encoding="utf-8").split("### When a campaign may be changed\n")[1]
    rows = [line for line in text.split("**Status:")[0].splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]
    return {first: others for first, *others in cells}


class Version1:
    """A campaign of version 1, and each change that version 1 can make."""

    def __init__(self, mock: ConnectMock, instance: Instance, queue: Queue) -> None:
        self.client: Any = mock.client("connectcampaigns")
        self.id: str = self.client.create_campaign(
            name="Spring",
            connectInstanceId=instance.id,
            dialerConfig=self.progressive(0.5),
            outboundCallConfig={
                "connectContactFlowId": FLOW,
                "connectQueueId": queue.id,
                "connectSourcePhoneNumber": NUMBER,
            },
        )["id"]

    def progressive(self, allocation: float) -> dict[str, Any]:
        return {"progressiveDialerConfig": {"bandwidthAllocation": allocation, "dialingCapacity": 0.5}}

    def update_dialer(self, **config: Any) -> None:
        self.client.update_campaign_dialer_config(id=self.id, dialerConfig=config)

    def update_calls(self, **config: Any) -> None:
        self.client.update_campaign_outbound_call_config(id=self.id, **config)

    @property
    def changes(self) -> dict[str, Callable[[], object]]:
        return {
            "name": lambda: self.client.update_campaign_name(id=self.id, name="Summer"),
            "tags": lambda: self.client.tag_resource(arn=self.arn, tags={"owner": "sales"}),
            "agentless or not": lambda: self.update_dialer(agentlessDialerConfig={}),
            "another mode with agents": lambda: self.update_dialer(
                predictiveDialerConfig={"bandwidthAllocation": 1.0}
            ),
            "bandwidth allocation, capacity": lambda: self.update_dialer(**self.progressive(0.7)),
            "contact flow, source number, answering machine detection": lambda: self.update_calls(
                connectContactFlowId="another",
                connectSourcePhoneNumber=NUMBER,
                answerMachineDetectionConfig=DETECTION,
            ),
        }

    @property
    def arn(self) -> str:
        return str(self.client.describe_campaign(id=self.id)["campaign"]["arn"])


class Version2:
    """A campaign of version 2, and each change that version 2 can make."""

    def __init__(self, mock: ConnectMock, instance: Instance, queue: Queue) -> None:
        self.client: Any = mock.client("connectcampaignsv2")
        self.now = mock.now().replace(microsecond=0)
        self.other_queue = instance.add_queue()
        self.telephony = {
            "connectQueueId": queue.id,
            "outboundMode": {"progressive": {"bandwidthAllocation": 0.5}},
            "defaultOutboundConfig": {"connectContactFlowId": FLOW, "connectSourcePhoneNumber": NUMBER},
        }
        created = self.client.create_campaign(
            name="Spring",
            connectInstanceId=instance.id,
            channelSubtypeConfig={"telephony": self.telephony, "sms": SMS},
            source={"customerProfilesSegmentArn": ARN},
        )
        self.id, self.arn = created["id"], created["arn"]
        self.without_source = self.client.create_campaign(
            name="Autumn", connectInstanceId=instance.id, channelSubtypeConfig={"sms": SMS}
        )["id"]

    def update(self, what: str, **members: Any) -> None:
        getattr(self.client, f"update_campaign_{what}")(**{"id": self.id, **members})

    def update_calls(self, **members: Any) -> None:
        config = {"telephony": {**self.telephony, **members}}
        self.update("channel_subtype_config", channelSubtypeConfig=config)

    @property
    def changes(self) -> dict[str, Callable[[], object]]:
        zone = {"localTimeZoneConfig": {"defaultTimeZone": "Europe/London"}}
        schedule = {"startTime": self.now + timedelta(hours=1), "endTime": self.now + timedelta(hours=2)}
        source = {"customerProfilesSegmentArn": ARN}
        changes: dict[str, Callable[[], object]] = {
            "name": lambda: self.update("name", name="Summer"),
            "tags": lambda: self.client.tag_resource(arn=self.arn, tags={"owner": "sales"}),
            "agentless or not": lambda: self.update_calls(outboundMode={"agentless": {}}),
            "another mode with agents": lambda: self.update_calls(
                outboundMode={"predictive": {"bandwidthAllocation": 1.0}}
            ),
            "bandwidth allocation, capacity": lambda: self.update_calls(
                outboundMode={"progressive": {"bandwidthAllocation": 0.7}}, capacity=0.5
            ),
            "contact flow, source number, answering machine detection": lambda: self.update_calls(
                defaultOutboundConfig={
                    "connectContactFlowId": "another",
                    "answerMachineDetectionConfig": DETECTION,
                }
            ),
            "queue": lambda: self.update_calls(connectQueueId=self.other_queue.id),
            "configuration of another channel": lambda: self.update(
                "channel_subtype_config", channelSubtypeConfig={"sms": SMS}
            ),
            "deletion of a channel": lambda: self.client.delete_campaign_channel_subtype_config(
                id=self.id, channelSubtype="SMS"
            ),
            "schedule": lambda: self.update("schedule", schedule=schedule),
            "source": lambda: self.update("source", source=source),
            "source of a campaign without one": lambda: self.update(
                "source", id=self.without_source, source=source
            ),
            "campaign flow": lambda: self.update("flow_association", connectCampaignFlowArn=ARN),
            "communication time": lambda: self.update("communication_time", communicationTimeConfig=zone),
            "communication limits": lambda: self.update(
                "communication_limits", communicationLimitsOverride=LIMITS
            ),
        }
        if knows("UpdateCampaignEntryLimits"):
            entry = {"maxEntryCount": 3, "minEntryInterval": "P1D"}
            changes["entry limits"] = lambda: self.update("entry_limits", entryLimitsConfig=entry)
        return changes

    def start(self) -> None:
        for campaign_id in (self.id, self.without_source):
            self.client.start_campaign(id=campaign_id)


def result_of(change: Callable[[], object]) -> str:
    try:
        change()
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return f"`{error.response['Error']['Code']}`" if status == 409 else f"status {status}"
    return "yes"


@pytest.fixture
def expected() -> dict[str, list[str]]:
    """Return the documented cells of the changes that the installed model has."""
    rows = documented_changes()
    if not knows("UpdateCampaignEntryLimits"):
        del rows["entry limits"]
    return rows


@pytest.mark.parametrize("is_started", [False, True])
def test_version_1_changes_what_is_documented(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    expected: dict[str, list[str]],
    is_started: bool,
) -> None:
    campaign = Version1(connect_mock, connect_instance, connect_queue)
    if is_started:
        campaign.client.start_campaign(id=campaign.id)

    results = {what: result_of(change) for what, change in campaign.changes.items()}

    # An empty cell: version 1 has no such member.
    assert results == {what: version_1 for what, (version_1, _, _) in expected.items() if version_1}


@pytest.mark.parametrize("is_started", [False, True])
def test_version_2_changes_what_is_documented(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    expected: dict[str, list[str]],
    is_started: bool,
) -> None:
    campaign = Version2(connect_mock, connect_instance, connect_queue)
    if is_started:
        campaign.start()

    results = {what: result_of(change) for what, change in campaign.changes.items()}

    assert results == {
        what: started if is_started else initialized for what, (_, initialized, started) in expected.items()
    }


@pytest.mark.parametrize("verbs", [["pause"], ["stop"]])
def test_a_campaign_stays_frozen_after_its_start(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, verbs: list[str]
) -> None:
    campaign = Version2(connect_mock, connect_instance, connect_queue)
    for verb in ["start", *verbs]:
        getattr(campaign.client, f"{verb}_campaign")(id=campaign.id)

    assert result_of(campaign.changes["queue"]) == "`ConflictException`"
    assert result_of(campaign.changes["campaign flow"]) == "`InvalidCampaignStateException`"


def test_the_queue_of_a_started_campaign_is_named(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    campaign = Version2(connect_mock, connect_instance, connect_queue)
    campaign.start()

    assert refusal(campaign.changes["queue"])[2] == (
        "A campaign that is Running cannot change its connectQueueId; only a campaign that is Initialized "
        "can. Repeat the connectQueueId of the campaign, or create another campaign."
    )
    assert refusal(campaign.changes["agentless or not"])[2] == (
        "A campaign that is Running cannot change from progressive to agentless; only a campaign that is "
        "Initialized can. Create another campaign."
    )
    config = campaign.client.describe_campaign(id=campaign.id)["campaign"]["channelSubtypeConfig"]
    assert config["telephony"] == campaign.telephony


def test_a_started_campaign_can_come_to_call(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    campaign = Version2(connect_mock, connect_instance, connect_queue)
    campaign.start()

    campaign.update(
        "channel_subtype_config",
        id=campaign.without_source,
        channelSubtypeConfig={"telephony": campaign.telephony},
    )

    assert [campaign.queue for campaign in connect_instance.campaigns] == [connect_queue, connect_queue]


def test_waiting_contacts_keep_to_their_queue(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: Callable[..., list[str]],
) -> None:
    campaign = Version2(connect_mock, connect_instance, connect_queue)
    connect_mock.on_dial(outcomes.answered(ring=5, talk=20))
    put_for(connect_instance.campaigns[0], 2)

    campaign.changes["agentless or not"]()
    connect_queue.add_agents(1)
    connect_mock.advance(10)

    first, second = connect_mock.contacts
    assert first.agent == connect_queue.agents[0]
    assert second.dialed_at is None
    connect_mock.advance(40)
    assert connect_mock.contacts[1].disconnect_reason == "CUSTOMER_DISCONNECT"
