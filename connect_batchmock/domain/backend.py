"""The backend: the regions of all accounts, each isolated from the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from connect_batchmock.domain.campaign import Campaign, Schedule
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.contact_store import ContactStore
from connect_batchmock.domain.dialer import Dialer, Obstacle
from connect_batchmock.domain.ids import IdSource
from connect_batchmock.domain.instance import ContactJournal, Instance
from connect_batchmock.domain.locks import Lock
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.domain.rate_limit import TokenBucket
from connect_batchmock.domain.region import Region
from connect_batchmock.domain.scheduler import Scheduler
from connect_batchmock.domain.stateful import Stateful


class Backend(Stateful):
    """All accounts and regions, each made on first use, with the scheduler that they share.

    Args:
        seed: the seed of the identifiers.
        lock: held while anything in the backend is read or changed.
        scheduler: the clock and the actions that are due.
        journal: has the events of each contact, and the API calls about it.
        publish: receives each event of a contact.
        choose_outcome: returns the outcome of a contact that is dialed.
        run_due: runs the actions that are due; callers run it before they read contacts.
        run_overdue: runs the actions that are overdue; callers run it before they change anything.
        notify: wakes those who wait for a change, after a test has changed something.
        concurrent_calls: the maximum number of concurrent phone calls of an instance.
        requests_per_second: the number of dial requests per second that a campaign accepts; 0 for any number.
    """

    def __init__(
        self,
        seed: int,
        lock: Lock,
        scheduler: Scheduler,
        *,
        journal: ContactJournal,
        publish: Callable[[ContactEvent], None],
        choose_outcome: Callable[[Contact], Outcome],
        run_due: Callable[[], None],
        run_overdue: Callable[[], None],
        notify: Callable[[], None],
        concurrent_calls: int,
        requests_per_second: int,
    ) -> None:
        self.lock = lock
        self.journal = journal
        self.run_due = run_due
        self._run_overdue = run_overdue
        self._notify = notify
        self.ids: IdSource = IdSource("resources", seed)
        # Hours, agents and profiles have a source of their own, so that adding them changes no other id.
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
        """Return a context in which a test may change something, after the overdue actions have run."""
        self._run_overdue()
        with self.lock, self.scheduler.frozen():
            yield
        self._notify()

    def contacts_having(self, name: str, value: str) -> list[Contact]:
        """Return the contacts with a value of an index, such as those of an ``instance`` by its id."""
        return self.contacts.having(name, value)

    def reschedule(self, instance: Instance) -> None:
        """Schedule a check of the contacts of an instance that can be dialed now, after a change."""
        self.dialer.reschedule(instance)

    def waiting_for(self, contact_id: str) -> Obstacle | None:
        """Return the obstacle that a contact waits for; None if it waits for time alone."""
        return self.dialer.waiting_for(contact_id)

    def follow(self, instance: Instance, campaign: Campaign, schedule: Schedule) -> None:
        """Start and end a campaign of an instance on its schedule."""
        self.dialer.apply_schedule(instance, campaign, schedule)

    def region(self, account_id: str, name: str, partition: str) -> Region:
        """Return a region of an account."""
        key = (account_id, name)
        if key not in self.regions:
            self.regions[key] = Region(partition, name, account_id, self)
        return self.regions[key]

    def instances(self) -> list[Instance]:
        """Return all instances, by account and region, in the order in which they were added."""
        return [instance for region in self.regions.values() for instance in region.instances.values()]

    def holder_of(self, kind: str, id: str) -> Instance | None:
        """Return the instance that is the resource with this id, or owns it, in any account and region.

        Args:
            kind: the kind of the resource, as in ``NotFoundError``; resources of other kinds have no owner.
            id: the id; for a campaign, the id or the ARN.
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
    "contact flow": lambda instance: instance.all_flows,
    "phone number": lambda instance: instance.phone_numbers,
    "user": lambda instance: instance.agents,
    "agent status": lambda instance: instance.agent_statuses,
    "routing profile": lambda instance: instance.routing_profiles,
}
