"""What a test reads: the calls that were answered and the items that failed, as copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.domain.versioned_list import VersionedList
from connect_batchmock.protocol.literals import FailedRequestReason


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
            nothing else, such as ``503``, the name of botocore's exception for what the network did, such as
            ``ReadTimeoutError``, or that of the exception by which a function of the test broke the call,
            such as ``PlanError``.
        message: the message of the error, or None.
        attempt: which attempt of its call this was, beginning with 1.
        invocation_id: botocore's id of the call, the same for all its attempts; None for other clients.
            It is another one in every run, so that it is neither shown nor compared.
        region: the region that was called.
        account_id: the account of the caller.
        at: when it was answered, on the mock's clock.
        skipped_delay: the seconds that botocore would have waited before the next attempt, which were
            skipped; None when this attempt was the last.
        internal: whether the campaign service made the call by itself, to create contacts for requests that
            it had taken.
        faults: what was planned to go wrong and met this attempt, each as the test said it, such as
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
    internal: bool = False
    faults: tuple[str, ...] = ()


def contacts_in(call: Call) -> Iterator[str]:
    """Yield the ids of the contacts that a call told of having created, or would have if its answer came."""
    result = call.result or {}
    for told in (result, *result.get("SuccessfulRequestList", ())):
        if "ContactId" in told:
            yield told["ContactId"]


@dataclass(frozen=True)
class FailedRequest:
    """An item of a batch that came back failed: a contact that was not created, or a request not taken.

    Attributes:
        reason: the ``FailureReasonCode``, such as ``INVALID_QUEUE``; of a request to a campaign the
            ``failureCode``, such as ``InvalidInput``.
        message: the ``FailureReasonMessage``. The campaign services answer with none: there it is the
            mock's own, and says why.
        request_identifier: the item's ``RequestIdentifier``, or ``clientToken``; None where it had none.
        item: the item as it was sent, such as a ``ContactDataRequest`` or a ``DialRequest``.
        call_number: which of the mock's calls it came back in, beginning with 1.
        service: the service that was called, as botocore names it.
        operation: the operation that was called, such as ``BatchPutContact`` or ``PutDialRequestBatch``.
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
    """What happened, as it is written down while the mock answers.

    Args:
        calls: the calls, each attempt for itself.
        failed_requests: the items that came back failed.
        unfaked: the operations without a fake that were called and stopped.
        stopped: the connections to a mocked service that were stopped, each with its place.
        answered_by_others: the requests to a mocked service that something of the test's own has answered.
        broken_plans: what went wrong with the plans of the test themselves.
        events: what happened to contacts.
        contact_records: contacts as they were when they ended, and when they changed after that.
    """

    calls: VersionedList[Call] = field(default_factory=VersionedList)
    failed_requests: VersionedList[FailedRequest] = field(default_factory=VersionedList)
    unfaked: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    answered_by_others: list[str] = field(default_factory=list)
    broken_plans: list[str] = field(default_factory=list)
    events: VersionedList[ContactEvent] = field(default_factory=VersionedList)
    contact_records: VersionedList[Contact] = field(default_factory=VersionedList)

    def detach_views(self) -> None:
        """Give the views what is written down now: it is about to be replaced all at once."""
        for entries in (self.calls, self.failed_requests, self.events, self.contact_records):
            entries.detach_views()

    def note_event(self, event: ContactEvent) -> None:
        """Write down what happened to a contact; each state that it has after its end is a record."""
        self.events.append(event)
        if event.is_recorded:
            self.contact_records.append(event.contact)

    def created_by(self) -> dict[str, int]:
        """Return the number of the call that created each contact, by the contact's id."""
        found: dict[str, int] = {}
        for number, call in enumerate(self.calls, 1):
            for contact_id in contacts_in(call):
                # An answer that is given once more tells of the same contacts.
                found.setdefault(contact_id, number)
        return found

    @property
    def call_number(self) -> int:
        """The number of the call that is being answered: it is written down when its answer is known."""
        return len(self.calls) + 1
