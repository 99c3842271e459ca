"""Things that show what a reader needs, and not all they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from connect_batchmock import explain

if TYPE_CHECKING:
    from typing_extensions import Self


class Readable:
    """Is shown by its repr also by those who show a dataclass by its fields, as hypothesis and IPython do."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


class Live(Readable):
    """Something of the backend, as it is now: equal to whatever is the same, and never copied.

    It is no dataclass, so that nobody who shows or stores one by its fields gets the whole backend.
    """

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __copy__(self) -> Self:
        # It is the thing itself, wherever it stands: what is copied around it is about the same one.
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(explain.not_to_be_pickled(self))
