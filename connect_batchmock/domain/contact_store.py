"""All contacts in the order of their creation: found without looking at each, read as they were."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.locks import Lock
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.domain.versioned_list import VersionedList, View

INDEXES: Mapping[str, Callable[[Contact], str | None]] = {
    "customer_address": lambda contact: contact.customer_endpoint.address,
    "request_identifier": lambda contact: contact.request_identifier,
    "instance": lambda contact: contact.instance.id,
    "queue": lambda contact: None if contact.queue is None else contact.queue.id,
    "campaign": lambda contact: None if contact.campaign is None else contact.campaign.id,
}
"""What contacts are looked for by, and never changes on one."""


class _Index(Stateful):
    """The places of contacts by one thing about them, made up to date when it is looked into."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._places: dict[str | None, list[int]] = defaultdict(list)
        self._filed = 0

    def places(self, value: str | None, contacts: Sequence[Contact]) -> Sequence[int]:
        """Return the places of the contacts that have this value, in order."""
        file_under = INDEXES[self._name]
        for contact in contacts[self._filed :]:
            self._places[file_under(contact)].append(self._filed)
            self._filed += 1
        return self._places.get(value, ())


class ContactStore(Stateful):
    """The contacts by their ids and by what they are looked for by.

    Args:
        lock: is held by whoever enters or looks up something.
    """

    def __init__(self, lock: Lock) -> None:
        self.lock = lock
        self._versions: VersionedList[Contact] = VersionedList()
        self._contacts = self._versions.entries
        self._places: dict[str, int] = {}
        self._files: dict[str, _Index] = {name: _Index(name) for name in INDEXES}
        self._changed: list[int] = []

    def __len__(self) -> int:
        return len(self._contacts)

    def __getitem__(self, contact_id: str) -> Contact:
        return self._contacts[self._places[contact_id]]

    def get(self, contact_id: str) -> Contact | None:
        """Return the contact with this id, or None."""
        place = self._places.get(contact_id)
        return None if place is None else self._contacts[place]

    def put(self, contact: Contact) -> None:
        """Enter a contact, in the place of the one that has its id."""
        place = self._places.setdefault(contact.id, len(self._places))
        self._changed.append(place)
        if place == len(self._contacts):
            self._versions.append(contact)
        else:
            self._versions[place] = contact

    def having(self, name: str, value: str) -> list[Contact]:
        """Return the contacts that have a value, such as all of an ``instance`` by its id."""
        return [self._contacts[place] for place in self.places(name, value)]

    @property
    def changes(self) -> int:
        """How many changes there have been: a new contact is one, and each step of its life."""
        return len(self._changed)

    def changed_since(self, change: int, most: int) -> tuple[list[tuple[int, Contact]], int]:
        """Return the contacts of the changes after one, each once and as it is now, with its own number.

        Args:
            change: how many changes are known already.
            most: how many changes are looked at.

        Returns:
            The contacts with their numbers, from 1 on, and how many changes are known then.
        """
        places = self._changed[change : change + most]
        found = [(place + 1, self._contacts[place]) for place in dict.fromkeys(places)]
        return found, change + len(places)

    def view(self) -> ContactView:
        """Return the contacts as they are now."""
        return ContactView(self, self._versions)

    def detach_views(self) -> None:
        """Give the views the contacts as they are now: they are about to be replaced all at once."""
        self._versions.detach_views()

    def places(self, name: str, value: str | None) -> Sequence[int]:
        """Return the places of the contacts that have a value, in order."""
        if name != "id":
            return self._files[name].places(value, self._contacts)
        place = self._places.get(value or "")
        return () if place is None else (place,)


class ContactView(View[Contact]):
    """The contacts of a book as they were at one time."""

    def __init__(self, book: ContactStore, contacts: VersionedList[Contact]) -> None:
        super().__init__(contacts)
        self._book = book

    def places(self, wanted: Mapping[str, str | None]) -> Sequence[int]:
        """Return the places of the contacts that may have all these values, as few as are known, in order.

        Args:
            wanted: values by their names; those that nothing is filed by are passed over.
        """
        filed = {name: value for name, value in wanted.items() if name == "id" or name in INDEXES}
        if not filed:
            return range(len(self))
        with self._book.lock:
            # What is filed now may be other contacts than those of this view.
            if not self.is_attached:
                return range(len(self))
            fewest: Sequence[int] = min((self._book.places(*one) for one in filed.items()), key=len)
            return tuple(fewest[: bisect_left(fewest, len(self))])
