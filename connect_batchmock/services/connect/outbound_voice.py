"""StartOutboundVoiceContact: creates a single contact, which is dialed immediately."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.contact import Contact, Endpoint, new_contact
from connect_batchmock.domain.errors import NotFoundError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.queue import Queue
from connect_batchmock.services.connect.contact_rules import (
    disabled_queue,
    invalid_attributes,
    invalid_strategy,
    preview_of,
    unclaimed_number,
)
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError, NotPermittedError
from connect_batchmock.services.idempotency import idempotent

_REFERENCES = ("URL", "NUMBER", "STRING", "DATE", "EMAIL")
"""The types of references that an outbound phone call can have."""


def start_outbound_voice_contact(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Dial a customer immediately; the flow, or an available agent of the queue, gets the phone call.

    A contact with a preview waits for an agent, like the other contacts of its campaign.

    Ours: Members reserved for the campaign service; Numbers that can be called; The token of a phone call; A
    phone call for a campaign; A phone call of an instance that does not call out.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_StartOutboundVoiceContact.html.
    """
    instance = context.region.instance(parameters["InstanceId"])

    def start() -> dict[str, Any]:
        return {"ContactId": _start(context, instance, parameters).id}

    # A repeated token returns its contact, even with other parameters.
    token = {"ClientToken": parameters.get("ClientToken")}
    return idempotent(context, "StartOutboundVoiceContact", instance.id, token, start)


def _start(context: Context, instance: Instance, parameters: Mapping[str, Any]) -> Contact:
    _check_permission(context, instance, parameters)
    queue = instance.queue(parameters["QueueId"]) if "QueueId" in parameters else None
    campaign = instance.campaign(parameters["CampaignId"]) if "CampaignId" in parameters else None
    if not instance.may_run(parameters["ContactFlowId"]):
        raise NotFoundError("contact flow", parameters["ContactFlowId"])
    related = _related_contact(context, parameters)
    attributes = {**({} if related is None else related.attributes), **parameters.get("Attributes", {})}
    message = _invalid_parameter(parameters, instance, queue) or invalid_attributes(attributes)
    if message is not None:
        raise InvalidRequestError(message)
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
        root_contact_id=None if related is None else related.association_id,
    )
    dialer = context.region.backend.dialer
    if contact.preview is None:
        dialer.dial_now(contact)
    else:
        dialer.add(contact)
    return contact


def _check_permission(context: Context, instance: Instance, parameters: Mapping[str, Any]) -> None:
    if not instance.outbound_calls:
        raise NotPermittedError(
            f"The instance {instance.id!r} does not allow outbound phone calls; allow them with "
            f"UpdateInstanceAttribute and the attribute OUTBOUND_CALLS."
        )
    if "OutboundStrategy" in parameters and context.settings.caller != "campaigns":
        raise NotPermittedError(
            "Only the campaign service can give an OutboundStrategy; leave it out to dial the customer "
            "immediately."
        )


def _related_contact(context: Context, parameters: Mapping[str, Any]) -> Contact | None:
    related = parameters.get("RelatedContactId")
    return None if related is None else context.region.contact(parameters["InstanceId"], related)


def _calling_from(instance: Instance, queue: Queue | None, parameters: Mapping[str, Any]) -> Endpoint | None:
    """Return the endpoint to call from: the number of the queue takes precedence over the parameter."""
    number = instance.number_of(queue)
    address = parameters.get("SourcePhoneNumber") if number is None else number.number
    return None if address is None else Endpoint("TELEPHONE_NUMBER", address)


def _answer_machine_detection(parameters: Mapping[str, Any]) -> bool:
    config = parameters.get("AnswerMachineDetectionConfig", {})
    return bool(config.get("EnableAnswerMachineDetection", False))


def _invalid_parameter(parameters: Mapping[str, Any], instance: Instance, queue: Queue | None) -> str | None:
    """Return a message about the first rule that the parameters break, or None."""
    return (
        _invalid_source(parameters, instance, queue)
        or _invalid_detection(parameters)
        or _invalid_references(parameters)
        or _invalid_strategy(parameters)
    )


def _invalid_source(parameters: Mapping[str, Any], instance: Instance, queue: Queue | None) -> str | None:
    source = parameters.get("SourcePhoneNumber")
    if queue is None and source is None:
        return "QueueId and SourcePhoneNumber are both missing; give at least one of them."
    if queue is not None and not queue.enabled:
        return disabled_queue(queue)
    return None if source is None else unclaimed_number("SourcePhoneNumber", source, instance)


def _invalid_detection(parameters: Mapping[str, Any]) -> str | None:
    is_allowed = parameters.get("TrafficType") == "CAMPAIGN" or not _answer_machine_detection(parameters)
    return None if is_allowed else "EnableAnswerMachineDetection needs the TrafficType 'CAMPAIGN'."


def _invalid_references(parameters: Mapping[str, Any]) -> str | None:
    for name, reference in parameters.get("References", {}).items():
        if reference["Type"] not in _REFERENCES:
            return (
                f"The reference {name!r} has the Type {reference['Type']!r}; an outbound phone call can have "
                f"{listed(_REFERENCES)}."
            )
    return None


def _invalid_strategy(parameters: Mapping[str, Any]) -> str | None:
    if "OutboundStrategy" not in parameters:
        return None
    if "CampaignId" not in parameters:
        return "OutboundStrategy is for contacts of a campaign, and CampaignId is missing; give a CampaignId."
    return invalid_strategy(parameters)
