"""The attributes of a contact, which flows and agents see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.services.connect.changing import write
from connect_batchmock.services.connect.contact_rules import attributes_refusal
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import Invalid


def get_contact_attributes(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a contact.

    Ours: A contact that follows none.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_GetContactAttributes.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["InitialContactId"])
    return {"Attributes": dict(contact.attributes)}


def update_contact_attributes(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Add attributes to a contact or replace them, also when it has ended; the others stay.

    Ours: What an update tells; A contact that follows none.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["InitialContactId"])
    attributes = {**contact.attributes, **parameters["Attributes"]}
    refusal = attributes_refusal(attributes)
    if refusal is not None:
        raise Invalid(refusal)
    write(context, contact, UserDefinedAttributes=attributes)
    return {}
