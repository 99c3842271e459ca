"""What is in a state file, each value with its place, so that an error can name it."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from connect_batchmock._text import cut, listed, with_article
from connect_batchmock.domain.errors import ConnectBatchmockError

Value = TypeVar("Value")

KeyPath = tuple[str | int, ...]
"""The way to a value: the keys of tables, and the places in lists, from 0 on."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|\#[^\n]*"
    r"|[ \t\r]+"
    r"|[]\n[{},.:=]"
    r"|[^]\s[{},.:=\"'\#]+",
    re.DOTALL,
)
_ENDS_A_SCALAR = ("\n", ",", "]", "}")


class StateError(ConnectBatchmockError, ValueError):
    """A state file that cannot be read, or says what cannot be.

    Attributes:
        file: the file, as it was named.
        line: the line, from 1 on, or None where no line is to blame.
        key: the key, such as ``instances[0].queues[1].name``, or None where no key is to blame.
    """

    def __init__(self, sentence: str, *, file: Path, line: int | None = None, key: str | None = None) -> None:
        super().__init__(_in_state_file(str(file), line, key, sentence))
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
class Node:
    """A value in a file."""

    file: StateFile
    path: KeyPath
    value: Any

    def error(self, sentence: str, *below: str | int) -> StateError:
        """Return the error that something is wrong here, or with what stands below."""
        path = (*self.path, *below)
        return StateError(
            sentence, file=self.file.path, line=self.file.line_of(path), key=_dotted(path) or None
        )

    def below(self, key: str | int) -> Node:
        """Return the value under a key of a table, or at a place in a list."""
        return Node(self.file, (*self.path, key), self.value[key])

    def entries(self, expected: str) -> list[Node]:
        """Return the entries of a list, or raise ``StateError``."""
        return [self.below(index) for index in range(len(self.of_type((list,), expected)))]

    def of_type(self, types: tuple[type[Value], ...], expected: str) -> Value:
        """Return the value, which is of exactly one of these types, or raise ``StateError``."""
        if type(self.value) not in types:
            raise self.error(_wrong_type_in_state(self.value, expected))
        value: Value = self.value
        return value


def _dotted(path: KeyPath) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


Reader = Callable[[Node], Any]
"""Returns the value at a place as it is meant, or raises ``StateError``."""


def text(place: Node) -> str:
    """Read a text."""
    return place.of_type((str,), "a text")


def whole_number(place: Node) -> int:
    """Read a whole number."""
    return place.of_type((int,), "a whole number")


def number(place: Node) -> float:
    """Read a number."""
    return place.of_type((int, float), "a number")


def switch(place: Node) -> bool:
    """Read true or false."""
    return place.of_type((bool,), "true or false")


def texts(place: Node) -> list[str]:
    """Read a list of texts."""
    return [text(entry) for entry in place.entries("a list of texts")]


def texts_by_key(place: Node) -> dict[str, str]:
    """Read a table of texts."""
    table: dict[str, Any] = place.of_type((dict,), "a table of texts")
    return {key: text(place.below(key)) for key in table}


def tables(place: Node) -> list[Node]:
    """Read a list of tables, which are still to be read."""
    expected = f"a list of tables, such as [[{place.path[-1]!s}]] in TOML or [{{...}}] in JSON"
    entries = place.entries(expected)
    for entry in entries:
        entry.of_type((dict,), expected)
    return entries


