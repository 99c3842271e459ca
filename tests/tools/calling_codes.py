"""Write ``connect_batchmock/domain/calling_codes.py`` from the metadata of the package ``phonenumbers``.

Run it with ``python tests/tools/calling_codes.py``. A test compares the module with what this writes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence, Set
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from connect_batchmock.domain import calling_codes

MODULE = Path(calling_codes.__file__)

# The parser of regular expressions has this name from Python 3.11 on.
_parser: Any = import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

_DIGITS = "0123456789"

_MAX_PREFIX = 5
"""The most digits of a national number that the table looks at."""

_KINDS = ("fixed_line", "mobile", "voip", "personal_number", "pager", "uan")
"""The kinds of numbers that belong to one country; countries that share a calling code share the others."""

Candidate = tuple[str, Set[str]]
"""A country, and the patterns that its numbers match."""

_HEAD = '''"""The calling codes of countries, and the first digits of numbers where countries share a code.

This module is written by ``python tests/tools/calling_codes.py``.
"""

# Made from the metadata of phonenumbers {version}.

from __future__ import annotations

'''


def source() -> str:
    """Return the module as the installed ``phonenumbers`` makes it."""
    codes: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items(), key=lambda entry: str(entry[0])):
        main = regions[0]
        if main == "001":  # the code of a service, of no country
            continue
        codes[str(code)] = main
        shared = _patterns(main)
        others = [(region, _patterns(region) - shared) for region in regions[1:]]
        entries = sorted(_prefixes(shared, others), key=lambda entry: (len(entry[0]), entry))
        prefixes |= {f"{code}{prefix}": region for prefix, region in entries}
    return _HEAD.format(version=phonenumbers.__version__) + "\n".join(
        [
            _table("_CODES", codes),
            _table("_PREFIXES", prefixes),
            'COUNTRIES = dict(pair.split(":") for pair in _CODES.split())',
            '"""The country of each calling code, or the main country of a code that several share."""',
            "",
            'COUNTRIES_BY_PREFIX = dict(pair.split(":") for pair in _PREFIXES.split())',
            '"""The countries that share a calling code with a main country, by the first digits."""',
            "",
        ]
    )


def _table(name: str, countries: dict[str, str]) -> str:
    pairs = [f"{digits}:{country}" for digits, country in countries.items()]
    lines = [" ".join(pairs[start : start + 9]) for start in range(0, len(pairs), 9)]
    return "\n".join([f'{name} = """', *lines, '"""', ""])


def _patterns(region: str) -> Set[str]:
    metadata = PhoneMetadata.metadata_for_region(region)
    kinds = (getattr(metadata, kind) for kind in _KINDS)
    return {kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern}


def _prefixes(main: Set[str], others: Sequence[Candidate], prefix: str = "") -> list[tuple[str, str]]:
    """Return the first digits that only numbers of another country than the main one have.

    Args:
        main: the patterns of the main country.
        others: the other countries; where the longest prefix does not tell them apart, the first one counts.
        prefix: the first digits of the numbers to look at, after the calling code.
    """
    owners = [(country, left) for country, patterns in others if (left := _beginning(patterns, prefix))]
    rivals = _beginning(main, prefix) if owners else set()
    if len(prefix) == _MAX_PREFIX or len(owners) + bool(rivals) < 2:
        return [] if rivals else [(prefix, country) for country, _ in owners[:1]]
    longer = [entry for digit in _DIGITS for entry in _prefixes(rivals, owners, prefix + digit)]
    country = owners[0][0]
    return [(prefix, country)] if longer == [(prefix + digit, country) for digit in _DIGITS] else longer


def _beginning(patterns: Set[str], prefix: str) -> Set[str]:
    """Return the patterns of numbers that can begin with a prefix."""
    return {pattern for pattern in patterns if len(prefix) in _ends(_parsed(pattern), prefix, 0)}


@cache
def _parsed(pattern: str) -> Any:
    return _parser.parse(pattern)


def _ends(nodes: Any, prefix: str, start: int) -> set[int]:
    """Return where the nodes of a pattern, matched from a start on, can end; the end matches any node."""
    ends = {start}
    for node in nodes:
        ends = {end for middle in ends for end in _ends_of(node, prefix, middle)}
    return ends


def _ends_of(node: Any, prefix: str, start: int) -> set[int]:
    if start == len(prefix):
        return {start}
    kind, value = str(node[0]), node[1]
    if kind == "BRANCH":
        return {end for branch in value[1] for end in _ends(branch, prefix, start)}
    if kind == "SUBPATTERN":
        return _ends(value[-1], prefix, start)
    if kind == "MAX_REPEAT":
        least, most, repeated = value
        ends, reached = set(), {start}
        for count in range(most + 1):
            ends |= reached if count >= least else reached & {len(prefix)}
            reached = {end for middle in reached for end in _ends(repeated, prefix, middle)}
        return ends
    return {start + 1} if _matches(kind, value, prefix[start]) else set()


def _matches(kind: str, value: Any, digit: str) -> bool:
    """Whether a digit matches a node of a single character."""
    if kind == "LITERAL":
        return bool(value == ord(digit))
    if kind == "IN":
        return any(_matches(str(choice[0]), choice[1], digit) for choice in value)
    if kind == "RANGE":
        return bool(value[0] <= ord(digit) <= value[1])
    assert (kind, str(value)) == ("CATEGORY", "CATEGORY_DIGIT"), kind
    return True


if __name__ == "__main__":
    MODULE.write_text(source(), encoding="utf-8")
