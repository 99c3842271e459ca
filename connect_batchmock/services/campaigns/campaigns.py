"""The operations of a campaign that are the same in both versions: its state, name, list and tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.errors import CampaignNotFoundError
from connect_batchmock.services.campaigns.configuration import channels_of, schedule_member, stored_settings
from connect_batchmock.services.campaigns.shared import (
    find_campaign,
    identity_of,
    instance_of,
    is_version_1,
    is_visible,
    last_modified,
    modifies_campaign,
)
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.pagination import page
from connect_batchmock.services.quotas import check_active_campaigns

_LISTED = ("type", "entryLimitsConfig", "connectCampaignFlowArn")
"""The stored settings that ListCampaigns of version 2 returns."""


def start_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Start a campaign that is ``Initialized``; its new state is ``Running``.

    Ours: The states of a campaign; A schedule; Quotas of campaigns.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_StartCampaign.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_StartCampaign.html.
    """
    campaign = find_campaign(context, parameters["id"])
    schedule = campaign.schedule
    if campaign.state == "Initialized" and schedule is not None and schedule.end <= context.now:
        raise InvalidRequestError(
            f"The schedule of the campaign ended at {schedule.end.isoformat()}; change it with "
            f"UpdateCampaignSchedule."
        )
    instance = instance_of(context, campaign)
    if campaign.state == "Initialized":
        check_active_campaigns(context, instance)
    instance.change_campaign(campaign, "start")
    return {}


def pause_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Pause a campaign that is ``Running``; its contacts wait until the campaign is resumed.

    Ours: The states of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_PauseCampaign.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PauseCampaign.html.
    """
    return _change(context, parameters, "pause")


def resume_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Resume a campaign that is ``Paused``; its new state is ``Running``.

    Ours: The states of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_ResumeCampaign.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_ResumeCampaign.html.
    """
    return _change(context, parameters, "resume")


def stop_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Stop a campaign permanently; no more contacts are dialed, and phone calls in progress continue.

    Ours: The states of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_StopCampaign.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_StopCampaign.html.
    """
    return _change(context, parameters, "stop")


def _change(context: Context, parameters: Mapping[str, Any], verb: str) -> dict[str, Any]:
    campaign = find_campaign(context, parameters["id"])
    instance_of(context, campaign).change_campaign(campaign, verb)
    return {}


def delete_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a campaign that is neither ``Running`` nor ``Paused``; its contacts stay.

    Ours: The states of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_DeleteCampaign.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaign.html.
    """
    campaign = find_campaign(context, parameters["id"])
    if not campaign.may_be_deleted:
        raise InvalidRequestError(
            f"A campaign that is {campaign.state} cannot be deleted; stop it with StopCampaign first."
        )
    instance_of(context, campaign).remove_campaign(campaign)
    return {}


@modifies_campaign
def update_campaign_name(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the name of a campaign in any state; a name is unique in its instance.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_UpdateCampaignName.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignName.html.
    """
    campaign = find_campaign(context, parameters["id"])
    instance_of(context, campaign).rename(campaign, parameters["name"])
    return {}


def get_campaign_state(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_GetCampaignState.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetCampaignState.html.
    """
    return {"state": find_campaign(context, parameters["id"]).state}


def get_campaign_state_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the states of campaigns; a repeated id is returned repeatedly, and an unknown id as failed.

    Ours: Rejected states of campaigns.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_GetCampaignStateBatch.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetCampaignStateBatch.html.
    """
    successful, failed = [], []
    for campaign_id in parameters["campaignIds"]:
        try:
            state = find_campaign(context, campaign_id).state
        except CampaignNotFoundError:
            failed.append({"campaignId": campaign_id, "failureCode": "ResourceNotFound"})
            continue
        rejection = context.rejection_of({"campaignId": campaign_id})
        if rejection is not None:
            failed.append({"campaignId": campaign_id, "failureCode": rejection.reason})
        else:
            successful.append({"campaignId": campaign_id, "state": state})
    return {"successfulRequests": successful, "failedRequests": failed}


def list_campaigns(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the campaigns of all instances or of one instance, in the order of their creation.

    Ours: Campaigns of both versions; The time of the last change.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_ListCampaigns.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_ListCampaigns.html.
    """
    instance_id = parameters.get("filters", {}).get("instanceIdFilter", {}).get("value")
    campaigns = [
        campaign
        for campaign in context.region.campaigns()
        if is_visible(context, campaign) and instance_id in (None, campaign.instance_id)
    ]
    campaigns_on_page, next_token = page(campaigns, parameters, default_size=50, token="nextToken")
    summary_of = identity_of if is_version_1(context) else _version_2_summary
    return {"campaignSummaryList": [summary_of(campaign) for campaign in campaigns_on_page], **next_token}


def _version_2_summary(campaign: Campaign) -> dict[str, Any]:
    listed = {name: campaign.settings[name] for name in _LISTED if name in campaign.settings}
    return {
        **identity_of(campaign),
        "channelSubtypes": channels_of(campaign),
        **schedule_member(campaign.schedule),
        **stored_settings(listed),
        **last_modified(campaign, "CampaignSummary"),
    }


def tag_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tag a campaign; an existing tag gets the new value.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_TagResource.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_TagResource.html.
    """
    find_campaign(context, parameters["arn"]).tags.update(parameters["tags"])
    return {}


def untag_resource(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags from a campaign; keys that the campaign does not have are ignored.

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
