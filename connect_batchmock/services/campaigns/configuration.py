"""What a campaign of version 2 is told beside its channels: most of it is kept, and not acted upon."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.errors import NotFound, WrongCampaignState
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.campaigns.schedule import schedule_of
from connect_batchmock.services.campaigns.shared import find_campaign, instance_of
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import Conflicting

KEPT = (
    "type",
    "source",
    "connectCampaignFlowArn",
    "entryLimitsConfig",
    "communicationTimeConfig",
    "communicationLimitsOverride",
)
"""The members of a campaign that are kept as they were given, among its settings."""

CHANNELS = {"TELEPHONY": "telephony", "SMS": "sms", "EMAIL": "email", "WHATSAPP": "whatsApp"}
"""The member that says something of a channel, by the name of the channel."""


def update_campaign_schedule(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Let a campaign begin and end at other times; at its end it is ``Completed``.

    Ours: A schedule; When settings may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignSchedule.html.
    """
    campaign = _changeable(context, parameters)
    instance_of(context, campaign).schedule(campaign, schedule_of(parameters["schedule"], context.now))
    return {}


def update_campaign_source(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the source of a campaign that has one.

    Ours: What is kept and not acted upon; When settings may be changed; What is fixed when a campaign is
    created.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignSource.html.
    """
    campaign = _changeable(context, parameters)
    if "source" not in campaign.settings:
        raise Conflicting(explain.no_source_to_update())
    return _keep(campaign, parameters, "source")


def update_campaign_flow_association(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Let a campaign have another campaign flow.

    Ours: What is kept and not acted upon; When settings may be changed; What a campaign refers to.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignFlowAssociation.html.
    """
    campaign = _changeable(context, parameters)
    check_campaign_flow(instance_of(context, campaign), parameters)
    return _keep(campaign, parameters, "connectCampaignFlowArn")


def update_campaign_communication_time(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the hours in which a campaign reaches customers, which are kept as they are given.

    Ours: What is kept and not acted upon; When settings may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignCommunicationTime.html.
    """
    return _keep(_changeable(context, parameters), parameters, "communicationTimeConfig")


def delete_campaign_communication_time(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the hours in which a campaign reaches customers by one channel.

    Ours: When settings may be changed; Deleting a setting that is not there.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignCommunicationTime.html.
    """
    window = CHANNELS[parameters["config"]]
    return _forget(_changeable(context, parameters), "communicationTimeConfig", window)


def update_campaign_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change how often a campaign reaches a customer, which is kept as it is given.

    Ours: What is kept and not acted upon; When settings may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignCommunicationLimits.html.
    """
    return _keep(_changeable(context, parameters), parameters, "communicationLimitsOverride")


def delete_campaign_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete how often a campaign reaches a customer by all channels.

    Ours: When settings may be changed; Deleting a setting that is not there.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignCommunicationLimits.html.
    """
    return _forget(_changeable(context, parameters), "communicationLimitsOverride", "allChannelSubtypes")


def update_campaign_entry_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change how often a customer enters a campaign, which is kept as it is given.

    Ours: What is kept and not acted upon; When settings may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignEntryLimits.html.
    """
    return _keep(_changeable(context, parameters), parameters, "entryLimitsConfig")


def delete_campaign_entry_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete how often a customer enters a campaign.

    Ours: When settings may be changed; Deleting a setting that is not there.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignEntryLimits.html.
    """
    _changeable(context, parameters).settings.pop("entryLimitsConfig", None)
    return {}


def kept_settings(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return, of the parameters of a creation or the settings of a campaign, what is kept."""
    return {name: copy.deepcopy(parameters[name]) for name in KEPT if name in parameters}


def check_campaign_flow(instance: Instance, parameters: Mapping[str, Any]) -> None:
    """Raise ``NotFound`` where a campaign flow is named that the instance does not have."""
    arn = parameters.get("connectCampaignFlowArn")
    if arn is not None and not instance.may_run(arn.removeprefix(f"{instance.arn}/contact-flow/")):
        raise NotFound("campaign flow", arn)


def demand_initialized(campaign: Campaign) -> None:
    """Raise ``WrongCampaignState`` for a campaign that was started."""
    if campaign.state != "Initialized":
        raise WrongCampaignState("change its settings", campaign.state, ("Initialized",))


def _changeable(context: Context, parameters: Mapping[str, Any]) -> Campaign:
    campaign = find_campaign(context, parameters["id"])
    demand_initialized(campaign)
    return campaign


def _keep(campaign: Campaign, parameters: Mapping[str, Any], member: str) -> dict[str, Any]:
    campaign.settings[member] = copy.deepcopy(parameters[member])
    return {}


def _forget(campaign: Campaign, member: str, part: str) -> dict[str, Any]:
    left = {name: value for name, value in campaign.settings.pop(member, {}).items() if name != part}
    if left:
        campaign.settings[member] = left
    return {}
