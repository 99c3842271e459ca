"""Instances and their attributes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
import time_machine
from botocore.exceptions import ClientError
from factories import UNKNOWN

from connect_batchmock import ConnectMock, Instance

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
MANAGED = {
    "IdentityManagementType": "CONNECT_MANAGED",
    "InboundCallsEnabled": True,
    "OutboundCallsEnabled": False,
}
Create = Callable[..., dict[str, Any]]


@pytest.fixture
def create(connect_client: Any) -> Create:
    """Create an instance; a keyword adds or replaces a parameter."""

    def call(alias: str = "sales", **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = connect_client.create_instance(
            **{**MANAGED, "InstanceAlias": alias, **parameters}
        )
        return answer

    return call


def test_an_instance_is_there_at_once(connect_mock: ConnectMock, connect_client: Any, create: Create) -> None:
    with time_machine.travel(NOW, tick=False):
        created = create(Tags={"team": "outbound"})

    instance = connect_client.describe_instance(InstanceId=created["Id"])["Instance"]
    suffix = created["Id"].replace("-", "")[:20]
    assert created["Arn"] == f"arn:aws:connect:us-east-1:123456789012:instance/{created['Id']}"
    assert instance == {
        "Id": created["Id"],
        "Arn": created["Arn"],
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": "sales",
        "CreatedTime": NOW,
        "ServiceRole": "arn:aws:iam::123456789012:role/aws-service-role/connect.amazonaws.com/"
        f"AWSServiceRoleForAmazonConnect_{suffix}",
        "InstanceStatus": "ACTIVE",
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": False,
        "InstanceAccessUrl": "https://sales.my.connect.aws",
        "Tags": {"team": "outbound"},
    }
    assert [(instance.id, instance.alias) for instance in connect_mock.instances] == [
        (created["Id"], "sales")
    ]


def test_an_instance_that_a_test_has_added_is_described(
    connect_client: Any, connect_instance: Instance
) -> None:
    instance = connect_client.describe_instance(InstanceId=connect_instance.id)["Instance"]

    assert (instance["Arn"], instance["InstanceAlias"]) == (connect_instance.arn, connect_instance.alias)
    assert "Tags" not in instance


def test_an_alias_is_taken_once_in_a_region(
    connect_mock: ConnectMock, connect_client: Any, create: Create, make_client: Callable[..., Any]
) -> None:
    connect_mock.add_instance("sales")

    with pytest.raises(connect_client.exceptions.InvalidRequestException, match="'sales' is already taken"):
        create("sales")
    make_client(region_name="eu-west-2").create_instance(**MANAGED, InstanceAlias="sales")
    assert [instance.region for instance in connect_mock.instances] == ["us-east-1", "eu-west-2"]


def test_an_instance_of_a_directory_needs_no_alias(connect_mock: ConnectMock, connect_client: Any) -> None:
    directory = {**MANAGED, "IdentityManagementType": "EXISTING_DIRECTORY"}
    connect_mock.add_instance("instance-2")

    connect_client.create_instance(**directory, DirectoryId="d-0123456789")

    assert [instance.alias for instance in connect_mock.instances] == ["instance-2", "instance-3"]
    with pytest.raises(connect_client.exceptions.InvalidRequestException, match="needs a DirectoryId"):
        connect_client.create_instance(**directory, InstanceAlias="sales")


def test_numbered_aliases_pass_over_those_that_are_taken(
    connect_mock: ConnectMock, connect_client: Any
) -> None:
    first = connect_mock.add_instance()
    connect_mock.add_instance()
    connect_client.delete_instance(InstanceId=first.id)

    assert connect_mock.add_instance().alias == "instance-3"


@pytest.mark.parametrize("kind", ["CONNECT_MANAGED", "SAML"])
def test_other_instances_need_an_alias(connect_client: Any, kind: str) -> None:
    with pytest.raises(
        connect_client.exceptions.InvalidRequestException, match=f"{kind} needs an InstanceAlias"
    ):
        connect_client.create_instance(**{**MANAGED, "IdentityManagementType": kind})


def test_a_token_creates_one_instance(connect_mock: ConnectMock, connect_client: Any, create: Create) -> None:
    first, again = create(ClientToken="token"), create(ClientToken="token")

    assert first["Id"] == again["Id"] == connect_mock.instances[0].id
    assert len(connect_mock.instances) == 1
    with pytest.raises(connect_client.exceptions.InvalidRequestException, match="'token' was already used"):
        create("other", ClientToken="token")


def test_instances_are_listed_page_by_page(
    connect_mock: ConnectMock, connect_client: Any, create: Create
) -> None:
    seeded = [connect_mock.add_instance() for _ in range(11)]
    created = create()

    first = connect_client.list_instances()
    second = connect_client.list_instances(NextToken=first["NextToken"])
    whole = connect_client.get_paginator("list_instances").paginate(PaginationConfig={"PageSize": 5})

    listed = first["InstanceSummaryList"] + second["InstanceSummaryList"]
    assert len(first["InstanceSummaryList"]) == 10
    assert "NextToken" not in second
    assert [instance["Id"] for instance in listed] == [*(one.id for one in seeded), created["Id"]]
    assert [instance["Id"] for page in whole for instance in page["InstanceSummaryList"]] == [
        instance["Id"] for instance in listed
    ]
    assert set(listed[0]) == set(connect_client.describe_instance(InstanceId=seeded[0].id)["Instance"])


@pytest.mark.parametrize("token", ["x", "MA==", "OTk="])
def test_a_token_that_was_not_given_is_refused(connect_client: Any, token: str) -> None:
    with pytest.raises(connect_client.exceptions.InvalidRequestException, match=f"'{token}' is invalid"):
        connect_client.list_instances(NextToken=token)


def test_a_deleted_instance_leaves_its_contacts_undialled(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, put: Any, an_item: Any
) -> None:
    put(an_item())
    number = connect_instance.add_phone_number("+15555550100")
    connect_client.delete_instance(InstanceId=connect_instance.id)
    connect_mock.advance(3600)

    contact = connect_mock.contacts.one()
    assert connect_mock.instances == []
    assert connect_instance.campaigns == []
    assert (contact.disconnect_reason, contact.dialed_at) == ("OTHER", None)
    other = connect_mock.add_instance()
    claimed = connect_client.claim_phone_number(InstanceId=other.id, PhoneNumber=number.number)
    assert claimed["PhoneNumberId"] == other.phone_numbers[0].id


def test_a_repeated_deletion_is_answered_as_the_first(
    connect_client: Any, connect_instance: Instance
) -> None:
    connect_client.delete_instance(InstanceId=connect_instance.id, ClientToken="token")

    again = connect_client.delete_instance(InstanceId=connect_instance.id, ClientToken="token")

    assert again["ResponseMetadata"]["HTTPStatusCode"] == 200
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        connect_client.delete_instance(InstanceId=connect_instance.id)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("describe_instance", {}),
        ("delete_instance", {}),
        ("describe_instance_attribute", {"AttributeType": "EARLY_MEDIA"}),
        ("update_instance_attribute", {"AttributeType": "EARLY_MEDIA", "Value": "true"}),
        ("list_instance_attributes", {}),
    ],
)
def test_an_unknown_instance_is_not_found(
    connect_client: Any, operation: str, parameters: dict[str, str]
) -> None:
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=UNKNOWN):
        getattr(connect_client, operation)(InstanceId=UNKNOWN, **parameters)


class TestAttributes:
    """Attributes: all that the model has, on or off."""

    def values(self, client: Any, instance_id: str) -> dict[str, str]:
        pages = client.get_paginator("list_instance_attributes").paginate(InstanceId=instance_id)
        return {
            attribute["AttributeType"]: attribute["Value"]
            for page in pages
            for attribute in page["Attributes"]
        }

    def test_all_are_listed(self, connect_client: Any, connect_instance: Instance, create: Create) -> None:
        first = connect_client.list_instance_attributes(InstanceId=connect_instance.id)
        seeded = self.values(connect_client, connect_instance.id)
        created = self.values(connect_client, create()["Id"])

        shape = connect_client.meta.service_model.shape_for("InstanceAttributeType")
        assert list(seeded) == shape.enum
        assert len(first["Attributes"]) == 7
        on = {"AUTO_RESOLVE_BEST_VOICES", "CONTACT_LENS", "EARLY_MEDIA", "INBOUND_CALLS"}
        assert {name for name, value in created.items() if value == "true"} == on
        assert {name for name, value in seeded.items() if value == "true"} == {
            *on,
            "OUTBOUND_CALLS",
            "HIGH_VOLUME_OUTBOUND",
        }
        assert {*seeded.values(), *created.values()} == {"true", "false"}

    @pytest.mark.parametrize("attribute", ["HIGH_VOLUME_OUTBOUND", "CONTACTFLOW_LOGS", "EARLY_MEDIA"])
    @pytest.mark.parametrize("value", ["true", "false"])
    def test_one_is_switched(self, connect_client: Any, create: Create, attribute: str, value: str) -> None:
        about = {"InstanceId": create()["Id"], "AttributeType": attribute}
        connect_client.update_instance_attribute(**about, Value=value)

        described = connect_client.describe_instance_attribute(**about)["Attribute"]
        assert described == {"AttributeType": attribute, "Value": value}

    @pytest.mark.parametrize(
        ("attribute", "member"),
        [("INBOUND_CALLS", "InboundCallsEnabled"), ("OUTBOUND_CALLS", "OutboundCallsEnabled")],
    )
    def test_calls_are_switched_for_the_instance(
        self, connect_client: Any, connect_instance: Instance, attribute: str, member: str
    ) -> None:
        about = {"InstanceId": connect_instance.id, "AttributeType": attribute}
        connect_client.update_instance_attribute(**about, Value="false")

        described = connect_client.describe_instance(InstanceId=connect_instance.id)["Instance"]
        assert described[member] is False
        assert connect_client.describe_instance_attribute(**about)["Attribute"]["Value"] == "false"

    def test_another_value_is_refused(self, connect_client: Any, connect_instance: Instance) -> None:
        with pytest.raises(ClientError, match="EARLY_MEDIA must be 'true' or 'false', not 'on'") as caught:
            connect_client.update_instance_attribute(
                InstanceId=connect_instance.id, AttributeType="EARLY_MEDIA", Value="on"
            )
        assert caught.value.response["Error"]["Code"] == "InvalidParameterException"

    def test_a_repeated_update_changes_nothing(self, connect_client: Any, connect_instance: Instance) -> None:
        about = {"InstanceId": connect_instance.id, "AttributeType": "EARLY_MEDIA"}
        connect_client.update_instance_attribute(**about, Value="false", ClientToken="token")
        connect_client.update_instance_attribute(**about, Value="true")
        connect_client.update_instance_attribute(**about, Value="false", ClientToken="token")

        assert connect_client.describe_instance_attribute(**about)["Attribute"]["Value"] == "true"
