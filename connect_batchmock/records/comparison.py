"""Why two things that a test compares are not equal, in lines: only what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from connect_batchmock._matching import (
    MAX_ALIGNED,
    Absent,
    Difference,
    aligned,
    differences,
    exact_differences,
    is_public_dataclass,
    matched_in_any_order,
)
from connect_batchmock._text import counted, listed, short, wrapped
from connect_batchmock.records.report import differing, near_miss
from connect_batchmock.records.sequence import InAnyOrder, Records


def why_unequal(left: Any, right: Any, *, in_full: bool) -> list[str] | None:
    """Return the lines about two things that are not equal, or None where we know no more than others.

    Args:
        left: what stands left of ``==``. What is ours there is what is there, and the right is wanted.
        right: what stands on the right.
        in_full: whether all that differs is shown.
    """
    if isinstance(left, InAnyOrder) or isinstance(right, InAnyOrder):
        return _why_other_entries(left, right, in_full)
    if isinstance(left, Records) and _is_list(right):
        return _why_unequal_lists(left, right, in_full)
    if isinstance(right, Records) and _is_list(left):
        return _why_unequal_lists(right, left, in_full)
    if is_public_dataclass(left) and type(left) is type(right):
        return _unequal(type(left).__name__, list(exact_differences(right, left)), in_full)
    return _why_of_other_types(left, right, in_full) or _why_of_other_types(right, left, in_full)


def _why_of_other_types(ours: Any, other: Any, in_full: bool) -> list[str] | None:
    """Return the lines about an entry that is compared with a dict of its attributes, or with a text."""
    if not is_public_dataclass(ours) or not isinstance(other, (Mapping, str)):
        return None
    found = _in_attributes(ours, other) if isinstance(other, Mapping) else []
    return _of_other_types(type(ours).__name__, type(other).__name__, found, in_full)


def _in_attributes(ours: Any, wanted: Mapping[Any, Any]) -> list[Difference]:
    names = tuple(name for name in dir(ours) if not name.startswith("_"))
    there = {name: getattr(ours, name) for name in wanted if name in names}
    return [
        found
        for name, value in wanted.items()
        for found in (
            differences(value, there[name], name) if name in there else [(str(name), value, Absent(names))]
        )
    ]


def _is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _why_unequal_lists(actual: Records[Any], wanted: Sequence[Any], in_full: bool) -> list[str]:
    entries, others = list(actual), list(wanted)
    if len(entries) == len(others) <= MAX_ALIGNED:
        matched = matched_in_any_order(others, entries)
        if len(matched) == len(others):
            order = [matched[index] + 1 for index in range(len(others))]
            return [
                f"{counted(len(order), actual._noun)} == wanted, but for the order",
                wrapped(f"wanted in the order: {short(order)[1:-1]}"),
                f"Where the order does not count, compare {actual._noun}s.in_any_order() with the list.",
            ]
    pairs = aligned(others, entries)
    differing = [
        (there, _of_entries(others[one], entries[there]))
        for one, there in pairs
        if one is not None and there is not None
    ]
    extra = [
        (there, actual._line(entries[there])) for one, there in pairs if one is None and there is not None
    ]
    missing = [(one, others[one]) for one, there in pairs if one is not None and there is None]
    return _unequal_lists(actual._noun, len(entries), differing, extra, missing, in_full)


def _of_entries(wanted: Any, entry: Any) -> list[Difference]:
    if is_public_dataclass(entry) and isinstance(wanted, Mapping):
        types = "its type", type(wanted).__name__, type(entry).__name__
        return [types, *_in_attributes(entry, wanted)]
    return list(exact_differences(wanted, entry))


def _why_other_entries(left: Any, right: Any, in_full: bool) -> list[str] | None:
    actual, wanted = (left, right) if isinstance(left, InAnyOrder) else (right, left)
    if isinstance(wanted, InAnyOrder):
        wanted = wanted.records
    if not _is_list(wanted):
        return None
    entries, others = list(actual.records), list(wanted)
    matched = matched_in_any_order(others, entries)
    found = set(matched.values())
    extra = [(n, actual.records._line(entry)) for n, entry in enumerate(entries) if n not in found]
    missing = [(n, entry) for n, entry in enumerate(others) if n not in matched]
    return _unequal_lists(actual.records._noun, len(entries), [], extra, missing, in_full)


_MAX_ENTRIES = 3
_MAX_PATHS = 5


def _unequal(noun: str, found: Sequence[Difference], in_full: bool) -> list[str]:
    """Return the lines about two things of a kind; the first stands where pytest says what was asserted."""
    paths = [path for path, _, _ in found]
    more = [f"{len(paths) - 3} more"] if len(paths) > 3 else []
    rows = differing(found, None if in_full else _MAX_PATHS).split("\n")
    return [f"{noun} == wanted, but for {listed([*paths[:3], *more])}", *rows, *_hint_lines(found)]


def _of_other_types(noun: str, other: str, found: Sequence[Difference], in_full: bool) -> list[str]:
    """Return the lines about an entry that is compared with a dict of attributes, or with a text.

    Args:
        noun: the type of the entry.
        other: the type of what it is compared with.
        found: in what its attributes differ from those of the dict.
        in_full: whether everything is shown.
    """
    rows = differing(found, None if in_full else _MAX_PATHS).split("\n") if found else []
    remedy = (
        f"A {noun} equals another {noun} alone: compare its attributes, or find it by them with "
        f"where(...) or one(...)."
    )
    return [f"{noun} == wanted, which is a {other}", *rows, *wrapped(remedy, further="").split("\n")]


def _unequal_lists(
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
    most = None if in_full else _MAX_ENTRIES
    facts = [_those(unlike, "differs", "differ"), _those(extra, "is extra", "are extra")]
    facts += [_those(missing, "is missing", "are missing")]
    lines = [f"{counted(count, noun)} == wanted, but {listed([fact for fact in facts if fact])}"]
    for index, found in unlike[:most]:
        lines += [f"number {index + 1}:", *differing(found, None if in_full else _MAX_PATHS).split("\n")]
    lines += [wrapped(f"extra, number {index + 1}: {line}") for index, line in extra[:most]]
    lines += [
        wrapped(f"missing, wanted as number {index + 1}: {short(entry, 10_000 if in_full else 160)}")
        for index, entry in missing[:most]
    ]
    if most is not None and max(map(len, (unlike, extra, missing))) > most:
        lines.append("Not all is shown; -vv shows the rest.")
    return [line for text in lines for line in text.split("\n")] + _hint_lines(unlike[0][1] if unlike else ())


def _those(some: Sequence[Any], one: str, several: str) -> str:
    return f"{len(some)} {one if len(some) == 1 else several}" if some else ""


def _hint_lines(found: Sequence[Difference]) -> list[str]:
    hint = near_miss(found)
    return [] if hint is None else wrapped(hint, further="").split("\n")
