"""The operations of a campaign that only version 1 has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connect_batchmock.domain.campaign import Campaign, Telephony
from connect_batchmock.services.campaigns.shared import (
    find_campaign,
    get_or_create_campaign,
    identity_of,
    instance_of,
    modifies_campaign,
    onboarded_instance,
)
from connect_batchmock.services.campaigns.telephony import (
    dialer_fields,
    outbound_call_fields,
    replace_telephony,
    telephony_from_version_1,
    telephony_to_version_1,
)
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import ConflictError


def create_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a campaign that dials customers; its state is ``Initialized``.

    Ours: An instance that is not onboarded; Creating a campaign twice; Required members of a campaign;
    Resources that a campaign refers to; Sharing phone calls.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_CreateCampaign.html.
    """
    instance, _ = onboarded_instance(context, parameters["connectInstanceId"])
    return get_or_create_campaign(
        instance,
        parameters["name"],
        telephony=telephony_from_version_1(
            instance, parameters["dialerConfig"], parameters["outboundCallConfig"]
        ),
        settings={},
        tags=parameters.get("tags", {}),
    )


def describe_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a campaign.

    Ours: Campaigns of both versions.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_DescribeCampaign.html.
    """
    campaign = find_campaign(context, parameters["id"])
    telephony = telephony_to_version_1(_telephony(campaign))
    return {"campaign": identity_of(campaign) | telephony | {"tags": dict(campaign.tags)}}


@modifies_campaign
def update_campaign_dialer_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the dialing mode, bandwidth allocation and capacity of a campaign in any state.

    Ours: When a campaign may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_UpdateCampaignDialerConfig.html.
    """
    campaign = find_campaign(context, parameters["id"])
    current = _telephony(campaign)
    telephony = replace(current, **dialer_fields(parameters["dialerConfig"]))
    if current.is_agentless != telephony.is_agentless:
        raise ConflictError(
            f"A campaign that is {current.mode} cannot become {telephony.mode}: its creation decides whether "
            f"it is agentless. Create another campaign."
        )
    replace_telephony(instance_of(context, campaign), campaign, telephony)
    return {}


@modifies_campaign
def update_campaign_outbound_call_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the flow, the source number or the answering machine detection of a campaign.

    Ours: Resources that a campaign refers to; When a campaign may be changed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_UpdateCampaignOutboundCallConfig.html.
    """
    campaign = find_campaign(context, parameters["id"])
    instance = instance_of(context, campaign)
    telephony = replace(_telephony(campaign), **outbound_call_fields(instance, parameters))
    replace_telephony(instance, campaign, telephony)
    return {}


def _telephony(campaign: Campaign) -> Telephony:
    assert campaign.telephony is not None, "version 1 returns only campaigns with telephony"
    return campaign.telephony
