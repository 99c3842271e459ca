"""A list that grows and changes while others read it as it was."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

from connect_batchmock.domain.stateful import Stateful

T = TypeVar("T")


class _Changes(Generic[T]):
    """What entries were before they changed, from one view of a list on, until the following one."""

    __slots__ = ("__weakref__", "before", "following")

    def __init__(self) -> None:
        self.before: dict[int, T] = {}
        self.following: _Changes[T] | None = None


class VersionedList(Stateful, Sequence[T]):
    """A list whose views stay as they were: they cost as much as what changes, not as what there is.

    Whoever changes it, or makes a view, holds a lock; whoever reads a view needs none.

    Attributes:
        entries: the entries as they are now, to be read and not to be changed.
    """

    def __init__(self) -> None:
        self.entries: list[T] = []
        # Only views need it: without one, nothing is noted.
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
        changes = self.changes
        if changes is not None:
            changes.before.setdefault(index, self.entries[index])
        self.entries[index] = entry

    def append(self, entry: T) -> None:
        """Add an entry; no view shows it that was made before."""
        self.entries.append(entry)

    def extend(self, entries: Iterable[T]) -> None:
        """Append entries in their order."""
        self.entries.extend(entries)

    @property
    def changes(self) -> _Changes[T] | None:
        """What has changed since the latest view was made, or None where nobody reads one."""
        changes = None if self._changes is None else self._changes()
        return None if changes is None or changes.following is not None else changes

    def changes_from_now(self) -> _Changes[T]:
        """Return where it is noted what changes from now on, for a view."""
        latest = self.changes
        if latest is not None and not latest.before:
            return latest
        changes: _Changes[T] = _Changes()
        if latest is not None:
            latest.following = changes
        self._changes = weakref.ref(changes)
        return changes

    def detach_views(self) -> None:
        """Give the views the entries as they are now: they are about to be replaced all at once."""
        changes = self.changes
        if changes is not None:
            changes.following = _Changes()
            changes.following.before.update(enumerate(self.entries))


class View(Sequence[T]):
    """The entries of a list as they were at one time."""

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
        places = range(self._length)[index]
        return [self._entry(place) for place in places] if isinstance(places, range) else self._entry(places)

    def _entry(self, place: int) -> T:
        # Read first: whoever changes an entry meanwhile has noted it before.
        now = self._origin.entries[place : place + 1]
        self._catch_up()
        before = self._before if place in self._before else self._changes.before
        return before[place] if place in before else now[0]

    def _catch_up(self) -> None:
        """Gather what has changed until the latest view was made, so that it is looked through once."""
        changes = self._changes
        while changes.following is not None:
            for place, entry in changes.before.items():
                self._before.setdefault(place, entry)
            changes = changes.following
        self._changes = changes

    @property
    def is_attached(self) -> bool:
        """Whether the list has grown and changed at most, and has not been replaced since."""
        self._catch_up()
        return self._changes is self._origin.changes
