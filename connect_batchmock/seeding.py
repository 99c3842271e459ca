"""What a test seeds and finds in the backend: instances, queues, campaigns and contacts."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain import campaign as _campaign
from connect_batchmock.domain import contact as _contact
from connect_batchmock.domain import instance as _instance
from connect_batchmock.domain import queue as _queue
from connect_batchmock.domain.contact import Endpoint
from connect_batchmock.domain.phone_number import PhoneNumber, is_e164
from connect_batchmock.recording import Records


@dataclass(frozen=True, repr=False)
class Queue:
    """A queue of an instance, live."""

    _queue: _queue.Queue
    _instance: _instance.Instance

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
        self._queue.enabled = True

    def disable(self) -> None:
        """Let the queue take no more contacts, as ``UpdateQueueStatus`` does with ``DISABLED``."""
        self._queue.enabled = False

    def delete(self) -> None:
        """Remove the queue from its instance, as ``DeleteQueue`` does; its contacts stay."""
        with self._instance.region.lock:
            self._instance.queues.pop(self.id, None)

    @property
    def contacts(self) -> Contacts:
        """The contacts that were created in this queue."""
        return Contacts(one for one in _contacts_of(self._instance) if one.queue is self._queue)

    def __repr__(self) -> str:
        return f"Queue(name={self.name!r}, id={self.id!r})"


@dataclass(frozen=True, repr=False)
class Campaign:
    """An outbound campaign of an instance, live."""

    _campaign: _campaign.Campaign
    _instance: _instance.Instance

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
    def state(self) -> str:
        """The state, a value of the model's ``CampaignState``."""
        return self._campaign.state

    def delete(self) -> None:
        """Remove the campaign from its instance, as ``DeleteCampaign`` does; its contacts stay."""
        with self._instance.region.lock:
            self._instance.campaigns.pop(self.id, None)

    @property
    def contacts(self) -> Contacts:
        """The contacts that were created for this campaign."""
        return Contacts(one for one in _contacts_of(self._instance) if one.campaign is self._campaign)

    def __repr__(self) -> str:
        return f"Campaign(name={self.name!r}, id={self.id!r})"


@dataclass(frozen=True, repr=False)
class Instance:
    """An Amazon Connect instance, live."""

    _instance: _instance.Instance

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
        with self._instance.region.lock:
            return [Queue(one, self._instance) for one in self._instance.queues.values()]

    @property
    def campaigns(self) -> list[Campaign]:
        """The campaigns, in the order in which they were added."""
        with self._instance.region.lock:
            return [Campaign(one, self._instance) for one in self._instance.campaigns.values()]

    @property
    def phone_numbers(self) -> list[PhoneNumber]:
        """The claimed phone numbers, in the order in which they were claimed."""
        with self._instance.region.lock:
            return list(self._instance.phone_numbers.values())

    @property
    def contacts(self) -> Contacts:
        """The contacts of this instance, in the order in which they were created."""
        return Contacts(_contacts_of(self._instance))

    def add_queue(self, name: str | None = None, *, enabled: bool = True) -> Queue:
        """Add a queue.

        Args:
            name: its name, unique in the instance; numbered where none is given.
            enabled: whether it takes contacts.

        Raises:
            ValueError: the instance has a queue of that name.
        """
        with self._instance.region.lock:
            _refuse_taken("queue", name, self._instance.queues.values())
            return Queue(self._instance.add_queue(name, enabled=enabled), self._instance)

    def add_campaign(self, name: str | None = None, *, queue: Queue | None = None) -> Campaign:
        """Add an outbound campaign; its state is ``Initialized``.

        Args:
            name: its name, unique in the instance; numbered where none is given.
            queue: the queue of this instance that it dials for; an agentless campaign has none.

        Raises:
            ValueError: the instance has a campaign of that name, or the queue is another instance's.
        """
        with self._instance.region.lock:
            _refuse_taken("campaign", name, self._instance.campaigns.values())
            if queue is not None and queue._instance is not self._instance:
                raise ValueError(explain.queue_of_other_instance(queue.name))
            campaign = self._instance.add_campaign(name, queue=None if queue is None else queue._queue)
            return Campaign(campaign, self._instance)

    def add_phone_number(self, number: str) -> PhoneNumber:
        """Claim a phone number; from then on contacts come from claimed numbers only.

        Args:
            number: the number in E.164 form.

        Raises:
            ValueError: the number is not in E.164 form, or is claimed already.
        """
        if not is_e164(number):
            raise ValueError(explain.not_e164(number))
        with self._instance.region.lock:
            if any(one.number == number for one in self._instance.phone_numbers.values()):
                raise ValueError(explain.name_taken("phone number", number))
            return self._instance.claim_phone_number(number)

    def __repr__(self) -> str:
        return f"Instance(alias={self.alias!r}, id={self.id!r}, region={self.region!r})"


