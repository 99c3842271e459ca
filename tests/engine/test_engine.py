"""The engine: it responds to requests, refuses the others, and records all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
import time_machine
from botocore.config import Config
from botocore.exceptions import ClientError
from factories import UNKNOWN, AnItem, Put

from connect_batchmock import ConnectMock, Instance, ServiceError, UnfakedOperationError
from connect_batchmock.protocol.http import Request
from connect_batchmock.protocol.model import operation_model
from connect_batchmock.services.registry import FAKES

Send = Callable[..., Any]


@pytest.mark.connect_mock(strict=False)
def test_an_unfaked_operation_raises_with_the_remedy(connect_mock: ConnectMock, connect_client: Any) -> None:
    with pytest.raises(UnfakedOperationError) as caught:
        connect_client.list_prompts(InstanceId=UNKNOWN)

    message = str(caught.value)
    assert message.startswith("connect_batchmock has no fake for ListPrompts of connect")
    assert "connect_mock.passthrough('ListPrompts')" in message
    assert "connect_mock.fake('ListPrompts', ...)" in message
    assert "unfaked='passthrough'" in message
    assert connect_mock.unfaked_operations == ["connect.ListPrompts"]
    assert connect_mock.calls == []


@pytest.mark.connect_mock(strict=False)
def test_the_nearest_faked_operations_are_listed_first(
    connect_mock: ConnectMock, connect_client: Any
) -> None:
    connect_mock.fake("DescribeUserHierarchyGroup", lambda mock, parameters: {})
    with pytest.raises(UnfakedOperationError) as caught:
        connect_client.describe_user_hierarchy_structure(InstanceId=UNKNOWN)

    nearest = re.search(r"Of the (\d+) operations .+, the nearest are (.+?)\. ", str(caught.value))
    assert nearest is not None
    of_connect = {operation for service, operation in FAKES if service == "connect"}
    assert int(nearest[1]) == len(of_connect) + 1
    assert nearest[2].split(", ")[0] == "DescribeUserHierarchyGroup"


@pytest.mark.connect_mock(unfaked="passthrough")
def test_an_unfaked_operation_can_be_passed_through(connect_mock: ConnectMock, send: Send) -> None:
    assert send(f"/prompts-summary/{UNKNOWN}", method="GET") is None
    assert connect_mock.unfaked_operations == []


def test_a_path_of_no_operation_is_unknown(connect_mock: ConnectMock, send: Send) -> None:
    answer = send("/no/such/path", method="POST")

    assert answer.status == 404
    assert answer.headers["x-amzn-errortype"] == "UnknownOperationException"
    assert json.loads(answer.body)["Message"] == "No operation of this service answers POST /no/such/path."
    assert connect_mock.calls == []


def test_the_wrong_method_is_unknown_too(send: Send) -> None:
    assert send(f"/contact/batch/{UNKNOWN}", method="DELETE").status == 404


def test_a_request_for_another_service_is_not_answered(send: Send) -> None:
    assert send(f"/contact/batch/{UNKNOWN}", {}, signed_for="s3") is None


def test_a_request_that_names_no_service_at_all_is_not_answered(connect_mock: ConnectMock) -> None:
    assert connect_mock.handle(Request("GET", "https://example.com/", {}, b"")) is None


def test_every_answer_has_a_request_id_of_its_own(send: Send) -> None:
    ids = [send("/no/such/path").headers["x-amzn-requestid"] for _ in range(3)]

    assert len(set(ids)) == 3


def test_a_call_is_recorded_with_its_generated_token(
    connect_mock: ConnectMock, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    now = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
    with time_machine.travel(now, tick=False):
        answer = put(an_item())
        assert connect_mock.now() == now

    call = connect_mock.calls.one()
    del answer["ResponseMetadata"]
    assert (call.service, call.operation) == ("connect", "BatchPutContact")
    assert set(call.parameters) == {"InstanceId", "ClientToken", "ContactDataRequestList"}
    assert call.parameters["InstanceId"] == connect_instance.id
    assert call.parameters["ContactDataRequestList"] == [an_item()]
    assert len(call.parameters["ClientToken"]) == 36
    assert call.result == answer
    assert (call.error, call.message) == (None, None)
    assert (call.region, call.account_id, call.at) == ("us-east-1", "123456789012", now)
    assert call.attempt == 1
    assert call.invocation_id is not None


def test_a_call_that_failed_is_written_down_with_its_error(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    with pytest.raises(ClientError) as caught:
        put(an_item(), InstanceId=UNKNOWN)

    call = connect_mock.calls.one()
    assert call.result is None
    assert call.error == "ResourceNotFoundException"
    assert call.message == caught.value.response["Error"]["Message"]
    assert call.parameters["InstanceId"] == UNKNOWN


def test_calls_of_one_client_have_invocation_ids_of_their_own(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    put(an_item())

    assert len({call.invocation_id for call in connect_mock.calls}) == 2


def test_attempt_and_invocation_id_are_the_client_s_own(
    connect_mock: ConnectMock, connect_instance: Instance, an_item: AnItem
) -> None:
    headers = {"amz-sdk-request": "attempt=2; max=5", "amz-sdk-invocation-id": "one call"}
    body = json.dumps({"ContactDataRequestList": [an_item()]}).encode()
    url = f"https://connect.us-east-1.amazonaws.com/contact/batch/{connect_instance.id}"

    connect_mock.handle(Request("PUT", url, headers, body, "connect", "us-east-1"))

    call = connect_mock.calls.one()
    assert (call.attempt, call.invocation_id) == (2, "one call")


def test_an_attempt_of_a_number_without_end_is_answered(
    connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    headers = {"amz-sdk-request": f"attempt={'9' * 5_000}"}
    url = f"https://connect.us-east-1.amazonaws.com/instance/{connect_instance.id}"

    answer = connect_mock.handle(Request("GET", url, headers, b"", "connect", "us-east-1"))

    assert answer is not None
    assert answer.status == 200
    assert connect_mock.calls.one().attempt == 999_999_999


def test_other_clients_count_no_attempts(
    connect_mock: ConnectMock, connect_instance: Instance, send: Send, an_item: AnItem
) -> None:
    send(f"/contact/batch/{connect_instance.id}", {"ContactDataRequestList": [an_item()]})

    call = connect_mock.calls.one()
    assert (call.attempt, call.invocation_id) == (1, None)


def test_reset_forgets_everything_and_begins_the_ids_again(
    connect_mock: ConnectMock, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    instance_id = connect_instance.id

    connect_mock.reset()

    assert connect_mock.instances == []
    assert connect_mock.calls == []
    connect_mock.assert_no_contacts()
    assert connect_mock.add_instance().id == instance_id


MODELLED = operation_model("connect", "BatchPutContact").error_shapes


@pytest.mark.parametrize("shape", MODELLED, ids=lambda shape: shape.name)
def test_each_modeled_error_reaches_the_client_as_its_own_class(
    connect_mock: ConnectMock, make_client: Any, shape: Any
) -> None:
    client = make_client(config=Config(retries={"total_max_attempts": 1}))

    @connect_mock.fake("BatchPutContact")
    def batch_put_contact(mock: ConnectMock, parameters: Any) -> Any:
        raise ServiceError(shape.name, "As it was said.")

    with pytest.raises(getattr(client.exceptions, shape.name)) as caught:
        client.batch_put_contact(InstanceId=UNKNOWN, ContactDataRequestList=[{}])

    response = caught.value.response
    assert response["Message"] == response["Error"]["Message"] == "As it was said."
    assert response["ResponseMetadata"]["HTTPStatusCode"] == shape.metadata["error"]["httpStatusCode"]


def test_batch_put_contact_models_six_errors() -> None:
    assert len(MODELLED) == 6
