"""The kinds of values in a state file: each checks a value, and describes its values as a JSON Schema."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.model import Shape

from connect_batchmock._text import listed, with_article
from connect_batchmock.protocol.model import service_model
from connect_batchmock.protocol.validation import limits, unknown_members, violations_at
from connect_batchmock.state.document import (
    Node,
    Reader,
    Value,
    members,
    missing_key_in_state,
    number,
    suggestion,
    switch,
    tables,
    text,
    texts_by_key,
    whole_number,
)

Schema = dict[str, Any]
"""A JSON Schema."""


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    Args:
        read: returns the value of a node, or raises ``StateError``.
        schema: returns the JSON Schema of the values. It is a function, since it may load a service model.
    """

    read: Reader
    schema: Callable[[], Schema]


TEXT = Kind(text, lambda: {"type": "string"})
SWITCH = Kind(switch, lambda: {"type": "boolean"})
TEXTS_BY_KEY = Kind(texts_by_key, lambda: {"type": "object", "additionalProperties": {"type": "string"}})


def text_like(pattern: re.Pattern[str], expected: str) -> Kind:
    """Return the kind of strings that match a pattern as a whole."""

    def read(node: Node) -> str:
        return _checked(node, text(node), lambda value: bool(pattern.fullmatch(value)), expected)

    return Kind(read, lambda: {"type": "string", "pattern": _anchored(pattern.pattern)})


def text_of_length(shape: str) -> Kind:
    """Return the kind of strings that are as long as a shape of Amazon Connect allows."""

    def range_of_length() -> tuple[int, int]:
        metadata = service_model("connect").shape_for(shape).metadata
        return metadata["min"], metadata["max"]

    def read(node: Node) -> str:
        minimum, maximum = range_of_length()
        expected = f"a string of {minimum} to {maximum} characters"
        return _checked(node, text(node), lambda value: minimum <= len(value) <= maximum, expected)

    def schema() -> Schema:
        minimum, maximum = range_of_length()
        return {"type": "string", "minLength": minimum, "maxLength": maximum}

    return Kind(read, schema)


def choice(owner: str, noun: str, choices: Callable[[], Sequence[str]]) -> Kind:
    """Return the kind of strings that are one of some choices; the nouns are for messages."""

    def read(node: Node) -> str:
        value, valid = text(node), choices()
        if value not in valid:
            hint = suggestion(value, valid)
            subject = with_article(owner).capitalize()
            raise node.error(f"{subject} has no {noun} {value!r}{hint} The {noun}s are {listed(valid)}.")
        return value

    return Kind(read, lambda: {"type": "string", "enum": list(choices())})


def whole_number_in(minimum: int, maximum: int) -> Kind:
    """Return the kind of integers in a range."""

    def read(node: Node) -> int:
        expected = f"an integer from {minimum} to {maximum:,}"
        return _checked(node, whole_number(node), lambda value: minimum <= value <= maximum, expected)

    return Kind(read, lambda: {"type": "integer", "minimum": minimum, "maximum": maximum})


def number_in(minimum: float, maximum: float) -> Kind:
    """Return the kind of numbers in a range."""

    def read(node: Node) -> float:
        expected = f"a number from {minimum} to {maximum}"
        return _checked(node, number(node), lambda value: minimum <= value <= maximum, expected)

    return Kind(read, lambda: {"type": "number", "minimum": minimum, "maximum": maximum})


def _checked(node: Node, value: Value, is_valid: Callable[[Value], bool], expected: str) -> Value:
    if not is_valid(value):
        raise node.unexpected(expected)
    return value


def _anchored(pattern: str) -> str:
    # A pattern of JSON Schema may match anywhere.
    return f"^(?:{pattern})$"


# Lists and tables


def list_of(kind: Kind, expected: str) -> Kind:
    """Return the kind of lists of a kind."""
    return Kind(
        lambda node: [kind.read(entry) for entry in node.entries(expected)],
        lambda: {"type": "array", "items": kind.schema()},
    )


@dataclass(frozen=True)
class Key:
    """A key of a table.

    Args:
        kind: the kind of its value.
        description: what it is, for readers of the schema.
        is_required: whether the table needs it.
    """

    kind: Kind
    description: str
    is_required: bool = False


@dataclass(frozen=True)
class Table:
    """A kind of table.

    Args:
        noun: the noun for the table, for messages.
        keys: its keys.
        rules: returns what the schema says about several keys at once.
    """

    noun: str
    keys: Mapping[str, Key]
    rules: Callable[[], Schema] = dict

    def read(self, node: Node) -> dict[str, Any]:
        """Read a table; absent keys are left out of the result, and entries of lists of tables stay nodes.

        Raises:
            StateError: the table has an unknown key or lacks a key, or the value of a key is invalid.
        """
        values = members(node, self.noun, {name: key.kind.read for name, key in self.keys.items()})
        for name in self._required():
            if name not in values:
                raise node.error(missing_key_in_state(self.noun, name))
        return values

    def schema(self) -> Schema:
        """Return the JSON Schema of the table."""
        required = self._required()
        return {
            "type": "object",
            "properties": {
                name: {"description": key.description, **key.kind.schema()} for name, key in self.keys.items()
            },
            **({"required": required} if required else {}),
            "additionalProperties": False,
            **self.rules(),
        }

    def _required(self) -> list[str]:
        return [name for name, key in self.keys.items() if key.is_required]


