"""A parsed state file: its values with their positions, so that an error can name the line and the key."""

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
"""The path to a value: keys of tables, and indexes of lists."""

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
    """A state file cannot be read, or its content is invalid.

    Attributes:
        file: the path of the file, as it was given.
        line: the line of the error, from 1 on, or None if no line is known.
        key: the key of the error, such as ``instances[0].queues[1].name``, or None if it concerns no key.
    """

    def __init__(self, sentence: str, *, file: Path, line: int | None = None, key: str | None = None) -> None:
        position = [str(file), *([] if line is None else [f"line {line}"]), *([key] if key else [])]
        super().__init__(f"{', '.join(position)}: {sentence}")
        self.file = file
        self.line = line
        self.key = key


@dataclass(frozen=True)
class StateFile:
    """A state file.

    Args:
        path: the path, as it was given.
        line_of: returns the line of a key, or None if it is unknown.
    """

    path: Path
    line_of: Callable[[KeyPath], int | None]


@dataclass(frozen=True)
class Node:
    """A value in a state file, with its path."""

    file: StateFile
    path: KeyPath
    value: Any

    def error(self, sentence: str, *below: str | int) -> StateError:
        """Return an error about this value, or about a value below it."""
        path = (*self.path, *below)
        return StateError(
            sentence, file=self.file.path, line=self.file.line_of(path), key=_dotted(path) or None
        )

    def below(self, key: str | int) -> Node:
        """Return the value of a key of this table, or of an index of this list."""
        return Node(self.file, (*self.path, key), self.value[key])

    def entries(self, expected: str) -> list[Node]:
        """Return the entries of this list, or raise ``StateError``."""
        return [self.below(index) for index in range(len(self.of_type((list,), expected)))]

    def of_type(self, types: tuple[type[Value], ...], expected: str) -> Value:
        """Return this value, which has exactly one of these types, or raise ``StateError``."""
        if type(self.value) not in types:
            raise self.unexpected(expected)
        value: Value = self.value
        return value

    def unexpected(self, expected: str) -> StateError:
        """Return the error that this value is not what is expected."""
        # The message shows the value as JSON and TOML write it, not as Python does.
        is_date = isinstance(self.value, (date, time))
        written = str(self.value) if is_date else json.dumps(self.value, ensure_ascii=False, default=str)
        return self.error(f"This takes {expected}, not {cut(written, 120)}.")


def _dotted(path: KeyPath) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


Reader = Callable[[Node], Any]
"""Returns the value of a node, or raises ``StateError``."""


def text(node: Node) -> str:
    """Read a string."""
    return node.of_type((str,), "a string")


def whole_number(node: Node) -> int:
    """Read an integer."""
    return node.of_type((int,), "an integer")


def number(node: Node) -> float:
    """Read a number."""
    return node.of_type((int, float), "a number")


def switch(node: Node) -> bool:
    """Read a boolean."""
    return node.of_type((bool,), "true or false")


def texts_by_key(node: Node) -> dict[str, str]:
    """Read a table of strings."""
    table: dict[str, Any] = node.of_type((dict,), "a table of strings")
    return {key: text(node.below(key)) for key in table}


def tables(node: Node) -> list[Node]:
    """Read a list of tables, as nodes."""
    expected = f"a list of tables, such as [[{node.path[-1]!s}]] in TOML or [{{...}}] in JSON"
    entries = node.entries(expected)
    for entry in entries:
        entry.of_type((dict,), expected)
    return entries


