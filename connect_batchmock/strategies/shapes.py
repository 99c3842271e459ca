"""Strategies for instances of the shapes in a service model."""

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
"""The depth below which only required members are generated, because some shapes contain themselves."""

_DEFAULT_FORMATS = {"header": "rfc822", "querystring": "iso8601", "uri": "iso8601"}


@dataclass(frozen=True)
class Known:
    """Constraints on instances beyond the service model. A path joins the names of members with dots.

    Args:
        values: the strategies for the values at certain paths; ``{path} (key)`` is the path of a map's keys.
        required: the paths that every instance has, although the model does not require them.
        absent: the paths that no instance has.
    """

    values: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    required: Collection[str] = ()
    absent: Collection[str] = ()


@cache
def instances(shape: Shape, with_patterns: bool = False) -> st.SearchStrategy[Any]:
    """Return a strategy for instances that match the constraints of a shape, optionally with its patterns.

    The simplest instance, which hypothesis tries first, has every member.
    """
    return _instances(shape, with_patterns, None)


def known_instances(shape: Shape, known: Known) -> st.SearchStrategy[Any]:
    """Return a strategy for instances that match the shape's constraints and patterns, and the known ones.

    The simplest instance has only required members.
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
        values = {
            name: self.of(shape.members[name], depth + 1, paths[name])
            for name in chain((name for name in usable if name in needed), self.some_of(optional))
        }
        return {name: values[name] for name in usable if name in values}

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
            # The value of the member is drawn next, so that hypothesis removes both draws together.
            yield name

    def one_of(self, shape: Shape, depth: int, usable: Sequence[str]) -> str:
        finite = [
            name for name in usable if depth < MAX_DEPTH or _is_finite(shape.members[name], {shape.name})
        ]
        finite.sort(key=lambda name: shape.members[name].type_name == "structure")
        chosen: str = finite[0] if depth >= MAX_DEPTH else self.draw(st.sampled_from(finite))
        return chosen

    def size(self, shape: Shape, depth: int, min_size: int) -> int:
        min_size = max(min_size, shape.metadata.get("min", 0))
        max_size = min(shape.metadata.get("max", min_size + 2), min_size + 2)
        if depth >= MAX_DEPTH or max_size == min_size:
            return min_size
        # The simplest list has an entry, so that hypothesis tries the entry; a sparse list has none.
        size: int = self.draw(st.integers(min_size if self.is_sparse else min_size + 1, max_size))
        return size

    def scalar(self, shape: Shape, location: str | None) -> st.SearchStrategy[Any]:
        limits = shape.metadata.get("min"), shape.metadata.get("max")
        if shape.type_name == "string":
            pattern = shape.metadata.get("pattern") if self.with_patterns else None
            return _strings(*limits, tuple(shape.metadata.get("enum", ())), pattern, location)
        if shape.type_name == "timestamp":
            default = _DEFAULT_FORMATS.get(location or "", "unixtimestamp")
            is_iso8601 = shape.serialization.get("timestampFormat", default).lower() == "iso8601"
            # botocore sends timestamps in headers in whole seconds.
            return _timestamps(is_iso8601 and location != "header")
        return _plain(shape.type_name, *limits)


def _is_finite(shape: Shape, ancestors: set[str]) -> bool:
    """Whether a shape has an instance that contains no instance of its ancestors."""
    if shape.name in ancestors:
        return False
    if shape.type_name == "structure":
        nested = ancestors | {shape.name}
        required = [_is_finite(shape.members[name], nested) for name in shape.required_members]
        choices = [_is_finite(member, nested) for member in shape.members.values()]
        return any(choices) if shape.is_tagged_union else all(required)
    if shape.type_name == "list":
        return not shape.metadata.get("min", 0) or _is_finite(shape.member, ancestors)
    return True


@cache
def _strings(
    min_length: int | None,
    max_length: int | None,
    enum: tuple[str, ...],
    pattern: str | None,
    location: str | None,
) -> st.SearchStrategy[str]:
    if enum:
        return st.sampled_from(enum)
    min_size = max(min_length or 0, 1 if location == "uri" else 0)
    if pattern:
        matching = st.from_regex(compiled(pattern), fullmatch=True)
        return matching.filter(lambda text: min_size <= len(text) <= (max_length or len(text)))
    printable = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
    alphabet = printable if location == "header" else st.characters(exclude_categories=["Cs"])
    return st.text(alphabet, min_size=min_size, max_size=min(max_length or min_size + 6, min_size + 6))


@cache
def _timestamps(with_milliseconds: bool) -> st.SearchStrategy[datetime]:
    # AWS sends milliseconds at most, and some versions of botocore send the other formats in whole seconds.
    step = 1000 if with_milliseconds else 1_000_000
    times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc))
    return times.map(lambda time: time.replace(microsecond=time.microsecond // step * step))


@cache
def _plain(type_name: str, minimum: float | None, maximum: float | None) -> st.SearchStrategy[Any]:
    if type_name in NUMBERS:
        lowest, highest = NUMBERS[type_name]
        minimum = lowest if minimum is None else minimum
        maximum = highest if maximum is None else maximum
        if type_name in ("integer", "long"):
            return st.integers(int(minimum), int(maximum))
        return st.floats(minimum, maximum, allow_nan=False, allow_infinity=False)
    return {"boolean": st.booleans(), "blob": st.binary(max_size=8)}[type_name]
