"""Network faults: botocore raises its own exceptions and retries by its own rules."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from factories import AnItem, Put

from connect_batchmock import ConnectMock, Instance

ONCE = Config(retries={"total_max_attempts": 1})
FAULTS = [
    ("refuse_connection", EndpointConnectionError, 0),
    ("lose_response", ReadTimeoutError, 1),
    ("reset_connection", ConnectionClosedError, 1),
]


@pytest.mark.parametrize(("fault", "error", "contacts"), FAULTS)
def test_without_retries_botocore_raises_its_own_exception(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    an_item: AnItem,
    fault: str,
    error: Any,
    contacts: int,
) -> None:
    client = boto3.client("connect", config=ONCE)
    getattr(connect_mock, fault)("BatchPutContact")
    with pytest.raises(error, match=r"https://connect\.us-east-1\.amazonaws\.com/contact/batch/") as caught:
        client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=[an_item()])
    assert type(caught.value) is error
    connect_mock.assert_contact_count(contacts)
    call = connect_mock.calls.one()
    assert (call.error, call.skipped_delay) == (error.__name__, None)
    assert (call.result is not None) == bool(contacts)


@pytest.mark.parametrize(("fault", "error", "contacts"), FAULTS)
def test_with_retries_the_application_notices_nothing(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, fault: str, error: Any, contacts: int
) -> None:
    getattr(connect_mock, fault)("BatchPutContact", times=2)
    answer = put(an_item())
    assert [call.error for call in connect_mock.calls] == [error.__name__, error.__name__, None]
    contact = connect_mock.contacts.one()
    assert answer["SuccessfulRequestList"] == [{"ContactId": contact.id}]


def test_a_lost_answer_is_not_dialed_twice(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.lose_response("BatchPutContact")
    answer = put(an_item())
    lost, repeated = connect_mock.calls
    contact = connect_mock.contacts.one()
    assert answer["SuccessfulRequestList"] == [{"ContactId": contact.id}]
    assert (lost.attempt, repeated.attempt) == (1, 2)
    assert lost.invocation_id == repeated.invocation_id is not None
    assert lost.result == repeated.result
    assert lost.parameters["ClientToken"] == repeated.parameters["ClientToken"]
    connect_mock.assert_no_double_dials()


def test_a_retry_after_a_lost_response_returns_the_contact(
    connect_mock: ConnectMock, connect_instance: Instance, an_item: AnItem
) -> None:
    client = connect_mock.client(config=ONCE)
    batch = {
        "InstanceId": connect_instance.id,
        "ContactDataRequestList": [an_item()],
        "ClientToken": "monday-1",
    }
    connect_mock.lose_response("BatchPutContact")
    with pytest.raises(ReadTimeoutError):
        client.batch_put_contact(**batch)
    made = connect_mock.contacts.one()
    assert client.batch_put_contact(**batch)["SuccessfulRequestList"] == [{"ContactId": made.id}]
    connect_mock.assert_contact_count(1)


def test_an_error_can_be_lost_as_well(connect_mock: ConnectMock, connect_client: Any) -> None:
    connect_mock.lose_response("BatchPutContact")
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        connect_client.batch_put_contact(InstanceId="gone", ContactDataRequestList=[{}])
    assert [call.error for call in connect_mock.calls] == ["ReadTimeoutError", "ResourceNotFoundException"]
    assert "The response was lost: it was ResourceNotFoundException: The inst" in str(
        connect_mock.calls[0].message
    )


def test_a_lost_call_is_reported_with_its_result(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.lose_response("BatchPutContact")
    connect_mock.fail("BatchPutContact", 502, message="")
    put(an_item())
    assert connect_mock.calls.lines() == [
        "BatchPutContact in us-east-1: ReadTimeoutError: The response was lost: the request was carried out. "
        "1 created, 0 failed",
        "BatchPutContact in us-east-1 (attempt 2): 502: The body was empty.",
        "BatchPutContact in us-east-1 (attempt 3): 1 created, 0 failed",
    ]


@pytest.mark.parametrize("fault", ["lose_response", "reset_connection"])
def test_nothing_can_be_carried_out_without_a_fake(connect_mock: ConnectMock, fault: str) -> None:
    with pytest.raises(ValueError, match=r"no fake for ListPrompts\. .* the nearest are List\w+, "):
        getattr(connect_mock, fault)("ListPrompts")


def test_a_connection_can_be_refused_to_any_operation(connect_mock: ConnectMock) -> None:
    connect_mock.refuse_connection("ListPrompts")
    with pytest.raises(EndpointConnectionError):
        connect_mock.client(config=ONCE).list_prompts(InstanceId="i")
    assert connect_mock.calls.one(operation="ListPrompts").parameters == {"InstanceId": "i"}


def test_an_unknown_operation_is_refused(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match="did you mean 'BatchPutContact'"):
        connect_mock.lose_response("BatchPutContacts")
    with pytest.raises(ValueError, match="from 1 on"):
        connect_mock.refuse_connection("BatchPutContact", times=-1)
