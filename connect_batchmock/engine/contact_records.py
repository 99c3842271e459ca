"""Contact records: what is told about a contact when it has ended, as Kinesis hands it on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from connect_batchmock import explain
from connect_batchmock.domain.contact import Contact
from connect_batchmock.records.sequence import Records
from connect_batchmock.services.connect.contact_members import Form, Kind

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from connect_batchmock.records.query_types import ContactRecordCriteria

ContactRecord = dict[str, Any]


def contact_record(contact: Contact) -> ContactRecord:
    """Return the record of a contact that has ended; what it does not have is None.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html.
    """
    return _FORM.show(contact)


def _whole_seconds(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _nearest_second(duration: timedelta) -> int:
    return round(duration.total_seconds())


_FORM = Form(
    "record",
    {Kind.TIME: _whole_seconds, Kind.DURATION: _nearest_second},
    is_sent=True,
    absent={Kind.DURATION: 0},
)


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
        return _FORM.names

    def _line(self, item: ContactRecord) -> str:
        return explain.contact_record_line(item)

    def _value(self, item: ContactRecord, name: str, expected: Any) -> Any:
        return item[name]
