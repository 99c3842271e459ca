"""Contacts: the operations that create them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain.contact import Contact, Endpoint
from connect_batchmock.domain.instance import Instance
from connect_batchmock.recording import FailedRequest
from connect_batchmock.services.connect.contact_data_request import Refusal, refusal_of
from connect_batchmock.services.context import Context

Item = Mapping[str, Any]


def batch_put_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create a batch of outbound contacts.

    Each item is judged on its own and comes back exactly once, in the order of the request: created, in
    ``SuccessfulRequestList``, or refused, in ``FailedRequestList``. The answer to a ClientToken is kept.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_BatchPutContact.html.
    """
    instance = context.region.instance(parameters["InstanceId"])

    def create() -> dict[str, Any]:
        return _create_contacts(context, instance, parameters["ContactDataRequestList"])

    token = parameters.get("ClientToken")
    if not token:
        return create()
    meant = {name: value for name, value in parameters.items() if name != "ClientToken"}
    key = ("BatchPutContact", instance.id, token)
    answer: dict[str, Any] = context.region.once.answer(key, meant, context.now, create)
    return answer


@dataclass(frozen=True)
class _Use:
    """What the first item with a RequestIdentifier was, and what became of it."""

    item: Item
    outcome: Contact | Refusal


def _create_contacts(context: Context, instance: Instance, items: Sequence[Item]) -> dict[str, Any]:
    created: list[dict[str, str]] = []
    failed: list[dict[str, str]] = []
    uses: dict[str, _Use] = {}
    for item in items:
        outcome = _outcome(context, instance, item, uses)
        if isinstance(outcome, Refusal):
            failed.append(_failed_request(item, outcome))
            _note_failure(context, item, outcome)
        else:
            created.append(_identified(item) | {"ContactId": outcome.id})
    return {"SuccessfulRequestList": created, "FailedRequestList": failed}


def _outcome(context: Context, instance: Instance, item: Item, uses: dict[str, _Use]) -> Contact | Refusal:
    # An empty identifier identifies nothing.
    identifier = item.get("RequestIdentifier") or None
    if identifier is None:
        return _carry_out(context, instance, item)
    if identifier in uses:
        first = uses[identifier]
        if first.item == item:
            return first.outcome
        clash = Refusal("IDEMPOTENCY_EXCEPTION", explain.identifier_used_otherwise(identifier))
        return refusal_of(item, instance) or clash
    outcome = _carry_out(context, instance, item)
    uses[identifier] = _Use(item, outcome)
    return outcome


def _carry_out(context: Context, instance: Instance, item: Item) -> Contact | Refusal:
    # What is wrong with the item itself comes first: a fault that is planned waits for one that would pass.
    refusal = refusal_of(item, instance) or _rejection_of(context, item)
    return refusal or _create_contact(context, instance, item)


def _rejection_of(context: Context, item: Item) -> Refusal | None:
    fault = context.faults.rejection_of(item)
    return None if fault is None else Refusal(fault.reason, fault.message)


def _create_contact(context: Context, instance: Instance, item: Item) -> Contact:
    queue_id = item.get("QueueId")
    contact = instance.create_contact(
        campaign=instance.campaign(item["Campaign"]["CampaignId"]),
        queue=None if queue_id is None else instance.queue(queue_id),
        customer_endpoint=_endpoint(item["CustomerEndpoint"]),
        system_endpoint=_endpoint(item["SystemEndpoint"]) if "SystemEndpoint" in item else None,
        attributes=item.get("Attributes", {}),
        request_identifier=item.get("RequestIdentifier"),
        outbound_strategy=item.get("OutboundStrategy"),
        created_at=context.now,
    )
    context.journal.created_by[contact.id] = context.journal.call_number
    return contact


def _note_failure(context: Context, item: Item, refusal: Refusal) -> None:
    context.journal.failed_requests.append(
        FailedRequest(
            refusal.reason,
            refusal.message,
            item.get("RequestIdentifier"),
            item,
            context.journal.call_number,
        )
    )


def _endpoint(endpoint: Mapping[str, str]) -> Endpoint:
    return Endpoint(type=endpoint["Type"], address=endpoint["Address"])


def _failed_request(item: Item, refusal: Refusal) -> dict[str, str]:
    return _identified(item) | {
        "FailureReasonCode": refusal.reason,
        "FailureReasonMessage": refusal.message,
    }


def _identified(item: Item) -> dict[str, str]:
    return {"RequestIdentifier": item["RequestIdentifier"]} if "RequestIdentifier" in item else {}
