"""The endpoints of the HTTP API: the records and resources of a mock, and the methods that change it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from starlette.requests import Request

from connect_batchmock._text import listed
from connect_batchmock.engine.faults import CONTACTS, REQUESTS
from connect_batchmock.engine.snapshot import Snapshot
from connect_batchmock.protocol.errors import COMMON_ERRORS, modeled_errors
from connect_batchmock.protocol.model import operation_model, service_model
from connect_batchmock.records.handles import Agent, Campaign, Queue
from connect_batchmock.server.control import encoding
from connect_batchmock.server.control.binding import call_method, node_of
from connect_batchmock.server.control.changes import ChangeFeed
from connect_batchmock.server.control.queries import Search, single
from connect_batchmock.server.control.responses import NoSuchResourceError
from connect_batchmock.server.environment import environment_of, export_lines
from connect_batchmock.server.served import Mock
from connect_batchmock.services.registry import FAKES
from connect_batchmock.state.document import Node, text
from connect_batchmock.state.seeder import seed

RECORDS = ("contacts", "calls", "failed_requests", "events", "contact_records")
"""The records, which a query searches by the criteria of ``where``."""

METHODS = (
    "add_instance",
    "advance",
    "passthrough",
    "assert_called",
    "assert_contact_count",
    "assert_contact_created",
    "assert_event",
    "assert_no_calls_outside_hours",
    "assert_no_contacts",
    "assert_no_customer_called_too_often",
    "assert_no_double_dials",
    "assert_no_pending_faults",
    "assert_no_unfaked_calls",
    "assert_no_unresolved_failures",
    "delay",
    "delivery",
    "describe_calls",
    "describe_contact",
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
"""The methods of a mock whose parameters JSON can express."""

WAITS = ("wait_for_call", "wait_for_contact")
"""The methods of a mock that wait, and whose parameters JSON can express."""

METHODS_OF: Mapping[str, tuple[str, ...]] = {
    "instances": (
        "add_agent",
        "add_campaign",
        "add_phone_number",
        "add_profile",
        "add_queue",
        "fail_onboarding",
    ),
    "queues": ("add_agents", "delete", "disable", "enable"),
    "agents": ("set_status",),
    "campaigns": ("delete", "fail", "pause", "resume", "start", "stop"),
}
"""The methods of the resources in a mock whose parameters JSON can express."""

MAX_SNAPSHOTS = 10
"""How many snapshots the server keeps."""

Read = Callable[[Request], Any]
Act = Callable[[Request, bytes], Any]


class Control:
    """The functions behind the endpoints of one mock.

    Args:
        connect_mock: the mock.
        changes: the change feed of the mock.
    """

    def __init__(self, connect_mock: Mock, changes: ChangeFeed) -> None:
        self._mock = connect_mock
        self._changes = changes
        self._snapshots: OrderedDict[str, Snapshot] = OrderedDict()
        self._snapshot_count = 0

    def reads(self) -> dict[str, Read]:
        """Return the functions that read, by path."""
        records = {name: self._read_records(name) for name in RECORDS}
        others: dict[str, Callable[[], Any]] = {
            "instances": lambda: {"instances": [*map(encoding.instance, self._mock.instances)]},
            "queues": lambda: {"queues": self._queues()},
            "campaigns": lambda: {"campaigns": self._campaigns()},
            "agents": lambda: {"agents": self._agents()},
            "faults": lambda: self._changes.faults(),
            "fault_choices": _fault_choices,
            "now": lambda: {"now": self._mock.now()},
            "state": lambda: self._mock.state(),
            "settings": lambda: {"settings": self._mock.settings},
            "unfaked_operations": lambda: {"unfaked_operations": self._mock.unfaked_operations},
        }
        return {
            **records,
            **{name: _without_query(read) for name, read in others.items()},
            "changes": self._read_changes,
            "environment": self._read_environment,
        }

    def acts(self) -> dict[str, Act]:
        """Return the functions that act, by path."""
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

    def waits(self) -> dict[str, Act]:
        """Return the functions that wait, by path."""
        return {name: self._call(name) for name in WAITS}

    # Reading

    def _read_records(self, name: str) -> Read:
        def read(request: Request) -> dict[str, Any]:
            search = Search.of(request.query_params.multi_items())
            records, count = search.find(getattr(self._mock, name))
            end = search.after + len(records)
            return {name: records, "count": count, "next": end if end < count else None}

        return read

    def _read_changes(self, request: Request) -> Any:
        query = single(request.query_params.multi_items())
        after = query.pop("after", "")
        _refuse_params(query, ["after"])
        return self._changes.since(after)

    def _read_environment(self, request: Request) -> dict[str, Any]:
        _refuse_params(request.query_params, [])
        # A client behind a tunnel has another address of the server than the server itself.
        environment = environment_of(f"http://{request.url.netloc}", self._mock.settings.region)
        return {"environment": environment, "exports": export_lines(environment)}

    def _queues(self) -> list[dict[str, Any]]:
        return [
            {**encoding.queue(queue), "instance": instance}
            for instance in self._mock.instances
            for queue in instance.queues
        ]

    def _campaigns(self) -> list[dict[str, Any]]:
        return [
            {**encoding.campaign(campaign), "instance": instance}
            for instance in self._mock.instances
            for campaign in instance.campaigns
        ]

    def _agents(self) -> list[dict[str, Any]]:
        return [
            {**encoding.agent(agent), "instance": instance}
            for instance in self._mock.instances
            for agent in instance.agents
        ]

    # Acting

    def _call(self, name: str) -> Act:
        return lambda request, body: call_method(getattr(self._mock, name), body)

    def _call_on(self, kind: str, name: str) -> Act:
        def act(request: Request, body: bytes) -> Any:
            resource = self._find(kind, request.path_params["id"])
            result = call_method(getattr(resource, name), body)
            return [_shown(entry) for entry in result] if isinstance(result, list) else _shown(result)

        return act

    def _find(self, kind: str, resource_id: str) -> Any:
        resources = {
            resource.id: resource
            for instance in self._mock.instances
            for resource in ([instance] if kind == "instances" else getattr(instance, kind))
        }
        if resource_id not in resources:
            noun = kind.removesuffix("s")
            advice = (
                f"The ids are {listed(list(resources))}."
                if resources
                else f"The mock has no {noun}s: seed one first."
            )
            raise NoSuchResourceError(f"No {noun} has the id {resource_id!r}. {advice}")
        return resources[resource_id]

    def _seed(self, request: Request, body: bytes) -> None:
        node = node_of(body)
        before = self._mock.snapshot()
        try:
            seed(node, self._mock.add_instance)
        except BaseException:
            # A seed that fails changes nothing.
            self._mock.restore(before)
            raise

    def _snapshot(self, request: Request, body: bytes) -> str:
        def snapshot() -> Snapshot:
            return self._mock.snapshot()

        made = call_method(snapshot, body)
        self._snapshot_count += 1
        name = f"snapshot-{self._snapshot_count}"
        self._snapshots[name] = made
        if len(self._snapshots) > MAX_SNAPSHOTS:
            self._snapshots.popitem(last=False)
        return name

    def _restore(self, request: Request, body: bytes) -> None:
        call_method(self._mock.restore, body, {Snapshot: self._snapshot_named})

    def _snapshot_named(self, node: Node) -> Snapshot:
        name = text(node)
        if name not in self._snapshots:
            advice = (
                f"The names are {listed(list(self._snapshots))}."
                if self._snapshots
                else "POST /_mock/snapshot makes one."
            )
            raise node.error(
                f"No snapshot has the name {name!r}; the server keeps the last {MAX_SNAPSHOTS}. {advice}"
            )
        return self._snapshots[name]


_ENCODERS: Mapping[type, Callable[[Any], Any]] = {
    Queue: encoding.queue,
    Campaign: encoding.campaign,
    Agent: encoding.agent,
}
"""The encoders of resources that a method returns."""


def _shown(result: Any) -> Any:
    encode = _ENCODERS.get(type(result))
    return result if encode is None else encode(result)


@cache
def _fault_choices() -> dict[str, Any]:
    """Return what a fault can be planned with, by the models.

    Returns:
        The ``operations`` with a fake and the errors that the models list for each, the ``common_errors`` of
        all operations, the ``reasons`` of ``reject_contacts``, and the ``codes`` of ``reject_requests``.
    """
    errors: dict[str, dict[str, None]] = {}
    known = [key for key in FAKES if key[1] in service_model(key[0]).operation_names]
    for service, operation in sorted(known, key=lambda key: key[1]):
        modeled = modeled_errors(operation_model(service, operation))
        errors.setdefault(operation, {}).update(dict.fromkeys(modeled))
    return {
        "operations": {operation: list(codes) for operation, codes in errors.items()},
        "common_errors": list(COMMON_ERRORS),
        "reasons": CONTACTS.reasons,
        "codes": list(dict.fromkeys(code for batch in REQUESTS for code in batch.reasons)),
    }


def _without_query(read: Callable[[], Any]) -> Read:
    def of_request(request: Request) -> Any:
        _refuse_params(request.query_params, [])
        return read()

    return of_request


def _refuse_params(query: Mapping[str, str], valid: list[str]) -> None:
    for name in query:
        takes = f"only {listed(valid)}" if valid else "no parameters"
        raise ValueError(f"The query has {name!r}, but this path takes {takes}.")
