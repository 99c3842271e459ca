"""An index of a growing list, which is brought up to date at the latest on each lookup."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from connect_batchmock.domain.stateful import Stateful

T = TypeVar("T")


class Index(Stateful, Generic[T]):
    """The positions of the entries of a list by their keys, which never change.

    A lookup visits only the entries that were appended since the last one: all lookups cost one pass.

    Args:
        keys_of: returns the keys of an entry, each once.
    """

    def __init__(self, keys_of: Callable[[T], Iterable[Hashable]]) -> None:
        self._keys_of = keys_of
        # A key of one entry, as most addresses are, has a position instead of a list.
        self._positions: dict[Hashable, int | list[int]] = {}
        self._indexed = 0

    def append(self, keys: Iterable[Hashable]) -> None:
        """Add the keys of the next entry, each once."""
        position = self._indexed
        for key in keys:
            positions = self._positions.setdefault(key, position)
            if isinstance(positions, list):
                positions.append(position)
            elif positions != position:
                self._positions[key] = [positions, position]
        self._indexed += 1

    def positions(self, key: Hashable, entries: Sequence[T]) -> Sequence[int]:
        """Return the positions of the entries with this key, in order.

        Args:
            key: the key.
            entries: the list, with the entries of earlier lookups at its start.
        """
        for entry in entries[self._indexed :]:
            self.append(self._keys_of(entry))
        positions = self._positions.get(key, ())
        return (positions,) if isinstance(positions, int) else positions
