"""Validation against the constraints of the model: every violation, with its path."""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from botocore.model import Shape

from connect_batchmock._text import listed, short

NUMBERS: Mapping[str, tuple[float, float]] = {
    "integer": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "float": (-3.4028234663852886e38, 3.4028234663852886e38),
    "double": (-sys.float_info.max, sys.float_info.max),
}
"""The range of each numeric type of the model."""

Violation = str
UNLIMITED = (-math.inf, math.inf)
Check = Callable[[Shape, Any, str], Iterator[Violation]]


def violations(shape: Shape | None, parameters: Mapping[str, Any]) -> list[Violation]:
    """Return the violations of the shape's constraints by parameters, in the order of the model."""
    return [] if shape is None else list(_check(shape, parameters, ""))


def violations_at(shape: Shape, value: Any, path: str) -> list[Violation]:
    """Return the violations of the shape's constraints by a value at a path."""
    return list(_check(shape, value, path))


def unknown_members(shape: Shape, value: Any, path: str = "") -> Iterator[Violation]:
    """Yield a violation for each member that the shape does not have.

    A service ignores such members in a request; a client drops them from a response.
    """
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name in value:
            if name not in shape.members:
                yield unknown_member(_join(path, name), list(shape.members))
    for member, item, item_path in _children(shape, value, path):
        yield from unknown_members(member, item, item_path)


def _children(shape: Shape, value: Any, path: str) -> Iterator[tuple[Shape, Any, str]]:
    if shape.type_name == "list" and isinstance(value, list):
        yield from ((shape.member, item, f"{path}[{index}]") for index, item in enumerate(value))
    elif shape.type_name == "map" and isinstance(value, Mapping):
        yield from ((shape.value, item, f"{path}.{key}") for key, item in value.items())
    elif shape.type_name == "structure" and isinstance(value, Mapping):
        known = (name for name in value if name in shape.members)
        yield from ((shape.members[name], value[name], _join(path, name)) for name in known)


def _check(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    expected, has_type = _TYPES[shape.type_name]
    if not has_type(value):
        yield f"{path}: {short(value)} is not {expected}"
        return
    yield from _check_limits(shape, value, path)
    check = _CHECKS.get(shape.type_name)
    if check is not None:
        yield from check(shape, value, path)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_integer(value) or (isinstance(value, float) and math.isfinite(value))


_TYPES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "structure": ("an object", lambda value: isinstance(value, Mapping)),
    "map": ("an object", lambda value: isinstance(value, Mapping)),
    "list": ("a list", lambda value: isinstance(value, list)),
    "string": ("a string", lambda value: isinstance(value, str)),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "integer": ("a whole number", _is_integer),
    "long": ("a whole number", _is_integer),
    "float": ("a number", _is_number),
    "double": ("a number", _is_number),
    "timestamp": ("a timestamp", lambda value: isinstance(value, datetime)),
    "blob": ("base64 text", lambda value: isinstance(value, bytes)),
}


