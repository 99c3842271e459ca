"""The types of records; they are searched by known names and values of any type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dirty_equals import IsStr
from typing_extensions import assert_type

from connect_batchmock import (
    Agent,
    Call,
    Calls,
    Campaign,
    ConnectMock,
    Contact,
    ContactRecords,
    Contacts,
    Endpoint,
    Events,
    FailedRequest,
    FailedRequests,
    Instance,
    Queue,
)
from connect_batchmock.protocol.literals import ContactState, FailedRequestReason


def contacts(connect_mock: ConnectMock, queue: Queue) -> None:
    assert_type(connect_mock.contacts, Contacts)
    assert_type(connect_mock.contacts[0], Contact)
    assert_type(connect_mock.contacts[1:], Contacts)
    assert_type(len(connect_mock.contacts), int)
    assert_type([contact.id for contact in connect_mock.contacts], list[str])
    assert_type(connect_mock.contacts.where(customer_address="+15555550100", queue=queue), Contacts)
    assert_type(connect_mock.contacts.where(queue=queue.id, attributes={"lead": "7"}).where(), Contacts)
    assert_type(connect_mock.contacts.one(customer_address=IsStr(regex=r"\+1.*"), campaign=IsStr()), Contact)
    assert_type(connect_mock.contacts.lines(), list[str])
    plain: Sequence[Contact] = connect_mock.contacts
    assert_type(plain == [], bool)
    criteria = {"state": "COMPLETED"}
    assert_type(connect_mock.contacts.where(**criteria), Contacts)
    others: dict[str, Any] = {"created_at": IsStr()}
    assert_type(connect_mock.contacts.one(**others), Contact)
    connect_mock.contacts.where(customer_adress="+15555550100")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    connect_mock.contacts.one(quue=queue)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def a_contact(contact: Contact) -> None:
    assert_type(contact.id, str)
    assert_type(contact.arn, str)
    assert_type(contact.instance, Instance)
    assert_type(contact.queue, Queue | None)
    assert_type(contact.campaign, Campaign | None)
    assert_type(contact.instance_id, str)
    assert_type(contact.queue_id, str | None)
    assert_type(contact.campaign_id, str | None)
    assert_type(contact.customer_endpoint, Endpoint)
    assert_type(contact.customer_endpoint.type, str)
    assert_type(contact.customer_address, str)
    assert_type(contact.system_endpoint, Endpoint | None)
    assert_type(contact.system_address, str | None)
    assert_type(contact.attributes, Mapping[str, str])
    assert_type(contact.request_identifier, str | None)
    assert_type(contact.outbound_strategy, Mapping[str, Any] | None)
    assert_type(contact.created_at, datetime)
    assert_type(contact.waiting_for, str | None)
    assert_type(contact.state, ContactState)
    plain: str = contact.state
    assert_type(plain.lower(), str)
    assert_type(contact.agent, Agent | None)
    assert_type(contact.disconnected_at, datetime | None)
    assert_type(contact.disconnect_reason, str | None)
    assert_type(contact.tags, Mapping[str, str])
    contact.state = "COMPLETED"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def a_contact_may_have_no_campaign(contact: Contact) -> None:
    contact.campaign.id  # type: ignore[union-attr]  # noqa: B018  # pyright: ignore[reportOptionalMemberAccess]
    if contact.campaign is not None:
        assert_type(contact.campaign.id, str)


def calls(connect_mock: ConnectMock) -> None:
    assert_type(connect_mock.calls, Calls)
    assert_type(
        connect_mock.calls.where(operation="BatchPutContact", parameters={"InstanceId": IsStr()}), Calls
    )
    assert_type(connect_mock.calls[-1:], Calls)
    call = connect_mock.calls.one(attempt=1)
    assert_type(call, Call)
    assert_type(call.operation, str)
    assert_type(call.parameters, Mapping[str, Any])
    assert_type(call.result, Mapping[str, Any] | None)
    assert_type(call.error, str | None)
    assert_type(call.attempt, int)
    assert_type(call.invocation_id, str | None)
    assert_type(call.at, datetime)
    assert_type(call.skipped_delay, float | None)
    connect_mock.calls.where(opertion="BatchPutContact")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def failed_requests(connect_mock: ConnectMock) -> None:
    assert_type(connect_mock.failed_requests, FailedRequests)
    assert_type(connect_mock.failed_requests.where(reason="INVALID_QUEUE"), FailedRequests)
    failed = connect_mock.failed_requests.one(item={"QueueId": IsStr()})
    assert_type(failed, FailedRequest)
    assert_type(failed.reason, FailedRequestReason)
    assert_type(failed.request_identifier, str | None)
    assert_type(failed.item, Mapping[str, Any])
    assert_type((failed.service, failed.operation), tuple[str, str])
    connect_mock.failed_requests.one(code="INVALID_QUEUE")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def events(connect_mock: ConnectMock) -> None:
    assert_type(connect_mock.events, Events)
    assert_type(connect_mock.events[:2].where(eventType="QUEUED", contactId=IsStr()), Events)
    assert_type(connect_mock.events.one(queueInfo={"queueArn": IsStr()}), dict[str, Any])
    connect_mock.events.where(event_type="QUEUED")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def contact_records(connect_mock: ConnectMock) -> None:
    assert_type(connect_mock.contact_records, ContactRecords)
    assert_type(connect_mock.contact_records.where(DisconnectReason="EXPIRED"), ContactRecords)
    assert_type(connect_mock.contact_records.one(ContactId=IsStr())["Agent"], Any)
    connect_mock.contact_records.one(contactId=IsStr())  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def other_things(connect_mock: ConnectMock) -> None:
    assert_type(connect_mock.now(), datetime)
    assert_type(connect_mock.unfaked_operations, list[str])
    assert_type(connect_mock.settings.region, str)
    assert_type(connect_mock.settings.strict, bool)
    assert_type(connect_mock.settings.seed, int)
