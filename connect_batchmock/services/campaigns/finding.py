"""Which campaigns a version of the campaign service knows."""

from __future__ import annotations

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.facts import NoSuchCampaign
from connect_batchmock.services.context import Context


def find_campaign(context: Context, campaign_id: str) -> Campaign:
    """Return the campaign with this id or ARN that the called version knows, or raise ``NoSuchCampaign``."""
    campaign = context.region.campaign(campaign_id)
    if not is_known(context, campaign):
        raise NoSuchCampaign(campaign_id)
    return campaign


def is_known(context: Context, campaign: Campaign) -> bool:
    """Whether the called version knows a campaign: version 1 knows those that it can describe."""
    return context.service != "connectcampaigns" or _can_be_said_in_version_1(campaign)


def _can_be_said_in_version_1(campaign: Campaign) -> bool:
    dials = campaign.telephony is not None and campaign.telephony.mode != "preview"
    return dials and campaign.schedule is None and not campaign.settings
