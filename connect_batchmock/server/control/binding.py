"""A method of the mock, called by HTTP: its parameters are the keys of the request's JSON."""

from __future__ import annotations

import inspect
import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import BoundArguments, Parameter
from pathlib import Path
from typing import Any, get_type_hints

from connect_batchmock import outcomes
from connect_batchmock._text import listed, short
from connect_batchmock.outcomes import Policy
from connect_batchmock.records.handles import Contact, Queue
from connect_batchmock.records.query_types import ContactCriteria
from connect_batchmock.server.control.queries import criterion
from connect_batchmock.state.document import (
    Node,
    Reader,
    members,
    missing_key_in_state,
    parse_json,
    switch,
    text,
    texts_by_key,
)

_Unpack = import_module("typing" if sys.version_info >= (3, 11) else "typing_extensions").Unpack
_FOR_TYPE_CHECKERS = {"ContactCriteria": ContactCriteria, "Unpack": _Unpack}
"""What the annotations of methods name, and their modules import for type checkers alone."""


def node_of(body: bytes) -> Node:
    """Return what the body of a request says, which is an empty table where there is none.

    Raises:
        StateError: it is not JSON.
        ValueError: it is not UTF-8.
    """
    try:
        said = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The body of the request is not UTF-8.") from None
    return parse_json(Path(REQUEST), said if said.strip() else "{}")


def call(method: Callable[..., Any], body: bytes, readers: Mapping[Any, Reader] | None = None) -> Any:
    """Call a method with what the body of a request says, and return what it returns.

    Args:
        method: the method.
        body: JSON, a table of the parameters.
        readers: how the values of more types are read, by the type of a parameter.

    Raises:
        StateError: a key is none of the parameters, or one of them is missing or of another type.
        Exception: whatever the method raises.
    """
    signature = inspect.signature(method)
    types = get_type_hints(method, localns=_FOR_TYPE_CHECKERS)
    readers = {**_READERS, **(readers or {})}
    read = {name: readers.get(types.get(name), _anything) for name in signature.parameters}
    given = _arguments(node_of(body), method.__name__, signature.parameters, read)
    bound = BoundArguments(signature, OrderedDict(given))
    return method(*bound.args, **bound.kwargs)


def _arguments(
    place: Node, method: str, parameters: Mapping[str, Parameter], readers: Mapping[str, Reader]
) -> dict[str, Any]:
    others = next((one for one in parameters.values() if one.kind is Parameter.VAR_KEYWORD), None)
    named = {name: one for name, one in parameters.items() if one is not others}
    known = {name: readers[name] for name in named}
    if others is not None:
        known = {**dict.fromkeys(place.of_type((dict,), "a table"), readers[others.name]), **known}
    given = members(place, _call_of(method), known)
    for name, one in named.items():
        if one.default is Parameter.empty and name not in given:
            raise place.error(missing_key_in_state(_call_of(method), name))
    if others is None:
        return given
    more = {name: value for name, value in given.items() if name not in named}
    return {**{name: given[name] for name in named if name in given}, others.name: more}


# What each type of a parameter takes


def _anything(place: Node) -> Any:
    """Read a value that the method itself judges."""
    return place.value


def _or_null(read: Reader) -> Reader:
    """Return how a value is read that may be null."""
    return lambda place: None if place.value is None else read(place)


def _policy(place: Node) -> Any:
    return [_outcome(one) for one in place.entries("")] if isinstance(place.value, list) else _outcome(place)


def _outcome(place: Node) -> Any:
    """Read an outcome: its kind, with or without the times that it takes."""
    kind = place.value.get("kind") if isinstance(place.value, dict) else place.value
    make = outcomes.FACTORIES.get(kind) if isinstance(kind, str) else None
    if make is None:
        raise place.error(
            f"An outcome is one of {listed(list(outcomes.FACTORIES))}, by its name or as a table with a "
            f"'kind', not {short(kind)}."
        )
    if isinstance(place.value, str):
        return make()
    known = dict.fromkeys(["kind", *inspect.signature(make).parameters], _anything)
    given = members(place, str(kind), known)
    del given["kind"]
    return make(**given)


_READERS: Mapping[Any, Reader] = {
    str: text,
    str | None: _or_null(text),
    bool: switch,
    Queue | str | None: _or_null(text),
    Mapping[str, str] | None: _or_null(texts_by_key),
    Policy[Contact]: _policy,  # type: ignore[misc]  # mypy takes an alias for an annotation only
    _Unpack[ContactCriteria]: lambda place: criterion(place.value),
}
"""How a value is read, by the type of its parameter; the method itself judges all others."""

REQUEST = "request"
"""What a place in the JSON of a request is said to be in."""


def _call_of(method: str) -> str:
    return f"call of {method}"
