"""Filters by tags, the model's ``ControlPlaneTagFilter``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def passes(tags: Mapping[str, str], tag_filter: Mapping[str, Any]) -> bool:
    """Whether tags pass a filter: one of its lists as a whole, and all that it wants beside them."""
    any_of = tag_filter.get("OrConditions", [])
    all_of = [*tag_filter.get("AndConditions", [])]
    if "TagCondition" in tag_filter:
        all_of.append(tag_filter["TagCondition"])
    return _has_all(tags, all_of) and (not any_of or any(_has_all(tags, together) for together in any_of))


def _has_all(tags: Mapping[str, str], conditions: list[Mapping[str, str]]) -> bool:
    return all(_has(tags, one.get("TagKey"), one.get("TagValue")) for one in conditions)


def _has(tags: Mapping[str, str], key: str | None, value: str | None) -> bool:
    return any(key in (None, name) and value in (None, text) for name, text in tags.items())