def _check_limits(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    minimum, maximum = limits(shape)
    if (minimum, maximum) == UNLIMITED:
        return
    size = value if shape.type_name in NUMBERS else len(value)
    if not minimum <= size:
        yield f"{path}: {_measured(value, size)} is less than {minimum}"
    if not size <= maximum:
        yield f"{path}: {_measured(value, size)} is more than {maximum}"


def limits(shape: Shape) -> tuple[float, float]:
    """Return the range of a value, or of its length, from the model or else from its type."""
    minimum, maximum = NUMBERS.get(shape.type_name, UNLIMITED)
    return shape.metadata.get("min", minimum), shape.metadata.get("max", maximum)


def _check_string(shape: Shape, value: str, path: str) -> Iterator[Violation]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"{path}: {short(value)} is not one of {', '.join(allowed)}"
    pattern, maximum = shape.metadata.get("pattern"), shape.metadata.get("max", len(value))
    # Some patterns take quadratic time, so a value that is too long is not matched as well.
    if pattern and len(value) <= maximum and not compiled(pattern).fullmatch(value):
        yield f"{path}: {short(value)} does not match {_unescaped(pattern)}"


def _check_list(shape: Shape, value: list[Any], path: str) -> Iterator[Violation]:
    for index, item in enumerate(value):
        yield from _check(shape.member, item, f"{path}[{index}]")


def _check_map(shape: Shape, value: Mapping[str, Any], path: str) -> Iterator[Violation]:
    for key, item in value.items():
        yield from _check(shape.key, key, f"{path}.{key} (key)")
        yield from _check(shape.value, item, f"{path}.{key}")


def _check_structure(shape: Shape, value: Mapping[str, Any], path: str) -> Iterator[Violation]:
    for name in shape.required_members:
        if name not in value:
            yield f"{_join(path, name)}: is required"
    if shape.is_tagged_union and len(value) != 1:
        yield f"{path}: exactly one of {', '.join(shape.members)} must be set, not {len(list(value))}"
    for name, item in value.items():
        yield from _check(shape.members[name], item, _join(path, name))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_CHECKS: Mapping[str, Check] = {
    "structure": _check_structure,
    "list": _check_list,
    "map": _check_map,
    "string": _check_string,
}


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a modeled pattern, which is Java's, as a pattern of Python.

    One is written between slashes, and Python does not know the classes ``\\p{…}``.
    """
    text = _unescaped(pattern)
    if text.startswith("/") and text.endswith("/"):
        text = text[1:-1]
    text = re.sub(r"\[\^?\\P\{C\}", lambda match: f"{match[0][:-5]}{_characters_outside('C')}", text)
    text = re.sub(r"\\P\{(\w)\}", lambda match: f"[{_characters_outside(match[1])}]", text)
    text = re.sub(r"\\p\{(\w)\}", lambda match: _characters_in(match[1]), text)
    return re.compile(text, re.ASCII)


def _unescaped(pattern: str) -> str:
    # Some patterns are escaped twice in the published models. No valid value has a backslash.
    return pattern.replace("\\\\", "\\")


def _characters_in(category: str) -> str:
    return "".join(_ranges()[category])


def _characters_outside(category: str) -> str:
    return "".join(text for other, ranges in _ranges().items() if other != category for text in ranges)


# A cache: the iteration over Unicode takes a fifth of a second.
@cache
def _ranges() -> Mapping[str, list[str]]:
    """Return the characters of each category, as ranges of a regular expression."""
    ranges: dict[str, list[str]] = defaultdict(list)
    start = 0
    categories = map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))
    for category, run in groupby(categories, key=itemgetter(0)):
        end = start + len(list(run))
        ranges[category].append(f"\\U{start:08x}-\\U{end - 1:08x}")
        start = end
    return ranges


IsPlain = Callable[[Any], bool]


def matcher_for(shape: Shape) -> IsPlain:
    """Return the function that checks whether a value from JSON is plain: it violates no constraint."""
    # JSON has no timestamps and no blobs.
    make = _PLAIN.get(shape.type_name)
    return _is_not_plain if make is None else make(shape)


def _is_not_plain(value: Any) -> bool:
    return False


def _plain_boolean(shape: Shape) -> IsPlain:
    return lambda value: type(value) is bool


def _plain_whole_number(shape: Shape) -> IsPlain:
    minimum, maximum = limits(shape)
    return lambda value: type(value) is int and minimum <= value <= maximum


def _plain_number(shape: Shape) -> IsPlain:
    minimum, maximum = limits(shape)
    return lambda value: type(value) in (int, float) and minimum <= value <= maximum


def _plain_string(shape: Shape) -> IsPlain:
    minimum, maximum = limits(shape)
    allowed, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
    if allowed:
        values = frozenset(allowed)
        return lambda value: type(value) is str and value in values and minimum <= len(value) <= maximum
    if pattern:
        matches = compiled(pattern).fullmatch
        return lambda value: (
            type(value) is str and minimum <= len(value) <= maximum and matches(value) is not None
        )
    if maximum == math.inf:
        return lambda value: type(value) is str and len(value) >= minimum
    return lambda value: type(value) is str and minimum <= len(value) <= maximum


def _plain_list(shape: Shape) -> IsPlain:
    minimum, maximum = limits(shape)
    is_plain_item = matcher_for(shape.member)
    return lambda value: (
        type(value) is list and minimum <= len(value) <= maximum and all(map(is_plain_item, value))
    )


def _plain_map(shape: Shape) -> IsPlain:
    minimum, maximum = limits(shape)
    is_plain_key, is_plain_value = matcher_for(shape.key), matcher_for(shape.value)

    def is_plain(value: Any) -> bool:
        has_size = type(value) is dict and minimum <= len(value) <= maximum
        return has_size and all(map(is_plain_key, value)) and all(map(is_plain_value, value.values()))

    return is_plain


def _plain_structure(shape: Shape) -> IsPlain:
    members = _PlainMembers(shape)
    required = frozenset(shape.required_members)
    minimum, maximum = (1, 1) if shape.is_tagged_union else (0, len(shape.members))

    def is_plain(value: Any) -> bool:
        if type(value) is not dict or not minimum <= len(value) <= maximum or not required <= value.keys():
            return False
        for name, item in value.items():  # noqa: SIM110  # a loop calls one function less for each member
            if not members[name](item):
                return False
        return True

    return is_plain


class _PlainMembers(dict[str, IsPlain]):
    """The matcher of each member of a structure, made on first use because a shape may contain itself."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self._shape = shape

    def __missing__(self, name: str) -> IsPlain:
        member = self._shape.members.get(name)
        if member is None or member.serialization.get("name", name) != name:
            return _is_not_plain
        self[name] = matcher_for(member)
        return self[name]


_PLAIN: Mapping[str, Callable[[Shape], IsPlain]] = {
    "boolean": _plain_boolean,
    "double": _plain_number,
    "float": _plain_number,
    "integer": _plain_whole_number,
    "list": _plain_list,
    "long": _plain_whole_number,
    "map": _plain_map,
    "string": _plain_string,
    "structure": _plain_structure,
}


def unknown_member(path: str, valid: Sequence[str]) -> str:
    """Return the violation of a member that the shape does not have."""
    return f"{path}: there is no such member, there are {listed(valid) or 'none'}"


def violations_message(violations: Sequence[Violation]) -> str:
    """Return the message of an error about violations."""
    noun = "constraint is" if len(violations) == 1 else "constraints are"
    return f"{len(violations)} {noun} not met: {'; '.join(violations)}"


def _measured(value: Any, size: float) -> str:
    if isinstance(value, str):
        return f"length {size} of {short(value)}"
    return f"{size} members" if isinstance(value, (list, Mapping)) else str(value)
