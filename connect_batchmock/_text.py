"""How things are counted, listed, cut and laid out in every sentence."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

SHOWN = 20
"""How many entries a list in a message has before the rest is counted."""

WIDTH = 90
"""How wide a message gets: pytest puts up to ten characters before its lines."""


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def listed(names: Sequence[str]) -> str:
    return ", ".join(names)


_TEXT = 60
"""How long a text gets that is part of a value, so that one text does not hide the others."""


def short(value: Any, most: int = 120) -> str:
    return repr(value) if isinstance(value, datetime) else cut_inside(repr(_with_short_texts(value)), most)


def _with_short_texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _text_cut(one) for name, one in value.items()}
    return [_text_cut(one) for one in value] if isinstance(value, list) else value


def _text_cut(value: Any) -> Any:
    return cut_inside(value, _TEXT) if isinstance(value, str) else _with_short_texts(value)


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def printable(text: str) -> str:
    """Escape what not every report carries, such as half of a surrogate pair or a command to a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def cut_inside(text: str, length: int) -> str:
    """Cut the middle out of what is too long, so that its beginning and its end can be read."""
    head = (length - 1) // 2
    return text if len(text) <= length else f"{text[:head]}…{text[head + 1 - length :]}"


def wrapped(text: str, indent: str = "", further: str = "    ") -> str:
    """Break a text into lines; those after the first are indented further.

    An indent that the text has of its own goes on.
    """
    own = indent + " " * (len(text) - len(text.lstrip()))
    return _filled(text.lstrip(), own, own + further)


_BEFORE_A_FACT = " " * len("AssertionError: ")


def fact(text: str) -> str:
    """Break the first sentence of a message into lines; pytest writes the name of the exception before it."""
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
    most: int = SHOWN,
    *,
    first: Iterable[int] = (),
    marked: Iterable[int] = (),
    wrap: bool = True,
) -> str:
    """Number entries, from 1 on; an entry may have several lines.

    Args:
        entries: the entries.
        most: how many are shown; the others are counted where they would stand.
        first: the numbers of those that are shown before others, if not all are.
        marked: the numbers of those that get a mark.
        wrap: whether long lines are broken; those that hold places in files are not, for who copies them.
    """
    width = max(3, len(str(len(entries))) + 1)
    indent, marks = " " * (width + 2), frozenset(marked)
    parts: list[str] = []
    last = 0
    for number in chosen(len(entries), most, first):
        parts += [f"{indent}and {number - last - 1:,} more"] if number > last + 1 else []
        mark = "*" if number in marks else " "
        entry = entries[number - 1]
        parts.append(f"{mark}{number:>{width - 1}}. {_entry(entry, indent) if wrap else entry}")
        last = number
    parts += [f"{indent}and {len(entries) - last:,} more"] if len(entries) > last else []
    return "\n".join(parts)


def chosen(count: int, most: int, first: Iterable[int] = ()) -> list[int]:
    """Return the numbers that are shown, of those from 1 to a count: some first, then from the beginning."""
    return sorted([*dict.fromkeys([*first, *range(1, count + 1)])][:most])


def _entry(text: str, indent: str) -> str:
    return "\n".join(wrapped(line, indent) for line in text.split("\n")).lstrip()
