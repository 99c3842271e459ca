"""Snapshots: a backend as it was at a moment, to go back to.

A snapshot remembers the state of each object of the backend, and puts it back into the very same object. So
an instance that a test seeded, or an action that is due, goes on with what it holds.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from random import Random
from typing import Any

from connect_batchmock.domain.stateful import Holder, Stateful
from connect_batchmock.engine.engine import Engine


class Snapshot:
    """The whole backend of a mock at a moment, from ``ConnectMock.snapshot`` for ``ConnectMock.restore``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept = [(thing, kind, kind.read(thing)) for thing, kind in _all_that_changes(engine)]

    def is_of(self, engine: Engine) -> bool:
        """Whether it is of this backend."""
        return self._engine is engine

    def put_back(self) -> None:
        """Let the backend be as it was."""
        for thing, kind, content in self._kept:
            kind.write(thing, content)


@dataclass(frozen=True)
class _Kind:
    """How a kind of things is remembered.

    Args:
        read: returns a copy of what such a thing holds.
        write: lets it hold that again.
        parts: what there is in it that may change as well.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any, Any], None]
    parts: Callable[[Any], Iterable[Any]]


def _write_mapping(thing: dict[Any, Any], content: Mapping[Any, Any]) -> None:
    thing.clear()
    # A Counter's own update would count.
    dict.update(thing, content)


def _write_list(thing: list[Any], content: list[Any]) -> None:
    thing[:] = content


def _write_deque(thing: deque[Any], content: list[Any]) -> None:
    thing.clear()
    thing.extend(content)


def _write_set(thing: set[Any], content: set[Any]) -> None:
    thing.clear()
    thing.update(content)


def _in_mapping(thing: Mapping[Any, Any]) -> Iterable[Any]:
    return chain(thing, thing.values())


_MAPPING = _Kind(dict, _write_mapping, _in_mapping)
_STATEFUL = _Kind(Stateful.snapshot_state, Stateful.restore_state, lambda thing: vars(thing).values())
_BUILT_IN: Mapping[type, _Kind] = {
    Counter: _MAPPING,
    Random: _Kind(Random.getstate, Random.setstate, lambda thing: ()),
    defaultdict: _MAPPING,
    deque: _Kind(list, _write_deque, iter),
    dict: _MAPPING,
    list: _Kind(list, _write_list, iter),
    set: _Kind(set, _write_set, iter),
}


def _kind_of(cls: type) -> _Kind | None:
    """Return how the objects of a class are remembered, or None where they do not change."""
    return _STATEFUL if issubclass(cls, Stateful) else _BUILT_IN.get(cls)


def _held_by(cls: type) -> Callable[[Any], Iterable[Any]]:
    """Return what finds, in the objects of a class that does not change, those that may."""
    if issubclass(cls, Holder):
        return cls.held
    if cls is partial:
        return lambda action: (*action.args, *action.keywords.values(), action.func)
    return iter if cls is tuple else lambda thing: ()


def _all_that_changes(engine: Engine) -> Iterator[tuple[Any, _Kind]]:
    """Yield everything in a backend that may change, each once.

    Things of others are not looked into: a test's functions, and what they hold, are its own.
    """
    kinds: dict[type, _Kind | None] = {}
    held: dict[type, Callable[[Any], Iterable[Any]]] = {}
    seen: set[int] = set()
    found: list[Any] = [engine]
    while found:
        thing = found.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        cls = type(thing)
        if cls not in kinds:
            kinds[cls] = kind = _kind_of(cls)
            held[cls] = _held_by(cls) if kind is None else kind.parts
        kind = kinds[cls]
        if kind is not None:
            yield thing, kind
        found.extend(held[cls](thing))
