"""References of a contact: what is shown to the agent beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.protocol.model import service_model
from connect_batchmock.services.connect.modelled import known_members
from connect_batchmock.services.context import Context


def list_contact_references(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the references of a contact that are of certain types, all on one page.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListContactReferences.html.
    """
    contact = context.region.contact(parameters["InstanceId"], parameters["ContactId"])
    summaries = [
        _summary(name, reference)
        for name, reference in contact.references.items()
        if reference["Type"] in parameters["ReferenceTypes"]
    ]
    return {"ReferenceSummaryList": [one for one in summaries if one]}


def _summary(name: str, reference: Mapping[str, Any]) -> dict[str, Any]:
    """Return the union of the model's that holds a reference, and nothing where it has no place in it."""
    member = "".join(word.capitalize() for word in reference["Type"].split("_"))
    shape = service_model("connect").shape_for("ReferenceSummary").members.get(member)
    return {} if shape is None else {member: known_members(shape.name, {"Name": name, **reference})}
