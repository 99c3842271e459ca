"""Emitters that share their handlers behave as botocore's own, whichever of them changes."""

from __future__ import annotations

import copy
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import boto3
import botocore.hooks
import pytest
from botocore.hooks import EventAliaser, HierarchicalEmitter
from hypothesis import example, given
from hypothesis import strategies as st

from connect_batchmock import ConnectMock, mock_connect
from connect_batchmock.interception import event_handlers
from connect_batchmock.interception.event_handlers import SharedTrie, shared_handlers

Step = tuple[Any, ...]

MAX_EMITTERS = 4


def handler(name: str) -> Callable[..., str]:
    return lambda event_name, **_: f"{name} of {event_name}"


HANDLERS = [handler(name) for name in ("first", "second", "third")]
NAMES = ["a", "a.b", "a.b.c", "a.*.c", "*", "a.*", "b", "a.ec2", "a.b.c.d"]

emitters = st.integers(0, MAX_EMITTERS - 1)
names = st.sampled_from(NAMES)
counted = st.booleans()
unique_ids = st.sampled_from([None, None, "one", "other"])
methods = st.sampled_from(["register", "register_first", "register_last", "unregister"])
changes = st.tuples(methods, emitters, names, st.sampled_from(range(3)), unique_ids, counted)
copies = st.tuples(st.just("copy"), emitters)
emits = st.tuples(st.sampled_from(["emit", "emit_until_response"]), emitters, names)
steps = st.lists(st.one_of(changes, changes, copies, emits), max_size=30)


def outcome_of(step: Step, made: list[Any]) -> Any:
    name, emitter, *rest = step
    events = made[emitter % len(made)]
    if name == "copy":
        made[:] = [*made[-MAX_EMITTERS + 1 :], copy.copy(events)]
        return None
    if name in ("emit", "emit_until_response"):
        return getattr(events, name)(rest[0])
    event, number, unique_id, uses_count = rest
    try:
        getattr(events, name)(event, HANDLERS[number], unique_id, uses_count)
    except Exception as error:
        return repr(error)
    return None


def outcomes_of(taken: list[Step], shared_until: int) -> list[Any]:
    """Take the steps with emitters that share handlers until this step, and with all names at the end."""
    with ExitStack() as sharing:
        if shared_until:
            sharing.enter_context(shared_handlers())
        made: list[Any] = [EventAliaser(HierarchicalEmitter())]
        outcomes = []
        for number, step in enumerate(taken):
            if number == shared_until:
                sharing.close()
            outcomes.append(outcome_of(step, made))
        return [*outcomes, *([events.emit(name) for name in NAMES] for events in made)]


@given(steps, st.integers(1, 31))
@example([("register", 0, "a.b", 0, None, False), ("copy", 0), ("unregister", 0, "a.b", 0, None, False)], 9)
@example([("copy", 0), ("register", 1, "a.*", 1, None, False), ("copy", 1)], 9)
@example([("register", 0, "a.b", 0, None, False), ("copy", 0), ("unregister", 1, "a", 0, None, False)], 9)
def test_emitters_that_share_handlers_do_as_botocore_s(taken: list[Step], shared_until: int) -> None:
    assert outcomes_of(taken, shared_until) == outcomes_of(taken, 0)


def trie_of(events: Any) -> Any:
    return events._emitter._handlers


def nodes_of(node: dict[str, Any]) -> list[dict[str, Any]]:
    below = [nodes_of(child) for child in node["children"].values()]
    return [node, *(node for nodes in below for node in nodes)]


def test_a_client_copies_few_nodes_of_its_session(connect_mock: ConnectMock) -> None:
    session = boto3.Session()
    client = session.client("connect")

    assert type(trie_of(client.meta.events)) is SharedTrie
    shared = {id(node) for node in nodes_of(trie_of(session.events)._root)}
    own = [node for node in nodes_of(trie_of(client.meta.events)._root) if id(node) not in shared]
    assert len(own) < 10 < 100 < len(shared)


def test_the_handlers_of_one_client_stay_on_it(connect_mock: ConnectMock) -> None:
    session = boto3.Session()
    mine, other = session.client("connect"), session.client("connect")
    emitted: list[str] = []
    mine.meta.events.register("before-call.connect", lambda event_name, **_: emitted.append(event_name))
    later = session.client("connect")

    for client in (other, later):
        client.list_instances()
    assert emitted == []
    mine.list_instances()
    assert emitted == ["before-call.connect.ListInstances"]


def test_a_handler_of_a_session_reaches_later_clients(connect_mock: ConnectMock) -> None:
    session = boto3.Session()
    before = session.client("connect")
    emitted: list[str] = []
    session.events.register_first("before-call.connect", lambda **_: emitted.append("call"))

    before.list_instances()
    session.client("connect").list_instances()

    assert emitted == ["call"]


def test_handlers_stay_apart_after_the_mock() -> None:
    session = boto3.Session("key", "secret", region_name="us-east-1")
    with mock_connect():
        made_in_it = session.client("connect")
    made_later = session.client("connect")
    emitted: list[str] = []
    made_in_it.meta.events.register("mine", lambda **_: emitted.append("in it"))
    made_later.meta.events.register("mine", lambda **_: emitted.append("later"))
    session.events.register("mine", lambda **_: emitted.append("session"))

    for events in (made_in_it.meta.events, made_later.meta.events, session.events):
        events.emit("mine")

    assert emitted == ["in it", "later", "session"]


def test_no_handler_of_concurrent_threads_is_lost() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    with shared_handlers():
        events = copy.copy(HierarchicalEmitter())

    def register() -> None:
        for number in range(100):
            events.register(f"a.{number % 5}", HANDLERS[0])

    threads = [threading.Thread(target=register) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)

    assert sum(len(events.emit(f"a.{number}")) for number in range(5)) == 400


def test_a_trie_of_another_type_is_copied_as_before() -> None:
    class Trie(botocore.hooks._PrefixTrie):  # type: ignore[misc]
        pass

    with shared_handlers():
        trie = Trie()
        trie.append_item("a", 1)
        copied = copy.copy(trie)
        trie.append_item("a", 2)

    assert (type(copied), list(copied.prefix_search("a"))) == (Trie, [1])


def test_a_botocore_without_the_trie_shares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_handlers, "_PrefixTrie", object)
    with mock_connect():
        client = boto3.Session().client("connect")

    assert type(trie_of(client.meta.events)) is botocore.hooks._PrefixTrie
