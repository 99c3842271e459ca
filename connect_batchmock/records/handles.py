"""What a test seeds and finds in the backend: instances, queues, campaigns and contacts."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from connect_batchmock._matching import Difference
from connect_batchmock._text import listed
from connect_batchmock.domain import agent as domain_agent
from connect_batchmock.domain import campaign as _campaign
from connect_batchmock.domain import contact as _contact
from connect_batchmock.domain import instance as _instance
from connect_batchmock.domain import queue as _queue
from connect_batchmock.domain.campaign import CustomerProfile, Preview, Telephony
from connect_batchmock.domain.contact import Endpoint
from connect_batchmock.domain.contact_store import ContactView
from connect_batchmock.domain.errors import (
    CampaignStateError,
    ConnectBatchmockError,
    IdConflictError,
    NameConflictError,
)
from connect_batchmock.domain.ids import is_uuid
from connect_batchmock.domain.phone_numbers import PhoneNumber, is_e164
from connect_batchmock.protocol.literals import (
    AnsweringMachineDetectionStatus,
    CampaignState,
    ContactState,
)
from connect_batchmock.records import report
from connect_batchmock.records.obstacles import explain_wait
from connect_batchmock.records.sequence import UNKNOWN, Records
from connect_batchmock.services.errors import wrong_campaign_state

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from connect_batchmock.records.query_types import ContactCriteria

_MAX_AGENTS = 10_000
"""How many agents come at once: each is a thing of its own, and a number alone must not fill the memory."""


class SeedError(ConnectBatchmockError, ValueError):
    """What cannot be seeded.

    Attributes:
        parameter: the parameter whose value is in the way.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True)
class Agent:
    """An agent of a queue, as they were when they were read.

    Attributes:
        id: the id, a UUID.
        arn: the ARN.
        name: the user name.
        activity: ``AVAILABLE``; ``ON_CALL`` from the moment that a contact is dialed for them or shown to
            them; ``AFTER_CONTACT_WORK``.
    """

    id: str
    arn: str
    name: str
    activity: str


def _agent(agent: domain_agent.Agent) -> Agent:
    return Agent(agent.id, agent.arn, agent.name, agent.activity)


