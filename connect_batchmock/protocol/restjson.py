"""The server's side of the rest-json protocol: it parses requests and serializes results.

Follows Smithy's ``aws.protocols#restJson1`` as the shapes of the model use it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache, partial
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

from botocore.model import OperationModel, Shape

from connect_batchmock.protocol.http import Request
from connect_batchmock.protocol.routing import Route
from connect_batchmock.protocol.validation import IsPlain, matcher_for

MAX_DEPTH = 64
"""How deep a body may be nested. API calls stay far below, and recursive functions go as deep as the body."""


class DecodeError(Exception):
    """A body is not a JSON object, or is nested too deep."""


@dataclass(frozen=True)
class Parsed:
    """The parameters of a request.

    Args:
        parameters: the parameters as a client passed them.
        is_plain: whether they are known to violate no constraint.
    """

    parameters: Mapping[str, Any]
    is_plain: bool = False


def parse(request: Request, route: Route) -> Parsed:
    """Return the operation's parameters as a client passed them.

    A value of a wrong type is kept unchanged, so that the validation reports it.

    Raises:
        DecodeError: the body is not a JSON object in UTF-8, or is nested too deep.
    """
    shape = route.operation.input_shape
    if shape is None:
        return Parsed({}, is_plain=True)
    query = parse_qs(urlsplit(request.url).query, keep_blank_values=True) if "?" in request.url else {}
    body = _decode(request.body)
    parameters: dict[str, Any] = {}
    is_plain = True
    for member in _members(shape):
        value = _find(member, route.labels, query, request.headers, body)
        if value is None:
            is_plain = is_plain and not member.is_required
        elif member.is_plain(value):
            parameters[member.name] = value
        else:
            is_plain = False
            parameters[member.name] = value if member.location else _from_json(member.shape, value)
    return Parsed(parameters, is_plain)


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of an input shape: its names, its location, and how it is parsed."""

    name: str
    wire_name: str
    location: str | None
    shape: Shape
    is_required: bool
    is_plain: IsPlain


# A cache, as the model is.
@cache
def _members(shape: Shape) -> tuple[_Member, ...]:
    return tuple(
        _Member(
            name,
            member.serialization.get("name", name),
            member.serialization.get("location"),
            member,
            name in shape.required_members,
            matcher_for(member),
        )
        for name, member in shape.members.items()
    )


def _decode(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        # json would guess UTF-16 and accept lone surrogates.
        decoded = _JSON.decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise DecodeError(str(error)) from None
    if not isinstance(decoded, dict):
        raise DecodeError(f"a JSON object is expected, not {type(decoded).__name__}")
    if _may_be_too_deep(body) and _is_too_deep(decoded):
        raise DecodeError(f"it is nested more than {MAX_DEPTH} deep")
    return decoded


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# JSON has no NaN and no Infinity; Python accepts them by default.
_JSON = json.JSONDecoder(parse_constant=_refuse_constant)

_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _may_be_too_deep(body: bytes) -> bool:
    """Whether the brackets alone, including those in strings, allow a body that is nested too deep."""
    brackets = body.translate(None, _ALL_BUT_BRACKETS)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return bool(brackets)


def _is_too_deep(decoded: dict[str, Any]) -> bool:
    level: list[Any] = [decoded]
    for _ in range(MAX_DEPTH):
        children = (child for item in level for child in (item.values() if isinstance(item, dict) else item))
        level = [child for child in children if isinstance(child, (dict, list))]
    return bool(level)


def _find(
    member: _Member,
    labels: Mapping[str, str],
    query: Mapping[str, list[str]],
    headers: Mapping[str, str],
    body: Mapping[str, Any],
) -> Any:
    """Return the value of a member from its location; text is converted."""
    if member.location is None:
        return body.get(member.wire_name)
    if member.location == "uri":
        return _from_text(member.shape, labels[member.wire_name], "iso8601")
    if member.location == "querystring":
        return _from_query(member.shape, query.get(member.wire_name))
    text = headers.get(member.wire_name.lower())
    return None if text is None else _from_text(member.shape, text, "rfc822")


def _from_query(shape: Shape, values: list[str] | None) -> Any:
    if values is None:
        return None
    if shape.type_name == "list":
        return [_from_text(shape.member, value, "iso8601") for value in values]
    return _from_text(shape, values[-1], "iso8601")


def _from_text(shape: Shape, text: str, timestamp_format: str) -> Any:
    if shape.type_name == "timestamp":
        return _converted(_PARSE_TIME[_timestamp_format(shape, timestamp_format)], text)
    return _converted(_FROM_TEXT.get(shape.type_name, str), text)


def _converted(convert: Callable[[Any], Any], value: Any) -> Any:
    """Return a converted value; one that cannot be converted is returned unchanged."""
    try:
        return convert(value)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, OSError):
        return value


