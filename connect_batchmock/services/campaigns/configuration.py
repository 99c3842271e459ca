"""The configuration of a version 2 campaign: its schedule and channels, and the settings that are stored."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connect_batchmock.domain.campaign import Campaign, Schedule, Telephony
from connect_batchmock.domain.errors import CampaignStateError, NotFoundError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.campaigns.shared import find_campaign, instance_of, modifies_campaign
from connect_batchmock.services.campaigns.telephony import (
    replace_telephony,
    telephony_from_version_2,
    telephony_to_version_2,
)
from connect_batchmock.services.connect.members import drop_empty
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import ConflictError, InvalidRequestError

STORED = (
    "type",
    "source",
    "connectCampaignFlowArn",
    "entryLimitsConfig",
    "communicationTimeConfig",
    "communicationLimitsOverride",
)
"""The members of a campaign that are stored as its settings and do not affect dialing."""

CHANNELS = {"TELEPHONY": "telephony", "SMS": "sms", "EMAIL": "email", "WHATSAPP": "whatsApp"}
"""The member with the configuration of a channel, by the name of the channel."""


@modifies_campaign
def update_campaign_schedule(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the schedule of a campaign; the campaign is ``Completed`` when the schedule ends.

    Ours: A schedule; When a campaign may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignSchedule.html.
    """
    campaign = _initialized(context, parameters)
    instance_of(context, campaign).schedule(campaign, schedule_of(parameters["schedule"], context.now))
    return {}


