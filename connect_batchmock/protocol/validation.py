"""What a model demands of a value: every violation, each with its path."""

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
"""The numbers that each type of the model has, from the least to the greatest."""

Violation = str
UNLIMITED = (-math.inf, math.inf)
Check = Callable[[Shape, Any, str], Iterator[Violation]]


def violations(shape: Shape | None, parameters: Mapping[str, Any]) -> list[Violation]:
    """Return a sentence for each constraint of the shape that the parameters break, in the model's order."""
    return [] if shape is None else list(_check(shape, parameters, ""))


def violations_at(shape: Shape, value: Any, path: str) -> list[Violation]:
    """Return a sentence for each constraint of the shape that one value breaks."""
    return list(_check(shape, value, path))


def unknown_members(shape: Shape, value: Any, path: str = "") -> Iterator[Violation]:
    """Yield a sentence for each member that a structure of the shape does not have.

    A service ignores such members of a request; in an answer, nobody would ever see them.
    """
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name in value:
            if name not in shape.members:
                yield unknown_member(_join(path, name), list(shape.members))
    for member, item, where in _inside(shape, value, path):
        yield from unknown_members(member, item, where)


def _inside(shape: Shape, value: Any, path: str) -> Iterator[tuple[Shape, Any, str]]:
    if shape.type_name == "list" and isinstance(value, list):
        yield from ((shape.member, item, f"{path}[{index}]") for index, item in enumerate(value))
    elif shape.type_name == "map" and isinstance(value, Mapping):
        yield from ((shape.value, item, f"{path}.{key}") for key, item in value.items())
    elif shape.type_name == "structure" and isinstance(value, Mapping):
        known = (name for name in value if name in shape.members)
        yield from ((shape.members[name], value[name], _join(path, name)) for name in known)


def _check(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    expected, is_right = _TYPES[shape.type_name]
    if not is_right(value):
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
    least, most = limits(shape)
    if (least, most) == UNLIMITED:
        return
    size = value if shape.type_name in NUMBERS else len(value)
    if not least <= size:
        yield _too_small(path, value, size, least)
    if not size <= most:
        yield _too_large(path, value, size, most)


def limits(shape: Shape) -> tuple[float, float]:
    """Return between which numbers a value is, or its length: where the model is silent, its type tells."""
    least, most = NUMBERS.get(shape.type_name, UNLIMITED)
    return shape.metadata.get("min", least), shape.metadata.get("max", most)


def _check_string(shape: Shape, value: str, path: str) -> Iterator[Violation]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"{path}: {short(value)} is not one of {', '.join(allowed)}"
    pattern, most = shape.metadata.get("pattern"), shape.metadata.get("max", len(value))
    # Some patterns take time by the square of a length, which a text that is too long anyway is not worth.
    if pattern and len(value) <= most and not compiled(pattern).fullmatch(value):
        yield _does_not_match(path, value, pattern)


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
        yield f"{path}: exactly one of {', '.join(shape.members)} is to be given, not {len(list(value))}"
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
    """Return a modeled pattern as Python's.

    The model's patterns are Java's. Some stand escaped twice in the published models, where no value has a
    backslash; one is written between slashes; and ``\\p{…}`` classes are unknown to Python.
    """
    text = pattern.replace("\\\\", "\\")
    if text.startswith("/") and text.endswith("/"):
        text = text[1:-1]
    text = re.sub(r"\[\^?\\P\{C\}", lambda found: f"{found[0][:-5]}{_characters_outside('C')}", text)
    text = re.sub(r"\\P\{(\w)\}", lambda found: f"[{_characters_outside(found[1])}]", text)
    text = re.sub(r"\\p\{(\w)\}", lambda found: _characters_in(found[1]), text)
    return re.compile(text, re.ASCII)


def _characters_in(category: str) -> str:
    return "".join(_ranges()[category])


def _characters_outside(category: str) -> str:
    return "".join(text for other, ranges in _ranges().items() if other != category for text in ranges)


# One walk over all of Unicode, which takes a fifth of a second, for all patterns with classes of characters.
@cache
def _ranges() -> Mapping[str, list[str]]:
    """Return the ranges of characters of each category, as a regular expression has them."""
    found: dict[str, list[str]] = defaultdict(list)
    start = 0
    categories = map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))
    for category, run in groupby(categories, key=itemgetter(0)):
        end = start + len(list(run))
        found[category].append(f"\\U{start:08x}-\\U{end - 1:08x}")
        start = end
    return found


IsPlain = Callable[[Any], bool]


def matcher_for(shape: Shape) -> IsPlain:
    """Return the function that says whether a value that JSON gave is plain for a shape."""
    # JSON has no timestamps and no blobs.
    make = _PLAIN.get(shape.type_name)
    return _is_not_plain if make is None else make(shape)


def _is_not_plain(value: Any) -> bool:
    return False


def _plain_boolean(shape: Shape) -> IsPlain:
    return lambda value: type(value) is bool


def _plain_whole_number(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    return lambda value: type(value) is int and least <= value <= most


def _plain_number(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    return lambda value: type(value) in (int, float) and least <= value <= most


def _plain_string(shape: Shape) -> IsPlain:
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


def _plain_list(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    is_plain_item = matcher_for(shape.member)
    return lambda value: (
        type(value) is list and least <= len(value) <= most and all(map(is_plain_item, value))
    )


def _plain_map(shape: Shape) -> IsPlain:
    least, most = limits(shape)
    is_plain_key, is_plain_value = matcher_for(shape.key), matcher_for(shape.value)

    def is_plain(value: Any) -> bool:
        is_right = type(value) is dict and least <= len(value) <= most
        return is_right and all(map(is_plain_key, value)) and all(map(is_plain_value, value.values()))

    return is_plain


def _plain_structure(shape: Shape) -> IsPlain:
    members = _PlainMembers(shape)
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


class _PlainMembers(dict[str, IsPlain]):
    """What to ask of each member of a structure, made ready when one is there: a shape may hold itself."""

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


def _too_small(path: str, value: Any, size: float, least: float) -> str:
    return f"{path}: {_measured(value, size)} is less than {least}"


def _too_large(path: str, value: Any, size: float, most: float) -> str:
    return f"{path}: {_measured(value, size)} is more than {most}"


def _does_not_match(path: str, value: str, pattern: str) -> str:
    # Some patterns stand escaped twice in the model.
    once = pattern.replace("\\\\", "\\")
    return f"{path}: {short(value)} does not match {once}"


def unknown_member(path: str, valid: Sequence[str]) -> str:
    return f"{path}: there is no such member, there are {listed(valid) or 'none'}"


def violations_message(found: Sequence[str]) -> str:
    noun = "constraint is" if len(found) == 1 else "constraints are"
    return f"{len(found)} {noun} not met: {'; '.join(found)}"


def _measured(value: Any, size: float) -> str:
    if isinstance(value, str):
        return f"length {size} of {short(value)}"
    return f"{size} members" if isinstance(value, (list, Mapping)) else str(value)
