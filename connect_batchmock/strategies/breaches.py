"""What breaks a constraint of a model that botocore does not check before it sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST = 1000
"""What breaks a greater length is not shown: nobody could read it."""


def breaches(shape: Any, value: Any) -> Iterator[Any]:
    """Yield copies of a valid value, each of which breaks one constraint of its shape."""
    if shape.type_name == "string":
        yield from _broken_strings(shape, value)
    elif shape.type_name == "list":
        most = shape.metadata.get("max")
        if most is not None and value:
            yield (value * (most + 1))[: most + 1]
        for index, item in enumerate(value):
            yield from ([*value[:index], one, *value[index + 1 :]] for one in breaches(shape.member, item))
    elif isinstance(value, Mapping):
        members = shape.members if shape.type_name == "structure" else dict.fromkeys(value, shape.value)
        for name, item in value.items():
            yield from ({**value, name: one} for one in breaches(members[name], item))


def _broken_strings(shape: Any, value: str) -> Iterator[str]:
    most = shape.metadata.get("max")
    if most is not None and most <= _LONGEST:
        yield value.ljust(most + 1, "0")
    if shape.metadata.get("enum"):
        yield f"{value}_"
