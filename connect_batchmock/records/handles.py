"""The resources that a test seeds, as live handles: instances, queues, campaigns; and their contacts."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from connect_batchmock.domain import agent as _agent
from connect_batchmock.domain import campaign as _campaign
from connect_batchmock.domain import contact as _contact
from connect_batchmock.domain import instance as _instance
from connect_batchmock.domain import queue as _queue
from connect_batchmock.domain.campaign import CustomerProfile, Telephony
from connect_batchmock.domain.contact import Endpoint
from connect_batchmock.domain.errors import CampaignStateError
from connect_batchmock.domain.phone_numbers import PhoneNumber
from connect_batchmock.protocol.literals import (
    AnsweringMachineDetectionStatus,
    CampaignState,
    ContactState,
    InstanceOnboardingJobFailureCode,
)
from connect_batchmock.records.contact_search import DERIVED, ContactSearch
from connect_batchmock.records.handle import Handle
from connect_batchmock.records.obstacles import wait_of
from connect_batchmock.records.seed_arguments import (
    SeedError,
    check_failure_code,
    check_length,
    check_number,
    check_profile_id,
    check_share,
    check_switch,
    check_text,
    check_texts,
    queue_named,
    reject_conflicts,
    valid_mode,
)
from connect_batchmock.records.timeline import TimelineEntry, timeline_of
from connect_batchmock.services.errors import wrong_campaign_state

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from connect_batchmock.records.query_types import ContactCriteria

MAX_AGENTS = 10_000
"""The maximum of one ``add_agents`` call: each agent is an object, and a typo must not fill the memory."""


class Queue(Handle):
    """A live view of a queue of an instance."""

    def __init__(self, queue: _queue.Queue, instance: _instance.Instance) -> None:
        self._queue = queue
        self._instance = instance

    @property
    def id(self) -> str:
        """The id, a UUID: a ``QueueId`` of the API."""
        return self._queue.id

    @property
    def arn(self) -> str:
        """The ARN."""
        return self._queue.arn

    @property
    def name(self) -> str:
        """The name, unique in the instance."""
        return self._queue.name

    @property
    def enabled(self) -> bool:
        """Whether the queue accepts contacts."""
        return self._queue.enabled

    def enable(self) -> None:
        """Enable the queue, like ``UpdateQueueStatus`` with ``ENABLED``: it accepts contacts."""
        self._switch(True)

    def disable(self) -> None:
        """Disable the queue, like ``UpdateQueueStatus`` with ``DISABLED``: it rejects new contacts."""
        self._switch(False)

    def _switch(self, enabled: bool) -> None:
        backend = self._instance.region.backend
        with backend.transaction():
            self._queue.enabled = enabled
            self._queue.updated_at = backend.scheduler.now

    def delete(self) -> None:
        """Remove the queue from its instance, even if a campaign uses it. Its contacts stay."""
        with self._instance.region.backend.transaction():
            self._instance.remove_queue(self._queue)

    @property
    def agents(self) -> list[Agent]:
        """The agents who serve the queue, in the order in which they were added."""
        with self._instance.region.backend.lock:
            return [Agent(agent, self._instance) for agent in self._queue.staff.agents]

    def add_agents(self, count: int) -> list[Agent]:
        """Add available agents to the queue, with numbered usernames.

        Args:
            count: the number of agents, from 1 to 10,000.

        Returns:
            The agents.

        Raises:
            SeedError: the count is invalid.
        """
        if type(count) is not int or not 1 <= count <= MAX_AGENTS:
            raise SeedError("count", f"add_agents takes an integer from 1 to {MAX_AGENTS:,}, not {count!r}.")
        with self._instance.region.backend.transaction():
            return [Agent(agent, self._instance) for agent in self._instance.add_agents(self._queue, count)]

    @property
    def contacts(self) -> Contacts:
        """The contacts of this queue, in the order of creation."""
        return _contacts_of(self._instance, "queue", self.id)

    def __repr__(self) -> str:
        return f"<Queue name={self.name!r} id={self.id!r}>"


class Campaign(Handle):
    """A live view of an outbound campaign of an instance."""

    def __init__(self, campaign: _campaign.Campaign, instance: _instance.Instance) -> None:
        self._campaign = campaign
        self._instance = instance

    @property
    def id(self) -> str:
        """The id, a UUID: a ``CampaignId`` of the API."""
        return self._campaign.id

    @property
    def arn(self) -> str:
        """The ARN."""
        return self._campaign.arn

    @property
    def name(self) -> str:
        """The name, unique in the instance."""
        return self._campaign.name

    @property
    def queue(self) -> Queue | None:
        """The queue whose agents take the calls, or None for an agentless campaign."""
        queue = self._campaign.queue
        return None if queue is None else Queue(queue, self._instance)

    @property
    def state(self) -> CampaignState:
        """The state: a value of ``CampaignState`` in the model."""
        self._instance.region.backend.run_due()
        return self._campaign.state

    @property
    def communication_time(self) -> Mapping[str, Any]:
        """The ``communicationTimeConfig``, which version 2 of the service configures; may be empty."""
        return self._setting("communicationTimeConfig")

    @property
    def communication_limits(self) -> Mapping[str, Any]:
        """The ``communicationLimitsOverride``, which version 2 of the service configures; may be empty."""
        return self._setting("communicationLimitsOverride")

    def _setting(self, name: str) -> Mapping[str, Any]:
        with self._instance.region.backend.lock:
            return copy.deepcopy(self._campaign.settings.get(name, {}))

    def start(self) -> None:
        """Start the campaign, like ``StartCampaign``.

        Raises:
            ValueError: the state of the campaign does not allow it.
        """
        self._change("start")

    def pause(self) -> None:
        """Pause the campaign, like ``PauseCampaign``: its contacts wait.

        Raises:
            ValueError: the state of the campaign does not allow it.
        """
        self._change("pause")

    def resume(self) -> None:
        """Resume the campaign, like ``ResumeCampaign``.

        Raises:
            ValueError: the state of the campaign does not allow it.
        """
        self._change("resume")

    def stop(self) -> None:
        """Stop the campaign, like ``StopCampaign``: it dials no more contacts.

        Raises:
            ValueError: the state of the campaign does not allow it.
        """
        self._change("stop")

    def fail(self) -> None:
        """Put the campaign into the state ``Failed``, as the service does when a campaign breaks.

        Raises:
            ValueError: the campaign has ended.
        """
        self._change("fail")

    def _change(self, verb: str) -> None:
        with self._instance.region.backend.transaction():
            try:
                self._instance.change_campaign(self._campaign, verb)
            except CampaignStateError as error:
                raise ValueError(wrong_campaign_state(error.verb, error.state, error.possible)) from None

    def delete(self) -> None:
        """Remove the campaign from its instance, in any state. Its contacts stay."""
        with self._instance.region.backend.transaction():
            self._instance.remove_campaign(self._campaign)

    @property
    def contacts(self) -> Contacts:
        """The contacts of this campaign, in the order of creation."""
        return _contacts_of(self._instance, "campaign", self.id)

    def __repr__(self) -> str:
        return f"<Campaign name={self.name!r} id={self.id!r}>"


class Agent(Handle):
    """A live view of an agent: a user of an instance, who takes the contacts of queues, one at a time."""

    def __init__(self, agent: _agent.Agent, instance: _instance.Instance) -> None:
        self._agent = agent
        self._instance = instance

    @property
    def id(self) -> str:
        """The id, a UUID: a ``UserId`` of the API."""
        return self._agent.id

    @property
    def arn(self) -> str:
        """The ARN."""
        return self._agent.arn

    @property
    def username(self) -> str:
        """The user name, unique in the instance."""
        return self._agent.username

    @property
    def status(self) -> str:
        """The name of the agent status, such as ``Available``, which a phone call does not change."""
        self._instance.region.backend.run_due()
        return self._agent.status.name

    @property
    def activity(self) -> str:
        """What the agent does now.

        ``AVAILABLE``; ``ON_CALL`` from the time at which a contact is dialed for the agent, or shown in
        preview mode; ``AFTER_CONTACT_WORK``; ``NON_PRODUCTIVE`` in a custom status; or ``OFFLINE``.
        """
        self._instance.region.backend.run_due()
        return self._agent.activity

    def set_status(self, name: str) -> None:
        """Change the agent status, like ``PutUserStatus``.

        Only ``Available`` is routable: in any other status, the agent takes no phone calls. An agent with a
        contact finishes it first, including the after-contact work, and then gets the status.

        Args:
            name: the name of an agent status of the instance; a new name adds a custom status.

        Raises:
            TypeError: the name is not a string.
            SeedError: the name is shorter or longer than the model allows.
        """
        check_length("name", "set_status", name, "AgentStatusName")
        with self._instance.region.backend.transaction():
            self._instance.set_status(self._agent, self._instance.status_named(name))

    @property
    def queues(self) -> list[Queue]:
        """The queues that the agent serves: the queues of the routing profile."""
        with self._instance.region.backend.lock:
            queues = self._instance.queues_of(self._agent.routing_profile)
            return [Queue(queue, self._instance) for queue in queues]

    @property
    def contacts(self) -> Contacts:
        """The contacts that were connected to the agent or previewed, in the order of creation."""
        return _contacts_of(self._instance, "instance", self._instance.id).where(agent=self)

    def __repr__(self) -> str:
        return f"<Agent username={self.username!r} id={self.id!r}>"


class Instance(Handle):
    """A live view of an Amazon Connect instance."""

    def __init__(self, instance: _instance.Instance) -> None:
        self._instance = instance

    @property
    def id(self) -> str:
        """The id, a UUID: an ``InstanceId`` of the API."""
        return self._instance.id

    @property
    def arn(self) -> str:
        """The ARN."""
        return self._instance.arn

    @property
    def alias(self) -> str:
        """The alias."""
        return self._instance.alias

    @property
    def region(self) -> str:
        """The name of the region."""
        return self._instance.region.name

    @property
    def queues(self) -> list[Queue]:
        """The queues that were added, in the order of creation.

        The queue ``BasicQueue``, which every instance has from the start, is among them once it is added with
        :meth:`add_queue`.
        """
        with self._instance.region.backend.lock:
            return [Queue(queue, self._instance) for queue in self._instance.own_queues]

    @property
    def campaigns(self) -> list[Campaign]:
        """The campaigns, in the order of creation."""
        with self._instance.region.backend.lock:
            return [Campaign(campaign, self._instance) for campaign in self._instance.campaigns.values()]

    @property
    def communication_limits(self) -> Mapping[str, Any]:
        """The limits that ``PutInstanceCommunicationLimits`` has stored; empty without them."""
        with self._instance.region.backend.lock:
            return copy.deepcopy(self._instance.communication_limits or {})

    @property
    def agents(self) -> list[Agent]:
        """The agents, in the order of creation."""
        with self._instance.region.backend.lock:
            return [Agent(agent, self._instance) for agent in self._instance.agents.values()]

    @property
    def phone_numbers(self) -> list[PhoneNumber]:
        """The phone numbers, in the order in which they were claimed."""
        with self._instance.region.backend.lock:
            return list(self._instance.phone_numbers.values())

    @property
    def contacts(self) -> Contacts:
        """The contacts of this instance, in the order of creation."""
        return _contacts_of(self._instance, "instance", self.id)

    def add_queue(self, name: str | None = None, *, id: str | None = None, enabled: bool = True) -> Queue:
        """Add a queue.

        Args:
            name: the name, unique in the instance; by default a numbered one. With ``BasicQueue``, the queue
                of that name that every instance has is returned, and keeps its id by default.
            id: the id, a UUID in lower case; by default a generated one.
            enabled: whether the queue accepts contacts.

        Returns:
            The queue.

        Raises:
            TypeError: the name is not a string, or ``enabled`` is not a bool.
            SeedError: the name or the id is taken, or the id is invalid.
        """
        check_text("name=", name)
        check_switch("enabled=", enabled)
        instance = self._instance
        with instance.region.backend.transaction(), reject_conflicts(id):
            is_basic = instance.basic_queue is not None and name == instance.basic_queue.name
            queue = (
                instance.claim_basic_queue(id=id, enabled=enabled)
                if is_basic
                else instance.add_queue(name, id=id, enabled=enabled)
            )
            return Queue(queue, instance)

    def add_campaign(
        self,
        name: str | None = None,
        *,
        id: str | None = None,
        queue: Queue | str | None = None,
        mode: str | None = None,
        bandwidth_allocation: float = 1.0,
        source_number: str | None = None,
        answer_machine_detection: bool = True,
    ) -> Campaign:
        """Add an outbound campaign in the state ``Initialized``.

        Args:
            name: the name, unique in the instance; by default a numbered one.
            id: the id, a UUID in lower case; by default a generated one.
            queue: the queue of this instance whose agents take the calls: a queue, its id or its name. An
                agentless campaign has none.
            mode: the dialing mode, ``progressive``, ``predictive``, ``preview`` or ``agentless``; by default
                ``progressive`` with a queue and ``agentless`` without one.
            bandwidth_allocation: the share of the campaign among those of the queue, from 0 to 1.
            source_number: the number that the campaign calls from, in E.164 format. By default the queue
                decides; an agentless campaign calls from the first number that the instance has claimed, or
                from a generated one.
            answer_machine_detection: whether the campaign detects answering machines, like the member
                ``enableAnswerMachineDetection`` of ``AnswerMachineDetectionConfig``.

        Returns:
            The campaign.

        Raises:
            TypeError: the name is not a string, the queue has another type, or ``answer_machine_detection``
                is not a bool.
            SeedError: the name or the id is taken, or the id, queue, mode, number or allocation is invalid.
        """
        check_text("name=", name)
        check_switch("answer_machine_detection=", answer_machine_detection)
        dialed_for = None if queue is None else self._queue_named(queue, "queue")
        if source_number is not None:
            check_number("source_number", "source_number=", source_number)
        check_share("bandwidth_allocation", bandwidth_allocation)
        mode = valid_mode(mode, dialed_for)
        telephony = Telephony.of_mode(
            mode,
            dialed_for,
            self._instance.region.backend.secondary_ids.uuid(),
            bandwidth_allocation=bandwidth_allocation,
            source_number=source_number,
            answer_machine_detection=answer_machine_detection,
        )
        with self._instance.region.backend.transaction(), reject_conflicts(id):
            return Campaign(self._instance.add_campaign(name, id=id, telephony=telephony), self._instance)

    def _queue_named(self, queue: Queue | str, parameter: str) -> _queue.Queue:
        """Return the queue of this instance that a handle, an id or a name denotes."""
        if isinstance(queue, Queue) and queue._instance is not self._instance:
            raise SeedError(
                parameter,
                f"The queue {queue.name!r} belongs to another instance; pass a queue of the instance "
                f"{self.alias!r}.",
            )
        if not isinstance(queue, (Queue, str)):
            raise TypeError(f"{parameter}= takes a Queue, its id or its name, not {queue!r}.")
        name = queue.id if isinstance(queue, Queue) else queue
        with self._instance.region.backend.lock:
            return queue_named(self._instance, name, parameter)

    def add_agent(
        self,
        username: str | None = None,
        *,
        queues: Sequence[Queue | str],
        id: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        email: str | None = None,
        status: str = "Available",
    ) -> Agent:
        """Add an agent, who is a user of the instance.

        Agents with the same queues have the same routing profile.

        Args:
            username: the user name, unique in the instance; by default a numbered one.
            queues: the queues of this instance that the agent serves: queues, their ids or their names. An
                agent without queues takes no phone calls.
            id: the id, a UUID in lower case; by default a generated one.
            first_name: the first name; by default ``Agent``.
            last_name: the last name; by default the user name.
            email: the email address; by default none.
            status: the name of an agent status, as ``Agent.set_status`` takes it.

        Returns:
            The agent.

        Raises:
            TypeError: a text is not a string, or the queues are not a sequence of queues.
            SeedError: the user name or the id is taken, a text is shorter or longer than the model allows, or
                the id or a queue is invalid.
        """
        if username is not None:
            check_length("username", "username=", username, "AgentUsername")
        check_length("status", "status=", status, "AgentStatusName")
        names = {"first_name": first_name, "last_name": last_name, "email": email}
        for parameter, text in names.items():
            check_text(f"{parameter}=", text)
        if isinstance(queues, (str, bytes)) or not isinstance(queues, Sequence):
            raise TypeError(f"queues= takes a list of queues, of their ids or names, not {queues!r}.")
        served = list(dict.fromkeys(self._queue_named(queue, "queues") for queue in queues))
        with self._instance.region.backend.transaction(), reject_conflicts(id, "username"):
            agent = self._instance.add_agent(
                username,
                queues=served,
                id=id,
                status=status,
                **{parameter: text for parameter, text in names.items() if text is not None},
            )
            return Agent(agent, self._instance)

    def add_phone_number(self, number: str, *, id: str | None = None) -> PhoneNumber:
        """Claim a phone number. From then on, contacts must use a claimed number as their system endpoint.

        Args:
            number: the number, in E.164 format.
            id: the id, a UUID in lower case; by default a generated one.

        Returns:
            The phone number.

        Raises:
            SeedError: the number is not in E.164 format, or an instance of the region has claimed it, or
                released it within the last 180 days; or the id is invalid or taken.
        """
        check_number("number", "add_phone_number", number)
        with self._instance.region.backend.transaction(), reject_conflicts(id):
            if not self._instance.region.may_claim(number):
                raise SeedError(
                    "number",
                    f"The phone number {number!r} cannot be claimed: an instance in {self.region} has "
                    f"claimed it, or released it less than 180 days ago.",
                )
            return self._instance.claim_phone_number(number, id=id)

    def fail_onboarding(self, code: InstanceOnboardingJobFailureCode) -> None:
        """Make the onboarding of the instance to outbound campaigns fail.

        An instance that is onboarded, as ``add_instance`` makes it, no longer is, and its onboarding job has
        failed. If it is not onboarded, as ``CreateInstance`` makes it, the next onboarding job fails.

        Args:
            code: the failure code, such as ``KMS_KEY_NOT_FOUND``: a value of
                ``InstanceOnboardingJobFailureCode`` in the model.

        Raises:
            ValueError: the model has no such code.
        """
        check_failure_code(code)
        with self._instance.region.backend.transaction():
            self._instance.fail_onboarding(code)

    def add_profile(
        self, number: str, *, attributes: Mapping[str, str] | None = None, id: str | None = None
    ) -> CustomerProfile:
        """Add a customer profile, to which a ``profileId`` of ``PutProfileOutboundRequestBatch`` refers.

        Args:
            number: the phone number of the customer, in E.164 format.
            attributes: the attributes of the contacts that are created for the customer.
            id: the id, 32 hexadecimal digits in lower case; by default a generated one.

        Returns:
            The profile.

        Raises:
            TypeError: the attributes are not a mapping of strings to strings.
            SeedError: the number is not in E.164 format, or the id is invalid or taken.
        """
        check_number("number", "add_profile", number)
        if attributes is not None:
            check_texts("attributes=", attributes)
        check_profile_id(id)
        with self._instance.region.backend.transaction(), reject_conflicts(None):
            return self._instance.add_profile(number, dict(attributes or {}), id=id)

    def __repr__(self) -> str:
        return f"<Instance alias={self.alias!r} id={self.id!r} region={self.region!r}>"


def backing_instance(instance: Instance) -> _instance.Instance:
    """Return the instance of the backend behind a handle, for what the methods of a handle cannot do."""
    return instance._instance


def _contacts_of(instance: _instance.Instance, kind: str, id: str) -> Contacts:
    backend = instance.region.backend
    backend.run_due()
    with backend.lock:
        return Contacts(backend.contacts_having(kind, id))


@dataclass(frozen=True)
class Contact:
    """An outbound contact, as of the time of reading. All times are in UTC, by the mock's clock.

    Attributes:
        id: the id, a UUID; the phone call has the same id.
        arn: the ARN.
        instance: the instance that the contact belongs to.
        queue: the queue of the contact, or None.
        campaign: the campaign of the contact, or None for a single phone call.
        customer_endpoint: the endpoint that is dialed.
        system_endpoint: the endpoint that dials, or None if the queue decides.
        attributes: the contact attributes.
        request_identifier: the ``RequestIdentifier`` of the item, or None.
        outbound_strategy: the ``OutboundStrategy`` of the item, or None.
        created_at: the time of creation.
        state: the last contact event: ``INITIATED``, ``QUEUED``, ``CONNECTED_TO_SYSTEM``,
            ``CONNECTED_TO_AGENT``, ``DISCONNECTED`` or, when the contact has ended, ``COMPLETED``.
        expires_at: the time at which the contact ends unless it was dialed before, or None.
        agent: the agent of the contact, or None.
        dialed_at: the time of dialing, or None.
        ring_started_at: the time at which the phone began to ring, or None.
        connected_to_system_at: the time at which a person or a machine answered, or None.
        answering_machine_detection_status: the result of the detection, such as ``HUMAN_ANSWERED``, or None.
        enqueued_at: the time at which the contact entered the queue to wait for an agent, or None.
        connected_to_agent_at: the time at which the agent was connected, or None.
        disconnected_at: the time at which the contact ended, or None.
        disconnect_reason: the ``DisconnectReason``, such as ``CUSTOMER_DISCONNECT`` or ``EXPIRED``, or None.
        tags: the tags of the contact.
    """

    id: str
    arn: str
    instance: Instance
    queue: Queue | None
    campaign: Campaign | None
    customer_endpoint: Endpoint
    system_endpoint: Endpoint | None
    attributes: Mapping[str, str]
    request_identifier: str | None
    outbound_strategy: Mapping[str, Any] | None
    created_at: datetime
    state: ContactState
    expires_at: datetime | None = None
    agent: Agent | None = None
    dialed_at: datetime | None = None
    ring_started_at: datetime | None = None
    connected_to_system_at: datetime | None = None
    answering_machine_detection_status: AnsweringMachineDetectionStatus | None = None
    enqueued_at: datetime | None = None
    connected_to_agent_at: datetime | None = None
    disconnected_at: datetime | None = None
    disconnect_reason: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        # Attributes and tags are mappings, which have no hash; the id is unique.
        return hash(self.id)

    @property
    def instance_id(self) -> str:
        """The id of the instance that it belongs to."""
        return self.instance.id

    @property
    def queue_id(self) -> str | None:
        """The id of the queue that it waits in, or None."""
        return None if self.queue is None else self.queue.id

    @property
    def campaign_id(self) -> str | None:
        """The id of the campaign that it was created for, or None for a single call."""
        return None if self.campaign is None else self.campaign.id

    @property
    def waiting_for(self) -> str | None:
        """What it waits for now, besides time, before it is dialed; None once it is dialed or has ended.

        It completes the sentence "It waits for …" or "It waits because …", such as ``an agent of queue
        'Sales'``, ``campaign 'Spring' is paused`` or ``its schedule starts at 2026-01-06T09:00:00+00:00``.
        """
        backend = self.instance._instance.region.backend
        with backend.lock:
            # A reset has removed the contact.
            contacts = backend.contacts_having("id", self.id)
            waits = [wait_of(contact) for contact in contacts if contact.dialed_at is None]
        return next((wait.cause for wait in waits if wait is not None), None)

    def timeline(self) -> list[TimelineEntry]:
        """Return what happened to the contact until now, in order.

        Its entries are the API calls that created and changed it with the faults that they met, its events,
        the steps of its phone call and, at the end, what it waits for. API calls that only read are left out.
        The cost of the first timeline is one pass over the records of the mock, and of later ones their own.

        Returns:
            The entries; none if a restored snapshot does not have the contact.
        """
        backend = self.instance._instance.region.backend
        backend.run_due()
        with backend.lock:
            contacts = backend.contacts_having("id", self.id)
            return [entry for contact in contacts for entry in timeline_of(contact)]

    @property
    def customer_address(self) -> str:
        """The address of the customer endpoint: the number that is dialed."""
        return self.customer_endpoint.address

    @property
    def system_address(self) -> str | None:
        """The address of the system endpoint: the number that dials, or None."""
        return None if self.system_endpoint is None else self.system_endpoint.address


class Contacts(ContactSearch[Contact]):
    """Contacts in the order of creation.

    The criteria ``instance``, ``queue``, ``campaign`` and ``agent`` take the object or its id; ``attributes``
    match as a subset.
    """

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[ContactCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[ContactCriteria]) -> Contact: ...  # type: ignore[override]

    def _present(self, item: _contact.Contact) -> Contact:
        contact = object.__new__(Contact)
        # With the constructor of a frozen dataclass, reading a contact takes twice as long.
        vars(contact).update(
            zip(_IMMUTABLE_FIELDS, _immutable_values(item), strict=True),
            instance=Instance(item.instance),
            queue=None if item.queue is None else Queue(item.queue, item.instance),
            campaign=None if item.campaign is None else Campaign(item.campaign, item.instance),
            attributes=dict(item.attributes),
            outbound_strategy=copy.deepcopy(item.outbound_strategy),
            agent=None if item.agent is None else Agent(item.agent, item.instance),
            tags=dict(item.tags),
        )
        return contact

    def _criteria(self) -> Sequence[str]:
        return (*(field.name for field in fields(Contact)), *DERIVED, "waiting_for")

    def _uncopied_names(self) -> Collection[str]:
        return _IMMUTABLE_FIELDS


_IMMUTABLE_FIELDS = tuple(
    attribute.name
    for attribute in fields(Contact)
    if attribute.name
    not in ("instance", "queue", "campaign", "attributes", "outbound_strategy", "agent", "tags")
)
"""The attributes of a contact whose values are immutable and need no copy."""

_immutable_values = attrgetter(*_IMMUTABLE_FIELDS)
