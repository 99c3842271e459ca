"""The state that a snapshot of the backend keeps: each class declares whether its objects have state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable


class Stateful:
    """The base of classes whose objects change: all their attributes are their state.

    The content of a built-in collection is part of the state, at any depth. Objects of a thread or of a test
    are not.
    """

    def snapshot_state(self) -> Mapping[str, Any]:
        """Return the current attributes.

        Returns:
            A copy of the attributes by their names; the values are not copied.
        """
        return dict(vars(self))

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Restore the attributes.

        Args:
            state: the return value of ``snapshot_state``.
        """
        vars(self).update(state)


@runtime_checkable
class Holder(Protocol):
    """An immutable object that refers to objects that change."""

    def held(self) -> Iterable[Any]:
        """Return the objects that may change."""
