"""The lines that pytest shows for two values that are not equal: only what differs."""

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
    """Return the lines for two values that are not equal, or None to leave the explanation to pytest.

    The value of a type of this package is the actual one, and the other is the wanted one. If both are, the
    left one is the actual one.

    Args:
        left: the left operand of ``==``.
        right: the right operand of ``==``.
        in_full: whether all differences are shown.
    """
    if isinstance(left, InAnyOrder) or isinstance(right, InAnyOrder):
        return _any_order_lines(left, right, in_full)
    if isinstance(left, Records) and _is_list(right):
        return _list_lines(left, right, in_full)
    if isinstance(right, Records) and _is_list(left):
        return _list_lines(right, left, in_full)
    if is_public_dataclass(left) and type(left) is type(right):
        return _unequal(type(left).__name__, list(exact_differences(right, left)), in_full)
    return _other_type_lines(left, right, in_full) or _other_type_lines(right, left, in_full)


def _other_type_lines(entry: Any, other: Any, in_full: bool) -> list[str] | None:
    """Return the lines for an entry that is compared with a dict of its attributes, or with a string."""
    if not is_public_dataclass(entry) or not isinstance(other, (Mapping, str)):
        return None
    noun, other_noun = type(entry).__name__, type(other).__name__
    unlike = _attribute_differences(entry, other) if isinstance(other, Mapping) else []
    rows = differing(unlike, None if in_full else _MAX_PATHS).split("\n") if unlike else []
    remedy = (
        f"A {noun} equals only another {noun}: compare its attributes, or search by them with where(...) or "
        f"one(...)."
    )
    return [f"{noun} == wanted, which is a {other_noun}", *rows, *wrapped(remedy, further="").split("\n")]


def _attribute_differences(entry: Any, wanted: Mapping[Any, Any]) -> list[Difference]:
    names = tuple(name for name in dir(entry) if not name.startswith("_"))
    values = {name: getattr(entry, name) for name in wanted if name in names}
    return [
        difference
        for name, value in wanted.items()
        for difference in (
            differences(value, values[name], name) if name in values else [(str(name), value, Absent(names))]
        )
    ]


def _is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _list_lines(actual: Records[Any], wanted: Sequence[Any], in_full: bool) -> list[str]:
    entries, expected, lines = list(actual), list(wanted), actual.lines()
    if len(entries) == len(expected) <= MAX_ALIGNED:
        matched = matched_in_any_order(expected, entries)
        if len(matched) == len(expected):
            order = [matched[index] + 1 for index in range(len(expected))]
            return [
                f"{counted(len(order), actual.noun)} == wanted, but for the order",
                wrapped(f"wanted in the order: {short(order)[1:-1]}"),
                f"If the order does not matter, compare {actual.noun}s.in_any_order() with the list.",
            ]
    pairs = aligned(expected, entries)
    unlike = [
        (index, _entry_differences(expected[wanted_index], entries[index]))
        for wanted_index, index in pairs
        if wanted_index is not None and index is not None
    ]
    extra = [
        (index, lines[index]) for wanted_index, index in pairs if wanted_index is None and index is not None
    ]
    missing = [
        (wanted_index, expected[wanted_index])
        for wanted_index, index in pairs
        if wanted_index is not None and index is None
    ]
    return _unequal_lists(actual.noun, len(entries), unlike, extra, missing, in_full)


def _entry_differences(wanted: Any, entry: Any) -> list[Difference]:
    if is_public_dataclass(entry) and isinstance(wanted, Mapping):
        types = "its type", type(wanted).__name__, type(entry).__name__
        return [types, *_attribute_differences(entry, wanted)]
    return list(exact_differences(wanted, entry))


def _any_order_lines(left: Any, right: Any, in_full: bool) -> list[str] | None:
    actual, wanted = (left, right) if isinstance(left, InAnyOrder) else (right, left)
    if isinstance(wanted, InAnyOrder):
        wanted = wanted.records
    if not _is_list(wanted):
        return None
    lines, expected = actual.records.lines(), list(wanted)
    matched = matched_in_any_order(expected, list(actual.records))
    matches = set(matched.values())
    extra = [(index, line) for index, line in enumerate(lines) if index not in matches]
    missing = [(index, entry) for index, entry in enumerate(expected) if index not in matched]
    return _unequal_lists(actual.records.noun, len(lines), [], extra, missing, in_full)


_MAX_ENTRIES = 3
_MAX_PATHS = 5


def _unequal(noun: str, unlike: Sequence[Difference], in_full: bool) -> list[str]:
    """Return the lines for two values of a type; pytest puts ``assert`` before the first line."""
    paths = [path for path, _, _ in unlike]
    more = [f"{len(paths) - 3} more"] if len(paths) > 3 else []
    rows = differing(unlike, None if in_full else _MAX_PATHS).split("\n")
    return [f"{noun} == wanted, but for {listed([*paths[:3], *more])}", *rows, *_hint_lines(unlike)]


def _unequal_lists(
    noun: str,
    count: int,
    unlike: Sequence[tuple[int, Sequence[Difference]]],
    extra: Sequence[tuple[int, str]],
    missing: Sequence[tuple[int, Any]],
    in_full: bool,
) -> list[str]:
    """Return the lines for two lists; pytest puts ``assert`` before the first line.

    Args:
        noun: the noun for an entry.
        count: the number of actual entries.
        unlike: the differences of each actual entry from its wanted counterpart, by index.
        extra: the line of each actual entry without a counterpart, by index.
        missing: each wanted entry without a counterpart, by its index among the wanted ones.
        in_full: whether everything is shown.
    """
    limit = None if in_full else _MAX_ENTRIES
    facts = [
        f"{len(entries)} {singular if len(entries) == 1 else plural}"
        for entries, singular, plural in (
            (unlike, "differs", "differ"),
            (extra, "is extra", "are extra"),
            (missing, "is missing", "are missing"),
        )
        if entries
    ]
    lines = [f"{counted(count, noun)} == wanted, but {listed(facts)}"]
    for index, paths in unlike[:limit]:
        lines += [f"number {index + 1}:", *differing(paths, None if in_full else _MAX_PATHS).split("\n")]
    lines += [wrapped(f"extra, number {index + 1}: {line}") for index, line in extra[:limit]]
    lines += [
        wrapped(f"missing, wanted as number {index + 1}: {short(entry, 10_000 if in_full else 160)}")
        for index, entry in missing[:limit]
    ]
    if limit is not None and max(map(len, (unlike, extra, missing))) > limit:
        lines.append("Some entries are not shown; -vv shows all.")
    return [line for text in lines for line in text.split("\n")] + _hint_lines(unlike[0][1] if unlike else ())


def _hint_lines(unlike: Sequence[Difference]) -> list[str]:
    hint = near_miss(unlike)
    return [] if hint is None else wrapped(hint, further="").split("\n")
