"""How answers of Amazon Connect describe things: what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from connect_batchmock.domain.instance import Instance
from connect_batchmock.protocol.model import service_model


class Modified(Protocol):
    """Something that says when it was changed."""

    @property
    def updated_at(self) -> datetime: ...


def drop_empty(**members: Any) -> dict[str, Any]:
    """Return the members of an answer that have something to say: those that are not None or an empty map."""
    return {name: value for name, value in members.items() if value is not None and value != {}}


def last_modified(thing: Modified, instance: Instance) -> dict[str, Any]:
    """Return when and where something was last changed."""
    return {"LastModifiedTime": thing.updated_at, "LastModifiedRegion": instance.region.name}


Keep = Callable[[Any], Any]
"""Returns what a shape has a place for of a value."""


def drop_unknown(shape: str, members: Mapping[str, Any]) -> dict[str, Any]:
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
        return lambda value: drop_unknown(shape.name, value)
    if shape.type_name == "map":
        keep = _keep(shape.value)
        return keep and (lambda value: {key: keep(entry) for key, entry in value.items()})
    return None


def the_campaign(name: str) -> str:
    return f"the campaign {name!r}"
