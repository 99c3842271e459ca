"""What the model's constraints say about parameters that break them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connect_batchmock._text import listed, short


def required(path: str) -> str:
    return f"{path}: is required"


def wrong_type(path: str, value: Any, expected: str) -> str:
    return f"{path}: {short(value)} is not {expected}"


def too_small(path: str, value: Any, size: float, least: float) -> str:
    return f"{path}: {_measured(value, size)} is less than {least}"


def too_large(path: str, value: Any, size: float, most: float) -> str:
    return f"{path}: {_measured(value, size)} is more than {most}"


def not_in_enum(path: str, value: str, allowed: Sequence[str]) -> str:
    return f"{path}: {short(value)} is not one of {', '.join(allowed)}"


def does_not_match(path: str, value: str, pattern: str) -> str:
    # Some patterns stand escaped twice in the model.
    once = pattern.replace("\\\\", "\\")
    return f"{path}: {short(value)} does not match {once}"


def not_one_of_union(path: str, given: Sequence[str], members: Sequence[str]) -> str:
    return f"{path}: exactly one of {', '.join(members)} is to be given, not {len(given)}"


def unknown_member(path: str, valid: Sequence[str]) -> str:
    return f"{path}: there is no such member, there are {listed(valid) or 'none'}"


def violations(found: Sequence[str]) -> str:
    noun = "constraint is" if len(found) == 1 else "constraints are"
    return f"{len(found)} {noun} not met: {'; '.join(found)}"


def _measured(value: Any, size: float) -> str:
    if isinstance(value, str):
        return f"length {size} of {short(value)}"
    return f"{size} members" if isinstance(value, (list, Mapping)) else str(value)
