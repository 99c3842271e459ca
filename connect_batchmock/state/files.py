"""From a file to what it says: the file is found, decoded and parsed."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from connect_batchmock import explain
from connect_batchmock.state.document import Place, StateError, StateFile
from connect_batchmock.state.lines import KeyPath, Lines, lines_of_json, lines_of_toml

# Both are one library; from 3.11 on, Python has it.
_TOML_LIBRARY = "tomllib" if sys.version_info >= (3, 11) else "tomli"
_LINE = re.compile(r" \(at line ([0-9]+), column [0-9]+\)$")
_AT_END = " (at end of document)"


def read(path: str | os.PathLike[str]) -> Place:
    """Read a file by what it is named: ``.toml`` or ``.json``.

    Raises:
        StateError: it cannot be read.
    """
    file = Path(path)
    parse = _PARSERS.get(file.suffix.lower())
    if parse is None:
        raise StateError(explain.state_of_unknown_kind(list(_PARSERS)), file=file)
    return parse(file, _text(file))


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StateError(explain.state_not_readable(why, str(file.absolute())), file=file) from None
    try:
        # Some editors begin a file with a mark of its encoding.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StateError(explain.state_not_utf_8(content[error.start]), file=file, line=line) from None


def _parse_toml(file: Path, text: str) -> Place:
    toml: Any = import_module(_TOML_LIBRARY)

    def unquote(quoted: str) -> str:
        unquoted: str = toml.loads(f"key = {quoted}")["key"]
        return unquoted

    try:
        content = toml.loads(text)
    except ValueError as error:
        why, line = _taken_apart(str(error), text)
        raise StateError(explain.state_syntax("TOML", why), file=file, line=line) from None
    except RecursionError:
        raise StateError(explain.state_too_deep(), file=file) from None
    return _located(file, content, lambda: lines_of_toml(text, unquote))


def _taken_apart(message: str, text: str) -> tuple[str, int | None]:
    """Return what a message of the TOML parser says, and the line that it says it of."""
    found = _LINE.search(message)
    if found is not None:
        return message[: found.start()], int(found[1])
    is_at_end = message.endswith(_AT_END)
    return message.removesuffix(_AT_END), text.count("\n") + 1 if is_at_end else None


def parse_json(file: Path, text: str) -> Place:
    """Return what a JSON text says, which an error places in a file of this name.

    Raises:
        StateError: it is not JSON.
    """

    def find_lines() -> Lines:
        return lines_of_json(text, json.loads)

    try:
        content = json.loads(text, object_pairs_hook=_without_repetition)
    except json.JSONDecodeError as error:
        raise StateError(explain.state_syntax("JSON", error.msg), file=file, line=error.lineno) from None
    except ValueError as error:
        raise StateError(explain.state_syntax("JSON", str(error)), file=file) from None
    except RecursionError:
        raise StateError(explain.state_too_deep(), file=file) from None
    except _KeyRepeated:
        path, line = find_lines().repeated[0]
        place = Place(StateFile(file, lambda path: line), path, None)
        raise place.error(explain.repeated_key_in_state()) from None
    return _located(file, content, find_lines)


_PARSERS: Mapping[str, Callable[[Path, str], Place]] = {".toml": _parse_toml, ".json": parse_json}


class _KeyRepeated(Exception):
    """An object of a JSON text has a key twice; TOML's parser refuses that by itself."""


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise _KeyRepeated
    return table


def _located(file: Path, content: Any, find_lines: Callable[[], Lines]) -> Place:
    def line_of(path: KeyPath) -> int | None:
        # Only an error asks, so that the lines of a file without one are not looked for.
        try:
            return find_lines().of.get(path)
        except RecursionError:
            return None

    return Place(StateFile(file, line_of), (), content)
