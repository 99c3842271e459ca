"""How answers of Amazon Connect describe things: what they have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from connect_batchmock.domain.instance import Instance


class Modified(Protocol):
    """Something that says when it was changed."""

    @property
    def updated_at(self) -> datetime: ...


def described(**members: Any) -> dict[str, Any]:
    """Return the members of an answer that have something to say: those that are not None or an empty map."""
    return {name: value for name, value in members.items() if value is not None and value != {}}


def last_modified(thing: Modified, instance: Instance) -> dict[str, Any]:
    """Return when and where something was last changed."""
    return {"LastModifiedTime": thing.updated_at, "LastModifiedRegion": instance.region.name}
