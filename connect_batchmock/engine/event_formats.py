"""What the service tells others about a contact: contact events, as EventBridge hands them on."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connect_batchmock import explain
from connect_batchmock._matching import ABSENT, Difference
from connect_batchmock.domain.contact import ContactEvent
from connect_batchmock.engine.obstacles import why_it_waits
from connect_batchmock.records.sequence import Records
from connect_batchmock.services.connect.contact_members import Form, Kind

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from connect_batchmock.records.query_types import EventCriteria

EventEnvelope = dict[str, Any]


def envelope(event: ContactEvent) -> EventEnvelope:
    """Return the EventBridge event that tells what happened to a contact.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html.
    """
    instance = event.contact.instance
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.UUID(event.contact.id), str(event.contact.events_told))),
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
    return {"eventType": event.type, **_FORM.show(event.contact), **updated}


def milliseconds(moment: datetime) -> str:
    """Return a time as contact events write it."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _lower_camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name[0].lower() + name[1:]: _lower_camel(item) for name, item in value.items()}
    return copy.deepcopy(value)


_FORM = Form("event", {Kind.TIME: milliseconds, Kind.STRUCTURE: _lower_camel}, is_sent=True)


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
        return ("eventType", *_FORM.names, "updatedProperties")

    def _line(self, item: EventEnvelope) -> str:
        return explain.event_line(item)

    def _what_is_missing(self, number: int, found: Sequence[Difference]) -> str | None:
        waits_for_time = super()._what_is_missing(number, found)
        return waits_for_time and (why_it_waits(self._items[number - 1].contact) or waits_for_time)

    def _value(self, item: EventEnvelope, name: str, expected: Any) -> Any:
        return item["detail"].get(name, ABSENT)
