"""assert_no_calls_outside_hours: phones that rang when their customers may not be called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, outcomes

NEW_YORK = "+12125550100"
CHICAGO = "+13125550100"
BOISE = "+12085550100"
"""An area code with two time zones: America/Boise and America/Los_Angeles."""
NOWHERE = "+15555550100"
MONDAY = datetime(2026, 1, 5, tzinfo=timezone.utc)
DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]

Dial = Callable[..., str]
Configure = Callable[..., None]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveler:
        yield traveler


@pytest.fixture
def spring(connect_instance: Instance) -> Campaign:
    return connect_instance.add_campaign("Spring", mode="agentless")


@pytest.fixture
def dial(connect_mock: ConnectMock, spring: Campaign, put: Put, an_item: AnItem, clock: Any) -> Dial:
    """Dial a number at a time, in hours since Monday at midnight in UTC, and return the id of the contact."""
    connect_mock.on_dial(outcomes.busy())

    def dial(at: float | datetime, number: str = NEW_YORK, **members: Any) -> str:
        clock.move_to(at if isinstance(at, datetime) else MONDAY + timedelta(hours=at))
        endpoint = {"Type": "TELEPHONE_NUMBER", "Address": number}
        put(an_item(**{"CustomerEndpoint": endpoint, "Campaign": {"CampaignId": spring.id}, **members}))
        contact = connect_mock.contacts[-1]
        assert contact.dialed_at == connect_mock.now()
        return contact.id

    return dial


@pytest.fixture
def configure(connectcampaignsv2_client: Any, spring: Campaign) -> Configure:
    """Configure the communication time of ``spring``: the hours by the day, the periods and the zone."""

    def configure(daily: dict[str, list[tuple[str, str]]], *periods: dict[str, str], **zone: Any) -> None:
        hours = {
            day: [{"startTime": start, "endTime": end} for start, end in ranges]
            for day, ranges in daily.items()
        }
        window: dict[str, Any] = {"openHours": {"dailyHours": hours}}
        if periods:
            window["restrictedPeriods"] = {"restrictedPeriodList": list(periods)}
        connectcampaignsv2_client.update_campaign_communication_time(
            id=spring.id,
            communicationTimeConfig={
                "localTimeZoneConfig": zone or {"defaultTimeZone": "UTC"},
                "telephony": window,
            },
        )

    return configure


def story(assertion: Callable[..., None], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        assertion(*args, **kwargs)
    return str(caught.value)


# The hours of the test


def test_the_message_names_contact_time_and_rule(connect_mock: ConnectMock, dial: Dial) -> None:
    dial(15)
    night = dial(15 + 15)
    message = story(
        connect_mock.assert_no_calls_outside_hours, ("08:00", "21:00"), time_zone="America/New_York"
    )
    assert message == (
        "1 phone call rang outside the hours in which its customer may be called:\n"
        "\n"
        f"  1. +12125550100, campaign 'Spring', contact {night}\n"
        "       It rang on Tuesday 2026-01-06 01:00:00-05:00, in America/New_York.\n"
        "       hours= allows phone calls on Tuesdays from 08:00 to 21:00.\n"
        "\n"
        "Check the local time of a customer before you send a request: the mock dials what it gets,\n"
        "and holds nothing back until the hours begin."
    )


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [
        (("09:00", "17:00"), True),
        ((time(9), time(17)), True),
        (["T09:00", "T17:00"], True),
        (("09:01", "17:00"), False),
        (("08:00", "09:00"), False),
        ((time(9, 0, 1), time(17)), False),
        (("09:00", "24:00"), True),
        (("09:00", "00:00"), True),
        (("20:00", "09:01"), True),
        (("20:00", "09:00"), False),
        (("09:00", "09:00"), False),
        ([("07:00", "08:00"), ("09:00", "10:00")], True),
        ([("07:00", "08:00"), ("10:00", "11:00")], False),
        ({"MONDAY": ("09:00", "10:00")}, True),
        ({"MONDAY": [("07:00", "08:00"), ("09:00", "10:00")]}, True),
        ({"MONDAY": []}, False),
        ({"TUESDAY": ("09:00", "10:00")}, False),
        ({"SUNDAY": ("22:00", "10:00")}, True),
        ({"SUNDAY": ("22:00", "08:00")}, False),
        ({"MONDAY": ("22:00", "10:00")}, False),
    ],
)
def test_the_hours_of_a_test_decide(connect_mock: ConnectMock, dial: Dial, hours: Any, is_open: bool) -> None:
    dial(9)
    if is_open:
        connect_mock.assert_no_calls_outside_hours(hours, time_zone="UTC")
    else:
        assert "It rang on Monday 2026-01-05 09:00:00+00:00, in UTC." in story(
            connect_mock.assert_no_calls_outside_hours, hours, time_zone="UTC"
        )


@pytest.mark.parametrize(
    ("hours", "rule"),
    [
        ({}, "hours= allows no phone calls on Mondays."),
        ({"SUNDAY": ("22:00", "02:00")}, "hours= allows phone calls on Mondays from 00:00 to 02:00."),
        (
            {"MONDAY": [("10:00", "12:00"), (time(14, 0, 30), "24:00")]},
            "hours= allows phone calls on Mondays from 10:00 to 12:00 and 14:00:30 to 24:00.",
        ),
    ],
)
def test_a_rule_names_the_hours_of_the_day(
    connect_mock: ConnectMock, dial: Dial, hours: Any, rule: str
) -> None:
    dial(9)
    message = story(connect_mock.assert_no_calls_outside_hours, hours, time_zone="UTC")
    assert rule in " ".join(message.split())


def test_only_phones_that_ring_count(
    connect_mock: ConnectMock, dial: Dial, spring: Campaign, put: Put, an_item: AnItem
) -> None:
    connect_mock.on_dial(outcomes.invalid_number())
    dial(3)
    spring.start()
    spring.pause()
    put(an_item(Campaign={"CampaignId": spring.id}))
    connect_mock.assert_no_calls_outside_hours(("08:00", "21:00"), time_zone="UTC")


def test_criteria_choose_the_phone_calls(connect_mock: ConnectMock, dial: Dial, spring: Campaign) -> None:
    dial(3)
    dial(9, CHICAGO)
    check = connect_mock.assert_no_calls_outside_hours
    check(("08:00", "21:00"), time_zone="UTC", customer_address=CHICAGO)
    assert "1 phone call rang" in story(check, ("08:00", "21:00"), time_zone="UTC", campaign=spring)
    with pytest.raises(TypeError, match="no criterion 'campain'; did you mean 'campaign'"):
        check(("08:00", "21:00"), time_zone="UTC", campain=spring)


# Time zones


@pytest.mark.parametrize(
    ("time_zone", "shown"),
    [
        ("Asia/Kolkata", "08:30:00+05:30, in Asia/Kolkata"),
        (ZoneInfo("Europe/Berlin"), "04:00:00+01:00, in Europe/Berlin"),
        (timezone(timedelta(hours=-4)), "23:00:00-04:00, in UTC-04:00"),
        ("AREA_CODE", "22:00:00-05:00, in America/New_York"),
        (lambda contact: contact.attributes["zone"], "12:00:00+09:00, in Asia/Tokyo"),
        (lambda contact: ["UTC", "Asia/Tokyo"], "03:00:00+00:00, in UTC"),
        (lambda contact: "AREA_CODE", "22:00:00-05:00, in America/New_York"),
    ],
)
def test_a_time_zone_is_named_in_many_ways(
    connect_mock: ConnectMock, dial: Dial, time_zone: Any, shown: str
) -> None:
    dial(3, Attributes={"zone": "Asia/Tokyo"})
    assert shown in story(connect_mock.assert_no_calls_outside_hours, {}, time_zone=time_zone)


def test_a_call_outside_in_one_of_several_zones_is_reported(connect_mock: ConnectMock, dial: Dial) -> None:
    dial(15.5, BOISE)
    message = story(connect_mock.assert_no_calls_outside_hours, ("08:00", "21:00"), time_zone="AREA_CODE")
    assert "07:30:00-08:00, in America/Los_Angeles" in message
    dial(16, BOISE)
    assert message == story(
        connect_mock.assert_no_calls_outside_hours, ("08:00", "21:00"), time_zone="AREA_CODE"
    )


@pytest.mark.parametrize(
    ("time_zone", "reason"),
    [
        ("AREA_CODE", "No time zone is known for the area code of +15555550100: use a number"),
        (lambda contact: None, "The function of time_zone= returned no time zone for it: return one"),
        (lambda contact: [], "The function of time_zone= returned no time zone for it: return one"),
        (lambda contact: ["UTC", "AREA_CODE"], "No time zone is known for the area code"),
        (None, "The communication time of campaign 'Spring' has neither a defaultTimeZone nor"),
    ],
)
def test_an_unknown_time_zone_fails_with_the_remedy(
    connect_mock: ConnectMock, dial: Dial, time_zone: Any, reason: str
) -> None:
    contact = dial(9, NOWHERE)
    message = story(connect_mock.assert_no_calls_outside_hours, ("00:00", "24:00"), time_zone=time_zone)
    assert message.startswith(
        f"1 phone call cannot be judged:\n\n  1. +15555550100, campaign 'Spring', contact {contact}\n"
    )
    assert reason in " ".join(message.split())


def test_a_number_that_is_none_has_no_area_code(connect_mock: ConnectMock, dial: Dial) -> None:
    dial(9, "+9991234567")
    message = story(connect_mock.assert_no_calls_outside_hours, ("00:00", "24:00"), time_zone="AREA_CODE")
    assert "No time zone is known for the area code of +9991234567" in message


def test_calls_of_both_kinds_are_reported(connect_mock: ConnectMock, dial: Dial) -> None:
    dial(9, NOWHERE)
    dial(9, NEW_YORK)
    dial(9, CHICAGO)
    message = story(connect_mock.assert_no_calls_outside_hours, ("08:00", "21:00"), time_zone="AREA_CODE")
    assert message.startswith("2 phone calls rang outside the hours in which their customers may be\n")
    assert "\n\n1 phone call cannot be judged:\n\n" in message


def test_daylight_saving_moves_the_hours(connect_mock: ConnectMock, dial: Dial) -> None:
    winter, summer = (
        datetime(2026, 3, 7, 13, tzinfo=timezone.utc),
        datetime(2026, 3, 8, 12, tzinfo=timezone.utc),
    )
    dial(winter - timedelta(seconds=1))
    dial(winter)
    dial(summer - timedelta(seconds=1))
    dial(summer)
    message = story(
        connect_mock.assert_no_calls_outside_hours, ("08:00", "21:00"), time_zone="America/New_York"
    )
    assert message.startswith("2 phone calls rang")
    assert "Saturday 2026-03-07 07:59:59-05:00" in message
    assert "Sunday 2026-03-08 07:59:59-04:00" in message


def test_an_hour_that_comes_twice_is_judged_twice(connect_mock: ConnectMock, dial: Dial) -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=timezone.utc)
    dial(first)
    dial(first + timedelta(hours=1))
    check = connect_mock.assert_no_calls_outside_hours
    check(("01:00", "02:00"), time_zone="America/New_York")
    message = story(check, ("02:00", "03:00"), time_zone="America/New_York")
    assert "2026-11-01 01:30:00-04:00" in message
    assert "2026-11-01 01:30:00-05:00" in message


def test_an_hour_that_is_skipped_holds_no_call(connect_mock: ConnectMock, dial: Dial) -> None:
    skipped = datetime(2026, 3, 8, 7, tzinfo=timezone.utc)
    dial(skipped - timedelta(seconds=1))
    dial(skipped)
    message = story(
        connect_mock.assert_no_calls_outside_hours, ("02:00", "03:00"), time_zone="America/New_York"
    )
    assert "2026-03-08 01:59:59-05:00" in message
    assert "2026-03-08 03:00:00-04:00" in message


# The communication time of a campaign


def test_the_campaign_s_own_hours_hold(connect_mock: ConnectMock, dial: Dial, configure: Configure) -> None:
    configure({"MONDAY": [("T09:00", "T12:00"), ("T14:00", "T18:00")]})
    dial(8)
    dial(9)
    dial(12)
    dial(14)
    message = " ".join(story(connect_mock.assert_no_calls_outside_hours).split())
    assert message.startswith("2 phone calls rang")
    assert "08:00:00+00:00, in UTC" in message
    assert "12:00:00+00:00, in UTC" in message
    assert (
        "The communication time of campaign 'Spring' allows phone calls on Mondays from 09:00 to 12:00 and "
        "14:00 to 18:00."
    ) in message


def test_the_end_of_a_restricted_period_is_exclusive(
    connect_mock: ConnectMock, dial: Dial, configure: Configure
) -> None:
    configure(
        {day: [("T00:00", "T24:00")] for day in DAYS},
        {"startDate": "2026-01-06", "endDate": "2026-01-08", "name": "Holidays"},
        {"startDate": "2026-01-10", "endDate": "2026-01-11"},
    )
    dial(24 * 1 - 0.1)
    dial(24 * 3)
    connect_mock.assert_no_calls_outside_hours()
    dial(24 * 5 + 1)
    message = " ".join(story(connect_mock.assert_no_calls_outside_hours).split())
    assert "allows no phone calls from 2026-01-10 until before 2026-01-11. Check" in message


def test_a_restricted_period_is_named(connect_mock: ConnectMock, dial: Dial, configure: Configure) -> None:
    period = {"startDate": "2026-01-05", "endDate": "2026-01-07", "name": "Holidays"}
    configure({"MONDAY": [("T00:00", "T23:59")]}, period)
    dial(9)
    message = " ".join(story(connect_mock.assert_no_calls_outside_hours).split())
    assert "allows no phone calls from 2026-01-05 until before 2026-01-07 ('Holidays')." in message


@pytest.mark.parametrize(
    ("zone", "number", "shown"),
    [
        ({"defaultTimeZone": "Asia/Tokyo"}, NEW_YORK, "in Asia/Tokyo"),
        ({"localTimeZoneDetection": ["AREA_CODE"]}, NEW_YORK, "in America/New_York"),
        (
            {"localTimeZoneDetection": ["ZIP_CODE", "AREA_CODE"], "defaultTimeZone": "UTC"},
            CHICAGO,
            "in America/Chicago",
        ),
        ({"localTimeZoneDetection": ["AREA_CODE"], "defaultTimeZone": "UTC"}, NOWHERE, "in UTC"),
        ({"localTimeZoneDetection": ["AREA_CODE"]}, NOWHERE, "No time zone is known for the area code"),
        (
            {"localTimeZoneDetection": ["ZIP_CODE"], "defaultTimeZone": "UTC"},
            NEW_YORK,
            "Campaign 'Spring' detects the time zone by ZIP code, which the mock does not know: pass",
        ),
        ({"defaultTimeZone": ""}, NEW_YORK, "has neither a defaultTimeZone nor localTimeZoneDetection"),
    ],
)
def test_the_campaign_s_own_time_zone_holds(
    connect_mock: ConnectMock, dial: Dial, configure: Configure, zone: Any, number: str, shown: str
) -> None:
    configure({}, **zone)
    dial(9, number)
    assert shown in " ".join(story(connect_mock.assert_no_calls_outside_hours).split())
    connect_mock.assert_no_calls_outside_hours(("00:00", "24:00"), time_zone="UTC")


def test_a_campaign_without_hours_fails_with_the_remedy(
    connect_mock: ConnectMock, dial: Dial, connectcampaignsv2_client: Any, spring: Campaign
) -> None:
    dial(9)
    remedy = (
        "Campaign 'Spring' has no communication time for telephony: pass hours=, or configure it with "
        "UpdateCampaignCommunicationTime."
    )
    assert remedy in " ".join(story(connect_mock.assert_no_calls_outside_hours).split())
    connectcampaignsv2_client.update_campaign_communication_time(
        id=spring.id, communicationTimeConfig={"localTimeZoneConfig": {"defaultTimeZone": "UTC"}}
    )
    assert remedy in " ".join(story(connect_mock.assert_no_calls_outside_hours).split())
    connect_mock.assert_no_calls_outside_hours(("00:00", "24:00"))


def test_a_call_without_a_campaign_needs_the_test_s_hours(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance
) -> None:
    connect_client.start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        DestinationPhoneNumber=NEW_YORK,
        ContactFlowId="any",
        SourcePhoneNumber="+18005550199",
    )
    check = connect_mock.assert_no_calls_outside_hours
    message = story(check)
    assert "+12125550100, contact " in message
    assert "It has no campaign with a communication time: pass hours=." in message
    assert "It has no campaign with a time zone: pass time_zone=." in story(check, ("00:00", "24:00"))
    check(("00:00", "24:00"), time_zone="AREA_CODE")


# Invalid arguments and configurations


@pytest.mark.parametrize(
    ("hours", "error", "message"),
    [
        ("08:00-21:00", TypeError, "hours= takes a start and an end such as .*, not '08:00-21:00'"),
        (8, TypeError, "hours= takes a start and an end such as .*, not 8"),
        (("08:00",), TypeError, r"hours= takes .*, not \('08:00',\)"),
        ([(8, 21)], TypeError, "hours= takes .*, not 8"),
        ([5], TypeError, "hours= takes .*, not 5"),
        ((time(8, tzinfo=timezone.utc), time(21)), TypeError, "hours= takes .*, not datetime.time"),
        (("08:00", "25:00"), ValueError, "hours= has the time '25:00', which does not exist; times are"),
        (("24:00", "25:00"), ValueError, "hours= has the time '24:00'"),
        (("8:00", "21:00"), ValueError, "hours= has the time '8:00'"),
        ({"monday": ("08:00", "21:00")}, ValueError, "hours= has no day 'monday'; the days are MONDAY, TUES"),
        ({"MONDAY": "08:00"}, TypeError, "hours= takes .*, not '08:00'"),
    ],
)
def test_invalid_hours_are_refused(
    connect_mock: ConnectMock, hours: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        connect_mock.assert_no_calls_outside_hours(hours, time_zone="UTC")


@pytest.mark.parametrize(
    ("time_zone", "error", "message"),
    [
        (5, TypeError, "time_zone= takes the name of a time zone such as 'America/New_York', .*, not 5"),
        ("Mars/Base", ValueError, r"time_zone= is 'Mars/Base', which is no time zone .*\[time-zones\]"),
        ("America", ValueError, "time_zone= is 'America', which is no time zone"),
        ("../UTC", ValueError, "time_zone= is '../UTC', which is no time zone"),
        (lambda contact: 5, TypeError, "The function of time_zone= takes .*, not 5"),
        (lambda contact: ["UTC", None], TypeError, "The function of time_zone= takes .*, not None"),
        (lambda contact: 1 / 0, ZeroDivisionError, "division"),
    ],
)
def test_an_invalid_time_zone_is_refused(
    connect_mock: ConnectMock, dial: Dial, time_zone: Any, error: type[Exception], message: str
) -> None:
    dial(9)
    with pytest.raises(error, match=message):
        connect_mock.assert_no_calls_outside_hours(("08:00", "21:00"), time_zone=time_zone)


@pytest.mark.parametrize(
    ("daily", "periods", "zone", "message"),
    [
        ({"MONDAY": [("T25:00", "T26:00")]}, (), "UTC", "campaign 'Spring' has the time 'T25:00', which"),
        ({}, ({"startDate": "2026-02-30", "endDate": "2026-03-01"},), "UTC", "the date '2026-02-30', which"),
        ({}, (), "Mars", "defaultTimeZone of campaign 'Spring' is 'Mars', which is no time zone"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_refused(
    connect_mock: ConnectMock,
    dial: Dial,
    configure: Configure,
    daily: Any,
    periods: Any,
    zone: str,
    message: str,
) -> None:
    configure(daily, *periods, defaultTimeZone=zone)
    dial(9)
    with pytest.raises(ValueError, match=message):
        connect_mock.assert_no_calls_outside_hours()


def test_without_phonenumbers_the_message_names_the_extra(
    connect_mock: ConnectMock, dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    dial(9)
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    connect_mock.assert_no_calls_outside_hours(("08:00", "21:00"), time_zone="UTC")
    with pytest.raises(ImportError, match=r"needs phonenumbers, .*'connect-batchmock\[time-zones\]'"):
        connect_mock.assert_no_calls_outside_hours(("08:00", "21:00"), time_zone="AREA_CODE")
