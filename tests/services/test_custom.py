"""Operations that are passed through, or faked by a function of the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse

from connect_batchmock import ConnectMock, Instance, ServiceError, UnfakedOperationError
from connect_batchmock.services.custom import FakeError

CONNECTS = {"QuickConnectSummaryList": [{"Id": "q", "Name": "Sales", "QuickConnectType": "QUEUE"}]}


def through(client: Any) -> list[str]:
    """Respond to calls that the mock passes through."""
    seen: list[str] = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        seen.append(request.url)
        response = AWSResponse(request.url, 200, {}, None)
        response._content = b"{}"
        return response

    client.meta.events.register_last("before-send.*", answer)
    return seen


def test_an_operation_is_let_through_and_no_other(connect_mock: ConnectMock, connect_client: Any) -> None:
    seen = through(connect_client)
    connect_mock.passthrough("ListQuickConnects")
    connect_client.list_quick_connects(InstanceId="i")
    assert len(seen) == 1
    assert not connect_mock.calls
    with pytest.raises(UnfakedOperationError, match=r"connect_mock.passthrough\('ListPrompts'\)"):
        connect_client.list_prompts(InstanceId="i")
    connect_mock.reset()


def test_an_operation_that_has_a_fake_can_be_let_through_too(
    connect_mock: ConnectMock, connect_client: Any
) -> None:
    seen = through(connect_client)
    connect_mock.passthrough("BatchPutContact")
    connect_client.batch_put_contact(InstanceId="i", ContactDataRequestList=[{}])
    assert len(seen) == 1
    assert not connect_mock.calls


def test_an_unknown_operation_cannot_be_let_through(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match="did you mean 'ListQuickConnects'"):
        connect_mock.passthrough("list_quick_connects")


def test_a_function_answers_an_operation(connect_mock: ConnectMock, connect_client: Any) -> None:
    @connect_mock.fake("ListQuickConnects")
    def list_quick_connects(mock: ConnectMock, parameters: Mapping[str, Any]) -> Any:
        assert mock is connect_mock
        assert parameters == {"InstanceId": "i", "QuickConnectTypes": ["QUEUE"]}
        return CONNECTS

    answer = connect_client.list_quick_connects(InstanceId="i", QuickConnectTypes=["QUEUE"])
    assert answer["QuickConnectSummaryList"] == CONNECTS["QuickConnectSummaryList"]
    call = connect_mock.calls.one(operation="ListQuickConnects")
    assert call.result == CONNECTS
    assert connect_mock.calls.lines() == ["ListQuickConnects in us-east-1: answered"]
    assert list_quick_connects(connect_mock, call.parameters) is CONNECTS


def test_it_may_use_the_backend_and_fail_with_faults(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance
) -> None:
    def list_quick_connects(mock: ConnectMock, parameters: Mapping[str, Any]) -> Any:
        (instance,) = [item for item in mock.instances if item.id == parameters["InstanceId"]]
        return {
            "QuickConnectSummaryList": [{"Id": queue.id, "Name": queue.name} for queue in instance.queues]
        }

    queue = connect_instance.add_queue("Sales")
    connect_mock.fake("ListQuickConnects", list_quick_connects)
    connect_mock.lose_response("ListQuickConnects")
    answer = connect_client.list_quick_connects(InstanceId=connect_instance.id)
    assert answer["QuickConnectSummaryList"] == [{"Id": queue.id, "Name": "Sales"}]
    assert [call.error for call in connect_mock.calls] == ["ReadTimeoutError", None]


def test_the_request_is_checked_before(connect_mock: ConnectMock, connect_client: Any) -> None:
    connect_mock.fake("ListQuickConnects", lambda mock, parameters: pytest.fail("it is asked"))
    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="QuickConnectTypes"):
        connect_client.list_quick_connects(InstanceId="i", QuickConnectTypes=["NONE"])


def test_an_error_becomes_the_client_s_exception(connect_mock: ConnectMock, connect_client: Any) -> None:
    @connect_mock.fake("ListQuickConnects")
    def list_quick_connects(mock: ConnectMock, parameters: Mapping[str, Any]) -> Any:
        raise ServiceError("ResourceNotFoundException", f"No {parameters['InstanceId']} here.")

    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match="No i here"):
        connect_client.list_quick_connects(InstanceId="i")


def test_an_operation_without_output_is_answered_with_nothing(
    connect_mock: ConnectMock, connect_client: Any
) -> None:
    connect_mock.fake("DeleteQuickConnect", lambda mock, parameters: None)
    assert set(connect_client.delete_quick_connect(InstanceId="i", QuickConnectId="q")) == {
        "ResponseMetadata"
    }


def raising(error: Exception) -> Any:
    def function(mock: ConnectMock, parameters: Mapping[str, Any]) -> Any:
        raise error

    return function


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (raising(KeyError("x")), "The fake for ListQuickConnects raised KeyError: 'x'"),
        (
            raising(ServiceError("NoSuchException", "")),
            "connect cannot return 'NoSuchException' from ListQuickConnects",
        ),
        (lambda mock, parameters: [1], r"must return a dict, the members of its output, not \[1\]"),
        (
            lambda mock, parameters: {"QuickConnectSummaryList": "q"},
            "QuickConnectSummaryList: 'q' is not a list",
        ),
        (
            lambda mock, parameters: {"QuickConnects": []},
            "QuickConnects: there is no such member, there are QuickConn",
        ),
        (
            lambda mock, parameters: {"QuickConnectSummaryList": [{"Nam": "x"}]},
            r"\[0\].Nam: there is no such",
        ),
    ],
)
def test_a_result_outside_of_the_model_is_reported(
    connect_mock: ConnectMock, connect_client: Any, function: Any, message: str
) -> None:
    connect_mock.fake("ListQuickConnects", function)
    with pytest.raises(FakeError, match=message):
        connect_client.list_quick_connects(InstanceId="i")
    with pytest.raises(AssertionError, match=message):
        connect_mock.assert_no_pending_faults()
    connect_mock.reset()


def test_an_operation_can_be_faked_in_one_or_all_services(
    connect_mock: ConnectMock, make_client: Any
) -> None:
    arn = "arn:aws:connect-campaigns:us-east-1:123456789012:campaign/c"
    connect_mock.fake("TagResource", lambda mock, parameters: None, service="connectcampaignsv2")
    make_client("connectcampaignsv2").tag_resource(arn=arn, tags={"a": "b"})
    client = make_client("connectcampaigns")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.tag_resource(arn=arn, tags={"a": "b"})
    connect_mock.fake("TagResource", lambda mock, parameters: None)
    client.tag_resource(arn=arn, tags={"a": "b"})


def test_members_are_looked_for_at_every_depth(connect_mock: ConnectMock, connect_client: Any) -> None:
    attribute = {"Name": "x", "Wrong": 1}
    connect_mock.fake(
        "DescribeContact", lambda mock, parameters: {"Contact": {"SegmentAttributes": {"a": attribute}}}
    )
    with pytest.raises(FakeError, match=r"Contact.SegmentAttributes.a.Name: there is no such member"):
        connect_client.describe_contact(InstanceId="i", ContactId="c")
    connect_mock.fake("DeleteQuickConnect", lambda mock, parameters: {"QuickConnectId": "q"})
    with pytest.raises(FakeError, match="QuickConnectId: there is no such member, there are none"):
        connect_client.delete_quick_connect(InstanceId="i", QuickConnectId="q")
    connect_mock.reset()


async def a_coroutine_function(mock: ConnectMock, parameters: Any) -> Any:
    return {}


@pytest.mark.parametrize("function", ["ListQuickConnects", a_coroutine_function])
def test_a_fake_is_a_plain_function(connect_mock: ConnectMock, function: Any) -> None:
    with pytest.raises(
        TypeError, match="A fake must be a plain function that takes the mock and the parameters"
    ):
        connect_mock.fake("ListQuickConnects", function)


def test_a_fake_is_for_an_operation_of_the_service(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match="'connect' has no PauseCampaign; it belongs to connectcampaigns"):
        connect_mock.fake("PauseCampaign", service="connect")
    with pytest.raises(ValueError, match="No operation of the mocked services"):
        connect_mock.fake("Nothing")


NESTED = {
    "a structure": ("DescribeContact", "Contact", lambda value: {"Contact": value}),
    "a structure in a list": (
        "ListQuickConnects",
        r"QuickConnectSummaryList\[1\]",
        lambda value: {"QuickConnectSummaryList": [{}, value]},
    ),
    "a structure in a structure": (
        "DescribeContact",
        "Contact.QueueInfo",
        lambda value: {"Contact": {"QueueInfo": value}},
    ),
    "a structure in a map": (
        "DescribeContact",
        "Contact.SegmentAttributes.a",
        lambda value: {"Contact": {"SegmentAttributes": {"a": value}}},
    ),
    "a map": ("DescribeContact", "Contact.Tags", lambda value: {"Contact": {"Tags": value}}),
}


@pytest.mark.parametrize(
    "value", ["text", "", None, [], ["Name"], [{}], 7, True, b"x", ("a",), {"a"}], ids=repr
)
@pytest.mark.parametrize("place", NESTED)
def test_something_else_than_an_object_is_told_with_its_path(
    connect_mock: ConnectMock, connect_client: Any, place: str, value: Any
) -> None:
    operation, path, result = NESTED[place]
    connect_mock.fake(operation, lambda mock, parameters: result(value))
    contact = {"ContactId": "c"} if operation == "DescribeContact" else {}
    call = getattr(connect_client, xform_name(operation))
    with pytest.raises(FakeError, match=f"{operation} .*: {path}: .* is not an object"):
        call(InstanceId="i", **contact)
    connect_mock.reset()


@pytest.mark.parametrize("value", ["text", None, {}, {"a": "b"}, 7, ("a",), {"a"}], ids=repr)
def test_something_else_than_a_list_is_told_with_its_path(
    connect_mock: ConnectMock, connect_client: Any, value: Any
) -> None:
    connect_mock.fake("ListQuickConnects", lambda mock, parameters: {"QuickConnectSummaryList": value})
    with pytest.raises(FakeError, match=r"QuickConnectSummaryList: .* is not a list"):
        connect_client.list_quick_connects(InstanceId="i")
    connect_mock.reset()
