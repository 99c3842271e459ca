"""On which line each key of a TOML or JSON text stands, which their parsers do not tell.

Only a text that its parser has accepted is gone through here, so nothing in it is checked.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple

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
