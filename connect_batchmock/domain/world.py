"""The whole backend: one region of one account beside the other, none of which sees its neighbour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.dialing import Dialer
from connect_batchmock.domain.facts import NoSuchCampaign, NoSuchInstance
from connect_batchmock.domain.identity import Identities
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.lock import Lock
from connect_batchmock.domain.once import Once
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.domain.timeline import Timeline


@dataclass(eq=False)
class Region:
    """A region of an account: its instances, and the ClientTokens that were used in it."""

    partition: str
    name: str
    account_id: str
    world: World
    instances: dict[str, Instance] = field(default_factory=dict)
    once: Once = field(default_factory=Once)

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

    def add_instance(self, alias: str | None, **properties: Any) -> Instance:
        """Add an instance; without an alias it is numbered. ``properties`` are fields of an instance."""
        instance_id = self.world.identities.uuid()
        alias = f"instance-{len(self.instances) + 1}" if alias is None else alias
        arn = self.arn("connect", f"instance/{instance_id}")
        instance = Instance(instance_id, arn, alias, self, created_at=self.world.timeline.now, **properties)
        self.instances[instance_id] = instance
        return instance


class World:
    """All accounts and regions, made when they are first asked for, and the time in which they live.

    Args:
        seed: where the identifiers begin.
        lock: is held by whoever reads or changes anything in the world.
        timeline: the time in which it lives.
        tell: is told of each event of a contact's life.
        decide: says what becomes of a contact when it is dialled.
        settle: lets happen all that is due by now; whoever reads contacts asks for it first.
        concurrent_calls: how many calls an instance may have at once.
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
        concurrent_calls: int,
    ) -> None:
        self.lock = lock
        self.settle = settle
        self.identities = Identities(seed)
        # Hours, agents and profiles have identifiers of their own: adding one changes no other id.
        self.side_identities = Identities(seed + 2)
        self.contacts: dict[str, Contact] = {}
        self.regions: dict[tuple[str, str], Region] = {}
        self.timeline = timeline
        self.dialer = Dialer(
            timeline, self.contacts, tell=tell, decide=decide, concurrent_calls=concurrent_calls
        )

    def region(self, account_id: str, name: str, partition: str) -> Region:
        """Return the region of the account."""
        key = (account_id, name)
        if key not in self.regions:
            self.regions[key] = Region(partition, name, account_id, self)
        return self.regions[key]

    def instances(self) -> list[Instance]:
        """Return every instance, by account and region, in the order in which they were added."""
        return [instance for region in self.regions.values() for instance in region.instances.values()]
