"""How a campaign calls, to and from the shapes of each version."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.campaign import Campaign, Preview, Telephony
from connect_batchmock.domain.errors import NotFoundError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.phone_numbers import is_e164
from connect_batchmock.domain.queue import Queue
from connect_batchmock.services.campaigns.shared import source_number_not_claimed, source_number_not_e164
from connect_batchmock.services.connect.members import drop_empty
from connect_batchmock.services.errors import ConflictError, InvalidRequestError

Config = Mapping[str, Any]

_DIALER = "DialerConfig"


# From the shapes


def telephony_of_version_1(instance: Instance, dialer: Config, outbound_call: Config) -> Telephony:
    """Return what a ``DialerConfig`` and an ``OutboundCallConfig`` of version 1 say, if it can be dialed."""
    return _checked(
        Telephony(
            **dialing_of_version_1(dialer),
            **calls_of(instance, outbound_call),
            queue=_queue(instance, outbound_call),
        )
    )


def dialing_of_version_1(dialer: Config) -> dict[str, Any]:
    """Return what a ``DialerConfig`` says, as fields of ``Telephony``."""
    ((member, given),) = dialer.items()
    return {
        "mode": member.removesuffix(_DIALER),
        "bandwidth_allocation": given.get("bandwidthAllocation"),
        "capacity": given.get("dialingCapacity"),
    }


def telephony_of_version_2(instance: Instance, config: Config) -> Telephony:
    """Return what a ``TelephonyChannelSubtypeConfig`` of version 2 says, if it can be dialed."""
    ((mode, given),) = config["outboundMode"].items()
    return _checked(
        Telephony(
            mode=mode,
            bandwidth_allocation=given.get("bandwidthAllocation"),
            capacity=config.get("capacity"),
            preview=_preview(given) if mode == "preview" else None,
            pacing=copy.deepcopy(given.get("pacingStrategies")),
            **calls_of(instance, config["defaultOutboundConfig"]),
            queue=_queue(instance, config),
        )
    )


def _preview(given: Config) -> Preview:
    return Preview(given["timeoutConfig"]["durationInSeconds"], "DISCARD" in given.get("agentActions", ()))


def calls_of(instance: Instance, config: Config) -> dict[str, Any]:
    """Return what is said of the calls, in either version, as fields of ``Telephony``; what is not is absent.

    Raises:
        NotFoundError: the instance has no such flow.
        Invalid: the calls cannot come from that number.
    """
    given = {field: config[member] for member, field in _OF_A_CALL.items() if member in config}
    if "flow_id" in given and not instance.may_run(given["flow_id"]):
        raise NotFoundError("contact flow", given["flow_id"])
    if "source_number" in given:
        _check_source_number(instance, given["source_number"])
    if "answerMachineDetectionConfig" in config:
        detection = config["answerMachineDetectionConfig"]
        given["answer_machine_detection"] = detection["enableAnswerMachineDetection"]
        given["awaits_prompt"] = detection.get("awaitAnswerMachinePrompt")
    return given


_OF_A_CALL = {
    "connectContactFlowId": "flow_id",
    "connectSourcePhoneNumber": "source_number",
    "ringTimeout": "ring_timeout",
}


def _check_source_number(instance: Instance, number: str) -> None:
    if not is_e164(number):
        raise InvalidRequestError(source_number_not_e164(number))
    if not instance.may_call_from(number):
        claimed = [one.number for one in instance.phone_numbers.values()]
        raise InvalidRequestError(source_number_not_claimed(number, claimed))


def _queue(instance: Instance, config: Config) -> Queue | None:
    return instance.queue(config["connectQueueId"]) if "connectQueueId" in config else None


def _checked(telephony: Telephony) -> Telephony:
    if telephony.mode != "agentless" and telephony.queue is None:
        raise InvalidRequestError(
            f"A {telephony.mode} campaign dials for the agents of a queue; give it one with connectQueueId."
        )
    if telephony.mode == "agentless" and telephony.source_number is None:
        raise InvalidRequestError(
            "An agentless campaign has no queue to call from; give it a number with connectSourcePhoneNumber."
        )
    return telephony


# Changing


def change_telephony(instance: Instance, campaign: Campaign, telephony: Telephony) -> None:
    """Let a campaign call in another way from now on.

    Raises:
        Conflicting: it was created agentless and would have agents from now on, or the other way round.
    """
    before = campaign.telephony
    if before is not None and (before.mode == "agentless") != (telephony.mode == "agentless"):
        raise ConflictError(
            f"The campaign was created as {before.mode} and cannot become {telephony.mode}: whether a "
            f"campaign is agentless is fixed when it is created. Create another campaign."
        )
    campaign.telephony = telephony
    instance.reschedule()


# To the shapes


def in_version_1(telephony: Telephony) -> dict[str, Any]:
    """Return the members of a campaign of version 1 that say how it calls."""
    dialing = drop_empty(
        bandwidthAllocation=telephony.bandwidth_allocation, dialingCapacity=telephony.capacity
    )
    return {
        "dialerConfig": {f"{telephony.mode}{_DIALER}": dialing},
        "outboundCallConfig": _outbound_call(telephony) | drop_empty(connectQueueId=_queue_id(telephony)),
    }


def in_version_2(telephony: Telephony) -> dict[str, Any]:
    """Return the ``TelephonyChannelSubtypeConfig`` of version 2."""
    return {
        "outboundMode": {telephony.mode: _mode(telephony)},
        "defaultOutboundConfig": _outbound_call(telephony) | drop_empty(ringTimeout=telephony.ring_timeout),
        **drop_empty(capacity=telephony.capacity, connectQueueId=_queue_id(telephony)),
    }


def _mode(telephony: Telephony) -> dict[str, Any]:
    mode = drop_empty(
        bandwidthAllocation=telephony.bandwidth_allocation,
        pacingStrategies=copy.deepcopy(telephony.pacing),
    )
    if telephony.preview is None:
        return mode
    actions = {"agentActions": ["DISCARD"]} if telephony.preview.may_discard else {}
    return mode | {"timeoutConfig": {"durationInSeconds": int(telephony.preview.timeout)}} | actions


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
