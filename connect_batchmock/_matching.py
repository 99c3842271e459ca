"""How what a test asks for is compared with what there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any


@dataclass(frozen=True)
class Absent:
    """Stands in a difference for what is not there.

    Args:
        beside: the keys that are there.
    """

    beside: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()

Difference = tuple[str, Any, Any]
"""A path, what is expected there, and what is there."""


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[Difference]:
    """Yield each path at which the actual value is not what is expected, with both values.

    A mapping is expected as a subset, at every depth; a list or tuple has the same length and matches item by
    item; anything else is compared with ``==``, with the expected value on the left so that objects
    made for comparing decide.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key, value in expected.items():
            here = _member(path, key)
            if key in actual:
                yield from differences(value, actual[key], here)
            else:
                yield here, value, Absent(tuple(actual))
    elif _are_lists(expected, actual):
        for index, (one, other) in enumerate(zip_longest(expected, actual, fillvalue=ABSENT)):
            yield from _of_entries(one, other, f"{path}[{index}]", differences)
    elif expected != actual:
        yield path, expected, actual


def exact_differences(expected: Any, actual: Any, path: str = "") -> Iterator[Difference]:
    """Yield each path at which two values differ; what only the actual value has is a difference, too.

    Dataclasses are compared field by field, if all of their fields are public.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in dict.fromkeys([*expected, *actual]):
            one, other = expected.get(key, ABSENT), actual.get(key, ABSENT)
            yield from _of_entries(one, other, _member(path, key), exact_differences)
    elif _are_lists(expected, actual) and isinstance(expected, list) is isinstance(actual, list):
        for index, (one, other) in enumerate(zip_longest(expected, actual, fillvalue=ABSENT)):
            yield from _of_entries(one, other, f"{path}[{index}]", exact_differences)
    elif type(expected) is type(actual) and is_public_dataclass(expected):
        for name in _field_names(expected):
            one, other = getattr(expected, name), getattr(actual, name)
            yield from exact_differences(one, other, _member(path, name))
    elif expected != actual:
        yield path, expected, actual


def is_public_dataclass(value: Any) -> bool:
    """Whether a value is a dataclass that shows all it has."""
    is_one = is_dataclass(value) and not isinstance(value, type)
    return is_one and not any(name.startswith("_") for name in _field_names(value))


def _field_names(value: Any) -> list[str]:
    return [field.name for field in fields(value) if field.compare]


def _of_entries(expected: Any, actual: Any, path: str, compare: Any) -> Iterator[Difference]:
    # An object that is equal to everything is not equal to what is not there.
    if expected is ABSENT or actual is ABSENT:
        yield path, expected, actual
    else:
        yield from compare(expected, actual, path)


def _member(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _are_lists(expected: Any, actual: Any) -> bool:
    return isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple))


def distance(found: Sequence[Difference]) -> float:
    """Return how far something is from what is expected: its differences, of which small ones count half."""
    return sum(_unlikeness(expected, actual) for _, expected, actual in found)


_LONG = 64


def _unlikeness(expected: Any, actual: Any) -> float:
    if not isinstance(expected, str) or not isinstance(actual, str):
        return 0.5 if str(expected) == str(actual) else 1.0
    if max(len(expected), len(actual)) > _LONG:
        return 1.0
    return 1.0 - SequenceMatcher(None, expected, actual).ratio() / 2


Pair = tuple[int | None, int | None]
"""The indexes of an expected and of an actual entry that belong together; one is None where there is none."""

MAX_ALIGNED = 250
"""How many entries two lists have at most, if each entry of one is compared with each of the other."""


def aligned(expected: Sequence[Any], actual: Sequence[Any]) -> list[Pair]:
    """Return which entries of two lists belong together, in order, without the pairs that are equal."""
    anchors = [*_equal_pairs(expected, actual), (len(expected), len(actual))]
    pairs: list[Pair] = []
    start, other_start = 0, 0
    for end, other_end in anchors:
        pairs += zip_longest(range(start, end), range(other_start, other_end))
        start, other_start = end + 1, other_end + 1
    return pairs


def _equal_pairs(expected: Sequence[Any], actual: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the longest common subsequence; of long lists, what they have in common at the same index."""
    if max(len(expected), len(actual)) > MAX_ALIGNED:
        return [(n, n) for n, (one, other) in enumerate(zip(expected, actual, strict=False)) if one == other]
    # best[i][j] is the length of what expected[i:] and actual[j:] have in common.
    best = [[0] * (len(actual) + 1) for _ in range(len(expected) + 1)]
    equal = [[one == other for other in actual] for one in expected]
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
    """Return which actual entry each expected one has for itself, by index, for as many as possible.

    An expected entry may be equal to several, such as an object that is equal to all of a type.
    """
    taken: dict[int, int] = {}

    def find(index: int, tried: set[int]) -> bool:
        # What is free is taken first, so that others have to give way as seldom as can be.
        for other in [n for n in range(len(actual)) if n not in taken] + [*taken]:
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
