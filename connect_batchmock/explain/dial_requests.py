"""Why a request to a campaign came back failed."""

from __future__ import annotations

from datetime import timedelta


def unknown_profile() -> str:
    return "The profile is unknown in this instance; instance.add_profile adds one."


def expires_too_soon_or_late(left: timedelta, soonest: timedelta, latest: timedelta) -> str:
    return (
        f"expirationTime is {left.total_seconds():,.0f} seconds from now; from {soonest.total_seconds():.0f} "
        f"to {latest.total_seconds():.0f} are allowed."
    )


def campaign_without_channel(channel: str) -> str:
    return f"The campaign does not have the channel {channel}."


def number_not_e164(number: str) -> str:
    return f"The number {number!r} is not in E.164 format, such as '+15555550100'."


def customer_is_on_its_way(number: str) -> str:
    return f"The campaign is calling {number} already, or is about to."


def too_many_requests_wait(most: int) -> str:
    return f"As many requests wait to be dialled as the setting pending_requests={most} allows."


def too_many_requests_in_a_second(most: int) -> str:
    return f"Requests come faster than the setting requests_per_second={most} allows."
