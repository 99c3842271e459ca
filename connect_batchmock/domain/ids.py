"""Identifiers in the form of AWS, the same in every run."""

from __future__ import annotations

import hashlib
import random
import re

from connect_batchmock.domain.errors import IdConflictError
from connect_batchmock.domain.stateful import Stateful

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The form of the ids of resources: lower case, with hyphens."""

PROFILE_ID = re.compile(r"[0-9a-f]{32}")
"""The form of the ids of customer profiles."""

_FIXED_BITS = 0xC000 << 48 | 0xF000 << 64
_VERSION_4_BITS = 0x8000 << 48 | 4 << 76
"""The bits of a UUID for variant and version, and their values for version 4."""

_IDS_PER_DRAW = 32
_IN_EACH = sum(1 << 128 * number for number in range(_IDS_PER_DRAW))
"""The factor that repeats the bits of a UUID for all UUIDs of a draw."""


def is_account_id(text: str) -> bool:
    """Whether the text is an account id: exactly twelve digits."""
    return _ACCOUNT_ID.fullmatch(text) is not None


def is_uuid(value: object) -> bool:
    """Whether the value is a UUID in the form of AWS: lower case, with hyphens."""
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def with_hyphens(digits: str) -> str:
    """Return the UUID that 32 hexadecimal digits spell."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def id_of_default(owner: str, name: str) -> str:
    """Return the id of a resource that an owner has from the start.

    The id depends on nothing but its arguments, so that it is the same whenever the resource is made.

    Args:
        owner: the id of the owner.
        name: the name of the resource, unique among the default resources of the owner.
    """
    digest = hashlib.sha256(f"{owner} {name}".encode()).digest()
    bits = int.from_bytes(digest[:16], "big") & ~_FIXED_BITS | _VERSION_4_BITS
    return with_hyphens(f"{bits:032x}")


class IdSource(Stateful):
    """A source of UUIDs (version 4): the same for the same seed, and without the ids that were chosen.

    It has a generator of its own, so neither ``random.seed`` in the code under test nor the tests that ran
    before change an id.

    Args:
        purpose: the purpose of the ids. Sources with different purposes share no id.
        seed: the seed of the ids.
    """

    def __init__(self, purpose: str, seed: int) -> None:
        # Seeded with the number alone, it would draw the UUIDs that a test draws from random.Random(seed) or
        # from Faker, and an id that a test makes up as unknown would be the id of a resource.
        self._random = random.Random(f"connect-batchmock {purpose} {seed}")
        self._drawn: list[str] = []
        self._taken: set[str] = set()

    def uuid(self) -> str:
        """Return the next id, in the form of AWS: lower case, with hyphens."""
        drawn = self._draw()
        # A test may have chosen this id after an earlier run showed it.
        while drawn in self._taken:
            drawn = self._draw()
        return drawn

    def _draw(self) -> str:
        if not self._drawn:
            self._draw_many()
        return with_hyphens(self._drawn.pop())

    def _draw_many(self) -> None:
        # Version 4 of RFC 9562. The lowest bits are drawn first: ids that are drawn one by one are the same,
        # and take three times as long.
        bits = self._random.getrandbits(128 * _IDS_PER_DRAW) & ~(_FIXED_BITS * _IN_EACH)
        digits = f"{bits | _VERSION_4_BITS * _IN_EACH:0{32 * _IDS_PER_DRAW}x}"
        self._drawn += (digits[start : start + 32] for start in range(0, len(digits), 32))

    def take(self, chosen: str | None) -> str:
        """Reserve and return a chosen id, or the next id if none is chosen.

        Raises:
            IdConflictError: the chosen id is taken.
        """
        if chosen is not None and chosen in self._taken:
            raise IdConflictError(chosen)
        taken = self.uuid() if chosen is None else chosen
        self._taken.add(taken)
        return taken
