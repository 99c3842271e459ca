"""Strategies for phone numbers and attribute keys, valid and invalid."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from connect_batchmock.domain.phone_numbers import is_e164


def phone_numbers() -> st.SearchStrategy[str]:
    """Return a strategy for phone numbers in E.164 format; the simplest are fictitious: ``+15550000000``."""
    fictitious = st.integers(0, 9_999_999).map(lambda line: f"+1555{line:07}")
    return fictitious | st.integers(10, 10**15 - 1).map(lambda digits: f"+{digits}")


def invalid_phone_numbers() -> st.SearchStrategy[str]:
    """Return a strategy for strings of digits and plus signs that are not in E.164 format."""
    mutations = (
        lambda number: number.removeprefix("+"),
        lambda number: f"+0{number[1:]}"[:17],
        lambda number: number.ljust(17, "0"),
        lambda number: number[:2],
        lambda number: "",
    )
    pairs = st.tuples(st.sampled_from(mutations), phone_numbers())
    return pairs.map(lambda pair: pair[0](pair[1])).filter(lambda text: not is_e164(text))


_CHARACTERS = f"{string.ascii_letters}{string.digits}_-"


def attribute_keys() -> st.SearchStrategy[str]:
    """Return a strategy for valid keys of contact attributes."""
    return st.text(_CHARACTERS, min_size=1, max_size=8)


def invalid_attribute_keys() -> st.SearchStrategy[str]:
    """Return a strategy for keys of contact attributes whose last character is invalid."""
    others = f"{string.punctuation}{string.whitespace}éß√"
    invalid = [character for character in others if character not in _CHARACTERS]
    return st.tuples(st.text(_CHARACTERS, max_size=4), st.sampled_from(invalid)).map("".join)
