"""The tags of campaigns, the same in both versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.services.campaigns.shared import find_campaign
from connect_batchmock.services.context import Context


def tag_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags to a campaign; one whose key it has already gets the new value.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_TagResource.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_TagResource.html.
    """
    find_campaign(context, parameters["arn"]).tags.update(parameters["tags"])
    return {}


def untag_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags from a campaign by their keys; one that it has not got is gone already.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_UntagResource.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UntagResource.html.
    """
    tags = find_campaign(context, parameters["arn"]).tags
    for key in parameters["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags_for_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the tags of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_ListTagsForResource.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_ListTagsForResource.html.
    """
    return {"tags": dict(find_campaign(context, parameters["arn"]).tags)}
