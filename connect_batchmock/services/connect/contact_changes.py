"""What can be done to a contact: it is updated, or stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain.contact import Contact
from connect_batchmock.services.connect.changing import write
from connect_batchmock.services.connect.contact_rules import attributes_refusal
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import Invalid

_TEXTS = ("Name", "Description")
_MAPS = ("References", "SegmentAttributes")
_OF_OTHER_CONTACTS = ("QueueInfo", "UserInfo", "CustomerEndpoint", "SystemEndpoint", "AdditionalRecipients")
"""What only a contact that came from another system, or an email, lets be updated."""


def update_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Update the name, description, references or segment attributes of a contact, also when it has ended.

    Ours: Updates add; What an update tells; Members of other contacts.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    refusal = _refusal(parameters)
    if refusal is not None:
        raise Invalid(refusal)
    write(context, contact, **_updates(contact, parameters))
    return {}


def _refusal(parameters: Mapping[str, Any]) -> str | None:
    foreign = [name for name in _OF_OTHER_CONTACTS if name in parameters]
    if foreign:
        return explain.not_of_a_call(foreign, (*_TEXTS, *_MAPS))
    if not any(name in parameters for name in (*_TEXTS, *_MAPS)):
        return explain.nothing_to_update((*_TEXTS, *_MAPS))
    # The keys follow the rule of contact attributes, but for the prefix of those that the service defines.
    keys = (key.removeprefix("connect:") for key in parameters.get("SegmentAttributes", {}))
    return attributes_refusal(dict.fromkeys(keys, ""))


def _updates(contact: Contact, parameters: Mapping[str, Any]) -> dict[str, Any]:
    present = {"References": contact.references, "SegmentAttributes": contact.segment_attributes}
    texts = {name: parameters[name] for name in _TEXTS if name in parameters}
    maps = {name: {**present[name], **parameters[name]} for name in _MAPS if name in parameters}
    return texts | maps


def stop_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """End a contact, whether it waits, rings or talks; its agent is free then.

    Ours: What only the campaign service may give; Stopping a contact twice.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_StopContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    if "DisconnectReason" in parameters and context.settings.caller != "campaigns":
        raise Invalid(explain.reason_of_a_customer())
    reason = parameters.get("DisconnectReason", {}).get("Code", "OTHER")
    context.region.world.dialer.hang_up(contact.id, reason)
    return {}
