"""Contact flows, which are stored but never run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from connect_batchmock.domain.errors import ResourceInUseError
from connect_batchmock.domain.instance import ContactFlow, Instance
from connect_batchmock.services.connect.members import drop_empty, last_modified
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import FlowNotPublishedError, InvalidFlowError, InvalidRequestError
from connect_batchmock.services.pagination import page
from connect_batchmock.services.quotas import check_quota

_PHONE_NUMBER = "VOICE_PHONE_NUMBER"
"""The resource type of the only resources that have a contact flow here."""

_SAVED = ":$SAVED"
"""The suffix of a flow's id that asks for the saved content."""


def create_contact_flow(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a contact flow.

    Ours: The content of a flow; Names that are taken; Quotas of resources.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlow.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    status = parameters.get("Status", "PUBLISHED")
    if status == "PUBLISHED":
        _check_content(parameters["Content"])
    check_quota(context, "contact flows", len(instance.all_flows))
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
    instance, flow = _flow(context, parameters)
    is_saved = _is_saved(parameters)
    if flow.status == "SAVED" and not is_saved:
        saved = f"{flow.id}{_SAVED}"
        raise FlowNotPublishedError(
            f"The contact flow {flow.name!r} is saved but not published; describe its saved content with "
            f"ContactFlowId={saved!r}."
        )
    content = flow.content if flow.saved_content is None or not is_saved else flow.saved_content
    description = drop_empty(
        Arn=flow.arn,
        Id=flow.id,
        Name=flow.name,
        Type=flow.type,
        State="ACTIVE",
        Status=flow.status,
        Description=flow.description,
        Content=content,
        Tags=dict(flow.tags),
        FlowContentSha256=_fingerprint(content),
        **last_modified(flow, instance),
    )
    return {"ContactFlow": description}


def list_contact_flows(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the contact flows of an instance, published or only saved, beginning with the default flows.

    Ours: What a new instance has.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListContactFlows.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    types = parameters.get("ContactFlowTypes")
    flows = [flow for flow in instance.all_flows.values() if not types or flow.type in types]
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


def update_contact_flow_content(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Publish another content of a contact flow, or save it if the id ends in ``:$SAVED``.

    Ours: The content of a flow; A flow that is only saved.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactFlowContent.html.
    """
    _, flow = _flow(context, parameters)
    content = parameters["Content"]
    if _is_saved(parameters):
        flow.saved_content = content
    else:
        _check_content(content)
        flow.content, flow.saved_content, flow.status = content, None, "PUBLISHED"
    flow.updated_at = context.now
    return {}


def update_contact_flow_name(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the name or description of a contact flow.

    Ours: Changing names; Names that are taken.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactFlowName.html.
    """
    instance, flow = _flow(context, parameters)
    if "Name" not in parameters and "Description" not in parameters:
        raise InvalidRequestError("Name and Description are both missing; give at least one of them.")
    instance.rename(flow, parameters.get("Name", flow.name))
    flow.description = parameters.get("Description", flow.description) or None
    flow.updated_at = context.now
    return {}


def delete_contact_flow(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a contact flow that nothing uses; the default flows cannot be deleted.

    Ours: A flow in use.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DeleteContactFlow.html.
    """
    instance, flow = _flow(context, parameters)
    if flow.id in instance.default_flows:
        raise InvalidRequestError(
            f"The contact flow {flow.name!r} is a default flow of the instance, which cannot be deleted; "
            f"change its content with UpdateContactFlowContent instead."
        )
    for user in _users(instance, flow):
        raise ResourceInUseError("contact flow", flow.id, user)
    instance.remove_flow(flow)
    return {}


def list_flow_associations(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the phone numbers of an instance that a contact flow answers.

    Ours: The flow of a number.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListFlowAssociations.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    is_listed = parameters.get("ResourceType", _PHONE_NUMBER) == _PHONE_NUMBER
    associations = list(instance.flows_of_numbers.items()) if is_listed else []
    associations_on_page, next_token = page(associations, parameters, default_size=100)
    summaries = [
        {
            "ResourceId": instance.phone_number(number_id).arn,
            "FlowId": instance.flow(flow_id).arn,
            "ResourceType": _PHONE_NUMBER,
        }
        for number_id, flow_id in associations_on_page
    ]
    return {"FlowAssociationSummaryList": summaries, **next_token}


def _flow(context: Context, parameters: Mapping[str, Any]) -> tuple[Instance, ContactFlow]:
    """Return the flow of a request, which names it by its id or ARN, and its instance."""
    instance = context.region.instance(parameters["InstanceId"])
    flow_id: str = parameters["ContactFlowId"]
    return instance, instance.flow(flow_id.removesuffix(_SAVED).removeprefix(f"{instance.arn}/contact-flow/"))


def _is_saved(parameters: Mapping[str, Any]) -> bool:
    flow_id: str = parameters["ContactFlowId"]
    return flow_id.endswith(_SAVED)


def _users(instance: Instance, flow: ContactFlow) -> Iterator[str]:
    for queue in instance.queues.values():
        if queue.outbound_caller is not None and queue.outbound_caller.flow_id == flow.id:
            yield f"the queue {queue.name!r}"
    for campaign in instance.campaigns.values():
        if campaign.telephony is not None and campaign.telephony.flow_id == flow.id:
            yield f"the campaign {campaign.name!r}"
    for number_id, flow_id in instance.flows_of_numbers.items():
        if flow_id == flow.id:
            yield f"the phone number {instance.phone_number(number_id).number!r}"


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
