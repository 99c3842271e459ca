"""What is searched for, from what JSON or the query of a URL can say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from connect_batchmock._matching import differences
from connect_batchmock.records.sequence import Records
from connect_batchmock.server.control.encoding import to_json

MAX_LIMIT = 10_000
"""How many entries one answer has at most."""

_DEFAULT_LIMIT = 1_000


class Text(str):
    """A text that is equal to whatever looks so in JSON, such as a time.

    In a query everything is a text: there, one that is JSON stands for what it says, too.
    """

    meant: Sequence[Any] = ()

    @classmethod
    def of_query(cls, text: str) -> Text:
        """Return a text that stands for what it says, too."""
        made = cls(text)
        # What is no JSON stands for itself alone.
        with suppress(ValueError, RecursionError):
            made.meant = (json.loads(text),)
        return made

    def __eq__(self, other: object) -> bool:
        shown = to_json(other)
        return any(not any(differences(meant, shown)) for meant in (str(self), *self.meant))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Table(dict[str, Any]):
    """A table that is met by whatever has at least its entries, once that is JSON."""

    def __eq__(self, other: object) -> bool:
        return not any(differences(dict(self), to_json(other)))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # as those of all tables


def criterion(value: Any) -> Any:
    """Return what a value in JSON asks for."""
    if isinstance(value, str):
        return Text(value)
    return Table(value) if isinstance(value, dict) else value


@dataclass(frozen=True)
class Search:
    """What a query asks for.

    Attributes:
        criteria: what an entry has to meet.
        after: how many of the entries found are passed over.
        limit: how many are shown.
    """

    criteria: Mapping[str, Any]
    after: int
    limit: int

    @classmethod
    def of(cls, query: Iterable[tuple[str, str]]) -> Search:
        """Read a query.

        Raises:
            ValueError: a name stands there twice, or a number is none.
        """
        given = single(query)
        after = _number("after", given.pop("after", "0"), 0, None)
        limit = _number("limit", given.pop("limit", str(_DEFAULT_LIMIT)), 1, MAX_LIMIT)
        return cls({name: Text.of_query(value) for name, value in given.items()}, after, limit)

    def find(self, records: Records[Any]) -> tuple[Records[Any], int]:
        """Return what is shown of some records, and how many meet the criteria.

        Raises:
            TypeError: they have no such criterion.
        """
        found = records.where(**self.criteria) if self.criteria else records
        return found[self.after : self.after + self.limit], len(found)


def single(query: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the values of a query by their names.

    Raises:
        ValueError: a name stands there twice.
    """
    given: dict[str, str] = {}
    for name, value in query:
        if name in given:
            raise ValueError(
                f"The query has {name!r} twice; give it once. Several values for one criterion cannot be "
                f"told apart."
            )
        given[name] = value
    return given


def _number(name: str, given: str, least: int, most: int | None) -> int:
    is_number = given.isascii() and given.isdecimal() and len(given) < 10
    number = int(given) if is_number else -1
    if number < least or (most is not None and number > most):
        raise ValueError(_not_a_number_in_query(name, given, least, most))
    return number


def _not_a_number_in_query(name: str, given: str, least: int, most: int | None) -> str:
    until = "on" if most is None else f"to {most:,}"
    return f"The query's {name} takes a whole number from {least} {until}, not {given!r}."
