"""Contacts: the operations that describe, update, tag and stop a contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.contact import Contact
from connect_batchmock.protocol.model import service_model
from connect_batchmock.services.connect.contact_members import Form, Kind, whole_seconds
from connect_batchmock.services.connect.contact_rules import invalid_attributes
from connect_batchmock.services.connect.members import drop_unknown
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError


def describe_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a contact, whether it waits, is connected or has ended.

    Ours: The initial contact; The root contact; What each form of a contact has; The precision of times; The
    number that a contact calls from; How a contact was initiated.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    return {"Contact": drop_unknown("Contact", DESCRIPTION.show(contact))}


DESCRIPTION = Form("described", {Kind.DURATION: whole_seconds})
"""The form of the model's ``Contact``, of which ``ContactSearchSummary`` has a part."""

_UPDATED_PROPERTIES: Mapping[str, str] = {
    "attributes": "UserDefinedAttributes",
    "segment_attributes": "Segment Attributes",
    "tags": "Tags",
}
"""The name in ``updatedProperties`` of a contact event, by the field of a contact.

Follows https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html, which names no property for
the other fields.
"""


def _write(context: Context, contact: Contact, **changes: Any) -> None:
    """Write fields of a contact, even of an ended one; the contact event names the updated properties."""
    updated = tuple(_UPDATED_PROPERTIES[field] for field in changes if field in _UPDATED_PROPERTIES)
    context.region.backend.dialer.update(contact.id, updated, **changes)


_UPDATED_TEXTS = {"Name": "name", "Description": "description"}
_UPDATED_MAPS = {"References": "references", "SegmentAttributes": "segment_attributes"}
_OF_OTHER_CONTACTS = ("QueueInfo", "UserInfo", "CustomerEndpoint", "SystemEndpoint", "AdditionalRecipients")
"""The members that can be updated only for an email contact or a contact of another system."""


def update_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Update the name, description, references or segment attributes of a contact, even of an ended one.

    Ours: Updates are merged; Events of an update; Members of other contacts.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    _check_update(parameters)
    _write(context, contact, **_updates(contact, parameters))
    return {}


def _check_update(parameters: Mapping[str, Any]) -> None:
    others = [name for name in _OF_OTHER_CONTACTS if name in parameters]
    if others:
        raise InvalidRequestError(
            f"UpdateContact cannot update {listed(others)} of an outbound phone call; it can update "
            f"{listed((*_UPDATED_TEXTS, *_UPDATED_MAPS))}."
        )
    if not any(name in parameters for name in (*_UPDATED_TEXTS, *_UPDATED_MAPS)):
        raise InvalidRequestError(
            f"UpdateContact has nothing to update; give at least one of "
            f"{listed((*_UPDATED_TEXTS, *_UPDATED_MAPS))}."
        )
    # The rule for keys of contact attributes applies, except for the prefix of the service's own keys.
    keys = (key.removeprefix("connect:") for key in parameters.get("SegmentAttributes", {}))
    message = invalid_attributes(dict.fromkeys(keys, ""))
    if message is not None:
        raise InvalidRequestError(message)


def _updates(contact: Contact, parameters: Mapping[str, Any]) -> dict[str, Any]:
    texts = {field: parameters[name] for name, field in _UPDATED_TEXTS.items() if name in parameters}
    maps = {
        field: {**getattr(contact, field), **parameters[name]}
        for name, field in _UPDATED_MAPS.items()
        if name in parameters
    }
    return texts | maps


def stop_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """End a contact, whether it waits, rings or is connected; its agent becomes available.

    Ours: Members reserved for the campaign service; Stopping a contact twice; The reason of a stopped
    contact.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_StopContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    if "DisconnectReason" in parameters and context.settings.caller != "campaigns":
        raise InvalidRequestError(
            "Only the campaign service can give a DisconnectReason; leave it out to use the reason OTHER, or "
            "TELECOM_ORIGINATOR_CANCEL while the phone call rings."
        )
    default = "TELECOM_ORIGINATOR_CANCEL" if contact.is_ringing else "OTHER"
    reason = parameters.get("DisconnectReason", {}).get("Code", default)
    context.region.backend.dialer.hang_up(contact.id, reason)
    return {}


def get_contact_attributes(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a contact.

    Ours: The initial contact.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_GetContactAttributes.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["InitialContactId"])
    return {"Attributes": dict(contact.attributes)}


def update_contact_attributes(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Add or replace attributes of a contact, even of an ended one; the other attributes stay.

    Ours: Events of an update; The initial contact.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["InitialContactId"])
    attributes = {**contact.attributes, **parameters["Attributes"]}
    message = invalid_attributes(attributes)
    if message is not None:
        raise InvalidRequestError(message)
    _write(context, contact, attributes=attributes)
    return {}


_MAX_CONTACT_TAGS = 6
"""The maximum number of user-defined tags of a contact.

Follows https://docs.aws.amazon.com/connect/latest/adminguide/granular-billing.html.
"""


def tag_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tag a contact; either all tags are set or none.

    Ours: Events of an update.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_TagContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    tags = {**contact.tags, **parameters["Tags"]}
    if len(tags) > _MAX_CONTACT_TAGS:
        raise InvalidRequestError(
            f"The contact would have {len(tags)} tags; at most {_MAX_CONTACT_TAGS} tags are allowed. Remove "
            f"some with UntagContact first."
        )
    _write(context, contact, tags=tags)
    return {}


def untag_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags from a contact; keys that the contact does not have are ignored.

    Ours: Events of an update.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UntagContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    remaining = {key: value for key, value in contact.tags.items() if key not in parameters["TagKeys"]}
    _write(context, contact, tags=remaining)
    return {}


def list_contact_references(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the references of a contact that have the requested types, all on one page.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListContactReferences.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    summaries = [
        _reference_summary(name, reference)
        for name, reference in contact.references.items()
        if reference["Type"] in parameters["ReferenceTypes"]
    ]
    return {"ReferenceSummaryList": [summary for summary in summaries if summary]}


def _reference_summary(name: str, reference: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model's ``ReferenceSummary`` union, or an empty dict if it has no member for the type."""
    member = "".join(word.capitalize() for word in reference["Type"].split("_"))
    shape = service_model("connect").shape_for("ReferenceSummary").members.get(member)
    return {} if shape is None else {member: drop_unknown(shape.name, {"Name": name, **reference})}
