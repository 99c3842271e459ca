"""The searches of the HTTP API: criteria from JSON or from the query of a URL."""

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
"""The maximal number of entries in one response."""

_DEFAULT_LIMIT = 1_000


class Text(str):
    """A string that equals each value with the same JSON, such as a time.

    In a query every value is a string; one that is JSON equals the decoded value, too.
    """

    decoded: Sequence[Any] = ()

    @classmethod
    def of_query(cls, text: str) -> Text:
        """Return a string that equals its decoded value, too."""
        made = cls(text)
        # A string that is not JSON equals only itself.
        with suppress(ValueError, RecursionError):
            made.decoded = (json.loads(text),)
        return made

    def __eq__(self, other: object) -> bool:
        encoded = to_json(other)
        return any(not any(differences(expected, encoded)) for expected in (str(self), *self.decoded))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Table(dict[str, Any]):
    """A dict that equals each value whose JSON has at least its entries."""

    def __eq__(self, other: object) -> bool:
        return not any(differences(dict(self), to_json(other)))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # as for every dict


def criterion(value: Any) -> Any:
    """Return the criterion that a JSON value stands for."""
    if isinstance(value, str):
        return Text(value)
    return Table(value) if isinstance(value, dict) else value


@dataclass(frozen=True)
class Search:
    """A search for records.

    Attributes:
        criteria: the criteria that an entry has to match.
        after: how many of the matching entries are skipped.
        limit: the maximal number of entries in the response.
    """

    criteria: Mapping[str, Any]
    after: int
    limit: int

    @classmethod
    def of(cls, query: Iterable[tuple[str, str]]) -> Search:
        """Return the search of a query.

        Raises:
            ValueError: the query repeats a name, or ``after`` or ``limit`` is invalid.
        """
        params = single(query)
        after = _number("after", params.pop("after", "0"), 0, None)
        limit = _number("limit", params.pop("limit", str(_DEFAULT_LIMIT)), 1, MAX_LIMIT)
        return cls({name: Text.of_query(value) for name, value in params.items()}, after, limit)

    def find(self, records: Records[Any]) -> tuple[Records[Any], int]:
        """Return the entries for the response, and the number of all that match.

        Raises:
            TypeError: the records do not have a criterion.
        """
        matches = records.where(**self.criteria) if self.criteria else records
        return matches[self.after : self.after + self.limit], len(matches)


def single(query: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the values of a query by their names.

    Raises:
        ValueError: the query repeats a name.
    """
    params: dict[str, str] = {}
    for name, value in query:
        if name in params:
            raise ValueError(f"The query has {name!r} twice; give it once. A criterion has a single value.")
        params[name] = value
    return params


def _number(name: str, text: str, minimum: int, maximum: int | None) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    number = int(text) if is_number else -1
    if number < minimum or (maximum is not None and number > maximum):
        end = "on" if maximum is None else f"to {maximum:,}"
        raise ValueError(f"The query's {name} takes a whole number from {minimum} {end}, not {text!r}.")
    return number
