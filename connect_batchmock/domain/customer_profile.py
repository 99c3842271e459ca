"""Customer profiles, as far as a campaign needs them to call somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class CustomerProfile:
    """A customer whom a campaign can be told to call by their profile.

    Attributes:
        id: the id, 32 hexadecimal digits.
        number: the number in E.164 form.
        attributes: the contact attributes that a call to this customer gets.
    """

    id: str
    number: str
    attributes: Mapping[str, str]
