"""Why two things that a test compares are not equal, in lines: only what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from connect_batchmock import explain
from connect_batchmock._matching import (
    MOST_TO_ALIGN,
    Absent,
    Difference,
    aligned,
    differences,
    exact_differences,
    is_open,
    matched_in_any_order,
)
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
    if is_open(left) and type(left) is type(right):
        return explain.unequal(type(left).__name__, list(exact_differences(right, left)), in_full)
    return _why_of_other_types(left, right, in_full) or _why_of_other_types(right, left, in_full)


def _why_of_other_types(ours: Any, other: Any, in_full: bool) -> list[str] | None:
    """Return the lines about an entry that is compared with a dict of its attributes, or with a text."""
    if not is_open(ours) or not isinstance(other, (Mapping, str)):
        return None
    found = _in_attributes(ours, other) if isinstance(other, Mapping) else []
    return explain.of_other_types(type(ours).__name__, type(other).__name__, found, in_full)


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
    if len(entries) == len(others) <= MOST_TO_ALIGN:
        matched = matched_in_any_order(others, entries)
        if len(matched) == len(others):
            return explain.other_order(actual._noun, [matched[index] + 1 for index in range(len(others))])
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
    return explain.unequal_lists(actual._noun, len(entries), differing, extra, missing, in_full)


def _of_entries(wanted: Any, entry: Any) -> list[Difference]:
    if is_open(entry) and isinstance(wanted, Mapping):
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
    return explain.unequal_lists(actual.records._noun, len(entries), [], extra, missing, in_full)