class Readable:
    """Is shown by its repr also by those who show a dataclass by its fields, as hypothesis and IPython do."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


class Handle(Readable):
    """Something of the backend, as it is now: equal to whatever is the same, and never copied.

    It is no dataclass, so that nobody who shows or stores one by its fields gets the whole backend.
    """

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __copy__(self) -> Self:
        # It is the thing itself, wherever it stands: what is copied around it is about the same one.
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} is a part of its mock, and cannot leave this process by pickle; hand over its id, "
            f"and of a contact the attributes that are wanted."
        )


class Queue(Handle):
    """A queue of an instance, live."""

    def __init__(self, queue: _queue.Queue, instance: _instance.Instance) -> None:
        self._queue = queue
        self._instance = instance

    @property
    def id(self) -> str:
        """The id, a UUID, as ``QueueId`` takes it."""
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
        """Whether the queue takes contacts."""
        return self._queue.enabled

    def enable(self) -> None:
        """Let the queue take contacts, as ``UpdateQueueStatus`` does with ``ENABLED``."""
        self._switch(True)

    def disable(self) -> None:
        """Let the queue take no more contacts, as ``UpdateQueueStatus`` does with ``DISABLED``."""
        self._switch(False)

    def _switch(self, enabled: bool) -> None:
        backend = self._instance.region.backend
        with backend.transaction():
            self._queue.enabled = enabled
            self._queue.updated_at = backend.scheduler.now

    def delete(self) -> None:
        """Remove the queue from its instance, even if a campaign uses it; its contacts stay."""
        with self._instance.region.backend.transaction():
            self._instance.remove_queue(self._queue)

    @property
    def agents(self) -> list[Agent]:
        """The agents who take its contacts, as they are now."""
        backend = self._instance.region.backend
        backend.run_due()
        with backend.lock:
            return [_agent(one) for one in self._queue.agents]

    def add_agents(self, count: int) -> list[Agent]:
        """Add agents who take the contacts of this queue, and are free.

        Args:
            count: how many, from 1 to 10,000.

        Raises:
            ValueError: it is no such number.
        """
        if type(count) is not int or not 1 <= count <= _MAX_AGENTS:
            raise SeedError(
                "count", f"add_agents takes a whole number from 1 to {_MAX_AGENTS:,}, not {count!r}."
            )
        with self._instance.region.backend.transaction():
            return [_agent(one) for one in self._instance.add_agents(self._queue, count)]

    @property
    def contacts(self) -> Contacts:
        """The contacts that were created in this queue."""
        return _contacts_of(self._instance, "queue", self.id)

    def __repr__(self) -> str:
        return f"<Queue name={self.name!r} id={self.id!r}>"


class Campaign(Handle):
    """An outbound campaign of an instance, live."""

    def __init__(self, campaign: _campaign.Campaign, instance: _instance.Instance) -> None:
        self._campaign = campaign
        self._instance = instance

    @property
    def id(self) -> str:
        """The id, a UUID, as ``CampaignId`` takes it."""
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
        """The queue whose agents the campaign dials for, or None."""
        queue = self._campaign.queue
        return None if queue is None else Queue(queue, self._instance)

    @property
    def state(self) -> CampaignState:
        """The state, a value of the model's ``CampaignState``."""
        self._instance.region.backend.run_due()
        return self._campaign.state

    def start(self) -> None:
        """Start the campaign, as ``StartCampaign`` does.

        Raises:
            ValueError: it is in a state in which that is not possible.
        """
        self._change("start")

    def pause(self) -> None:
        """Pause the campaign, as ``PauseCampaign`` does: its contacts wait.

        Raises:
            ValueError: it is in a state in which that is not possible.
        """
        self._change("pause")

    def resume(self) -> None:
        """Resume the campaign, as ``ResumeCampaign`` does.

        Raises:
            ValueError: it is in a state in which that is not possible.
        """
        self._change("resume")

    def stop(self) -> None:
        """Stop the campaign, as ``StopCampaign`` does: no more calls are dialed.

        Raises:
            ValueError: it is in a state in which that is not possible.
        """
        self._change("stop")

    def fail(self) -> None:
        """Let the campaign be ``Failed``, as the service does by itself when something is wrong with it.

        Raises:
            ValueError: it has ended.
        """
        self._change("fail")

    def _change(self, verb: str) -> None:
        with self._instance.region.backend.transaction():
            try:
                self._instance.change_campaign(self._campaign, verb)
            except CampaignStateError as wrong:
                message = wrong_campaign_state(wrong.verb, wrong.state, wrong.possible)
                raise ValueError(message) from None

    def delete(self) -> None:
        """Remove the campaign from its instance, in whatever state it is; its contacts stay."""
        with self._instance.region.backend.transaction():
            self._instance.remove_campaign(self._campaign)

    @property
    def contacts(self) -> Contacts:
        """The contacts that were created for this campaign."""
        return _contacts_of(self._instance, "campaign", self.id)

    def __repr__(self) -> str:
        return f"<Campaign name={self.name!r} id={self.id!r}>"


