"""What the operations that change and delete resources refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import UNKNOWN

from connect_batchmock import ConnectMock, Instance, PhoneNumber, Queue


@pytest.fixture
def about(connect_instance: Instance) -> dict[str, str]:
    return {"InstanceId": connect_instance.id}


@pytest.fixture
def number(connect_instance: Instance) -> PhoneNumber:
    return connect_instance.add_phone_number("+15555550100")


@pytest.fixture
def create_flow(connect_client: Any, about: dict[str, str]) -> Callable[..., str]:
    """Create a contact flow and return its id."""

    def call(name: str = "Outbound", status: str = "PUBLISHED", content: str = "{}") -> str:
        created = connect_client.create_contact_flow(
            **about, Name=name, Type="CONTACT_FLOW", Content=content, Status=status
        )
        return str(created["ContactFlowId"])

    return call


# Hours of operation


def test_hours_that_a_queue_has_are_not_deleted(
    connect_client: Any, about: dict[str, str], connect_queue: Queue
) -> None:
    hours_id = connect_client.create_hours_of_operation(**about, Name="Never", TimeZone="UTC", Config=[])[
        "HoursOfOperationId"
    ]
    hours = about | {"HoursOfOperationId": hours_id}
    connect_client.update_queue_hours_of_operation(**hours, QueueId=connect_queue.id)

    with pytest.raises(
        connect_client.exceptions.InvalidParameterException,
        match=f"in use by the queue '{connect_queue.name}'",
    ):
        connect_client.delete_hours_of_operation(**hours)
    connect_queue.delete()
    connect_client.delete_hours_of_operation(**hours)


def test_an_update_of_hours_keeps_what_is_absent(connect_client: Any, about: dict[str, str]) -> None:
    (basic,) = connect_client.list_hours_of_operations(**about)["HoursOfOperationSummaryList"]
    hours = about | {"HoursOfOperationId": basic["Id"]}
    before = connect_client.describe_hours_of_operation(**hours)["HoursOfOperation"]

    connect_client.update_hours_of_operation(**hours, Name="Basic Hours", Description="Always")
    described = connect_client.describe_hours_of_operation(**hours)["HoursOfOperation"]
    assert described == before | {
        "Description": "Always",
        "LastModifiedTime": described["LastModifiedTime"],
    }
    connect_client.update_hours_of_operation(**hours, Description="")
    assert "Description" not in connect_client.describe_hours_of_operation(**hours)["HoursOfOperation"]


def test_hours_get_no_name_of_others(connect_client: Any, about: dict[str, str]) -> None:
    created = connect_client.create_hours_of_operation(**about, Name="Never", TimeZone="UTC", Config=[])

    with pytest.raises(connect_client.exceptions.DuplicateResourceException, match="'Basic Hours'"):
        connect_client.update_hours_of_operation(
            **about, HoursOfOperationId=created["HoursOfOperationId"], Name="Basic Hours"
        )


# Contact flows


def test_a_flow_gets_no_name_of_another(
    connect_client: Any, about: dict[str, str], create_flow: Callable[..., str]
) -> None:
    flow = about | {"ContactFlowId": create_flow()}
    create_flow("Inbound")

    for name in ("Inbound", "Default outbound"):
        with pytest.raises(connect_client.exceptions.DuplicateResourceException, match=name):
            connect_client.update_contact_flow_name(**flow, Name=name)
    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="both missing"):
        connect_client.update_contact_flow_name(**flow)


def test_content_is_saved_beside_the_published_one(
    connect_client: Any, about: dict[str, str], create_flow: Callable[..., str]
) -> None:
    flow_id = create_flow()

    def content(suffix: str = "") -> str:
        described = connect_client.describe_contact_flow(**about, ContactFlowId=f"{flow_id}{suffix}")
        return str(described["ContactFlow"]["Content"])

    def update(text: str, suffix: str = "") -> None:
        connect_client.update_contact_flow_content(**about, ContactFlowId=f"{flow_id}{suffix}", Content=text)

    update("not yet", ":$SAVED")
    assert (content(), content(":$SAVED")) == ("{}", "not yet")
    with pytest.raises(connect_client.exceptions.InvalidContactFlowException, match="is not JSON"):
        update("not yet")
    update('{"Actions": []}')
    assert content() == content(":$SAVED") == '{"Actions": []}'


def test_a_saved_flow_is_published_with_its_content(
    connect_client: Any, about: dict[str, str], create_flow: Callable[..., str]
) -> None:
    flow = about | {"ContactFlowId": create_flow(status="SAVED", content="not yet")}

    connect_client.update_contact_flow_content(**flow, Content="{}")

    described = connect_client.describe_contact_flow(**flow)["ContactFlow"]
    assert (described["Status"], described["Content"]) == ("PUBLISHED", "{}")


def of_a_queue(client: Any, instance: Instance, flow_id: str) -> str:
    client.update_queue_outbound_caller_config(
        InstanceId=instance.id,
        QueueId=instance.add_queue("Sales").id,
        OutboundCallerConfig={"OutboundFlowId": flow_id},
    )
    return "the queue 'Sales'"


def of_a_number(client: Any, instance: Instance, flow_id: str) -> str:
    number = instance.add_phone_number("+15555550177")
    client.associate_phone_number_contact_flow(
        InstanceId=instance.id, PhoneNumberId=number.arn, ContactFlowId=flow_id
    )
    return r"the phone number '\+15555550177'"


@pytest.mark.parametrize("use", [of_a_queue, of_a_number])
def test_a_flow_in_use_is_not_deleted(
    connect_client: Any,
    connect_instance: Instance,
    create_flow: Callable[..., str],
    use: Callable[[Any, Instance, str], str],
) -> None:
    flow_id = create_flow()
    connect_instance.add_queue()
    other_flow_id = create_flow("Inbound")
    other_number = connect_instance.add_phone_number("+15555550188")
    connect_client.associate_phone_number_contact_flow(
        InstanceId=connect_instance.id, PhoneNumberId=other_number.id, ContactFlowId=other_flow_id
    )
    user = use(connect_client, connect_instance, flow_id)

    with pytest.raises(connect_client.exceptions.InvalidParameterException, match=f"is in use by {user}"):
        connect_client.delete_contact_flow(InstanceId=connect_instance.id, ContactFlowId=flow_id)


def test_a_flow_of_a_campaign_is_not_deleted(
    connect_client: Any,
    connectcampaigns_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    create_flow: Callable[..., str],
) -> None:
    flow_id = create_flow()
    connect_instance.add_campaign()
    campaign = connectcampaigns_client.create_campaign(
        name="Spring",
        connectInstanceId=connect_instance.id,
        dialerConfig={"progressiveDialerConfig": {"bandwidthAllocation": 1}},
        outboundCallConfig={"connectContactFlowId": flow_id, "connectQueueId": connect_queue.id},
    )

    with pytest.raises(
        connect_client.exceptions.InvalidParameterException, match="is in use by the campaign 'Spring'"
    ):
        connect_client.delete_contact_flow(InstanceId=connect_instance.id, ContactFlowId=flow_id)
    connectcampaigns_client.delete_campaign(id=campaign["id"])
    connect_client.delete_contact_flow(InstanceId=connect_instance.id, ContactFlowId=flow_id)


# Phone numbers


def test_a_number_in_use_does_not_move(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, number: PhoneNumber
) -> None:
    connect_instance.add_campaign("Spring", source_number=number.number)
    other = connect_mock.add_instance()

    with pytest.raises(connect_client.exceptions.ResourceInUseException, match="the campaign 'Spring'"):
        connect_client.update_phone_number(PhoneNumberId=number.id, InstanceId=other.id)
    connect_client.update_phone_number(PhoneNumberId=number.id, InstanceId=connect_instance.id)
    assert connect_instance.phone_numbers == [number]


def test_a_repeated_move_is_answered_as_the_first(
    connect_mock: ConnectMock, connect_client: Any, number: PhoneNumber
) -> None:
    move = {"PhoneNumberId": number.id, "InstanceId": connect_mock.add_instance().id, "ClientToken": "token"}

    first, again = (connect_client.update_phone_number(**move)["PhoneNumberId"] for _ in range(2))

    assert first == again == number.id
    with pytest.raises(connect_client.exceptions.IdempotencyException):
        connect_client.update_phone_number(**move | {"InstanceId": UNKNOWN})


def test_a_move_has_one_target(connect_client: Any, number: PhoneNumber) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="are both missing"):
        connect_client.update_phone_number(PhoneNumberId=number.id)


def test_a_number_has_one_flow(
    connect_client: Any, about: dict[str, str], number: PhoneNumber, create_flow: Callable[..., str]
) -> None:
    flows = [create_flow(name) for name in ("Outbound", "Inbound")]
    for flow_id in flows:
        connect_client.associate_phone_number_contact_flow(
            **about, PhoneNumberId=number.id, ContactFlowId=flow_id
        )

    listed = connect_client.list_flow_associations(**about)["FlowAssociationSummaryList"]
    assert [association["FlowId"].rpartition("/")[2] for association in listed] == flows[1:]
    others = connect_client.list_flow_associations(**about, ResourceType="INBOUND_EMAIL")
    assert others["FlowAssociationSummaryList"] == []
    for _ in range(2):
        connect_client.disassociate_phone_number_contact_flow(**about, PhoneNumberId=number.id)
    assert connect_client.list_flow_associations(**about)["FlowAssociationSummaryList"] == []


def test_associations_are_listed_page_by_page(
    connect_client: Any, about: dict[str, str], connect_instance: Instance, create_flow: Callable[..., str]
) -> None:
    flow_id = create_flow()
    numbers = [connect_instance.add_phone_number(f"+1555555010{last}") for last in range(3)]
    for number in numbers:
        connect_client.associate_phone_number_contact_flow(
            **about, PhoneNumberId=number.id, ContactFlowId=flow_id
        )

    pages = connect_client.get_paginator("list_flow_associations").paginate(
        **about, PaginationConfig={"PageSize": 2}
    )
    sizes = [[entry["ResourceId"] for entry in page["FlowAssociationSummaryList"]] for page in pages]
    assert sizes == [[number.arn for number in numbers[:2]], [numbers[2].arn]]


def test_a_number_of_another_instance_is_not_found(
    connect_mock: ConnectMock, connect_client: Any, number: PhoneNumber, create_flow: Callable[..., str]
) -> None:
    other = {"InstanceId": connect_mock.add_instance().id, "PhoneNumberId": number.id}

    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=number.id):
        connect_client.associate_phone_number_contact_flow(**other, ContactFlowId=create_flow())
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=number.id):
        connect_client.disassociate_phone_number_contact_flow(**other)


def test_a_country_that_the_model_lacks_is_left_out(connect_client: Any, connect_instance: Instance) -> None:
    number = connect_instance.add_phone_number("+38344123456")

    described = connect_client.describe_phone_number(PhoneNumberId=number.id)["ClaimedPhoneNumberSummary"]

    assert number.country == "XK"
    assert "PhoneNumberCountryCode" not in described


# Empty ids


def empty_caller(client: Any, queue: dict[str, str], number: PhoneNumber) -> None:
    client.update_queue_outbound_caller_config(**queue, OutboundCallerConfig={"OutboundCallerIdNumberId": ""})


def empty_outbound_flow(client: Any, queue: dict[str, str], number: PhoneNumber) -> None:
    client.update_queue_outbound_caller_config(**queue, OutboundCallerConfig={"OutboundFlowId": ""})


def empty_hours(client: Any, queue: dict[str, str], number: PhoneNumber) -> None:
    client.update_queue_hours_of_operation(**queue, HoursOfOperationId="")


def empty_hours_of_a_new_queue(client: Any, queue: dict[str, str], number: PhoneNumber) -> None:
    client.create_queue(InstanceId=queue["InstanceId"], Name="Sales", HoursOfOperationId="")


def empty_flow(client: Any, queue: dict[str, str], number: PhoneNumber) -> None:
    client.associate_phone_number_contact_flow(
        InstanceId=queue["InstanceId"], PhoneNumberId=number.id, ContactFlowId=""
    )


def empty_flow_of_a_call(client: Any, queue: dict[str, str], number: PhoneNumber) -> None:
    client.start_outbound_voice_contact(**queue, ContactFlowId="", DestinationPhoneNumber="+15555550111")


@pytest.mark.parametrize(
    ("send", "kind"),
    [
        (empty_caller, "phone number"),
        (empty_outbound_flow, "contact flow"),
        (empty_hours, "hours of operation"),
        (empty_hours_of_a_new_queue, "hours of operation"),
        (empty_flow, "contact flow"),
        (empty_flow_of_a_call, "contact flow"),
    ],
)
def test_an_empty_id_is_an_invalid_parameter(
    connect_client: Any,
    about: dict[str, str],
    connect_queue: Queue,
    number: PhoneNumber,
    send: Callable[[Any, dict[str, str], PhoneNumber], None],
    kind: str,
) -> None:
    with pytest.raises(
        connect_client.exceptions.InvalidParameterException, match=f"An empty string identifies no {kind}; "
    ):
        send(connect_client, about | {"QueueId": connect_queue.id}, number)
