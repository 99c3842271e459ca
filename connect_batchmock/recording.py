"""What a test reads: the calls that were answered and the items that failed, as copies."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from connect_batchmock import explain
from connect_batchmock.criteria import differences
from connect_batchmock.domain.contact import Contact, ContactEvent

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")


class Records(Sequence[T], ABC, Generic[T]):
    """A sequence of what was recorded, that does not change when more is recorded.

    It compares equal to any sequence of equal entries. What it hands out is a copy.
    """

    _noun = "record"

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = tuple(items)

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
            return type(self)(self._items[index])
        return self._present(self._items[index])

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, (str, bytes)):
            return NotImplemented
        return list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # equal to lists, which have no hash

    def __repr__(self) -> str:
        return repr(list(self))

    def where(self, **criteria: Any) -> Self:
        """Return the entries that meet every criterion.

        Args:
            criteria: attribute names with what their values are to be. A value is compared with ``==``; a
                mapping is met by one that has at least its entries.

        Raises:
            TypeError: an entry has no such attribute.
        """
        self._refuse_unknown(criteria)
        found = (item for item in self._items if not self._differences(self._present(item), criteria))
        return type(self)(found)

    def one(self, **criteria: Any) -> T:
        """Return the only entry that meets the criteria.

        Raises:
            AssertionError: there is none, or more than one; the message shows the nearest and lists all.
            TypeError: an entry has no such attribute.
        """
        __tracebackhide__ = True
        found = self.where(**criteria)
        if len(found) == 1:
            return found[0]
        if found:
            raise AssertionError(explain.several_match(self._noun, criteria, found.lines()))
        raise AssertionError(self.explain_none(criteria))

    def lines(self) -> list[str]:
        """Return a line about each entry, for messages."""
        return [self._line(item) for item in self]

    def explain_none(self, criteria: Mapping[str, Any]) -> str:
        """Return why no entry meets the criteria: the nearest one, and all there are."""
        return explain.none_matches(self._noun, criteria, self._nearest(criteria), self.lines())

    def _nearest(self, criteria: Mapping[str, Any]) -> tuple[int, Sequence[tuple[str, Any, Any]]] | None:
        found = [(number, self._differences(item, criteria)) for number, item in enumerate(self, 1)]
        return min(found, key=lambda one: len(one[1]), default=None)

    def _differences(self, item: T, criteria: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
        return [
            difference
            for name, expected in criteria.items()
            for difference in differences(expected, self._value(item, name, expected), name)
        ]

    def _value(self, item: T, name: str, expected: Any) -> Any:
        return getattr(item, name)

    def _refuse_unknown(self, criteria: Mapping[str, Any]) -> None:
        valid = self._criteria()
        for name in criteria:
            if name not in valid:
                raise TypeError(explain.unknown_criterion(self._noun, name, valid))


@dataclass(frozen=True)
class Call:
    """A request that the mock answered, or that met a fault of the network.

    Attributes:
        service: the service, as botocore names it, such as ``connect``.
        operation: the operation as the model names it, such as ``BatchPutContact``.
        parameters: what was sent, with the ClientToken that botocore filled in.
        result: what the operation gave, even if the answer was lost; None when it gave an error or was not
            carried out.
        error: the code of the error, or None: that of the service's error, the status where the answer had
            nothing else, such as ``503``, or the name of botocore's exception for what the network did, such
            as ``ReadTimeoutError``.
        message: the message of the error, or None.
        attempt: which attempt of its call this was, beginning with 1.
        invocation_id: botocore's id of the call, the same for all its attempts; None for other clients.
        region: the region that was called.
        account_id: the account of the caller.
        at: when it was answered, on the mock's clock.
        skipped_delay: the seconds that botocore would have waited before the next attempt, which were
            skipped; None when this attempt was the last.
        internal: whether the campaign service made the call by itself, to create contacts for requests that
            it had taken.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: str | None
    message: str | None
    attempt: int
    invocation_id: str | None
    region: str
    account_id: str
    at: datetime
    skipped_delay: float | None = None
    internal: bool = False


class Calls(Records[Call]):
    """The calls that the mock answered, in order. ``parameters`` and ``result`` match as subsets."""

    _noun = "call"

    def _criteria(self) -> Sequence[str]:
        return _names(Call)

    def _line(self, item: Call) -> str:
        return explain.call_line(item)


@dataclass(frozen=True)
class FailedRequest:
    """An item of a batch that came back in a ``FailedRequestList``.

    Attributes:
        reason: the ``FailureReasonCode``.
        message: the ``FailureReasonMessage``.
        request_identifier: the item's ``RequestIdentifier``, or None where it had none.
        item: the item as it was sent, a ``ContactDataRequest``.
        call_number: which of the mock's calls it came back in, beginning with 1.
    """

    reason: str
    message: str
    request_identifier: str | None
    item: Mapping[str, Any]
    call_number: int


class FailedRequests(Records[FailedRequest]):
    """Every item that came back failed, in order."""

    _noun = "failed request"

    def _criteria(self) -> Sequence[str]:
        return _names(FailedRequest)

    def _line(self, item: FailedRequest) -> str:
        return explain.failed_request_line(item)


def _names(record: type[Call] | type[FailedRequest]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(record))


@dataclass
class Journal:
    """What happened, as it is written down while the mock answers.

    Args:
        calls: the calls, each attempt for itself.
        failed_requests: the items that came back failed.
        created_by: the number of the call that created a contact, by the contact's id.
        unfaked: the operations without a fake that were called and stopped.
        broken_plans: what went wrong with the plans of the test themselves.
        events: what happened to contacts.
        contact_records: contacts as they were when they ended, and when they changed after that.
    """

    calls: list[Call] = field(default_factory=list)
    failed_requests: list[FailedRequest] = field(default_factory=list)
    created_by: dict[str, int] = field(default_factory=dict)
    unfaked: list[str] = field(default_factory=list)
    broken_plans: list[str] = field(default_factory=list)
    events: list[ContactEvent] = field(default_factory=list)
    contact_records: list[Contact] = field(default_factory=list)

    def note_event(self, event: ContactEvent) -> None:
        """Write down what happened to a contact; each state that it has after its end is a record."""
        self.events.append(event)
        if event.contact.state == "COMPLETED":
            self.contact_records.append(event.contact)

    @property
    def call_number(self) -> int:
        """The number of the call that is being answered: it is written down when its answer is known."""
        return len(self.calls) + 1
