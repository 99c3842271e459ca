"""The ways in which a campaign of version 2 reaches customers: it calls, or is said to send messages."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.services.campaigns.configuration import CHANNELS, demand_initialized
from connect_batchmock.services.campaigns.shared import find_campaign, instance_of
from connect_batchmock.services.campaigns.telephony import (
    change_telephony,
    in_version_2,
    telephony_of_version_2,
)
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import Conflicting, Invalid

_MESSAGES = ("sms", "email", "whatsApp")
"""The members whose configuration is kept as it was given, among the settings of a campaign."""


def update_campaign_channel_subtype_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the configuration of each channel that is given, in whatever state the campaign is.

    Ours: The channels of a campaign; What a campaign has to have; What a campaign refers to; What is fixed
    when a campaign is created.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_UpdateCampaignChannelSubtypeConfig.html.
    """
    campaign = find_campaign(context, parameters["id"])
    config = parameters["channelSubtypeConfig"]
    if not config:
        raise Invalid(explain.no_channel_subtype_to_update())
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
        raise Conflicting(explain.no_channel_subtype())
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
