"""Where AWS returns what its own model does not allow."""

from __future__ import annotations


def is_departure(violation: str) -> bool:
    """Whether a violation is one of AWS itself: its system tags of contacts, and a resource without tags."""
    return "aws:connect" in violation or violation == "tags: 0 members is less than 1"
