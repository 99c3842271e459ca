"""Tags of an instance and of what belongs to it, found by their ARNs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.errors import NotFoundError, QuotaExceededError
from connect_batchmock.domain.region import Region
from connect_batchmock.services.connect.members import drop_empty
from connect_batchmock.services.context import Context

_MAX_TAGS = 50


def tag_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tag a resource; a tag that it has already gets the new value.

    Ours: Resources that have tags.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_TagResource.html.
    """
    tags = _tags(context.region, parameters["resourceArn"])
    if len({*tags, *parameters["tags"]}) > _MAX_TAGS:
        raise QuotaExceededError("tag", _MAX_TAGS)
    tags.update(parameters["tags"])
    return {}


def untag_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags from a resource; those that it does not have are passed over.

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
    return drop_empty(tags=dict(_tags(context.region, parameters["resourceArn"])))


def _tags(region: Region, arn: str) -> dict[str, str]:
    for instance in region.instances.values():
        parts = (instance.queues, instance.hours, instance.flows, instance.phone_numbers)
        for one in (instance, *(thing for part in parts for thing in part.values())):
            if one.arn == arn:
                return one.tags
    raise NotFoundError("resource", arn)


def tags_match(tags: Mapping[str, str], tag_filter: Mapping[str, Any]) -> bool:
    """Whether tags pass a filter: one of its lists as a whole, and all that it wants beside them."""
    any_of = tag_filter.get("OrConditions", [])
    all_of = [*tag_filter.get("AndConditions", [])]
    if "TagCondition" in tag_filter:
        all_of.append(tag_filter["TagCondition"])
    return _has_all(tags, all_of) and (not any_of or any(_has_all(tags, together) for together in any_of))


def _has_all(tags: Mapping[str, str], conditions: list[Mapping[str, str]]) -> bool:
    return all(_has(tags, one.get("TagKey"), one.get("TagValue")) for one in conditions)


def _has(tags: Mapping[str, str], key: str | None, value: str | None) -> bool:
    return any(key in (None, name) and value in (None, text) for name, text in tags.items())
