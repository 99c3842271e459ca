"""The members of responses that several operations of Amazon Connect have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from connect_batchmock.domain.instance import Instance
from connect_batchmock.protocol.model import service_model


class Modified(Protocol):
    """A resource that has a time of its last change."""

    @property
    def updated_at(self) -> datetime: ...


def drop_empty(**members: Any) -> dict[str, Any]:
    """Return the members of a response, without those that are None or an empty map."""
    return {name: value for name, value in members.items() if value is not None and value != {}}


def last_modified(resource: Modified, instance: Instance) -> dict[str, Any]:
    """Return the members with the time and the region of the last change of a resource."""
    return {"LastModifiedTime": resource.updated_at, "LastModifiedRegion": instance.region.name}


Keep = Callable[[Any], Any]
"""Returns a value without the members that are unknown to its shape."""


def drop_unknown(shape: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that are not None and known to the installed model's structure, at any depth."""
    return {
        name: value if keep is None else keep(value)
        for name, keep in _members_of(shape).items()
        if (value := members.get(name)) is not None
    }


def names_in(shape: str) -> Collection[str]:
    """Return the names of the members of a structure in the installed model."""
    return _members_of(shape).keys()


@cache
def _members_of(shape: str) -> Mapping[str, Keep | None]:
    """Return the members of a structure, with the function that filters a nested value, or None."""
    members = service_model("connect").shape_for(shape).members
    return {name: _keep(member) for name, member in members.items()}


def _keep(shape: Any) -> Keep | None:
    if shape.type_name == "structure":
        return lambda value: drop_unknown(shape.name, value)
    if shape.type_name == "map":
        keep = _keep(shape.value)
        return keep and (lambda value: {key: keep(entry) for key, entry in value.items()})
    return None
