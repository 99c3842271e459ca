"""The journal of a mock: API calls, failed items, contact events and contact records."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.index import Index
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.domain.versioned_list import VersionedList
from connect_batchmock.protocol.literals import FailedRequestReason


@dataclass(frozen=True)
class Call:
    """One attempt of an API call that the mock answered, or that met a fault of the network.

    Attributes:
        service: the service, as botocore names it, such as ``connect``.
        operation: the operation as the model names it, such as ``BatchPutContact``.
        parameters: the parameters that were sent, with the ClientToken that botocore filled in.
        result: the result of the operation, even if the response was lost; None after an error, or if the
            operation was not carried out.
        error: the code of the service's error; the HTTP status, such as ``503``, of a response that has only
            a status; the name of botocore's exception for a fault of the network, such as
            ``ReadTimeoutError``; or the name of the exception that a function of the test raised, such as
            ``PlanError``. None if the attempt succeeded.
        message: the message of the error, or None.
        attempt: the number of the attempt, from 1.
        invocation_id: botocore's id of the API call, the same for all its attempts; None for other clients.
            It differs in every run, so it is neither shown nor compared.
        region: the region that the client called.
        account_id: the account of the caller.
        at: when the mock answered, on the mock's clock.
        skipped_delay: the seconds that botocore would have waited before the next attempt, and did not; None
            if this attempt was the last.
        delay: the seconds by which a planned delay held the response back; None without one.
        internal: whether the campaign service made the call itself, to create contacts for the requests that
            it had accepted.
        faults: the planned faults that this attempt met, each as the test planned it, such as
            ``connect_mock.lose_response('BatchPutContact', times=1)``.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: str | None
    message: str | None
    attempt: int
    invocation_id: str | None = field(default=None, kw_only=True, repr=False, compare=False)
    region: str
    account_id: str
    at: datetime
    skipped_delay: float | None = None
    delay: float | None = None
    internal: bool = False
    faults: tuple[str, ...] = ()

    def __deepcopy__(self, memo: object) -> Call:
        # The items of a batch share equal parts; those of a copy, which a test may change, do not.
        return replace(self, parameters=_copied(self.parameters), result=_copied(self.result))


def _copied(value: Any) -> Any:
    """Return a deep copy of parameters or a result in which no two parts are the same object."""
    if isinstance(value, dict):
        return {name: _copied(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return copy.deepcopy(value)


def contacts_in(call: Call) -> Iterator[str]:
    """Yield the ids of the contacts in the result of a call, even if the client did not get the response."""
    result = call.result or {}
    for entry in (result, *result.get("SuccessfulRequestList", ())):
        if "ContactId" in entry:
            yield entry["ContactId"]


def _subjects_of(call: Call) -> set[str]:
    """Return what an attempt is about: ids of contacts and requests, the ClientToken, and its API call."""
    parameters = call.parameters
    named = [parameters.get(name) for name in ("ContactId", "InitialContactId", "ClientToken")]
    accepted = [request.get("id") for request in (call.result or {}).get("successfulRequests", ())]
    subjects = [*contacts_in(call), *named, *accepted, call.invocation_id]
    # The parameters of a call that failed as a whole may have any type.
    return {subject for subject in subjects if isinstance(subject, str)}


@dataclass(frozen=True)
class NumberedCall:
    """An API call and its number in ``connect_mock.calls``, from 1 on."""

    number: int
    call: Call


@dataclass(frozen=True)
class FailedRequest:
    """An item of a batch that failed: no contact was created for it, or no campaign accepted it.

    Attributes:
        reason: the ``FailureReasonCode``, such as ``INVALID_QUEUE``, or the ``failureCode`` of the campaign
            services, such as ``InvalidInput``.
        message: the ``FailureReasonMessage``. The campaign services have no such member: their message is
            the mock's own.
        request_identifier: the ``RequestIdentifier`` or the ``clientToken`` of the item; None if it has none.
        item: the item as it was sent, such as a ``ContactDataRequest`` or a ``DialRequest``.
        call_number: the number of the API call that it failed in, from 1.
        service: the service of the API call, as botocore names it.
        operation: the operation of the API call, such as ``BatchPutContact`` or ``PutDialRequestBatch``.
    """

    reason: FailedRequestReason
    message: str
    request_identifier: str | None
    item: Mapping[str, Any]
    call_number: int
    service: str = "connect"
    operation: str = "BatchPutContact"


@dataclass(repr=False)
class Journal(Stateful):
    """The journal of one mock, in the order of what happened.

    Args:
        calls: the API calls; each attempt is an entry.
        failed_requests: the items that failed.
        unfaked: the operations without a fake that were called and stopped.
        stopped: the connections to a mocked service that the mock stopped, each with the line that opened it.
        answered_by_others: the requests to a mocked service that another mock of the test answered.
        broken_plans: the messages of the errors that functions of the test caused.
        events: the contact events.
        contact_records: each contact as it was when it ended, and after each change since.
    """

    calls: VersionedList[Call] = field(default_factory=VersionedList)
    failed_requests: VersionedList[FailedRequest] = field(default_factory=VersionedList)
    unfaked: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    answered_by_others: list[str] = field(default_factory=list)
    broken_plans: list[str] = field(default_factory=list)
    events: VersionedList[ContactEvent] = field(default_factory=VersionedList)
    contact_records: VersionedList[Contact] = field(default_factory=VersionedList)

    def __post_init__(self) -> None:
        self._calls_by_subject: Index[Call] = Index(_subjects_of)
        self._events_by_contact: Index[ContactEvent] = Index(lambda event: (event.contact.id,))

    def detach_views(self) -> None:
        """Copy the entries into the views of them, before a reset or a restore replaces the entries."""
        for entries in (self.calls, self.failed_requests, self.events, self.contact_records):
            entries.detach_views()

    def note_event(self, event: ContactEvent) -> None:
        """Add a contact event; after the end of the contact, each change adds a record, too."""
        if event.type is not None:
            self.events.append(event)
        if event.is_recorded:
            self.contact_records.append(event.contact)

    def note_answered_elsewhere(self, method: str, url: str, responder: str) -> None:
        """Add a request to a mocked service that something other than the mock answered."""
        self.answered_by_others.append(f"{method} {url.partition('?')[0]} was answered by {responder}")

    def created_by(self) -> dict[str, int]:
        """Return the number of the API call that created each contact, by the id of the contact."""
        numbers: dict[str, int] = {}
        for number, call in enumerate(self.calls, 1):
            for contact_id in contacts_in(call):
                # The response to a repeated ClientToken has the same contacts.
                numbers.setdefault(contact_id, number)
        return numbers

    def calls_about(self, subject: str) -> list[NumberedCall]:
        """Return the API calls about something, in order.

        Args:
            subject: the id of a contact or of an accepted request, a ClientToken, or an ``invocation_id``.
        """
        positions = self._calls_by_subject.positions(subject, self.calls)
        return [NumberedCall(position + 1, self.calls[position]) for position in positions]

    def events_of(self, contact_id: str) -> list[ContactEvent]:
        """Return the events of a contact, in order."""
        return [self.events[pos] for pos in self._events_by_contact.positions(contact_id, self.events)]

    @property
    def call_number(self) -> int:
        """The number of the API call in progress, whose entry follows when its result is known."""
        return len(self.calls) + 1
