"""Tags of a contact, by which calls are told apart on a bill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock import explain
from connect_batchmock.services.connect.changing import write
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import Invalid

MOST_TAGS = 6
"""How many tags of its own a contact has at most.

Follows https://docs.aws.amazon.com/connect/latest/adminguide/granular-billing.html.
"""


def tag_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tag a contact: all tags are set, or none.

    Ours: What an update tells.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_TagContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    tags = {**contact.tags, **parameters["Tags"]}
    if len(tags) > MOST_TAGS:
        raise Invalid(explain.too_many_contact_tags(len(tags), MOST_TAGS))
    write(context, contact, Tags=tags)
    return {}


def untag_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags from a contact; a key that it does not have is passed over.

    Ours: What an update tells.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UntagContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    left = {key: value for key, value in contact.tags.items() if key not in parameters["TagKeys"]}
    write(context, contact, Tags=left)
    return {}
