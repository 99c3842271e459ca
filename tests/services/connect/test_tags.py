"""Tags of an instance and its resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connect_batchmock import Instance

Make = Callable[[Any, Instance], str]


def made_queue(client: Any, instance: Instance) -> str:
    (hours,) = client.list_hours_of_operations(InstanceId=instance.id)["HoursOfOperationSummaryList"]
    created = client.create_queue(
        InstanceId=instance.id, Name="Sales", HoursOfOperationId=hours["Id"], Tags={"made": "yes"}
    )
    return str(created["QueueArn"])


def made_hours(client: Any, instance: Instance) -> str:
    created = client.create_hours_of_operation(
        InstanceId=instance.id, Name="Never", TimeZone="UTC", Config=[], Tags={"made": "yes"}
    )
    return str(created["HoursOfOperationArn"])


def made_flow(client: Any, instance: Instance) -> str:
    created = client.create_contact_flow(
        InstanceId=instance.id, Name="Greeting", Type="CONTACT_FLOW", Content="{}", Tags={"made": "yes"}
    )
    return str(created["ContactFlowArn"])


def made_number(client: Any, instance: Instance) -> str:
    created = client.claim_phone_number(
        InstanceId=instance.id, PhoneNumber="+15555550100", Tags={"made": "yes"}
    )
    return str(created["PhoneNumberArn"])


def made_instance(client: Any, instance: Instance) -> str:
    created = client.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="made",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
        Tags={"made": "yes"},
    )
    return str(created["Arn"])


@pytest.mark.parametrize("make", [made_queue, made_hours, made_flow, made_number, made_instance])
def test_tags_are_given_changed_and_taken(
    connect_client: Any, connect_instance: Instance, make: Make
) -> None:
    arn = make(connect_client, connect_instance)

    def tags() -> Any:
        return connect_client.list_tags_for_resource(resourceArn=arn)["tags"]

    assert tags() == {"made": "yes"}
    connect_client.tag_resource(resourceArn=arn, tags={"made": "no", "team": "blue"})
    assert tags() == {"made": "no", "team": "blue"}
    connect_client.untag_resource(resourceArn=arn, tagKeys=["made", "floor"])
    assert tags() == {"team": "blue"}
    connect_client.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert tags() == {}


def test_what_a_test_has_added_can_be_tagged(connect_client: Any, connect_instance: Instance) -> None:
    (hours,) = connect_client.list_hours_of_operations(InstanceId=connect_instance.id)[
        "HoursOfOperationSummaryList"
    ]
    queue, number = connect_instance.add_queue(), connect_instance.add_phone_number("+15555550100")
    arns = [connect_instance.arn, hours["Arn"], queue.arn, number.arn]
    for arn in arns:
        connect_client.tag_resource(resourceArn=arn, tags={"arn": arn})

    for arn in arns:
        assert connect_client.list_tags_for_resource(resourceArn=arn)["tags"] == {"arn": arn}


def test_tags_show_in_a_description(connect_client: Any, connect_instance: Instance) -> None:
    queue = connect_instance.add_queue()
    connect_client.tag_resource(resourceArn=queue.arn, tags={"team": "blue"})

    described = connect_client.describe_queue(InstanceId=connect_instance.id, QueueId=queue.id)
    assert described["Queue"]["Tags"] == {"team": "blue"}


def test_a_resource_has_fifty_tags_at_most(connect_client: Any, connect_instance: Instance) -> None:
    fifty = {f"tag {number}": "" for number in range(50)}
    about = {"resourceArn": connect_instance.arn}
    connect_client.tag_resource(**about, tags=fifty)
    connect_client.tag_resource(**about, tags={"tag 0": "changed"})

    with pytest.raises(
        connect_client.exceptions.InvalidParameterException, match="The quota of 50 tags is reached"
    ):
        connect_client.tag_resource(**about, tags={"one": "more"})
    assert connect_client.list_tags_for_resource(**about)["tags"] == {**fifty, "tag 0": "changed"}


def test_other_arns_are_not_found(connect_client: Any, connect_instance: Instance) -> None:
    number = connect_instance.add_phone_number("+15555550100")
    campaign = connect_instance.add_campaign()
    old = f"{connect_instance.arn}/phone-number/{number.id}"

    for arn in (campaign.arn, old, "arn:aws:connect:us-east-1:123456789012:instance/unknown"):
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=arn):
            connect_client.list_tags_for_resource(resourceArn=arn)
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=arn):
            connect_client.tag_resource(resourceArn=arn, tags={"team": "blue"})
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=arn):
            connect_client.untag_resource(resourceArn=arn, tagKeys=["team"])
