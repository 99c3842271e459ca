"""The countries of phone numbers, held against the metadata of ``phonenumbers``."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers
import pytest
from tools.calling_codes import MODULE, source

from connect_batchmock.domain.phone_numbers import calling_code_of, country_of, first_digits_of, numbers_of

# The country shares a code, and no first digits are its own.
UNTOLD = {"EH"}


def examples() -> Iterator[tuple[phonenumbers.PhoneNumber, str]]:
    """Yield an example of each kind of number of each country, as ``phonenumbers`` and E.164 write it."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in phonenumbers.PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None:
                yield example, phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)


def test_the_table_of_calling_codes_is_up_to_date() -> None:
    assert MODULE.read_text(encoding="utf-8") == source(), "run python tests/tools/calling_codes.py"


def test_a_number_has_the_country_that_phonenumbers_tells() -> None:
    numbers = list(examples())

    assert len(numbers) > 1_000
    for example, number in numbers:
        assert country_of(number) == phonenumbers.region_code_for_number(example), number
        assert calling_code_of(number) == str(example.country_code)


def test_every_country_has_numbers_on_offer() -> None:
    for region in phonenumbers.SUPPORTED_REGIONS - UNTOLD:
        offered = list(numbers_of(region, "DID", "+"))
        assert len(offered) == 100, region
        assert {country_of(number) for number in offered} == {region}
    assert [region for region in UNTOLD if first_digits_of(region)] == []


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+441481555010", "GG"),
        ("+441534555010", "JE"),
        ("+441624555010", "IM"),
        ("+442079460100", "GB"),
        ("+358185550100", "AX"),
        ("+358405550100", "FI"),
        ("+12575550100", "CA"),
        ("+15555550100", "US"),
        ("+38344123456", "XK"),
        ("+870773111632", None),
    ],
)
def test_countries_that_share_a_code_are_told_apart(number: str, country: str | None) -> None:
    assert country_of(number) == country
