"""Tags of an instance and its resources, and the tag filters of searches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.errors import NotFoundError, QuotaExceededError
from connect_batchmock.domain.region import Region
from connect_batchmock.services.context import Context

_MAX_TAGS = 50


def tag_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tag a resource; an existing tag gets the new value.

    Ours: Resources that have tags.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_TagResource.html.
    """
    tags = _tags(context.region, parameters["resourceArn"])
    if len({*tags, *parameters["tags"]}) > _MAX_TAGS:
        raise QuotaExceededError("tags", _MAX_TAGS)
    tags.update(parameters["tags"])
    return {}


def untag_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags from a resource; keys that the resource does not have are ignored.

    Ours: Resources that have tags.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UntagResource.html.
    """
    tags = _tags(context.region, parameters["resourceArn"])
    for key in parameters["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags_for_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the tags of a resource.

    Ours: Resources that have tags.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListTagsForResource.html.
    """
    return {"tags": dict(_tags(context.region, parameters["resourceArn"]))}


def _tags(region: Region, arn: str) -> dict[str, str]:
    for instance in region.instances.values():
        collections = (
            instance.queues,
            instance.hours,
            instance.all_flows,
            instance.phone_numbers,
            instance.agents,
            instance.agent_statuses,
            instance.routing_profiles,
        )
        for resource in (instance, *(member for members in collections for member in members.values())):
            if resource.arn == arn:
                return resource.tags
    raise NotFoundError("resource", arn)


def tags_match(tags: Mapping[str, str], tag_filter: Mapping[str, Any]) -> bool:
    """Whether tags meet a filter: all its single conditions, and at least one of its lists of conditions."""
    any_of = tag_filter.get("OrConditions", [])
    all_of = [*tag_filter.get("AndConditions", [])]
    if "TagCondition" in tag_filter:
        all_of.append(tag_filter["TagCondition"])
    return _meets_all(tags, all_of) and (not any_of or any(_meets_all(tags, group) for group in any_of))


def _meets_all(tags: Mapping[str, str], conditions: list[Mapping[str, str]]) -> bool:
    return all(_has_tag(tags, condition.get("TagKey"), condition.get("TagValue")) for condition in conditions)


def _has_tag(tags: Mapping[str, str], key: str | None, value: str | None) -> bool:
    return any(key in (None, name) and value in (None, text) for name, text in tags.items())
