"""The contact store: all contacts in the order of their creation, with indexes and views."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.index import Index
from connect_batchmock.domain.locks import Lock
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.domain.versioned_list import VersionedList, View

INDEXES: Mapping[str, Callable[[Contact], tuple[str | None]]] = {
    "customer_address": lambda contact: (contact.customer_endpoint.address,),
    "request_identifier": lambda contact: (contact.request_identifier,),
    "instance": lambda contact: (contact.instance.id,),
    "queue": lambda contact: (None if contact.queue is None else contact.queue.id,),
    "campaign": lambda contact: (None if contact.campaign is None else contact.campaign.id,),
}
"""The indexed values of a contact, which never change: each is the only key of its index.

The first ones belong to the fewest contacts.
"""

_LOOKED_UP_MOST = ("customer_address", "request_identifier")
"""The indexes that each new contact is added to."""

_FEW = 10
"""The number of contacts that are compared faster than another index is looked up."""


class ContactStore(Stateful):
    """The contacts, by their ids and their indexed values.

    Args:
        lock: held while contacts are added or looked up.
    """

    def __init__(self, lock: Lock) -> None:
        self.lock = lock
        self._versions: VersionedList[Contact] = VersionedList()
        self._contacts = self._versions.entries
        self._positions: dict[str, int] = {}
        self._indexes: dict[str, Index[Contact]] = {name: Index(key) for name, key in INDEXES.items()}
        self._changed: list[int] = []

    def __len__(self) -> int:
        return len(self._contacts)

    def __getitem__(self, contact_id: str) -> Contact:
        return self._contacts[self._positions[contact_id]]

    def get(self, contact_id: str) -> Contact | None:
        """Return the contact with this id, or None."""
        position = self._positions.get(contact_id)
        return None if position is None else self._contacts[position]

    def add(self, contact: Contact) -> None:
        """Add a new contact."""
        position = self._positions[contact.id] = len(self._contacts)
        self._changed.append(position)
        self._versions.append(contact)
        # Updated on the first lookup only, they would make it slow.
        for name in _LOOKED_UP_MOST:
            self._indexes[name].append(INDEXES[name](contact))

    def replace(self, contact: Contact) -> None:
        """Replace the contact with the id of this contact."""
        position = self._positions[contact.id]
        self._changed.append(position)
        self._versions[position] = contact

    def having(self, name: str, value: str) -> list[Contact]:
        """Return the contacts with a value of an index, such as those of an ``instance`` by its id."""
        return [self._contacts[position] for position in self.positions(name, value)]

    @property
    def changes(self) -> int:
        """The number of changes: a new contact and each of its steps count."""
        return len(self._changed)

    def changed_since(self, change: int, limit: int) -> tuple[list[tuple[int, Contact]], int]:
        """Return the contacts that changed after a number of changes, each once and in its current state.

        Args:
            change: the number of changes that are known already.
            limit: the maximum number of changes to return.

        Returns:
            The contacts with their numbers, from 1 on, and the number of changes that are then known.
        """
        positions = self._changed[change : change + limit]
        contacts = [(position + 1, self._contacts[position]) for position in dict.fromkeys(positions)]
        return contacts, change + len(positions)

    def view(self) -> ContactView:
        """Return a view of the contacts in their current state."""
        return ContactView(self, self._versions)

    def detach_views(self) -> None:
        """Freeze the views in their current state, before all contacts are replaced."""
        self._versions.detach_views()

    def positions(self, name: str, value: str | None) -> Sequence[int]:
        """Return the positions of the contacts with a value of an index, in order."""
        if name != "id":
            return self._indexes[name].positions(value, self._contacts)
        position = self._positions.get(value or "")
        return () if position is None else (position,)


class ContactView(View[Contact]):
    """The contacts of a store at one point in time."""

    def __init__(self, store: ContactStore, contacts: VersionedList[Contact]) -> None:
        super().__init__(contacts)
        self._store = store

    def positions(self, wanted: Mapping[str, str | None]) -> tuple[Sequence[int], str | None]:
        """Return the positions of the contacts that may have all these values, in order.

        Args:
            wanted: values by their names; a name without an index is ignored.

        Returns:
            The smallest result of an index, with the name whose value all these contacts have; or all
            positions and None, if no value is indexed.
        """
        indexed = [name for name in ("id", *INDEXES) if name in wanted]
        with self._store.lock:
            # The store may hold other contacts now than those of this view.
            if not indexed or not self.is_attached:
                return range(len(self)), None
            first, *others = indexed
            fewest, answered = self._store.positions(first, wanted[first]), first
            for name in others:
                if len(fewest) <= _FEW:
                    break
                positions = self._store.positions(name, wanted[name])
                if len(positions) < len(fewest):
                    fewest, answered = positions, name
            return tuple(fewest[: bisect_left(fewest, len(self))]), answered
