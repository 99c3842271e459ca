"""Queues: the operations that create, describe, list, change and delete a queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from botocore.exceptions import ClientError
from factories import UNKNOWN

from connect_batchmock import Campaign, ConnectMock, Instance, Queue

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
Create = Callable[..., dict[str, Any]]
Describe = Callable[[str], dict[str, Any]]


@pytest.fixture
def hours_id(connect_client: Any, connect_instance: Instance) -> str:
    """Return the id of the hours of operation that every instance comes with."""
    listed = connect_client.list_hours_of_operations(InstanceId=connect_instance.id)
    return str(listed["HoursOfOperationSummaryList"][0]["Id"])


@pytest.fixture
def create(connect_client: Any, connect_instance: Instance, hours_id: str) -> Create:
    """Create a queue in ``connect_instance``; a keyword adds or replaces a parameter."""

    def call(name: str = "Sales", **parameters: Any) -> dict[str, Any]:
        about = {"InstanceId": connect_instance.id, "HoursOfOperationId": hours_id, "Name": name}
        answer: dict[str, Any] = connect_client.create_queue(**{**about, **parameters})
        return answer

    return call


@pytest.fixture
def describe(connect_client: Any, connect_instance: Instance) -> Describe:
    """Describe a queue of ``connect_instance``."""

    def call(queue_id: str) -> dict[str, Any]:
        answer = connect_client.describe_queue(InstanceId=connect_instance.id, QueueId=queue_id)
        return dict(answer["Queue"])

    return call


def test_a_queue_is_created_as_it_is_described(
    connect_client: Any, connect_instance: Instance, create: Create, describe: Describe, hours_id: str
) -> None:
    number = connect_instance.add_phone_number("+15555550100")
    with time_machine.travel(NOW, tick=False):
        created = create(
            Description="Outbound sales",
            MaxContacts=0,
            OutboundCallerConfig={
                "OutboundCallerIdName": "Example Corp",
                "OutboundCallerIdNumberId": number.arn,
                "OutboundFlowId": UNKNOWN,
            },
            OutboundEmailConfig={"OutboundEmailAddressId": UNKNOWN},
            QuickConnectIds=[UNKNOWN],
            Tags={"team": "outbound"},
        )

    (queue,) = connect_instance.queues
    assert created["QueueArn"] == f"{connect_instance.arn}/queue/{created['QueueId']}"
    assert (queue.id, queue.arn, queue.name) == (created["QueueId"], created["QueueArn"], "Sales")
    assert describe(queue.id) == {
        "Name": "Sales",
        "QueueArn": queue.arn,
        "QueueId": queue.id,
        "Description": "Outbound sales",
        "OutboundCallerConfig": {
            "OutboundCallerIdName": "Example Corp",
            "OutboundCallerIdNumberId": number.id,
            "OutboundFlowId": UNKNOWN,
        },
        "OutboundEmailConfig": {"OutboundEmailAddressId": UNKNOWN},
        "HoursOfOperationId": hours_id,
        "MaxContacts": 0,
        "Status": "ENABLED",
        "Tags": {"team": "outbound"},
        "LastModifiedTime": NOW,
        "LastModifiedRegion": "us-east-1",
    }


def test_a_queue_that_a_test_has_added_is_described(
    connect_instance: Instance, describe: Describe, hours_id: str
) -> None:
    queue = connect_instance.add_queue("Seeded", enabled=False)

    described = describe(queue.id)
    assert described.pop("LastModifiedTime") is not None
    assert described == {
        "Name": "Seeded",
        "QueueArn": queue.arn,
        "QueueId": queue.id,
        "HoursOfOperationId": hours_id,
        "Status": "DISABLED",
        "LastModifiedRegion": "us-east-1",
    }


def test_a_created_queue_takes_contacts(
    connect_mock: ConnectMock, create: Create, put: Any, an_item: Any
) -> None:
    created = create()
    put(an_item(QueueId=created["QueueId"]))

    assert connect_mock.contacts.one().queue.arn == created["QueueArn"]


def test_a_name_is_taken_once(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue, create: Create
) -> None:
    created = create("Sales")
    about = {"InstanceId": connect_instance.id, "QueueId": created["QueueId"]}

    with pytest.raises(connect_client.exceptions.DuplicateResourceException, match="'Sales'"):
        create("Sales")
    with pytest.raises(connect_client.exceptions.DuplicateResourceException, match=connect_queue.name):
        connect_client.update_queue_name(**about, Name=connect_queue.name)
    connect_client.update_queue_name(**about, Name="Sales")
    assert [queue.name for queue in connect_instance.queues] == [connect_queue.name, "Sales"]


def test_hours_have_to_be_those_of_the_instance(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, create: Create
) -> None:
    other = connect_mock.add_instance()
    (theirs,) = connect_client.list_hours_of_operations(InstanceId=other.id)["HoursOfOperationSummaryList"]

    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=theirs["Id"]):
        create(HoursOfOperationId=theirs["Id"])
    assert connect_instance.queues == []


class TestOutboundCaller:
    """The caller id of a queue."""

    @pytest.fixture
    def update(self, connect_client: Any, connect_instance: Instance, create: Create) -> Create:
        """Update the outbound caller of a new queue, and describe the queue."""
        queue_id = create(OutboundCallerConfig={"OutboundCallerIdName": "Before"})["QueueId"]

        def call(**config: str) -> dict[str, Any]:
            about = {"InstanceId": connect_instance.id, "QueueId": queue_id}
            connect_client.update_queue_outbound_caller_config(**about, OutboundCallerConfig=config)
            return dict(connect_client.describe_queue(**about)["Queue"])

        return call

    def test_it_replaces_what_was_there(self, connect_instance: Instance, update: Create) -> None:
        number = connect_instance.add_phone_number("+15555550100")

        by_id = update(OutboundCallerIdNumberId=number.id)
        assert by_id["OutboundCallerConfig"] == {"OutboundCallerIdNumberId": number.id}
        assert "OutboundCallerConfig" not in update()

    def test_the_number_is_claimed_to_the_instance(
        self, connect_mock: ConnectMock, connect_client: Any, create: Create, update: Create
    ) -> None:
        theirs = connect_mock.add_instance().add_phone_number("+15555550100").id

        for number_id in (UNKNOWN, theirs):
            config = {"OutboundCallerIdNumberId": number_id}
            with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=number_id):
                update(**config)
            with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=number_id):
                create("Other", OutboundCallerConfig=config)

    def test_the_flow_is_known_once_there_are_flows(
        self, connect_client: Any, connect_instance: Instance, update: Create
    ) -> None:
        assert update(OutboundFlowId=UNKNOWN)["OutboundCallerConfig"] == {"OutboundFlowId": UNKNOWN}
        flow_id = connect_client.create_contact_flow(
            InstanceId=connect_instance.id, Name="Whisper", Type="OUTBOUND_WHISPER", Content="{}"
        )["ContactFlowId"]

        assert update(OutboundFlowId=flow_id)["OutboundCallerConfig"] == {"OutboundFlowId": flow_id}
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match="contact flow"):
            update(OutboundFlowId=UNKNOWN)


@pytest.mark.parametrize(
    ("operation", "parameters", "changed"),
    [
        ("name", {"Name": "Retention"}, {"Name": "Retention"}),
        ("name", {"Description": "Those who leave"}, {"Description": "Those who leave"}),
        ("status", {"Status": "DISABLED"}, {"Status": "DISABLED"}),
        ("max_contacts", {"MaxContacts": 7}, {"MaxContacts": 7}),
        ("max_contacts", {}, {}),
        ("outbound_caller_config", {"OutboundCallerConfig": {}}, {}),
    ],
)
def test_an_update_changes_what_it_is_about_and_the_time(
    connect_client: Any,
    connect_instance: Instance,
    create: Create,
    describe: Describe,
    operation: str,
    parameters: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        queue_id = create()["QueueId"]
        before = describe(queue_id)
        clock.shift(timedelta(minutes=1))
        update = getattr(connect_client, f"update_queue_{operation}")
        update(InstanceId=connect_instance.id, QueueId=queue_id, **parameters)

    assert describe(queue_id) == {**before, **changed, "LastModifiedTime": NOW + timedelta(minutes=1)}


def test_a_limit_can_be_taken_away(
    connect_client: Any, connect_instance: Instance, create: Create, describe: Describe
) -> None:
    queue_id = create(MaxContacts=5)["QueueId"]
    connect_client.update_queue_max_contacts(InstanceId=connect_instance.id, QueueId=queue_id)

    assert "MaxContacts" not in describe(queue_id)


def test_the_status_is_that_of_the_tests_own_queue(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    about = {"InstanceId": connect_instance.id, "QueueId": connect_queue.id}

    connect_client.update_queue_status(**about, Status="DISABLED")
    assert not connect_queue.enabled
    connect_client.update_queue_status(**about, Status="ENABLED")
    assert connect_queue.enabled


def test_a_name_or_a_description_is_needed(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    with pytest.raises(ClientError, match="Name and Description are both missing") as caught:
        connect_client.update_queue_name(InstanceId=connect_instance.id, QueueId=connect_queue.id)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_a_queue_goes_when_no_campaign_has_it(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put: Any,
    an_item: Any,
) -> None:
    about = {"InstanceId": connect_instance.id, "QueueId": connect_queue.id}
    put(an_item())
    connect_instance.add_campaign("Messages", mode="agentless")

    with pytest.raises(connect_client.exceptions.ResourceInUseException, match=connect_campaign.name):
        connect_client.delete_queue(**about)
    connect_campaign.delete()
    connect_client.delete_queue(**about)

    assert connect_instance.queues == []
    assert connect_mock.contacts.one().queue == connect_queue
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        connect_client.describe_queue(**about)


def test_queues_are_listed_page_by_page(
    connect_client: Any, connect_instance: Instance, create: Create, describe: Describe
) -> None:
    seeded = [connect_instance.add_queue().id for _ in range(100)]
    created = create()["QueueId"]

    first = connect_client.list_queues(InstanceId=connect_instance.id)
    second = connect_client.list_queues(InstanceId=connect_instance.id, NextToken=first["NextToken"])
    whole = connect_client.get_paginator("list_queues").paginate(
        InstanceId=connect_instance.id, QueueTypes=["STANDARD"], PaginationConfig={"PageSize": 40}
    )

    basic, *others = (queue["Id"] for queue in first["QueueSummaryList"])
    last = second["QueueSummaryList"][-1]
    assert describe(basic)["Name"] == "BasicQueue"
    assert [*others, second["QueueSummaryList"][0]["Id"]] == seeded
    assert [queue["Id"] for page in whole for queue in page["QueueSummaryList"]] == [basic, *seeded, created]
    assert last == {
        "Id": created,
        "Arn": f"{connect_instance.arn}/queue/{created}",
        "Name": "Sales",
        "QueueType": "STANDARD",
        "LastModifiedTime": describe(created)["LastModifiedTime"],
        "LastModifiedRegion": "us-east-1",
    }


def test_there_are_no_queues_of_agents(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    listed = connect_client.list_queues(InstanceId=connect_instance.id, QueueTypes=["AGENT"])

    assert listed["QueueSummaryList"] == []


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("describe_queue", {}),
        ("update_queue_name", {"Name": "Sales"}),
        ("update_queue_status", {"Status": "ENABLED"}),
        ("update_queue_max_contacts", {"MaxContacts": 1}),
        ("update_queue_outbound_caller_config", {"OutboundCallerConfig": {}}),
        ("delete_queue", {}),
    ],
)
def test_what_is_unknown_is_not_found(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_queue: Queue,
    operation: str,
    parameters: dict[str, Any],
) -> None:
    other = connect_mock.add_instance()
    call = getattr(connect_client, operation)

    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match="The instance"):
        call(InstanceId=UNKNOWN, QueueId=connect_queue.id, **parameters)
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match="The queue"):
        call(InstanceId=other.id, QueueId=connect_queue.id, **parameters)


@pytest.mark.parametrize("operation", ["list_queues", "search_queues"])
def test_the_queues_of_an_unknown_instance_are_not_found(connect_client: Any, operation: str) -> None:
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match="The instance"):
        getattr(connect_client, operation)(InstanceId=UNKNOWN)
