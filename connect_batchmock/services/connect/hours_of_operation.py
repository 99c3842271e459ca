"""Hours of operation, which are stored for the queues that refer to them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.errors import ResourceInUseError
from connect_batchmock.services.connect.members import drop_empty, last_modified
from connect_batchmock.services.context import Context
from connect_batchmock.services.pagination import page
from connect_batchmock.services.quotas import check_quota


def create_hours_of_operation(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create hours of operation, which are stored but do not affect dialing.

    Ours: Hours of operation; Names that are taken; Quotas of resources.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateHoursOfOperation.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    check_quota(context, "hours of operation", len(instance.hours))
    hours = instance.add_hours(
        parameters["Name"],
        time_zone=parameters["TimeZone"],
        config=parameters["Config"],
        description=parameters.get("Description"),
        tags=dict(parameters.get("Tags", {})),
    )
    return {"HoursOfOperationId": hours.id, "HoursOfOperationArn": hours.arn}


def describe_hours_of_operation(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe hours of operation.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeHoursOfOperation.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    hours = instance.hours_of_operation(parameters["HoursOfOperationId"])
    description = drop_empty(
        HoursOfOperationId=hours.id,
        HoursOfOperationArn=hours.arn,
        Name=hours.name,
        Description=hours.description,
        TimeZone=hours.time_zone,
        Config=copy.deepcopy(hours.config),
        Tags=dict(hours.tags),
        **last_modified(hours, instance),
    )
    return {"HoursOfOperation": description}


def list_hours_of_operations(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the hours of operation of an instance, beginning with the default hours of every instance.

    Ours: Hours of operation.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListHoursOfOperations.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    hours_on_page, next_token = page(list(instance.hours.values()), parameters, default_size=100)
    summaries = [
        {"Id": hours.id, "Arn": hours.arn, "Name": hours.name, **last_modified(hours, instance)}
        for hours in hours_on_page
    ]
    return {"HoursOfOperationSummaryList": summaries, **next_token}


def update_hours_of_operation(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change hours of operation; the members that are absent stay as they are.

    Ours: Hours of operation; Names that are taken.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateHoursOfOperation.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    hours = instance.hours_of_operation(parameters["HoursOfOperationId"])
    instance.rename(hours, parameters.get("Name", hours.name))
    hours.description = parameters.get("Description", hours.description) or None
    hours.time_zone = parameters.get("TimeZone", hours.time_zone)
    hours.config = parameters.get("Config", hours.config)
    hours.updated_at = context.now
    return {}


def delete_hours_of_operation(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete hours of operation that no queue uses.

    Ours: Hours in use.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DeleteHoursOfOperation.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    hours = instance.hours_of_operation(parameters["HoursOfOperationId"])
    for queue in instance.queues.values():
        if queue.hours is hours:
            raise ResourceInUseError("hours of operation", hours.id, f"the queue {queue.name!r}")
    instance.remove_hours(hours)
    return {}
