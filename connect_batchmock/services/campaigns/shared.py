"""Rules that several operations share: finding a campaign and its instance, and creating a campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from connect_batchmock.domain.campaign import Campaign, Schedule, Telephony
from connect_batchmock.domain.errors import CampaignNotFoundError, NotOnboardedError
from connect_batchmock.domain.instance import Instance, Onboarding
from connect_batchmock.protocol.model import service_model
from connect_batchmock.services.connect.contact_rules import invalid_number, unclaimed_number
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import ConflictError
from connect_batchmock.services.quotas import check_campaigns


def find_campaign(context: Context, campaign_id: str) -> Campaign:
    """Return the campaign with this id or ARN.

    Raises:
        CampaignNotFoundError: the campaign does not exist, or the called version cannot describe it.
    """
    campaign = context.region.campaign(campaign_id)
    if not is_visible(context, campaign):
        raise CampaignNotFoundError(campaign_id)
    return campaign


Operation = Callable[[Context, Mapping[str, Any]], dict[str, Any]]
"""The function of an operation."""


def modifies_campaign(operation: Operation) -> Operation:
    """Return an operation that, when it succeeds, notes the time as that of the campaign's last change."""

    @wraps(operation)
    def modify(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
        result = operation(context, parameters)
        find_campaign(context, parameters["id"]).updated_at = context.now
        return result

    return modify


def last_modified(campaign: Campaign, shape: str) -> dict[str, Any]:
    """Return the time of a campaign's last change, as a member of a version 2 structure that has it."""
    is_known = "lastModifiedTime" in service_model("connectcampaignsv2").shape_for(shape).members
    return {"lastModifiedTime": campaign.updated_at} if is_known else {}


def instance_of(context: Context, campaign: Campaign) -> Instance:
    """Return the instance that a campaign belongs to."""
    return context.region.instance(campaign.instance_id)


def is_visible(context: Context, campaign: Campaign) -> bool:
    """Whether the called version returns a campaign; version 1 returns the campaigns that it can describe."""
    return not is_version_1(context) or _fits_version_1(campaign)


def is_version_1(context: Context) -> bool:
    """Whether the called version is version 1."""
    return context.service == "connectcampaigns"


def _fits_version_1(campaign: Campaign) -> bool:
    telephony = campaign.telephony
    if telephony is None or campaign.schedule is not None or campaign.settings:
        return False
    allocation = telephony.bandwidth_allocation or 0
    return allocation <= 1 and not (
        telephony.preview or telephony.abandonment_target or telephony.ring_timeout
    )


def onboarded_instance(context: Context, instance_id: str) -> tuple[Instance, Onboarding]:
    """Return the instance with this id, and its onboarding.

    Raises:
        InstanceNotFoundError: the instance does not exist.
        NotOnboardedError: the instance is not onboarded to outbound campaigns.
    """
    instance = context.region.instance(instance_id)
    if instance.onboarding is None:
        raise NotOnboardedError(instance_id)
    return instance, instance.onboarding


def get_or_create_campaign(
    instance: Instance,
    name: str,
    *,
    telephony: Telephony | None,
    schedule: Schedule | None = None,
    settings: Mapping[str, Any],
    tags: Mapping[str, str],
) -> dict[str, Any]:
    """Return the id of a new campaign, or of the existing campaign with the same name and parameters.

    Raises:
        ConflictError: the campaign of this name has other parameters.
        QuotaExceededError: the instance has the maximum number of campaigns.
    """
    namesakes = (campaign for campaign in instance.campaigns.values() if campaign.name == name)
    campaign = next(namesakes, None)
    if campaign is None:
        check_campaigns(instance)
        campaign = instance.add_campaign(
            name, telephony=telephony, schedule=schedule, settings=dict(settings), tags=dict(tags)
        )
    elif _description(campaign) != (telephony, schedule, settings, tags):
        raise ConflictError(
            f"The instance already has a campaign named {name!r} with other parameters; choose another name, "
            f"or repeat the parameters of that campaign to get its id."
        )
    return {"id": campaign.id, "arn": campaign.arn, "tags": dict(campaign.tags)}


def _description(campaign: Campaign) -> tuple[object, ...]:
    return campaign.telephony, campaign.schedule, campaign.settings, campaign.tags


def identity_of(campaign: Campaign) -> dict[str, Any]:
    """Return the members that identify a campaign in every response of both versions."""
    return {
        "id": campaign.id,
        "arn": campaign.arn,
        "name": campaign.name,
        "connectInstanceId": campaign.instance_id,
    }


def invalid_source_number(instance: Instance, number: str) -> str | None:
    """Return a message if an instance cannot call from a number, or None."""
    member = "connectSourcePhoneNumber"
    return invalid_number(member, number) or unclaimed_number(member, number, instance)
