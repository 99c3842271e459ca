"""Identifiers that look like AWS's and come out the same on every run."""

from __future__ import annotations

import random
import re
import uuid

_ACCOUNT_ID = re.compile(r"[0-9]{12}")


def is_account_id(text: str) -> bool:
    """Whether the text is the id of an account: exactly twelve digits."""
    return _ACCOUNT_ID.fullmatch(text) is not None


class Identities:
    """A source of UUIDs (version 4) that repeats itself for the same seed.

    The generator is its own, so neither ``random.seed`` in the code under test nor the number of other
    tests that ran before changes an id.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def uuid(self) -> str:
        """Return the next id, as AWS writes it: lower case, with hyphens."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
