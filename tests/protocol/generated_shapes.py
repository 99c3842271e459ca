"""Instances of modelled shapes, drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache
from typing import Any

from botocore.model import Shape
from hypothesis import strategies as st

from connect_batchmock.protocol.constraints import compiled

DEEPEST = 5
"""Below this depth only what is required is drawn: some shapes contain themselves."""

_INTEGERS = {"integer": 2**31 - 1, "long": 2**63 - 1}
_DEFAULT_FORMATS = {"header": "rfc822", "querystring": "iso8601", "uri": "iso8601"}


@cache
def instances(shape: Shape, with_patterns: bool = False) -> st.SearchStrategy[Any]:
    """Return instances that keep the shape's constraints; its patterns only where that is asked for.

    The simplest instance, which hypothesis tries first, has every member.
    """
    return _composite(shape, with_patterns)


@st.composite
def _composite(draw: Callable[..., Any], shape: Shape, with_patterns: bool) -> Any:
    return _Drawing(draw, with_patterns).of(shape, 0)


class _Drawing:
    def __init__(self, draw: Callable[..., Any], with_patterns: bool) -> None:
        self.draw = draw
        self.with_patterns = with_patterns

    def of(self, shape: Shape, depth: int, location: str | None = None) -> Any:
        location = shape.serialization.get("location", location)
        if shape.type_name == "structure":
            return self.structure(shape, depth)
        if shape.type_name == "list":
            size = self.size(shape, depth, 1 if location == "querystring" else 0)
            return [self.of(shape.member, depth + 1, location) for _ in range(size)]
        if shape.type_name == "map":
            keys = [self.of(shape.key, depth) for _ in range(self.size(shape, depth, 0))]
            return {key: self.of(shape.value, depth + 1) for key in keys}
        return self.draw(self.scalar(shape, location))

    def structure(self, shape: Shape, depth: int) -> dict[str, Any]:
        members = dict(shape.members)
        if shape.is_tagged_union:
            usable = [name for name in members if depth < DEEPEST or _ends(members[name], {shape.name})]
            usable.sort(key=lambda name: members[name].type_name == "structure")
            chosen = {usable[0] if depth >= DEEPEST else self.draw(st.sampled_from(usable))}
        else:
            absent = 0 if depth == 0 and not members else self.draw(st.integers(0, 2 ** len(members) - 1))
            chosen = {
                name
                for number, name in enumerate(members)
                if name in shape.required_members or (depth < DEEPEST and not absent >> number & 1)
            }
        return {name: self.of(members[name], depth + 1) for name in members if name in chosen}

    def size(self, shape: Shape, depth: int, least: int) -> int:
        least = max(least, shape.metadata.get("min", 0))
        most = min(shape.metadata.get("max", least + 2), least + 2)
        # The simplest list has a member, so that what is in it is tried.
        return least if depth >= DEEPEST or most == least else least + (1 + self.draw(st.integers(0, 1))) % 3

    def scalar(self, shape: Shape, location: str | None) -> st.SearchStrategy[Any]:
        limits = shape.metadata.get("min"), shape.metadata.get("max")
        if shape.type_name == "string":
            pattern = shape.metadata.get("pattern") if self.with_patterns else None
            return _strings(*limits, tuple(shape.metadata.get("enum", ())), pattern, location)
        if shape.type_name == "timestamp":
            default = _DEFAULT_FORMATS.get(location or "", "unixtimestamp")
            is_iso8601 = shape.serialization.get("timestampFormat", default).lower() == "iso8601"
            # botocore cuts every timestamp in a header to whole seconds.
            return _timestamps(is_iso8601 and location != "header")
        return _plain(shape.type_name, *limits)


def _ends(shape: Shape, within: set[str]) -> bool:
    """Whether an instance can do without another instance of a shape that it stands in."""
    if shape.name in within:
        return False
    if shape.type_name == "structure":
        needed = [_ends(shape.members[name], within | {shape.name}) for name in shape.required_members]
        choices = [_ends(one, within | {shape.name}) for one in shape.members.values()]
        return any(choices) if shape.is_tagged_union else all(needed)
    if shape.type_name == "list":
        return not shape.metadata.get("min", 0) or _ends(shape.member, within)
    return True


@cache
def _strings(
    least: int | None, most: int | None, enum: tuple[str, ...], pattern: str | None, location: str | None
) -> st.SearchStrategy[str]:
    if enum:
        return st.sampled_from(enum)
    least = max(least or 0, 1 if location == "uri" else 0)
    if pattern:
        fitting = st.from_regex(compiled(pattern), fullmatch=True)
        return fitting.filter(lambda text: least <= len(text) <= (most or len(text)))
    printable = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
    anything = printable if location == "header" else st.characters(exclude_categories=["Cs"])
    return st.text(anything, min_size=least, max_size=min(most or least + 6, least + 6))


@cache
def _timestamps(with_microseconds: bool) -> st.SearchStrategy[datetime]:
    # The other formats are written in whole seconds by some versions of botocore.
    moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc))
    return moments if with_microseconds else moments.map(lambda moment: moment.replace(microsecond=0))


@cache
def _plain(type_name: str, least: float | None, most: float | None) -> st.SearchStrategy[Any]:
    if type_name in _INTEGERS:
        widest = _INTEGERS[type_name]
        return st.integers(-widest if least is None else int(least), widest if most is None else int(most))
    if type_name in ("float", "double"):
        return st.floats(least, most, allow_nan=False, allow_infinity=False)
    return {"boolean": st.booleans(), "blob": st.binary(max_size=8)}[type_name]
