"""A list with views that keep its entries while it changes."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Generic, TypeVar, overload

from connect_batchmock.domain.stateful import Stateful

T = TypeVar("T")


class _Changes(Generic[T]):
    """The previous values of entries that changed between one view of a list and the next."""

    __slots__ = ("__weakref__", "before", "following")

    def __init__(self) -> None:
        self.before: dict[int, T] = {}
        self.following: _Changes[T] | None = None


class VersionedList(Stateful, Sequence[T]):
    """A list with views that stay unchanged. A view costs in proportion to the changes, not to the entries.

    Changes of the list, and the creation of a view, need a lock; reading a view needs none.

    Attributes:
        entries: the current entries, read-only.
    """

    def __init__(self) -> None:
        self.entries: list[T] = []
        # Changes are only recorded while a view exists.
        self._changes: weakref.ref[_Changes[T]] | None = None

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[T]:
        return iter(self.entries)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.entries[index]

    def __setitem__(self, index: int, entry: T) -> None:
        # Most lists have no view while they change.
        changes = None if self._changes is None else self.changes
        if changes is not None:
            changes.before.setdefault(index, self.entries[index])
        self.entries[index] = entry

    def append(self, entry: T) -> None:
        """Append an entry, which earlier views do not show."""
        self.entries.append(entry)

    def extend(self, entries: Iterable[T]) -> None:
        """Append entries in their order."""
        self.entries.extend(entries)

    @property
    def changes(self) -> _Changes[T] | None:
        """The changes since the latest view was made, or None if no view exists."""
        changes = None if self._changes is None else self._changes()
        return None if changes is None or changes.following is not None else changes

    def changes_from_now(self) -> _Changes[T]:
        """Return the record of the changes from now on, for a view."""
        latest = self.changes
        if latest is not None and not latest.before:
            return latest
        changes: _Changes[T] = _Changes()
        if latest is not None:
            latest.following = changes
        self._changes = weakref.ref(changes)
        return changes

    def detach_views(self) -> None:
        """Freeze the views with the current entries, before all entries are replaced."""
        changes = self.changes
        if changes is not None:
            changes.following = _Changes()
            changes.following.before.update(enumerate(self.entries))


class View(Sequence[T]):
    """The entries of a list at one point in time."""

    def __init__(self, origin: VersionedList[T]) -> None:
        self._origin = origin
        self._length = len(origin)
        self._changes = origin.changes_from_now()
        self._before: dict[int, T] = {}

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        positions = range(self._length)[index]
        return self.at(positions) if isinstance(positions, range) else self._entry(positions)

    def at(self, positions: Sequence[int]) -> list[T]:
        """Return the entries at several positions."""
        # Read first, as for a single entry; a list that was replaced may be shorter.
        now: list[T] = []
        with suppress(IndexError):
            now = [self._origin.entries[position] for position in positions]
        self._catch_up()
        if self._before or self._changes.before:
            return [self._entry(position) for position in positions]
        return now

    def _entry(self, position: int) -> T:
        # Read first: a concurrent change records the previous value before it changes the entry.
        now = self._origin.entries[position : position + 1]
        self._catch_up()
        before = self._before if position in self._before else self._changes.before
        return before[position] if position in before else now[0]

    def _catch_up(self) -> None:
        """Collect the changes until the latest view was made, so that each is visited once."""
        changes = self._changes
        while changes.following is not None:
            for position, entry in changes.before.items():
                self._before.setdefault(position, entry)
            changes = changes.following
        self._changes = changes

    @property
    def is_attached(self) -> bool:
        """Whether the entries of the list have not been replaced as a whole since."""
        self._catch_up()
        return self._changes is self._origin.changes
