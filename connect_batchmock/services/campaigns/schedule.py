"""When a campaign begins and ends, to and from the shapes of version 2."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain.campaign import Schedule
from connect_batchmock.services.connect.members import described
from connect_batchmock.services.errors import Invalid


def schedule_of(given: Mapping[str, Any], now: datetime) -> Schedule:
    """Return what a ``Schedule`` of the model says.

    Raises:
        Invalid: it ends before it starts, or has ended.
    """
    start, end = given["startTime"], given["endTime"]
    earliest = max(start, now)
    if end <= earliest:
        raise Invalid(explain.schedule_ends_too_early(end, earliest))
    return Schedule(start, end, given.get("refreshFrequency"))


def in_the_model(schedule: Schedule | None) -> dict[str, Any]:
    """Return the member ``schedule`` of a campaign, where it has one."""
    if schedule is None:
        return {}
    frequency = described(refreshFrequency=schedule.refresh_frequency)
    return {"schedule": {"startTime": schedule.start, "endTime": schedule.end, **frequency}}
