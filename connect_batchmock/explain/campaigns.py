"""The messages of errors about campaigns and dial requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from connect_batchmock._text import listed


def encryption_without_key() -> str:
    return "encryptionConfig is enabled and has no keyArn; it needs the key that encrypts, or enabled=False."


def not_onboarded(instance_id: str) -> str:
    return (
        f"The instance {instance_id!r} is not onboarded to outbound campaigns; onboard it with "
        f"StartInstanceOnboardingJob first."
    )


def high_volume_outbound_is_off(instance_id: str) -> str:
    return (
        f"The instance {instance_id!r} may not have outbound campaigns; allow them with "
        f"UpdateInstanceAttribute and the attribute HIGH_VOLUME_OUTBOUND first."
    )


def onboarded_otherwise(instance_id: str) -> str:
    return (
        f"The instance {instance_id!r} is onboarded with another encryptionConfig; to change it, delete what "
        f"there is with DeleteConnectInstanceConfig first."
    )


def active_campaigns(instance_id: str, names: Sequence[str]) -> str:
    return (
        f"The instance {instance_id!r} has campaigns that are Running or Paused, {listed(names)}; stop them "
        f"with StopCampaign first."
    )


def campaign_made_otherwise(name: str) -> str:
    return (
        f"The instance already has a campaign named {name!r}, which is not what these parameters describe; "
        f"repeat the parameters exactly to be told its id, or choose another name."
    )


def campaign_cannot_be_deleted(state: str) -> str:
    return f"A campaign that is {state} cannot be deleted; stop it with StopCampaign first."


def mode_without_connect_queue(mode: str) -> str:
    return f"A {mode} campaign dials for the agents of a queue; give it one with connectQueueId."


def agentless_without_source_number() -> str:
    return "An agentless campaign has no queue to call from; give it a number with connectSourcePhoneNumber."


def source_number_not_e164(number: str) -> str:
    return f"connectSourcePhoneNumber {number!r} is not in E.164 format, such as '+15555550100'."


def source_number_not_claimed(number: str, claimed: Sequence[str]) -> str:
    return f"connectSourcePhoneNumber {number!r} is not claimed to this instance; it has {listed(claimed)}."


def agentless_for_good(mode: str, wanted: str) -> str:
    return (
        f"The campaign was created as {mode} and cannot become {wanted}: whether a campaign is agentless is "
        f"fixed when it is created. Create another campaign."
    )


def no_source_to_update() -> str:
    return (
        "The campaign was created without a source, and none can be added later. Create another campaign "
        "with one."
    )


def no_channel_subtype() -> str:
    return "A campaign needs at least one of telephony, sms, email and whatsApp, unless its type is JOURNEY."


def no_channel_subtype_to_update() -> str:
    return "channelSubtypeConfig is empty; give it at least one of telephony, sms, email and whatsApp."


def schedule_has_ended(end: datetime) -> str:
    return f"The campaign's schedule ended at {end.isoformat()}; give it another with UpdateCampaignSchedule."


def schedule_ends_too_early(end: datetime, after: datetime) -> str:
    return f"schedule.endTime {end.isoformat()} is not after {after.isoformat()}, its start or now."
