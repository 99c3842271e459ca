"""The audit of calling hours: phone calls that rang when the customer may not be called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.protocol.model import service_model
from connect_batchmock.records.handles import Campaign, Contact
from connect_batchmock.records.time_zones import TimeZone, TimeZoneFinder

TimeRange = tuple[time | str, time | str]
"""A start and an end, each a ``time`` or a text such as ``"08:00"``."""

Hours = TimeRange | Sequence[TimeRange] | Mapping[str, TimeRange | Sequence[TimeRange]]
"""The hours of every day, or the hours by the day, such as ``MONDAY``."""


@dataclass(frozen=True)
class OpenRange:
    """A part of a day in which customers may be called.

    Args:
        start: the start.
        end: the end, which is exclusive; before the start if it is on the next day, and None for midnight.
    """

    start: time
    end: time | None

    @property
    def rest(self) -> OpenRange | None:
        """The part of it on the day after its start, or None."""
        is_overnight = self.end is not None and time.min < self.end < self.start
        return OpenRange(time.min, self.end) if is_overnight else None

    def contains(self, clock: time) -> bool:
        """Whether a time on the day of its start is in it."""
        return self.start <= clock and (self.end is None or clock < self.end or self.end < self.start)

    def __str__(self) -> str:
        return f"{_text_of(self.start)} to {'24:00' if self.end is None else _text_of(self.end)}"


def _text_of(clock: time) -> str:
    return clock.isoformat("auto" if clock.second or clock.microsecond else "minutes")


@dataclass(frozen=True)
class RestrictedPeriod:
    """Days on which customers may not be called; the end is exclusive."""

    start: date
    end: date
    name: str | None


@dataclass(frozen=True)
class CallingHours:
    """When customers may be called, in their local time.

    Args:
        source: the origin of the hours, as the subject of a sentence.
        ranges: the hours of each day of the week, from Monday on.
        restricted: the days without hours.
    """

    source: str
    ranges: Sequence[Sequence[OpenRange]]
    restricted: Sequence[RestrictedPeriod] = ()

    def broken_rule(self, local: datetime) -> str | None:
        """Return the rule that a phone call at a local time breaks, as a sentence; None if it breaks none."""
        for period in self.restricted:
            if period.start <= local.date() < period.end:
                name = "" if period.name is None else f" ({period.name!r})"
                dates = f"from {period.start} until before {period.end}"
                return f"{self.source} allows no phone calls {dates}{name}."
        ranges = self._ranges_on(local.weekday())
        if any(open_range.contains(local.time()) for open_range in ranges):
            return None
        day = f"{_days()[local.weekday()].capitalize()}s"
        if not ranges:
            return f"{self.source} allows no phone calls on {day}."
        return f"{self.source} allows phone calls on {day} from {' and '.join(map(str, ranges))}."

    def _ranges_on(self, weekday: int) -> list[OpenRange]:
        """Return the hours of a day, with those of the day before that last past midnight."""
        rests = [open_range.rest for open_range in self.ranges[weekday - 1]]
        return [*(rest for rest in rests if rest is not None), *self.ranges[weekday]]


def _days() -> Sequence[str]:
    days: Sequence[str] = service_model("connectcampaignsv2").shape_for("DayOfWeek").enum
    return days


@dataclass(frozen=True)
class CallOutsideHours:
    """A phone call outside the hours of its customer.

    Args:
        contact: the contact.
        zone: the name of the time zone of the customer.
        local: when the phone rang, in that time zone.
        rule: the rule that it broke, as a sentence.
    """

    contact: Contact
    zone: str
    local: datetime
    rule: str

    @property
    def day(self) -> str:
        """The day of the week, such as ``Monday``."""
        return _days()[self.local.weekday()].capitalize()


@dataclass(frozen=True)
class CallWithoutHours:
    """A phone call that cannot be judged.

    Args:
        contact: the contact.
        reason: what is unknown, and the remedy, as a sentence.
    """

    contact: Contact
    reason: str


Finding = CallOutsideHours | CallWithoutHours


def calls_outside_hours(
    contacts: Sequence[Contact], hours: Hours | None, time_zone: TimeZone | None
) -> list[Finding]:
    """Return the phone calls that rang outside the hours, or for which no hours or no time zone are known.

    Args:
        contacts: the contacts.
        hours: the hours; None for the communication time of each campaign.
        time_zone: the time zone; None for that of each campaign.

    Raises:
        TypeError: ``hours`` or ``time_zone`` has another type.
        ValueError: a day, a time or a time zone does not exist.
        ImportError: the time zone of an area code is needed, and phonenumbers is not installed.
    """
    finder = TimeZoneFinder(time_zone)
    audit = _Audit(None if hours is None else hours_of_test(hours), finder)
    findings = (audit.finding(contact) for contact in contacts)
    return [finding for finding in findings if finding is not None]


class _Audit:
    """Judges phone calls; the hours of each campaign are read once."""

    def __init__(self, hours: CallingHours | None, finder: TimeZoneFinder) -> None:
        self._hours = hours
        self._finder = finder
        self._by_campaign: dict[str, CallingHours | None] = {}

    def finding(self, contact: Contact) -> Finding | None:
        if contact.ring_started_at is None:
            return None
        hours = self._hours or self._hours_of_campaign(contact.campaign)
        if hours is None:
            return CallWithoutHours(contact, _without_hours(contact.campaign))
        customer = self._finder.of(contact)
        if not customer.zones:
            return CallWithoutHours(contact, customer.unknown)
        for zone in customer.zones:
            local = contact.ring_started_at.astimezone(zone)
            rule = hours.broken_rule(local)
            if rule is not None:
                return CallOutsideHours(contact, str(zone), local, rule)
        return None

    def _hours_of_campaign(self, campaign: Campaign | None) -> CallingHours | None:
        if campaign is None:
            return None
        if campaign.id not in self._by_campaign:
            self._by_campaign[campaign.id] = hours_of_campaign(campaign)
        return self._by_campaign[campaign.id]


def _without_hours(campaign: Campaign | None) -> str:
    if campaign is None:
        return "It has no campaign with a communication time: pass hours=."
    return (
        f"Campaign {campaign.name!r} has no communication time for telephony: pass hours=, or configure it "
        f"with UpdateCampaignCommunicationTime."
    )


def hours_of_campaign(campaign: Campaign) -> CallingHours | None:
    """Return the communication time of a campaign for telephony, or None if it has none.

    Raises:
        ValueError: a time or a date in it does not exist.
    """
    window = campaign.communication_time.get("telephony")
    if window is None:
        return None
    owner = f"The communication time of campaign {campaign.name!r}"
    daily = window["openHours"].get("dailyHours", {})
    periods = window.get("restrictedPeriods", {}).get("restrictedPeriodList", ())
    return CallingHours(
        owner,
        [
            [_range((entry["startTime"], entry["endTime"]), owner) for entry in daily.get(day, ())]
            for day in _days()
        ],
        [
            RestrictedPeriod(
                _date(period["startDate"], owner), _date(period["endDate"], owner), period.get("name")
            )
            for period in periods
        ],
    )


def hours_of_test(hours: Hours) -> CallingHours:
    """Return the hours that a test passes.

    Raises:
        TypeError: the hours have another type.
        ValueError: a day or a time does not exist.
    """
    days = _days()
    if not isinstance(hours, Mapping):
        return CallingHours("hours=", [_ranges_of(hours)] * len(days))
    unknown = [day for day in hours if day not in days]
    if unknown:
        raise ValueError(f"hours= has no day {unknown[0]!r}; the days are {listed(days)}.")
    return CallingHours("hours=", [_ranges_of(hours.get(day, ())) for day in days])


def _ranges_of(value: Any) -> list[OpenRange]:
    """Return the ranges of a day, for one range or for a list of ranges."""
    if not _is_sequence(value):
        raise _wrong_hours(value)
    is_range = any(isinstance(item, (str, time)) for item in value)
    return [_range(item, "hours=") for item in ([value] if is_range else value)]


def _is_sequence(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _wrong_hours(value: object) -> TypeError:
    return TypeError(
        f"hours= takes a start and an end such as ('08:00', '21:00'), a list of them, or a mapping of days "
        f"to them such as {{'MONDAY': [('08:00', '21:00')]}}, not {value!r}."
    )


def _range(value: Any, owner: str) -> OpenRange:
    if not _is_sequence(value) or len(value) != 2:
        raise _wrong_hours(value)
    start, end = value
    is_end_of_day = isinstance(end, str) and end.removeprefix("T") == "24:00"
    return OpenRange(_time(start, owner), None if is_end_of_day else _time(end, owner))


_TIME = re.compile(r"T?([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def _time(value: object, owner: str) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if not isinstance(value, str):
        raise _wrong_hours(value)
    parts = _TIME.fullmatch(value)
    if parts is None:
        raise ValueError(
            f"{owner} has the time {value!r}, which does not exist; times are those from 00:00 to 23:59, and "
            f"a day ends at 24:00."
        )
    return time(int(parts[1]), int(parts[2]))


def _date(value: str, owner: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{owner} has the date {value!r}, which does not exist.") from None
