"""What the mock holds, as JSON: each thing has the names that it has in Python."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from os import PathLike, fspath
from typing import Any

from connect_batchmock.engine.event_formats import milliseconds
from connect_batchmock.records.handles import Campaign, Contact, Instance, Queue


def json_bytes(value: Any) -> bytes:
    """Return the JSON text of a value, which may be anything that the mock holds."""
    # A text may hold half of a surrogate pair, which JSON can say in ASCII alone.
    return json.dumps(to_json(value), allow_nan=False, separators=(",", ":")).encode("ascii")


def to_json(value: Any) -> Any:
    """Return a value as JSON has it; what belongs to something else is named by its id."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Mapping):
        return {str(name): to_json(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [to_json(one) for one in value]
    return _of_type(value)


def _of_type(value: Any) -> Any:
    for types, present in _PRESENTED:
        if isinstance(value, types):
            return present(value)
    assert is_dataclass(value), f"nobody has said how {type(value).__name__} looks as JSON"
    return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}


def contact(shown: Contact) -> dict[str, Any]:
    """Return all there is to a contact."""
    addresses = {"customer_address": shown.customer_address, "system_address": shown.system_address}
    members = {field.name: to_json(getattr(shown, field.name)) for field in fields(shown)}
    return {**members, **addresses}


def instance(shown: Instance) -> dict[str, Any]:
    """Return all there is to an instance."""
    names = ("id", "arn", "alias", "region", "queues", "campaigns", "phone_numbers")
    return {name: to_json(getattr(shown, name)) for name in names}


def queue(shown: Queue) -> dict[str, Any]:
    """Return all there is to a queue."""
    return {name: to_json(getattr(shown, name)) for name in ("id", "arn", "name", "enabled", "agents")}


def campaign(shown: Campaign) -> dict[str, Any]:
    """Return all there is to a campaign."""
    return {name: to_json(getattr(shown, name)) for name in ("id", "arn", "name", "queue", "state")}


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


_PRESENTED: Sequence[tuple[type | tuple[type, ...], Callable[[Any], Any]]] = (
    (float, _number),
    (datetime, milliseconds),
    (bytes, lambda value: base64.b64encode(value).decode("ascii")),
    (PathLike, fspath),
    (Contact, contact),
    (Instance, lambda value: {"id": value.id, "alias": value.alias}),
    ((Queue, Campaign), lambda value: {"id": value.id, "name": value.name}),
)
"""How what JSON has no word for is said in it."""
