"""What both versions do with a campaign that is there: find it, name it, and lead it from state to state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.errors import CampaignNotFoundError
from connect_batchmock.services.campaigns.configuration import channels_of, kept_settings, schedule_member
from connect_batchmock.services.campaigns.shared import (
    find_campaign,
    identity_of,
    instance_of,
    is_known,
    is_version_1,
)
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.pagination import page

_MAX_LISTED = 50
_LISTED = ("type", "entryLimitsConfig", "connectCampaignFlowArn")


def start_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Start a campaign that is ``Initialized``; from then on it is ``Running``.

    Ours: The states of a campaign; A schedule.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_StartCampaign.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_StartCampaign.html.
    """
    campaign = find_campaign(context, parameters["id"])
    schedule = campaign.schedule
    if campaign.state == "Initialized" and schedule is not None and schedule.end <= context.now:
        raise InvalidRequestError(
            f"The campaign's schedule ended at {schedule.end.isoformat()}; give it another with "
            f"UpdateCampaignSchedule."
        )
    instance_of(context, campaign).change_campaign(campaign, "start")
    return {}


def pause_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Pause a campaign that is ``Running``: its contacts wait until it is resumed.

    Ours: The states of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_PauseCampaign.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PauseCampaign.html.
    """
    return _change(context, parameters, "pause")


def resume_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Resume a campaign that is ``Paused``; from then on it is ``Running`` again.

    Ours: The states of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_ResumeCampaign.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_ResumeCampaign.html.
    """
    return _change(context, parameters, "resume")


def stop_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Stop a campaign for good: no more calls are dialed, and those that are being made go on.

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


def update_campaign_name(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Give a campaign another name, in whatever state it is; a name is taken once in an instance.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_UpdateCampaignName.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignName.html.
    """
    campaign = find_campaign(context, parameters["id"])
    instance_of(context, campaign).rename(campaign, parameters["name"])
    return {}


def get_campaign_state(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell the state of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_GetCampaignState.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetCampaignState.html.
    """
    return {"state": find_campaign(context, parameters["id"]).state}


def get_campaign_state_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell the states of campaigns, each on its own; an id that comes twice is answered twice.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_GetCampaignStateBatch.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetCampaignStateBatch.html.
    """
    successful, failed = [], []
    for campaign_id in parameters["campaignIds"]:
        try:
            state = find_campaign(context, campaign_id).state
        except CampaignNotFoundError:
            failed.append({"campaignId": campaign_id, "failureCode": "ResourceNotFound"})
        else:
            successful.append({"campaignId": campaign_id, "state": state})
    return {"successfulRequests": successful, "failedRequests": failed}


def list_campaigns(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the campaigns of all instances, or of one, in the order in which they were created.

    Ours: Campaigns of both versions.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_ListCampaigns.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_ListCampaigns.html.
    """
    wanted = parameters.get("filters", {}).get("instanceIdFilter", {}).get("value")
    campaigns = [
        one
        for one in context.region.campaigns()
        if is_known(context, one) and wanted in (None, one.instance_id)
    ]
    listed, following = page(campaigns, parameters, most=_MAX_LISTED, token="nextToken")
    summary = identity_of if is_version_1(context) else _summary_in_version_2
    return {"campaignSummaryList": [summary(one) for one in listed], **following}


def _summary_in_version_2(campaign: Campaign) -> dict[str, Any]:
    kept = kept_settings({name: campaign.settings[name] for name in _LISTED if name in campaign.settings})
    return {
        **identity_of(campaign),
        "channelSubtypes": channels_of(campaign),
        **schedule_member(campaign.schedule),
        **kept,
    }


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
