"""What is in a state file, each value with its place, so that an error can name it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from connect_batchmock import explain
from connect_batchmock.domain.errors import ConnectBatchmockError
from connect_batchmock.state.lines import KeyPath

Value = TypeVar("Value")


class StateError(ConnectBatchmockError, ValueError):
    """A state file that cannot be read, or says what cannot be.

    Attributes:
        file: the file, as it was named.
        line: the line, from 1 on, or None where no line is to blame.
        key: the key, such as ``instances[0].queues[1].name``, or None where no key is to blame.
    """

    def __init__(self, sentence: str, *, file: Path, line: int | None = None, key: str | None = None) -> None:
        super().__init__(explain.in_state_file(str(file), line, key, sentence))
        self.file = file
        self.line = line
        self.key = key


@dataclass(frozen=True)
class StateFile:
    """A file that was read.

    Args:
        path: the file, as it was named.
        line_of: returns the line of a key, or None where it cannot be told.
    """

    path: Path
    line_of: Callable[[KeyPath], int | None]


@dataclass(frozen=True)
class Place:
    """A value in a file."""

    file: StateFile
    path: KeyPath
    value: Any

    def error(self, sentence: str, *below: str | int) -> StateError:
        """Return the error that something is wrong here, or with what stands below."""
        path = (*self.path, *below)
        return StateError(
            sentence, file=self.file.path, line=self.file.line_of(path), key=_written(path) or None
        )

    def below(self, key: str | int) -> Place:
        """Return the value under a key of a table, or at a place in a list."""
        return Place(self.file, (*self.path, key), self.value[key])

    def entries(self, expected: str) -> list[Place]:
        """Return the entries of a list, or raise ``StateError``."""
        return [self.below(index) for index in range(len(self.of_type((list,), expected)))]

    def of_type(self, types: tuple[type[Value], ...], expected: str) -> Value:
        """Return the value, which is of exactly one of these types, or raise ``StateError``."""
        if type(self.value) not in types:
            raise self.error(explain.wrong_type_in_state(self.value, expected))
        value: Value = self.value
        return value


def _written(path: KeyPath) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


Reader = Callable[[Place], Any]
"""Returns the value at a place as it is meant, or raises ``StateError``."""


def text(place: Place) -> str:
    """Read a text."""
    return place.of_type((str,), "a text")


def whole_number(place: Place) -> int:
    """Read a whole number."""
    return place.of_type((int,), "a whole number")


def number(place: Place) -> float:
    """Read a number."""
    return place.of_type((int, float), "a number")


def switch(place: Place) -> bool:
    """Read true or false."""
    return place.of_type((bool,), "true or false")


def texts(place: Place) -> list[str]:
    """Read a list of texts."""
    return [text(entry) for entry in place.entries("a list of texts")]


def texts_by_key(place: Place) -> dict[str, str]:
    """Read a table of texts."""
    table: dict[str, Any] = place.of_type((dict,), "a table of texts")
    return {key: text(place.below(key)) for key in table}


def tables(place: Place) -> list[Place]:
    """Read a list of tables, which are still to be read."""
    expected = explain.list_of_tables(str(place.path[-1]))
    entries = place.entries(expected)
    for entry in entries:
        entry.of_type((dict,), expected)
    return entries


def members(place: Place, noun: str, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Read a table; what it does not have is left out.

    Raises:
        StateError: it has another key than these, or one of them has another value.
    """
    table: dict[str, Any] = place.of_type((dict,), "a table")
    for key in table:
        if key not in readers:
            raise place.error(explain.unknown_key_in_state(noun, key, list(readers)), key)
    return {key: readers[key](place.below(key)) for key in table}
