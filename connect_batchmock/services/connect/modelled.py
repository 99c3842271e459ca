"""What the installed model has a place for: members of AWS's shapes come with newer versions of botocore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.protocol.model import service_model


def known_members(shape: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a structure that have a value, and a place in the installed model."""
    known = service_model("connect").shape_for(shape).members
    return {name: value for name, value in members.items() if name in known and value is not None}
