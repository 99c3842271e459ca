"""In what two things differ: a line for each path, with what is wanted and what is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from itertools import takewhile
from typing import Any

from connect_batchmock._matching import ABSENT, Absent, Difference
from connect_batchmock._text import WIDTH, cut_inside

MOST = 12
"""How many differing paths a message shows before the rest is counted."""

_VALUE = WIDTH - 20
"""How long a value gets that has a line for itself."""

_BEFORE = 20
"""How much of what two long values have in common is shown before the place where they differ."""

Row = tuple[str, str, str]
"""A path, and the two halves of the sentence about it."""


def differing(found: Sequence[Difference], most: int | None = MOST) -> str:
    """Return the lines, in which values of different paths stand one under the other."""
    rows = [_row(*one) for one in found[:most]]
    widths = _widths(rows)
    more = [f"    and {len(found) - len(rows)} more"] if len(found) > len(rows) else []
    return "\n".join([*(_line(row, widths) for row in rows), *more])


def _widths(rows: Sequence[Row]) -> tuple[int, int]:
    fitting = [row for row in rows if _fits(row, len(row[0]), len(row[1]))]
    path = max((len(row[0]) for row in fitting), default=0)
    return path, max((len(row[1]) for row in fitting), default=0)


def _fits(row: Row, path: int, wanted: int) -> bool:
    return 4 + path + 2 + wanted + 2 + len(row[2]) <= WIDTH


def _line(row: Row, widths: tuple[int, int]) -> str:
    path, wanted, actual = row
    if _fits(row, max(widths[0], len(path)), max(widths[1], len(wanted))):
        return f"    {path:<{widths[0]}}  {wanted:<{widths[1]}}  {actual}"
    return f"    {path}\n        {wanted}\n        {_aligned(actual)}"


def _aligned(actual: str) -> str:
    """Put what is there under what is wanted, character by character."""
    return f"is     {actual[3:]}" if actual.startswith("is ") else actual


def _row(path: str, expected: Any, actual: Any) -> Row:
    wanted, there = _cut_alike(_written(expected), _written(actual))
    return path or "itself", _wanted(expected, wanted), _is(expected, actual, there, path)


def _wanted(expected: Any, written: str) -> str:
    return "wanted nothing" if expected is ABSENT else f"wanted {written}"


def _is(expected: Any, actual: Any, written: str, path: str) -> str:
    if not isinstance(actual, Absent):
        return f"is {written}"
    # The last part of a path of a mapping is the key that is not there.
    beside = [key for key in actual.beside if isinstance(key, str)]
    near = get_close_matches(path.rpartition(".")[2].lower(), [key.lower() for key in beside], n=1)
    there = [key for key in beside if key.lower() in near]
    return f"is absent (there is {there[0]!r})" if there else "is absent"


def _written(value: Any) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else repr(value)


def _cut_alike(wanted: str, actual: str) -> tuple[str, str]:
    """Cut two long values so that the place where they begin to differ stays."""
    if max(len(wanted), len(actual)) <= _VALUE:
        return wanted, actual
    alike = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(wanted, actual, strict=False)))
    begin = alike - _BEFORE
    if begin > 0:
        wanted, actual = f"…{wanted[begin:]}", f"…{actual[begin:]}"
    return cut_inside(wanted, _VALUE), cut_inside(actual, _VALUE)
