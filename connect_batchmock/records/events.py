"""The contact events and contact records, for a test to read and search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from connect_batchmock._matching import ABSENT, Difference
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.engine.event_formats import (
    EVENT_FORM,
    RECORD_FORM,
    ContactRecord,
    EventEnvelope,
    contact_record,
    envelope,
)
from connect_batchmock.records import report
from connect_batchmock.records.obstacles import explain_wait
from connect_batchmock.records.sequence import Records

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from connect_batchmock.records.query_types import ContactRecordCriteria, EventCriteria


class Events(Records[EventEnvelope]):
    """The contact events, in order, each the EventBridge event that a rule would hand on.

    They are found by the members of their ``detail``, such as ``eventType`` and ``contactId``.
    """

    _noun = "event"

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[EventCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[EventCriteria]) -> EventEnvelope: ...  # type: ignore[override]

    def _present(self, item: ContactEvent) -> EventEnvelope:
        return envelope(item)

    def _criteria(self) -> Sequence[str]:
        return ("eventType", *EVENT_FORM.names, "updatedProperties")

    def _line(self, item: EventEnvelope) -> str:
        return report.event_line(item)

    def _what_is_missing(self, number: int, found: Sequence[Difference]) -> str | None:
        waits_for_time = super()._what_is_missing(number, found)
        return waits_for_time and (explain_wait(self._items[number - 1].contact) or waits_for_time)

    def _value(self, item: EventEnvelope, name: str, expected: Any) -> Any:
        return item["detail"].get(name, ABSENT)


class ContactRecords(Records[ContactRecord]):
    """The contact records, in order; one more for each change to a contact that has ended.

    They are found by their own members, such as ``ContactId`` and ``DisconnectReason``.
    """

    _noun = "contact record"

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[ContactRecordCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[ContactRecordCriteria]) -> ContactRecord: ...  # type: ignore[override]

    def _present(self, item: Contact) -> ContactRecord:
        return contact_record(item)

    def _criteria(self) -> Sequence[str]:
        return RECORD_FORM.names

    def _line(self, item: ContactRecord) -> str:
        return f"{item['CustomerEndpoint']['Address']}, {item['ContactId']}: {item['DisconnectReason']}"

    def _value(self, item: ContactRecord, name: str, expected: Any) -> Any:
        return item[name]
