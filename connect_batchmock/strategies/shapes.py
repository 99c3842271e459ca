"""Instances of modeled shapes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock.protocol.validation import NUMBERS, compiled

if TYPE_CHECKING:
    from botocore.model import Shape

MAX_DEPTH = 5
"""Below this depth only what is required is drawn: some shapes contain themselves."""

_DEFAULT_FORMATS = {"header": "rfc822", "querystring": "iso8601", "uri": "iso8601"}


@dataclass(frozen=True)
class Known:
    """What is known of instances beyond their model. A path is made of the names of members, with dots.

    Args:
        values: what stands at a path; ``{path} (key)`` is the path of the keys of a map.
        required: the paths that no instance is without, though the model does not require them.
        absent: the paths that no instance has.
    """

    values: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    required: Collection[str] = ()
    absent: Collection[str] = ()


@cache
def instances(shape: Shape, with_patterns: bool = False) -> st.SearchStrategy[Any]:
    """Return instances that keep the shape's constraints; its patterns only where that is asked for.

    The simplest instance, which hypothesis tries first, has every member.
    """
    return _instances(shape, with_patterns, None)


def known_instances(shape: Shape, known: Known) -> st.SearchStrategy[Any]:
    """Return instances that keep the shape's constraints and patterns, and what is known beyond them.

    The simplest instance has no member that it can do without.
    """
    return _instances(shape, True, known)


@st.composite
def _instances(draw: st.DrawFn, shape: Shape, with_patterns: bool, known: Known | None) -> Any:
    return _Drawing(draw, with_patterns, known).of(shape, 0)


class _Drawing:
    def __init__(self, draw: st.DrawFn, with_patterns: bool, known: Known | None) -> None:
        self.draw = draw
        self.with_patterns = with_patterns
        self.known = known or Known()
        self.is_sparse = known is not None

    def of(self, shape: Shape, depth: int, path: str = "", location: str | None = None) -> Any:
        if path in self.known.values:
            return self.draw(self.known.values[path])
        location = shape.serialization.get("location", location)
        if shape.type_name == "structure":
            return self.structure(shape, depth, path)
        if shape.type_name == "list":
            size = self.size(shape, depth, 1 if location == "querystring" else 0)
            return [self.of(shape.member, depth + 1, path, location) for _ in range(size)]
        if shape.type_name == "map":
            size = self.size(shape, depth, 0)
            keys = [self.of(shape.key, depth, f"{path} (key)") for _ in range(size)]
            return {key: self.of(shape.value, depth + 1, f"{path} (value)") for key in keys}
        return self.draw(self.scalar(shape, location))

    def structure(self, shape: Shape, depth: int, path: str) -> dict[str, Any]:
        paths = {name: f"{path}.{name}" if path else name for name in shape.members}
        usable = [name for name in paths if paths[name] not in self.known.absent]
        if shape.is_tagged_union:
            name = self.one_of(shape, depth, usable)
            return {name: self.of(shape.members[name], depth + 1, paths[name])}
        needed = {name for name in usable if paths[name] in self.known.required} | {*shape.required_members}
        optional = [name for name in usable if name not in needed and depth < MAX_DEPTH]
        found = {
            name: self.of(shape.members[name], depth + 1, paths[name])
            for name in chain((name for name in usable if name in needed), self.some_of(optional))
        }
        return {name: found[name] for name in usable if name in found}

    def some_of(self, optional: Sequence[str]) -> Iterator[str]:
        if not self.is_sparse:
            yield from (name for name in optional if not self.draw(st.booleans()))
            return
        picked: set[str] = set()
        while len(picked) < len(optional):
            number = self.draw(st.integers(0, len(optional)))
            name = optional[number - 1]
            if number == 0 or name in picked:
                return
            picked.add(name)
            # Its value is drawn next, so that hypothesis takes both away together when it shrinks.
            yield name

    def one_of(self, shape: Shape, depth: int, usable: Sequence[str]) -> str:
        able = [name for name in usable if depth < MAX_DEPTH or _ends(shape.members[name], {shape.name})]
        able.sort(key=lambda name: shape.members[name].type_name == "structure")
        chosen: str = able[0] if depth >= MAX_DEPTH else self.draw(st.sampled_from(able))
        return chosen

    def size(self, shape: Shape, depth: int, least: int) -> int:
        least = max(least, shape.metadata.get("min", 0))
        most = min(shape.metadata.get("max", least + 2), least + 2)
        if depth >= MAX_DEPTH or most == least:
            return least
        # The simplest list has a member, so that what is in it is tried; a sparse one has none to spare.
        size: int = self.draw(st.integers(least if self.is_sparse else least + 1, most))
        return size

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
    if type_name in NUMBERS:
        widest = NUMBERS[type_name]
        least, most = widest[0] if least is None else least, widest[1] if most is None else most
        if type_name in ("integer", "long"):
            return st.integers(int(least), int(most))
        return st.floats(least, most, allow_nan=False, allow_infinity=False)
    return {"boolean": st.booleans(), "blob": st.binary(max_size=8)}[type_name]
