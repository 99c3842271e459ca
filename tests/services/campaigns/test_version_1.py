"""Campaigns of version 1: the operations that create, describe and change a campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from campaigns_model import FLOW, NUMBER, assert_all_modeled, code, refusal, without_time
from factories import UNKNOWN

from connect_batchmock import Campaign, ConnectMock, Instance, Queue

Create = Callable[..., dict[str, Any]]
PROGRESSIVE = {"progressiveDialerConfig": {"bandwidthAllocation": 0.5}}
PREDICTIVE = {"predictiveDialerConfig": {"bandwidthAllocation": 1.0, "dialingCapacity": 0.25}}
AGENTLESS = {"agentlessDialerConfig": {"dialingCapacity": 0.25}}
FROM_NUMBER = {"connectContactFlowId": FLOW, "connectSourcePhoneNumber": NUMBER}


@pytest.fixture(autouse=True)
def _all_is_modeled(connect_mock: ConnectMock) -> Iterator[None]:
    yield
    assert_all_modeled(connect_mock)


@pytest.fixture
def client(connectcampaigns_client: Any) -> Any:
    """A client of version 1."""
    return connectcampaigns_client


@pytest.fixture
def calls(connect_queue: Queue) -> dict[str, Any]:
    """How a campaign calls that has agents."""
    return {"connectContactFlowId": FLOW, "connectQueueId": connect_queue.id}


@pytest.fixture
def create(client: Any, connect_instance: Instance, calls: dict[str, Any]) -> Create:
    """Create a campaign; a keyword replaces a parameter."""

    def call(**changes: Any) -> dict[str, Any]:
        parameters = {
            "name": "Spring",
            "connectInstanceId": connect_instance.id,
            "dialerConfig": PROGRESSIVE,
            "outboundCallConfig": calls,
            **changes,
        }
        answer: dict[str, Any] = client.create_campaign(**parameters)
        return answer

    return call


def test_a_campaign_is_created_and_seen_everywhere(
    client: Any,
    connectcampaignsv2_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    create: Create,
    calls: dict[str, Any],
) -> None:
    created = create(tags={"owner": "sales"})

    (campaign,) = connect_instance.campaigns
    assert (campaign.id, campaign.arn) == (created["id"], created["arn"])
    assert campaign.arn == f"arn:aws:connect-campaigns:us-east-1:123456789012:campaign/{campaign.id}"
    assert created["tags"] == {"owner": "sales"}
    assert (campaign.name, campaign.queue, campaign.state) == ("Spring", connect_queue, "Initialized")
    identity = {
        "id": campaign.id,
        "arn": campaign.arn,
        "name": "Spring",
        "connectInstanceId": connect_instance.id,
        "tags": {"owner": "sales"},
    }
    assert client.describe_campaign(id=campaign.id)["campaign"] == {
        **identity,
        "dialerConfig": PROGRESSIVE,
        "outboundCallConfig": calls,
    }
    described = connectcampaignsv2_client.describe_campaign(id=campaign.id)["campaign"]
    assert without_time(described) == {
        **identity,
        "channelSubtypeConfig": {
            "telephony": {
                "connectQueueId": connect_queue.id,
                "outboundMode": {"progressive": {"bandwidthAllocation": 0.5}},
                "defaultOutboundConfig": {"connectContactFlowId": FLOW},
            }
        },
    }


DETECTED = {"enableAnswerMachineDetection": True, "awaitAnswerMachinePrompt": False}


@pytest.mark.parametrize(
    ("dialer", "call"),
    [
        (PREDICTIVE, {"answerMachineDetectionConfig": DETECTED}),
        (PROGRESSIVE, {"answerMachineDetectionConfig": {"enableAnswerMachineDetection": False}}),
        (PROGRESSIVE, {"connectSourcePhoneNumber": NUMBER}),
        (AGENTLESS, {"connectSourcePhoneNumber": NUMBER}),
    ],
)
def test_a_campaign_is_described_as_it_was_created(
    client: Any, create: Create, calls: dict[str, Any], dialer: dict[str, Any], call: dict[str, Any]
) -> None:
    created = create(dialerConfig=dialer, outboundCallConfig={**calls, **call})

    campaign = client.describe_campaign(id=created["id"])["campaign"]
    assert campaign["dialerConfig"] == dialer
    assert campaign["outboundCallConfig"] == {**calls, **call}


def test_a_seeded_campaign_is_described(
    client: Any, connect_instance: Instance, connect_queue: Queue, connect_campaign: Campaign
) -> None:
    campaign = client.describe_campaign(id=connect_campaign.id)["campaign"]

    assert campaign["name"] == connect_campaign.name
    assert campaign["dialerConfig"] == {
        "progressiveDialerConfig": {"bandwidthAllocation": 1.0, "dialingCapacity": 1.0}
    }
    assert campaign["outboundCallConfig"]["connectQueueId"] == connect_queue.id
    assert campaign["outboundCallConfig"]["answerMachineDetectionConfig"] == {
        "enableAnswerMachineDetection": True
    }


def test_what_version_1_cannot_say_it_does_not_know(
    client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    hidden = connect_instance.add_campaign(queue=connect_queue, mode="preview")
    known = connect_instance.add_campaign(queue=connect_queue)

    assert [campaign["id"] for campaign in client.list_campaigns()["campaignSummaryList"]] == [known.id]
    assert code(lambda: client.describe_campaign(id=hidden.id)) == "ResourceNotFoundException"
    assert code(lambda: client.start_campaign(id=hidden.id)) == "ResourceNotFoundException"
    answer = client.get_campaign_state_batch(campaignIds=[hidden.id])
    assert answer["failedRequests"] == [{"campaignId": hidden.id, "failureCode": "ResourceNotFound"}]


def test_the_same_creation_again_is_the_same_campaign(connect_instance: Instance, create: Create) -> None:
    first, second = create(tags={"a": "1"}), create(tags={"a": "1"})

    assert first["id"] == second["id"]
    assert len(connect_instance.campaigns) == 1


@pytest.mark.parametrize("changes", [{"dialerConfig": PREDICTIVE}, {"tags": {"owner": "sales"}}])
def test_another_creation_of_the_same_name_is_a_conflict(
    connect_instance: Instance, create: Create, changes: dict[str, Any]
) -> None:
    create()

    found, status, message = refusal(lambda: create(**changes))

    assert (found, status) == ("ConflictException", 409)
    assert message.startswith("The instance already has a campaign named 'Spring'")
    assert len(connect_instance.campaigns) == 1


def test_a_creation_after_a_change_is_a_conflict(client: Any, create: Create) -> None:
    client.update_campaign_dialer_config(id=create()["id"], dialerConfig=PREDICTIVE)

    assert code(create) == "ConflictException"


def test_a_name_is_free_in_another_instance(connect_mock: ConnectMock, create: Create) -> None:
    other = connect_mock.add_instance()
    config = {"connectContactFlowId": FLOW, "connectQueueId": other.add_queue().id}

    assert create()["id"] != create(connectInstanceId=other.id, outboundCallConfig=config)["id"]


def test_an_instance_has_so_many_campaigns(
    connect_mock: ConnectMock, connect_instance: Instance, create: Create
) -> None:
    connect_mock.add_instance().add_campaign()
    created = create()
    for _ in range(499):
        connect_instance.add_campaign()

    assert create()["id"] == created["id"]
    assert refusal(lambda: create(name="Autumn")) == (
        "ServiceQuotaExceededException",
        402,
        "The quota of 500 campaigns is reached; remove one before you add another.",
    )
    connect_instance.campaigns[-1].delete()
    assert create(name="Autumn")["id"] != created["id"]


@pytest.mark.parametrize("dialer", [PROGRESSIVE, PREDICTIVE])
def test_a_campaign_with_agents_needs_a_queue(create: Create, dialer: dict[str, Any]) -> None:
    found, status, message = refusal(lambda: create(dialerConfig=dialer, outboundCallConfig=FROM_NUMBER))

    assert (found, status) == ("ValidationException", 400)
    assert "connectQueueId" in message


def test_an_agentless_campaign_needs_a_number_and_no_queue(
    connect_instance: Instance, create: Create
) -> None:
    without = {"connectContactFlowId": FLOW}
    found, status, message = refusal(lambda: create(dialerConfig=AGENTLESS, outboundCallConfig=without))
    assert (found, status) == ("ValidationException", 400)
    assert "connectSourcePhoneNumber" in message

    create(dialerConfig=AGENTLESS, outboundCallConfig=FROM_NUMBER)

    assert connect_instance.campaigns[0].queue is None


@pytest.mark.parametrize(
    ("dialer", "call", "error", "named"),
    [
        (PROGRESSIVE, {"connectQueueId": UNKNOWN}, "ResourceNotFoundException", UNKNOWN),
        (PROGRESSIVE, {"connectSourcePhoneNumber": "12"}, "ValidationException", "'12' is not in E.164"),
        (PROGRESSIVE, {"connectSourcePhoneNumber": "+15555550177"}, "ValidationException", NUMBER),
        (PROGRESSIVE, {"connectContactFlowId": UNKNOWN}, "ResourceNotFoundException", UNKNOWN),
    ],
)
def test_what_a_campaign_refers_to_is_there(
    connect_client: Any,
    connect_instance: Instance,
    create: Create,
    calls: dict[str, Any],
    dialer: dict[str, Any],
    call: dict[str, Any],
    error: str,
    named: str,
) -> None:
    connect_instance.add_phone_number(NUMBER)
    flow = connect_client.create_contact_flow(
        InstanceId=connect_instance.id, Name="Sales", Type="CONTACT_FLOW", Content="{}"
    )
    calls["connectContactFlowId"] = flow["ContactFlowId"]

    found, _, message = refusal(lambda: create(dialerConfig=dialer, outboundCallConfig={**calls, **call}))

    assert found == error
    assert named in message
    assert connect_instance.campaigns == []
    assert create(outboundCallConfig={**calls, "connectSourcePhoneNumber": NUMBER})


def test_an_unknown_instance_has_no_campaigns(create: Create) -> None:
    assert refusal(lambda: create(connectInstanceId=UNKNOWN)) == (
        "ResourceNotFoundException",
        404,
        f"The instance '{UNKNOWN}' was not found in this account and region.",
    )


def test_an_instance_has_campaigns_once_it_is_onboarded(
    client: Any, connect_instance: Instance, create: Create
) -> None:
    client.delete_connect_instance_config(connectInstanceId=connect_instance.id)

    found, status, message = refusal(create)

    assert (found, status) == ("ResourceNotFoundException", 404)
    assert "StartInstanceOnboardingJob" in message


def test_a_bandwidth_beyond_the_model_is_refused(create: Create) -> None:
    config = {"progressiveDialerConfig": {"bandwidthAllocation": 5}}

    found, status, message = refusal(lambda: create(dialerConfig=config))

    assert (found, status) == ("ValidationException", 400)
    assert "bandwidthAllocation: 5 is more than 1" in message


def test_the_dialer_is_changed_while_the_campaign_runs(client: Any, connect_campaign: Campaign) -> None:
    connect_campaign.start()

    client.update_campaign_dialer_config(id=connect_campaign.id, dialerConfig=PREDICTIVE)

    assert client.describe_campaign(id=connect_campaign.id)["campaign"]["dialerConfig"] == PREDICTIVE


def test_the_change_of_a_dialer_counts_at_once(
    connect_mock: ConnectMock,
    client: Any,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put: Callable[..., Any],
    an_item: Callable[..., Any],
) -> None:
    still = {"progressiveDialerConfig": {"bandwidthAllocation": 0}}
    client.update_campaign_dialer_config(id=connect_campaign.id, dialerConfig=still)
    connect_queue.add_agents(1)
    put(an_item())
    assert connect_mock.contacts.one().dialed_at is None

    client.update_campaign_dialer_config(id=connect_campaign.id, dialerConfig=PROGRESSIVE)

    assert connect_mock.contacts.one().dialed_at is not None


@pytest.mark.parametrize(("before", "after"), [(AGENTLESS, PROGRESSIVE), (PREDICTIVE, AGENTLESS)])
def test_a_campaign_stays_agentless_or_not(
    client: Any, create: Create, calls: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> None:
    created = create(dialerConfig=before, outboundCallConfig={**calls, "connectSourcePhoneNumber": NUMBER})

    found, status, message = refusal(
        lambda: client.update_campaign_dialer_config(id=created["id"], dialerConfig=after)
    )

    assert (found, status) == ("ConflictException", 409)
    assert "agentless" in message
    assert client.describe_campaign(id=created["id"])["campaign"]["dialerConfig"] == before


def test_the_calls_are_changed_as_far_as_something_is_given(
    client: Any, create: Create, calls: dict[str, Any]
) -> None:
    name = {"id": create(outboundCallConfig={**calls, "answerMachineDetectionConfig": DETECTED})["id"]}

    def described() -> Any:
        return client.describe_campaign(**name)["campaign"]["outboundCallConfig"]

    client.update_campaign_outbound_call_config(**name, connectSourcePhoneNumber=NUMBER)
    expected = {**calls, "answerMachineDetectionConfig": DETECTED, "connectSourcePhoneNumber": NUMBER}
    assert described() == expected

    off = {"enableAnswerMachineDetection": False}
    client.update_campaign_outbound_call_config(
        **name, connectContactFlowId="another", answerMachineDetectionConfig=off
    )
    assert described() == {
        **expected,
        "connectContactFlowId": "another",
        "answerMachineDetectionConfig": off,
    }

    client.update_campaign_outbound_call_config(**name)
    assert described()["answerMachineDetectionConfig"] == off


def test_calls_come_from_a_number_of_the_instance(
    client: Any, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    connect_instance.add_phone_number(NUMBER)

    def update(number: str) -> Any:
        return client.update_campaign_outbound_call_config(
            id=connect_campaign.id, connectSourcePhoneNumber=number
        )

    assert code(lambda: update("+15555550177")) == "ValidationException"
    assert update(NUMBER)


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("describe_campaign", {}),
        ("update_campaign_dialer_config", {"dialerConfig": PROGRESSIVE}),
        ("update_campaign_outbound_call_config", {"connectContactFlowId": FLOW}),
    ],
)
def test_an_unknown_campaign_is_not_found(client: Any, operation: str, more: dict[str, Any]) -> None:
    assert code(lambda: getattr(client, operation)(id=UNKNOWN, **more)) == "ResourceNotFoundException"
