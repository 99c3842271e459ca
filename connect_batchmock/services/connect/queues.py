"""Queues: the operations that create, find, change and delete a queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.errors import NotFoundError, ResourceInUseError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.queue import OutboundCaller, Queue
from connect_batchmock.services.connect.members import drop_empty, last_modified
from connect_batchmock.services.connect.resource_search import ResourceSearch
from connect_batchmock.services.connect.tags import tags_match
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.pagination import page
from connect_batchmock.services.quotas import check_quota

_SEARCH = ResourceSearch[Queue](
    "SearchQueues",
    fields={
        "name": lambda queue: queue.name,
        "description": lambda queue: queue.description or "",
        "resourceID": lambda queue: queue.id,
    },
    conditions={"QueueTypeCondition": lambda queue, type: bool(type == "STANDARD")},
)


def create_queue(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a queue; it is enabled.

    Ours: Names that are taken; Outbound callers; Quick connects and email addresses; Quotas of resources; The
    status of a queue.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateQueue.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    check_quota(context, "queues", len(instance.queues))
    queue = instance.add_queue(
        parameters["Name"],
        hours=instance.hours_of_operation(parameters["HoursOfOperationId"]),
        description=parameters.get("Description"),
        max_contacts=parameters.get("MaxContacts"),
        outbound_caller=_outbound_caller(instance, parameters.get("OutboundCallerConfig", {})),
        outbound_email=dict(parameters.get("OutboundEmailConfig", {})),
        tags=dict(parameters.get("Tags", {})),
    )
    return {"QueueArn": queue.arn, "QueueId": queue.id}


def describe_queue(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a queue.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeQueue.html.
    """
    instance, queue = _queue(context, parameters)
    return {"Queue": _description(queue, instance)}


def list_queues(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the queues of an instance, all of which are standard queues.

    Ours: What a new instance has.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListQueues.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    has_standard = "STANDARD" in (parameters.get("QueueTypes") or ["STANDARD"])
    queues = list(instance.queues.values()) if has_standard else []
    queues_on_page, next_token = page(queues, parameters, default_size=100)
    return {"QueueSummaryList": [_summary(queue, instance) for queue in queues_on_page], **next_token}


def search_queues(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Search the queues of an instance by name, description, id and tags.

    Ours: Searching queues.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchQueues.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    criteria = parameters.get("SearchCriteria", {})
    tag_filter = parameters.get("SearchFilter", {}).get("TagFilter", {})
    _SEARCH.check(criteria)
    matches = [
        queue
        for queue in instance.queues.values()
        if _SEARCH.matches(queue, criteria) and tags_match(queue.tags, tag_filter)
    ]
    queues_on_page, next_token = page(matches, parameters, default_size=100)
    queues = [_description(queue, instance) for queue in queues_on_page]
    return {"Queues": queues, "ApproximateTotalCount": len(matches), **next_token}


def update_queue_name(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the name or description of a queue.

    Ours: Changing names; Names that are taken.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateQueueName.html.
    """
    instance, queue = _queue(context, parameters)
    if "Name" not in parameters and "Description" not in parameters:
        raise InvalidRequestError("Name and Description are both missing; give at least one of them.")
    instance.rename(queue, parameters.get("Name", queue.name))
    queue.description = parameters.get("Description", queue.description)
    queue.updated_at = context.now
    return {}


def update_queue_status(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Enable or disable a queue.

    Ours: The status of a queue.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateQueueStatus.html.
    """
    _, queue = _queue(context, parameters)
    queue.enabled = parameters["Status"] == "ENABLED"
    queue.updated_at = context.now
    return {}


def update_queue_max_contacts(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Set the maximum number of contacts in a queue, which is stored but not enforced.

    Ours: The size of a queue.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateQueueMaxContacts.html.
    """
    _, queue = _queue(context, parameters)
    queue.max_contacts = parameters.get("MaxContacts")
    queue.updated_at = context.now
    return {}


def update_queue_outbound_caller_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the outbound caller of a queue: the name, number and flow of its phone calls.

    Ours: Outbound callers.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateQueueOutboundCallerConfig.html.
    """
    instance, queue = _queue(context, parameters)
    queue.outbound_caller = _outbound_caller(instance, parameters["OutboundCallerConfig"])
    queue.updated_at = context.now
    return {}


def update_queue_hours_of_operation(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Set the hours of operation of a queue, which do not affect dialing.

    Ours: Hours of operation.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateQueueHoursOfOperation.html.
    """
    instance, queue = _queue(context, parameters)
    queue.hours = instance.hours_of_operation(parameters["HoursOfOperationId"])
    queue.updated_at = context.now
    return {}


def list_queue_quick_connects(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the quick connects of a queue: none.

    Ours: Quick connects and email addresses.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListQueueQuickConnects.html.
    """
    instance, queue = _queue(context, parameters)
    return {"QuickConnectSummaryList": [], **last_modified(queue, instance)}


def delete_queue(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a queue that no campaign uses; its contacts stay.

    Ours: A queue in use.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DeleteQueue.html.
    """
    instance, queue = _queue(context, parameters)
    for campaign in instance.campaigns.values():
        if campaign.queue is queue:
            raise ResourceInUseError("queue", queue.id, f"the campaign {campaign.name!r}")
    instance.remove_queue(queue)
    return {}


def _queue(context: Context, parameters: Mapping[str, Any]) -> tuple[Instance, Queue]:
    instance = context.region.instance(parameters["InstanceId"])
    return instance, instance.queue(parameters["QueueId"])


def _outbound_caller(instance: Instance, config: Mapping[str, str]) -> OutboundCaller:
    number_id, flow_id = config.get("OutboundCallerIdNumberId"), config.get("OutboundFlowId")
    if flow_id is not None and not instance.may_run(flow_id):
        raise NotFoundError("contact flow", flow_id)
    return OutboundCaller(
        name=config.get("OutboundCallerIdName"),
        number_id=None if number_id is None else instance.phone_number(number_id).id,
        flow_id=flow_id,
    )


def _description(queue: Queue, instance: Instance) -> dict[str, Any]:
    caller = queue.outbound_caller or OutboundCaller()
    return drop_empty(
        Name=queue.name,
        QueueArn=queue.arn,
        QueueId=queue.id,
        Description=queue.description,
        OutboundCallerConfig=drop_empty(
            OutboundCallerIdName=caller.name,
            OutboundCallerIdNumberId=caller.number_id,
            OutboundFlowId=caller.flow_id,
        ),
        OutboundEmailConfig=dict(queue.outbound_email),
        HoursOfOperationId=queue.hours.id,
        MaxContacts=queue.max_contacts,
        Status="ENABLED" if queue.enabled else "DISABLED",
        Tags=dict(queue.tags),
        **last_modified(queue, instance),
    )


def _summary(queue: Queue, instance: Instance) -> dict[str, Any]:
    return {
        "Id": queue.id,
        "Arn": queue.arn,
        "Name": queue.name,
        "QueueType": "STANDARD",
        **last_modified(queue, instance),
    }
