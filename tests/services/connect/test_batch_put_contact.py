"""BatchPutContact as a whole: the errors of a call before its items are validated, and their order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from factories import UNKNOWN, AnItem, Put

from connect_batchmock import ConnectMock, Instance, Queue


def refusal(call: Callable[[], Any]) -> tuple[str, int, str]:
    """The code, the status and the message of the error that a call ends with."""
    with pytest.raises(ClientError) as caught:
        call()
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def test_a_valid_item_creates_a_contact(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    answer = put(an_item(RequestIdentifier="row-1", Attributes={"plan": "gold"}))

    contact = connect_mock.contacts.one()
    assert answer["SuccessfulRequestList"] == [{"RequestIdentifier": "row-1", "ContactId": contact.id}]
    assert answer["FailedRequestList"] == []
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert contact.arn == f"{connect_instance.arn}/contact/{contact.id}"
    assert contact.instance == connect_instance
    assert contact.queue == connect_queue
    assert contact.customer_address == "+15555550100"
    assert contact.system_endpoint is None
    assert contact.attributes == {"plan": "gold"}
    assert contact.state == "INITIATED"


def test_without_a_queue_the_system_endpoint_is_the_caller(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(QueueId=None, SystemEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}))

    contact = connect_mock.contacts.one()
    assert contact.queue is None
    assert contact.system_address == "+15555550199"


def test_an_item_without_an_identifier_comes_back_without_one(put: Put, an_item: AnItem) -> None:
    answer = put(an_item(), an_item(Campaign=None))

    assert set(answer["SuccessfulRequestList"][0]) == {"ContactId"}
    assert set(answer["FailedRequestList"][0]) == {"FailureReasonCode", "FailureReasonMessage"}


@pytest.mark.connect_mock(caller="customer")
def test_a_customer_is_denied_with_the_sentence_of_iam(
    connect_client: Any, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    code, status, message = refusal(lambda: put(an_item()))

    assert (code, status) == ("AccessDeniedException", 403)
    assert message == (
        "User: arn:aws:iam::123456789012:user/customer is not authorized to perform: connect:BatchPutContact "
        f"on resource: {connect_instance.arn} "
        "because no identity-based policy allows the connect:BatchPutContact action"
    )
    with pytest.raises(connect_client.exceptions.AccessDeniedException):
        put(an_item())


def test_an_unknown_instance_is_not_found(connect_client: Any, put: Put, an_item: AnItem) -> None:
    code, status, message = refusal(lambda: put(an_item(), InstanceId=UNKNOWN))

    assert (code, status) == ("ResourceNotFoundException", 404)
    assert message == f"The instance '{UNKNOWN}' was not found in this account and region."
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        put(an_item(), InstanceId=UNKNOWN)


def test_an_arn_as_instance_id_is_not_found_with_the_reason(
    connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    code, status, message = refusal(lambda: put(an_item(), InstanceId=connect_instance.arn))

    assert (code, status) == ("ResourceNotFoundException", 404)
    assert message.endswith("InstanceId takes the id of an instance, not its ARN.")


def test_a_token_with_other_parameters_is_a_conflict(connect_client: Any, put: Put, an_item: AnItem) -> None:
    put(an_item(), ClientToken="token")

    code, status, message = refusal(lambda: put(an_item(), an_item(), ClientToken="token"))

    assert (code, status) == ("IdempotencyException", 409)
    assert (
        message
        == "ClientToken 'token' was already used for a request with other parameters; use a new token."
    )
    with pytest.raises(connect_client.exceptions.IdempotencyException):
        put(an_item(), an_item(), ClientToken="token")


ITEM = "ContactDataRequestList[0]"
TOO_MUCH = [
    pytest.param({"RequestIdentifier": "r" * 81}, f"{ITEM}.RequestIdentifier: length 81 ", id="identifier"),
    pytest.param(
        {"CustomerEndpoint": {"Type": "FAX", "Address": "+15555550100"}},
        f"{ITEM}.CustomerEndpoint.Type: 'FAX' is not one of TELEPHONE_NUMBER, ",
        id="endpoint type",
    ),
    pytest.param(
        {"CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "1" * 257}},
        f"{ITEM}.CustomerEndpoint.Address: length 257 ",
        id="address",
    ),
    pytest.param(
        {"Campaign": {"CampaignId": "c" * 101}}, f"{ITEM}.Campaign.CampaignId: length 101 ", id="campaign"
    ),
]


@pytest.mark.parametrize(("changes", "violation"), TOO_MUCH)
def test_a_member_beyond_the_model_refuses_the_whole_call(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, changes: dict[str, Any], violation: str
) -> None:
    code, status, message = refusal(lambda: put(an_item(**changes), an_item()))

    assert (code, status) == ("InvalidRequestException", 400)
    assert message.startswith("1 constraint is not met: ")
    assert violation in message
    connect_mock.assert_no_contacts()


@pytest.mark.parametrize(
    ("parameters", "violation"),
    [
        ({"ClientToken": "t" * 501}, "ClientToken: length 501 "),
        ({"InstanceId": "i" * 101}, "InstanceId: length 101 "),
    ],
)
def test_a_parameter_beyond_the_model_refuses_the_call(
    put: Put, an_item: AnItem, parameters: dict[str, str], violation: str
) -> None:
    code, status, message = refusal(lambda: put(an_item(), **parameters))

    assert (code, status) == ("InvalidRequestException", 400)
    assert message.startswith(f"1 constraint is not met: {violation}")


def test_25_items_are_taken_and_26_are_not(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    code, status, message = refusal(lambda: put(*[an_item()] * 26))

    assert (code, status) == ("InvalidRequestException", 400)
    assert message == "1 constraint is not met: ContactDataRequestList: 26 members is more than 25"
    assert len(put(*[an_item()] * 25)["SuccessfulRequestList"]) == 25
    connect_mock.assert_contact_count(25)


def test_the_longest_values_of_the_model_are_taken(put: Put, an_item: AnItem) -> None:
    answer = put(an_item(RequestIdentifier="r" * 80), ClientToken="t" * 500)

    assert answer["SuccessfulRequestList"][0]["RequestIdentifier"] == "r" * 80


def test_every_violation_is_named_with_its_path(put: Put, an_item: AnItem) -> None:
    broken = an_item(RequestIdentifier="r" * 81, CustomerEndpoint={"Type": "FAX", "Address": "1" * 257})

    _, _, message = refusal(lambda: put(an_item(), broken, ClientToken="t" * 501))

    assert message.startswith("4 constraints are not met: ClientToken: ")
    for path in ("CustomerEndpoint.Type", "CustomerEndpoint.Address", "RequestIdentifier"):
        assert f"ContactDataRequestList[1].{path}: " in message


@pytest.mark.parametrize(
    ("body", "violation"),
    [
        ({}, "ContactDataRequestList: is required"),
        ({"ContactDataRequestList": []}, "ContactDataRequestList: 0 members is less than 1"),
        ({"ContactDataRequestList": [None]}, "ContactDataRequestList[0]: None is not an object"),
        (
            {"ContactDataRequestList": [{"QueueId": 7}]},
            "ContactDataRequestList[0].QueueId: 7 is not a string",
        ),
    ],
)
def test_what_a_client_checks_itself_is_checked_again(
    connect_instance: Instance, send: Callable[..., Any], body: Any, violation: str
) -> None:
    answer = send(f"/contact/batch/{connect_instance.id}", body)

    assert answer.status == 400
    assert answer.headers["x-amzn-errortype"] == "InvalidRequestException"
    assert json.loads(answer.body)["Message"] == f"1 constraint is not met: {violation}"


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"null", b"[" * 100_000], ids=repr)
def test_an_undecodable_body_is_a_serialization_exception(
    connect_mock: ConnectMock, connect_instance: Instance, send: Callable[..., Any], body: bytes
) -> None:
    answer = send(f"/contact/batch/{connect_instance.id}", body)

    assert answer.status == 400
    assert answer.headers["x-amzn-errortype"] == "SerializationException"
    assert json.loads(answer.body)["Message"].startswith("The body of the request cannot be read: ")
    assert connect_mock.calls.one().error == "SerializationException"


def test_an_unsigned_call_lacks_its_authentication_token(
    connect_mock: ConnectMock, connect_instance: Instance, an_item: AnItem
) -> None:
    client = boto3.client("connect", region_name="us-east-1", config=Config(signature_version=UNSIGNED))

    def call() -> Any:
        return client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=[an_item()])

    assert refusal(call) == ("MissingAuthenticationTokenException", 403, "Missing Authentication Token")
    connect_mock.assert_no_contacts()


class TestOrder:
    """A call with two faults raises the one that is checked first."""

    @pytest.mark.connect_mock(caller="customer")
    def test_signature_before_caller(self, connect_instance: Instance, send: Callable[..., Any]) -> None:
        answer = send(f"/contact/batch/{connect_instance.id}", {}, signed_for=None)

        assert answer.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"

    @pytest.mark.connect_mock(caller="customer")
    def test_caller_before_body(self, connect_instance: Instance, send: Callable[..., Any]) -> None:
        answer = send(f"/contact/batch/{connect_instance.id}", b"{")

        assert answer.headers["x-amzn-errortype"] == "AccessDeniedException"

    @pytest.mark.connect_mock(caller="customer")
    def test_caller_before_constraints(self, put: Put, an_item: AnItem) -> None:
        assert refusal(lambda: put(*[an_item()] * 26))[:2] == ("AccessDeniedException", 403)

    def test_body_before_instance(self, send: Callable[..., Any]) -> None:
        answer = send(f"/contact/batch/{UNKNOWN}", b"{")

        assert answer.headers["x-amzn-errortype"] == "SerializationException"

    def test_constraints_before_instance(self, put: Put, an_item: AnItem) -> None:
        code = refusal(lambda: put(*[an_item()] * 26, InstanceId=UNKNOWN))[0]

        assert code == "InvalidRequestException"

    def test_constraints_before_token(self, put: Put, an_item: AnItem) -> None:
        put(an_item(), ClientToken="token")

        assert refusal(lambda: put(*[an_item()] * 26, ClientToken="token"))[0] == "InvalidRequestException"

    def test_instance_before_token(self, put: Put, an_item: AnItem) -> None:
        put(an_item(), ClientToken="token")

        code = refusal(lambda: put(an_item(), an_item(), ClientToken="token", InstanceId=UNKNOWN))[0]

        assert code == "ResourceNotFoundException"

    def test_instance_before_items(self, connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
        code = refusal(lambda: put(an_item(Campaign=None), InstanceId=UNKNOWN))[0]

        assert code == "ResourceNotFoundException"
        assert connect_mock.failed_requests == []

    def test_token_before_items(self, connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
        put(an_item(), ClientToken="token")

        code = refusal(lambda: put(an_item(Campaign=None), ClientToken="token"))[0]

        assert code == "IdempotencyException"
        assert connect_mock.failed_requests == []
