"""The configuration of a version 2 campaign beside its channels, and of an instance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from campaigns_model import assert_all_modeled, code, knows, refusal
from factories import UNKNOWN

from connect_batchmock import Campaign, ConnectMock, Instance, Queue
from connect_batchmock.services.context import Context
from connect_batchmock.services.registry import FAKES

ARN = "arn:aws:connect:us-east-1:123456789012:thing/one"
OTHER_ARN = "arn:aws:connect:us-east-1:123456789012:thing/two"
DAILY = {"openHours": {"dailyHours": {"MONDAY": [{"startTime": "T09:00", "endTime": "T17:00"}]}}}
ZONE = {"localTimeZoneConfig": {"defaultTimeZone": "Europe/London"}}
LIMITS = {
    "allChannelSubtypes": {
        "communicationLimitsList": [{"maxCountPerRecipient": 1, "frequency": 7, "unit": "DAY"}]
    }
}
ENTRY = {"maxEntryCount": 3, "minEntryInterval": "P1D"}
needs_entry_limits = pytest.mark.skipif(
    not knows("UpdateCampaignEntryLimits"), reason="The installed botocore has no such operation"
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
def described(client: Any, connect_campaign: Campaign) -> Callable[[], dict[str, Any]]:
    """Describe ``connect_campaign``."""

    def describe() -> dict[str, Any]:
        answer: dict[str, Any] = client.describe_campaign(id=connect_campaign.id)
        return dict(answer["campaign"])

    return describe


@pytest.fixture
def from_now(connect_mock: ConnectMock) -> Callable[[float], datetime]:
    """Return the time so many hours from when the test began."""
    now = connect_mock.now().replace(microsecond=0)
    return lambda hours: now + timedelta(hours=hours)


UPDATES = [
    ("communication_time", "communicationTimeConfig", {**ZONE, "telephony": DAILY}),
    ("communication_limits", "communicationLimitsOverride", {**LIMITS, "instanceLimitsHandling": "OPT_IN"}),
    ("flow_association", "connectCampaignFlowArn", ARN),
]


@pytest.mark.parametrize(("what", "member", "value"), UPDATES)
def test_a_setting_is_kept_until_the_campaign_is_started(
    client: Any,
    connect_campaign: Campaign,
    described: Callable[[], dict[str, Any]],
    what: str,
    member: str,
    value: Any,
) -> None:
    def update(**changes: Any) -> Any:
        parameters = {"id": connect_campaign.id, member: value, **changes}
        return getattr(client, f"update_campaign_{what}")(**parameters)

    update()
    assert described()[member] == value
    assert code(lambda: update(id=UNKNOWN)) == "ResourceNotFoundException"

    connect_campaign.start()
    with pytest.raises(client.exceptions.InvalidCampaignStateException) as caught:
        update()
    assert caught.value.response["state"] == "Running"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_a_source_is_changed_where_there_is_one(
    client: Any, connect_instance: Instance, connect_queue: Queue, connect_campaign: Campaign
) -> None:
    created = client.create_campaign(
        name="Spring",
        connectInstanceId=connect_instance.id,
        channelSubtypeConfig={
            "telephony": {
                "connectQueueId": connect_queue.id,
                "outboundMode": {"progressive": {"bandwidthAllocation": 1}},
                "defaultOutboundConfig": {"connectContactFlowId": "flow"},
            }
        },
        source={"customerProfilesSegmentArn": ARN},
    )
    changed = {"customerProfilesSegmentArn": OTHER_ARN}

    client.update_campaign_source(id=created["id"], source=changed)

    assert client.describe_campaign(id=created["id"])["campaign"]["source"] == changed
    found, status, message = refusal(
        lambda: client.update_campaign_source(id=connect_campaign.id, source=changed)
    )
    assert (found, status) == ("ConflictException", 409)
    assert message.startswith("The campaign was created without a source")
    client.start_campaign(id=created["id"])
    again = code(lambda: client.update_campaign_source(id=created["id"], source=changed))
    assert again == "InvalidCampaignStateException"


def test_a_campaign_flow_is_one_of_the_instance(
    client: Any, connect_client: Any, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    flow = connect_client.create_contact_flow(
        InstanceId=connect_instance.id, Name="Spring", Type="CAMPAIGN", Content="{}"
    )

    def update(arn: str) -> Any:
        return client.update_campaign_flow_association(id=connect_campaign.id, connectCampaignFlowArn=arn)

    assert code(lambda: update(ARN)) == "ResourceNotFoundException"
    assert update(flow["ContactFlowArn"])


def test_the_hours_of_a_channel_are_deleted(
    client: Any, connect_campaign: Campaign, described: Callable[[], dict[str, Any]]
) -> None:
    name = {"id": connect_campaign.id}
    config = {**ZONE, "telephony": DAILY, "sms": DAILY}
    client.update_campaign_communication_time(**name, communicationTimeConfig=config)

    client.delete_campaign_communication_time(**name, config="TELEPHONY")
    client.delete_campaign_communication_time(**name, config="EMAIL")

    assert described()["communicationTimeConfig"] == {**ZONE, "sms": DAILY}


def test_the_limits_of_all_channels_are_deleted(
    client: Any, connect_campaign: Campaign, described: Callable[[], dict[str, Any]]
) -> None:
    name = {"id": connect_campaign.id}

    def delete() -> Any:
        client.delete_campaign_communication_limits(**name, config="ALL_CHANNEL_SUBTYPES")
        return described().get("communicationLimitsOverride")

    assert delete() is None
    client.update_campaign_communication_limits(**name, communicationLimitsOverride=LIMITS)
    assert delete() is None
    more = {**LIMITS, "instanceLimitsHandling": "OPT_OUT"}
    client.update_campaign_communication_limits(**name, communicationLimitsOverride=more)
    assert delete() == {"instanceLimitsHandling": "OPT_OUT"}


@needs_entry_limits
@pytest.mark.parametrize("is_started", [False, True])
def test_entry_limits_are_deleted(
    client: Any, connect_campaign: Campaign, described: Callable[[], dict[str, Any]], is_started: bool
) -> None:
    if is_started:
        connect_campaign.start()
    client.update_campaign_entry_limits(id=connect_campaign.id, entryLimitsConfig=ENTRY)
    (summary,) = client.list_campaigns()["campaignSummaryList"]
    assert summary["entryLimitsConfig"] == ENTRY

    for _ in range(2):
        client.delete_campaign_entry_limits(id=connect_campaign.id)

    assert "entryLimitsConfig" not in described()


def test_entry_limits_are_kept_with_any_installed_model(
    connect_mock: ConnectMock, connect_campaign: Campaign
) -> None:
    engine = connect_mock._engine
    campaign = engine.region().campaign(connect_campaign.id)

    def perform(operation: str, **parameters: Any) -> dict[str, Any]:
        function = FAKES["connectcampaignsv2", operation].function
        context = Context(
            "connectcampaignsv2",
            operation,
            engine.region(),
            engine.now(),
            engine.settings,
            engine.faults.rejection_of,
            engine._record_internal,
        )
        assert function(context, {"id": connect_campaign.id, **parameters}) == {}
        return campaign.settings

    assert perform("UpdateCampaignEntryLimits", entryLimitsConfig=ENTRY) == {"entryLimitsConfig": ENTRY}
    assert perform("DeleteCampaignEntryLimits") == {}


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("delete_campaign_communication_time", {"config": "SMS"}),
        ("delete_campaign_communication_limits", {"config": "ALL_CHANNEL_SUBTYPES"}),
    ],
)
def test_nothing_is_deleted_once_the_campaign_is_started(
    client: Any, connect_campaign: Campaign, operation: str, more: dict[str, Any]
) -> None:
    delete = getattr(client, operation)
    assert code(lambda: delete(id=UNKNOWN, **more)) == "ResourceNotFoundException"
    connect_campaign.start()

    assert code(lambda: delete(id=connect_campaign.id, **more)) == "InvalidCampaignStateException"


class TestSchedule:
    """A campaign begins and ends at the times that it was given."""

    @pytest.fixture
    def schedule(self, client: Any, connect_campaign: Campaign) -> Callable[[datetime, datetime], Any]:
        """Give ``connect_campaign`` a schedule."""

        def update(start: datetime, end: datetime) -> Any:
            return client.update_campaign_schedule(
                id=connect_campaign.id, schedule={"startTime": start, "endTime": end}
            )

        return update

    def test_it_is_described(
        self,
        schedule: Callable[..., Any],
        described: Callable[[], dict[str, Any]],
        from_now: Callable[[float], datetime],
    ) -> None:
        schedule(from_now(1), from_now(2))

        assert described()["schedule"] == {"startTime": from_now(1), "endTime": from_now(2)}

    @pytest.mark.parametrize("verbs", [["start"], ["start", "pause"]], ids=["running", "paused"])
    def test_a_campaign_is_completed_at_its_end(
        self,
        connect_mock: ConnectMock,
        client: Any,
        connect_campaign: Campaign,
        schedule: Callable[..., Any],
        from_now: Callable[[float], datetime],
        verbs: list[str],
    ) -> None:
        schedule(from_now(1), from_now(2))
        for verb in verbs:
            getattr(client, f"{verb}_campaign")(id=connect_campaign.id)
        connect_mock.advance(1.5 * 3600)
        assert connect_campaign.state in ("Running", "Paused")

        connect_mock.advance(3600)

        assert client.get_campaign_state(id=connect_campaign.id)["state"] == "Completed"
        for verb in ("start", "pause", "resume", "stop"):
            change = getattr(client, f"{verb}_campaign")
            with pytest.raises(client.exceptions.InvalidCampaignStateException) as caught:
                change(id=connect_campaign.id)
            assert caught.value.response["state"] == "Completed"
        client.delete_campaign(id=connect_campaign.id)

    def test_a_schedule_that_was_replaced_counts_no_more(
        self,
        connect_mock: ConnectMock,
        connect_campaign: Campaign,
        schedule: Callable[..., Any],
        from_now: Callable[[float], datetime],
    ) -> None:
        schedule(from_now(1), from_now(2))
        schedule(from_now(1), from_now(3))
        connect_campaign.start()

        connect_mock.advance(2.5 * 3600)
        assert connect_campaign.state == "Running"
        connect_mock.advance(3600)
        assert connect_campaign.state == "Completed"

    def test_nobody_is_called_before_it_begins(
        self,
        connect_mock: ConnectMock,
        connect_queue: Queue,
        connect_campaign: Campaign,
        schedule: Callable[..., Any],
        from_now: Callable[[float], datetime],
        put: Callable[..., Any],
        an_item: Callable[..., Any],
    ) -> None:
        connect_queue.add_agents(1)
        start = from_now(1)
        schedule(start, from_now(2))
        connect_campaign.start()
        put(an_item())
        connect_mock.advance(1800)
        assert connect_mock.contacts.one().dialed_at is None

        connect_mock.advance(3600)

        assert connect_mock.contacts.one().dialed_at == start

    def test_a_beginning_in_the_past_is_now(
        self,
        connect_mock: ConnectMock,
        connect_queue: Queue,
        schedule: Callable[..., Any],
        from_now: Callable[[float], datetime],
        put: Callable[..., Any],
        an_item: Callable[..., Any],
    ) -> None:
        connect_queue.add_agents(1)
        schedule(from_now(1), from_now(2))
        put(an_item())
        assert connect_mock.contacts.one().dialed_at is None

        schedule(from_now(-1), from_now(2))

        contact = connect_mock.contacts.one()
        assert contact.dialed_at is not None
        assert contact.dialed_at >= contact.created_at

    @pytest.mark.parametrize(("start", "end"), [(2, 1), (1, 1), (-2, -1)])
    def test_it_ends_after_it_begins_and_in_the_future(
        self,
        schedule: Callable[..., Any],
        described: Callable[[], dict[str, Any]],
        from_now: Callable[[float], datetime],
        start: float,
        end: float,
    ) -> None:
        found, status, message = refusal(lambda: schedule(from_now(start), from_now(end)))

        assert (found, status) == ("ValidationException", 400)
        assert message.startswith("schedule.endTime ")
        assert "schedule" not in described()

    def test_a_campaign_is_not_started_after_its_end(
        self,
        connect_mock: ConnectMock,
        client: Any,
        connect_campaign: Campaign,
        schedule: Callable[..., Any],
        from_now: Callable[[float], datetime],
    ) -> None:
        schedule(from_now(1), from_now(2))
        connect_mock.advance(3 * 3600)

        found, status, message = refusal(lambda: client.start_campaign(id=connect_campaign.id))

        assert (found, status) == ("ValidationException", 400)
        assert "UpdateCampaignSchedule" in message
        schedule(from_now(1), from_now(4))
        client.start_campaign(id=connect_campaign.id)
        assert connect_campaign.state == "Running"

    def test_it_is_not_changed_once_the_campaign_is_started(
        self, connect_campaign: Campaign, schedule: Callable[..., Any], from_now: Callable[[float], datetime]
    ) -> None:
        connect_campaign.start()

        assert code(lambda: schedule(from_now(1), from_now(2))) == "InvalidCampaignStateException"


PROFILES = {"customerProfiles": {"domainArn": ARN, "objectTypeNames": {"Campaign-Telephony": "calls"}}}
KNOWLEDGE = {"qConnect": {"knowledgeBaseArn": OTHER_ARN}}


class TestIntegrations:
    """The configuration of an instance in version 2."""

    @pytest.fixture
    def listed(self, client: Any, connect_instance: Instance) -> Callable[..., Any]:
        """List the integrations of ``connect_instance``."""
        return lambda **more: client.list_connect_instance_integrations(
            connectInstanceId=connect_instance.id, **more
        )

    def test_they_are_put_replaced_listed_and_deleted(
        self, client: Any, connect_instance: Instance, listed: Callable[..., Any]
    ) -> None:
        name = {"connectInstanceId": connect_instance.id}
        renamed = {**PROFILES["customerProfiles"], "objectTypeNames": {"Campaign-Telephony": "other"}}
        for config in (PROFILES, KNOWLEDGE, {"customerProfiles": renamed}):
            client.put_connect_instance_integration(**name, integrationConfig=config)

        assert listed()["integrationSummaryList"] == [{"customerProfiles": renamed}, KNOWLEDGE]
        first = listed(maxResults=1)
        assert first["integrationSummaryList"] == [{"customerProfiles": renamed}]
        second = listed(maxResults=1, nextToken=first["nextToken"])
        assert second["integrationSummaryList"] == [KNOWLEDGE]
        assert code(lambda: listed(nextToken="token")) == "ValidationException"

        identifier = {"customerProfiles": {"domainArn": ARN}}

        def delete() -> Any:
            return client.delete_connect_instance_integration(**name, integrationIdentifier=identifier)

        delete()
        assert listed()["integrationSummaryList"] == [KNOWLEDGE]
        assert refusal(delete) == (
            "ResourceNotFoundException",
            404,
            f"The integration '{ARN}' was not found in this instance.",
        )

    def test_limits_are_put_and_told(self, client: Any, connect_instance: Instance) -> None:
        name = {"connectInstanceId": connect_instance.id}
        assert client.get_instance_communication_limits(**name)["communicationLimitsConfig"] == {}

        client.put_instance_communication_limits(**name, communicationLimitsConfig=LIMITS)

        assert client.get_instance_communication_limits(**name)["communicationLimitsConfig"] == LIMITS

    @pytest.mark.parametrize(
        ("operation", "more"),
        [
            ("put_connect_instance_integration", {"integrationConfig": KNOWLEDGE}),
            ("delete_connect_instance_integration", {"integrationIdentifier": KNOWLEDGE}),
            ("list_connect_instance_integrations", {}),
            ("put_instance_communication_limits", {"communicationLimitsConfig": LIMITS}),
            ("get_instance_communication_limits", {}),
        ],
    )
    def test_they_belong_to_an_instance_that_is_onboarded(
        self, client: Any, connect_instance: Instance, operation: str, more: dict[str, Any]
    ) -> None:
        call = getattr(client, operation)
        assert code(lambda: call(connectInstanceId=UNKNOWN, **more)) == "ResourceNotFoundException"
        client.delete_connect_instance_config(connectInstanceId=connect_instance.id)

        found, status, message = refusal(lambda: call(connectInstanceId=connect_instance.id, **more))

        assert (found, status) == ("ResourceNotFoundException", 404)
        assert "StartInstanceOnboardingJob" in message