class Instance(Handle):
    """An Amazon Connect instance, live."""

    def __init__(self, instance: _instance.Instance) -> None:
        self._instance = instance

    @property
    def id(self) -> str:
        """The id, a UUID, as ``InstanceId`` takes it."""
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
        """The name of the region that the instance is in."""
        return self._instance.region.name

    @property
    def queues(self) -> list[Queue]:
        """The queues, in the order in which they were added."""
        with self._instance.region.backend.lock:
            return [Queue(one, self._instance) for one in self._instance.queues.values()]

    @property
    def campaigns(self) -> list[Campaign]:
        """The campaigns, in the order in which they were added."""
        with self._instance.region.backend.lock:
            return [Campaign(one, self._instance) for one in self._instance.campaigns.values()]

    @property
    def phone_numbers(self) -> list[PhoneNumber]:
        """The claimed phone numbers, in the order in which they were claimed."""
        with self._instance.region.backend.lock:
            return list(self._instance.phone_numbers.values())

    @property
    def contacts(self) -> Contacts:
        """The contacts of this instance, in the order in which they were created."""
        return _contacts_of(self._instance, "instance", self.id)

    def add_queue(self, name: str | None = None, *, id: str | None = None, enabled: bool = True) -> Queue:
        """Add a queue.

        Args:
            name: its name, unique in the instance; numbered where none is given.
            id: its id, a UUID in lower case; made up where none is given.
            enabled: whether it takes contacts.

        Raises:
            TypeError: the name is not a text, or ``enabled`` neither True nor False.
            ValueError: the instance has a queue of that name, or the id is none, or something has it.
        """
        check_text("name=", name)
        _check_switch("enabled=", enabled)
        with self._instance.region.backend.transaction(), reject_conflicts(id):
            return Queue(self._instance.add_queue(name, id=id, enabled=enabled), self._instance)

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
        """Add an outbound campaign; its state is ``Initialized``.

        Args:
            name: its name, unique in the instance; numbered where none is given.
            id: its id, a UUID in lower case; made up where none is given.
            queue: the queue of this instance that it dials for, its id or its name; an agentless campaign has
                none.
            mode: ``progressive``, ``predictive``, ``preview`` or ``agentless``; where none is given,
                ``progressive`` with a queue, and ``agentless`` without.
            bandwidth_allocation: its weight among the campaigns that share the queue, from 0 to 1.
            source_number: the number that it calls from; where none is given, the queue decides, and an
                agentless campaign calls from the first number that the instance has claimed, or a made-up
                one.
            answer_machine_detection: whether answering machines are detected.

        Raises:
            TypeError: the name is not a text, the queue is something else, or ``answer_machine_detection``
                is neither
                True nor False.
            ValueError: the instance has a campaign of that name, something has the id, the queue is another
                instance's, or there is no such queue, id, mode, number or allocation.
        """
        check_text("name=", name)
        _check_switch("answer_machine_detection=", answer_machine_detection)
        dialed_for = None if queue is None else self._queue(queue)
        if source_number is not None:
            _check_number("source_number", "source_number=", source_number)
        if type(bandwidth_allocation) not in (int, float) or not 0 <= bandwidth_allocation <= 1:
            raise SeedError(
                "bandwidth_allocation",
                f"bandwidth_allocation= takes a number from 0 to 1, not {bandwidth_allocation!r}.",
            )
        mode = _mode(mode, dialed_for)
        telephony = Telephony(
            mode=mode,
            queue=dialed_for,
            flow_id=self._instance.region.backend.secondary_ids.uuid(),
            bandwidth_allocation=None if mode == "agentless" else bandwidth_allocation,
            capacity=1.0,
            preview=Preview(timeout=30, may_discard=True) if mode == "preview" else None,
            source_number=source_number,
            answer_machine_detection=answer_machine_detection,
        )
        with self._instance.region.backend.transaction(), reject_conflicts(id):
            return Campaign(self._instance.add_campaign(name, id=id, telephony=telephony), self._instance)

    def _queue(self, given: Queue | str) -> _queue.Queue:
        if isinstance(given, Queue) and given._instance is not self._instance:
            raise SeedError(
                "queue",
                (
                    f"The queue {given.name!r} belongs to another instance; give the campaign a queue of its "
                    f"own instance."
                ),
            )
        if not isinstance(given, (Queue, str)):
            raise TypeError(f"queue= takes a Queue, its id or its name, not {given!r}.")
        wanted = given.id if isinstance(given, Queue) else given
        with self._instance.region.backend.lock:
            queues = list(self._instance.queues.values())
        # An id is one queue's alone, and a queue may be named like the id of another.
        for queue in (*(queue for queue in queues if queue.id == wanted), *queues):
            if wanted in (queue.id, queue.name):
                return queue
        near = get_close_matches(wanted, [queue.name for queue in queues], n=1)
        meant = f"; did you mean {near[0]!r}?" if near else "."
        present = ", ".join(f"{queue.name!r} ({queue.id})" for queue in queues)
        there = f"It has {present}." if queues else "It has no queue; add one with instance.add_queue()."
        raise SeedError(
            "queue", f"The instance {self.alias!r} has no queue with the id or name {wanted!r}{meant} {there}"
        )

    def add_phone_number(self, number: str) -> PhoneNumber:
        """Claim a phone number; from then on contacts come from claimed numbers only.

        Args:
            number: the number in E.164 form.

        Raises:
            ValueError: the number is not in E.164 form, or cannot be claimed: an instance of the region has
                it, or has released it within the last 180 days.
        """
        _check_number("number", "add_phone_number", number)
        with self._instance.region.backend.transaction():
            if not self._instance.region.may_claim(number):
                raise SeedError(
                    "number",
                    (
                        f"The phone number {number!r} cannot be claimed: an instance in {self.region} has "
                        f"it, or released it less than 180 days ago."
                    ),
                )
            return self._instance.claim_phone_number(number)

    def add_profile(self, number: str, *, attributes: Mapping[str, str] | None = None) -> CustomerProfile:
        """Add a customer whom ``PutProfileOutboundRequestBatch`` can name by their profile.

        Args:
            number: the customer's number in E.164 form.
            attributes: the contact attributes that a call to this customer gets.

        Raises:
            TypeError: the attributes are not a mapping of texts.
            ValueError: the number is not in E.164 form.
        """
        _check_number("number", "add_profile", number)
        if attributes is not None:
            _check_texts("attributes=", attributes)
        with self._instance.region.backend.transaction():
            return self._instance.add_profile(number, dict(attributes or {}))

    def __repr__(self) -> str:
        return f"<Instance alias={self.alias!r} id={self.id!r} region={self.region!r}>"


