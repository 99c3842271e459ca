"""Wording and layout of messages: counts, lists, shortened values, wrapped lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

SHOWN = 20
"""How many entries of a list a message shows; it counts the rest."""

WIDTH = 90
"""The maximum width of a message: pytest prefixes its lines with up to ten characters."""


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def similar_to(name: object, names: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name in upper case, with a similar one if one exists."""
    matches = get_close_matches(str(name).upper(), names, n=1, cutoff=0.5)
    return f"; did you mean {matches[0]!r}?" if matches else "."


_TEXT = 60
"""The maximum length of a string inside a value, so that one string does not crowd out the others."""


def short(value: Any, length: int = 120) -> str:
    return repr(value) if isinstance(value, datetime) else cut_inside(repr(_with_short_texts(value)), length)


def _with_short_texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _text_cut(member) for name, member in value.items()}
    return [_text_cut(item) for item in value] if isinstance(value, list) else value


def _text_cut(value: Any) -> Any:
    return cut_inside(value, _TEXT) if isinstance(value, str) else _with_short_texts(value)


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def printable(text: str) -> str:
    """Escape what reports cannot carry, such as lone surrogates and terminal control sequences."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def cut_inside(text: str, length: int) -> str:
    """Cut the middle out of a text that is too long; its beginning and its end stay."""
    head = (length - 1) // 2
    return text if len(text) <= length else f"{text[:head]}…{text[head + 1 - length :]}"


def wrapped(text: str, indent: str = "", further: str = "    ") -> str:
    """Wrap a text; lines after the first are indented further. The text's own indent is kept."""
    own = indent + " " * (len(text) - len(text.lstrip()))
    return _filled(text.lstrip(), own, own + further)


_BEFORE_A_FACT = " " * len("AssertionError: ")


def fact(text: str) -> str:
    """Wrap the first sentence of a message; pytest writes the name of the exception before it."""
    return _filled(text, _BEFORE_A_FACT, "    ").lstrip()


def _filled(text: str, first: str, others: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def numbered(
    entries: Sequence[str],
    limit: int = SHOWN,
    *,
    first: Iterable[int] = (),
    marked: Iterable[int] = (),
    wrap: bool = True,
) -> str:
    """Return the entries as a list numbered from 1 on; an entry may have several lines.

    Args:
        entries: the entries.
        limit: how many entries are shown; gaps are counted.
        first: the numbers of the entries that are shown in preference to others.
        marked: the numbers of the entries that get a mark.
        wrap: whether long lines are wrapped; lines that are copied from, such as calls and paths, are not.
    """
    width = max(3, len(str(len(entries))) + 1)
    indent, marks = " " * (width + 2), frozenset(marked)
    parts: list[str] = []
    last = 0
    for number in chosen(len(entries), limit, first):
        parts += [f"{indent}and {number - last - 1:,} more"] if number > last + 1 else []
        mark = "*" if number in marks else " "
        entry = entries[number - 1]
        parts.append(f"{mark}{number:>{width - 1}}. {_entry(entry, indent) if wrap else entry}")
        last = number
    parts += [f"{indent}and {len(entries) - last:,} more"] if len(entries) > last else []
    return "\n".join(parts)


def chosen(count: int, limit: int, first: Iterable[int] = ()) -> list[int]:
    """Return the numbers to show, of those from 1 to ``count``: the preferred ones, then the lowest."""
    return sorted([*dict.fromkeys([*first, *range(1, count + 1)])][:limit])


def _entry(text: str, indent: str) -> str:
    return "\n".join(wrapped(line, indent) for line in text.split("\n")).lstrip()
