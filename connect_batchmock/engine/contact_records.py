"""Contact records: what is told about a contact when it has ended, as Kinesis hands it on."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from connect_batchmock.domain.contact import Contact
from connect_batchmock.services.connect.contact_members import Form, Kind

ContactRecord = dict[str, Any]


def contact_record(contact: Contact) -> ContactRecord:
    """Return the record of a contact that has ended; what it does not have is None.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html.
    """
    return RECORD_FORM.show(contact)


def _whole_seconds(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _nearest_second(duration: timedelta) -> int:
    return round(duration.total_seconds())


RECORD_FORM = Form(
    "record",
    {Kind.TIME: _whole_seconds, Kind.DURATION: _nearest_second},
    is_sent=True,
    absent={Kind.DURATION: 0},
)
