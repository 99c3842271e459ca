"""Which campaigns a version of the campaign service knows, and which instances may have any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.campaign import Campaign, Schedule, Telephony
from connect_batchmock.domain.errors import CampaignNotFoundError, NotOnboardedError, QuotaExceededError
from connect_batchmock.domain.instance import Instance, Onboarding
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import ConflictError


def find_campaign(context: Context, campaign_id: str) -> Campaign:
    """Return the campaign with this id or ARN that the called version knows.

    Raises:
        CampaignNotFoundError: there is none.
    """
    campaign = context.region.campaign(campaign_id)
    if not is_known(context, campaign):
        raise CampaignNotFoundError(campaign_id)
    return campaign


def instance_of(context: Context, campaign: Campaign) -> Instance:
    """Return the instance that a campaign belongs to."""
    return context.region.instance(campaign.instance_id)


def is_known(context: Context, campaign: Campaign) -> bool:
    """Whether the called version knows a campaign: version 1 knows those that it can describe."""
    return not is_version_1(context) or _can_be_said_in_version_1(campaign)


def is_version_1(context: Context) -> bool:
    """Whether it is version 1 that is called."""
    return context.service == "connectcampaigns"


def _can_be_said_in_version_1(campaign: Campaign) -> bool:
    telephony = campaign.telephony
    if telephony is None or campaign.schedule is not None or campaign.settings:
        return False
    weight = telephony.bandwidth_allocation or 0
    said_by_version_2_alone = telephony.preview or telephony.pacing or telephony.ring_timeout or weight > 1
    return not said_by_version_2_alone


def find_onboarded(context: Context, instance_id: str) -> tuple[Instance, Onboarding]:
    """Return an instance and its onboarding by its id.

    Raises:
        InstanceNotFoundError: there is none.
        NotOnboardedError: there is none.
    """
    instance = context.region.instance(instance_id)
    if instance.onboarding is None:
        raise NotOnboardedError(instance_id)
    return instance, instance.onboarding


MAX_CAMPAIGNS = 500
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
        QuotaExceededError: there are as many campaigns as there may be.
    """
    campaign = next((one for one in instance.campaigns.values() if one.name == name), None)
    if campaign is None:
        if len(instance.region.campaigns()) >= MAX_CAMPAIGNS:
            raise QuotaExceededError("campaign", MAX_CAMPAIGNS)
        campaign = instance.add_campaign(
            name, telephony=telephony, schedule=schedule, settings=dict(settings), tags=dict(tags)
        )
    elif _description(campaign) != (telephony, schedule, settings, tags):
        raise ConflictError(
            f"The instance already has a campaign named {name!r}, which is not what these parameters "
            f"describe; repeat the parameters exactly to be told its id, or choose another name."
        )
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


def source_number_not_e164(number: str) -> str:
    return f"connectSourcePhoneNumber {number!r} is not in E.164 format, such as '+15555550100'."


def source_number_not_claimed(number: str, claimed: Sequence[str]) -> str:
    return f"connectSourcePhoneNumber {number!r} is not claimed to this instance; it has {listed(claimed)}."
