"""Snapshots of a backend, which restore it.

A snapshot keeps the state of each object of the backend and restores it into the same object. So an instance
that a test holds, or an action that is due, still refers to the objects of the backend after a restore.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from random import Random
from typing import Any

from connect_batchmock.domain.stateful import Holder, Stateful
from connect_batchmock.engine.engine import Engine


class Snapshot:
    """The state of a mock at a moment, made by ``ConnectMock.snapshot`` for ``ConnectMock.restore``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._states = [(obj, kind, kind.read(obj)) for obj, kind in _mutable_objects(engine)]

    def is_of(self, engine: Engine) -> bool:
        """Whether the snapshot is of the mock with this engine."""
        return self._engine is engine

    def put_back(self) -> None:
        """Restore the state of every object."""
        for obj, kind, state in self._states:
            kind.write(obj, state)


@dataclass(frozen=True)
class _Kind:
    """How a snapshot treats the mutable objects of a class.

    Args:
        read: returns a copy of the state of an object.
        write: restores the state of an object.
        parts: returns the objects that an object refers to.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any, Any], None]
    parts: Callable[[Any], Iterable[Any]]


def _write_mapping(mapping: dict[Any, Any], state: Mapping[Any, Any]) -> None:
    mapping.clear()
    # A Counter's own update would count.
    dict.update(mapping, state)


def _write_ordered(mapping: OrderedDict[Any, Any], state: Mapping[Any, Any]) -> None:
    mapping.clear()
    mapping.update(state)


def _write_list(items: list[Any], state: list[Any]) -> None:
    items[:] = state


def _write_deque(items: deque[Any], state: list[Any]) -> None:
    items.clear()
    items.extend(state)


def _write_set(items: set[Any], state: set[Any]) -> None:
    items.clear()
    items.update(state)


def _in_mapping(mapping: Mapping[Any, Any]) -> Iterable[Any]:
    return chain(mapping, mapping.values())


_MAPPING = _Kind(dict, _write_mapping, _in_mapping)
_STATEFUL = _Kind(Stateful.snapshot_state, Stateful.restore_state, lambda obj: vars(obj).values())
_BUILT_IN: Mapping[type, _Kind] = {
    Counter: _MAPPING,
    OrderedDict: _Kind(dict, _write_ordered, _in_mapping),
    Random: _Kind(Random.getstate, Random.setstate, lambda random: ()),
    defaultdict: _MAPPING,
    deque: _Kind(list, _write_deque, iter),
    dict: _MAPPING,
    list: _Kind(list, _write_list, iter),
    set: _Kind(set, _write_set, iter),
}


def _kind_of(cls: type) -> _Kind | None:
    """Return how a snapshot treats the objects of a class, or None if they do not change."""
    return _STATEFUL if issubclass(cls, Stateful) else _BUILT_IN.get(cls)


def _parts_of_immutable(cls: type) -> Callable[[Any], Iterable[Any]]:
    """Return a function that yields the objects to which an immutable object of a class refers."""
    if issubclass(cls, Holder):
        return cls.held
    if cls is partial:
        return lambda action: (*action.args, *action.keywords.values(), action.func)
    return iter if cls is tuple else lambda obj: ()


def _mutable_objects(engine: Engine) -> Iterator[tuple[Any, _Kind]]:
    """Yield every mutable object of a backend once.

    The functions of a test, and the objects that they hold, belong to the test.
    """
    kinds: dict[type, _Kind | None] = {}
    parts: dict[type, Callable[[Any], Iterable[Any]]] = {}
    seen: set[int] = set()
    stack: list[Any] = [engine]
    while stack:
        obj = stack.pop()
        if id(obj) in seen:
            continue
        seen.add(id(obj))
        cls = type(obj)
        if cls not in kinds:
            kinds[cls] = kind = _kind_of(cls)
            parts[cls] = _parts_of_immutable(cls) if kind is None else kind.parts
        kind = kinds[cls]
        if kind is not None:
            yield obj, kind
        stack.extend(parts[cls](obj))