def _refuse_taken(
    kind: str, name: str | None, present: Iterable[_queue.Queue] | Iterable[_campaign.Campaign]
) -> None:
    if any(one.name == name for one in present):
        raise ValueError(explain.name_taken(kind, str(name)))


def _contacts_of(instance: _instance.Instance) -> list[_contact.Contact]:
    with instance.region.lock:
        return [one for one in instance.region.contacts.values() if one.instance is instance]


@dataclass(frozen=True)
class Contact:
    """An outbound contact that was created, as it was when it was read.

    Attributes:
        id: the id, a UUID; the voice call keeps it.
        arn: the ARN.
        instance: the instance that it belongs to.
        queue: the queue that it waits in, or None.
        campaign: the campaign that it was created for.
        customer_endpoint: whom it calls.
        system_endpoint: where it calls from, or None where the queue decides.
        attributes: the contact attributes.
        request_identifier: the ``RequestIdentifier`` of the item, or None.
        outbound_strategy: the ``OutboundStrategy`` of the item, or None.
        created_at: when it was created, on the mock's clock.
        state: how far it has come, in the words of contact events; ``INITIATED`` when it is new.
    """

    id: str
    arn: str
    instance: Instance
    queue: Queue | None
    campaign: Campaign
    customer_endpoint: Endpoint
    system_endpoint: Endpoint | None
    attributes: Mapping[str, str]
    request_identifier: str | None
    outbound_strategy: Mapping[str, Any] | None
    created_at: datetime
    state: str

    @property
    def customer_address(self) -> str:
        """The number that is called."""
        return self.customer_endpoint.address

    @property
    def system_address(self) -> str | None:
        """The number that the call comes from, or None."""
        return None if self.system_endpoint is None else self.system_endpoint.address


class Contacts(Records[Contact]):
    """Contacts in the order in which they were created.

    ``instance``, ``queue`` and ``campaign`` are found by the object or by its id; ``attributes`` match as a
    subset.
    """

    _noun = "contact"

    def _present(self, item: _contact.Contact) -> Contact:
        return Contact(
            id=item.id,
            arn=item.arn,
            instance=Instance(item.instance),
            queue=None if item.queue is None else Queue(item.queue, item.instance),
            campaign=Campaign(item.campaign, item.instance),
            customer_endpoint=item.customer_endpoint,
            system_endpoint=item.system_endpoint,
            attributes=dict(item.attributes),
            request_identifier=item.request_identifier,
            outbound_strategy=copy.deepcopy(item.outbound_strategy),
            created_at=item.created_at,
            state=item.state,
        )

    def _criteria(self) -> Sequence[str]:
        return (*(one.name for one in fields(Contact)), "customer_address", "system_address")

    def _line(self, item: Contact) -> str:
        return explain.contact_line(item)

    def _value(self, item: Contact, name: str, expected: Any) -> Any:
        value = super()._value(item, name, expected)
        return value.id if isinstance(expected, str) and hasattr(value, "id") else value
