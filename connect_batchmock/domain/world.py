"""The whole backend: one region of one account beside the other, none of which sees its neighbour."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.contact_book import ContactBook
from connect_batchmock.domain.dialing import Dialer
from connect_batchmock.domain.facts import NoSuchCampaign, NoSuchInstance, NotFound
from connect_batchmock.domain.identity import Identities
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.lock import Lock
from connect_batchmock.domain.once import Once
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.domain.phone_number import PhoneNumber
from connect_batchmock.domain.rate import Rate
from connect_batchmock.domain.timeline import Timeline

NUMBER_COOLDOWN = timedelta(days=180)
"""How long a phone number cannot be claimed after it was released."""


@dataclass(eq=False, repr=False)
class Region:
    """A region of an account: its instances, and the ClientTokens that were used in it."""

    partition: str
    name: str
    account_id: str
    world: World
    instances: dict[str, Instance] = field(default_factory=dict)
    once: Once = field(default_factory=Once)
    released: dict[str, datetime] = field(default_factory=dict)
    """The phone numbers that were released, and when they can be claimed again."""

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in this region and account."""
        return f"arn:{self.partition}:{service}:{self.name}:{self.account_id}:{resource}"

    def instance(self, instance_id: str) -> Instance:
        """Return the instance with this id, or raise ``NoSuchInstance``."""
        try:
            return self.instances[instance_id]
        except KeyError:
            raise NoSuchInstance(instance_id) from None

    def campaigns(self) -> list[Campaign]:
        """Return the campaigns of all instances."""
        return [campaign for instance in self.instances.values() for campaign in instance.campaigns.values()]

    def campaign(self, campaign_id: str) -> Campaign:
        """Return the campaign with this id or ARN, of any instance, or raise ``NoSuchCampaign``."""
        campaign_id = campaign_id.removeprefix(self.arn("connect-campaigns", "campaign/"))
        for instance in self.instances.values():
            if campaign_id in instance.campaigns:
                return instance.campaigns[campaign_id]
        raise NoSuchCampaign(campaign_id)

    def phone_numbers(self) -> list[tuple[Instance, PhoneNumber]]:
        """Return the phone numbers of all instances, each with the instance that has claimed it."""
        return [
            (instance, number)
            for instance in self.instances.values()
            for number in instance.phone_numbers.values()
        ]

    def phone_number(self, number_id: str) -> tuple[Instance, PhoneNumber]:
        """Return the phone number with this id or ARN and its instance, or raise ``NotFound``."""
        for instance, number in self.phone_numbers():
            if number_id in (number.id, number.arn):
                return instance, number
        raise NotFound("phone number", number_id)

    def may_claim(self, number: str) -> bool:
        """Whether no instance has this number, and none has released it lately."""
        if any(one.number == number for _, one in self.phone_numbers()):
            return False
        return number not in self.released or self.released[number] <= self.world.timeline.now

    def has_alias(self, alias: str) -> bool:
        """Whether an instance has this alias, which is part of its address: case does not count."""
        return any(one.alias.lower() == alias.lower() for one in self.instances.values())

    def add_instance(self, alias: str | None, *, id: str | None = None, **properties: Any) -> Instance:
        """Add an instance; without an alias it is numbered. ``properties`` are fields of an instance.

        Raises:
            IdTaken: something has that id.
        """
        instance_id = self.world.identities.take(id)
        if alias is None:
            numbered = (f"instance-{number}" for number in count(len(self.instances) + 1))
            alias = next(one for one in numbered if not self.has_alias(one))
        arn = self.arn("connect", f"instance/{instance_id}")
        instance = Instance(instance_id, arn, alias, self, created_at=self.world.timeline.now, **properties)
        self.instances[instance_id] = instance
        return instance

    def release(self, instance: Instance, number: PhoneNumber) -> None:
        """Take a phone number from its instance; nobody can claim it for a while."""
        del instance.phone_numbers[number.id]
        self.released[number.number] = self.world.timeline.now + NUMBER_COOLDOWN

    def remove_instance(self, instance: Instance) -> None:
        """Remove an instance and its campaigns; its contacts stay, and none is dialled any more."""
        del self.instances[instance.id]
        instance.campaigns.clear()
        instance.review()


class World:
    """All accounts and regions, made when they are first asked for, and the time in which they live.

    Args:
        seed: where the identifiers begin.
        lock: is held by whoever reads or changes anything in the world.
        timeline: the time in which it lives.
        tell: is told of each event of a contact's life.
        decide: says what becomes of a contact when it is dialled.
        settle: lets happen all that is due by now; whoever reads contacts asks for it first.
        before_change: does the same for whoever changes something.
        concurrent_calls: how many calls an instance may have at once.
        requests_per_second: how many dial requests a campaign takes in a second; 0 for any number.
    """

    def __init__(
        self,
        seed: int,
        lock: Lock,
        timeline: Timeline,
        *,
        tell: Callable[[ContactEvent], None],
        decide: Callable[[Contact], Outcome],
        settle: Callable[[], None],
        before_change: Callable[[], None],
        concurrent_calls: int,
        requests_per_second: int,
    ) -> None:
        self.lock = lock
        self.settle = settle
        self._before_change = before_change
        self.identities: Identities = Identities("resources", seed)
        # Hours, agents and profiles have identifiers of their own: adding one changes no other id.
        self.side_identities: Identities = Identities("secondary resources", seed)
        self.contacts: ContactBook = ContactBook(lock)
        self.regions: dict[tuple[str, str], Region] = {}
        self.timeline = timeline
        self.request_rate: Rate | None = None
        if requests_per_second:
            self.request_rate = Rate(requests_per_second, requests_per_second)
        self.dialer: Dialer = Dialer(
            timeline, self.contacts, tell=tell, decide=decide, concurrent_calls=concurrent_calls
        )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Let a test change something within: what was due before it has happened."""
        self._before_change()
        with self.lock, self.timeline.standing_still():
            yield

    def region(self, account_id: str, name: str, partition: str) -> Region:
        """Return the region of the account."""
        key = (account_id, name)
        if key not in self.regions:
            self.regions[key] = Region(partition, name, account_id, self)
        return self.regions[key]

    def instances(self) -> list[Instance]:
        """Return every instance, by account and region, in the order in which they were added."""
        return [instance for region in self.regions.values() for instance in region.instances.values()]

    def holder_of(self, kind: str, id: str) -> Instance | None:
        """Return the instance that is the resource with this id, or has it, in any account and region.

        Args:
            kind: the kind of the resource, as in ``NotFound``; resources of other kinds have no holder.
            id: its id; of a campaign also its ARN.
        """
        if kind == "contact":
            contact = self.contacts.get(id)
            return None if contact is None else contact.instance
        ids_of = _IDS_BY_KIND.get(kind)
        if ids_of is None:
            return None
        return next((instance for instance in self.instances() if id in ids_of(instance)), None)


_IDS_BY_KIND: Mapping[str, Callable[[Instance], Collection[str]]] = {
    "instance": lambda instance: (instance.id,),
    "queue": lambda instance: instance.queues,
    "campaign": lambda instance: [
        name for campaign in instance.campaigns.values() for name in (campaign.id, campaign.arn)
    ],
    "hours of operation": lambda instance: instance.hours,
    "contact flow": lambda instance: instance.flows,
    "phone number": lambda instance: instance.phone_numbers,
}
