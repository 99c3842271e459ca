"""What a campaign of version 2 is told beside its channels: most of it is kept, and not acted upon."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connect_batchmock.domain.campaign import Campaign, Schedule
from connect_batchmock.domain.errors import CampaignStateError, NotFoundError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.campaigns.shared import find_campaign, instance_of
from connect_batchmock.services.campaigns.telephony import (
    change_telephony,
    in_version_2,
    telephony_of_version_2,
)
from connect_batchmock.services.connect.members import drop_empty
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import ConflictError, InvalidRequestError

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

    Ours: Settings without effect; When settings may be changed; What is fixed when a campaign is created.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignSource.html.
    """
    campaign = _changeable(context, parameters)
    if "source" not in campaign.settings:
        raise ConflictError(
            "The campaign was created without a source, and none can be added later. Create another "
            "campaign with one."
        )
    return _keep(campaign, parameters, "source")


def update_campaign_flow_association(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Let a campaign have another campaign flow.

    Ours: Settings without effect; When settings may be changed; Resources that a campaign refers to.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignFlowAssociation.html.
    """
    campaign = _changeable(context, parameters)
    check_campaign_flow(instance_of(context, campaign), parameters)
    return _keep(campaign, parameters, "connectCampaignFlowArn")


def update_campaign_communication_time(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the hours in which a campaign reaches customers, which are kept as they are given.

    Ours: Settings without effect; When settings may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignCommunicationTime.html.
    """
    return _keep(_changeable(context, parameters), parameters, "communicationTimeConfig")


def delete_campaign_communication_time(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the hours in which a campaign reaches customers by one channel.

    Ours: When settings may be changed; Deleting an absent setting.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignCommunicationTime.html.
    """
    window = CHANNELS[parameters["config"]]
    return _forget(_changeable(context, parameters), "communicationTimeConfig", window)


def update_campaign_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change how often a campaign reaches a customer, which is kept as it is given.

    Ours: Settings without effect; When settings may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignCommunicationLimits.html.
    """
    return _keep(_changeable(context, parameters), parameters, "communicationLimitsOverride")


def delete_campaign_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete how often a campaign reaches a customer by all channels.

    Ours: When settings may be changed; Deleting an absent setting.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignCommunicationLimits.html.
    """
    return _forget(_changeable(context, parameters), "communicationLimitsOverride", "allChannelSubtypes")


def update_campaign_entry_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change how often a customer enters a campaign, which is kept as it is given.

    Ours: Settings without effect; When settings may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignEntryLimits.html.
    """
    return _keep(_changeable(context, parameters), parameters, "entryLimitsConfig")


def delete_campaign_entry_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete how often a customer enters a campaign.

    Ours: When settings may be changed; Deleting an absent setting.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignEntryLimits.html.
    """
    _changeable(context, parameters).settings.pop("entryLimitsConfig", None)
    return {}


def kept_settings(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return, of the parameters of a creation or the settings of a campaign, what is kept."""
    return {name: copy.deepcopy(parameters[name]) for name in KEPT if name in parameters}


def check_campaign_flow(instance: Instance, parameters: Mapping[str, Any]) -> None:
    """Raise ``NotFoundError`` where a campaign flow is named that the instance does not have."""
    arn = parameters.get("connectCampaignFlowArn")
    if arn is not None and not instance.may_run(arn.removeprefix(f"{instance.arn}/contact-flow/")):
        raise NotFoundError("campaign flow", arn)


def demand_initialized(campaign: Campaign) -> None:
    """Raise ``CampaignStateError`` for a campaign that was started."""
    if campaign.state != "Initialized":
        raise CampaignStateError("change its settings", campaign.state, ("Initialized",))


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


def schedule_of(given: Mapping[str, Any], now: datetime) -> Schedule:
    """Return what a ``Schedule`` of the model says.

    Raises:
        Invalid: it ends before it starts, or has ended.
    """
    start, end = given["startTime"], given["endTime"]
    earliest = max(start, now)
    if end <= earliest:
        raise InvalidRequestError(
            f"schedule.endTime {end.isoformat()} is not after {earliest.isoformat()}, its start or now."
        )
    return Schedule(start, end, given.get("refreshFrequency"))


def schedule_member(schedule: Schedule | None) -> dict[str, Any]:
    """Return the member ``schedule`` of a campaign, where it has one."""
    if schedule is None:
        return {}
    frequency = drop_empty(refreshFrequency=schedule.refresh_frequency)
    return {"schedule": {"startTime": schedule.start, "endTime": schedule.end, **frequency}}


_MESSAGES = ("sms", "email", "whatsApp")
"""The members whose configuration is kept as it was given, among the settings of a campaign."""


def update_campaign_channel_subtype_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the configuration of each channel that is given, in whatever state the campaign is.

    Ours: The channels of a campaign; Required members of a campaign; Resources that a campaign refers to;
    What is fixed when a campaign is created.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignChannelSubtypeConfig.html.
    """
    campaign = find_campaign(context, parameters["id"])
    config = parameters["channelSubtypeConfig"]
    if not config:
        raise InvalidRequestError(
            "channelSubtypeConfig is empty; give it at least one of telephony, sms, email and whatsApp."
        )
    if "telephony" in config:
        instance = instance_of(context, campaign)
        change_telephony(instance, campaign, telephony_of_version_2(instance, config["telephony"]))
    campaign.settings |= messages_of(config)
    return {}


def delete_campaign_channel_subtype_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the configuration of a channel; one that the campaign has not got is gone already.

    Ours: The channels of a campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignChannelSubtypeConfig.html.
    """
    campaign = find_campaign(context, parameters["id"])
    demand_initialized(campaign)
    channel = parameters["channelSubtype"]
    if channels_of(campaign) == [channel] and needs_a_channel(campaign.settings):
        raise ConflictError(no_channel_subtype())
    if channel == "TELEPHONY":
        campaign.telephony = None
    campaign.settings.pop(CHANNELS[channel], None)
    return {}


def messages_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of the channels that send messages."""
    return {name: copy.deepcopy(config[name]) for name in _MESSAGES if name in config}


def needs_a_channel(settings: Mapping[str, Any]) -> bool:
    """Whether a campaign with these settings has to have a channel."""
    return settings.get("type") != "JOURNEY"


def config_of(campaign: Campaign) -> dict[str, Any]:
    """Return the ``ChannelSubtypeConfig`` of a campaign."""
    calls = {} if campaign.telephony is None else {"telephony": in_version_2(campaign.telephony)}
    return calls | messages_of(campaign.settings)


def channels_of(campaign: Campaign) -> list[str]:
    """Return the channels of a campaign, as the model names them."""
    config = config_of(campaign)
    return [channel for channel, member in CHANNELS.items() if member in config]


def no_channel_subtype() -> str:
    return "A campaign needs at least one of telephony, sms, email and whatsApp, unless its type is JOURNEY."
