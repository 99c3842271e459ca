"""Single calls: a contact that is dialed at once, without a batch and mostly without a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.contact import Contact, Endpoint, new_contact
from connect_batchmock.domain.errors import NotFoundError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.queue import Queue
from connect_batchmock.services.connect.contact_rules import (
    attributes_refusal,
    disabled_queue,
    preview_of,
    strategy_refusal,
)
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError, NotPermittedError
from connect_batchmock.services.idempotency import idempotent

_REFERENCES = ("URL", "NUMBER", "STRING", "DATE", "EMAIL")
"""The types of references that a call can begin with."""


def start_outbound_voice_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Call a customer at once; the flow has the call, and in a queue the next free agent.

    A contact that an agent sees first waits for an agent, as others of its campaign do.

    Ours: Members reserved for the campaign service; Numbers that can be called; The token of a phone call; A
    phone call for a campaign.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_StartOutboundVoiceContact.html.
    """
    instance = context.region.instance(parameters["InstanceId"])

    def start() -> dict[str, Any]:
        return {"ContactId": _start(context, instance, parameters).id}

    # A token stands for its contact, whatever the other parameters are.
    token = {"ClientToken": parameters.get("ClientToken")}
    return idempotent(context, "StartOutboundVoiceContact", instance.id, token, start)


def _start(context: Context, instance: Instance, parameters: Mapping[str, Any]) -> Contact:
    _check_permission(context, instance, parameters)
    queue = instance.queue(parameters["QueueId"]) if "QueueId" in parameters else None
    campaign = instance.campaign(parameters["CampaignId"]) if "CampaignId" in parameters else None
    if not instance.may_run(parameters["ContactFlowId"]):
        raise NotFoundError("contact flow", parameters["ContactFlowId"])
    attributes = {**_attributes_of_related(context, parameters), **parameters.get("Attributes", {})}
    refusal = _refusal(parameters, instance, queue) or attributes_refusal(attributes)
    if refusal is not None:
        raise InvalidRequestError(refusal)
    contact = new_contact(
        instance,
        campaign=campaign,
        queue=queue,
        customer_endpoint=Endpoint("TELEPHONE_NUMBER", parameters["DestinationPhoneNumber"]),
        system_endpoint=_calling_from(instance, queue, parameters),
        attributes=attributes,
        preview=preview_of(parameters.get("OutboundStrategy")),
        outbound_strategy=parameters.get("OutboundStrategy"),
        answer_machine_detection=_answer_machine_detection(parameters),
        ring_timeout=parameters.get("RingTimeoutInSeconds"),
        name=parameters.get("Name"),
        description=parameters.get("Description"),
        references=parameters.get("References", {}),
        related_contact_id=parameters.get("RelatedContactId"),
    )
    dialer = context.region.backend.dialer
    take = dialer.dial_now if contact.preview is None else dialer.add
    take(contact)
    return contact


def _check_permission(context: Context, instance: Instance, parameters: Mapping[str, Any]) -> None:
    if not instance.outbound_calls:
        raise NotPermittedError(
            f"The instance {instance.id!r} makes no outbound calls; allow them with "
            f"UpdateInstanceAttribute and the attribute OUTBOUND_CALLS."
        )
    if "OutboundStrategy" in parameters and context.settings.caller != "campaigns":
        raise NotPermittedError(
            "Only outbound campaigns can call with an OutboundStrategy; leave it out, and the customer "
            "is called at once."
        )


def _attributes_of_related(context: Context, parameters: Mapping[str, Any]) -> Mapping[str, str]:
    related = parameters.get("RelatedContactId")
    if related is None:
        return {}
    return context.region.contact(parameters["InstanceId"], related).attributes


def _calling_from(instance: Instance, queue: Queue | None, parameters: Mapping[str, Any]) -> Endpoint | None:
    """Return where the call comes from: the number of its queue comes before the one that is given."""
    number = instance.number_of(queue)
    address = parameters.get("SourcePhoneNumber") if number is None else number.number
    return None if address is None else Endpoint("TELEPHONE_NUMBER", address)


def _answer_machine_detection(parameters: Mapping[str, Any]) -> bool:
    wanted = parameters.get("AnswerMachineDetectionConfig", {}).get("EnableAnswerMachineDetection", False)
    return bool(wanted)


def _refusal(parameters: Mapping[str, Any], instance: Instance, queue: Queue | None) -> str | None:
    """Return the first rule that the parameters break, or None."""
    return (
        _unusable_caller(parameters, instance, queue)
        or _unusable_detection(parameters)
        or _unusable_references(parameters)
        or _unusable_strategy(parameters)
    )


def _unusable_caller(parameters: Mapping[str, Any], instance: Instance, queue: Queue | None) -> str | None:
    source = parameters.get("SourcePhoneNumber")
    if queue is None and source is None:
        return "QueueId and SourcePhoneNumber are both missing; one of them is needed."
    if queue is not None and not queue.enabled:
        return disabled_queue(queue.id)
    if source is None or instance.may_call_from(source):
        return None
    claimed = [one.number for one in instance.phone_numbers.values()]
    return f"SourcePhoneNumber {source!r} is not claimed to this instance; it has {listed(claimed)}."


def _unusable_detection(parameters: Mapping[str, Any]) -> str | None:
    is_allowed = parameters.get("TrafficType") == "CAMPAIGN" or not _answer_machine_detection(parameters)
    return None if is_allowed else "EnableAnswerMachineDetection needs the TrafficType 'CAMPAIGN'."


def _unusable_references(parameters: Mapping[str, Any]) -> str | None:
    types = (one["Type"] for one in parameters.get("References", {}).values())
    unusable = next((type for type in types if type not in _REFERENCES), None)
    return (
        None
        if unusable is None
        else f"A call cannot begin with a reference of the type {unusable!r}; it takes {listed(_REFERENCES)}."
    )


def _unusable_strategy(parameters: Mapping[str, Any]) -> str | None:
    if "OutboundStrategy" not in parameters:
        return None
    if "CampaignId" not in parameters:
        return (
            "OutboundStrategy cannot be used: it is for the contacts of a campaign, and there is no "
            "CampaignId."
        )
    return strategy_refusal(parameters)
