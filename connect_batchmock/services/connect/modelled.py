"""What the installed model has a place for: members of AWS's shapes come with newer versions of botocore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.protocol.model import service_model


def known_members(shape: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has a value, and a place in the installed model's structure, at any depth."""
    known: dict[str, Any] = _known(service_model("connect").shape_for(shape), members)
    return known


def _known(shape: Any, value: Any) -> Any:
    if shape.type_name == "structure":
        return {
            name: _known(member, value[name])
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if shape.type_name == "map":
        return {key: _known(shape.value, entry) for key, entry in value.items()}
    return value
