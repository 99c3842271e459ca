"""The API calls of infrastructure code: each resource is created, read, changed, read and deleted.

The order is that of Terraform's provider for AWS, which reads a resource after each change.
"""

from __future__ import annotations

from typing import Any

import pytest

from connect_batchmock import ConnectMock, Instance

OPEN = {"Hours": 9, "Minutes": 0}
CLOSED = {"Hours": 17, "Minutes": 30}
MONDAY = {"Day": "MONDAY", "StartTime": OPEN, "EndTime": CLOSED}
CONTENT = '{"Version": "2019-10-30", "StartAction": "1", "Actions": []}'


@pytest.fixture
def about(connect_instance: Instance) -> dict[str, str]:
    return {"InstanceId": connect_instance.id}


@pytest.fixture
def gone(connect_client: Any) -> Any:
    return connect_client.exceptions.ResourceNotFoundException


def create_hours(client: Any, about: dict[str, str], name: str = "Office") -> str:
    created = client.create_hours_of_operation(**about, Name=name, TimeZone="UTC", Config=[MONDAY])
    return str(created["HoursOfOperationId"])


def create_flow(client: Any, about: dict[str, str], name: str = "Outbound") -> str:
    created = client.create_contact_flow(**about, Name=name, Type="CONTACT_FLOW", Content=CONTENT)
    return str(created["ContactFlowId"])


def test_hours_of_operation(connect_client: Any, about: dict[str, str], gone: Any) -> None:
    hours = about | {"HoursOfOperationId": create_hours(connect_client, about)}

    def read() -> dict[str, Any]:
        return dict(connect_client.describe_hours_of_operation(**hours)["HoursOfOperation"])

    before = read()
    tuesday = MONDAY | {"Day": "TUESDAY"}
    connect_client.update_hours_of_operation(
        **hours, Name="Branch", Description="In town", TimeZone="Europe/London", Config=[tuesday]
    )

    changed = read()
    assert changed["LastModifiedTime"] > before["LastModifiedTime"]
    assert changed == before | {
        "Name": "Branch",
        "Description": "In town",
        "TimeZone": "Europe/London",
        "Config": [tuesday],
        "LastModifiedTime": changed["LastModifiedTime"],
    }

    connect_client.delete_hours_of_operation(**hours)
    for operation in (read, lambda: connect_client.delete_hours_of_operation(**hours)):
        with pytest.raises(gone, match=hours["HoursOfOperationId"]):
            operation()


def test_queue(connect_client: Any, about: dict[str, str], connect_instance: Instance, gone: Any) -> None:
    number = connect_instance.add_phone_number("+15555550100")
    flow_id, hours_id = create_flow(connect_client, about), create_hours(connect_client, about)
    created = connect_client.create_queue(
        **about, Name="Sales", HoursOfOperationId=hours_id, MaxContacts=5, Tags={"team": "sales"}
    )
    queue = about | {"QueueId": created["QueueId"]}

    def read() -> dict[str, Any]:
        assert connect_client.list_queue_quick_connects(**queue)["QuickConnectSummaryList"] == []
        tags = connect_client.list_tags_for_resource(resourceArn=created["QueueArn"])["tags"]
        description = dict(connect_client.describe_queue(**queue)["Queue"])
        assert description.get("Tags", {}) == tags
        return description

    before = read()
    other_hours_id = create_hours(connect_client, about, "Weekend")
    caller = {"OutboundCallerIdNumberId": number.id, "OutboundFlowId": flow_id}
    connect_client.update_queue_hours_of_operation(**queue, HoursOfOperationId=other_hours_id)
    connect_client.update_queue_max_contacts(**queue, MaxContacts=7)
    connect_client.update_queue_name(**queue, Name="Support", Description="Calls back")
    connect_client.update_queue_outbound_caller_config(**queue, OutboundCallerConfig=caller)
    connect_client.update_queue_status(**queue, Status="DISABLED")
    connect_client.untag_resource(resourceArn=created["QueueArn"], tagKeys=["team"])

    changed = read()
    assert before.pop("Tags") == {"team": "sales"}
    assert changed == before | {
        "Name": "Support",
        "Description": "Calls back",
        "HoursOfOperationId": other_hours_id,
        "MaxContacts": 7,
        "OutboundCallerConfig": caller,
        "Status": "DISABLED",
        "LastModifiedTime": changed["LastModifiedTime"],
    }

    connect_client.delete_queue(**queue)
    connect_client.delete_hours_of_operation(**about, HoursOfOperationId=hours_id)
    connect_client.delete_hours_of_operation(**about, HoursOfOperationId=other_hours_id)
    connect_client.delete_contact_flow(**about, ContactFlowId=flow_id)
    for operation in (read, lambda: connect_client.delete_queue(**queue)):
        with pytest.raises(gone, match=queue["QueueId"]):
            operation()


