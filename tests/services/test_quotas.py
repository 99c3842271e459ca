"""The default quotas of AWS, which the setting ``quotas`` applies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from connect_batchmock import ConnectMock, Instance

with_quotas = pytest.mark.connect_mock(quotas="aws")


def create_instance(client: Any, instance: Instance, number: int) -> None:
    client.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias=f"instance-of-{number}",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )


def create_queue(client: Any, instance: Instance, number: int) -> None:
    hours = client.list_hours_of_operations(InstanceId=instance.id)["HoursOfOperationSummaryList"]
    client.create_queue(InstanceId=instance.id, Name=f"queue {number}", HoursOfOperationId=hours[0]["Id"])


def create_hours(client: Any, instance: Instance, number: int) -> None:
    client.create_hours_of_operation(
        InstanceId=instance.id, Name=f"hours {number}", TimeZone="UTC", Config=[]
    )


def create_flow(client: Any, instance: Instance, number: int) -> None:
    client.create_contact_flow(
        InstanceId=instance.id, Name=f"flow {number}", Type="CONTACT_FLOW", Content="{}"
    )


def claim_number(client: Any, instance: Instance, number: int) -> None:
    client.claim_phone_number(InstanceId=instance.id, PhoneNumber=f"+1555555{number:04}")


Create = Callable[[Any, Instance, int], None]
FULL, LIMITED = "ServiceQuotaExceededException", "LimitExceededException"
# How many can be created beside those that every instance has, the error of one more, and its message. Models
# differ in the error for hours.
QUOTAS = [
    (create_instance, 1, (FULL,), "The quota of 2 instances is reached"),
    (create_queue, 99, (LIMITED,), "The quota of 100 queues is reached"),
    (create_hours, 99, (FULL, LIMITED), "The quota of 100 hours of operation is reached"),
    (create_flow, 92, (LIMITED,), "The quota of 100 contact flows is reached"),
    (claim_number, 5, ("InvalidParameterException",), "The quota of 5 phone numbers is reached"),
]


@with_quotas
@pytest.mark.parametrize(("create", "possible", "errors", "message"), QUOTAS)
def test_resources_are_limited(
    connect_client: Any,
    connect_instance: Instance,
    create: Create,
    possible: int,
    errors: tuple[str, ...],
    message: str,
) -> None:
    for number in range(possible):
        create(connect_client, connect_instance, number)

    with pytest.raises(ClientError, match=f"{message}; remove one before you add another") as caught:
        create(connect_client, connect_instance, possible)
    assert caught.value.response["Error"]["Code"] in errors


@pytest.mark.parametrize("create", [create_instance, create_queue, create_hours, create_flow, claim_number])
def test_resources_are_not_limited_by_default(
    connect_client: Any, connect_instance: Instance, create: Create
) -> None:
    for number in range(101):
        create(connect_client, connect_instance, number)


@with_quotas
def test_a_number_does_not_move_to_an_instance_with_five(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance
) -> None:
    for last in range(5):
        connect_instance.add_phone_number(f"+1555555010{last}")
    number = connect_mock.add_instance().add_phone_number("+15555550199")

    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="5 phone numbers"):
        connect_client.update_phone_number(PhoneNumberId=number.id, InstanceId=connect_instance.id)


@with_quotas
def test_a_test_adds_more_than_the_quotas(connect_mock: ConnectMock) -> None:
    instances = [connect_mock.add_instance() for _ in range(3)]
    for last in range(6):
        instances[0].add_phone_number(f"+1555555010{last}")

    assert len(instances[0].phone_numbers) == 6


def fifty_active(instance: Instance) -> None:
    for number in range(50):
        campaign = instance.add_campaign()
        campaign.start()
        if number % 2:
            campaign.pause()


@with_quotas
@pytest.mark.parametrize("service", ["connectcampaigns", "connectcampaignsv2"])
def test_fifty_campaigns_are_active(
    connect_mock: ConnectMock, connect_instance: Instance, service: str
) -> None:
    client = connect_mock.client(service)
    fifty_active(connect_instance)
    campaign = connect_instance.add_campaign()
    connect_mock.add_instance().add_campaign().start()

    with pytest.raises(client.exceptions.ConflictException) as caught:
        client.start_campaign(id=campaign.id)
    assert caught.value.response["Error"]["Message"] == (
        "The quota of 50 active campaigns is reached; stop one before you start another."
    )
    with pytest.raises(client.exceptions.InvalidCampaignStateException):
        client.start_campaign(id=connect_instance.campaigns[0].id)

    connect_instance.campaigns[1].stop()
    client.start_campaign(id=campaign.id)
    assert campaign.state == "Running"


def test_any_number_of_campaigns_is_active_by_default(
    connectcampaigns_client: Any, connect_instance: Instance
) -> None:
    fifty_active(connect_instance)
    campaign = connect_instance.add_campaign()

    connectcampaigns_client.start_campaign(id=campaign.id)

    assert campaign.state == "Running"