@contextmanager
def reject_conflicts(id: str | None) -> Iterator[None]:
    """Refuse an id that is none, and names and ids that are taken.

    Raises:
        SeedError: there is one.
    """
    if id is not None and not is_uuid(id):
        raise SeedError(
            "id",
            f"id= takes a UUID in lower case, such as '0b1e2d3c-4f5a-4b6c-8d7e-9f0a1b2c3d4e', not {id!r}.",
        )
    try:
        yield
    except NameConflictError as taken:
        raise SeedError(
            "name",
            (f"The instance already has a {taken.kind} named {taken.name!r}; give it another name, or none."),
        ) from None
    except IdConflictError as taken:
        raise SeedError(
            "id", f"Something else has the id {taken.id!r} already; give another, or none."
        ) from None


def check_text(taker: str, value: object) -> None:
    """Refuse what is neither a text nor None.

    Raises:
        TypeError: it is something else.
    """
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{taker} takes a text, not {value!r}.")


def _check_texts(taker: str, value: object) -> None:
    texts = [text for item in value.items() for text in item] if isinstance(value, Mapping) else [None]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{taker} takes a mapping of texts to texts, not {value!r}.")


def _check_switch(taker: str, value: object) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{taker} takes True or False, not {value!r}.")


def _check_number(parameter: str, taker: str, number: object) -> None:
    if not isinstance(number, str) or not is_e164(number):
        raise SeedError(
            parameter, f"{taker} takes a number in E.164 format, such as '+15555550100', not {number!r}."
        )


_MODES = ("progressive", "predictive", "preview", "agentless")


def _mode(given: str | None, queue: _queue.Queue | None) -> str:
    mode = given or ("agentless" if queue is None else "progressive")
    if mode not in _MODES:
        raise SeedError("mode", f"A campaign has no mode {mode!r}; there are {listed(_MODES)}.")
    if mode != "agentless" and queue is None:
        raise SeedError(
            "mode", f"A campaign in {mode} mode dials for the agents of a queue; give it one with queue=."
        )
    return mode


def _contacts_of(instance: _instance.Instance, kind: str, id: str) -> Contacts:
    backend = instance.region.backend
    backend.run_due()
    with backend.lock:
        return Contacts(backend.contacts_having(kind, id))


