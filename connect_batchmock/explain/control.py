"""What is wrong with what is asked of a served mock under ``/_mock/``."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from connect_batchmock._text import listed, short

REQUEST = "request"
"""What a place in the JSON of a request is said to be in."""


def repeated_in_query(name: str) -> str:
    return (
        f"The query has {name!r} twice; give it once. Several values for one criterion cannot be told apart."
    )


def not_a_number_in_query(name: str, given: str, least: int, most: int | None) -> str:
    until = "on" if most is None else f"to {most:,}"
    return f"The query's {name} takes a whole number from {least} {until}, not {given!r}."


def not_in_query(name: str, valid: Sequence[str]) -> str:
    there = f"there are {listed(valid)}" if valid else "it takes none"
    return f"The query has {name!r}, which means nothing here; {there}."


def no_such_endpoint(path: str, valid: Sequence[str]) -> str:
    near = get_close_matches(path, valid, n=3)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no {path!r} under /_mock/.{meant} There are {listed(valid)}."


def other_method(path: str, given: str, valid: Sequence[str]) -> str:
    return f"{path!r} is asked with {' or '.join(valid)}, not with {given}."


def nothing_with_id(noun: str, given: str, present: Sequence[str]) -> str:
    there = f"There are {listed(present)}." if present else f"There is no {noun} at all: seed one first."
    return f"There is no {noun} with the id {given!r}. {there}"


def call_of(method: str) -> str:
    return f"call of {method}"


def no_such_outcome_by_name(kind: object, valid: Sequence[str]) -> str:
    return (
        f"An outcome is one of {listed(valid)}, by its name or as a table with a 'kind', not {short(kind)}."
    )


def no_such_snapshot(name: str, present: Sequence[str]) -> str:
    there = f"There are {listed(present)}." if present else "None was made: POST /_mock/snapshot makes one."
    return f"There is no snapshot {name!r}; only the last are kept. {there}"


def request_not_utf_8() -> str:
    return "The body of the request is not UTF-8."


def too_many_streams(most: int) -> str:
    return f"{most} streams are open, which is as many as there can be; close one, and try again."
