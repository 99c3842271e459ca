"""An index of a growing list, which is brought up to date on each lookup."""

from __future__ import annotations

from collections import defaultdict
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
        self._positions: dict[Hashable, list[int]] = defaultdict(list)
        self._indexed = 0

    def positions(self, key: Hashable, entries: Sequence[T]) -> Sequence[int]:
        """Return the positions of the entries with this key, in order.

        Args:
            key: the key.
            entries: the list, with the entries of earlier lookups at its start.
        """
        for entry in entries[self._indexed :]:
            for entry_key in self._keys_of(entry):
                self._positions[entry_key].append(self._indexed)
            self._indexed += 1
        return self._positions.get(key, ())