@dataclass(frozen=True)
class Contact:
    """An outbound contact that was created, as it was when it was read.

    Attributes:
        id: the id, a UUID; the voice call keeps it.
        arn: the ARN.
        instance: the instance that it belongs to.
        queue: the queue that it waits in, or None.
        campaign: the campaign that it was created for, or None for a single call.
        customer_endpoint: whom it calls.
        system_endpoint: where it calls from, or None where the queue decides.
        attributes: the contact attributes.
        request_identifier: the ``RequestIdentifier`` of the item, or None.
        outbound_strategy: the ``OutboundStrategy`` of the item, or None.
        created_at: when it was created, on the mock's clock.
        state: how far it has come, in the words of contact events: ``INITIATED`` when it is new, ``QUEUED``,
            ``CONNECTED_TO_SYSTEM``, ``CONNECTED_TO_AGENT``, ``DISCONNECTED``, and ``COMPLETED`` at its end.
        expires_at: when it ends if it has not been dialed by then, or None.
        agent: the agent who has it or had it, or None.
        dialed_at: when it was dialed, or None.
        ring_started_at: when it began to ring, or None.
        connected_to_system_at: when somebody, or a machine, answered, or None.
        answering_machine_detection_status: what the detection said, such as ``HUMAN_ANSWERED``, or None.
        enqueued_at: when it began to wait for an agent, or None.
        connected_to_agent_at: when it was connected to the agent, or None.
        disconnected_at: when it ended, or None.
        disconnect_reason: why it ended, such as ``CUSTOMER_DISCONNECT`` or ``EXPIRED``, or None.
        tags: its tags.
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
        # Attributes and tags have no hash; the id is one contact's alone.
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
    def customer_address(self) -> str:
        """The number that is called."""
        return self.customer_endpoint.address

    @property
    def system_address(self) -> str | None:
        """The number that the call comes from, or None."""
        return None if self.system_endpoint is None else self.system_endpoint.address


def _agent_of(contact: _contact.Contact) -> Agent | None:
    """Return the agent of a contact, who did then what the contact tells."""
    agent = contact.agent
    if agent is None:
        return None
    works = contact.after_contact_work_started_at is not None and contact.state == "DISCONNECTED"
    activity = "AFTER_CONTACT_WORK" if works else "AVAILABLE" if contact.has_ended else "ON_CALL"
    return Agent(agent.id, agent.arn, agent.name, activity)


class Contacts(Records[Contact]):
    """Contacts in the order in which they were created.

    ``instance``, ``queue`` and ``campaign`` are found by the object or by its id; ``attributes`` match as a
    subset.
    """

    _noun = "contact"
    _tells_little = ("id", "arn", "created_at", "customer_endpoint", "system_endpoint")

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[ContactCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[ContactCriteria]) -> Contact: ...  # type: ignore[override]

    def _present(self, item: _contact.Contact) -> Contact:
        copied: dict[str, Any] = {name: getattr(item, name) for name in _IMMUTABLE_FIELDS}
        return Contact(
            **copied,
            instance=Instance(item.instance),
            queue=None if item.queue is None else Queue(item.queue, item.instance),
            campaign=None if item.campaign is None else Campaign(item.campaign, item.instance),
            attributes=dict(item.attributes),
            outbound_strategy=copy.deepcopy(item.outbound_strategy),
            agent=_agent_of(item),
            tags=dict(item.tags),
        )

    def _places(self, criteria: Mapping[str, Any]) -> Sequence[int]:
        if not isinstance(self._items, ContactView):
            return super()._places(criteria)
        values = {
            # A campaign_id is filed as the campaign that has it.
            name.removesuffix("_id"): expected.id
            if isinstance(expected, (Instance, Queue, Campaign))
            else expected
            for name, expected in criteria.items()
        }
        return self._items.positions({name: value for name, value in values.items() if type(value) in _TEXTS})

    def _at_hand(self, item: _contact.Contact, name: str) -> Any:
        if name in _DERIVED:
            field, _, attribute = _DERIVED[name].partition(".")
            owner = getattr(item, field)
            return None if owner is None else getattr(owner, attribute)
        return getattr(item, name) if name in _IMMUTABLE_FIELDS else UNKNOWN

    def _criteria(self) -> Sequence[str]:
        return (*(one.name for one in fields(Contact)), *_DERIVED)

    def _line(self, item: Contact) -> str:
        return report.contact_line(item)

    def _what_is_missing(self, number: int, found: Sequence[Difference]) -> str | None:
        waits_for_time = super()._what_is_missing(number, found)
        contact = self._items[number - 1]
        if waits_for_time is None or contact.state == "COMPLETED":
            return None
        return explain_wait(contact) or waits_for_time

    def _value(self, item: Contact, name: str, expected: Any) -> Any:
        value = super()._value(item, name, expected)
        return value.id if isinstance(expected, str) and hasattr(value, "id") else value


_DERIVED: Mapping[str, str] = {
    "instance_id": "instance.id",
    "queue_id": "queue.id",
    "campaign_id": "campaign.id",
    "customer_address": "customer_endpoint.address",
    "system_address": "system_endpoint.address",
}
"""The properties of a contact that it can be found by, each with where its value is read from."""

_TEXTS = (str, type(None))
"""What ids and addresses are, or are not."""

_IMMUTABLE_FIELDS = frozenset(
    one.name
    for one in fields(Contact)
    if one.name not in ("instance", "queue", "campaign", "attributes", "outbound_strategy", "agent", "tags")
)
"""The attributes of a contact that nobody can change, so that they need no copy."""
