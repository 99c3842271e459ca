"""A dial request, by whatever operation it came, and what makes it invalid."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.phone_numbers import is_e164
from connect_batchmock.services.campaigns.shared import (
    instance_of,
    source_number_not_claimed,
    source_number_not_e164,
)
from connect_batchmock.services.connect.contact_rules import attributes_refusal
from connect_batchmock.services.context import Context, Refusal

CODES_TO_RETRY = ("RequestThrottled", "BufferLimitExceeded", "UnknownError")
"""The failure codes that say nothing against the request: it may be taken when it is sent again."""

MIN_EXPIRATION = timedelta(seconds=30)
"""How far in the future a dial request expires at the least."""

MAX_EXPIRATION = timedelta(seconds=900)
"""How far in the future a dial request expires at the most."""


@dataclass(frozen=True)
class DialRequest:
    """A request to reach somebody.

    Args:
        channel: ``telephony``, ``sms``, ``email`` or ``whatsApp``.
        number: the customer's number, or None where the profile that was named is unknown.
        expires_at: when it ends if it has not been dialed by then; None for never.
        attributes: the contact attributes that the call gets.
        source_number: the number to call from; None where the campaign decides.
        changes: fields of the contact that the request decides in place of its campaign.
        is_by_profile: whether the customer was named by a profile.
    """

    channel: str
    number: str | None
    expires_at: datetime | None
    attributes: Mapping[str, str] = field(default_factory=dict)
    source_number: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    is_by_profile: bool = False

    @property
    def is_for_a_call(self) -> bool:
        """Whether a contact comes of it: messages are taken and go nowhere."""
        return self.channel == "telephony"


def of_version_1(instance: Instance, item: Mapping[str, Any]) -> DialRequest:
    """Return a ``DialRequest`` of version 1."""
    return DialRequest("telephony", _number(item["phoneNumber"]), item["expirationTime"], item["attributes"])


def of_version_2(instance: Instance, item: Mapping[str, Any]) -> DialRequest:
    """Return an ``OutboundRequest`` of version 2."""
    ((channel, wanted),) = item["channelSubtypeParameters"].items()
    if channel != "telephony":
        return DialRequest(channel, None, item["expirationTime"])
    changes = {}
    if "answerMachineDetectionConfig" in wanted:
        changes["answer_machine_detection"] = wanted["answerMachineDetectionConfig"][
            "enableAnswerMachineDetection"
        ]
    if "ringTimeout" in wanted:
        changes["ring_timeout"] = wanted["ringTimeout"]
    return DialRequest(
        channel,
        _number(wanted["destinationPhoneNumber"]),
        item["expirationTime"],
        wanted["attributes"],
        wanted.get("connectSourcePhoneNumber"),
        changes,
    )


def of_profile(instance: Instance, item: Mapping[str, Any]) -> DialRequest:
    """Return a ``ProfileOutboundRequest`` of version 2."""
    profile = instance.profiles.get(item["profileId"])
    expires_at = item.get("expirationTime")
    if profile is None:
        return DialRequest("telephony", None, expires_at, is_by_profile=True)
    return DialRequest("telephony", profile.number, expires_at, profile.attributes, is_by_profile=True)


def _number(given: str) -> str:
    return given.replace("-", "")


def refusal_of(
    context: Context, campaign: Campaign, request: DialRequest, taken: Collection[DialRequest]
) -> Refusal | None:
    """Return why a request cannot be taken, or None.

    Args:
        context: what surrounds the call.
        campaign: the campaign that is asked.
        request: the request.
        taken: the requests of the batch that were taken before it.
    """
    if request.is_by_profile and request.number is None:
        return Refusal(
            "ResourceNotFound", "The profile is unknown in this instance; instance.add_profile adds one."
        )
    instance = instance_of(context, campaign)
    message = _expires_at_another_time(request, context.now)
    message = message or _cannot_be_reached(instance, campaign, request)
    if message is not None:
        return Refusal("InvalidInput", message)
    if request.is_by_profile and _is_on_its_way(campaign, request, taken):
        return Refusal("Conflict", f"The campaign is calling {request.number!s} already, or is about to.")
    return None


def _is_on_its_way(campaign: Campaign, request: DialRequest, taken: Collection[DialRequest]) -> bool:
    is_called = campaign.customers[str(request.number)] > 0
    return is_called or any(one.number == request.number for one in taken)


def _expires_at_another_time(request: DialRequest, now: datetime) -> str | None:
    if request.expires_at is None or MIN_EXPIRATION <= request.expires_at - now <= MAX_EXPIRATION:
        return None
    return (
        f"expirationTime is {(request.expires_at - now).total_seconds():,.0f} seconds from now; from "
        f"{MIN_EXPIRATION.total_seconds():.0f} to {MAX_EXPIRATION.total_seconds():.0f} are allowed."
    )


def _cannot_be_reached(instance: Instance, campaign: Campaign, request: DialRequest) -> str | None:
    if request.channel not in campaign.settings if not request.is_for_a_call else campaign.telephony is None:
        return f"The campaign does not have the channel {request.channel}."
    if not request.is_for_a_call:
        return None
    if not is_e164(str(request.number)):
        return f"The number {str(request.number)!r} is not in E.164 format, such as '+15555550100'."
    return attributes_refusal(request.attributes) or _cannot_be_called_from(instance, request.source_number)


def _cannot_be_called_from(instance: Instance, number: str | None) -> str | None:
    if number is None:
        return None
    if not is_e164(number):
        return source_number_not_e164(number)
    claimed = [one.number for one in instance.phone_numbers.values()]
    may_call = instance.may_call_from(number)
    return None if may_call else source_number_not_claimed(number, claimed)