@modifies_campaign
def update_campaign_source(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the source of a campaign that was created with a source.

    Ours: Settings without effect; When a campaign may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignSource.html.
    """
    campaign = _initialized(context, parameters)
    if "source" not in campaign.settings:
        raise ConflictError(
            "The campaign was created without a source, which cannot be added later; create another campaign "
            "with a source."
        )
    return _store(campaign, parameters, "source")


@modifies_campaign
def update_campaign_flow_association(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the campaign flow of a campaign.

    Ours: Settings without effect; When a campaign may be changed; Resources that a campaign refers to.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignFlowAssociation.html.
    """
    campaign = _initialized(context, parameters)
    check_campaign_flow(instance_of(context, campaign), parameters)
    return _store(campaign, parameters, "connectCampaignFlowArn")


@modifies_campaign
def update_campaign_communication_time(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the hours in which a campaign reaches customers, which are stored but do not affect dialing.

    Ours: Settings without effect; When a campaign may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignCommunicationTime.html.
    """
    return _store(_initialized(context, parameters), parameters, "communicationTimeConfig")


@modifies_campaign
def delete_campaign_communication_time(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the hours in which a campaign reaches customers through one channel.

    Ours: When a campaign may be changed; Deleting an absent setting.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignCommunicationTime.html.
    """
    channel_member = CHANNELS[parameters["config"]]
    return _delete_part(_initialized(context, parameters), "communicationTimeConfig", channel_member)


@modifies_campaign
def update_campaign_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change how often a campaign reaches a customer, which is stored but not enforced.

    Ours: Settings without effect; When a campaign may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignCommunicationLimits.html.
    """
    return _store(_initialized(context, parameters), parameters, "communicationLimitsOverride")


@modifies_campaign
def delete_campaign_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the limit of how often a campaign reaches a customer through all channels.

    Ours: When a campaign may be changed; Deleting an absent setting.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignCommunicationLimits.html.
    """
    campaign = _initialized(context, parameters)
    return _delete_part(campaign, "communicationLimitsOverride", "allChannelSubtypes")


@modifies_campaign
def update_campaign_entry_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change how often a customer enters a campaign in any state, which is stored but not enforced.

    Ours: Settings without effect; When a campaign may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignEntryLimits.html.
    """
    return _store(find_campaign(context, parameters["id"]), parameters, "entryLimitsConfig")


@modifies_campaign
def delete_campaign_entry_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the limit of how often a customer enters a campaign in any state.

    Ours: When a campaign may be changed; Deleting an absent setting.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignEntryLimits.html.
    """
    find_campaign(context, parameters["id"]).settings.pop("entryLimitsConfig", None)
    return {}


def stored_settings(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the stored settings among the members of a request or a campaign."""
    return {name: copy.deepcopy(members[name]) for name in STORED if name in members}


def check_campaign_flow(instance: Instance, parameters: Mapping[str, Any]) -> None:
    """Check that the instance has the campaign flow of a request.

    Raises:
        NotFoundError: the instance does not have the flow.
    """
    arn = parameters.get("connectCampaignFlowArn")
    if arn is not None and not instance.may_run(arn.removeprefix(f"{instance.arn}/contact-flow/")):
        raise NotFoundError("campaign flow", arn)


def _initialized(context: Context, parameters: Mapping[str, Any]) -> Campaign:
    """Return the campaign of a request, which must be ``Initialized``."""
    campaign = find_campaign(context, parameters["id"])
    if campaign.state != "Initialized":
        raise CampaignStateError("change its settings", campaign.state, ("Initialized",))
    return campaign


def _store(campaign: Campaign, parameters: Mapping[str, Any], member: str) -> dict[str, Any]:
    campaign.settings[member] = copy.deepcopy(parameters[member])
    return {}


def _delete_part(campaign: Campaign, member: str, part: str) -> dict[str, Any]:
    remaining = {name: value for name, value in campaign.settings.pop(member, {}).items() if name != part}
    if remaining:
        campaign.settings[member] = remaining
    return {}


def schedule_of(config: Mapping[str, Any], now: datetime) -> Schedule:
    """Return the schedule of a ``Schedule`` structure of the model.

    Raises:
        InvalidRequestError: the schedule ends before it starts, or has already ended.
    """
    start, end = config["startTime"], config["endTime"]
    if end <= max(start, now):
        earliest = f"the current time {now.isoformat()}" if start < now else f"startTime {start.isoformat()}"
        raise InvalidRequestError(f"schedule.endTime {end.isoformat()} must be after {earliest}.")
    return Schedule(start, end, config.get("refreshFrequency"))


def schedule_member(schedule: Schedule | None) -> dict[str, Any]:
    """Return the member ``schedule`` of a campaign; an empty dict without a schedule."""
    if schedule is None:
        return {}
    frequency = drop_empty(refreshFrequency=schedule.refresh_frequency)
    return {"schedule": {"startTime": schedule.start, "endTime": schedule.end, **frequency}}


_MESSAGE_CHANNELS = ("sms", "email", "whatsApp")
"""The members of the channels that send messages, whose configuration is stored but not used."""


@modifies_campaign
def update_campaign_channel_subtype_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the configuration of the given channels of a campaign in any state.

    Ours: The channels of a campaign; Required members of a campaign; Resources that a campaign refers to;
    When a campaign may be changed; Preview mode and the ring timeout; The abandonment rate of a predictive
    campaign.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignChannelSubtypeConfig.html.
    """
    campaign = find_campaign(context, parameters["id"])
    config = parameters["channelSubtypeConfig"]
    if not config:
        raise InvalidRequestError(
            "channelSubtypeConfig is empty; give at least one of telephony, sms, email and whatsApp."
        )
    if "telephony" in config:
        instance = instance_of(context, campaign)
        telephony = telephony_from_version_2(instance, config["telephony"])
        _check_frozen(campaign, telephony)
        replace_telephony(instance, campaign, telephony)
    campaign.settings |= message_channels_of(config)
    return {}


def _check_frozen(campaign: Campaign, telephony: Telephony) -> None:
    """Check that a campaign that was started keeps its queue, and stays agentless or not.

    Raises:
        ConflictError: the telephony differs in one of them.
    """
    current = campaign.telephony
    if current is None or campaign.state == "Initialized":
        return
    if current.is_agentless != telephony.is_agentless:
        raise ConflictError(
            f"A campaign that is {campaign.state} cannot change from {current.mode} to {telephony.mode}; "
            f"only a campaign that is Initialized can. Create another campaign."
        )
    if current.queue is not telephony.queue:
        raise ConflictError(
            f"A campaign that is {campaign.state} cannot change its connectQueueId; only a campaign that is "
            f"Initialized can. Repeat the connectQueueId of the campaign, or create another campaign."
        )


@modifies_campaign
def delete_campaign_channel_subtype_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the configuration of a channel; a channel that the campaign does not have is ignored.

    Ours: The channels of a campaign; When a campaign may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteCampaignChannelSubtypeConfig.html.
    """
    campaign = _initialized(context, parameters)
    channel = parameters["channelSubtype"]
    if channels_of(campaign) == [channel] and needs_channel(campaign.settings):
        raise ConflictError(NO_CHANNEL)
    if channel == "TELEPHONY":
        campaign.telephony = None
    campaign.settings.pop(CHANNELS[channel], None)
    return {}


def message_channels_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the configuration of the channels that send messages."""
    return {name: copy.deepcopy(config[name]) for name in _MESSAGE_CHANNELS if name in config}


NO_CHANNEL = (
    "A campaign needs at least one of telephony, sms, email and whatsApp, unless its type is JOURNEY."
)


def needs_channel(settings: Mapping[str, Any]) -> bool:
    """Whether a campaign with these settings needs a channel."""
    return settings.get("type") != "JOURNEY"


def channel_config_of(campaign: Campaign) -> dict[str, Any]:
    """Return the ``ChannelSubtypeConfig`` of a campaign."""
    telephony = campaign.telephony
    config = {} if telephony is None else {"telephony": telephony_to_version_2(telephony)}
    return config | message_channels_of(campaign.settings)


def channels_of(campaign: Campaign) -> list[str]:
    """Return the names of a campaign's channels in the model."""
    config = channel_config_of(campaign)
    return [channel for channel, member in CHANNELS.items() if member in config]
