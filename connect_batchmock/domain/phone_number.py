"""Telephone numbers: the E.164 form, and the numbers that an instance has claimed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


def is_e164(address: str) -> bool:
    """Whether the address is a number in E.164 form: a plus sign, no leading zero, 2 to 15 digits."""
    return _E164.fullmatch(address) is not None


@dataclass(frozen=True)
class PhoneNumber:
    """A number claimed to an instance."""

    id: str
    arn: str
    number: str
