"""The time zones of customers: those of a test, those of a campaign, or those of an area code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from connect_batchmock.records.handles import Campaign, Contact

AREA_CODE = "AREA_CODE"
"""Stands for the time zones of the area code, as in ``LocalTimeZoneDetection`` of the model."""

Zone = str | tzinfo
"""A time zone: its name in the IANA database, ``AREA_CODE``, or an object such as a ``ZoneInfo``."""

TimeZone = Zone | Callable[[Contact], Zone | Iterable[Zone] | None]
"""A time zone for all contacts, or a function that returns one or several for a contact, or None."""


@dataclass(frozen=True)
class CustomerTimeZones:
    """The time zones in which a customer may be.

    Args:
        zones: the time zones; none if they are unknown.
        unknown: a sentence with the reason why they are unknown, and the remedy.
    """

    zones: Sequence[tzinfo]
    unknown: str = ""


class TimeZoneFinder:
    """Finds the time zones of the customers of contacts.

    Args:
        time_zone: the time zone; None for those of the campaigns.

    Raises:
        TypeError: ``time_zone`` has another type.
        ValueError: the time zone does not exist.
        ImportError: it is ``AREA_CODE``, and phonenumbers is not installed.
    """

    def __init__(self, time_zone: TimeZone | None) -> None:
        if time_zone is not None and not callable(time_zone):
            _check_type("time_zone=", time_zone)
        self._time_zone = time_zone
        self._by_number: dict[str, Sequence[tzinfo]] = {}
        self._configs: dict[str, Mapping[str, Any]] = {}

    def of(self, contact: Contact) -> CustomerTimeZones:
        """Return the time zones of the customer of a contact.

        Raises:
            TypeError: the function of the test returned something else.
            ValueError: a time zone does not exist.
            ImportError: the area code is needed, and phonenumbers is not installed.
        """
        if self._time_zone is None:
            return self._of_campaign(contact)
        if not callable(self._time_zone):
            return self._of_zone(self._time_zone, contact)
        return self._returned(self._time_zone(contact), contact)

    def _of_zone(self, zone: Zone, contact: Contact) -> CustomerTimeZones:
        if zone == AREA_CODE:
            zones = self._of_area_code(contact.customer_address)
            return CustomerTimeZones(zones, "" if zones else _unknown_area_code(contact))
        return CustomerTimeZones([zone if isinstance(zone, tzinfo) else _zone_named(zone, "time_zone=")])

    def _returned(self, value: Any, contact: Contact) -> CustomerTimeZones:
        several = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
        zones: list[tzinfo] = []
        for zone in [] if value is None else several:
            _check_type("The function of time_zone=", zone)
            each = self._of_zone(zone, contact)
            if not each.zones:
                return each
            zones += each.zones
        unknown = "The function of time_zone= returned no time zone for it: return one, or several."
        return CustomerTimeZones(zones, "" if zones else unknown)

    def _of_campaign(self, contact: Contact) -> CustomerTimeZones:
        campaign = contact.campaign
        if campaign is None:
            return CustomerTimeZones((), "It has no campaign with a time zone: pass time_zone=.")
        config = self._config(campaign)
        detection = config.get("localTimeZoneDetection", ())
        zones = self._of_area_code(contact.customer_address) if AREA_CODE in detection else ()
        if zones:
            return CustomerTimeZones(zones)
        if detection and AREA_CODE not in detection:
            return CustomerTimeZones((), _by_zip_code(campaign))
        default = config.get("defaultTimeZone")
        if default:
            return CustomerTimeZones([_zone_named(default, f"defaultTimeZone of campaign {campaign.name!r}")])
        return CustomerTimeZones((), _unknown_area_code(contact) if detection else _without_zone(campaign))

    def _config(self, campaign: Campaign) -> Mapping[str, Any]:
        if campaign.id not in self._configs:
            self._configs[campaign.id] = campaign.communication_time.get("localTimeZoneConfig", {})
        return self._configs[campaign.id]

    def _of_area_code(self, number: str) -> Sequence[tzinfo]:
        if number not in self._by_number:
            self._by_number[number] = zones_of_area_code(number)
        return self._by_number[number]


def _check_type(taker: str, zone: object) -> None:
    if not isinstance(zone, (str, tzinfo)):
        raise TypeError(
            f"{taker} takes the name of a time zone such as 'America/New_York', a ZoneInfo, 'AREA_CODE' for "
            f"the area code of each customer, or a function of the contact that returns any of these, not "
            f"{zone!r}."
        )


def _zone_named(name: str, taker: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        # ZoneInfo raises OSError for the name of a folder of the database, such as "America".
        raise ValueError(
            f"{taker} is {name!r}, which is no time zone that Python knows; use a name of the IANA database, "
            f"such as 'America/New_York'. If the system has no database, as on Windows, install the extra "
            f"'time-zones': python -m pip install 'connect-batchmock[time-zones]'"
        ) from None


def zones_of_area_code(number: str) -> list[tzinfo]:
    """Return the time zones of the area code of a phone number; an empty list if none is known.

    Raises:
        ImportError: phonenumbers is not installed.
    """
    try:
        from phonenumbers import NumberParseException, parse
        from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number
    except ModuleNotFoundError as error:
        raise ImportError(
            "The time zone of an area code needs phonenumbers, which is not installed. Install the extra "
            "'time-zones': python -m pip install 'connect-batchmock[time-zones]'"
        ) from error
    try:
        names = time_zones_for_number(parse(number))
    except NumberParseException:
        return []
    return [_zone_named(name, f"The time zone of {number}") for name in names if name != UNKNOWN_TIMEZONE]


def _unknown_area_code(contact: Contact) -> str:
    return (
        f"No time zone is known for the area code of {contact.customer_address}: use a number with an area "
        f"code that exists, such as +12125550100, or pass time_zone=."
    )


def _by_zip_code(campaign: Campaign) -> str:
    return (
        f"Campaign {campaign.name!r} detects the time zone by ZIP code, which the mock does not know: pass "
        f"time_zone=, such as a function of the contact."
    )


def _without_zone(campaign: Campaign) -> str:
    return (
        f"The communication time of campaign {campaign.name!r} has neither a defaultTimeZone nor "
        f"localTimeZoneDetection: pass time_zone=, or configure one of them."
    )
