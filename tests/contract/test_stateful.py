"""Snapshots know every class of the backend: they keep its state, or its state never changes."""

from __future__ import annotations

import typing
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import connect_batchmock
from connect_batchmock.domain.stateful import Holder, Stateful

PACKAGE = Path(connect_batchmock.__file__).parent
BACKEND = ("domain", "engine", "outcomes", "services")

NOT_KEPT = {
    "connect_batchmock.engine.simulation._Deciding": "belongs to a thread",
    "connect_batchmock.domain.contact.ContactEvent": "its contact is immutable",
    "connect_batchmock.domain.contact_store.ContactView": "belongs to the reader",
    "connect_batchmock.domain.locks.History": "changes when a snapshot is restored",
    "connect_batchmock.domain.locks.Lock": "belongs to the threads that run now",
    "connect_batchmock.domain.locks.ReentryGuard": "belongs to the threads that run now",
    "connect_batchmock.domain.scheduler.Inside": "belongs to a thread",
    "connect_batchmock.domain.versioned_list.View": "belongs to the reader",
    "connect_batchmock.domain.versioned_list._Changes": "belongs to the views of a list",
    "connect_batchmock.engine.engine.Exchange": "lives as long as one attempt",
    "connect_batchmock.engine.faults.CallFaults": "lives as long as one attempt",
    "connect_batchmock.engine.snapshot.Snapshot": "keeps the state of the others",
    "connect_batchmock.services.campaigns.dial_requests._RequestBatch": "lives as long as one call",
    "connect_batchmock.services.connect.batch_put_contact._Decision": "lives as long as one call",
    "connect_batchmock.services.connect.current_metrics._Group": "lives as long as one call",
    "connect_batchmock.services.connect.contact_members.Form": "is made once, when its module is loaded",
    "connect_batchmock.services.context.Attempt": "lives as long as one attempt",
    "connect_batchmock.services.context.Context": "refers only to objects of the engine",
}
"""The classes that no snapshot keeps although their objects change, with the reason."""


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
    """Whether a snapshot keeps the objects of a class or what they refer to, or whether they never change."""
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
    """Whether objects of this type change, or refer to objects that do."""
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


def test_no_reason_is_given_for_a_class_that_is_gone() -> None:
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
