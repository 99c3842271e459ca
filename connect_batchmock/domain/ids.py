"""Identifiers that look like AWS's and come out the same on every run."""

from __future__ import annotations

import random
import re

from connect_batchmock.domain.errors import IdConflictError
from connect_batchmock.domain.stateful import Stateful

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_OF_NO_VERSION = ~(0xC000 << 48 | 0xF000 << 64)
_VERSION_4 = 0x8000 << 48 | 4 << 76
"""The bits of a UUID that say nothing of its version, and those that do."""


def is_account_id(text: str) -> bool:
    """Whether the text is the id of an account: exactly twelve digits."""
    return _ACCOUNT_ID.fullmatch(text) is not None


def is_uuid(value: object) -> bool:
    """Whether the value is an id as AWS writes it: a UUID in lower case, with hyphens."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


class IdSource(Stateful):
    """A source of UUIDs (version 4) that repeats itself for the same seed, and gives no id that was chosen.

    The generator is its own, so neither ``random.seed`` in the code under test nor the number of other
    tests that ran before changes an id.

    Args:
        purpose: what the ids are for. Sources of different purposes share no id.
        seed: where the ids begin.
    """

    def __init__(self, purpose: str, seed: int) -> None:
        # Seeded with the number alone, it would draw the UUIDs that a test draws from random.Random(seed), or
        # from Faker: a made-up unknown id would be that of a resource.
        self._random = random.Random(f"connect-batchmock {purpose} {seed}")
        self._taken: set[str] = set()

    def uuid(self) -> str:
        """Return the next id, as AWS writes it: lower case, with hyphens."""
        drawn = self._draw()
        # Somebody may have chosen this very id, having seen it in a run before.
        while drawn in self._taken:
            drawn = self._draw()
        return drawn

    def _draw(self) -> str:
        drawn = self._random.getrandbits(128)
        # Version 4 of RFC 9562, as ``uuid.UUID`` writes it, which takes four times as long.
        digits = f"{drawn & _OF_NO_VERSION | _VERSION_4:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def take(self, chosen: str | None) -> str:
        """Return an id that somebody has chosen, or the next one where nobody has; nobody else gets it.

        Raises:
            IdConflictError: something has that id.
        """
        if chosen is not None and chosen in self._taken:
            raise IdConflictError(chosen)
        taken = self.uuid() if chosen is None else chosen
        self._taken.add(taken)
        return taken
