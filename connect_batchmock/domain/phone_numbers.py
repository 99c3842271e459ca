"""Phone numbers: the E.164 form, and the numbers that an instance has claimed or can claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connect_batchmock.domain.calling_codes import COUNTRIES, COUNTRIES_BY_PREFIX

E164 = re.compile(r"\+[1-9][0-9]{1,14}")
"""The form of phone numbers in E.164 format."""

_TOLL_FREE = ("800",)
_TOLL_FREE_IN_NORTH_AMERICA = ("800", "833", "844", "855", "866", "877", "888")

_MAX_CODE_LENGTH, _MAX_PREFIX_LENGTH = max(map(len, COUNTRIES)), max(map(len, COUNTRIES_BY_PREFIX))


def is_e164(address: str) -> bool:
    """Whether the address is in E.164 form: a plus sign and 2 to 15 digits without a leading zero."""
    return E164.fullmatch(address) is not None


def type_of(number: str) -> str:
    """Return the type of a number: TOLL_FREE by its first digits, or else DID."""
    code = calling_code_of(number) or ""
    prefixes = _TOLL_FREE_IN_NORTH_AMERICA if code == "1" else _TOLL_FREE
    return "TOLL_FREE" if number[1 + len(code) :].startswith(prefixes) else "DID"


def numbers_of(country: str, type: str, prefix: str) -> Iterator[str]:
    """Yield the same numbers each time, at most 100, of a country and type and with a prefix."""
    code = first_digits_of(country)
    if code is None:
        return
    # A code with an area code leaves no digits for another, so toll-free numbers have the shorter codes.
    area = "" if code not in COUNTRIES else "800" if type == "TOLL_FREE" else "555"
    template = f"+{code}{area}5550100"
    first = prefix + template[len(prefix) :]
    for suffix in range(100):
        number = f"{first[:-2]}{suffix:02}"
        has_type = country_of(number) == country and type_of(number) == type
        if has_type and number.startswith(prefix):
            yield number


@dataclass(frozen=True)
class PhoneNumber:
    """A phone number that is claimed to an instance.

    Attributes:
        id: the id, a UUID.
        arn: the ARN.
        number: the number in E.164 form.
        type: a value of the model's ``PhoneNumberType``.
        description: its description, or None.
        tags: its tags.
    """

    id: str
    arn: str
    number: str
    type: str = "DID"
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict, compare=False)

    def held(self) -> Iterable[Any]:
        """Return the tags, which may change."""
        return (self.tags,)

    @property
    def country(self) -> str | None:
        """The country of the number, by its ISO code; None if it is unknown."""
        return country_of(self.number)


def calling_code_of(number: str) -> str | None:
    """Return the calling code of a number in E.164 form; None if it is unknown."""
    return _longest(number.removeprefix("+"), COUNTRIES, _MAX_CODE_LENGTH)


def country_of(number: str) -> str | None:
    """Return the country of a number in E.164 form, by its ISO code; None if it is unknown.

    Where countries share a calling code and the first digits do not tell them apart, it is the main one.
    """
    digits = number.removeprefix("+")
    prefix = _longest(digits, COUNTRIES_BY_PREFIX, _MAX_PREFIX_LENGTH)
    if prefix is not None:
        return COUNTRIES_BY_PREFIX[prefix]
    return COUNTRIES.get(calling_code_of(number) or "")


def first_digits_of(country: str) -> str | None:
    """Return digits that numbers of a country begin with: its calling code, and more if others share it.

    Args:
        country: the ISO code of the country.

    Returns:
        The digits; None if no first digits tell the country.
    """
    countries = (*COUNTRIES.items(), *COUNTRIES_BY_PREFIX.items())
    return next((digits for digits, its_country in countries if its_country == country), None)


def _longest(digits: str, table: Mapping[str, str], length: int) -> str | None:
    prefixes = (digits[:end] for end in range(length, 0, -1))
    return next((prefix for prefix in prefixes if prefix in table), None)
