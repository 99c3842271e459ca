"""The rules for a dial request of any operation: each failure code and its message."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.campaigns.shared import instance_of, invalid_source_number
from connect_batchmock.services.connect.contact_rules import invalid_attributes, invalid_number
from connect_batchmock.services.context import Context, Refusal

CODES_TO_RETRY = ("RequestThrottled", "BufferLimitExceeded", "UnknownError")
"""The retryable failure codes: the service may accept the same request later."""

MIN_EXPIRATION = timedelta(seconds=30)
"""The minimum time from a dial request to its expiration."""

MAX_EXPIRATION = timedelta(seconds=900)
"""The maximum time from a dial request to its expiration."""


@dataclass(frozen=True)
class DialRequest:
    """A request to reach a customer.

    Args:
        channel: ``telephony``, ``sms``, ``email`` or ``whatsApp``.
        number: the customer's number; None for a message or an unknown profile.
        expires_at: the time after which the customer is not dialed; None for no limit.
        attributes: the attributes of the contact.
        source_number: the number to call from; None to use the number of the campaign.
        changes: fields of the contact that override the settings of the campaign.
        is_by_profile: whether the request names a profile instead of a number.
    """

    channel: str
    number: str | None
    expires_at: datetime | None
    attributes: Mapping[str, str] = field(default_factory=dict)
    source_number: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    is_by_profile: bool = False

    @property
    def is_phone_call(self) -> bool:
        """Whether the request creates a contact; messages are accepted but never sent."""
        return self.channel == "telephony"


def from_version_1(instance: Instance, item: Mapping[str, Any]) -> DialRequest:
    """Return the request of a ``DialRequest`` structure of version 1."""
    return DialRequest("telephony", _number(item["phoneNumber"]), item["expirationTime"], item["attributes"])


def from_version_2(instance: Instance, item: Mapping[str, Any]) -> DialRequest:
    """Return the request of an ``OutboundRequest`` structure of version 2."""
    ((channel, config),) = item["channelSubtypeParameters"].items()
    if channel != "telephony":
        return DialRequest(channel, None, item["expirationTime"])
    changes = {}
    if "answerMachineDetectionConfig" in config:
        detection = config["answerMachineDetectionConfig"]
        changes["answer_machine_detection"] = detection["enableAnswerMachineDetection"]
    if "ringTimeout" in config:
        changes["ring_timeout"] = config["ringTimeout"]
    return DialRequest(
        channel,
        _number(config["destinationPhoneNumber"]),
        item["expirationTime"],
        config["attributes"],
        config.get("connectSourcePhoneNumber"),
        changes,
    )


def from_profile(instance: Instance, item: Mapping[str, Any]) -> DialRequest:
    """Return the request of a ``ProfileOutboundRequest`` structure of version 2."""
    profile = instance.profiles.get(item["profileId"])
    expires_at = item.get("expirationTime")
    if profile is None:
        return DialRequest("telephony", None, expires_at, is_by_profile=True)
    return DialRequest("telephony", profile.number, expires_at, profile.attributes, is_by_profile=True)


def _number(number: str) -> str:
    return number.replace("-", "")


def refusal_of(
    context: Context, campaign: Campaign, request: DialRequest, accepted: Collection[DialRequest]
) -> Refusal | None:
    """Return the failure of the first rule that the request breaks, or None if the request is valid.

    Args:
        context: the context of the call.
        campaign: the campaign of the request.
        request: the request.
        accepted: the requests of the batch that were accepted before it.
    """
    if request.is_by_profile and request.number is None:
        return Refusal(
            "ResourceNotFound", "The profile is unknown in this instance; add it with instance.add_profile."
        )
    message = _invalid_expiration(request, context.now) or _invalid_channel(campaign, request)
    if message is None and request.is_phone_call:
        message = _invalid_phone_call(instance_of(context, campaign), request)
    if message is not None:
        return Refusal("InvalidInput", message)
    if request.is_by_profile and _is_being_called(campaign, request, accepted):
        return Refusal(
            "Conflict",
            f"The campaign already calls {request.number!s} or will call it; wait for the phone call to end.",
        )
    return None


def _is_being_called(campaign: Campaign, request: DialRequest, accepted: Collection[DialRequest]) -> bool:
    is_customer = campaign.customers[str(request.number)] > 0
    return is_customer or any(earlier.number == request.number for earlier in accepted)


def _invalid_expiration(request: DialRequest, now: datetime) -> str | None:
    if request.expires_at is None or MIN_EXPIRATION <= request.expires_at - now <= MAX_EXPIRATION:
        return None
    return (
        f"expirationTime is {(request.expires_at - now).total_seconds():,.0f} seconds from now; it must be "
        f"{MIN_EXPIRATION.total_seconds():.0f} to {MAX_EXPIRATION.total_seconds():.0f} seconds from now."
    )


def _invalid_channel(campaign: Campaign, request: DialRequest) -> str | None:
    has_channel = (
        campaign.telephony is not None if request.is_phone_call else request.channel in campaign.settings
    )
    return None if has_channel else f"The campaign does not have the channel {request.channel}."


def _invalid_phone_call(instance: Instance, request: DialRequest) -> str | None:
    message = invalid_number("The number", str(request.number)) or invalid_attributes(request.attributes)
    if message is not None or request.source_number is None:
        return message
    return invalid_source_number(instance, request.source_number)
