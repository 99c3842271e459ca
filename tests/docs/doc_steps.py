"""The steps of a documentation page: files, commands, and their output.

A block of Python whose caption names a file is written there: as the whole file; with ``, at the end`` behind
the rest; with ``, before`` or ``, after`` and how a line of the file begins beside that line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"^```(?:\{code-block\} python\n:caption: (?P<caption>[^\n]+)\n\n|(?P<kind>console|text)\n)"
    r"(?P<content>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_CAPTION = re.compile(r"(?P<file>[\w./-]+)(?:, (?P<where>at the end|before|after)(?: (?P<line>.+))?)?")
_SECONDS = re.compile(r"in\\ [0-9]+\\\.[0-9]+s")


@dataclass(frozen=True)
class Step:
    """A block of a page: ``console``, ``text``, or a ``file`` whose caption says where the content goes."""

    kind: str
    content: str
    caption: str = ""


def steps_of(page: Path) -> Iterator[Step]:
    """Yield the steps of a page, in their order."""
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield Step(found["kind"] or "file", found["content"], found["caption"] or "")


def write(step: Step, folder: Path) -> None:
    """Write a step's content where its caption says, in a folder."""
    said = _CAPTION.fullmatch(step.caption)
    assert said is not None, step.caption
    path = folder / said["file"]
    if said["where"] is None:
        path.write_text(step.content, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = len(lines) if said["line"] is None else _place(lines, said["line"], said["where"])
    path.write_text("".join([*lines[:at], step.content, *lines[at:]]), encoding="utf-8")


def _place(lines: list[str], line: str, where: str) -> int:
    (at,) = (number for number, text in enumerate(lines) if text.lstrip().startswith(line))
    return at + 1 if where == "after" else at


def patterns_of(step: Step) -> list[str]:
    """Return an expression for each line that a command prints; "..." stands for lines that are not shown.

    How long something took differs every time.
    """
    lines = [re.escape(line) for line in step.content.splitlines() if line != "..."]
    return [f"^{re.sub(_SECONDS, 'in [0-9.]+s', line)}\\s*$" for line in lines]
