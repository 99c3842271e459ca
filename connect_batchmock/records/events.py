"""The contact events and the contact records."""

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
    """The contact events, in order, each an EventBridge event as a rule delivers it.

    The criteria are members of ``detail``, such as ``eventType`` and ``contactId``. The members are those of
    https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html.
    """

    noun = "event"

    if TYPE_CHECKING:

        def where(self, **criteria: Unpack[EventCriteria]) -> Self: ...  # type: ignore[override]

        def one(self, **criteria: Unpack[EventCriteria]) -> EventEnvelope: ...  # type: ignore[override]

    def _present(self, item: ContactEvent) -> EventEnvelope:
        return envelope(item)

    def _criteria(self) -> Sequence[str]:
        return ("eventType", *EVENT_FORM.names, "updatedProperties")

    def _line(self, item: EventEnvelope) -> str:
        return report.event_line(item)

    def _further(self, number: int) -> str:
        return f"; {report.see_contact(self._items[number - 1].contact.id)}"

    def _waiting_for(self, number: int, unlike: Sequence[Difference]) -> str | None:
        hint = super()._waiting_for(number, unlike)
        contact_id = self._items[number - 1].contact.id
        latest = next(item.contact for item in reversed(self._items) if item.contact.id == contact_id)
        if hint is None or latest.state == "COMPLETED":
            return None
        return explain_wait(latest) or hint

    def _value(self, item: EventEnvelope, name: str, expected: Any) -> Any:
        return item["detail"].get(name, ABSENT)


class ContactRecords(Records[ContactRecord]):
    """The contact records, in order: one when a contact ends, and one for each change after that.

    The criteria are members of the record, such as ``ContactId`` and ``DisconnectReason``. The members are
    those of https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html.
    """

    noun = "contact record"

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
