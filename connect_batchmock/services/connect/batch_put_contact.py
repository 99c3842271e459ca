"""BatchPutContact: creates a batch of contacts, or fails items one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from sys import intern
from typing import Any, NamedTuple

from connect_batchmock.domain.contact import Contact, Endpoint, new_contact
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.connect.contact_rules import preview_of, refusal_of
from connect_batchmock.services.context import Context, Item, Refusal
from connect_batchmock.services.idempotency import idempotent


def batch_put_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a batch of outbound contacts.

    Each item is checked on its own and comes back exactly once, in the order of the request: as created in
    ``SuccessfulRequestList``, or as failed in ``FailedRequestList``. The limit of 25 items is a constraint of
    the service model, which ``protocol.validation`` checks for every operation before its function runs. The
    response to a ClientToken is stored.

    Ours: The caller; Which reason applies; Failure messages; Customer endpoint; System endpoint; Queue;
    Attributes; Outbound strategy; Both lists are always present; Duplicates in a batch; Scope and lifetime;
    The same token again; What is compared; No token, and failed calls; A campaign's state; When a contact is
    dialed.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_BatchPutContact.html.
    """
    instance = context.region.instance(parameters["InstanceId"])

    def create() -> dict[str, Any]:
        return _create_contacts(context, instance, parameters["ContactDataRequestList"])

    return idempotent(context, "BatchPutContact", instance.id, parameters, create)


class _Decision(NamedTuple):
    """The decision about an item: it fails, is created, or repeats an earlier item of the batch.

    Args:
        item: the item.
        refusal: why the item fails, or None.
        repeats: the index of the earlier item that this item repeats, or None.
    """

    item: Item
    refusal: Refusal | None
    repeats: int | None = None


def _create_contacts(context: Context, instance: Instance, items: Sequence[Item]) -> dict[str, Any]:
    # All items are decided before the first contact is created, so that a plan that raises creates none.
    decisions = _decide(context, instance, items)
    created: list[dict[str, str]] = []
    failed: list[dict[str, str]] = []
    contact_ids: list[str] = []
    molds: _Molds = {}
    for item, refusal, repeats in decisions:
        if refusal is not None:
            failed.append(_failed_request(item, refusal))
            context.note_failed(item, item.get("RequestIdentifier"), refusal)
            contact_ids.append("")
            continue
        if repeats is None:
            contact = _new_contact(instance, item, molds)
            context.region.backend.dialer.add(contact)
            contact_ids.append(contact.id)
        else:
            contact_ids.append(contact_ids[repeats])
        created.append({**_identifier_of(item), "ContactId": contact_ids[-1]})
    return {"SuccessfulRequestList": created, "FailedRequestList": failed}


def _decide(context: Context, instance: Instance, items: Sequence[Item]) -> list[_Decision]:
    decisions: list[_Decision] = []
    first_uses: dict[str, int] = {}
    for item in items:
        # An empty identifier identifies nothing.
        identifier = item.get("RequestIdentifier") or None
        first_use = None if identifier is None else first_uses.setdefault(identifier, len(decisions))
        if first_use is None or first_use == len(decisions):
            decisions.append(_Decision(item, _refusal(context, instance, item)))
        elif decisions[first_use].item == item:
            decisions.append(_Decision(item, decisions[first_use].refusal, repeats=first_use))
        else:
            conflict = Refusal(
                "IDEMPOTENCY_EXCEPTION",
                f"RequestIdentifier {str(identifier)!r} is already used in this batch for an item with other "
                f"data; give each item its own.",
            )
            decisions.append(_Decision(item, refusal_of(item, instance) or conflict))
    return decisions


def _refusal(context: Context, instance: Instance, item: Item) -> Refusal | None:
    # The rules come first: a planned failure waits for a valid item.
    return refusal_of(item, instance) or context.rejection_of(item)


_Molds = dict[tuple[Any, ...], tuple[Item, Contact]]
"""The first item of each kind in a batch, with its contact, by what the items of the kind have in common."""


def _new_contact(instance: Instance, item: Item, molds: _Molds) -> Contact:
    """Return the contact of an item, which differs little from the contact of another item of its kind."""
    customer_endpoint = _endpoint(item["CustomerEndpoint"])
    system_endpoint = _endpoint(item["SystemEndpoint"]) if "SystemEndpoint" in item else None
    strategy = item.get("OutboundStrategy")
    preview = preview_of(strategy)
    kind = (item["Campaign"]["CampaignId"], item.get("QueueId"), system_endpoint, preview)
    # A stored item with type names of its own takes more memory.
    item["CustomerEndpoint"]["Type"] = intern(customer_endpoint.type)
    if kind in molds:
        first, mold = molds[kind]
        _share_equal_parts(item, first)
        return mold.changed(
            {
                "id": instance.region.backend.ids.uuid(),
                "customer_endpoint": customer_endpoint,
                "attributes": item.get("Attributes", {}),
                "request_identifier": item.get("RequestIdentifier"),
                "outbound_strategy": strategy,
            }
        )
    contact = new_contact(
        instance,
        campaign=instance.campaign(item["Campaign"]["CampaignId"]),
        queue=instance.queue(item["QueueId"]) if "QueueId" in item else None,
        customer_endpoint=customer_endpoint,
        system_endpoint=system_endpoint,
        attributes=item.get("Attributes", {}),
        preview=preview,
        request_identifier=item.get("RequestIdentifier"),
        outbound_strategy=strategy,
    )
    molds[kind] = item, contact
    return contact


def _share_equal_parts(item: Item, first: Item) -> None:
    """Replace the parts of an item that equal those of another by the same objects, which saves memory."""
    for name in ("Campaign", "QueueId", "SystemEndpoint"):
        if name in item and item[name] == first[name]:
            item[name] = first[name]


def _endpoint(endpoint: Mapping[str, str]) -> Endpoint:
    return Endpoint(type=endpoint["Type"], address=endpoint["Address"])


def _failed_request(item: Item, refusal: Refusal) -> dict[str, str]:
    return {
        **_identifier_of(item),
        "FailureReasonCode": refusal.reason,
        "FailureReasonMessage": refusal.message,
    }


def _identifier_of(item: Item) -> dict[str, str]:
    return {"RequestIdentifier": item["RequestIdentifier"]} if "RequestIdentifier" in item else {}
