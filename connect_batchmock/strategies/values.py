"""Telephone numbers, and what nobody can be called at."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from connect_batchmock.domain.phone_numbers import is_e164


def phone_numbers() -> st.SearchStrategy[str]:
    """Return telephone numbers in E.164 form; the simplest are made up, such as ``+15550000000``."""
    made_up = st.integers(0, 9_999_999).map(lambda line: f"+1555{line:07}")
    return made_up | st.integers(10, 10**15 - 1).map(lambda digits: f"+{digits}")


def no_phone_numbers() -> st.SearchStrategy[str]:
    """Return what is nearly a telephone number, in digits, plus signs and hyphens alone."""
    ways = (
        lambda number: number.removeprefix("+"),
        lambda number: f"+0{number[1:]}"[:17],
        lambda number: number.ljust(17, "0"),
        lambda number: number[:2],
        lambda number: "",
    )
    spoilt = st.tuples(st.sampled_from(ways), phone_numbers()).map(lambda drawn: drawn[0](drawn[1]))
    return spoilt.filter(lambda text: not is_e164(text))


_CHARACTERS = f"{string.ascii_letters}{string.digits}_-"


def attribute_keys() -> st.SearchStrategy[str]:
    """Return keys that contact attributes may have."""
    return st.text(_CHARACTERS, min_size=1, max_size=8)


def wrong_attribute_keys() -> st.SearchStrategy[str]:
    """Return keys that contact attributes may not have, for their last character."""
    wrong = [one for one in f"{string.punctuation}{string.whitespace}éß√" if one not in _CHARACTERS]
    return st.tuples(st.text(_CHARACTERS, max_size=4), st.sampled_from(wrong)).map("".join)
