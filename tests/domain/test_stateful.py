"""Snapshots know every class of the backend: they keep its state, or its state never changes."""

from __future__ import annotations

import typing
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from typing import Any, get_type_hints

import pytest
from checkout import PACKAGE

from connect_batchmock.domain.stateful import Holder, Stateful

BACKEND = ("domain", "engine", "outcomes", "services")

NOT_KEPT = {
    "connect_batchmock.engine.simulation._InPolicy": "belongs to a thread",
    "connect_batchmock.domain.contact.ContactEvent": "its contact is one of the book, as it was",
    "connect_batchmock.domain.contact_store.ContactView": "belongs to the reader",
    "connect_batchmock.domain.locks.History": "is another one after a snapshot is restored",
    "connect_batchmock.domain.locks.Lock": "belongs to the threads that run now",
    "connect_batchmock.domain.locks.ReentryGuard": "belongs to the threads that run now",
    "connect_batchmock.domain.scheduler.Inside": "belongs to a thread",
    "connect_batchmock.domain.versioned_list.View": "belongs to the reader",
    "connect_batchmock.domain.versioned_list._Changes": "belongs to the views of a list",
    "connect_batchmock.engine.delivery.Message": "its contact is one of the book, as it was",
    "connect_batchmock.engine.engine.Exchange": "lives as long as one attempt",
    "connect_batchmock.engine.faults.CallFaults": "lives as long as one attempt",
    "connect_batchmock.engine.listeners.Targets": "belongs to the servers that run now",
    "connect_batchmock.engine.waiters.Waiters": "belongs to the threads that wait now",
    "connect_batchmock.engine.waiters._Countdown": "lives as long as one wait",
    "connect_batchmock.engine.snapshot.Snapshot": "keeps the state of the others",
    "connect_batchmock.services.campaigns.dial_requests._RequestBatch": "lives as long as one call",
    "connect_batchmock.services.connect.batch_put_contact._Decision": "lives as long as one call",
    "connect_batchmock.services.connect.current_metrics._MetricGroup": "lives as long as one call",
    "connect_batchmock.services.connect.historical_metrics._Dials": "lives as long as one call",
    "connect_batchmock.services.connect.contact_members.Form": "is made once, when its module is loaded",
    "connect_batchmock.services.context.Attempt": "lives as long as one attempt",
    "connect_batchmock.services.context.Context": "refers only to objects of the engine",
}
"""Mutable classes that a snapshot does not copy, with the reason."""


def modules() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[1] in BACKEND:
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def classes() -> Iterator[type]:
    """Yield every class that a module of the backend defines."""
    for name in modules():
        for value in vars(import_module(name)).values():
            if isinstance(value, type) and value.__module__ == name:
                yield value


def name_of(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def is_known(cls: type) -> bool:
    """Whether a snapshot copies the objects of a class or what they hold, or they never change."""
    is_form = typing.is_typeddict(cls) or getattr(cls, "_is_protocol", False)
    if is_form or issubclass(cls, (BaseException, Enum, Stateful, Holder)):
        return True
    return is_unchanging(cls) and not any(may_change(hint) for hint in hints_of(cls))


def is_unchanging(cls: type) -> bool:
    params = getattr(cls, "__dataclass_params__", None)
    return params.frozen if is_dataclass(cls) else hasattr(cls, "_fields")


def hints_of(cls: type) -> list[Any]:
    return list(get_type_hints(cls).values())


def may_change(hint: Any) -> bool:
    """Whether a value of this type is mutable or holds a mutable one."""
    if any(map(may_change, typing.get_args(hint))):
        return True
    kind = typing.get_origin(hint) or hint
    return isinstance(kind, type) and issubclass(kind, (Stateful, Holder, dict, list, set, deque))


CLASSES = {name_of(cls): cls for cls in classes()}


@pytest.mark.parametrize("name", CLASSES)
def test_a_snapshot_knows_the_class(name: str) -> None:
    assert is_known(CLASSES[name]) is (name not in NOT_KEPT), (
        f"{name}: make it Stateful if its attributes change, or a Holder if it refers to objects that change"
    )


def test_each_class_that_is_not_kept_exists() -> None:
    assert NOT_KEPT.keys() <= CLASSES.keys()


def test_a_class_that_is_new_and_unknown_would_be_found() -> None:
    class Unknown:
        def __init__(self) -> None:
            self.counted = 0

    class Leading(typing.NamedTuple):
        counts: defaultdict[str, int]

    class Kept(Stateful):
        counted = 0

    assert [is_known(cls) for cls in (Unknown, Leading, Kept)] == [False, False, True]