def members(node: Node, noun: str, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Read a table; absent keys are left out of the result.

    Args:
        node: the table.
        noun: the noun for the table, for messages.
        readers: the reader of each valid key.

    Raises:
        StateError: the table has an unknown key, or the value of a key is invalid.
    """
    table: dict[str, Any] = node.of_type((dict,), "a table")
    for key in table:
        if key not in readers:
            hint = suggestion(key, list(readers))
            keys = f"The keys are {listed(list(readers))}." if readers else "It takes none."
            raise node.error(f"{with_article(noun).capitalize()} has no key {key!r}{hint} {keys}", key)
    return {key: readers[key](node.below(key)) for key in table}


class Lines(NamedTuple):
    """The lines of the keys in a text.

    Attributes:
        of: the line of each key and of each entry of a list.
        repeated: the keys that a table repeats, with the line of the repetition.
    """

    of: dict[KeyPath, int]
    repeated: list[tuple[KeyPath, int]]


def lines_of_json(text: str, unquote: Callable[[str], str]) -> Lines:
    """Return the lines of the keys of a JSON text; ``unquote`` decodes a string in quotes."""
    scanner = _Scanner(text, unquote)
    scanner.value(())
    return scanner.lines


def lines_of_toml(text: str, unquote: Callable[[str], str]) -> Lines:
    """Return the lines of the keys of a TOML text; ``unquote`` decodes a string in quotes."""
    scanner = _Scanner(text, unquote)
    table: KeyPath = ()
    while scanner.peek():
        if scanner.peek() == "[":
            table = scanner.header()
        else:
            scanner.pair(table)
    return scanner.lines


class _Scanner:
    """Scans the tokens of a text and records the line of each key."""

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
        """Return the next token that is no line break, or an empty string at the end."""
        while self._next() == "\n":
            self._tokens.popleft()
        return self._next()

    def _next(self) -> str:
        return self._tokens[0][0] if self._tokens else ""

    def _take(self) -> tuple[str, int]:
        self.peek()
        return self._tokens.popleft()

    def header(self) -> KeyPath:
        """Consume the header of a table and return its path; ``[[a.b]]`` is a new entry of ``b``."""
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
        while self._next() == "]":
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
        """Consume a key and its value."""
        path = table
        for name, line in self._names():
            path = (*path, name)
            if path in self.lines.of:
                self.lines.repeated.append((path, line))
            self.lines.of.setdefault(path, line)
        self._take()
        self.value(path)

    def value(self, path: KeyPath) -> None:
        """Consume a value with all its members."""
        if self.peek() == "[":
            self._list(path)
        elif self.peek() == "{":
            self._table(path)
        else:
            while self._next() and self._next() not in _ENDS_A_SCALAR:
                self._tokens.popleft()

    def _list(self, path: KeyPath) -> None:
        self._take()
        length = 0
        while self.peek() != "]":
            entry = (*path, length)
            self.lines.of[entry] = self._tokens[0][1]
            self.value(entry)
            self._skip_comma()
            length += 1
        self._take()

    def _table(self, path: KeyPath) -> None:
        self._take()
        while self.peek() != "}":
            self.pair(path)
            self._skip_comma()
        self._take()

    def _skip_comma(self) -> None:
        if self.peek() == ",":
            self._take()


# tomllib is tomli, which is part of the standard library from Python 3.11 on.
_TOML_LIBRARY = "tomllib" if sys.version_info >= (3, 11) else "tomli"
_LINE = re.compile(r" \(at line ([0-9]+), column [0-9]+\)$")
_AT_END = " (at end of document)"


def read(path: str | os.PathLike[str]) -> Node:
    """Read a state file; the suffix of its name, ``.toml`` or ``.json``, decides its format.

    Raises:
        StateError: the file cannot be read, or is invalid.
    """
    file = Path(path)
    parse = _PARSERS[check_suffix(file)]
    return parse(file, _decoded(file))


def check_suffix(file: Path) -> str:
    """Return the suffix of the name of a state file, in lower case.

    Raises:
        StateError: the suffix is that of no format.
    """
    suffix = file.suffix.lower()
    if suffix not in _PARSERS:
        raise StateError(
            f"The name of a state file ends in {' or '.join(_PARSERS)}, which decides its format.", file=file
        )
    return suffix


def _decoded(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StateError(
            f"The state file {file.absolute()!s} cannot be read: {why}. A relative path is relative to the "
            f"current directory; pytest tries its root directory first.",
            file=file,
        ) from None
    try:
        # Some editors begin a file with a byte order mark.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StateError(
            f"The state file is not UTF-8: it has a byte 0x{content[error.start]:02x}. Save it with the "
            f"encoding UTF-8.",
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
        raise StateError(f"This is not TOML: {why}.", file=file, line=line) from None
    except RecursionError:
        raise StateError(state_too_deep(), file=file) from None
    return _located(file, content, lambda: lines_of_toml(text, unquote))


def _split_position(message: str, text: str) -> tuple[str, int | None]:
    """Split a message of the TOML parser into its text and the line that it names, if any."""
    match = _LINE.search(message)
    if match is not None:
        return message[: match.start()], int(match[1])
    is_at_end = message.endswith(_AT_END)
    return message.removesuffix(_AT_END), text.count("\n") + 1 if is_at_end else None


def parse_json(file: Path, text: str) -> Node:
    """Parse a JSON text.

    Args:
        file: the file that errors name.
        text: the text.

    Raises:
        StateError: the text is not JSON.
    """

    def find_lines() -> Lines:
        return lines_of_json(text, json.loads)

    try:
        content = json.loads(text, object_pairs_hook=_without_repetition)
    except json.JSONDecodeError as error:
        raise StateError(f"This is not JSON: {error.msg}.", file=file, line=error.lineno) from None
    except ValueError as error:
        raise StateError(f"This is not JSON: {error}.", file=file) from None
    except RecursionError:
        raise StateError(state_too_deep(), file=file) from None
    except _KeyRepeatedError:
        path, line = find_lines().repeated[0]
        node = Node(StateFile(file, lambda path: line), path, None)
        raise node.error("This key is repeated; remove one of the two.") from None
    return _located(file, content, find_lines)


_PARSERS: Mapping[str, Callable[[Path, str], Node]] = {".toml": _parse_toml, ".json": parse_json}


class _KeyRepeatedError(Exception):
    """An object of a JSON text repeats a key. TOML parsers refuse that themselves."""


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise _KeyRepeatedError
    return table


def _located(file: Path, content: Any, find_lines: Callable[[], Lines]) -> Node:
    def line_of(path: KeyPath) -> int | None:
        # Only errors need lines, so that a valid file is not scanned.
        try:
            return find_lines().of.get(path)
        except RecursionError:
            return None

    return Node(StateFile(file, line_of), (), content)


def state_too_deep() -> str:
    return "The lists and tables are nested too deep."


def missing_key_in_state(noun: str, key: str) -> str:
    return f"{with_article(noun).capitalize()} needs the key {key!r}, which is missing here."


def suggestion(name: str, valid: Sequence[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest valid one, if any is near."""
    matches = get_close_matches(name, valid, n=1)
    return f"; did you mean {matches[0]!r}?" if matches else "."
