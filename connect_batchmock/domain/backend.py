"""The whole backend: one region of one account beside the other, none of which sees its neighbor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from connect_batchmock.domain.campaign import Campaign, Schedule
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.contact_store import ContactStore
from connect_batchmock.domain.dialer import Dialer, Obstacle
from connect_batchmock.domain.ids import IdSource
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.locks import Lock
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.domain.rate_limit import TokenBucket
from connect_batchmock.domain.region import Region
from connect_batchmock.domain.scheduler import Scheduler
from connect_batchmock.domain.stateful import Stateful


class Backend(Stateful):
    """All accounts and regions, made when they are first asked for, and the time in which they live.

    Args:
        seed: where the identifiers begin.
        lock: is held by whoever reads or changes anything in the world.
        timeline: the time in which it lives.
        tell: is told of each event of a contact's life.
        decide: says what becomes of a contact when it is dialed.
        settle: lets happen all that is due by now; whoever reads contacts asks for it first.
        before_change: does the same for whoever changes something.
        concurrent_calls: how many calls an instance may have at once.
        requests_per_second: how many dial requests a campaign takes in a second; 0 for any number.
    """

    def __init__(
        self,
        seed: int,
        lock: Lock,
        scheduler: Scheduler,
        *,
        publish: Callable[[ContactEvent], None],
        choose_outcome: Callable[[Contact], Outcome],
        run_due: Callable[[], None],
        run_overdue: Callable[[], None],
        concurrent_calls: int,
        requests_per_second: int,
    ) -> None:
        self.lock = lock
        self.run_due = run_due
        self._before_change = run_overdue
        self.ids: IdSource = IdSource("resources", seed)
        # Hours, agents and profiles have identifiers of their own: adding one changes no other id.
        self.secondary_ids: IdSource = IdSource("secondary resources", seed)
        self.contacts: ContactStore = ContactStore(lock)
        self.regions: dict[tuple[str, str], Region] = {}
        self.scheduler = scheduler
        self.request_rate: TokenBucket | None = None
        if requests_per_second:
            self.request_rate = TokenBucket(requests_per_second, requests_per_second)
        self.dialer: Dialer = Dialer(
            scheduler,
            self.contacts,
            publish=publish,
            choose_outcome=choose_outcome,
            concurrent_calls=concurrent_calls,
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let a test change something within: what was due before it has happened."""
        self._before_change()
        with self.lock, self.scheduler.frozen():
            yield

    def contacts_having(self, name: str, value: str) -> list[Contact]:
        """Return the contacts that have a value, such as all of an ``instance`` by its id."""
        return self.contacts.having(name, value)

    def reschedule(self, instance: Instance) -> None:
        """See soon who can be dialed now, since something about an instance has changed."""
        self.dialer.reschedule(instance)

    def waiting_for(self, contact_id: str) -> Obstacle | None:
        """Return what keeps a contact from going on now, or None where nothing but time does."""
        return self.dialer.waiting_for(contact_id)

    def follow(self, instance: Instance, campaign: Campaign, schedule: Schedule) -> None:
        """Begin and end a campaign of an instance as its schedule says."""
        self.dialer.apply_schedule(instance, campaign, schedule)

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
            kind: the kind of the resource, as in ``NotFoundError``; resources of other kinds have no holder.
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
