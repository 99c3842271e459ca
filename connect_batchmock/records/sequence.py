"""Sequences of records, which a test searches and compares."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from connect_batchmock._matching import Difference, differences, distance, matched_in_any_order
from connect_batchmock.domain.outcome import PREVIEW_DISCARDED
from connect_batchmock.domain.versioned_list import View
from connect_batchmock.records import report

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")

UNKNOWN = object()
"""Stands for an attribute whose value is known only after the entry is copied."""

_COMPARED_BY_VALUE = frozenset((bool, datetime, float, int, str, type(None)))


class _EitherSpelling(str):
    """The disconnect reason of a discarded preview as a criterion, which equals both spellings of it."""

    def __eq__(self, other: object) -> bool:
        return other in PREVIEW_DISCARDED

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def _in_either_spelling(criteria: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        name: _EitherSpelling(expected)
        if isinstance(expected, str) and expected in PREVIEW_DISCARDED
        else expected
        for name, expected in criteria.items()
    }


Nearest = tuple[int, Sequence[Difference]]
"""The number of an entry, from 1 on, and how it differs from the criteria."""

Advice = Callable[[Mapping[str, Any]], str | None]
"""Returns the reason why no entry matches some criteria, as a sentence, or None if it knows none."""


class Records(Sequence[T], ABC, Generic[T]):
    """A read-only sequence of records; later records do not change it.

    It equals any sequence of equal entries in the same order. Its entries are copies. Events and contact
    records pickle as lists; contacts do not pickle, because each of them refers to its mock.
    """

    noun: ClassVar[str]
    _indistinct: Sequence[str] = ()
    """The attributes that no hint names: they always differ, or repeat another attribute."""

    def __init__(self, items: Iterable[Any], advice: Advice | None = None) -> None:
        self._items: View[Any] | tuple[Any, ...] = items if isinstance(items, View) else tuple(items)
        self._advice = advice
        self._origin: tuple[Records[T], Mapping[str, Any]] | None = None

    def _present(self, item: Any) -> T:
        return copy.deepcopy(item)  # type: ignore[no-any-return]  # entries are kept in the form in which they are read

    @abstractmethod
    def _criteria(self) -> Sequence[str]:
        """Return the names of the valid criteria."""

    @abstractmethod
    def _line(self, item: T) -> str:
        """Return the line that messages show for an entry."""

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> Self: ...

    def __getitem__(self, index: int | slice) -> T | Self:
        if isinstance(index, slice):
            return type(self)(self._items[index], self._advice)
        return self._present(self._items[index])

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, (str, bytes)):
            return NotImplemented
        return list(self) == list(other)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # equal to lists, which have no hash

    def __repr__(self) -> str:
        return repr(list(self))

    def __copy__(self) -> Self:
        return self  # immutable

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Callable[[list[T]], Sequence[T]], tuple[list[T]]]:
        # Entries that are kept in another form refer to the backend, which cannot be pickled. The form in
        # which a test reads them can be pickled, and not searched: a list is enough.
        is_kept_as_read = type(self)._present is Records._present
        return type(self) if is_kept_as_read else list, (list(self),)

    def in_any_order(self) -> InAnyOrder[T]:
        """Return the entries for a comparison that ignores their order.

        The result equals any sequence that has an equal entry for each of these, and no others:
        ``assert connect_mock.contacts.in_any_order() == [second, first]``.
        """
        return InAnyOrder(self)

    def where(self, **criteria: Any) -> Self:
        """Return the entries that match all criteria.

        Args:
            criteria: attributes and their expected values. Values are compared with ``==``; a mapping matches
                as a subset.

        Raises:
            TypeError: an entry has no such attribute.
        """
        __tracebackhide__ = True
        matches = type(self)((self._items[number - 1] for number in self._matching(criteria)), self._advice)
        matches._origin = self._widened(criteria)
        return matches

    def _widened(self, criteria: Mapping[str, Any]) -> tuple[Records[T], Mapping[str, Any]]:
        """Return the sequence that these entries were selected from, and the criteria of both searches."""
        if self._origin is None:
            return self, criteria
        origin, earlier = self._origin
        if earlier.keys() & criteria.keys():
            return self, criteria
        return origin, {**earlier, **criteria}

    def one(self, **criteria: Any) -> T:
        """Return the only entry that matches all criteria.

        Args:
            criteria: attributes and their expected values. Values are compared with ``==``; a mapping matches
                as a subset.

        Raises:
            AssertionError: none or several match; the message shows the nearest entry and lists all.
            TypeError: an entry has no such attribute.
        """
        __tracebackhide__ = True
        matching = self._matching(criteria)
        if len(matching) == 1:
            return self[matching[0] - 1]
        origin, wanted = self._widened(criteria)
        if matching:
            raise AssertionError(origin._explain_several(wanted, origin._matching(wanted)))
        raise AssertionError(origin.explain_none(wanted))

    def lines(self) -> list[str]:
        """Return the line that messages show for each entry."""
        return [self._line(item) for item in self]

    # Messages of failed assertions

    def explain_none(self, criteria: Mapping[str, Any], wanted: str | None = None) -> str:
        """Return the message that no entry matches: the nearest entry, a hint, and all entries.

        Args:
            criteria: the criteria.
            wanted: the criteria in words; by default a list of them.
        """
        wanted = report.with_criteria(criteria) if wanted is None else wanted
        nearest = self._nearest(criteria)
        reason = self._why_not(criteria)
        hint = None if reason else self._hint(nearest)
        return report.none_matches(self.noun, wanted, reason, nearest, hint, self.lines())

    def explain_count(
        self, criteria: Mapping[str, Any], expected: int, wanted: str | None = None, hint: str | None = None
    ) -> str:
        """Return the message that the wrong number of entries matches, and which ones do.

        Args:
            criteria: the criteria.
            expected: the expected number of entries.
            wanted: the criteria in words; by default a list of them.
            hint: a hint that replaces the usual one.
        """
        wanted = report.with_criteria(criteria) if wanted is None else wanted
        matching = self._matching(criteria)
        is_short = len(matching) < expected
        nearest = self._nearest(criteria, besides=matching) if is_short else None
        reason = self._why_not(criteria) if is_short else None
        usual = self._hint(nearest) if is_short else report.tell_apart(self._unlike(matching))
        hint = None if reason else hint or usual
        return report.wrong_count(self.noun, wanted, expected, matching, reason, nearest, hint, self.lines())

    def explain_unexpected(self, criteria: Mapping[str, Any], hint: str | None) -> str:
        """Return the message that entries match although none is expected, and which ones do."""
        matching = self._matching(criteria)
        return report.unexpected(self.noun, report.with_criteria(criteria), matching, hint, self.lines())

    def _explain_several(self, criteria: Mapping[str, Any], matching: Sequence[int]) -> str:
        wanted, hint = report.with_criteria(criteria), report.tell_apart(self._unlike(matching))
        return report.several_match(self.noun, wanted, matching, hint, self.lines())

    def _unlike(self, numbers: Sequence[int]) -> list[str]:
        """Return the attributes in which some entries differ."""
        entries = [self[number - 1] for number in numbers]
        values = ((name, [self._value(entry, name, None) for entry in entries]) for name in self._criteria())
        return [
            name
            for name, (first, *others) in values
            if name not in self._indistinct and any(other != first for other in others)
        ]

    def _why_not(self, criteria: Mapping[str, Any]) -> str | None:
        reason = None if self._advice is None else self._advice(criteria)
        return report.NO_RECORDS.get(self.noun) if reason is None and not self else reason

    def _hint(self, nearest: Nearest | None) -> str | None:
        if nearest is None:
            return None
        number, unlike = nearest
        see_calls = "" if self.noun == "call" else "; connect_mock.calls shows what was sent"
        return (
            report.near_miss(unlike)
            or self._waiting_for(number, unlike)
            or f"If number {number} is the one you mean, correct the criteria{see_calls}."
        )

    def _waiting_for(self, number: int, unlike: Sequence[Difference]) -> str | None:
        """Return what an entry waits for if it will match the criteria with time; else None."""
        return report.waits_for_time(unlike)

    def _nearest(self, criteria: Mapping[str, Any], besides: Sequence[int] = ()) -> Nearest | None:
        excluded, criteria = frozenset(besides), _in_either_spelling(criteria)
        candidates = [
            (number, self._differences(item, criteria))
            for number, item in enumerate(self, 1)
            if number not in excluded
        ]
        return min(candidates, key=lambda candidate: distance(candidate[1]), default=None)

    def _matching(self, criteria: Mapping[str, Any]) -> list[int]:
        """Return the numbers, from 1 on, of the entries that match all criteria."""
        __tracebackhide__ = True
        self._refuse_unknown(criteria)
        criteria = _in_either_spelling(criteria)
        return [
            index + 1
            for index in self._candidates(criteria)
            if self._may_match(self._items[index], criteria) and not self._differences(self[index], criteria)
        ]

    def _candidates(self, criteria: Mapping[str, Any]) -> Sequence[int]:
        """Return the indexes of the entries that may match the criteria."""
        return range(len(self))

    def _may_match(self, item: Any, criteria: Mapping[str, Any]) -> bool:
        """Whether an entry may match the criteria, as far as is known without a copy of it."""
        return all(
            self._uncopied(item, name) in (UNKNOWN, expected)
            for name, expected in criteria.items()
            if type(expected) in _COMPARED_BY_VALUE
        )

    def _uncopied(self, item: Any, name: str) -> Any:
        """Return an attribute of an entry as it is kept, or ``UNKNOWN`` if it is read in another form."""
        return UNKNOWN

    def _differences(self, item: T, criteria: Mapping[str, Any]) -> list[Difference]:
        return [
            difference
            for name, expected in criteria.items()
            for difference in differences(expected, self._value(item, name, expected), name)
        ]

    def _value(self, item: T, name: str, expected: Any) -> Any:
        return getattr(item, name)

    def _refuse_unknown(self, criteria: Mapping[str, Any]) -> None:
        __tracebackhide__ = True
        valid = self._criteria()
        for name in criteria:
            if name not in valid:
                raise TypeError(report.unknown_criterion(self.noun, name, valid))


class InAnyOrder(Generic[T]):
    """Entries that are compared without regard to their order."""

    def __init__(self, records: Records[T]) -> None:
        self.records = records

    def __eq__(self, other: object) -> bool:
        if isinstance(other, InAnyOrder):
            return self == other.records
        if not isinstance(other, Sequence) or isinstance(other, (str, bytes)):
            return NotImplemented
        entries = list(self.records)
        same_length = len(other) == len(entries)
        return same_length and len(matched_in_any_order(list(other), entries)) == len(entries)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # equal to lists, which have no hash

    def __repr__(self) -> str:
        return f"{self.records!r} in any order"