_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def _number(convert: Callable[[str], Any], text: str) -> Any:
    """Return a number; Python's own functions accept more, such as ``1_000``, ``NaN`` and foreign digits."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return convert(text)


_FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "integer": partial(_number, int),
    "long": partial(_number, int),
    "float": partial(_number, float),
    "double": partial(_number, float),
    "boolean": {"true": True, "false": False}.__getitem__,
}


def _from_json(shape: Shape, value: Any) -> Any:
    """Return a JSON value in the form of the shape; null stands for no value."""
    if value is None:
        return None
    convert = _FROM_JSON.get(shape.type_name)
    return value if convert is None else convert(shape, value)


def _structure_from_json(shape: Shape, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    members: dict[str, Any] = {}
    for name, member in shape.members.items():
        item = _from_json(member, value.get(member.serialization.get("name", name)))
        if item is not None:
            members[name] = item
    return members


def _list_from_json(shape: Shape, value: Any) -> Any:
    return [_from_json(shape.member, item) for item in value] if isinstance(value, list) else value


def _map_from_json(shape: Shape, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _from_json(shape.value, item) for key, item in value.items()}


def _timestamp_from_json(shape: Shape, value: Any) -> Any:
    return _converted(_PARSE_TIME[_timestamp_format(shape, "unixtimestamp")], value)


def _blob_from_json(shape: Shape, value: Any) -> Any:
    return _converted(partial(base64.b64decode, validate=True), value)


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
    return _in_utc(datetime.fromisoformat(text.replace("Z", "+00:00")))


def _parse_rfc822(text: str) -> datetime:
    return _in_utc(parsedate_to_datetime(text))


def _in_utc(moment: datetime) -> datetime:
    # At the limits of datetime, other zones have times that UTC lacks; the conversion raises for them.
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _parse_epoch(value: Any) -> datetime:
    if isinstance(value, bool):
        raise TypeError(value)
    return datetime.fromtimestamp(float(value), timezone.utc)


_PARSE_TIME: Mapping[str, Callable[[Any], datetime]] = {
    "iso8601": _parse_iso8601,
    "rfc822": _parse_rfc822,
    "unixtimestamp": _parse_epoch,
}

_FORMAT_TIME: Mapping[str, Callable[[datetime], Any]] = {
    "iso8601": lambda moment: moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z"),
    "rfc822": lambda moment: format_datetime(moment.astimezone(timezone.utc), usegmt=True),
    "unixtimestamp": datetime.timestamp,
}


def _time_of(shape: Shape, moment: datetime, default_format: str) -> Any:
    # AWS sends milliseconds at most. Like the text of a contact event, the time is cut and not rounded.
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return _FORMAT_TIME[_timestamp_format(shape, default_format)](whole)


def serialize(operation: OperationModel, result: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a successful response."""
    shape = operation.output_shape
    return ({}, b"") if shape is None else (headers_of(shape, result), body_of(shape, result))


def headers_of(shape: Shape, result: Mapping[str, Any]) -> dict[str, str]:
    """Return the members of a structure whose location is a header."""
    return {
        member.serialization["name"]: _to_text(member, result[name])
        for name, member in shape.members.items()
        if member.serialization.get("location") == "header" and name in result
    }


def body_of(shape: Shape, result: Mapping[str, Any]) -> bytes:
    """Return the members of a structure whose location is the body, as JSON."""
    if _is_all_json(shape):
        return json.dumps(result).encode()
    members = {
        member.serialization.get("name", name): _to_json(member, result[name])
        for name, member in shape.members.items()
        if "location" not in member.serialization and name in result
    }
    return json.dumps(members).encode()


# A cache, as the model is.
@cache
def _is_all_json(shape: Shape) -> bool:
    """Whether all members of a shape travel in the body, under their own names and without a conversion."""
    return all(
        member.type_name not in ("blob", "timestamp")
        and "location" not in member.serialization
        and member.serialization.get("name", name) == name
        for name, member in _all_members(shape, set())
    )


def _all_members(shape: Shape, seen: set[str]) -> Iterator[tuple[str, Shape]]:
    if shape.name in seen:
        return
    seen.add(shape.name)
    for name, member in _parts(shape):
        yield name, member
        yield from _all_members(member, seen)


def _parts(shape: Shape) -> Iterable[tuple[str, Shape]]:
    if shape.type_name == "structure":
        return shape.members.items()  # type: ignore[no-any-return]  # botocore has no types
    if shape.type_name == "list":
        return [("", shape.member)]
    return [("", shape.value)] if shape.type_name == "map" else ()


def _to_text(shape: Shape, value: Any) -> str:
    if shape.type_name == "timestamp":
        return str(_time_of(shape, value, "rfc822"))
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
        return _time_of(shape, value, "unixtimestamp")
    if shape.type_name == "blob":
        return base64.b64encode(value).decode()
    return value
