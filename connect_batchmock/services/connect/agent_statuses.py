"""Agent statuses: the operations that create, describe and list them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.services.connect.members import drop_empty, last_modified
from connect_batchmock.services.context import Context
from connect_batchmock.services.pagination import page


def create_agent_status(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a custom status, in which agents take no phone calls.

    Ours: The statuses of an instance.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateAgentStatus.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    status = instance.add_agent_status(
        parameters["Name"],
        state=parameters["State"],
        display_order=parameters.get("DisplayOrder"),
        description=parameters.get("Description"),
        tags=dict(parameters.get("Tags", {})),
    )
    return {"AgentStatusARN": status.arn, "AgentStatusId": status.id}


def describe_agent_status(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a status that agents can have.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeAgentStatus.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    status = instance.agent_status(parameters["AgentStatusId"])
    return {
        "AgentStatus": drop_empty(
            AgentStatusARN=status.arn,
            AgentStatusId=status.id,
            Name=status.name,
            Description=status.description,
            Type=status.type,
            DisplayOrder=status.display_order,
            State=status.state,
            Tags=dict(status.tags),
            **last_modified(status, instance),
        )
    }


def list_agent_statuses(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the statuses that agents of an instance can have, of all types or of some.

    Ours: The statuses of an instance.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListAgentStatuses.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    types = parameters.get("AgentStatusTypes")
    matches = [status for status in instance.agent_statuses.values() if not types or status.type in types]
    statuses, next_token = page(matches, parameters, default_size=100)
    summaries = [
        {
            "Id": status.id,
            "Arn": status.arn,
            "Name": status.name,
            "Type": status.type,
            **last_modified(status, instance),
        }
        for status in statuses
    ]
    return {"AgentStatusSummaryList": summaries, **next_token}
