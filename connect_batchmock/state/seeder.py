"""From what a state file says to what a mock begins with, by the ways in which a test seeds it too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from connect_batchmock._text import listed
from connect_batchmock.records.handles import Campaign, Instance, SeedError
from connect_batchmock.state.document import (
    Node,
    Reader,
    meant,
    members,
    missing_key_in_state,
    number,
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


_STATE: Mapping[str, Reader] = {"instances": tables}
_INSTANCE: Mapping[str, Reader] = {
    "alias": text,
    "id": text,
    "region": text,
    "phone_numbers": texts,
    "queues": tables,
    "campaigns": tables,
    "profiles": tables,
}
_QUEUE: Mapping[str, Reader] = {"name": text, "id": text, "enabled": switch, "agents": whole_number}
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
"""What brings a new campaign into each state."""


def seed(state: Node, add_instance: AddInstance) -> None:
    """Seed everything that a file says.

    Raises:
        StateError: something in it cannot be.
    """
    for place in members(state, STATE_FILE, _STATE).get("instances", ()):
        _seed_instance(place, add_instance)


def _seed_instance(place: Node, add_instance: AddInstance) -> None:
    given = members(place, "instance", _INSTANCE)
    queues, campaigns, profiles = (given.pop(name, ()) for name in ("queues", "campaigns", "profiles"))
    phone_numbers = given.pop("phone_numbers", ())
    with _located(place):
        instance = add_instance(**given)
    for index, phone_number in enumerate(phone_numbers):
        with _located(place, "phone_numbers", index):
            instance.add_phone_number(phone_number)
    for one in queues:
        _seed_queue(one, instance)
    for one in campaigns:
        _seed_campaign(one, instance)
    for one in profiles:
        _seed_profile(one, instance)


def _seed_queue(place: Node, instance: Instance) -> None:
    given = members(place, "queue", _QUEUE)
    agents = given.pop("agents", 0)
    with _located(place):
        queue = instance.add_queue(**given)
    if agents:
        with _located(place, "agents"):
            queue.add_agents(agents)


def _seed_campaign(place: Node, instance: Instance) -> None:
    given = members(place, "campaign", _CAMPAIGN)
    state = given.pop("state", "Initialized")
    if state not in _WAYS_TO:
        raise place.error(_no_such_campaign_state(state, list(_WAYS_TO)), "state")
    with _located(place):
        campaign = instance.add_campaign(**given)
    for step in _WAYS_TO[state]:
        step(campaign)


def _seed_profile(place: Node, instance: Instance) -> None:
    given = members(place, "profile", _PROFILE)
    if "number" not in given:
        raise place.error(missing_key_in_state("profile", "number"))
    with _located(place):
        instance.add_profile(**given)


@contextmanager
def _located(place: Node, *below: str | int) -> Iterator[None]:
    """Say of what cannot be seeded where it stands: under the parameter's name, or else as is said here."""
    try:
        yield
    except SeedError as refused:
        raise place.error(str(refused), *(below or (refused.parameter,))) from None


# State files and snapshots

STATE_FILE = "state file"


def _no_such_campaign_state(state: str, valid: Sequence[str]) -> str:
    return f"A campaign cannot begin as {state!r}{meant(state, valid)} There are {listed(valid)}."
