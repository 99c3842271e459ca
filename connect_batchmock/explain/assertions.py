"""What an assertion says that is not met: the fact, the nearest, what to do next, and all there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from connect_batchmock._matching import Difference
from connect_batchmock._text import counted, fact, listed, numbered, short, with_article, wrapped
from connect_batchmock.explain.differing import differing

Nearest = tuple[int, Sequence[Difference]]
"""The number of the entry that comes nearest to what is wanted, and in what it differs."""


def unknown_criterion(noun: str, name: str, valid: Sequence[str]) -> str:
    what = f"{with_article(noun).capitalize()} has no {name!r} to be found by"
    plain = {one.lower(): one for one in valid}
    near = [repr(plain[one]) for one in get_close_matches(name.lower(), plain, n=2, cutoff=0.5)]
    meant = f"did you mean {' or '.join(near)}? There" if near else "there"
    return fact(f"{what}; {meant} are {listed(valid)}.")


def with_criteria(criteria: Mapping[str, Any]) -> str:
    """Return how what is wanted goes on after its noun."""
    given = ", ".join(f"{name}={short(value)}" for name, value in criteria.items())
    return f" with {given}" if given else ""


def of_operation(operation: str, parameters: Mapping[str, Any]) -> str:
    """Return how a call that is wanted goes on after its noun."""
    return f" of {operation}{with_criteria(parameters)}"


def none_matches(
    noun: str,
    wanted: str,
    because: str | None,
    nearest: Nearest | None,
    advice: str | None,
    lines: Sequence[str],
) -> str:
    return _message(f"No {noun}{wanted}.", noun, lines, because=because, nearest=nearest, advice=advice)


def several_match(
    noun: str, wanted: str, matching: Sequence[int], advice: str | None, lines: Sequence[str]
) -> str:
    what = f"{counted(len(matching), noun)}{wanted}, where one is expected."
    return _message(what, noun, lines, matching=matching, advice=advice)


def wrong_count(
    noun: str,
    wanted: str,
    expected: int,
    matching: Sequence[int],
    because: str | None,
    nearest: Nearest | None,
    advice: str | None,
    lines: Sequence[str],
) -> str:
    verb = "is" if expected == 1 else "are"
    what = f"{counted(len(matching), noun)}{wanted}, where {expected} {verb} expected."
    return _message(what, noun, lines, matching=matching, because=because, nearest=nearest, advice=advice)


def unexpected(
    noun: str, wanted: str, matching: Sequence[int], advice: str | None, lines: Sequence[str]
) -> str:
    what = f"{counted(len(matching), noun)}{wanted}, where none is expected."
    return _message(what, noun, lines, matching=matching, advice=advice)


def _message(
    what: str,
    noun: str,
    lines: Sequence[str],
    *,
    matching: Sequence[int] = (),
    because: str | None = None,
    nearest: Nearest | None = None,
    advice: str | None = None,
) -> str:
    parts = [fact(what)]
    parts += [wrapped(because, further="")] if because is not None else []
    if nearest is not None:
        of_others = " of the others" if matching else ""
        parts.append(f"The nearest{of_others} is number {nearest[0]}:\n{differing(nearest[1])}")
    parts += [wrapped(advice, further="")] if advice is not None else []
    shown_first = [*([nearest[0]] if nearest is not None else []), *matching]
    return "\n\n".join([*parts, _everything(noun, lines, matching, shown_first)])


def _everything(noun: str, lines: Sequence[str], matching: Sequence[int], shown_first: Sequence[int]) -> str:
    if not lines:
        return f"There are no {noun}s."
    # A mark tells nothing where all have it.
    marked = matching if len(matching) < len(lines) else ()
    marks = ", those that match with a mark" if marked else ""
    title = f"{counted(len(lines), noun)} in all{marks}:"
    return f"{title}\n{numbered(lines, first=shown_first, marked=marked)}"
