"""Resources that scenarios create in an instance, each deleted when its story ends."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from connect_batchmock.verification.story import NotTriedError, Story

UNKNOWN_ID = "00000000-0000-4000-8000-00000000dead"
"""An id that no resource has."""

FLOW_CONTENT = json.dumps(
    {
        "Version": "2019-10-30",
        "StartAction": "end",
        "Actions": [
            {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
        ],
    }
)
"""The content of a flow that disconnects."""


def pages(function: Callable[..., Any], member: str, **parameters: Any) -> Iterator[list[Any]]:
    """Yield the entries of each page of a paged operation."""
    # Each service spells the token as it spells the other members.
    token_name = "NextToken" if member[0].isupper() else "nextToken"
    while True:
        response = function(**parameters)
        yield response[member]
        if not response.get(token_name):
            return
        parameters[token_name] = response[token_name]


def entries(function: Callable[..., Any], member: str, **parameters: Any) -> list[Any]:
    """Return the entries of all pages of a paged operation."""
    return [entry for page in pages(function, member, **parameters) for entry in page]


def _id_by_name(found: list[Any], name: str, name_key: str = "Name", id_key: str = "Id") -> str | None:
    return next((entry[id_key] for entry in found if entry.get(name_key) == name), None)


def first_hours(story: Story) -> str:
    """Return the id of hours of operation of the instance."""
    hours = entries(
        story.connect.list_hours_of_operations, "HoursOfOperationSummaryList", InstanceId=story.instance_id
    )
    if not hours:
        raise NotTriedError("The instance has no hours of operation.")
    return str(hours[0]["Id"])


def create_hours(story: Story, **parameters: Any) -> str:
    """Create hours of operation that are always closed, and return their id."""
    client, instance_id, name = (
        story.connect,
        story.instance_id,
        parameters.pop("Name", None) or story.new_name(),
    )
    parameters = {"TimeZone": "UTC", "Config": [], **parameters}

    def find(name: str) -> str | None:
        summaries = entries(
            client.list_hours_of_operations, "HoursOfOperationSummaryList", InstanceId=instance_id
        )
        return _id_by_name(summaries, name)

    def delete(hours_id: str) -> None:
        client.delete_hours_of_operation(InstanceId=instance_id, HoursOfOperationId=hours_id)

    with story.creating("hours of operation", name, find=find, delete=delete) as created:
        response = client.create_hours_of_operation(InstanceId=instance_id, Name=name, **parameters)
        created.id = response["HoursOfOperationId"]
    return str(created.id)


def create_queue(story: Story, **parameters: Any) -> str:
    """Create a queue, and return its id."""
    client, instance_id, name = (
        story.connect,
        story.instance_id,
        parameters.pop("Name", None) or story.new_name(),
    )
    parameters.setdefault("HoursOfOperationId", first_hours(story))

    def find(name: str) -> str | None:
        summaries = entries(client.list_queues, "QueueSummaryList", InstanceId=instance_id)
        return _id_by_name(summaries, name)

    def delete(queue_id: str) -> None:
        client.delete_queue(InstanceId=instance_id, QueueId=queue_id)

    with story.creating("queue", name, find=find, delete=delete) as created:
        created.id = client.create_queue(InstanceId=instance_id, Name=name, **parameters)["QueueId"]
    return str(created.id)


def create_flow(story: Story, **parameters: Any) -> str:
    """Create a flow, and return its id."""
    client, instance_id, name = (
        story.connect,
        story.instance_id,
        parameters.pop("Name", None) or story.new_name(),
    )
    parameters = {"Type": "CONTACT_FLOW", "Content": FLOW_CONTENT, **parameters}

    def find(name: str) -> str | None:
        summaries = entries(client.list_contact_flows, "ContactFlowSummaryList", InstanceId=instance_id)
        return _id_by_name(summaries, name)

    def delete(flow_id: str) -> None:
        client.delete_contact_flow(InstanceId=instance_id, ContactFlowId=flow_id)

    with story.creating("contact flow", name, find=find, delete=delete) as created:
        created.id = client.create_contact_flow(InstanceId=instance_id, Name=name, **parameters)[
            "ContactFlowId"
        ]
    return str(created.id)


def check_onboarded(story: Story, client: Any) -> None:
    """Check that the instance is onboarded to outbound campaigns.

    Args:
        story: the story.
        client: a client of either version of outbound campaigns.

    Raises:
        NotTriedError: it is not.
    """
    try:
        client.get_connect_instance_config(connectInstanceId=story.instance_id)
    except client.exceptions.ResourceNotFoundException:
        raise NotTriedError("The instance is not onboarded to outbound campaigns.") from None


def _creating_campaign(story: Story, client: Any, name: str, parameters: dict[str, Any]) -> str:
    instance_filter = {"instanceIdFilter": {"value": story.instance_id, "operator": "Eq"}}

    def find(name: str) -> str | None:
        summaries = entries(client.list_campaigns, "campaignSummaryList", filters=instance_filter)
        return _id_by_name(summaries, name, "name", "id")

    def delete(campaign_id: str) -> None:
        client.delete_campaign(id=campaign_id)

    with story.creating("campaign", name, find=find, delete=delete) as created:
        response = client.create_campaign(name=name, connectInstanceId=story.instance_id, **parameters)
        created.id = response["id"]
    return str(created.id)


def campaign_parameters(story: Story) -> dict[str, Any]:
    """Return the parameters of a progressive campaign of version 2, with a queue and a flow of its own."""
    check_onboarded(story, story.clients.campaigns_v2)
    telephony = {
        "connectQueueId": create_queue(story),
        "outboundMode": {"progressive": {"bandwidthAllocation": 1.0}},
        "defaultOutboundConfig": {"connectContactFlowId": create_flow(story)},
    }
    return {"channelSubtypeConfig": {"telephony": telephony}}


def create_campaign(story: Story, **parameters: Any) -> str:
    """Create a campaign of version 2 that nobody starts, and return its id."""
    name = parameters.pop("name", None) or story.new_name()
    if "channelSubtypeConfig" not in parameters:
        parameters = {**campaign_parameters(story), **parameters}
    return _creating_campaign(story, story.clients.campaigns_v2, name, parameters)


def campaign_v1_parameters(story: Story) -> dict[str, Any]:
    """Return the parameters of a progressive campaign of version 1, with a queue and a flow of its own."""
    check_onboarded(story, story.clients.campaigns_v1)
    return {
        "dialerConfig": {"progressiveDialerConfig": {"bandwidthAllocation": 1.0}},
        "outboundCallConfig": {
            "connectContactFlowId": create_flow(story),
            "connectQueueId": create_queue(story),
        },
    }


def create_campaign_v1(story: Story, **parameters: Any) -> str:
    """Create a campaign of version 1 that nobody starts, and return its id."""
    name = parameters.pop("name", None) or story.new_name()
    if "dialerConfig" not in parameters:
        parameters = {**campaign_v1_parameters(story), **parameters}
    return _creating_campaign(story, story.clients.campaigns_v1, name, parameters)


def dial_request(number: str, expires_at: Any) -> dict[str, Any]:
    """Return a dial request of version 1."""
    return {
        "clientToken": str(uuid.uuid4()),
        "phoneNumber": number,
        "expirationTime": expires_at,
        "attributes": {},
    }
