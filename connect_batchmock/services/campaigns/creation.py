"""How a campaign is made, by either version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain.campaign import Campaign, Schedule, Telephony
from connect_batchmock.domain.errors import QuotaReached
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.errors import Conflicting

MOST_CAMPAIGNS = 500
"""How many campaigns an account may have in a region.

Follows https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html.
"""


def create_once(
    instance: Instance,
    name: str,
    *,
    telephony: Telephony | None,
    schedule: Schedule | None = None,
    settings: Mapping[str, Any],
    tags: Mapping[str, str],
) -> dict[str, Any]:
    """Create a campaign, unless there is one already of this name that is the same, and tell its id.

    Raises:
        Conflicting: the one of this name is not the same.
        QuotaReached: there are as many campaigns as there may be.
    """
    campaign = next((one for one in instance.campaigns.values() if one.name == name), None)
    if campaign is None:
        if len(instance.region.campaigns()) >= MOST_CAMPAIGNS:
            raise QuotaReached("campaign", MOST_CAMPAIGNS)
        campaign = instance.add_campaign(
            name, telephony=telephony, schedule=schedule, settings=dict(settings), tags=dict(tags)
        )
    elif _description(campaign) != (telephony, schedule, settings, tags):
        raise Conflicting(explain.campaign_made_otherwise(name))
    return {"id": campaign.id, "arn": campaign.arn, "tags": dict(campaign.tags)}


def _description(campaign: Campaign) -> tuple[object, ...]:
    return campaign.telephony, campaign.schedule, campaign.settings, campaign.tags


def identity_of(campaign: Campaign) -> dict[str, Any]:
    """Return the members that every version tells of a campaign, wherever it tells of one."""
    return {
        "id": campaign.id,
        "arn": campaign.arn,
        "name": campaign.name,
        "connectInstanceId": campaign.instance_id,
    }
