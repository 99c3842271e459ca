"""An unknown id that another region, account or instance has: the error says where the resource is."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from factories import item_for

from connect_batchmock import (
    Agent,
    Campaign,
    ConnectMock,
    Contact,
    Instance,
    PhoneNumber,
    Queue,
    mock_connect,
)

OTHER_ACCOUNT = "210987654321"
IN_US_EAST_1 = (
    "It is in us-east-1 of account 123456789012; this request was for eu-west-2 of account 123456789012. "
    "Make the client with region_name='us-east-1'."
)


@dataclass
class Resources:
    """One of each kind of resource, of an instance in the region of the mock."""

    instance: Instance
    queue: Queue
    campaign: Campaign
    contact: Contact
    number: PhoneNumber
    hours: str
    flow: str
    agent: Agent


@pytest.fixture
def resources(connect_mock: ConnectMock, connect_client: Any) -> Resources:
    instance = connect_mock.add_instance()
    queue = instance.add_queue()
    campaign = instance.add_campaign(queue=queue)
    flow = connect_client.create_contact_flow(
        InstanceId=instance.id, Name="Flow", Type="CONTACT_FLOW", Content="{}"
    )
    hours = connect_client.list_hours_of_operations(InstanceId=instance.id)["HoursOfOperationSummaryList"]
    item = item_for(queue, campaign)
    connect_client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[item])
    return Resources(
        instance,
        queue,
        campaign,
        connect_mock.contacts.one(),
        instance.add_phone_number("+15555550199"),
        hours[0]["Id"],
        flow["ContactFlowId"],
        queue.add_agents(1)[0],
    )


def message_of(call: Callable[..., Any], **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Message"])


def test_an_instance_of_another_region_is_named(resources: Resources, make_client: Any) -> None:
    client = make_client("connect", region_name="eu-west-2")

    for call, parameters in (
        (client.describe_instance, {}),
        (client.list_queues, {}),
        (client.batch_put_contact, {"ContactDataRequestList": [{}]}),
    ):
        message = message_of(call, InstanceId=resources.instance.id, **parameters)
        assert message == (
            f"The instance {resources.instance.id!r} was not found in this account and region. {IN_US_EAST_1}"
        )


@pytest.mark.parametrize("service", ["connectcampaigns", "connectcampaignsv2"])
def test_a_campaign_of_another_region_is_named(service: str, resources: Resources, make_client: Any) -> None:
    client = make_client(service, region_name="eu-west-2")

    for id in (resources.campaign.id, *([resources.campaign.arn] if service.endswith("v2") else [])):
        message = message_of(client.describe_campaign, id=id)
        assert message == f"The campaign {id!r} was not found in this account and region. {IN_US_EAST_1}"


def test_what_another_region_has_is_named(
    connect_mock: ConnectMock, resources: Resources, make_client: Any
) -> None:
    here = connect_mock.add_instance(region="eu-west-2")
    client = make_client("connect", region_name="eu-west-2")

    for call, kind, parameters in calls_about(resources, client, here):
        message = message_of(call, **parameters)
        assert message.startswith(f"The {kind} ")
        assert message.endswith(IN_US_EAST_1)


def test_what_another_instance_has_is_named(
    connect_mock: ConnectMock, resources: Resources, connect_client: Any
) -> None:
    other = connect_mock.add_instance()

    for call, kind, parameters in calls_about(resources, connect_client, other):
        message = message_of(call, **parameters)
        assert message.startswith(f"The {kind} ")
        assert message.endswith(f" It belongs to the instance {resources.instance.id!r}.")


def calls_about(
    resources: Resources, client: Any, instance: Instance
) -> list[tuple[Callable[..., Any], str, dict[str, str]]]:
    """Return calls that look for each resource in an instance, with the kind that each looks for."""
    calls = [
        (client.describe_queue, "queue", {"QueueId": resources.queue.id}),
        (client.describe_contact, "contact", {"ContactId": resources.contact.id}),
        (client.describe_hours_of_operation, "hours of operation", {"HoursOfOperationId": resources.hours}),
        (client.describe_contact_flow, "contact flow", {"ContactFlowId": resources.flow}),
        (client.describe_user, "user", {"UserId": resources.agent.id}),
    ]
    return [(call, kind, {"InstanceId": instance.id, **parameters}) for call, kind, parameters in calls]


def test_a_number_of_another_region_is_named(resources: Resources, make_client: Any) -> None:
    client = make_client("connect", region_name="eu-west-2")

    assert message_of(client.describe_phone_number, PhoneNumberId=resources.number.id).endswith(IN_US_EAST_1)


def test_an_instance_of_another_account_is_named(resources: Resources) -> None:
    client = boto3.Session(OTHER_ACCOUNT, "secret", region_name="us-east-1").client("connect")

    assert message_of(client.describe_instance, InstanceId=resources.instance.id).endswith(
        f"It is in us-east-1 of account 123456789012; this request was for us-east-1 of account "
        f"{OTHER_ACCOUNT}. Make the client with an access key id that is the twelve digits of the account."
    )


def test_an_item_says_which_instance_has_its_queue_and_campaign(
    connect_mock: ConnectMock, resources: Resources, connect_client: Any
) -> None:
    other = connect_mock.add_instance()
    queue = other.add_queue()
    campaign = other.add_campaign(queue=queue)
    customer = {"CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"}}

    connect_client.batch_put_contact(
        InstanceId=resources.instance.id,
        ContactDataRequestList=[
            {**customer, "QueueId": resources.queue.id, "Campaign": {"CampaignId": campaign.id}},
            {**customer, "QueueId": queue.id, "Campaign": {"CampaignId": resources.campaign.id}},
        ],
    )

    belongs = f"is unknown in this instance. It belongs to the instance {other.id!r}."
    assert [failed.message for failed in connect_mock.failed_requests] == [
        f"The campaign {campaign.id!r} {belongs}",
        f"The queue {queue.id!r} {belongs}",
    ]


def test_a_campaign_that_version_1_cannot_say_is_not_elsewhere(
    resources: Resources, connect_mock: ConnectMock, make_client: Any
) -> None:
    campaign = resources.instance.add_campaign(queue=resources.queue, mode="preview")

    message = message_of(make_client("connectcampaigns").describe_campaign, id=campaign.id)

    assert message == f"The campaign {campaign.id!r} was not found in this account and region."


def test_a_handler_finds_its_region_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "ap-southeast-2")
    before = dict(os.environ)

    with mock_connect(region="eu-west-2"):
        assert os.environ["AWS_REGION"] == "eu-west-2"
        with mock_connect(region="us-west-2"):
            assert os.environ["AWS_REGION"] == "us-west-2"
        assert os.environ["AWS_REGION"] == "eu-west-2"
    with mock_connect(credentials="keep"):
        assert os.environ["AWS_REGION"] == "ap-southeast-2"

    assert dict(os.environ) == before
