"""Snapshots: a backend as it was at a moment, to go back to.

A snapshot remembers what each thing of the backend held, and puts that back into the very same things. So
whoever has got hold of one, an instance that a test seeded or an action that is due, goes on with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from random import Random
from threading import local
from typing import Any

from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.lock import History, Lock, Turn
from connect_batchmock.engine import Engine
from connect_batchmock.protocol.errors import ServiceError
from connect_batchmock.recording import Call, FailedRequest
from connect_batchmock.services.registry import Fake
from connect_batchmock.wire.message import Response

_LEFT_ALONE = (Call, ContactEvent, FailedRequest, Fake, Response, ServiceError)
"""What never changes once it is there, so that nothing in it needs to be remembered."""

_NOT_OF_THE_BACKEND = (History, Lock, Turn, local)
"""What belongs to the threads that run now, not to the backend."""


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
_OURS = _Kind(
    read=lambda thing: dict(vars(thing)),
    write=lambda thing, content: vars(thing).update(content),
    parts=lambda thing: vars(thing).values(),
)
_CHANGING: Mapping[type, _Kind] = {
    Counter: _MAPPING,
    Random: _Kind(Random.getstate, Random.setstate, lambda thing: ()),
    defaultdict: _MAPPING,
    deque: _Kind(list, _write_deque, iter),
    dict: _MAPPING,
    list: _Kind(list, _write_list, iter),
    set: _Kind(set, _write_set, iter),
}
_UNCHANGING: Mapping[type, Callable[[Any], Iterable[Any]]] = {
    Contact: lambda contact: (contact.instance, contact.campaign, contact.queue, contact.agent),
    partial: lambda action: (*action.args, *action.keywords.values(), action.func),
    tuple: iter,
}
"""What does not change itself, with what there is in it that may."""


def _all_that_changes(engine: Engine) -> Iterator[tuple[Any, _Kind]]:
    """Yield everything in a backend that may change, each once.

    Things of others are not looked into: a test's functions, and what they hold, are its own.
    """
    seen: set[int] = set()
    found: list[Any] = [engine]
    while found:
        thing = found.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        kind = _kind_of(thing)
        if kind is not None:
            yield thing, kind
            found.extend(kind.parts(thing))
        elif type(thing) in _UNCHANGING:
            found.extend(_UNCHANGING[type(thing)](thing))


def _kind_of(thing: Any) -> _Kind | None:
    kind = _CHANGING.get(type(thing))
    if kind is not None or not type(thing).__module__.startswith("connect_batchmock."):
        return kind
    is_left_alone = isinstance(thing, (*_LEFT_ALONE, *_NOT_OF_THE_BACKEND))
    return None if is_left_alone or not hasattr(thing, "__dict__") else _OURS
