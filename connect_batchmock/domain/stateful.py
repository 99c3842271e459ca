"""What a snapshot of the backend keeps: each class says for itself whether its objects have state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable


class Stateful:
    """A base of classes whose objects change: all their attributes are their state.

    An attribute that holds a built-in collection is kept with what is in it, at any depth. What belongs to a
    thread or to a test is no state, wherever it is held.
    """

    def snapshot_state(self) -> Mapping[str, Any]:
        """Return the attributes as they are now.

        Returns:
            A copy of the attributes by their names; the values are not copied.
        """
        return dict(vars(self))

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Make the attributes what they were when ``snapshot_state`` returned them.

        Args:
            state: what ``snapshot_state`` returned.
        """
        vars(self).update(state)


@runtime_checkable
class Holder(Protocol):
    """An object that does not change itself and leads to some that do."""

    def held(self) -> Iterable[Any]:
        """Return what may change."""
