"""The keys of contact attributes."""

from __future__ import annotations

import string

from hypothesis import strategies as st

_CHARACTERS = f"{string.ascii_letters}{string.digits}_-"


def attribute_keys() -> st.SearchStrategy[str]:
    """Return keys that contact attributes may have."""
    return st.text(_CHARACTERS, min_size=1, max_size=8)


def wrong_attribute_keys() -> st.SearchStrategy[str]:
    """Return keys that contact attributes may not have, for their last character."""
    wrong = [one for one in f"{string.punctuation}{string.whitespace}éß√" if one not in _CHARACTERS]
    return st.tuples(st.text(_CHARACTERS, max_size=4), st.sampled_from(wrong)).map("".join)
