"""Comparison of expected and actual values: subset match, differences, alignment of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any


@dataclass(frozen=True)
class Absent:
    """Stands in a difference for an absent value.

    Args:
        siblings: the keys that the mapping has.
    """

    siblings: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()

Difference = tuple[str, Any, Any]
"""A path, the expected value and the actual value."""


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[Difference]:
    """Yield each path at which the actual value does not match the expected one, with both values.

    A mapping matches as a subset, at every depth. A list or tuple matches item by item, and has the same
    length. Everything else is compared with ``==``, with the expected value on the left, so that matcher
    objects decide.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key, value in expected.items():
            member = _member(path, key)
            if key in actual:
                yield from differences(value, actual[key], member)
            else:
                yield member, value, Absent(tuple(actual))
    elif _are_lists(expected, actual):
        for index, pair in enumerate(zip_longest(expected, actual, fillvalue=ABSENT)):
            yield from _of_entries(*pair, f"{path}[{index}]", differences)
    elif expected != actual:
        yield path, expected, actual


def exact_differences(expected: Any, actual: Any, path: str = "") -> Iterator[Difference]:
    """Yield each path at which two values differ; a member that only the actual value has differs, too.

    Dataclasses are compared field by field if all their fields are public.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in dict.fromkeys([*expected, *actual]):
            pair = expected.get(key, ABSENT), actual.get(key, ABSENT)
            yield from _of_entries(*pair, _member(path, key), exact_differences)
    elif _are_lists(expected, actual) and isinstance(expected, list) is isinstance(actual, list):
        for index, pair in enumerate(zip_longest(expected, actual, fillvalue=ABSENT)):
            yield from _of_entries(*pair, f"{path}[{index}]", exact_differences)
    elif type(expected) is type(actual) and is_public_dataclass(expected):
        for name in _field_names(expected):
            pair = getattr(expected, name), getattr(actual, name)
            yield from exact_differences(*pair, _member(path, name))
    elif expected != actual:
        yield path, expected, actual


def is_public_dataclass(value: Any) -> bool:
    """Whether a value is an instance of a dataclass without private fields."""
    is_instance = is_dataclass(value) and not isinstance(value, type)
    return is_instance and not any(name.startswith("_") for name in _field_names(value))


def _field_names(value: Any) -> list[str]:
    return [field.name for field in fields(value) if field.compare]


def _of_entries(expected: Any, actual: Any, path: str, compare: Any) -> Iterator[Difference]:
    # A matcher that equals everything does not match an absent value.
    if expected is ABSENT or actual is ABSENT:
        yield path, expected, actual
    else:
        yield from compare(expected, actual, path)


def _member(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _are_lists(expected: Any, actual: Any) -> bool:
    return isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple))


def distance(unlike: Sequence[Difference]) -> float:
    """Return the distance from the expected value: the number of differences, similar values counted half."""
    return sum(_unlikeness(expected, actual) for _, expected, actual in unlike)


_LONG = 64


def _unlikeness(expected: Any, actual: Any) -> float:
    if not isinstance(expected, str) or not isinstance(actual, str):
        return 0.5 if str(expected) == str(actual) else 1.0
    if max(len(expected), len(actual)) > _LONG:
        return 1.0
    return 1.0 - SequenceMatcher(None, expected, actual).ratio() / 2


Pair = tuple[int | None, int | None]
"""The indexes of an expected entry and its actual counterpart; None in place of a missing one."""

MAX_ALIGNED = 250
"""Up to this length of two lists, each entry of one is compared with each entry of the other."""


def aligned(expected: Sequence[Any], actual: Sequence[Any]) -> list[Pair]:
    """Return the pairs of entries of two lists that correspond but differ, in order."""
    anchors = [*_equal_pairs(expected, actual), (len(expected), len(actual))]
    pairs: list[Pair] = []
    start, other_start = 0, 0
    for end, other_end in anchors:
        pairs += zip_longest(range(start, end), range(other_start, other_end))
        start, other_start = end + 1, other_end + 1
    return pairs


def _equal_pairs(expected: Sequence[Any], actual: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the longest common subsequence; for long lists, the entries that are equal at the same index."""
    if max(len(expected), len(actual)) > MAX_ALIGNED:
        return [
            (n, n) for n, (left, right) in enumerate(zip(expected, actual, strict=False)) if left == right
        ]
    # best[i][j] is the length of the longest common subsequence of expected[i:] and actual[j:].
    best = [[0] * (len(actual) + 1) for _ in range(len(expected) + 1)]
    equal = [[left == right for right in actual] for left in expected]
    for i in reversed(range(len(expected))):
        for j in reversed(range(len(actual))):
            best[i][j] = best[i + 1][j + 1] + 1 if equal[i][j] else max(best[i + 1][j], best[i][j + 1])
    return list(_walk(best, equal))


def _walk(best: Sequence[Sequence[int]], equal: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int]]:
    i = j = 0
    while best[i][j]:
        if equal[i][j]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1


def matched_in_any_order(expected: Sequence[Any], actual: Sequence[Any]) -> dict[int, int]:
    """Assign to each expected entry an equal actual entry of its own, by index, for as many as possible.

    An expected entry may equal several actual ones: a matcher may equal all values of a type.
    """
    taken: dict[int, int] = {}

    def find(index: int, tried: set[int]) -> bool:
        # Free entries come first, so that as few assignments as possible change.
        for other in [free for free in range(len(actual)) if free not in taken] + [*taken]:
            if other in tried or expected[index] != actual[other]:
                continue
            tried.add(other)
            if other not in taken or find(taken[other], tried):
                taken[other] = index
                return True
        return False

    for index in range(len(expected)):
        find(index, set())
    return {index: other for other, index in taken.items()}
