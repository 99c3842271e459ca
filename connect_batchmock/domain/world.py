"""The whole backend: one region of one account beside the other, none of which sees its neighbour."""

from __future__ import annotations

from dataclasses import dataclass, field

from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.facts import NoSuchInstance
from connect_batchmock.domain.identity import Identities
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.lock import Lock
from connect_batchmock.domain.once import Once


@dataclass(eq=False)
class Region:
    """A region of an account: its instances, and the ClientTokens that were used in it.

    ``contacts`` is shared by all regions of a world and keeps the order in which they were created; so is
    ``lock``, which is held by whoever reads or changes anything in the world.
    """

    partition: str
    name: str
    account_id: str
    identities: Identities
    contacts: dict[str, Contact]
    lock: Lock
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

    def add_instance(self, alias: str | None) -> Instance:
        """Add an instance; without an alias it is numbered."""
        instance_id = self.identities.uuid()
        alias = f"instance-{len(self.instances) + 1}" if alias is None else alias
        instance = Instance(instance_id, self.arn("connect", f"instance/{instance_id}"), alias, self)
        self.instances[instance_id] = instance
        return instance


class World:
    """All accounts and regions, made when they are first asked for."""

    def __init__(self, seed: int, lock: Lock) -> None:
        self.lock = lock
        self.identities = Identities(seed)
        self.contacts: dict[str, Contact] = {}
        self.regions: dict[tuple[str, str], Region] = {}

    def region(self, account_id: str, name: str, partition: str) -> Region:
        """Return the region of the account."""
        key = (account_id, name)
        if key not in self.regions:
            self.regions[key] = Region(partition, name, account_id, self.identities, self.contacts, self.lock)
        return self.regions[key]

    def instances(self) -> list[Instance]:
        """Return every instance, by account and region, in the order in which they were added."""
        return [instance for region in self.regions.values() for instance in region.instances.values()]
