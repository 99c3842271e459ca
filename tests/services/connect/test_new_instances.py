"""What every instance has from the start: hours, a queue and contact flows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import UNKNOWN

from connect_batchmock import ConnectMock, Instance, Queue, SeedError, mock_connect

FLOWS = {
    "Default agent hold": "AGENT_HOLD",
    "Default agent transfer": "AGENT_TRANSFER",
    "Default customer queue": "CUSTOMER_QUEUE",
    "Default customer whisper": "CUSTOMER_WHISPER",
    "Default agent whisper": "AGENT_WHISPER",
    "Default customer hold": "CUSTOMER_HOLD",
    "Default outbound": "OUTBOUND_WHISPER",
    "Default queue transfer": "QUEUE_TRANSFER",
}


def created(connect_client: Any, connect_mock: ConnectMock) -> str:
    answer = connect_client.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="created",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    return str(answer["Id"])


def added(connect_client: Any, connect_mock: ConnectMock) -> str:
    return connect_mock.add_instance().id


def flows_of(connect_client: Any, instance_id: str) -> list[dict[str, Any]]:
    return list(connect_client.list_contact_flows(InstanceId=instance_id)["ContactFlowSummaryList"])


def queues_of(connect_client: Any, instance_id: str) -> list[dict[str, Any]]:
    return list(connect_client.list_queues(InstanceId=instance_id)["QueueSummaryList"])


@pytest.fixture
def basic_queue_id(connect_client: Any, connect_instance: Instance) -> str:
    (queue,) = queues_of(connect_client, connect_instance.id)
    return str(queue["Id"])


@pytest.mark.parametrize("make", [created, added])
def test_a_new_instance_has_hours_a_queue_and_flows(
    connect_client: Any, connect_mock: ConnectMock, make: Callable[[Any, ConnectMock], str]
) -> None:
    instance_id = make(connect_client, connect_mock)

    (queue,) = queues_of(connect_client, instance_id)
    (hours,) = connect_client.list_hours_of_operations(InstanceId=instance_id)["HoursOfOperationSummaryList"]
    flows = flows_of(connect_client, instance_id)

    described = connect_client.describe_queue(InstanceId=instance_id, QueueId=queue["Id"])["Queue"]
    assert (queue["Name"], described["Name"]) == ("BasicQueue", "BasicQueue")
    assert (hours["Name"], described["HoursOfOperationId"]) == ("Basic Hours", hours["Id"])
    assert {flow["Name"]: flow["ContactFlowType"] for flow in flows} == FLOWS


def test_default_flows_are_described_and_tagged(connect_client: Any, connect_instance: Instance) -> None:
    for flow in flows_of(connect_client, connect_instance.id):
        connect_client.tag_resource(resourceArn=flow["Arn"], tags={"name": flow["Name"]})

        described = connect_client.describe_contact_flow(
            InstanceId=connect_instance.id, ContactFlowId=flow["Id"]
        )["ContactFlow"]
        assert (described["Status"], described["Tags"]) == ("PUBLISHED", {"name": flow["Name"]})


def test_default_ids_do_not_depend_on_when_they_are_read() -> None:
    def ids(early: bool) -> tuple[list[str], list[str], list[str]]:
        with mock_connect() as connect_mock:
            client, instance = connect_mock.client(), connect_mock.add_instance()
            if early:
                flows_of(client, instance.id)
            others = [connect_mock.add_instance().id, instance.add_queue().id, instance.add_campaign().id]
            flows = [flow["Id"] for flow in flows_of(client, instance.id)]
            return flows, [queue["Id"] for queue in queues_of(client, instance.id)], others

    assert ids(early=True) == ids(early=False)


def test_default_ids_are_unique(connect_client: Any, connect_mock: ConnectMock) -> None:
    instances = [connect_mock.add_instance().id for _ in range(3)]
    resources = [
        resource["Id"]
        for instance_id in instances
        for resource in (*flows_of(connect_client, instance_id), *queues_of(connect_client, instance_id))
    ]
    assert len(set(resources)) == 3 * 9


def test_any_flow_will_do_until_one_is_added(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    default = flows_of(connect_client, connect_instance.id)[0]["Id"]

    def use(flow_id: str) -> None:
        connect_client.update_queue_outbound_caller_config(
            InstanceId=connect_instance.id,
            QueueId=connect_queue.id,
            OutboundCallerConfig={"OutboundFlowId": flow_id},
        )

    use(UNKNOWN)
    connect_client.create_contact_flow(
        InstanceId=connect_instance.id, Name="Outbound", Type="CONTACT_FLOW", Content="{}"
    )
    use(default)
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=UNKNOWN):
        use(UNKNOWN)


@pytest.mark.parametrize("name", FLOWS)
def test_a_default_flow_cannot_be_deleted(connect_client: Any, connect_instance: Instance, name: str) -> None:
    flows = {flow["Name"]: flow["Id"] for flow in flows_of(connect_client, connect_instance.id)}

    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="is a default flow"):
        connect_client.delete_contact_flow(InstanceId=connect_instance.id, ContactFlowId=flows[name])
    with pytest.raises(connect_client.exceptions.DuplicateResourceException, match=name):
        connect_client.create_contact_flow(
            InstanceId=connect_instance.id, Name=name, Type="CONTACT_FLOW", Content="{}"
        )


# BasicQueue as a test sees it


def test_a_test_sees_the_queues_that_were_added(
    connect_client: Any, connect_instance: Instance, basic_queue_id: str
) -> None:
    assert connect_instance.queues == []

    queue = connect_instance.add_queue()

    assert queue.name == "Queue 1"
    assert connect_instance.queues == [queue]
    assert [summary["Id"] for summary in queues_of(connect_client, connect_instance.id)] == [
        basic_queue_id,
        queue.id,
    ]


def test_a_test_adds_the_basic_queue(
    connect_client: Any, connect_instance: Instance, basic_queue_id: str
) -> None:
    campaign = connect_instance.add_campaign(queue="BasicQueue")

    queue = connect_instance.add_queue("BasicQueue", enabled=False)
    queue.add_agents(2)

    assert (queue.id, queue.name, queue.enabled) == (basic_queue_id, "BasicQueue", False)
    assert (connect_instance.queues, campaign.queue) == ([queue], queue)
    assert [summary["Id"] for summary in queues_of(connect_client, connect_instance.id)] == [queue.id]
    with pytest.raises(SeedError, match="already has a queue named 'BasicQueue'"):
        connect_instance.add_queue("BasicQueue")


def test_a_test_gives_the_basic_queue_an_id(connect_client: Any, connect_instance: Instance) -> None:
    taken = connect_instance.add_queue()
    with pytest.raises(SeedError, match="already has the id"):
        connect_instance.add_queue("BasicQueue", id=taken.id)

    queue = connect_instance.add_queue("BasicQueue", id=UNKNOWN)

    assert (queue.id, queue.arn) == (UNKNOWN, f"{connect_instance.arn}/queue/{UNKNOWN}")
    described = connect_client.describe_queue(InstanceId=connect_instance.id, QueueId=UNKNOWN)["Queue"]
    assert (described["Name"], described["QueueArn"]) == ("BasicQueue", queue.arn)


def test_a_deleted_basic_queue_can_be_added_again(
    connect_client: Any, connect_instance: Instance, basic_queue_id: str
) -> None:
    connect_client.delete_queue(InstanceId=connect_instance.id, QueueId=basic_queue_id)

    queue = connect_instance.add_queue("BasicQueue")

    assert queue.id != basic_queue_id
    assert connect_instance.queues == [queue]


def test_the_basic_queue_takes_contacts(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, basic_queue_id: str
) -> None:
    connect_client.start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        QueueId=basic_queue_id,
        ContactFlowId=UNKNOWN,
        DestinationPhoneNumber="+15555550100",
    )

    contact = connect_mock.contacts.one(queue_id=basic_queue_id)
    assert contact.queue is not None
    assert contact.queue.name == "BasicQueue"


def test_a_snapshot_keeps_what_an_instance_had(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, basic_queue_id: str
) -> None:
    before = connect_mock.snapshot()
    flow, *_ = flows_of(connect_client, connect_instance.id)
    about = {"InstanceId": connect_instance.id, "ContactFlowId": flow["Id"]}
    connect_client.update_contact_flow_name(**about, Name="Changed")
    connect_instance.add_queue("BasicQueue", id=UNKNOWN)

    connect_mock.restore(before)

    assert flows_of(connect_client, connect_instance.id)[0] == flow
    assert queues_of(connect_client, connect_instance.id)[0]["Id"] == basic_queue_id
    assert connect_instance.queues == []


def test_hours_come_back_with_a_queue_that_needs_them(
    connect_client: Any, connect_instance: Instance, basic_queue_id: str
) -> None:
    about = {"InstanceId": connect_instance.id}
    (hours,) = connect_client.list_hours_of_operations(**about)["HoursOfOperationSummaryList"]
    connect_client.delete_queue(**about, QueueId=basic_queue_id)
    connect_client.delete_hours_of_operation(**about, HoursOfOperationId=hours["Id"])
    assert connect_client.list_hours_of_operations(**about)["HoursOfOperationSummaryList"] == []

    connect_instance.add_queue()

    (again,) = connect_client.list_hours_of_operations(**about)["HoursOfOperationSummaryList"]
    assert again["Name"] == "Basic Hours"
    assert again["Id"] != hours["Id"]
