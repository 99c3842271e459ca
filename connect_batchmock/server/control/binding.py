"""Calls of Python methods by HTTP: the keys of the request's JSON are the parameters."""

from __future__ import annotations

import inspect
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from inspect import BoundArguments, Parameter
from pathlib import Path
from typing import Any, get_type_hints

from connect_batchmock import outcomes
from connect_batchmock._text import listed, short
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.outcomes import Policy
from connect_batchmock.records.calling_hours import Hours
from connect_batchmock.records.handles import Contact, Queue
from connect_batchmock.records.query_types import ContactCriteria, EventCriteria
from connect_batchmock.records.time_zones import TimeZone
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
_FOR_TYPE_CHECKERS = {
    "ContactCriteria": ContactCriteria,
    "EventCriteria": EventCriteria,
    "Hours": Hours,
    "TimeZone": TimeZone,
    "Unpack": _Unpack,
}
"""The names in annotations of methods that their modules import for type checkers only."""


def node_of(body: bytes) -> Node:
    """Return the parsed body of a request; an empty body is an empty table.

    Raises:
        StateError: the body is not JSON.
        ValueError: the body is not UTF-8.
    """
    try:
        decoded = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The body of the request is not UTF-8.") from None
    return parse_json(Path(REQUEST), decoded if decoded.strip() else "{}")


def call_method(method: Callable[..., Any], body: bytes, readers: Mapping[Any, Reader] | None = None) -> Any:
    """Call a method with the parameters in the body of a request, and return what it returns.

    Args:
        method: the method.
        body: JSON, a table of the parameters.
        readers: further readers of parameters, by type.

    Raises:
        StateError: a key is not a parameter, or a parameter is missing or has a wrong type.
        Exception: the exception that the method raises.
    """
    signature = inspect.signature(method)
    types = get_type_hints(method, localns=_FOR_TYPE_CHECKERS)
    readers = {**_READERS, **(readers or {})}
    read = {name: readers.get(types.get(name), _anything) for name in signature.parameters}
    arguments = _arguments(node_of(body), method.__name__, signature.parameters, read)
    bound = BoundArguments(signature, OrderedDict(arguments))
    return method(*bound.args, **bound.kwargs)


def _arguments(
    node: Node, method: str, parameters: Mapping[str, Parameter], readers: Mapping[str, Reader]
) -> dict[str, Any]:
    noun = f"call of {method}"
    keywords = next((param for param in parameters.values() if param.kind is Parameter.VAR_KEYWORD), None)
    named = {name: param for name, param in parameters.items() if param is not keywords}
    known = {name: readers[name] for name in named}
    if keywords is not None:
        known = {**dict.fromkeys(node.of_type((dict,), "a table"), readers[keywords.name]), **known}
    values = members(node, noun, known)
    for name, param in named.items():
        if param.default is Parameter.empty and name not in values:
            raise node.error(missing_key_in_state(noun, name))
    if keywords is None:
        return values
    further = {name: value for name, value in values.items() if name not in named}
    return {**{name: values[name] for name in named if name in values}, keywords.name: further}


# Readers, by the type of a parameter


def _anything(node: Node) -> Any:
    """Return a value that the method checks itself."""
    return node.value


def _or_null(read: Reader) -> Reader:
    """Return a reader that accepts null, too."""
    return lambda node: None if node.value is None else read(node)


def _policy(node: Node) -> Any:
    if isinstance(node.value, list):
        return [_outcome(entry) for entry in node.entries("")]
    return _mix(node) if isinstance(node.value, dict) and "mix" in node.value else _outcome(node)


def _endings(node: Node) -> list[str | Outcome]:
    """Return endings of contacts: disconnect reasons, statuses, and outcomes by name or as tables."""
    return [_ending(entry) for entry in node.entries("a list of endings")]


def _ending(node: Node) -> str | Outcome:
    is_outcome = not isinstance(node.value, str) or node.value in outcomes.FACTORIES
    return _outcome(node) if is_outcome else text(node)


def _outcome(node: Node) -> Outcome:
    """Return an outcome: its name, or a table with its kind and its parameters."""
    return _make(node, *_factory_and_params(node))


def _mix(node: Node) -> outcomes.Mix:
    """Return a mix of outcomes: a table with a list of outcomes, each with its weight, and a seed."""
    values = members(node, "mix", {"mix": _weights, "seed": _anything})
    return outcomes.mix(values.pop("mix"), **values)


def _weights(node: Node) -> dict[Outcome, Any]:
    weights: dict[Outcome, Any] = {}
    for entry in node.entries("a list of outcomes, each with a 'weight'"):
        make, params = _factory_and_params(entry, "weight")
        if "weight" not in params:
            raise entry.error(missing_key_in_state(f"{make.__name__} in a mix", "weight"))
        weight = params.pop("weight")
        weights[_make(entry, make, params)] = weight
    return weights


def _factory_and_params(node: Node, *further: str) -> tuple[Callable[..., Outcome], dict[str, Any]]:
    """Return the function and the parameters of an outcome, whose table may have further keys."""
    kind = node.value.get("kind") if isinstance(node.value, dict) else node.value
    make = outcomes.FACTORIES.get(kind) if isinstance(kind, str) else None
    if make is None:
        raise node.error(
            f"An outcome is one of {listed(list(outcomes.FACTORIES))}, by its name or as a table with a "
            f"'kind', not {short(kind)}."
        )
    if isinstance(node.value, str):
        return make, {}
    known = dict.fromkeys(["kind", *inspect.signature(make).parameters, *further], _anything)
    params = members(node, make.__name__, known)
    del params["kind"]
    return make, params


def _make(node: Node, make: Callable[..., Outcome], params: Mapping[str, Any]) -> Outcome:
    for name, param in inspect.signature(make).parameters.items():
        if param.default is Parameter.empty and name not in params:
            raise node.error(missing_key_in_state(f"{make.__name__} outcome", name))
    return make(**params)


_READERS: Mapping[Any, Reader] = {
    str: text,
    str | None: _or_null(text),
    bool: switch,
    Contact | str: text,
    Queue | str | None: _or_null(text),
    Mapping[str, str] | None: _or_null(texts_by_key),
    Iterable[str | Outcome] | None: _or_null(_endings),
    Policy[Contact]: _policy,  # type: ignore[misc]  # mypy takes an alias for an annotation only
    **dict.fromkeys((_Unpack[ContactCriteria], _Unpack[EventCriteria]), lambda node: criterion(node.value)),
}
"""The reader of a parameter, by its type; the method itself checks parameters of other types."""

REQUEST = "request"
"""The name that messages give to the source of a node, in place of a file."""
