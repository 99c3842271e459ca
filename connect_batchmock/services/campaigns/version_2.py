"""Campaigns of version 2: what is its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.services.campaigns.configuration import (
    check_campaign_flow,
    config_of,
    kept_settings,
    messages_of,
    needs_a_channel,
    no_channel_subtype,
    schedule_member,
    schedule_of,
)
from connect_batchmock.services.campaigns.shared import (
    create_once,
    find_campaign,
    find_onboarded,
    identity_of,
)
from connect_batchmock.services.campaigns.telephony import telephony_of_version_2
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError


def create_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a campaign; its state is ``Initialized``.

    It calls as it is told. Of the other channels, and of what decides whom it reaches and when, the
    configuration is kept and described.

    Ours: An instance that is not onboarded; Creating a campaign twice; Required members of a campaign;
    Resources that a campaign refers to; The channels of a campaign; A schedule; Settings without effect.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_CreateCampaign.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    config = parameters.get("channelSubtypeConfig", {})
    if not config and needs_a_channel(parameters):
        raise InvalidRequestError(no_channel_subtype())
    check_campaign_flow(instance, parameters)
    calls, schedule = config.get("telephony"), parameters.get("schedule")
    return create_once(
        instance,
        parameters["name"],
        telephony=None if calls is None else telephony_of_version_2(instance, calls),
        schedule=None if schedule is None else schedule_of(schedule, context.now),
        settings=kept_settings(parameters) | messages_of(config),
        tags=parameters.get("tags", {}),
    )


def describe_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a campaign.

    Ours: Campaigns of both versions.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DescribeCampaign.html.
    """
    campaign = find_campaign(context, parameters["id"])
    described = {
        **identity_of(campaign),
        "channelSubtypeConfig": config_of(campaign),
        **schedule_member(campaign.schedule),
        **kept_settings(campaign.settings),
        "tags": dict(campaign.tags),
    }
    return {"campaign": described}
