"""Both audits of a dialer agree with a slow model, for any hours, limits, time zones and course of time.

The model knows nothing of the audits: it walks through the minutes of the hours, takes the offsets of time
zones from dateutil, and compares every phone call with every other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

import time_machine
from dateutil.tz import gettz
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from older_models import has_member

from connect_batchmock import ConnectMock, outcomes

DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
ZONES = {
    "+12125550100": ["America/New_York"],
    "+12085550100": ["America/Boise", "America/Los_Angeles"],
    "+442079460000": ["Europe/London"],
    "+61291234567": ["Australia/Sydney"],
}
"""The customers, each with the time zones of the area code."""
UNKNOWN_AREA = "+15555550100"
DEFAULT_ZONES = ["UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"]
# Shortly before the clocks change in these zones, and an ordinary day.
STARTS = [
    datetime(2026, 3, 8, 5, tzinfo=timezone.utc),
    datetime(2026, 3, 29, 0, tzinfo=timezone.utc),
    datetime(2026, 4, 4, 13, tzinfo=timezone.utc),
    datetime(2026, 10, 3, 14, tzinfo=timezone.utc),
    datetime(2026, 11, 1, 4, tzinfo=timezone.utc),
    datetime(2026, 6, 10, 12, tzinfo=timezone.utc),
]
MAX_CALLS = 10
"""A message shows 10 phone calls of a customer at most."""

# Most hours begin and end in the night, and phone calls begin on the minute: the borders are what matters.
hours = st.sampled_from([0, 1, 2, 3, 23]) | st.integers(0, 23)
times = st.builds("T{:02}:{:02}".format, hours, st.sampled_from([0, 0, 30]))
ranges = st.fixed_dictionaries({"startTime": times, "endTime": times | st.just("T24:00")})
daily_hours = st.dictionaries(st.sampled_from(DAYS), st.lists(ranges, max_size=2), min_size=5)
limit_lists = st.lists(
    st.fixed_dictionaries(
        {"maxCountPerRecipient": st.integers(1, 4), "frequency": st.integers(1, 5), "unit": st.just("DAY")}
    ),
    max_size=2,
)
steps = (
    st.sampled_from([0, 1, 1800, 3600, 7200, 86399, 86400, 172800])
    | st.integers(0, 12).map(lambda halves: halves * 1800)
    | st.integers(0, 200_000)
)


# The model


@dataclass
class Time:
    """The communication time of a campaign."""

    daily: Mapping[str, Sequence[Mapping[str, str]]]
    periods: Sequence[tuple[date, date]]
    default_zone: str | None
    by_area_code: bool
    minutes: dict[date, set[datetime]] = field(default_factory=dict)

    def zones_of(self, number: str) -> Sequence[str]:
        if self.by_area_code and number in ZONES:
            return ZONES[number]
        return [self.default_zone] if self.default_zone else []

    def judge(self, number: str, at: datetime) -> bool | None:
        """Return whether a phone call is within the hours; None without a time zone."""
        zones = self.zones_of(number)
        return all(self.allows(at, zone) for zone in zones) if zones else None

    def allows(self, at: datetime, zone: str) -> bool:
        local = at.astimezone(gettz(zone)).replace(tzinfo=None)
        today, minute = local.date(), local.replace(second=0, microsecond=0)
        if today not in self.minutes:
            self.minutes[today] = self.open_minutes(today)
        return minute in self.minutes[today] and today not in self.restricted_days()

    def next_border(self, number: str, now: datetime) -> datetime:
        """Return when phone calls to a number begin or cease to be allowed, within two days."""
        at = now.replace(second=0, microsecond=0)
        quarters = [at + timedelta(minutes=15 * quarter - at.minute % 15) for quarter in range(1, 192)]
        allowed = [self.judge(number, quarter) for quarter in quarters]
        changes = (
            later
            for later, before, after in zip(quarters[1:], allowed[:-1], allowed[1:], strict=True)
            if before != after
        )
        return next(changes, now)

    def open_minutes(self, day: date) -> set[datetime]:
        """Walk through the minutes of the ranges that begin on a day or the day before."""
        minutes: set[datetime] = set()
        for begin in (day - timedelta(days=1), day):
            for entry in self.daily.get(DAYS[begin.weekday()], ()):
                minute = at_time(begin, entry["startTime"])
                end = entry["endTime"].replace("24:00", "00:00")
                is_whole_day = entry["endTime"] == "T24:00" and entry["startTime"] == "T00:00"
                while is_whole_day or f"T{minute:%H:%M}" != end:
                    is_whole_day = False
                    minutes.add(minute)
                    minute += timedelta(minutes=1)
        return minutes

    def restricted_days(self) -> set[date]:
        return {
            first + timedelta(days=number)
            for first, end in self.periods
            for number in range((end - first).days)
        }


def at_time(day: date, text: str) -> datetime:
    return datetime(day.year, day.month, day.day, int(text[1:3]), int(text[4:6]))


@dataclass
class Limits:
    """The limits of a campaign, as pairs of a count and days, and whether those of the instance hold."""

    pairs: Sequence[tuple[int, int]] = ()
    opts_out: bool = False


@dataclass(frozen=True)
class Dialed:
    """A phone call: the contact, the number, the campaign, the time, and whether it is within the hours."""

    contact: str
    number: str
    campaign: str
    at: datetime
    is_allowed: bool | None


Excess = tuple[str, str, int, int]
"""A customer, the source of a limit, the greatest number of phone calls, and the number that is allowed."""


def excesses(
    calls: Sequence[Dialed],
    source: str,
    pairs: Sequence[tuple[int, int]],
    is_subject: Callable[[Dialed], bool] = lambda call: True,
) -> Iterator[tuple[Excess, frozenset[str]]]:
    """Yield each customer over a limit, with the phone calls of the periods: all pairs are compared."""
    for number in sorted({call.number for call in calls}):
        theirs = [call for call in calls if call.number == number]
        for count, days in pairs:
            counts, contacts = [], set()
            for position, last in enumerate(theirs):
                period = [call for call in theirs[: position + 1] if last.at - call.at < timedelta(days=days)]
                if len(period) > count and is_subject(last):
                    counts.append(len(period))
                    contacts |= {call.contact for call in period}
            if counts:
                yield (number, source, max(counts), count), frozenset(contacts)


# The machine


class Dialer(RuleBasedStateMachine):
    """Two campaigns with random hours and limits, and a dialer that knows neither."""

    @initialize(start=st.sampled_from(STARTS), limits=limit_lists)
    def begin(self, start: datetime, limits: list[dict[str, Any]]) -> None:
        self.clock = time_machine.travel(start, tick=False)
        self.clock.start()
        self.mock = ConnectMock()
        self.mock.on_dial(outcomes.no_answer(ring=1))
        self.connect, self.campaigns = self.mock.client(), self.mock.client("connectcampaignsv2")
        self.instance = self.mock.add_instance("acme")
        self.instance.add_phone_number("+18005550199")
        self.queue = self.instance.add_queue()
        self.times: dict[str, Time] = {}
        self.limits: dict[str, Limits] = {}
        self.calls: list[Dialed] = []
        self.of_instance: Sequence[tuple[int, int]] = ()
        if has_member("connectcampaignsv2", "PutInstanceCommunicationLimits"):
            self.campaigns.put_instance_communication_limits(
                connectInstanceId=self.instance.id, communicationLimitsConfig=config_of(limits)
            )
            self.of_instance = pairs_of(limits)

    def teardown(self) -> None:
        self.clock.stop()

    @precondition(lambda self: len(self.times) < 2)
    @rule(
        daily=daily_hours,
        periods=st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 2)), max_size=2),
        default_zone=st.none() | st.sampled_from(DEFAULT_ZONES),
        by_area_code=st.sampled_from([True, True, False]),
        limits=limit_lists,
        opts_out=st.booleans(),
    )
    def create_campaign(
        self,
        daily: dict[str, list[dict[str, str]]],
        periods: list[tuple[int, int]],
        default_zone: str | None,
        by_area_code: bool,
        limits: list[dict[str, Any]],
        opts_out: bool,
    ) -> None:
        today = self.mock.now().date()
        dates = [
            (today + timedelta(days=first), today + timedelta(days=first + days)) for first, days in periods
        ]
        zone: dict[str, Any] = {} if default_zone is None else {"defaultTimeZone": default_zone}
        window: dict[str, Any] = {"openHours": {"dailyHours": daily}}
        window["restrictedPeriods"] = {
            "restrictedPeriodList": [
                {"startDate": first.isoformat(), "endDate": end.isoformat()} for first, end in dates
            ]
        }
        opts_out = opts_out and has_member(
            "connectcampaignsv2", "CreateCampaign", "communicationLimitsOverride", "instanceLimitsHandling"
        )
        name = f"campaign {len(self.times)}"
        created = self.campaigns.create_campaign(
            name=name,
            connectInstanceId=self.instance.id,
            channelSubtypeConfig={
                "telephony": {
                    "outboundMode": {"agentless": {}},
                    "defaultOutboundConfig": {
                        "connectContactFlowId": "a flow",
                        "connectSourcePhoneNumber": "+18005550199",
                    },
                }
            },
            communicationTimeConfig={
                "localTimeZoneConfig": zone
                | ({"localTimeZoneDetection": ["AREA_CODE"]} if by_area_code else {}),
                "telephony": window,
            },
            communicationLimitsOverride=config_of(limits)
            | ({"instanceLimitsHandling": "OPT_OUT"} if opts_out else {}),
        )
        self.times[created["id"]] = Time(daily, dates, default_zone, by_area_code)
        self.limits[created["id"]] = Limits(pairs_of(limits), opts_out)
        self.campaigns.start_campaign(id=created["id"])

    @precondition(lambda self: self.times and len(self.calls) < MAX_CALLS)
    @rule(
        number=st.sampled_from([*ZONES, UNKNOWN_AREA]) | st.just("+12085550100"),
        index=st.integers(0, 1),
        step=steps,
    )
    def call(self, number: str, index: int, step: int) -> None:
        self.dial(number, index, timedelta(seconds=step))

    @precondition(lambda self: self.times and len(self.calls) < MAX_CALLS)
    @rule(
        number=st.sampled_from(list(ZONES)) | st.just("+12085550100"),
        index=st.integers(0, 1),
        late=st.sampled_from([-1, 0]),
    )
    def call_at_a_border(self, number: str, index: int, late: int) -> None:
        now, campaign = self.mock.now(), list(self.times)[index % len(self.times)]
        border = self.times[campaign].next_border(number, now) + timedelta(seconds=late)
        self.dial(number, index, max(border - now, timedelta()))

    @precondition(lambda self: self.calls and len(self.calls) < MAX_CALLS)
    @rule(data=st.data(), days=st.integers(1, 5), late=st.sampled_from([-1, 0]))
    def call_again_after_days(self, data: st.DataObject, days: int, late: int) -> None:
        earlier = data.draw(st.sampled_from(self.calls))
        again = earlier.at + timedelta(days=days, seconds=late)
        index = list(self.times).index(earlier.campaign)
        self.dial(earlier.number, index, max(again - self.mock.now(), timedelta()))

    def dial(self, number: str, index: int, step: timedelta) -> None:
        self.mock.advance(step)
        campaign = list(self.times)[index % len(self.times)]
        put = self.connect.batch_put_contact(
            InstanceId=self.instance.id,
            ContactDataRequestList=[
                {
                    "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": number},
                    "QueueId": self.queue.id,
                    "Campaign": {"CampaignId": campaign},
                }
            ],
        )
        assert put["FailedRequestList"] == []
        contact = put["SuccessfulRequestList"][0]["ContactId"]
        now = self.mock.now()
        assert self.mock.contacts[-1].ring_started_at == now
        self.calls.append(Dialed(contact, number, campaign, now, self.times[campaign].judge(number, now)))

    @invariant()
    def the_hours_agree(self) -> None:
        message = message_of(self, "assert_no_calls_outside_hours")
        outside, _, unknown = message.partition("cannot be judged")
        calls: Sequence[Dialed] = getattr(self, "calls", ())
        assert contacts_in(outside) == {call.contact for call in calls if call.is_allowed is False}
        assert contacts_in(unknown) == {call.contact for call in calls if call.is_allowed is None}

    @invariant()
    def the_limits_agree(self) -> None:
        calls: Sequence[Dialed] = getattr(self, "calls", ())
        expected: dict[Excess, frozenset[str]] = {}
        unlimited = {}
        for number, (campaign, limits) in enumerate(getattr(self, "limits", {}).items()):
            name = f"campaign 'campaign {number}'"
            theirs = [call for call in calls if call.campaign == campaign]
            expected |= dict(excesses(theirs, name, limits.pairs))
            if theirs and not limits.pairs and (limits.opts_out or not self.of_instance):
                unlimited[name] = len(theirs)
        if calls:
            subject = {campaign for campaign, limits in self.limits.items() if not limits.opts_out}
            expected |= dict(
                excesses(calls, "instance 'acme'", self.of_instance, lambda call: call.campaign in subject)
            )
        message = message_of(self, "assert_no_customer_called_too_often")
        assert excesses_in(message) == expected
        assert unlimited_in(message) == unlimited

    @precondition(lambda self: self.times)
    @rule(limit=st.integers(1, 4), days=st.integers(1, 5))
    def any_limit_agrees(self, limit: int, days: int) -> None:
        message = message_of(self, "assert_no_customer_called_too_often", limit, days)
        assert excesses_in(message) == dict(excesses(self.calls, "limit=", [(limit, days)]))


def pairs_of(limits: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    return [(limit["maxCountPerRecipient"], limit["frequency"]) for limit in limits]


def config_of(limits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"allChannelSubtypes": {"communicationLimitsList": list(limits)}}


def message_of(machine: Dialer, assertion: str, *arguments: int) -> str:
    """Return the message of an assertion on one line, or an empty string if it holds."""
    if not hasattr(machine, "mock"):
        return ""
    try:
        getattr(machine.mock, assertion)(*arguments)
    except AssertionError as error:
        return " ".join(str(error).split())
    return ""


UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
EXCESS = re.compile(
    r"(\+\d+)(?:, campaign '[^']+')? (\d+) phone calls within \d+ days?, where (.+?) allows (\d+): "
    r"(.+?)(?= \d+\. \+| Every phone call)"
)


def contacts_in(message: str) -> set[str]:
    return set(re.findall(UUID, message))


def excesses_in(message: str) -> dict[Excess, frozenset[str]]:
    return {
        (number, source, int(count), int(allowed)): frozenset(contacts_in(rest))
        for number, count, source, allowed, rest in EXCESS.findall(message)
    }


def unlimited_in(message: str) -> dict[str, int]:
    named = re.findall(r"No limit is known for (\d+) phone calls? of (campaign '.+?'):", message)
    return {name: int(count) for count, name in named}


TestAnyCallingTime = Dialer.TestCase
TestAnyCallingTime.settings = settings(
    max_examples=15, stateful_step_count=15, suppress_health_check=list(HealthCheck)
)
