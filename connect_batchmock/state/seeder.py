"""Seeds a mock from a state file, with the methods by which a test seeds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from connect_batchmock.domain.campaign import Campaign, Schedule, Telephony
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.queue import OutboundCaller, Queue
from connect_batchmock.records import handles
from connect_batchmock.records.handles import backing_instance
from connect_batchmock.records.seed_arguments import SeedError, reject_conflicts
from connect_batchmock.services.campaigns.configuration import message_channels_of, stored_settings
from connect_batchmock.services.campaigns.telephony import unchecked_telephony
from connect_batchmock.state.document import Node
from connect_batchmock.state.format import (
    AGENT,
    CAMPAIGN,
    CHANNELS,
    INSTANCE,
    PROFILE,
    QUEUE,
    SHORTHAND,
    STATE,
)


class AddInstance(Protocol):
    """Adds an instance, as ``ConnectMock.add_instance`` does."""

    def __call__(
        self, alias: str | None = None, *, id: str | None = None, region: str | None = None
    ) -> handles.Instance: ...


def seed(state: Node, add_instance: AddInstance) -> None:
    """Seed the resources of a state file.

    Args:
        state: the parsed file.
        add_instance: adds an instance to the mock.

    Raises:
        StateError: the content of the file is invalid.
    """
    for node in STATE.read(state).get("instances", ()):
        keywords = INSTANCE.read(node)
        added = {name: keywords.pop(name) for name in ("alias", "id", "region") if name in keywords}
        with _located(node):
            instance = add_instance(**added)
        _InstanceSeeder(node, instance, keywords).seed()


class _InstanceSeeder:
    """Seeds what an instance has.

    Args:
        node: the table of the instance.
        instance: the instance.
        keywords: the values of the table, without those with which the instance was added.
    """

    def __init__(self, node: Node, instance: handles.Instance, keywords: Mapping[str, Any]) -> None:
        self._node = node
        self._instance = instance
        self._resource = backing_instance(instance)
        self._keywords = keywords
        self._deleted_queues: dict[str, Queue] = {}

    def seed(self) -> None:
        """Seed it all, in an order in which each resource finds those that it refers to."""
        self._configure()
        self._add_phone_numbers()
        for kind, seed_node in (
            ("queues", self._add_queue),
            ("agents", self._add_agent),
            ("campaigns", self._add_campaign),
            ("profiles", self._add_profile),
        ):
            for node in self._keywords.get(kind, ()):
                seed_node(node)

    def _configure(self) -> None:
        resource, keywords = self._resource, self._keywords
        with resource.region.backend.transaction():
            for name in ("identity_management_type", "communication_limits"):
                setattr(resource, name, keywords.get(name, getattr(resource, name)))
            resource.tags.update(keywords.get("tags", {}))
            _set_attributes(resource, keywords.get("attributes", {}))
            if not keywords.get("onboarded", True):
                resource.onboarding, resource.onboarding_job = None, None
            if not keywords.get("basic_queue", True):
                assert resource.basic_queue is not None, "no queue was added yet"
                resource.remove_queue(resource.basic_queue)

    def _add_phone_numbers(self) -> None:
        for index, keywords in enumerate(self._keywords.get("phone_numbers", ())):
            with _located(self._node, "phone_numbers", index):
                number = self._instance.add_phone_number(keywords["number"], id=keywords.get("id"))
            with self._resource.region.backend.transaction():
                self._resource.phone_numbers[number.id] = replace(
                    number, description=keywords.get("description"), tags=keywords.get("tags", {})
                )

    def _add_queue(self, node: Node) -> None:
        keywords = QUEUE.read(node)
        added = {name: keywords[name] for name in ("name", "id", "enabled") if name in keywords}
        with _located(node):
            queue = self._instance.add_queue(**added)
        if keywords.get("agents"):
            queue.add_agents(keywords["agents"])
        resource = self._resource.queue(queue.id)
        resource.description = keywords.get("description")
        resource.max_contacts = keywords.get("max_contacts")
        if "outbound_caller" in keywords:
            resource.outbound_caller = OutboundCaller(**keywords["outbound_caller"])
        resource.tags.update(keywords.get("tags", {}))

    def _add_agent(self, node: Node) -> None:
        keywords = AGENT.read(node)
        tags = keywords.pop("tags", {})
        with _located(node):
            agent = self._instance.add_agent(**keywords)
        self._resource.agent(agent.id).tags.update(tags)

    def _add_campaign(self, node: Node) -> None:
        keywords = CAMPAIGN.read(node)
        configuration = keywords.get("configuration", {})
        _refuse_shorthand_beside_channels(node, keywords)
        added = {name: keywords[name] for name in ("name", "id", *SHORTHAND) if name in keywords}
        flow_id = added.pop("flow_id", None)
        with _located(node):
            campaign = self._resource.campaign(self._instance.add_campaign(**added).id)
        with self._resource.region.backend.transaction():
            if CHANNELS in configuration:
                self._set_channels(node, campaign, configuration[CHANNELS])
            elif flow_id is not None:
                assert campaign.telephony is not None, "add_campaign configures it"
                campaign.telephony = replace(campaign.telephony, flow_id=flow_id)
            campaign.settings |= stored_settings(configuration)
            campaign.tags |= keywords.get("tags", {})
            # A campaign that ended in a schedule that is over has that schedule, and does not start.
            campaign.state = keywords.get("state", campaign.state)
            if "schedule" in configuration:
                self._resource.schedule(campaign, _schedule(node, configuration["schedule"]))

    def _set_channels(self, node: Node, campaign: Campaign, channels: Mapping[str, Any]) -> None:
        config = channels.get("telephony")
        campaign.telephony = None if config is None else self._telephony(node, config)
        campaign.settings |= message_channels_of(channels)

    def _telephony(self, node: Node, config: Mapping[str, Any]) -> Telephony:
        telephony = unchecked_telephony(config, self._queue_of(node, config.get("connectQueueId")))
        if telephony.queue is None and not telephony.is_agentless:
            raise node.error(
                f"A campaign in {telephony.mode} mode dials for the agents of a queue; give its "
                f"connectQueueId.",
                *_PATH_TO_QUEUE_ID[:-1],
            )
        return telephony

    def _queue_of(self, node: Node, queue_id: str | None) -> Queue | None:
        """Return the queue with the id that a ``channelSubtypeConfig`` has, a deleted one included."""
        if queue_id is None:
            return None
        deleted = node.value.get("deleted_queue", {})
        if queue_id == deleted.get("id") and queue_id not in self._deleted_queues:
            with _located(node, "deleted_queue"), reject_conflicts(queue_id):
                self._deleted_queues[queue_id] = self._resource.deleted_queue(**deleted)
        queues = {**self._resource.queues, **self._deleted_queues}
        if queue_id not in queues:
            raise node.error(
                f"The instance {self._resource.alias!r} has no queue with the id {queue_id!r}; add it, or "
                f"name it as the deleted_queue of the campaign.",
                *_PATH_TO_QUEUE_ID,
            )
        return queues[queue_id]

    def _add_profile(self, node: Node) -> None:
        keywords = PROFILE.read(node)
        with _located(node):
            self._instance.add_profile(**keywords)


_PATH_TO_QUEUE_ID = ("configuration", CHANNELS, "telephony", "connectQueueId")


def _set_attributes(instance: Instance, attributes: Mapping[str, bool]) -> None:
    switches = {"INBOUND_CALLS": "inbound_calls", "OUTBOUND_CALLS": "outbound_calls"}
    for name, is_on in attributes.items():
        if name in switches:
            setattr(instance, switches[name], is_on)
        else:
            instance.attributes[name] = "true" if is_on else "false"


def _refuse_shorthand_beside_channels(node: Node, keywords: Mapping[str, Any]) -> None:
    for name in SHORTHAND:
        if name in keywords and CHANNELS in keywords.get("configuration", {}):
            raise node.error(
                f"A campaign takes {name!r} or the {CHANNELS} of its configuration, not both.", name
            )


def _schedule(node: Node, config: Mapping[str, Any]) -> Schedule:
    start, end = config["startTime"], config["endTime"]
    if end <= start:
        raise node.error(
            f"The endTime {end.isoformat()} must be after the startTime {start.isoformat()}.",
            *("configuration", "schedule", "endTime"),
        )
    return Schedule(start, end, config.get("refreshFrequency"))


@contextmanager
def _located(node: Node, *below: str | int) -> Iterator[None]:
    """Turn a ``SeedError`` into a ``StateError`` at a position below a node, by default at the parameter."""
    try:
        yield
    except SeedError as error:
        raise node.error(str(error), *(below or (error.parameter,))) from None
