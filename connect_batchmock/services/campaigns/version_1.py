"""Campaigns of version 1: what is its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connect_batchmock.domain.campaign import Campaign, Telephony
from connect_batchmock.services.campaigns.shared import (
    create_once,
    find_campaign,
    find_onboarded,
    identity_of,
    instance_of,
)
from connect_batchmock.services.campaigns.telephony import (
    calls_of,
    change_telephony,
    dialing_of_version_1,
    in_version_1,
    telephony_of_version_1,
)
from connect_batchmock.services.context import Context


def create_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a campaign that calls customers; its state is ``Initialized``.

    Ours: An instance that is not onboarded; Creating a campaign twice; Required members of a campaign;
    Resources that a campaign refers to.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_CreateCampaign.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    telephony = telephony_of_version_1(instance, parameters["dialerConfig"], parameters["outboundCallConfig"])
    tags = parameters.get("tags", {})
    return create_once(instance, parameters["name"], telephony=telephony, settings={}, tags=tags)


def describe_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a campaign.

    Ours: Campaigns of both versions.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_DescribeCampaign.html.
    """
    campaign = find_campaign(context, parameters["id"])
    described = identity_of(campaign) | in_version_1(_telephony(campaign)) | {"tags": dict(campaign.tags)}
    return {"campaign": described}


def update_campaign_dialer_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Let a campaign dial in another way from now on, in whatever state it is.

    Ours: What is fixed when a campaign is created.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_UpdateCampaignDialerConfig.html.
    """
    campaign = find_campaign(context, parameters["id"])
    dialing = dialing_of_version_1(parameters["dialerConfig"])
    change_telephony(instance_of(context, campaign), campaign, replace(_telephony(campaign), **dialing))
    return {}


def update_campaign_outbound_call_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change a campaign's flow, its source number or its detection of answering machines, as far as given.

    Ours: Resources that a campaign refers to.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_UpdateCampaignOutboundCallConfig.html.
    """
    campaign = find_campaign(context, parameters["id"])
    instance = instance_of(context, campaign)
    calls = calls_of(instance, parameters)
    change_telephony(instance, campaign, replace(_telephony(campaign), **calls))
    return {}


def _telephony(campaign: Campaign) -> Telephony:
    assert campaign.telephony is not None, "version 1 knows only campaigns that call"
    return campaign.telephony
