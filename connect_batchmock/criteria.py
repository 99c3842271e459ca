"""How what a test asks for is compared with what there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield each path at which the actual value is not what is expected, with both values.

    A mapping is expected as a subset, at every depth; a list or tuple has the same length and matches item by
    item; anything else is compared with ``==``, with the expected value on the left so that objects
    made for comparing decide.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key, value in expected.items():
            here = f"{path}.{key}" if path else str(key)
            yield from differences(value, actual[key], here) if key in actual else [(here, value, ABSENT)]
    elif _same_length(expected, actual):
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif expected != actual:
        yield path, expected, actual


def _same_length(expected: Any, actual: Any) -> bool:
    return (
        isinstance(expected, (list, tuple))
        and isinstance(actual, (list, tuple))
        and len(expected) == len(actual)
    )


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()
"""Stands for a key that is not there in the differences."""