def table(kind: Table) -> Kind:
    """Return the kind of a single table."""
    return Kind(kind.read, kind.schema)


def table_of(noun: str, kinds: Callable[[], Mapping[str, Kind]]) -> Kind:
    """Return the kind of tables whose keys come from a service model.

    Args:
        noun: the noun for the table, for messages.
        kinds: returns the kind of each key.
    """

    def read(node: Node) -> dict[str, Any]:
        return members(node, noun, {name: kind.read for name, kind in kinds().items()})

    def schema() -> Schema:
        properties = {name: kind.schema() for name, kind in kinds().items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    return Kind(read, schema)


def tables_of(kind: Table) -> Kind:
    """Return the kind of lists of tables. Their entries stay nodes, which the seeder reads one by one."""
    return Kind(tables, lambda: {"type": "array", "items": kind.schema()})


# Structures of a service model


def of_shape(shape: Shape) -> Kind:
    """Return the kind of values that a shape of a service model allows."""

    def read(node: Node) -> Any:
        value = _with_times(shape, node)
        # Unknown members come first: the other check takes a structure without them.
        name = str(node.path[-1])
        violations = list(unknown_members(shape, value, name)) or violations_at(shape, value, name)
        if violations:
            raise node.error(f"{violations[0]}.")
        return value

    return Kind(read, lambda: _schema_of_shape(shape))


def _with_times(shape: Shape, node: Node) -> Any:
    """Return the value of a node, in which each time of the shape is a ``datetime``."""
    if shape.type_name == "timestamp":
        return moment(node)
    if shape.type_name == "structure" and isinstance(node.value, dict):
        known = shape.members
        return {
            name: _with_times(known[name], node.below(name)) if name in known else value
            for name, value in node.value.items()
        }
    return node.value


def moment(node: Node) -> datetime:
    """Read a time with its offset from UTC: a string as ISO 8601 has it, or a time of TOML."""
    expected = "a time with its offset from UTC, such as 2026-03-02T09:00:00+00:00"
    time = node.value
    if isinstance(time, str) and _TIME.fullmatch(time):
        # Python 3.10 does not know the letter for UTC. A month may have fewer days.
        with suppress(ValueError):
            time = datetime.fromisoformat(time.replace("Z", "+00:00"))
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise node.unexpected(expected)
    return time


_TIME = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{3}([0-9]{3})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
"""A time as ISO 8601 has it, as far as every version of Python reads it."""


def _schema_of_shape(shape: Shape) -> Schema:
    """Return the JSON Schema of a shape of a service model."""
    make = _SCHEMAS.get(shape.type_name)
    return {} if make is None else make(shape)


def _schema_of_structure(shape: Shape) -> Schema:
    union = {"minProperties": 1, "maxProperties": 1} if shape.is_tagged_union else {}
    return {
        "type": "object",
        "properties": {name: _schema_of_shape(member) for name, member in shape.members.items()},
        **({"required": list(shape.required_members)} if shape.required_members else {}),
        "additionalProperties": False,
        **union,
    }


def _schema_of_string(shape: Shape) -> Schema:
    enum, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
    return {
        "type": "string",
        **_limits(shape, "minLength", "maxLength"),
        **({"enum": list(enum)} if enum else {}),
        **({"pattern": _anchored(pattern)} if pattern else {}),
    }


def _limits(shape: Shape, least: str, most: str) -> Schema:
    minimum, maximum = limits(shape)
    found = {least: minimum, most: maximum}
    return {name: limit for name, limit in found.items() if not math.isinf(limit)}


_SCHEMAS: Mapping[str, Callable[[Shape], Schema]] = {
    "structure": _schema_of_structure,
    "map": lambda shape: {"type": "object", "additionalProperties": _schema_of_shape(shape.value)},
    "list": lambda shape: {
        "type": "array",
        "items": _schema_of_shape(shape.member),
        **_limits(shape, "minItems", "maxItems"),
    },
    "string": _schema_of_string,
    "boolean": lambda shape: {"type": "boolean"},
    "integer": lambda shape: {"type": "integer", **_limits(shape, "minimum", "maximum")},
    "double": lambda shape: {"type": "number", **_limits(shape, "minimum", "maximum")},
    "timestamp": lambda shape: {
        "type": "string",
        "format": "date-time",
        "pattern": _anchored(_TIME.pattern),
    },
}
