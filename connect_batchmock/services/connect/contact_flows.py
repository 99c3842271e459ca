"""Contact flows, which are stored but never run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from connect_batchmock.services.connect.members import drop_empty, last_modified
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import FlowNotPublishedError, InvalidFlowError
from connect_batchmock.services.pagination import page

_SAVED = ":$SAVED"
"""The suffix of a flow's id that asks for the saved content."""


def create_contact_flow(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a contact flow.

    Ours: The content of a flow.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlow.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    status = parameters.get("Status", "PUBLISHED")
    if status == "PUBLISHED":
        _check_content(parameters["Content"])
    flow = instance.add_flow(
        parameters["Name"],
        type=parameters["Type"],
        content=parameters["Content"],
        status=status,
        description=parameters.get("Description"),
        tags=dict(parameters.get("Tags", {})),
    )
    return {
        "ContactFlowId": flow.id,
        "ContactFlowArn": flow.arn,
        "FlowContentSha256": _fingerprint(flow.content),
    }


def describe_contact_flow(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a contact flow by its id or ARN, with or without the suffix ``:$SAVED``.

    Ours: A flow that is only saved.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContactFlow.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    flow_id: str = parameters["ContactFlowId"]
    flow = instance.flow(flow_id.removesuffix(_SAVED).removeprefix(f"{instance.arn}/contact-flow/"))
    if flow.status == "SAVED" and not flow_id.endswith(_SAVED):
        saved = f"{flow.id}{_SAVED}"
        raise FlowNotPublishedError(
            f"The contact flow {flow.name!r} is saved but not published; describe its saved content with "
            f"ContactFlowId={saved!r}."
        )
    description = drop_empty(
        Arn=flow.arn,
        Id=flow.id,
        Name=flow.name,
        Type=flow.type,
        State="ACTIVE",
        Status=flow.status,
        Description=flow.description,
        Content=flow.content,
        Tags=dict(flow.tags),
        FlowContentSha256=_fingerprint(flow.content),
        **last_modified(flow, instance),
    )
    return {"ContactFlow": description}


def list_contact_flows(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the contact flows of an instance, published or only saved.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListContactFlows.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    types = parameters.get("ContactFlowTypes")
    flows = [flow for flow in instance.flows.values() if not types or flow.type in types]
    flows_on_page, next_token = page(flows, parameters, default_size=100)
    summaries = [
        {
            "Id": flow.id,
            "Arn": flow.arn,
            "Name": flow.name,
            "ContactFlowType": flow.type,
            "ContactFlowState": "ACTIVE",
            "ContactFlowStatus": flow.status,
        }
        for flow in flows_on_page
    ]
    return {"ContactFlowSummaryList": summaries, **next_token}


def _check_content(content: str) -> None:
    try:
        is_object = isinstance(json.loads(content), dict)
    except ValueError as error:
        raise InvalidFlowError(
            f"Content is not JSON ({error!s}); it must be a flow in the Amazon Connect Flow language."
        ) from None
    if not is_object:
        raise InvalidFlowError(
            "Content is not a JSON object; it must be a flow in the Amazon Connect Flow language."
        )


def _fingerprint(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
