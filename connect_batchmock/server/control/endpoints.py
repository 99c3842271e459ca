"""What can be asked of a mock by HTTP: what it shows, and each of its methods that does something."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request

from connect_batchmock._text import listed
from connect_batchmock.engine.snapshot import Snapshot
from connect_batchmock.records.handles import Campaign, Queue
from connect_batchmock.server.control import encoding
from connect_batchmock.server.control.binding import call, node_of
from connect_batchmock.server.control.changes import ChangeFeed
from connect_batchmock.server.control.queries import Search, single
from connect_batchmock.server.control.responses import NoSuchResourceError
from connect_batchmock.server.served import Mock
from connect_batchmock.state.document import Node, text
from connect_batchmock.state.seeder import seed

RECORDS = ("contacts", "calls", "failed_requests", "events", "contact_records")
"""What is searched by the criteria that ``where`` takes."""

METHODS = (
    "add_instance",
    "advance",
    "passthrough",
    "assert_called",
    "assert_contact_count",
    "assert_contact_created",
    "assert_no_contacts",
    "assert_no_double_dials",
    "assert_no_pending_faults",
    "assert_no_unfaked_calls",
    "assert_no_unresolved_failures",
    "describe_calls",
    "fail",
    "limit_rate",
    "lose_response",
    "on_dial",
    "refuse_connection",
    "reject_contacts",
    "reject_requests",
    "reset",
    "reset_connection",
)
"""The methods of a mock that can be called with what JSON can say."""

METHODS_OF: Mapping[str, tuple[str, ...]] = {
    "instances": ("add_campaign", "add_phone_number", "add_profile", "add_queue"),
    "queues": ("add_agents", "delete", "disable", "enable"),
    "campaigns": ("delete", "fail", "pause", "resume", "start", "stop"),
}
"""Likewise, the methods of what is in it."""

MAX_SNAPSHOTS = 10

Read = Callable[[Request], Any]
Act = Callable[[Request, bytes], Any]


class Control:
    """Reads and changes one mock.

    Args:
        connect_mock: the mock.
        changes: looks at it.
    """

    def __init__(self, connect_mock: Mock, changes: ChangeFeed) -> None:
        self._mock = connect_mock
        self._changes = changes
        self._snapshots: OrderedDict[str, Snapshot] = OrderedDict()
        self._snapshots_made = 0

    def reads(self) -> dict[str, Read]:
        """Return what can be read, by its path."""
        records = {name: self._read_records(name) for name in RECORDS}
        others: dict[str, Callable[[], Any]] = {
            "instances": lambda: {"instances": [*map(encoding.instance, self._mock.instances)]},
            "queues": lambda: {"queues": self._queues()},
            "campaigns": lambda: {"campaigns": self._campaigns()},
            "faults": lambda: self._changes.faults(),
            "now": lambda: {"now": self._mock.now()},
            "settings": lambda: {"settings": self._mock.settings},
            "unfaked_operations": lambda: {"unfaked_operations": self._mock.unfaked_operations},
        }
        return {
            **records,
            **{name: _without_query(read) for name, read in others.items()},
            "changes": self._read_changes,
        }

    def acts(self) -> dict[str, Act]:
        """Return what can be done, by its path."""
        return {
            **{name: self._call(name) for name in METHODS},
            **{
                f"{kind}/{{id}}/{name}": self._call_on(kind, name)
                for kind, names in METHODS_OF.items()
                for name in names
            },
            "seed": self._seed,
            "snapshot": self._snapshot,
            "restore": self._restore,
        }

    # Reading

    def _read_records(self, name: str) -> Read:
        def read(request: Request) -> dict[str, Any]:
            search = Search.of(request.query_params.multi_items())
            shown, found = search.find(getattr(self._mock, name))
            passed = search.after + len(shown)
            return {name: shown, "count": found, "next": passed if passed < found else None}

        return read

    def _read_changes(self, request: Request) -> Any:
        query = single(request.query_params.multi_items())
        after = query.pop("after", "")
        _refuse_any(query, ["after"])
        return self._changes.since(after)

    def _queues(self) -> list[dict[str, Any]]:
        of = ((instance, queue) for instance in self._mock.instances for queue in instance.queues)
        return [{**encoding.queue(queue), "instance": instance} for instance, queue in of]

    def _campaigns(self) -> list[dict[str, Any]]:
        of = ((instance, campaign) for instance in self._mock.instances for campaign in instance.campaigns)
        return [{**encoding.campaign(campaign), "instance": instance} for instance, campaign in of]

    # Doing

    def _call(self, name: str) -> Act:
        return lambda request, body: call(getattr(self._mock, name), body)

    def _call_on(self, kind: str, name: str) -> Act:
        def act(request: Request, body: bytes) -> Any:
            made = call(getattr(self._find(kind, request.path_params["id"]), name), body)
            return _ALL_OF.get(type(made), _itself)(made)

        return act

    def _find(self, kind: str, given: str) -> Any:
        things = {
            thing.id: thing
            for instance in self._mock.instances
            for thing in ([instance] if kind == "instances" else getattr(instance, kind))
        }
        if given not in things:
            raise NoSuchResourceError(_nothing_with_id(kind.removesuffix("s"), given, list(things)))
        return things[given]

    def _seed(self, request: Request, body: bytes) -> None:
        place = node_of(body)
        before = self._mock.snapshot()
        try:
            seed(place, self._mock.add_instance)
        except BaseException:
            # All of it is seeded, or nothing.
            self._mock.restore(before)
            raise

    def _snapshot(self, request: Request, body: bytes) -> str:
        def snapshot() -> Snapshot:
            return self._mock.snapshot()

        made = call(snapshot, body)
        self._snapshots_made += 1
        name = f"snapshot-{self._snapshots_made}"
        self._snapshots[name] = made
        if len(self._snapshots) > MAX_SNAPSHOTS:
            self._snapshots.popitem(last=False)
        return name

    def _restore(self, request: Request, body: bytes) -> None:
        call(self._mock.restore, body, {Snapshot: self._snapshot_named})

    def _snapshot_named(self, place: Node) -> Snapshot:
        name = text(place)
        if name not in self._snapshots:
            raise place.error(_no_such_snapshot(name, list(self._snapshots)))
        return self._snapshots[name]


_ALL_OF: Mapping[type, Callable[[Any], Any]] = {Queue: encoding.queue, Campaign: encoding.campaign}


def _itself(value: Any) -> Any:
    return value


def _without_query(read: Callable[[], Any]) -> Read:
    def of_request(request: Request) -> Any:
        _refuse_any(request.query_params, [])
        return read()

    return of_request


def _refuse_any(query: Mapping[str, str], valid: list[str]) -> None:
    for name in query:
        raise ValueError(_not_in_query(name, valid))


def _not_in_query(name: str, valid: Sequence[str]) -> str:
    there = f"there are {listed(valid)}" if valid else "it takes none"
    return f"The query has {name!r}, which means nothing here; {there}."


def _nothing_with_id(noun: str, given: str, present: Sequence[str]) -> str:
    there = f"There are {listed(present)}." if present else f"There is no {noun} at all: seed one first."
    return f"There is no {noun} with the id {given!r}. {there}"


def _no_such_snapshot(name: str, present: Sequence[str]) -> str:
    there = f"There are {listed(present)}." if present else "None was made: POST /_mock/snapshot makes one."
    return f"There is no snapshot {name!r}; only the last are kept. {there}"
