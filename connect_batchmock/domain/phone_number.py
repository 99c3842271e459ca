"""Telephone numbers: the E.164 form, and the numbers that an instance has claimed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


def is_e164(address: str) -> bool:
    """Whether the address is a number in E.164 form: a plus sign, no leading zero, 2 to 15 digits."""
    return _E164.fullmatch(address) is not None


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
