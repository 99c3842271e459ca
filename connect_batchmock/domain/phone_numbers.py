"""Telephone numbers: the E.164 form, and the numbers that an instance has claimed or could claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from connect_batchmock.domain.calling_codes import calling_code_for, calling_code_of, country_of

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")

_TOLL_FREE = ("800",)
_TOLL_FREE_IN_NORTH_AMERICA = ("800", "833", "844", "855", "866", "877", "888")


def is_e164(address: str) -> bool:
    """Whether the address is a number in E.164 form: a plus sign, no leading zero, 2 to 15 digits."""
    return _E164.fullmatch(address) is not None


def type_of(number: str) -> str:
    """Return what kind of number it is: a toll-free one is known by its first digits, the others are DID."""
    code = calling_code_of(number) or ""
    prefixes = _TOLL_FREE_IN_NORTH_AMERICA if code == "1" else _TOLL_FREE
    return "TOLL_FREE" if number[1 + len(code) :].startswith(prefixes) else "DID"


def numbers_of(country: str, type: str, prefix: str) -> Iterator[str]:
    """Yield numbers of a country and type that begin with a prefix, a hundred at most, always the same."""
    code = calling_code_for(country)
    if code is None:
        return
    # A code that holds an area code has no room for another, so toll-free numbers have the shorter codes.
    area = "" if len(code) > 3 else "800" if type == "TOLL_FREE" else "555"
    line = f"+{code}{area}5550100"
    begun = prefix + line[len(prefix) :]
    for last in range(100):
        number = f"{begun[:-2]}{last:02}"
        is_of_kind = country_of(number) == country and type_of(number) == type
        if is_of_kind and number.startswith(prefix):
            yield number


@dataclass(frozen=True)
class PhoneNumber:
    """A number claimed to an instance.

    Attributes:
        id: the id, a UUID.
        arn: the ARN.
        number: the number in E.164 form.
        type: a value of the model's ``PhoneNumberType``.
        description: what was said about it when it was claimed, or None.
        tags: its tags.
    """

    id: str
    arn: str
    number: str
    type: str = "DID"
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict, compare=False)

    def held(self) -> Iterable[Any]:
        """Return what may change."""
        return (self.tags,)

    @property
    def country(self) -> str | None:
        """The country that the number belongs to, by its ISO code, or None where it is unknown."""
        return country_of(self.number)
