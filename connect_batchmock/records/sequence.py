"""Sequences of what happened, that a test searches and compares."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from connect_batchmock._matching import Difference, differences, distance, matched_in_any_order
from connect_batchmock.domain.versioned_list import View
from connect_batchmock.records import report

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")

UNKNOWN = object()
"""Stands for what has to be copied before it can be told."""

_COMPARED_BY_VALUE = frozenset((bool, datetime, float, int, str, type(None)))

Nearest = tuple[int, Sequence[Difference]]
"""The number of an entry, from 1 on, and in what it differs from what is wanted."""

Advice = Callable[[Mapping[str, Any]], str | None]
"""What is known about why nothing meets some criteria, as a sentence; None where nothing is."""


class Records(Sequence[T], ABC, Generic[T]):
    """A sequence of what was recorded, that does not change when more is recorded.

    It compares equal to any sequence of equal entries in the same order. What it hands out is a copy. Events
    and contact records are pickled as lists; contacts are not pickled, since each leads to its mock.
    """

    _noun = "record"
    _tells_little: Sequence[str] = ()
    """The attributes that are no way to tell entries apart: they always differ, or another one tells it."""

    def __init__(self, items: Iterable[Any], advice: Advice | None = None) -> None:
        self._items: View[Any] | tuple[Any, ...] = items if isinstance(items, View) else tuple(items)
        self._advice = advice
        self._found_in: tuple[Records[T], Mapping[str, Any]] | None = None

    def _present(self, item: Any) -> T:
        return copy.deepcopy(item)  # type: ignore[no-any-return]  # what is kept is what is shown

    @abstractmethod
    def _criteria(self) -> Sequence[str]:
        """Return the attributes that an entry can be found by."""

    @abstractmethod
    def _line(self, item: T) -> str:
        """Return a line about an entry, for messages."""

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
        return self  # which never changes

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Callable[[list[T]], Sequence[T]], tuple[list[T]]]:
        # Another process gets what is shown. Where something else is kept, which leads to the whole backend,
        # nothing can be looked for in what is shown, and a list is enough.
        is_kept = type(self)._present is Records._present
        return type(self) if is_kept else list, (list(self),)

    def in_any_order(self) -> InAnyOrder[T]:
        """Return the entries for a comparison that is not about their order.

        It compares equal to any sequence that has an equal entry for each of these, and no more:
        ``assert connect_mock.contacts.in_any_order() == [second, first]``.
        """
        return InAnyOrder(self)

    def where(self, **criteria: Any) -> Self:
        """Return the entries that meet every criterion.

        Args:
            criteria: attribute names with what their values are to be. A value is compared with ``==``; a
                mapping is met by one that has at least its entries.

        Raises:
            TypeError: an entry has no such attribute.
        """
        __tracebackhide__ = True
        found = type(self)((self._items[number - 1] for number in self._matching(criteria)), self._advice)
        found._found_in = self._widened(criteria)
        return found

    def _widened(self, criteria: Mapping[str, Any]) -> tuple[Records[T], Mapping[str, Any]]:
        """Return what these entries were found in, and what finds the same there as the criteria do here."""
        if self._found_in is None:
            return self, criteria
        origin, before = self._found_in
        if before.keys() & criteria.keys():
            return self, criteria
        return origin, {**before, **criteria}

    def one(self, **criteria: Any) -> T:
        """Return the only entry that meets the criteria.

        Raises:
            AssertionError: there is none, or more than one; the message shows the nearest and lists all.
            TypeError: an entry has no such attribute.
        """
        __tracebackhide__ = True
        found = self._matching(criteria)
        if len(found) == 1:
            return self[found[0] - 1]
        origin, wanted = self._widened(criteria)
        if found:
            raise AssertionError(origin._explain_several(wanted, origin._matching(wanted)))
        raise AssertionError(origin.explain_none(wanted))

    def lines(self) -> list[str]:
        """Return a line about each entry, for messages."""
        return [self._line(item) for item in self]

    # Why an assertion is not met

    def explain_none(self, criteria: Mapping[str, Any], wanted: str | None = None) -> str:
        """Return why no entry meets the criteria: the nearest one, what to do next, and all there are.

        Args:
            criteria: the criteria.
            wanted: the criteria in words, where a list of them does not say it best.
        """
        wanted = report.with_criteria(criteria) if wanted is None else wanted
        nearest = self._nearest(criteria)
        because = self._why_not(criteria, nearest)
        advice = None if because else self._advice_on(nearest)
        return report.none_matches(self._noun, wanted, because, nearest, advice, self.lines())

    def explain_count(
        self, criteria: Mapping[str, Any], expected: int, wanted: str | None = None, hint: str | None = None
    ) -> str:
        """Return why another number of entries meets the criteria: which do, and which nearly does.

        Args:
            criteria: the criteria.
            expected: how many entries were to meet them.
            wanted: the criteria in words, where a list of them does not say it best.
            hint: what to do next, where that is known.
        """
        wanted = report.with_criteria(criteria) if wanted is None else wanted
        found = self._matching(criteria)
        is_short = len(found) < expected
        nearest = self._nearest(criteria, besides=found) if is_short else None
        because = self._why_not(criteria, nearest) if is_short else None
        advice = self._advice_on(nearest) if is_short else report.tell_apart(self._unlike(found))
        advice = None if because else hint or advice
        return report.wrong_count(self._noun, wanted, expected, found, because, nearest, advice, self.lines())

    def explain_unexpected(self, criteria: Mapping[str, Any], hint: str | None) -> str:
        """Return that entries meet the criteria where none was to, and which do."""
        found = self._matching(criteria)
        return report.unexpected(self._noun, report.with_criteria(criteria), found, hint, self.lines())

    def _explain_several(self, criteria: Mapping[str, Any], found: Sequence[int]) -> str:
        wanted, advice = report.with_criteria(criteria), report.tell_apart(self._unlike(found))
        return report.several_match(self._noun, wanted, found, advice, self.lines())

    def _unlike(self, numbers: Sequence[int]) -> list[str]:
        """Return the attributes in which some entries differ."""
        entries = [self[number - 1] for number in numbers]
        values = ((name, [self._value(one, name, None) for one in entries]) for name in self._criteria())
        return [
            name
            for name, (first, *others) in values
            if name not in self._tells_little and any(one != first for one in others)
        ]

    def _why_not(self, criteria: Mapping[str, Any], nearest: Nearest | None) -> str | None:
        known = None if self._advice is None else self._advice(criteria)
        return report.nothing_happened(self._noun) if known is None and nearest is None else known

    def _advice_on(self, nearest: Nearest | None) -> str | None:
        if nearest is None:
            return None
        number, found = nearest
        return (
            report.near_miss(found) or self._what_is_missing(number, found) or report.look_again(self._noun)
        )

    def _what_is_missing(self, number: int, found: Sequence[Difference]) -> str | None:
        """Return what an entry waits for, where only that keeps it from meeting the criteria; else None."""
        return report.waits_for_time(found)

    def _nearest(self, criteria: Mapping[str, Any], besides: Sequence[int] = ()) -> Nearest | None:
        others = frozenset(besides)
        found = [
            (number, self._differences(item, criteria))
            for number, item in enumerate(self, 1)
            if number not in others
        ]
        return min(found, key=lambda one: distance(one[1]), default=None)

    def _matching(self, criteria: Mapping[str, Any]) -> list[int]:
        """Return the numbers, from 1 on, of the entries that meet every criterion."""
        __tracebackhide__ = True
        self._refuse_unknown(criteria)
        return [
            place + 1
            for place in self._places(criteria)
            if self._may_meet(self._items[place], criteria) and not self._differences(self[place], criteria)
        ]

    def _places(self, criteria: Mapping[str, Any]) -> Sequence[int]:
        """Return the places, from 0 on, of the entries that may meet the criteria."""
        return range(len(self))

    def _may_meet(self, item: Any, criteria: Mapping[str, Any]) -> bool:
        """Whether an entry may meet the criteria, as far as can be told before it is copied."""
        return all(
            self._at_hand(item, name) in (UNKNOWN, expected)
            for name, expected in criteria.items()
            if type(expected) in _COMPARED_BY_VALUE
        )

    def _at_hand(self, item: Any, name: str) -> Any:
        """Return an attribute of an entry as it is kept, or ``UNKNOWN`` where that is not what it shows."""
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
                raise TypeError(report.unknown_criterion(self._noun, name, valid))


class InAnyOrder(Generic[T]):
    """Entries whose order does not count when they are compared."""

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
