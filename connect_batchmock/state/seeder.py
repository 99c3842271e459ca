"""Seeds a mock from a state file, with the methods by which a test seeds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from connect_batchmock._text import listed
from connect_batchmock.records.handles import Campaign, Instance
from connect_batchmock.records.seed_arguments import SeedError
from connect_batchmock.state.document import (
    Node,
    Reader,
    members,
    missing_key_in_state,
    number,
    suggestion,
    switch,
    tables,
    text,
    texts,
    texts_by_key,
    whole_number,
)


class AddInstance(Protocol):
    """Adds an instance, as ``ConnectMock.add_instance`` does."""

    def __call__(
        self, alias: str | None = None, *, id: str | None = None, region: str | None = None
    ) -> Instance: ...


STATE_FILE = "state file"
"""The noun for the outermost table of a state file."""

_STATE: Mapping[str, Reader] = {"instances": tables}
_INSTANCE: Mapping[str, Reader] = {
    "alias": text,
    "id": text,
    "region": text,
    "phone_numbers": texts,
    "queues": tables,
    "agents": tables,
    "campaigns": tables,
    "profiles": tables,
}
_QUEUE: Mapping[str, Reader] = {"name": text, "id": text, "enabled": switch, "agents": whole_number}
_AGENT: Mapping[str, Reader] = {
    "username": text,
    "queues": texts,
    "id": text,
    "first_name": text,
    "last_name": text,
    "email": text,
    "status": text,
}
_CAMPAIGN: Mapping[str, Reader] = {
    "name": text,
    "id": text,
    "queue": text,
    "mode": text,
    "bandwidth_allocation": number,
    "source_number": text,
    "answer_machine_detection": switch,
    "state": text,
}
_PROFILE: Mapping[str, Reader] = {"number": text, "attributes": texts_by_key}

_WAYS_TO: Mapping[str, tuple[Callable[[Campaign], None], ...]] = {
    "Initialized": (),
    "Running": (Campaign.start,),
    "Paused": (Campaign.start, Campaign.pause),
    "Stopped": (Campaign.start, Campaign.stop),
    "Failed": (Campaign.fail,),
}
"""The methods that bring a new campaign into each state."""


def seed(state: Node, add_instance: AddInstance) -> None:
    """Seed the resources of a state file.

    Args:
        state: the parsed file.
        add_instance: adds an instance to the mock.

    Raises:
        StateError: the content of the file is invalid.
    """
    for node in members(state, STATE_FILE, _STATE).get("instances", ()):
        _seed_instance(node, add_instance)


def _seed_instance(node: Node, add_instance: AddInstance) -> None:
    keywords = members(node, "instance", _INSTANCE)
    queues, agents, campaigns, profiles = (
        keywords.pop(name, ()) for name in ("queues", "agents", "campaigns", "profiles")
    )
    phone_numbers = keywords.pop("phone_numbers", ())
    with _located(node):
        instance = add_instance(**keywords)
    for index, phone_number in enumerate(phone_numbers):
        with _located(node, "phone_numbers", index):
            instance.add_phone_number(phone_number)
    for queue in queues:
        _seed_queue(queue, instance)
    for agent in agents:
        _seed_agent(agent, instance)
    for campaign in campaigns:
        _seed_campaign(campaign, instance)
    for profile in profiles:
        _seed_profile(profile, instance)


def _seed_queue(node: Node, instance: Instance) -> None:
    keywords = members(node, "queue", _QUEUE)
    agents = keywords.pop("agents", 0)
    with _located(node):
        queue = instance.add_queue(**keywords)
    if agents:
        with _located(node, "agents"):
            queue.add_agents(agents)


def _seed_agent(node: Node, instance: Instance) -> None:
    keywords = members(node, "agent", _AGENT)
    if "queues" not in keywords:
        raise node.error(missing_key_in_state("agent", "queues"))
    with _located(node):
        instance.add_agent(**keywords)


def _seed_campaign(node: Node, instance: Instance) -> None:
    keywords = members(node, "campaign", _CAMPAIGN)
    state = keywords.pop("state", "Initialized")
    if state not in _WAYS_TO:
        states = list(_WAYS_TO)
        raise node.error(
            f"A campaign cannot start in the state {state!r}{suggestion(state, states)} The states are "
            f"{listed(states)}.",
            "state",
        )
    with _located(node):
        campaign = instance.add_campaign(**keywords)
    for step in _WAYS_TO[state]:
        step(campaign)


def _seed_profile(node: Node, instance: Instance) -> None:
    keywords = members(node, "profile", _PROFILE)
    if "number" not in keywords:
        raise node.error(missing_key_in_state("profile", "number"))
    with _located(node):
        instance.add_profile(**keywords)


@contextmanager
def _located(node: Node, *below: str | int) -> Iterator[None]:
    """Turn a ``SeedError`` into a ``StateError`` at a position below a node, by default at the parameter."""
    try:
        yield
    except SeedError as error:
        raise node.error(str(error), *(below or (error.parameter,))) from None
