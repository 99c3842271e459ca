"""The base of the handles: live views of the resources that a test seeds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from typing_extensions import Self


class Handle(ABC):
    """A live view of a resource of the backend. Handles of one resource are equal.

    A handle is no dataclass: tools that show or store a dataclass by its fields would reach the backend.
    """

    @property
    @abstractmethod
    def id(self) -> str:
        """The id of the resource."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # hypothesis and IPython call this method.
        printer.text(repr(self))

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __copy__(self) -> Self:
        return self  # a copy of an object around it is about the same resource

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} belongs to its mock and cannot be pickled: pass the id to the other process instead, "
            f"and of a contact the attributes that it needs."
        )
