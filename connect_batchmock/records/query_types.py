"""The keywords that records are searched by, for type checkers: names are checked, values are not.

A value may be of any type, since objects made for comparing stand for others. This module is written by
``python tests/tools/query_types.py``.
"""

from __future__ import annotations

from typing import Any, TypedDict

from connect_batchmock.protocol.literals import (
    AnsweringMachineDetectionStatus,
    ContactState,
    ErrorCode,
    FailedRequestReason,
    OperationName,
)


class ContactCriteria(TypedDict, total=False):
    """The attributes of a contact."""

    id: Any
    arn: Any
    instance: Any
    queue: Any
    campaign: Any
    customer_endpoint: Any
    system_endpoint: Any
    attributes: Any
    request_identifier: Any
    outbound_strategy: Any
    created_at: Any
    state: ContactState | Any
    expires_at: Any
    agent: Any
    dialed_at: Any
    ring_started_at: Any
    connected_to_system_at: Any
    answering_machine_detection_status: AnsweringMachineDetectionStatus | Any
    enqueued_at: Any
    connected_to_agent_at: Any
    disconnected_at: Any
    disconnect_reason: Any
    tags: Any
    instance_id: Any
    queue_id: Any
    campaign_id: Any
    customer_address: Any
    system_address: Any


class CallCriteria(TypedDict, total=False):
    """The attributes of a call."""

    service: Any
    operation: OperationName | Any
    parameters: Any
    result: Any
    error: ErrorCode | Any
    message: Any
    attempt: Any
    invocation_id: Any
    region: Any
    account_id: Any
    at: Any
    skipped_delay: Any
    internal: Any
    faults: Any


class FailedRequestCriteria(TypedDict, total=False):
    """The attributes of an item that came back failed."""

    reason: FailedRequestReason | Any
    message: Any
    request_identifier: Any
    item: Any
    call_number: Any
    service: Any
    operation: OperationName | Any


class EventCriteria(TypedDict, total=False):
    """The members of the ``detail`` of a contact event."""

    eventType: Any
    contactId: Any
    channel: Any
    instanceArn: Any
    initiationMethod: Any
    initiationTimestamp: Any
    connectedToSystemTimestamp: Any
    disconnectTimestamp: Any
    relatedContactId: Any
    queueInfo: Any
    agentInfo: Any
    customerVoiceActivity: Any
    campaign: Any
    answeringMachineDetectionStatus: Any
    disconnectReason: Any
    outboundStrategy: Any
    tags: Any
    segmentAttributes: Any
    updatedProperties: Any


class ContactRecordCriteria(TypedDict, total=False):
    """The members of a contact record."""

    AWSAccountId: Any
    AWSContactTraceRecordFormatVersion: Any
    Agent: Any
    AgentConnectionAttempts: Any
    AnsweringMachineDetectionStatus: Any
    Attributes: Any
    Campaign: Any
    Channel: Any
    ConnectedToSystemTimestamp: Any
    ContactId: Any
    CustomerEndpoint: Any
    DisconnectReason: Any
    DisconnectTimestamp: Any
    InitialContactId: Any
    InitiationMethod: Any
    InitiationTimestamp: Any
    InstanceARN: Any
    LastUpdateTimestamp: Any
    MediaStreams: Any
    NextContactId: Any
    OutboundStrategy: Any
    PreviousContactId: Any
    Queue: Any
    Recording: Any
    Recordings: Any
    References: Any
    SystemEndpoint: Any
    Tags: Any
    TransferCompletedTimestamp: Any
    TransferredToEndpoint: Any
