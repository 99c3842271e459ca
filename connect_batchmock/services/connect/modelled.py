"""What the installed model has a place for: members of AWS's shapes come with newer versions of botocore."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from connect_batchmock.protocol.model import service_model

Keep = Callable[[Any], Any]
"""Returns what a shape has a place for of a value."""


def known_members(shape: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has a value, and a place in the installed model's structure, at any depth."""
    return {
        name: value if keep is None else keep(value)
        for name, keep in _members_of(shape).items()
        if (value := members.get(name)) is not None
    }


def names_in(shape: str) -> Collection[str]:
    """Return the names of the members that a structure has in the installed model."""
    return _members_of(shape).keys()


@cache
def _members_of(shape: str) -> Mapping[str, Keep | None]:
    """Return the members of a structure, with what goes through their values where there is more in them."""
    members = service_model("connect").shape_for(shape).members
    return {name: _keep(member) for name, member in members.items()}


def _keep(shape: Any) -> Keep | None:
    if shape.type_name == "structure":
        return lambda value: known_members(shape.name, value)
    if shape.type_name == "map":
        keep = _keep(shape.value)
        return keep and (lambda value: {key: keep(entry) for key, entry in value.items()})
    return None
