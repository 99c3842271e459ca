"""Whether a value is already what the model wants: nothing to be converted, and nothing to complain of.

Nearly every request is so. The question is made ready once for a shape and asked of each value in one walk;
what does not pass is read member by member by ``restjson``, and ``constraints`` says what is wrong with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import Shape

from connect_batchmock.protocol.validation import compiled, limits

IsPlain = Callable[[Any], bool]


def plain(shape: Shape) -> IsPlain:
    """Return the function that says whether a value that JSON gave is plain for a shape."""
    # JSON has no timestamps and no blobs.
    make = _PLAIN.get(shape.type_name)
    return _is_not_plain if make is None else make(shape)


def _is_not_plain(value: Any) -> bool:
    return False


def _boolean(shape: Shape) -> IsPlain:
    return lambda value: type(value) is bool


def _whole_number(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    return lambda value: type(value) is int and least <= value <= most


def _number(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    return lambda value: type(value) in (int, float) and least <= value <= most


def _string(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    allowed, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
    if allowed:
        values = frozenset(allowed)
        return lambda value: type(value) is str and value in values and least <= len(value) <= most
    if pattern:
        matches = compiled(pattern).fullmatch
        return lambda value: type(value) is str and least <= len(value) <= most and matches(value) is not None
    if most == math.inf:
        return lambda value: type(value) is str and len(value) >= least
    return lambda value: type(value) is str and least <= len(value) <= most


def _list(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    is_plain_item = plain(shape.member)
    return lambda value: (
        type(value) is list and least <= len(value) <= most and all(map(is_plain_item, value))
    )


def _map(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    is_plain_key, is_plain_value = plain(shape.key), plain(shape.value)

    def is_plain(value: Any) -> bool:
        is_right = type(value) is dict and least <= len(value) <= most
        return is_right and all(map(is_plain_key, value)) and all(map(is_plain_value, value.values()))

    return is_plain


def _structure(shape: Shape) -> IsPlain:
    members = _Members(shape)
    required = frozenset(shape.required_members)
    least, most = (1, 1) if shape.is_tagged_union else (0, len(shape.members))

    def is_plain(value: Any) -> bool:
        if type(value) is not dict or not least <= len(value) <= most or not required <= value.keys():
            return False
        for name, item in value.items():  # noqa: SIM110  # a loop calls one function less for each member
            if not members[name](item):
                return False
        return True

    return is_plain


class _Members(dict[str, IsPlain]):
    """What to ask of each member of a structure, made ready when one is there: a shape may hold itself."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self._shape = shape

    def __missing__(self, name: str) -> IsPlain:
        member = self._shape.members.get(name)
        if member is None or member.serialization.get("name", name) != name:
            return _is_not_plain
        self[name] = plain(member)
        return self[name]


_PLAIN: Mapping[str, Callable[[Shape], IsPlain]] = {
    "boolean": _boolean,
    "double": _number,
    "float": _number,
    "integer": _whole_number,
    "list": _list,
    "long": _whole_number,
    "map": _map,
    "string": _string,
    "structure": _structure,
}
