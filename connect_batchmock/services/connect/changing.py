"""How something is written on a contact, and what the contact event says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.contact import Contact
from connect_batchmock.services.context import Context

_FIELDS: Mapping[str, str] = {
    "UserDefinedAttributes": "attributes",
    "Tags": "tags",
    "Name": "name",
    "Description": "description",
    "References": "references",
    "SegmentAttributes": "segment_attributes",
}
"""The field of a contact that each updated property of a contact event is."""


def write(context: Context, contact: Contact, **properties: Any) -> None:
    """Write properties on a contact, whether it has ended or not, and let the contact event name them."""
    changes = {_FIELDS[name]: value for name, value in properties.items()}
    context.region.world.dialer.update(contact.id, tuple(properties), **changes)
