"""The JSON of the HTTP API: a resource and its members have the names that they have in Python."""

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
from connect_batchmock.records.handles import Agent, Campaign, Contact, Instance, Queue


def json_bytes(value: Any) -> bytes:
    """Return the JSON text of any value that the mock holds."""
    # A string may hold half of a surrogate pair, which JSON can write in ASCII only.
    return json.dumps(to_json(value), allow_nan=False, separators=(",", ":")).encode("ascii")


def to_json(value: Any) -> Any:
    """Return a value as JSON has it; a resource inside another one is written as its id and name."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Mapping):
        return {str(name): to_json(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [to_json(item) for item in value]
    return _encoded(value)


def _encoded(value: Any) -> Any:
    for types, encode in _ENCODERS:
        if isinstance(value, types):
            return encode(value)
    assert is_dataclass(value), f"{type(value).__name__} has no encoder"
    return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}


def contact(shown: Contact) -> dict[str, Any]:
    """Return the members of a contact that change only with the contact itself."""
    addresses = {"customer_address": shown.customer_address, "system_address": shown.system_address}
    members = {field.name: to_json(getattr(shown, field.name)) for field in fields(shown)}
    return {**members, **addresses}


def instance(shown: Instance) -> dict[str, Any]:
    """Return all members of an instance."""
    names = ("id", "arn", "alias", "region", "queues", "campaigns", "agents", "phone_numbers")
    return {name: to_json(getattr(shown, name)) for name in names}


def queue(shown: Queue) -> dict[str, Any]:
    """Return all members of a queue."""
    return {name: to_json(getattr(shown, name)) for name in ("id", "arn", "name", "enabled", "agents")}


def campaign(shown: Campaign) -> dict[str, Any]:
    """Return all members of a campaign."""
    return {name: to_json(getattr(shown, name)) for name in ("id", "arn", "name", "queue", "state")}


def agent(shown: Agent) -> dict[str, Any]:
    """Return all members of an agent."""
    names = ("id", "arn", "username", "status", "activity", "queues")
    return {name: to_json(getattr(shown, name)) for name in names}


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


_ENCODERS: Sequence[tuple[type | tuple[type, ...], Callable[[Any], Any]]] = (
    (float, _number),
    (datetime, milliseconds),
    (bytes, lambda value: base64.b64encode(value).decode("ascii")),
    (PathLike, fspath),
    (Contact, lambda value: {**contact(value), "waiting_for": value.waiting_for}),
    (Instance, lambda value: {"id": value.id, "alias": value.alias}),
    ((Queue, Campaign), lambda value: {"id": value.id, "name": value.name}),
    (Agent, lambda value: {"id": value.id, "username": value.username}),
)
"""The encoders of values that JSON has no type for."""
