"""All that is known of a contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connect_batchmock.services.connect.contact_members import Form, Kind
from connect_batchmock.services.connect.modelled import known_members
from connect_batchmock.services.context import Context


def describe_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell all that is known of a contact.

    Ours: A contact that follows none; The number that a contact calls from; How a contact was initiated.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContact.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    return {"Contact": known_members("Contact", DESCRIPTION.show(contact))}


def _whole_seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


DESCRIPTION = Form("described", {Kind.DURATION: _whole_seconds}, is_sent=False)
"""How the model's ``Contact`` shows a contact, and its ``ContactSearchSummary`` a part of it."""
