"""The telephony of a campaign: conversion from and to the structures of each version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.abandonment import AbandonmentTarget
from connect_batchmock.domain.campaign import Campaign, Preview, Telephony
from connect_batchmock.domain.errors import NotFoundError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.queue import Queue
from connect_batchmock.services.campaigns.shared import invalid_source_number
from connect_batchmock.services.connect.members import drop_empty
from connect_batchmock.services.errors import InvalidRequestError

Config = Mapping[str, Any]

_DIALER_CONFIG = "DialerConfig"


def telephony_from_version_1(instance: Instance, dialer: Config, outbound_call: Config) -> Telephony:
    """Return the telephony of a ``DialerConfig`` and an ``OutboundCallConfig`` of version 1."""
    return _checked(
        Telephony(
            **dialer_fields(dialer),
            **outbound_call_fields(instance, outbound_call),
            queue=_queue(instance, outbound_call),
        )
    )


def dialer_fields(dialer: Config) -> dict[str, Any]:
    """Return the fields of ``Telephony`` that a ``DialerConfig`` of version 1 sets."""
    ((member, config),) = dialer.items()
    return {
        "mode": member.removesuffix(_DIALER_CONFIG),
        "bandwidth_allocation": config.get("bandwidthAllocation"),
        "capacity": config.get("dialingCapacity"),
    }


def telephony_from_version_2(instance: Instance, config: Config) -> Telephony:
    """Return the telephony of a ``TelephonyChannelSubtypeConfig`` of version 2."""
    _check_outbound_call(instance, config["defaultOutboundConfig"])
    return _checked(unchecked_telephony(config, _queue(instance, config)))


def unchecked_telephony(config: Config, queue: Queue | None) -> Telephony:
    """Return the telephony of a ``TelephonyChannelSubtypeConfig``, whose references are not checked."""
    ((mode, mode_config),) = config["outboundMode"].items()
    return Telephony(
        mode=mode,
        bandwidth_allocation=mode_config.get("bandwidthAllocation"),
        capacity=config.get("capacity"),
        preview=_preview(mode_config) if mode == "preview" else None,
        abandonment_target=_abandonment_target(mode_config),
        **_outbound_call_fields(config["defaultOutboundConfig"]),
        queue=queue,
    )


def _preview(config: Config) -> Preview:
    return Preview(config["timeoutConfig"]["durationInSeconds"], "DISCARD" in config.get("agentActions", ()))


def _abandonment_target(config: Config) -> AbandonmentTarget | None:
    if "pacingStrategies" not in config:
        return None
    (strategy,) = config["pacingStrategies"]
    pacing = strategy["abandonmentRate"]
    hours = pacing["evaluationWindow"].removeprefix("PT").removesuffix("H")
    return AbandonmentTarget(
        rate=pacing["targetRate"],
        threshold=pacing["connectionThresholdSeconds"],
        start_point=pacing["connectionStartPoint"],
        window=int(hours),
    )


def outbound_call_fields(instance: Instance, config: Config) -> dict[str, Any]:
    """Return the fields of ``Telephony`` that the outbound call configuration of either version sets.

    Raises:
        NotFoundError: the instance does not have the flow.
        InvalidRequestError: the source number is invalid, or not claimed to the instance.
    """
    _check_outbound_call(instance, config)
    return _outbound_call_fields(config)


def _check_outbound_call(instance: Instance, config: Config) -> None:
    flow_id, source_number = config.get("connectContactFlowId"), config.get("connectSourcePhoneNumber")
    if flow_id is not None and not instance.may_run(flow_id):
        raise NotFoundError("contact flow", flow_id)
    message = None if source_number is None else invalid_source_number(instance, source_number)
    if message is not None:
        raise InvalidRequestError(message)


def _outbound_call_fields(config: Config) -> dict[str, Any]:
    fields = {field: config[member] for member, field in _FIELDS_OF_OUTBOUND_CALL.items() if member in config}
    if "answerMachineDetectionConfig" in config:
        detection = config["answerMachineDetectionConfig"]
        fields["answer_machine_detection"] = detection["enableAnswerMachineDetection"]
        fields["awaits_prompt"] = detection.get("awaitAnswerMachinePrompt")
    return fields


_FIELDS_OF_OUTBOUND_CALL = {
    "connectContactFlowId": "flow_id",
    "connectSourcePhoneNumber": "source_number",
    "ringTimeout": "ring_timeout",
}


def _queue(instance: Instance, config: Config) -> Queue | None:
    return instance.queue(config["connectQueueId"]) if "connectQueueId" in config else None


def _checked(telephony: Telephony) -> Telephony:
    if not telephony.is_agentless and telephony.queue is None:
        raise InvalidRequestError(
            f"A {telephony.mode} campaign dials for the agents of a queue; give connectQueueId."
        )
    if telephony.is_agentless and telephony.source_number is None:
        raise InvalidRequestError(
            "An agentless campaign does not call from the number of a queue; give connectSourcePhoneNumber."
        )
    if telephony.mode == "preview" and telephony.ring_timeout is not None:
        raise InvalidRequestError(
            f"A campaign in preview mode takes no ringTimeout, which is {telephony.ring_timeout}; leave it "
            f"out, or choose another mode."
        )
    return telephony


def replace_telephony(instance: Instance, campaign: Campaign, telephony: Telephony) -> None:
    """Replace the telephony of a campaign; it applies to the contacts that are dialed from now on."""
    campaign.telephony = telephony
    instance.reschedule()


def telephony_to_version_1(telephony: Telephony) -> dict[str, Any]:
    """Return the ``dialerConfig`` and ``outboundCallConfig`` of a version 1 campaign."""
    dialer = drop_empty(
        bandwidthAllocation=telephony.bandwidth_allocation, dialingCapacity=telephony.capacity
    )
    return {
        "dialerConfig": {f"{telephony.mode}{_DIALER_CONFIG}": dialer},
        "outboundCallConfig": _outbound_call(telephony) | drop_empty(connectQueueId=_queue_id(telephony)),
    }


def telephony_to_version_2(telephony: Telephony) -> dict[str, Any]:
    """Return the ``TelephonyChannelSubtypeConfig`` of a version 2 campaign."""
    return {
        "outboundMode": {telephony.mode: _mode(telephony)},
        "defaultOutboundConfig": _outbound_call(telephony) | drop_empty(ringTimeout=telephony.ring_timeout),
        **drop_empty(capacity=telephony.capacity, connectQueueId=_queue_id(telephony)),
    }


def _mode(telephony: Telephony) -> dict[str, Any]:
    mode = drop_empty(
        bandwidthAllocation=telephony.bandwidth_allocation,
        pacingStrategies=_pacing_strategies(telephony.abandonment_target),
    )
    if telephony.preview is None:
        return mode
    actions = {"agentActions": ["DISCARD"]} if telephony.preview.may_discard else {}
    return mode | {"timeoutConfig": {"durationInSeconds": int(telephony.preview.timeout)}} | actions


def _pacing_strategies(target: AbandonmentTarget | None) -> list[dict[str, Any]] | None:
    if target is None:
        return None
    pacing = {
        "targetRate": target.rate,
        "connectionStartPoint": target.start_point,
        "connectionThresholdSeconds": target.threshold,
        "evaluationWindow": f"PT{target.window}H",
    }
    return [{"abandonmentRate": pacing}]


def _outbound_call(telephony: Telephony) -> dict[str, Any]:
    detection = drop_empty(
        enableAnswerMachineDetection=telephony.answer_machine_detection,
        awaitAnswerMachinePrompt=telephony.awaits_prompt,
    )
    return drop_empty(
        connectContactFlowId=telephony.flow_id,
        connectSourcePhoneNumber=telephony.source_number,
        answerMachineDetectionConfig=detection,
    )


def _queue_id(telephony: Telephony) -> str | None:
    return None if telephony.queue is None else telephony.queue.id
