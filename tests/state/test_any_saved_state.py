"""Whatever has happened in a mock, its saved state seeds the same resources in another mock."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import time_machine
from botocore.exceptions import ClientError
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from jsonschema import Draft7Validator
from older_models import HAS_PACING_STRATEGIES, HAS_PREVIEW_MODE

from connect_batchmock import ConnectMock, Instance, mock_connect
from connect_batchmock.domain.ids import id_of_default
from connect_batchmock.state.format import json_schema

START = datetime(2030, 1, 1, tzinfo=timezone.utc)
REGIONS = ["us-east-1", "eu-west-2"]
MODES = ["progressive", "predictive", *(["preview"] if HAS_PREVIEW_MODE else []), "agentless"]
NUMBERS = [f"+1555555{suffix:04}" for suffix in range(100, 106)]
STATUSES = ["Available", "Offline", "Lunch"]

names = st.one_of(
    st.sampled_from(["Sales", "Renewals", "BasicQueue", 'a "quoted"\n\\ name', "\x7f\x00'''", "ÄÖ 🙂"]),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
)
tags = st.dictionaries(st.sampled_from(["team", "a.b c"]), st.text('aé"\n', max_size=4), max_size=2)
numbers = st.sampled_from(NUMBERS)
some = st.integers(0, 50)

NOT_SAVED = {
    "CreatedTime",
    "HoursOfOperationId",
    "LastModifiedTime",
    "ResponseMetadata",
    "RoutingProfileId",
    "lastModifiedTime",
}
"""The members of responses that another mock generates: times, and the ids of what a file cannot say."""


@cache
def client(service: str, region: str) -> Any:
    """A client that the innermost mock answers."""
    return boto3.client(service, region, aws_access_key_id="x", aws_secret_access_key="x")


def saved_part(value: Any) -> Any:
    """A response without the members that are not saved."""
    if isinstance(value, dict):
        return {name: saved_part(entry) for name, entry in value.items() if name not in NOT_SAVED}
    return [saved_part(entry) for entry in value] if isinstance(value, list) else value


def described(mock: ConnectMock) -> list[Any]:
    """What handles and responses say about the resources of a mock."""
    return [saved_part(_described(instance)) for instance in mock.instances]


def _described(instance: Instance) -> list[Any]:
    connect = client("connect", instance.region)
    of_instance = {"InstanceId": instance.id}
    queues = connect.list_queues(**of_instance)["QueueSummaryList"]
    return [
        (instance.id, instance.arn, instance.alias, instance.region, dict(instance.communication_limits)),
        connect.describe_instance(**of_instance),
        connect.list_instance_attributes(**of_instance),
        [connect.describe_queue(**of_instance, QueueId=queue["Id"]) for queue in queues],
        [
            (queue.id, queue.name, queue.enabled, [agent.id for agent in queue.agents])
            for queue in instance.queues
            # If an application has changed it, it is a queue that was added in the other mock.
            if queue.id != id_of_default(instance.id, "BasicQueue")
        ],
        [connect.describe_user(**of_instance, UserId=agent.id) for agent in instance.agents],
        [
            (agent.id, agent.username, agent.status, agent.activity, sorted(q.id for q in agent.queues))
            for agent in instance.agents
        ],
        [connect.describe_phone_number(PhoneNumberId=number.id) for number in instance.phone_numbers],
        [(number.id, number.number, number.type, number.description) for number in instance.phone_numbers],
        [
            (campaign.id, campaign.name, campaign.state, campaign.queue and campaign.queue.name)
            for campaign in instance.campaigns
        ],
        _described_campaigns(instance),
    ]


def _described_campaigns(instance: Instance) -> list[Any]:
    descriptions = []
    for campaign in instance.campaigns:
        for service in ("connectcampaigns", "connectcampaignsv2"):
            # Version 1 does not show each campaign of version 2.
            with suppress(ClientError):
                descriptions.append(client(service, instance.region).describe_campaign(id=campaign.id))
    return descriptions


class AnySavedState(RuleBasedStateMachine):
    """Seeds and changes resources through handles and clients, and saves them at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped_clock = time_machine.travel(START, tick=False)
        self.stopped_clock.start()
        self.activation = mock_connect(strict=False, caller="customer")
        self.mock = self.activation.start()
        self.folder = tempfile.TemporaryDirectory()
        self.mock.add_instance("first")

    def teardown(self) -> None:
        self.activation.stop()
        self.stopped_clock.stop()
        self.folder.cleanup()

    def an(self, kind: str, index: int) -> Any:
        """A resource of a kind, with its instance; None if the mock has none of the kind."""
        every = [
            (resource, instance) for instance in self.mock.instances for resource in getattr(instance, kind)
        ]
        return every[index % len(every)] if every else (None, None)

    def an_instance(self, index: int) -> Instance:
        instances = self.mock.instances
        return instances[index % len(instances)]

    def connect(self, instance: Instance) -> Any:
        return client("connect", instance.region)

    @rule(alias=st.none() | names, region=st.sampled_from(REGIONS))
    def add_an_instance(self, alias: str | None, region: str) -> None:
        with suppress(ValueError):
            self.mock.add_instance(alias, region=region)

    @rule(
        region=st.sampled_from(REGIONS),
        type=st.sampled_from(["SAML", "CONNECT_MANAGED"]),
        calls=st.booleans(),
    )
    def create_an_instance(self, region: str, type: str, calls: bool) -> None:
        with suppress(ClientError):
            client("connect", region).create_instance(
                IdentityManagementType=type,
                InstanceAlias=f"created-{len(self.mock.instances)}",
                InboundCallsEnabled=calls,
                OutboundCallsEnabled=True,
            )

    @precondition(lambda self: len(self.mock.instances) > 1)
    @rule(index=some)
    def delete_an_instance(self, index: int) -> None:
        instance = self.an_instance(index)
        self.connect(instance).delete_instance(InstanceId=instance.id)

    @rule(index=some, name=st.none() | names, enabled=st.booleans())
    def add_a_queue(self, index: int, name: str | None, enabled: bool) -> None:
        with suppress(ValueError):
            self.an_instance(index).add_queue(name, enabled=enabled)

    @rule(index=some, tags=tags, size=st.none() | st.integers(0, 9), caller=st.booleans())
    def create_a_queue(self, index: int, tags: dict[str, str], size: int | None, caller: bool) -> None:
        instance = self.an_instance(index)
        connect = self.connect(instance)
        hours = connect.list_hours_of_operations(InstanceId=instance.id)["HoursOfOperationSummaryList"]
        numbers = [number.id for number in instance.phone_numbers][: int(caller)]
        further: dict[str, Any] = {} if size is None else {"MaxContacts": size, "Description": "some"}
        if numbers:
            further["OutboundCallerConfig"] = {
                "OutboundCallerIdName": "Sales",
                "OutboundCallerIdNumberId": numbers[0],
            }
        with suppress(ClientError):
            connect.create_queue(
                InstanceId=instance.id,
                Name=f"Created {len(instance.queues)}",
                HoursOfOperationId=hours[0]["Id"],
                **({"Tags": tags} if tags else {}),
                **further,
            )

    @rule(index=some, queue=some, name=names, enabled=st.booleans())
    def change_a_queue(self, index: int, queue: int, name: str, enabled: bool) -> None:
        instance = self.an_instance(index)
        connect = self.connect(instance)
        queues = connect.list_queues(InstanceId=instance.id)["QueueSummaryList"]
        if queues:
            changed = {"InstanceId": instance.id, "QueueId": queues[queue % len(queues)]["Id"]}
            with suppress(ClientError):
                connect.update_queue_name(**changed, Name=name)
            connect.update_queue_status(**changed, Status="ENABLED" if enabled else "DISABLED")

    @rule(index=some)
    def delete_a_queue(self, index: int) -> None:
        queue, _ = self.an("queues", index)
        if queue is not None:
            queue.delete()

    @rule(index=some, count=st.integers(1, 3))
    def add_agents(self, index: int, count: int) -> None:
        queue, _ = self.an("queues", index)
        if queue is not None:
            queue.add_agents(count)

    @rule(index=some, count=st.integers(0, 3), name=names, status=st.sampled_from(STATUSES), tags=tags)
    def add_an_agent(self, index: int, count: int, name: str, status: str, tags: dict[str, str]) -> None:
        instance = self.an_instance(index)
        with suppress(ValueError):
            agent = instance.add_agent(
                name, queues=instance.queues[:count], first_name=name, email=f"{name}@x", status=status
            )
            if tags:
                self.connect(instance).tag_resource(resourceArn=agent.arn, tags=tags)

    @rule(index=some, status=st.sampled_from(STATUSES))
    def set_a_status(self, index: int, status: str) -> None:
        agent, _ = self.an("agents", index)
        if agent is not None:
            agent.set_status(status)

    @rule(index=some, number=numbers)
    def claim_a_number(self, index: int, number: str) -> None:
        with suppress(ValueError):
            self.an_instance(index).add_phone_number(number)

    @rule(index=some, tags=tags)
    def tag_a_number(self, index: int, tags: dict[str, str]) -> None:
        number, instance = self.an("phone_numbers", index)
        if number is not None and tags:
            self.connect(instance).tag_resource(resourceArn=number.arn, tags=tags)

    @rule(index=some)
    def release_a_number(self, index: int) -> None:
        number, instance = self.an("phone_numbers", index)
        if number is not None:
            # A campaign may use it.
            with suppress(ClientError):
                self.connect(instance).release_phone_number(PhoneNumberId=number.id)

    @rule(
        index=some,
        name=st.none() | names,
        queue=some,
        mode=st.sampled_from([None, *MODES]),
        machine=st.booleans(),
    )
    def add_a_campaign(
        self, index: int, name: str | None, queue: int, mode: str | None, machine: bool
    ) -> None:
        instance = self.an_instance(index)
        queues = instance.queues[queue % 3 :][:1]
        with suppress(ValueError):
            instance.add_campaign(
                name,
                queue=queues[0] if queues else None,
                mode=mode,
                bandwidth_allocation=queue / 50,
                source_number=NUMBERS[0] if machine else None,
                answer_machine_detection=machine,
            )

    @rule(index=some, queue=some, mode=st.sampled_from(MODES), is_sms=st.booleans(), hours=st.integers(0, 3))
    def create_a_campaign(self, index: int, queue: int, mode: str, is_sms: bool, hours: int) -> None:
        instance = self.an_instance(index)
        queues = instance.queues[queue % 3 :][:1]
        outbound: dict[str, Any] = {"connectContactFlowId": "flow", "connectSourcePhoneNumber": NUMBERS[0]}
        mode_config: dict[str, Any] = {} if mode == "agentless" else {"bandwidthAllocation": queue / 25}
        if mode == "preview":
            mode_config["timeoutConfig"] = {"durationInSeconds": 20}
        if mode == "predictive" and HAS_PACING_STRATEGIES:
            rate = {"targetRate": 0.03, "connectionStartPoint": "GREETING_END"}
            rate |= {"connectionThresholdSeconds": 2, "evaluationWindow": "PT4H"}
            mode_config["pacingStrategies"] = [{"abandonmentRate": rate}]
        channels: dict[str, Any] = {
            "telephony": {
                "outboundMode": {mode: mode_config},
                "defaultOutboundConfig": outbound,
                **({"connectQueueId": queues[0].id} if queues else {}),
            }
        }
        if is_sms:
            arn = "arn:aws:wisdom:us-east-1:123456789012:message-template/one"
            number_arn = "arn:aws:connect:us-east-1:123456789012:phone-number/one"
            sms = {"connectSourcePhoneNumberArn": number_arn, "wisdomTemplateArn": arn}
            channels = (channels if queue % 2 else {}) | {
                "sms": {"outboundMode": {"agentless": {}}, "defaultOutboundConfig": sms}
            }
        now = self.mock.now()
        schedule = {"startTime": now + timedelta(hours=1), "endTime": now + timedelta(hours=1 + hours)}
        with suppress(ClientError):
            client("connectcampaignsv2", instance.region).create_campaign(
                name=f"Created {queue}",
                connectInstanceId=instance.id,
                channelSubtypeConfig=channels,
                communicationTimeConfig={"localTimeZoneConfig": {"defaultTimeZone": "Europe/London"}},
                tags={"a": "b"},
                **({"schedule": schedule} if hours else {}),
            )

    @rule(index=some, queue=some, capacity=st.none() | st.floats(0.01, 1))
    def create_a_campaign_of_version_1(self, index: int, queue: int, capacity: float | None) -> None:
        instance = self.an_instance(index)
        queues = instance.queues[queue % 3 :][:1]
        if queues:
            dialer: dict[str, Any] = {"bandwidthAllocation": 0.5}
            dialer |= {} if capacity is None else {"dialingCapacity": capacity}
            with suppress(ClientError):
                client("connectcampaigns", instance.region).create_campaign(
                    name=f"Old {queue}",
                    connectInstanceId=instance.id,
                    dialerConfig={"progressiveDialerConfig": dialer},
                    outboundCallConfig={"connectContactFlowId": "flow", "connectQueueId": queues[0].id},
                )

    @rule(index=some, name=st.text("abc", min_size=1, max_size=3))
    def rename_a_campaign(self, index: int, name: str) -> None:
        campaign, instance = self.an("campaigns", index)
        if campaign is not None:
            with suppress(ClientError):
                client("connectcampaignsv2", instance.region).update_campaign_name(id=campaign.id, name=name)

    @rule(index=some, verb=st.sampled_from(["start", "start", "pause", "resume", "stop", "fail", "delete"]))
    def change_a_campaign(self, index: int, verb: str) -> None:
        campaign, _ = self.an("campaigns", index)
        if campaign is not None:
            with suppress(ValueError):
                getattr(campaign, verb)()

    @rule(index=some, number=numbers)
    def add_a_profile(self, index: int, number: str) -> None:
        self.an_instance(index).add_profile(number, attributes={"lead \n": number})

    @rule(hours=st.integers(1, 3))
    def advance(self, hours: int) -> None:
        self.mock.advance(timedelta(hours=hours))

    @rule(suffix=st.sampled_from([".toml", ".json"]))
    def it_is_restored(self, suffix: str) -> None:
        before, document = described(self.mock), self.mock.state()
        assert [error.message for error in VALIDATOR.iter_errors(document)] == []
        path = Path(self.folder.name) / f"state{suffix}"
        self.mock.save(path)

        with mock_connect(strict=False, caller="customer", state=path) as restored:
            assert described(restored) == before
            assert json.dumps(restored.state()) == json.dumps(document)
            # Ids of new resources are new.
            ids = [agent.id for instance in restored.instances for agent in instance.agents]
            assert restored.instances[0].add_agent(queues=[]).id not in ids


VALIDATOR = Draft7Validator(json_schema())

TestAnySavedState = AnySavedState.TestCase
TestAnySavedState.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, phases=[Phase.generate]
)