def members(place: Node, noun: str, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Read a table; what it does not have is left out.

    Raises:
        StateError: it has another key than these, or one of them has another value.
    """
    table: dict[str, Any] = place.of_type((dict,), "a table")
    for key in table:
        if key not in readers:
            raise place.error(_unknown_key_in_state(noun, key, list(readers)), key)
    return {key: readers[key](place.below(key)) for key in table}


class Lines(NamedTuple):
    """Where the keys of a text stand.

    Attributes:
        of: the line of each key and each entry of a list.
        repeated: the keys that a table has once more, with the line of that.
    """

    of: dict[KeyPath, int]
    repeated: list[tuple[KeyPath, int]]


def lines_of_json(text: str, unquote: Callable[[str], str]) -> Lines:
    """Return where the keys of a JSON text stand; ``unquote`` returns what a string in quotes says."""
    scanner = _Scanner(text, unquote)
    scanner.value(())
    return scanner.lines


def lines_of_toml(text: str, unquote: Callable[[str], str]) -> Lines:
    """Return where the keys of a TOML text stand; ``unquote`` returns what a string in quotes says."""
    scanner = _Scanner(text, unquote)
    table: KeyPath = ()
    while scanner.peek():
        if scanner.peek() == "[":
            table = scanner.header()
        else:
            scanner.pair(table)
    return scanner.lines


class _Scanner:
    """Goes through a text from its beginning, and notes each key that it comes by."""

    def __init__(self, text: str, unquote: Callable[[str], str]) -> None:
        self.lines = Lines({}, [])
        self._unquote = unquote
        self._lengths: dict[KeyPath, int] = {}
        tokens = _TOKEN.findall(text)
        begins = accumulate((token.count("\n") for token in tokens), initial=1)
        self._tokens = deque(
            (token, line) for token, line in zip(tokens, begins, strict=False) if token[0] not in " \t\r#"
        )

    def peek(self) -> str:
        """Return what comes next other than the end of a line, or nothing at the end."""
        while self._comes() == "\n":
            self._tokens.popleft()
        return self._comes()

    def _comes(self) -> str:
        return self._tokens[0][0] if self._tokens else ""

    def _take(self) -> tuple[str, int]:
        self.peek()
        return self._tokens.popleft()

    def header(self) -> KeyPath:
        """Pass the header of a table, and return the way to it: ``[[a.b]]`` is one more entry of ``b``."""
        self._take()
        is_entry = self.peek() == "["
        if is_entry:
            self._take()
        *above, (last, line) = self._names()
        path: KeyPath = ()
        for name, _ in above:
            path = self._newest((*path, name), line)
        path = (*path, last)
        if is_entry:
            self._lengths[path] = self._lengths.get(path, 0) + 1
        path = self._newest(path, line)
        while self._comes() == "]":
            self._take()
        return path

    def _newest(self, path: KeyPath, line: int) -> KeyPath:
        self.lines.of.setdefault(path, line)
        if path in self._lengths:
            path = (*path, self._lengths[path] - 1)
            self.lines.of.setdefault(path, line)
        return path

    def _names(self) -> list[tuple[str, int]]:
        names = [self._name()]
        while self.peek() == ".":
            self._take()
            names.append(self._name())
        return names

    def _name(self) -> tuple[str, int]:
        token, line = self._take()
        return (self._unquote(token) if token[0] in "\"'" else token), line

    def pair(self, table: KeyPath) -> None:
        """Pass a key and its value."""
        path = table
        for name, line in self._names():
            path = (*path, name)
            if path in self.lines.of:
                self.lines.repeated.append((path, line))
            self.lines.of.setdefault(path, line)
        self._take()
        self.value(path)

    def value(self, path: KeyPath) -> None:
        """Pass a value, with all that is in it."""
        if self.peek() == "[":
            self._list(path)
        elif self.peek() == "{":
            self._table(path)
        else:
            while self._comes() and self._comes() not in _ENDS_A_SCALAR:
                self._tokens.popleft()

    def _list(self, path: KeyPath) -> None:
        self._take()
        length = 0
        while self.peek() != "]":
            entry = (*path, length)
            self.lines.of[entry] = self._tokens[0][1]
            self.value(entry)
            self._pass_comma()
            length += 1
        self._take()

    def _table(self, path: KeyPath) -> None:
        self._take()
        while self.peek() != "}":
            self.pair(path)
            self._pass_comma()
        self._take()

    def _pass_comma(self) -> None:
        if self.peek() == ",":
            self._take()


# Both are one library; from 3.11 on, Python has it.
_TOML_LIBRARY = "tomllib" if sys.version_info >= (3, 11) else "tomli"
_LINE = re.compile(r" \(at line ([0-9]+), column [0-9]+\)$")
_AT_END = " (at end of document)"


def read(path: str | os.PathLike[str]) -> Node:
    """Read a file by what it is named: ``.toml`` or ``.json``.

    Raises:
        StateError: it cannot be read.
    """
    file = Path(path)
    parse = _PARSERS.get(file.suffix.lower())
    if parse is None:
        raise StateError(
            f"A state file is known by the end of its name, which is {' or '.join(_PARSERS)}.", file=file
        )
    return parse(file, _decoded(file))


def _decoded(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StateError(
            (
                f"The state file cannot be read ({why}): it was looked for at {file.absolute()!s}. A "
                f"relative path is relative to the current directory, and under pytest to its root directory "
                f"first."
            ),
            file=file,
        ) from None
    try:
        # Some editors begin a file with a mark of its encoding.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StateError(
            (
                f"The state file is not UTF-8: there is a byte 0x{content[error.start]:02x}. Save it with "
                f"the encoding UTF-8."
            ),
            file=file,
            line=line,
        ) from None


def _parse_toml(file: Path, text: str) -> Node:
    toml: Any = import_module(_TOML_LIBRARY)

    def unquote(quoted: str) -> str:
        unquoted: str = toml.loads(f"key = {quoted}")["key"]
        return unquoted

    try:
        content = toml.loads(text)
    except ValueError as error:
        why, line = _split_position(str(error), text)
        raise StateError(_state_syntax("TOML", why), file=file, line=line) from None
    except RecursionError:
        raise StateError(state_too_deep(), file=file) from None
    return _located(file, content, lambda: lines_of_toml(text, unquote))


def _split_position(message: str, text: str) -> tuple[str, int | None]:
    """Return what a message of the TOML parser says, and the line that it says it of."""
    found = _LINE.search(message)
    if found is not None:
        return message[: found.start()], int(found[1])
    is_at_end = message.endswith(_AT_END)
    return message.removesuffix(_AT_END), text.count("\n") + 1 if is_at_end else None


def parse_json(file: Path, text: str) -> Node:
    """Return what a JSON text says, which an error places in a file of this name.

    Raises:
        StateError: it is not JSON.
    """

    def find_lines() -> Lines:
        return lines_of_json(text, json.loads)

    try:
        content = json.loads(text, object_pairs_hook=_without_repetition)
    except json.JSONDecodeError as error:
        raise StateError(_state_syntax("JSON", error.msg), file=file, line=error.lineno) from None
    except ValueError as error:
        raise StateError(_state_syntax("JSON", str(error)), file=file) from None
    except RecursionError:
        raise StateError(state_too_deep(), file=file) from None
    except _KeyRepeatedError:
        path, line = find_lines().repeated[0]
        place = Node(StateFile(file, lambda path: line), path, None)
        raise place.error("The key stands here once more; take one of the two away.") from None
    return _located(file, content, find_lines)


_PARSERS: Mapping[str, Callable[[Path, str], Node]] = {".toml": _parse_toml, ".json": parse_json}


class _KeyRepeatedError(Exception):
    """An object of a JSON text has a key twice; TOML's parser refuses that by itself."""


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise _KeyRepeatedError
    return table


def _located(file: Path, content: Any, find_lines: Callable[[], Lines]) -> Node:
    def line_of(path: KeyPath) -> int | None:
        # Only an error asks, so that the lines of a file without one are not looked for.
        try:
            return find_lines().of.get(path)
        except RecursionError:
            return None

    return Node(StateFile(file, line_of), (), content)


def _in_state_file(file: str, line: int | None, key: str | None, sentence: str) -> str:
    place = [file] if line is None else [file, f"line {line}"]
    return f"{', '.join([*place, key] if key else place)}: {sentence}"


def _state_syntax(language: str, why: str) -> str:
    return f"This is not {language}: {why}."


def state_too_deep() -> str:
    return "The lists and tables are nested too deep to be read."


def _unknown_key_in_state(noun: str, key: str, valid: Sequence[str]) -> str:
    there = f"There are {listed(valid)}." if valid else "It takes none."
    return f"{with_article(noun).capitalize()} has no {key!r}{meant(key, valid)} {there}"


def missing_key_in_state(noun: str, key: str) -> str:
    return f"{with_article(noun).capitalize()} needs a {key!r}, which is missing here."


def _wrong_type_in_state(value: object, expected: str) -> str:
    # As the file says it, and not as Python does.
    is_date = isinstance(value, (date, time))
    found = str(value) if is_date else json.dumps(value, ensure_ascii=False, default=str)
    return f"This takes {expected}, not {cut(found, 120)}."


def meant(given: str, valid: Sequence[str]) -> str:
    nearest = get_close_matches(given, valid, n=1)
    return f"; did you mean {nearest[0]!r}?" if nearest else "."
