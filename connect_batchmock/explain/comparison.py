"""Why two things that a test compares with ``==`` are not equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connect_batchmock._matching import Difference
from connect_batchmock._text import counted, listed, short, wrapped
from connect_batchmock.explain.differing import differing
from connect_batchmock.explain.hints import near_miss

_MOST_ENTRIES = 3
_MOST_PATHS = 5


def unequal(noun: str, found: Sequence[Difference], in_full: bool) -> list[str]:
    """Return the lines about two things of a kind; the first stands where pytest says what was asserted."""
    paths = [path for path, _, _ in found]
    more = [f"{len(paths) - 3} more"] if len(paths) > 3 else []
    rows = differing(found, None if in_full else _MOST_PATHS).split("\n")
    return [f"{noun} == wanted, but for {listed([*paths[:3], *more])}", *rows, *_hint(found)]


def of_other_types(noun: str, other: str, found: Sequence[Difference], in_full: bool) -> list[str]:
    """Return the lines about an entry that is compared with a dict of attributes, or with a text.

    Args:
        noun: the type of the entry.
        other: the type of what it is compared with.
        found: in what its attributes differ from those of the dict.
        in_full: whether everything is shown.
    """
    rows = differing(found, None if in_full else _MOST_PATHS).split("\n") if found else []
    remedy = (
        f"A {noun} equals another {noun} alone: compare its attributes, or find it by them with "
        f"where(...) or one(...)."
    )
    return [f"{noun} == wanted, which is a {other}", *rows, *wrapped(remedy, further="").split("\n")]


def unequal_lists(
    noun: str,
    count: int,
    unlike: Sequence[tuple[int, Sequence[Difference]]],
    extra: Sequence[tuple[int, str]],
    missing: Sequence[tuple[int, Any]],
    in_full: bool,
) -> list[str]:
    """Return the lines about two lists; the first stands where pytest says what was asserted.

    Args:
        noun: what the entries are.
        count: how many there are.
        unlike: the entries that are there and differ from those wanted, by their index.
        extra: a line about each entry that is not wanted, by its index.
        missing: each entry that is wanted and not there, by the index at which it is wanted.
        in_full: whether everything is shown.
    """
    most = None if in_full else _MOST_ENTRIES
    facts = [_those(unlike, "differs", "differ"), _those(extra, "is extra", "are extra")]
    facts += [_those(missing, "is missing", "are missing")]
    lines = [f"{counted(count, noun)} == wanted, but {listed([fact for fact in facts if fact])}"]
    for index, found in unlike[:most]:
        lines += [f"number {index + 1}:", *differing(found, None if in_full else _MOST_PATHS).split("\n")]
    lines += [wrapped(f"extra, number {index + 1}: {line}") for index, line in extra[:most]]
    lines += [
        wrapped(f"missing, wanted as number {index + 1}: {short(entry, 10_000 if in_full else 160)}")
        for index, entry in missing[:most]
    ]
    if most is not None and max(map(len, (unlike, extra, missing))) > most:
        lines.append("Not all is shown; -vv shows the rest.")
    return [line for text in lines for line in text.split("\n")] + _hint(unlike[0][1] if unlike else ())


def other_order(noun: str, order: Sequence[int]) -> list[str]:
    """Return the lines about a list that has the entries wanted, in another order."""
    return [
        f"{counted(len(order), noun)} == wanted, but for the order",
        wrapped(f"wanted in the order: {short(order)[1:-1]}"),
        f"Where the order does not count, compare {noun}s.in_any_order() with the list.",
    ]


def _those(some: Sequence[Any], one: str, several: str) -> str:
    return f"{len(some)} {one if len(some) == 1 else several}" if some else ""


def _hint(found: Sequence[Difference]) -> list[str]:
    hint = near_miss(found)
    return [] if hint is None else wrapped(hint, further="").split("\n")
