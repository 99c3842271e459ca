"""The formats of what the service publishes: contact events for EventBridge, and contact records."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.services.connect.contact_members import Form, Kind, whole_seconds

EventEnvelope = dict[str, Any]


def envelope(event: ContactEvent) -> EventEnvelope:
    """Return the EventBridge event for a contact event.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html.
    """
    instance = event.contact.instance
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.UUID(event.contact.id), str(event.contact.event_count))),
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "account": instance.region.account_id,
        "time": event.at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": instance.region.name,
        "resources": [event.contact.arn, instance.arn],
        "detail": _detail(event),
    }


def _detail(event: ContactEvent) -> dict[str, Any]:
    updated = {"updatedProperties": list(event.updated)} if event.updated else {}
    return {"eventType": event.type, **EVENT_FORM.show(event.contact), **updated}


def milliseconds(moment: datetime) -> str:
    """Return a time in the format of contact events, in UTC with milliseconds."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _lower_camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name[0].lower() + name[1:]: _lower_camel(item) for name, item in value.items()}
    return copy.deepcopy(value)


EVENT_FORM = Form(
    "event", {Kind.TIME: milliseconds, Kind.DURATION: whole_seconds, Kind.STRUCTURE: _lower_camel}
)

ContactRecord = dict[str, Any]


def contact_record(contact: Contact) -> ContactRecord:
    """Return the record of a contact that has ended; a member without a value is None.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html.
    """
    return RECORD_FORM.show(contact)


def _to_the_second(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


RECORD_FORM = Form(
    "record",
    {Kind.TIME: _to_the_second, Kind.DURATION: whole_seconds},
    absent={Kind.DURATION: 0},
)
