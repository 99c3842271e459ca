"""The rest-json protocol, from the server's side: a request's parameters, and a result's bytes.

Follows Smithy's ``aws.protocols#restJson1`` as the shapes of the model use it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.model import OperationModel, Shape

from connect_batchmock.protocol.routing import Route
from connect_batchmock.wire.message import Request

DEEPEST = 64
"""How deep a body may be nested. No call comes near it, and what is done with a value goes as deep as it."""


class Undecodable(Exception):
    """A body that is not a JSON object, or is nested too deep."""


def parse(request: Request, route: Route) -> dict[str, Any]:
    """Return the operation's parameters as a client would have passed them.

    A value of another type than the model's is kept as it came, for the constraints to name.

    Raises:
        Undecodable: the body is not a JSON object in UTF-8, or is nested too deep.
    """
    shape = route.operation.input_shape
    if shape is None:
        return {}
    query = parse_qs(urlsplit(request.url).query, keep_blank_values=True)
    body = _decode(request.body)
    parameters: dict[str, Any] = {}
    for name, member in shape.members.items():
        found = _find(name, member, route.labels, query, request.headers, body)
        if found is not None:
            parameters[name] = found
    return parameters


def _decode(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        # Decoded here, because json would guess UTF-16 and let lone surrogates through.
        decoded = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Undecodable(str(error)) from None
    if not isinstance(decoded, dict):
        raise Undecodable(f"a JSON object is expected, not {type(decoded).__name__}")
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_too_deep(decoded):
        raise Undecodable(f"it is nested more than {DEEPEST} deep")
    return decoded


def _is_too_deep(decoded: dict[str, Any]) -> bool:
    level: list[Any] = [decoded]
    for _ in range(DEEPEST):
        inside = (item for one in level for item in (one.values() if isinstance(one, dict) else one))
        level = [item for item in inside if isinstance(item, (dict, list))]
    return bool(level)


def _find(
    name: str,
    member: Shape,
    labels: Mapping[str, str],
    query: Mapping[str, list[str]],
    headers: Mapping[str, str],
    body: Mapping[str, Any],
) -> Any:
    location = member.serialization.get("location")
    wire_name = member.serialization.get("name", name)
    if location == "uri":
        return _from_text(member, labels[wire_name], "iso8601")
    if location == "querystring":
        return _from_query(member, query.get(wire_name))
    if location == "header":
        text = headers.get(wire_name.lower())
        return None if text is None else _from_text(member, text, "rfc822")
    return _from_json(member, body.get(wire_name))


def _from_query(shape: Shape, values: list[str] | None) -> Any:
    if values is None:
        return None
    if shape.type_name == "list":
        return [_from_text(shape.member, value, "iso8601") for value in values]
    return _from_text(shape, values[-1], "iso8601")


def _from_text(shape: Shape, text: str, timestamp_format: str) -> Any:
    if shape.type_name == "timestamp":
        return _as_it_came_if_wrong(_PARSE_TIME[_timestamp_format(shape, timestamp_format)], text)
    return _as_it_came_if_wrong(_FROM_TEXT.get(shape.type_name, str), text)


def _as_it_came_if_wrong(convert: Callable[[Any], Any], value: Any) -> Any:
    try:
        return convert(value)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, OSError):
        return value


_FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def _from_json(shape: Shape, value: Any) -> Any:
    """Return a JSON value as the shape has it; JSON's null is no value."""
    if value is None:
        return None
    convert = _FROM_JSON.get(shape.type_name)
    return value if convert is None else convert(shape, value)


def _structure_from_json(shape: Shape, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        item = _from_json(member, value.get(member.serialization.get("name", name)))
        if item is not None:
            found[name] = item
    return found


def _list_from_json(shape: Shape, value: Any) -> Any:
    return [_from_json(shape.member, item) for item in value] if isinstance(value, list) else value


def _map_from_json(shape: Shape, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _from_json(shape.value, item) for key, item in value.items()}


def _timestamp_from_json(shape: Shape, value: Any) -> Any:
    return _as_it_came_if_wrong(_PARSE_TIME[_timestamp_format(shape, "unixtimestamp")], value)


def _blob_from_json(shape: Shape, value: Any) -> Any:
    return _as_it_came_if_wrong(partial(base64.b64decode, validate=True), value)


_FROM_JSON: Mapping[str, Callable[[Shape, Any], Any]] = {
    "structure": _structure_from_json,
    "list": _list_from_json,
    "map": _map_from_json,
    "timestamp": _timestamp_from_json,
    "blob": _blob_from_json,
}


def _timestamp_format(shape: Shape, default: str) -> str:
    return str(shape.serialization.get("timestampFormat", default)).lower()


def _parse_iso8601(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _parse_epoch(value: Any) -> datetime:
    if isinstance(value, bool):
        raise TypeError(value)
    return datetime.fromtimestamp(float(value), timezone.utc)


_PARSE_TIME: Mapping[str, Callable[[Any], datetime]] = {
    "iso8601": _parse_iso8601,
    "rfc822": parsedate_to_datetime,
    "unixtimestamp": _parse_epoch,
}

_FORMAT_TIME: Mapping[str, Callable[[datetime], Any]] = {
    "iso8601": lambda moment: moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z"),
    "rfc822": lambda moment: format_datetime(moment.astimezone(timezone.utc), usegmt=True),
    "unixtimestamp": datetime.timestamp,
}


def serialize(operation: OperationModel, result: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a successful answer."""
    return {} if operation.output_shape is None else headers_of(operation.output_shape, result), (
        b"" if operation.output_shape is None else body_of(operation.output_shape, result)
    )


def headers_of(shape: Shape, result: Mapping[str, Any]) -> dict[str, str]:
    """Return the members of a structure that travel in headers."""
    return {
        member.serialization["name"]: _to_text(member, result[name])
        for name, member in shape.members.items()
        if member.serialization.get("location") == "header" and name in result
    }


def body_of(shape: Shape, result: Mapping[str, Any]) -> bytes:
    """Return the members of a structure that travel in the body, as JSON."""
    members = {
        member.serialization.get("name", name): _to_json(member, result[name])
        for name, member in shape.members.items()
        if "location" not in member.serialization and name in result
    }
    return json.dumps(members).encode()


def _to_text(shape: Shape, value: Any) -> str:
    if shape.type_name == "timestamp":
        return str(_FORMAT_TIME[_timestamp_format(shape, "rfc822")](value))
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _to_json(shape: Shape, value: Any) -> Any:
    if shape.type_name == "structure":
        return {
            member.serialization.get("name", name): _to_json(member, value[name])
            for name, member in shape.members.items()
            if name in value
        }
    if shape.type_name == "list":
        return [_to_json(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: _to_json(shape.value, item) for key, item in value.items()}
    if shape.type_name == "timestamp":
        return _FORMAT_TIME[_timestamp_format(shape, "unixtimestamp")](value)
    if shape.type_name == "blob":
        return base64.b64encode(value).decode()
    return value
