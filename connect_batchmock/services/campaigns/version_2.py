"""The operations of a campaign that only version 2 has, beside its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.services.campaigns.configuration import (
    NO_CHANNEL,
    channel_config_of,
    check_campaign_flow,
    message_channels_of,
    needs_channel,
    schedule_member,
    schedule_of,
    stored_settings,
)
from connect_batchmock.services.campaigns.shared import (
    find_campaign,
    get_or_create_campaign,
    identity_of,
    last_modified,
    onboarded_instance,
)
from connect_batchmock.services.campaigns.telephony import telephony_from_version_2
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError


def create_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a campaign; its state is ``Initialized``.

    The telephony channel and the schedule affect dialing. The other channels, the source and the limits are
    stored and described.

    Ours: An instance that is not onboarded; Creating a campaign twice; Required members of a campaign;
    Resources that a campaign refers to; The channels of a campaign; A schedule; Settings without effect;
    Preview mode and the ring timeout; The abandonment rate of a predictive campaign; Sharing phone calls.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_CreateCampaign.html.
    """
    instance, _ = onboarded_instance(context, parameters["connectInstanceId"])
    config = parameters.get("channelSubtypeConfig", {})
    if not config and needs_channel(parameters):
        raise InvalidRequestError(NO_CHANNEL)
    check_campaign_flow(instance, parameters)
    telephony, schedule = config.get("telephony"), parameters.get("schedule")
    return get_or_create_campaign(
        instance,
        parameters["name"],
        telephony=None if telephony is None else telephony_from_version_2(instance, telephony),
        schedule=None if schedule is None else schedule_of(schedule, context.now),
        settings=stored_settings(parameters) | message_channels_of(config),
        tags=parameters.get("tags", {}),
    )


def describe_campaign(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a campaign.

    Ours: Campaigns of both versions; The time of the last change.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DescribeCampaign.html.
    """
    campaign = find_campaign(context, parameters["id"])
    description = {
        **identity_of(campaign),
        "channelSubtypeConfig": channel_config_of(campaign),
        **schedule_member(campaign.schedule),
        **stored_settings(campaign.settings),
        **last_modified(campaign, "Campaign"),
        "tags": dict(campaign.tags),
    }
    return {"campaign": description}
