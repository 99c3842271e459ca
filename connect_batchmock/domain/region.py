"""Regions of accounts, each with its instances, none of which sees another region's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Protocol

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.contact_store import ContactStore
from connect_batchmock.domain.dialer import Dialer
from connect_batchmock.domain.errors import (
    CampaignNotFoundError,
    ContactNotFoundError,
    InstanceNotFoundError,
    NotFoundError,
)
from connect_batchmock.domain.idempotency import IdempotencyCache
from connect_batchmock.domain.instance import BackendOfInstance, Instance
from connect_batchmock.domain.phone_numbers import PhoneNumber
from connect_batchmock.domain.rate_limit import TokenBucket
from connect_batchmock.domain.stateful import Stateful

NUMBER_COOLDOWN = timedelta(days=180)
"""How long a phone number cannot be claimed after it was released."""


class BackendOfRegion(BackendOfInstance, Protocol):
    """What a region, and whoever is given one, asks of the backend."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def dialer(self) -> Dialer: ...

    @property
    def request_rate(self) -> TokenBucket | None: ...


@dataclass(eq=False, repr=False)
class Region(Stateful):
    """A region of an account: its instances, and the ClientTokens that were used in it."""

    partition: str
    name: str
    account_id: str
    backend: BackendOfRegion
    instances: dict[str, Instance] = field(default_factory=dict)
    once: IdempotencyCache = field(default_factory=IdempotencyCache)
    released: dict[str, datetime] = field(default_factory=dict)
    """The phone numbers that were released, and when they can be claimed again."""

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in this region and account."""
        return f"arn:{self.partition}:{service}:{self.name}:{self.account_id}:{resource}"

    def instance(self, instance_id: str) -> Instance:
        """Return the instance with this id, or raise ``InstanceNotFoundError``."""
        try:
            return self.instances[instance_id]
        except KeyError:
            raise InstanceNotFoundError(instance_id) from None

    def contact(self, instance_id: str, contact_id: str) -> Contact:
        """Return the contact with this id, or raise ``InstanceNotFoundError`` or ``ContactNotFoundError``."""
        instance = self.instance(instance_id)
        contact = self.backend.contacts.get(contact_id)
        if contact is None or contact.instance is not instance:
            raise ContactNotFoundError(contact_id)
        return contact

    def campaigns(self) -> list[Campaign]:
        """Return the campaigns of all instances."""
        return [campaign for instance in self.instances.values() for campaign in instance.campaigns.values()]

    def campaign(self, campaign_id: str) -> Campaign:
        """Return the campaign with this id or ARN, of any instance, or raise ``CampaignNotFoundError``."""
        campaign_id = campaign_id.removeprefix(self.arn("connect-campaigns", "campaign/"))
        for instance in self.instances.values():
            if campaign_id in instance.campaigns:
                return instance.campaigns[campaign_id]
        raise CampaignNotFoundError(campaign_id)

    def phone_numbers(self) -> list[tuple[Instance, PhoneNumber]]:
        """Return the phone numbers of all instances, each with the instance that has claimed it."""
        return [
            (instance, number)
            for instance in self.instances.values()
            for number in instance.phone_numbers.values()
        ]

    def phone_number(self, number_id: str) -> tuple[Instance, PhoneNumber]:
        """Return the phone number with this id or ARN and its instance, or raise ``NotFoundError``."""
        for instance, number in self.phone_numbers():
            if number_id in (number.id, number.arn):
                return instance, number
        raise NotFoundError("phone number", number_id)

    def may_claim(self, number: str) -> bool:
        """Whether no instance has this number, and none has released it lately."""
        if any(one.number == number for _, one in self.phone_numbers()):
            return False
        return number not in self.released or self.released[number] <= self.backend.scheduler.now

    def has_alias(self, alias: str) -> bool:
        """Whether an instance has this alias, which is part of its address: case does not count."""
        return any(one.alias.lower() == alias.lower() for one in self.instances.values())

    def add_instance(self, alias: str | None, *, id: str | None = None, **properties: Any) -> Instance:
        """Add an instance; without an alias it is numbered. ``properties`` are fields of an instance.

        Raises:
            IdConflictError: something has that id.
        """
        instance_id = self.backend.ids.take(id)
        if alias is None:
            numbered = (f"instance-{number}" for number in count(len(self.instances) + 1))
            alias = next(one for one in numbered if not self.has_alias(one))
        arn = self.arn("connect", f"instance/{instance_id}")
        instance = Instance(
            instance_id, arn, alias, self, created_at=self.backend.scheduler.now, **properties
        )
        self.instances[instance_id] = instance
        return instance

    def release(self, instance: Instance, number: PhoneNumber) -> None:
        """Take a phone number from its instance; nobody can claim it for a while."""
        del instance.phone_numbers[number.id]
        self.released[number.number] = self.backend.scheduler.now + NUMBER_COOLDOWN

    def remove_instance(self, instance: Instance) -> None:
        """Remove an instance and its campaigns; its contacts stay, and none is dialed any more."""
        del self.instances[instance.id]
        for campaign in [*instance.campaigns.values()]:
            instance.remove_campaign(campaign)
        instance.reschedule()
