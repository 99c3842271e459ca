"""Regions of accounts, each isolated from the others."""

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
"""The time for which a released phone number cannot be claimed."""


class BackendOfRegion(BackendOfInstance, Protocol):
    """The backend, as a region and its services use it."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def dialer(self) -> Dialer: ...

    @property
    def request_rate(self) -> TokenBucket | None: ...


@dataclass(eq=False, repr=False)
class Region(Stateful):
    """A region of an account: its instances, and the results of its ClientTokens."""

    partition: str
    name: str
    account_id: str
    backend: BackendOfRegion
    instances: dict[str, Instance] = field(default_factory=dict)
    once: IdempotencyCache = field(default_factory=IdempotencyCache)
    released: dict[str, datetime] = field(default_factory=dict)
    """The released phone numbers, and when they can be claimed again."""

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
        """Return the phone numbers of all instances, each with its instance."""
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
        """Whether a number can be claimed: no instance has it or has released it recently."""
        if any(claimed.number == number for _, claimed in self.phone_numbers()):
            return False
        return number not in self.released or self.released[number] <= self.backend.scheduler.now

    def has_alias(self, alias: str) -> bool:
        """Whether an instance has this alias, ignoring case as the host name of an instance does."""
        return any(instance.alias.lower() == alias.lower() for instance in self.instances.values())

    def add_instance(self, alias: str | None, *, id: str | None = None, **properties: Any) -> Instance:
        """Add an instance, by default with a numbered alias. ``properties`` are fields of an instance.

        Raises:
            IdConflictError: the id is taken.
        """
        instance_id = self.backend.ids.take(id)
        if alias is None:
            numbered = (f"instance-{number}" for number in count(len(self.instances) + 1))
            alias = next(candidate for candidate in numbered if not self.has_alias(candidate))
        arn = self.arn("connect", f"instance/{instance_id}")
        instance = Instance(
            instance_id, arn, alias, self, created_at=self.backend.scheduler.now, **properties
        )
        self.instances[instance_id] = instance
        return instance

    def release(self, instance: Instance, number: PhoneNumber) -> None:
        """Release a phone number from its instance."""
        instance.remove_phone_number(number)
        self.released[number.number] = self.backend.scheduler.now + NUMBER_COOLDOWN

    def remove_instance(self, instance: Instance) -> None:
        """Remove an instance and its campaigns; its contacts stay, and no more of them are dialed."""
        del self.instances[instance.id]
        for campaign in [*instance.campaigns.values()]:
            instance.remove_campaign(campaign)
        instance.reschedule()
