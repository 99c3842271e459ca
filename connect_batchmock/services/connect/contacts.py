"""All that is known of a contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.contact import Contact
from connect_batchmock.protocol.model import service_model
from connect_batchmock.services.connect.contact_members import Form, Kind
from connect_batchmock.services.connect.contact_rules import attributes_refusal
from connect_batchmock.services.connect.members import drop_unknown
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError


def describe_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell all that is known of a contact.

    Ours: The initial contact; The number that a contact calls from; How a contact was initiated.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    return {"Contact": drop_unknown("Contact", DESCRIPTION.show(contact))}


def _whole_seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


DESCRIPTION = Form("described", {Kind.DURATION: _whole_seconds}, is_sent=False)
"""How the model's ``Contact`` shows a contact, and its ``ContactSearchSummary`` a part of it."""

_UPDATED_FIELDS: Mapping[str, str] = {
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
    changes = {_UPDATED_FIELDS[name]: value for name, value in properties.items()}
    context.region.backend.dialer.update(contact.id, tuple(properties), **changes)


_UPDATED_TEXTS = ("Name", "Description")
_UPDATED_MAPS = ("References", "SegmentAttributes")
_OF_OTHER_CONTACTS = ("QueueInfo", "UserInfo", "CustomerEndpoint", "SystemEndpoint", "AdditionalRecipients")
"""What only a contact that came from another system, or an email, lets be updated."""


def update_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Update the name, description, references or segment attributes of a contact, also when it has ended.

    Ours: Updates are merged; Events of an update; Members of other contacts.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    refusal = _update_refusal(parameters)
    if refusal is not None:
        raise InvalidRequestError(refusal)
    write(context, contact, **_updates(contact, parameters))
    return {}


def _update_refusal(parameters: Mapping[str, Any]) -> str | None:
    foreign = [name for name in _OF_OTHER_CONTACTS if name in parameters]
    if foreign:
        return (
            f"UpdateContact cannot update {listed(foreign)} of a contact that is called from here; it "
            f"can update {listed((*_UPDATED_TEXTS, *_UPDATED_MAPS))}."
        )
    if not any(name in parameters for name in (*_UPDATED_TEXTS, *_UPDATED_MAPS)):
        return (
            f"UpdateContact has nothing to update; give it at least one of "
            f"{listed((*_UPDATED_TEXTS, *_UPDATED_MAPS))}."
        )
    # The keys follow the rule of contact attributes, but for the prefix of those that the service defines.
    keys = (key.removeprefix("connect:") for key in parameters.get("SegmentAttributes", {}))
    return attributes_refusal(dict.fromkeys(keys, ""))


def _updates(contact: Contact, parameters: Mapping[str, Any]) -> dict[str, Any]:
    present = {"References": contact.references, "SegmentAttributes": contact.segment_attributes}
    texts = {name: parameters[name] for name in _UPDATED_TEXTS if name in parameters}
    maps = {name: {**present[name], **parameters[name]} for name in _UPDATED_MAPS if name in parameters}
    return texts | maps


def stop_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """End a contact, whether it waits, rings or talks; its agent is free then.

    Ours: Members reserved for the campaign service; Stopping a contact twice.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_StopContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    if "DisconnectReason" in parameters and context.settings.caller != "campaigns":
        raise InvalidRequestError(
            "Only outbound campaigns can give a DisconnectReason; leave it out, and the reason is OTHER."
        )
    reason = parameters.get("DisconnectReason", {}).get("Code", "OTHER")
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
    """Add attributes to a contact or replace them, also when it has ended; the others stay.

    Ours: Events of an update; The initial contact.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["InitialContactId"])
    attributes = {**contact.attributes, **parameters["Attributes"]}
    refusal = attributes_refusal(attributes)
    if refusal is not None:
        raise InvalidRequestError(refusal)
    write(context, contact, UserDefinedAttributes=attributes)
    return {}


MAX_TAGS = 6
"""How many tags of its own a contact has at most.

Follows https://docs.aws.amazon.com/connect/latest/adminguide/granular-billing.html.
"""


def tag_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tag a contact: all tags are set, or none.

    Ours: Events of an update.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_TagContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    tags = {**contact.tags, **parameters["Tags"]}
    if len(tags) > MAX_TAGS:
        raise InvalidRequestError(
            f"The contact would have {len(tags)} tags of its own; {MAX_TAGS} are allowed. Take some "
            f"away with UntagContact."
        )
    write(context, contact, Tags=tags)
    return {}


def untag_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags from a contact; a key that it does not have is passed over.

    Ours: Events of an update.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UntagContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    left = {key: value for key, value in contact.tags.items() if key not in parameters["TagKeys"]}
    write(context, contact, Tags=left)
    return {}


def list_contact_references(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the references of a contact that are of certain types, all on one page.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListContactReferences.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    summaries = [
        _reference_summary(name, reference)
        for name, reference in contact.references.items()
        if reference["Type"] in parameters["ReferenceTypes"]
    ]
    return {"ReferenceSummaryList": [one for one in summaries if one]}


def _reference_summary(name: str, reference: Mapping[str, Any]) -> dict[str, Any]:
    """Return the union of the model's that holds a reference, and nothing where it has no place in it."""
    member = "".join(word.capitalize() for word in reference["Type"].split("_"))
    shape = service_model("connect").shape_for("ReferenceSummary").members.get(member)
    return {} if shape is None else {member: drop_unknown(shape.name, {"Name": name, **reference})}