def test_contact_flow(connect_client: Any, about: dict[str, str], gone: Any) -> None:
    flow = about | {"ContactFlowId": create_flow(connect_client, about)}

    def read() -> dict[str, Any]:
        return dict(connect_client.describe_contact_flow(**flow)["ContactFlow"])

    before = read()
    connect_client.update_contact_flow_name(**flow, Name="Leads", Description="Greets leads")
    connect_client.update_contact_flow_content(**flow, Content="{}")

    changed = read()
    assert changed["FlowContentSha256"] != before["FlowContentSha256"]
    assert changed == before | {
        "Name": "Leads",
        "Description": "Greets leads",
        "Content": "{}",
        "FlowContentSha256": changed["FlowContentSha256"],
        "LastModifiedTime": changed["LastModifiedTime"],
    }

    connect_client.delete_contact_flow(**flow)
    for operation in (read, lambda: connect_client.delete_contact_flow(**flow)):
        with pytest.raises(gone, match=flow["ContactFlowId"]):
            operation()


def test_phone_number(
    connect_mock: ConnectMock,
    connect_client: Any,
    about: dict[str, str],
    connect_instance: Instance,
    gone: Any,
) -> None:
    flow_id = create_flow(connect_client, about)
    wanted = {"PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    available = connect_client.search_available_phone_numbers(TargetArn=connect_instance.arn, **wanted)
    claimed = connect_client.claim_phone_number(
        TargetArn=connect_instance.arn, PhoneNumber=available["AvailableNumbersList"][0]["PhoneNumber"]
    )
    number = {"PhoneNumberId": claimed["PhoneNumberId"]}

    def read() -> dict[str, Any]:
        return dict(connect_client.describe_phone_number(**number)["ClaimedPhoneNumberSummary"])

    def associations(instance_id: str = connect_instance.id) -> list[dict[str, Any]]:
        listed = connect_client.list_flow_associations(
            InstanceId=instance_id, ResourceType="VOICE_PHONE_NUMBER"
        )
        return list(listed["FlowAssociationSummaryList"])

    connect_client.associate_phone_number_contact_flow(**number, **about, ContactFlowId=flow_id)
    assert associations() == [
        {
            "ResourceId": claimed["PhoneNumberArn"],
            "FlowId": f"{connect_instance.arn}/contact-flow/{flow_id}",
            "ResourceType": "VOICE_PHONE_NUMBER",
        }
    ]
    other = connect_mock.add_instance()
    before = read()
    moved = connect_client.update_phone_number(**number, TargetArn=other.arn)

    assert moved["PhoneNumberArn"] == claimed["PhoneNumberArn"]
    assert read() == before | {"TargetArn": other.arn, "InstanceId": other.id}
    assert (associations(), associations(other.id)) == ([], [])
    assert ([], [read()["PhoneNumber"]]) == (
        connect_instance.phone_numbers,
        [claimed_number.number for claimed_number in other.phone_numbers],
    )

    connect_client.disassociate_phone_number_contact_flow(**number, InstanceId=other.id)
    connect_client.release_phone_number(**number)
    with pytest.raises(gone, match=number["PhoneNumberId"]):
        read()


def test_an_instance_is_read_with_its_integrations(connect_client: Any, about: dict[str, str]) -> None:
    listed = connect_client.list_integration_associations(**about, IntegrationType="CASES_DOMAIN")

    assert listed["IntegrationAssociationSummaryList"] == []
