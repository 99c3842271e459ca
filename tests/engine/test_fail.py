"""API calls that a test makes fail: with every error of an operation, and with a bare HTTP status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from factories import AnItem, Put, least

from connect_batchmock import Campaign, ConnectMock, Instance, UnfakedOperationError
from connect_batchmock.protocol.errors import COMMON_ERRORS
from connect_batchmock.protocol.model import SERVICES, service_model

ONCE = Config(retries={"total_max_attempts": 1})


def modeled_errors() -> Iterator[tuple[str, str, str]]:
    """Give each error of each service once, with the first operation that models it."""
    for service in SERVICES:
        operations = [
            service_model(service).operation_model(name) for name in service_model(service).operation_names
        ]
        for error in service_model(service).error_shapes:
            models = (
                operation.name
                for operation in operations
                if error.name in [shape.name for shape in operation.error_shapes]
            )
            name = next(models, None)
            if name is not None:
                yield service, name, error.name


def call(client: Any, operation: str) -> Any:
    return client._make_api_call(
        operation, least(client.meta.service_model.operation_model(operation).input_shape)
    )


@pytest.mark.parametrize(("service", "operation", "code"), list(modeled_errors()))
def test_every_modeled_error_has_its_own_class_and_status(
    connect_mock: ConnectMock, make_client: Any, service: str, operation: str, code: str
) -> None:
    connect_mock.fail(operation, code, message="As planned.")
    with pytest.raises(ClientError) as caught:
        call(make_client(service, config=ONCE), operation)
    assert type(caught.value).__name__ == code
    assert caught.value.response["Error"] == {"Code": code, "Message": "As planned."}
    shape = service_model(service).shape_for_error_code(code)
    status = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
    assert status == shape.metadata["error"]["httpStatusCode"]
    assert connect_mock.calls.one().error == code


@pytest.mark.parametrize(("code", "status"), COMMON_ERRORS.items())
def test_every_error_that_all_of_aws_has_arrives_with_its_status(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, code: str, status: int
) -> None:
    connect_mock.fail("BatchPutContact", code, times=None)
    with pytest.raises(ClientError) as caught:
        put(an_item())
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_an_error_has_the_model_s_own_sentence(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.fail("BatchPutContact", "AccessDeniedException")
    with pytest.raises(ClientError, match="You do not have sufficient permissions to perform this action"):
        put(an_item())


def test_an_empty_message_is_kept(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.fail("BatchPutContact", "AccessDeniedException", message="")
    with pytest.raises(ClientError) as caught:
        put(an_item())
    assert caught.value.response["Error"]["Message"] == ""


def test_a_failed_call_creates_nothing_and_uses_no_token(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.fail("BatchPutContact", "AccessDeniedException")
    with pytest.raises(ClientError):
        put(an_item(), ClientToken="token")
    connect_mock.assert_no_contacts()
    put(an_item(Attributes={"other": "data"}), ClientToken="token")
    connect_mock.assert_contact_count(1)


def test_a_retried_fault_is_not_seen_by_the_application(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.fail("BatchPutContact", "InternalServiceException", times=2)
    answer = put(an_item())
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert [call.error for call in connect_mock.calls] == ["InternalServiceException"] * 2 + [None]


def test_each_attempt_meets_the_next_planned_fault(
    connect_mock: ConnectMock, connect_instance: Instance, make_client: Any, an_item: AnItem
) -> None:
    connect_mock.lose_response("BatchPutContact")
    connect_mock.fail("BatchPutContact", "LimitExceededException")
    connect_mock.refuse_connection("BatchPutContact")
    connect_mock.fail("BatchPutContact", 503)
    client = make_client(config=Config(retries={"mode": "legacy"}))
    client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=[an_item()])
    assert [call.error for call in connect_mock.calls] == [
        "ReadTimeoutError",
        "LimitExceededException",
        "EndpointConnectionError",
        "503",
        None,
    ]
    connect_mock.assert_contact_count(1)


def test_a_fault_without_end_meets_every_call(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.fail("BatchPutContact", "AccessDeniedException", times=None)
    for _ in range(3):
        with pytest.raises(ClientError):
            put(an_item())


def test_the_caller_comes_before_a_fault(an_item: AnItem) -> None:
    mock = ConnectMock(caller="customer")
    mock.fail("BatchPutContact", "LimitExceededException")
    with pytest.raises(ClientError) as caught:
        mock.client().batch_put_contact(InstanceId="i", ContactDataRequestList=[an_item()])
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    with pytest.raises(AssertionError, match="never happened"):
        mock.assert_no_pending_faults()


def test_a_fault_precedes_validation(connect_mock: ConnectMock, connect_client: Any) -> None:
    connect_mock.fail("BatchPutContact", "AccessDeniedException")
    with pytest.raises(connect_client.exceptions.AccessDeniedException):
        connect_client.batch_put_contact(InstanceId="gone", ContactDataRequestList=[{}] * 26)


def test_an_operation_without_a_fake_can_fail_too(connect_mock: ConnectMock, connect_client: Any) -> None:
    connect_mock.fail("ListPrompts", "ResourceNotFoundException")
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        connect_client.list_prompts(InstanceId="i")
    assert not connect_mock.unfaked_operations
    with pytest.raises(UnfakedOperationError):
        connect_client.list_prompts(InstanceId="i")
    connect_mock.reset()


def test_an_error_has_its_other_members(connect_mock: ConnectMock, connectcampaigns_client: Any) -> None:
    connect_mock.fail("PauseCampaign", "InvalidCampaignStateException", state="Stopped")
    connect_mock.fail("PauseCampaign", "InvalidCampaignStateException")
    for state in ("Stopped", "Initialized"):
        with pytest.raises(connectcampaigns_client.exceptions.InvalidCampaignStateException) as caught:
            connectcampaigns_client.pause_campaign(id="c")
        assert caught.value.response["state"] == state
        assert caught.value.response["xAmzErrorType"] == "InvalidCampaignStateException"


def test_an_operation_fails_in_the_services_with_the_error(
    connect_mock: ConnectMock, connect_instance: Instance, connect_campaign: Campaign, make_client: Any
) -> None:
    connect_mock.fail("TagResource", "InvalidRequestException", times=None)
    client = make_client()
    with pytest.raises(client.exceptions.InvalidRequestException):
        client.tag_resource(resourceArn=connect_instance.arn, tags={"a": "b"})
    make_client("connectcampaigns").tag_resource(arn=connect_campaign.arn, tags={"a": "b"})
    assert [call.error for call in connect_mock.calls] == ["InvalidRequestException", None]


@pytest.mark.parametrize(
    ("status", "body", "code", "text"),
    [
        (503, None, "503", "Service Unavailable"),
        (502, "", "502", "Bad Gateway"),
        (500, "<html>out of order</html>", "500", "Internal Server Error"),
        (599, None, "599", ""),
        (413, None, "413", "<html><head><title>413 Request Entity Too Large</title></head>"),
    ],
)
def test_a_bare_status_comes_from_something_before_the_service(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, status: int, body: str | None, code: str, text: str
) -> None:
    connect_mock.fail("BatchPutContact", status, message=body, times=None)
    with pytest.raises(ClientError) as caught:
        put(an_item())
    assert type(caught.value) is ClientError
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert text.split(" ")[0] in caught.value.response["Error"]["Message"]
    assert connect_mock.calls[0].error == str(status)
    assert connect_mock.calls[0].result is None


def test_a_status_allows_any_error_code(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.fail("BatchPutContact", "Teapot", status=418)
    with pytest.raises(ClientError) as caught:
        put(an_item())
    assert caught.value.response["Error"] == {
        "Code": "Teapot",
        "Message": "This error was planned by the test.",
    }
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 418


def test_a_status_replaces_the_one_of_the_model(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.fail("BatchPutContact", "AccessDeniedException", status=401)
    with pytest.raises(ClientError) as caught:
        put(an_item())
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 401
    assert type(caught.value).__name__ == "AccessDeniedException"


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("connect", "StartOutboundVoiceContact", "TooManyRequestsException", 429),
        ("connect", "DescribeQueue", "TooManyRequestsException", 429),
        ("connect", "BatchPutContact", "InvalidParameterException", 400),
        ("connect", "ListQueues", "ServiceQuotaExceededException", 402),
        ("connectcampaigns", "ListCampaigns", "ConflictException", 409),
        ("connectcampaignsv2", "ListCampaigns", "InvalidCampaignStateException", 409),
    ],
)
def test_the_front_of_a_service_returns_each_of_its_errors(
    connect_mock: ConnectMock, make_client: Any, service: str, operation: str, code: str, status: int
) -> None:
    assert code not in [
        shape.name for shape in service_model(service).operation_model(operation).error_shapes
    ]
    connect_mock.fail(operation, code)
    client = make_client(service, config=ONCE)
    with pytest.raises(getattr(client.exceptions, code)) as caught:
        call(client, operation)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_an_error_of_no_service_is_refused_with_the_list(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match="connect cannot return 'LimitExceedException' from") as caught:
        connect_mock.fail("BatchPutContact", "LimitExceedException")
    message = str(caught.value)
    assert "did you mean 'LimitExceededException' (429)" in message
    for shown in ("TooManyRequestsException (429)", "ContactNotFoundException (410)", "status=400"):
        assert shown in message
    connect_mock.assert_no_pending_faults()


def test_an_error_of_another_service_is_refused_with_its_status(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match=r"connectcampaigns cannot return 'UserNotFoundException'") as caught:
        connect_mock.fail("PutDialRequestBatch", "UserNotFoundException")
    assert str(caught.value).endswith("pass an HTTP status: status=404.")
    with pytest.raises(ValueError, match="connectcampaigns, connectcampaignsv2 cannot return 'Qx'") as caught:
        connect_mock.fail("ListCampaigns", "Qx")
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("operation", "error", "options", "error_class", "message"),
    [
        ("batch_put_contact", "LimitExceededException", {}, ValueError, "did you mean 'BatchPutContact'"),
        ("BatchPutContact", 200, {}, ValueError, "an HTTP status from 400 to 599, not 200"),
        ("BatchPutContact", True, {}, ValueError, "not True"),
        ("BatchPutContact", None, {}, ValueError, "not None"),
        ("BatchPutContact", "SlowDown", {"status": 99}, ValueError, "not 99"),
        ("BatchPutContact", "SlowDown", {"status": "400"}, ValueError, "not '400'"),
        ("BatchPutContact", 503, {"status": 500}, TypeError, "in place of the error"),
        ("BatchPutContact", 503, {"message": 5}, TypeError, "takes a string, not 5"),
        (
            "BatchPutContact",
            "LimitExceededException",
            {"message": b"x"},
            TypeError,
            "takes a string, not b'x'",
        ),
        ("BatchPutContact", "", {"status": 400}, ValueError, "is a name such as .*, not ''"),
        ("BatchPutContact", "a#b", {"status": 400}, ValueError, "not 'a#b'"),
        ("BatchPutContact", "a:b", {"status": 400}, ValueError, "not 'a:b'"),
        ("BatchPutContact", 503, {"state": "Paused"}, TypeError, "in place of the error"),
        ("BatchPutContact", "LimitExceededException", {"times": 0}, ValueError, "from 1 on, .*not 0"),
        ("BatchPutContact", "LimitExceededException", {"times": True}, ValueError, "not True"),
        ("BatchPutContact", "LimitExceededException", {"times": 1.5}, ValueError, "not 1.5"),
        ("BatchPutContact", "LimitExceededException", {"state": "x"}, ValueError, "it has none beside"),
        ("PauseCampaign", "InvalidCampaignStateException", {"stat": "x"}, ValueError, "there are state"),
        (
            "PauseCampaign",
            "InvalidCampaignStateException",
            {"state": "x"},
            ValueError,
            "is not one of Initialized",
        ),
    ],
)
def test_an_invalid_fault_is_refused_when_it_is_planned(
    connect_mock: ConnectMock, operation: str, error: Any, options: Any, error_class: Any, message: str
) -> None:
    with pytest.raises(error_class, match=message):
        connect_mock.fail(operation, error, **options)
    connect_mock.assert_no_pending_faults()


def test_reset_forgets_planned_faults(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.fail("BatchPutContact", "AccessDeniedException")
    connect_mock.reset()
    connect_mock.assert_no_pending_faults()
