"""Items that come back failed on purpose, beside those that the state itself refuses."""

from __future__ import annotations

from typing import Any

import pytest
from factories import AnItem, Put

from connect_batchmock import ConnectMock, Queue
from connect_batchmock.engine.faults import PlanError
from connect_batchmock.protocol.model import operation_model

ANSWER = operation_model("connect", "BatchPutContact").output_shape
REASONS = ANSWER.members["FailedRequestList"].member.members["FailureReasonCode"].enum


def reasons(answer: dict[str, Any]) -> dict[str, str]:
    return {
        failed["RequestIdentifier"]: failed["FailureReasonCode"] for failed in answer["FailedRequestList"]
    }


def identifiers(answer: dict[str, Any]) -> list[str]:
    return [created["RequestIdentifier"] for created in answer["SuccessfulRequestList"]]


@pytest.fixture
def items(an_item: AnItem) -> list[dict[str, Any]]:
    return [an_item(RequestIdentifier=name, Attributes={"lead": name}) for name in ("a", "b", "c")]


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_the_model_can_be_given(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, reason: str
) -> None:
    connect_mock.reject_contacts(reason, message="As planned.")
    failed = put(an_item(RequestIdentifier="a"))["FailedRequestList"]
    assert failed == [
        {"RequestIdentifier": "a", "FailureReasonCode": reason, "FailureReasonMessage": "As planned."}
    ]
    assert connect_mock.failed_requests.one(reason=reason).message == "As planned."
    connect_mock.assert_no_contacts()


def test_the_rest_of_the_batch_is_created(connect_mock: ConnectMock, put: Put, items: Any) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"RequestIdentifier": "b"})
    answer = put(*items)
    assert (identifiers(answer), reasons(answer)) == (["a", "c"], {"b": "REQUEST_THROTTLED"})
    connect_mock.assert_contact_count(2)


def test_a_subset_may_reach_into_the_item(connect_mock: ConnectMock, put: Put, items: Any) -> None:
    connect_mock.reject_contacts("INTERNAL_ERROR", when={"Attributes": {"lead": "c"}})
    assert reasons(put(*items)) == {"c": "INTERNAL_ERROR"}


def test_a_function_of_the_item_decides_and_changes_nothing(
    connect_mock: ConnectMock, put: Put, items: Any
) -> None:
    def when(item: Any) -> bool:
        return bool(item["Attributes"].pop("lead") != "a")

    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    assert reasons(put(*items)) == {"b": "INTERNAL_ERROR", "c": "INTERNAL_ERROR"}
    assert connect_mock.contacts.one().attributes == {"lead": "a"}


def test_it_happens_as_often_as_it_was_planned(connect_mock: ConnectMock, put: Put, items: Any) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=2)
    assert reasons(put(*items)) == dict.fromkeys("ab", "REQUEST_THROTTLED")
    assert identifiers(put(*items)) == ["a", "b", "c"]


def test_plans_follow_one_another(connect_mock: ConnectMock, put: Put, items: Any) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=1)
    connect_mock.reject_contacts("INTERNAL_ERROR", when={"RequestIdentifier": "c"})
    assert reasons(put(*items)) == {"a": "REQUEST_THROTTLED", "c": "INTERNAL_ERROR"}


def test_an_invalid_item_does_not_use_up_a_rejection(
    connect_mock: ConnectMock, connect_queue: Queue, put: Put, items: Any
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=1)
    items[0]["QueueId"] = "unknown"
    assert reasons(put(*items)) == {"a": "INVALID_QUEUE", "b": "REQUEST_THROTTLED"}


def test_an_item_that_comes_twice_in_a_batch_is_rejected_once(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=1)
    answer = put(an_item(RequestIdentifier="a"), an_item(RequestIdentifier="a"))
    assert [failed["FailureReasonCode"] for failed in answer["FailedRequestList"]] == [
        "REQUEST_THROTTLED"
    ] * 2


def test_a_replay_is_not_rejected_anew(connect_mock: ConnectMock, put: Put, items: Any) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=1)
    first = put(*items, ClientToken="token")
    second = put(*items, ClientToken="token")
    assert reasons(first) == reasons(second) == {"a": "REQUEST_THROTTLED"}


def test_nothing_is_done_when_the_function_raises(connect_mock: ConnectMock, put: Put, items: Any) -> None:
    def when(item: Any) -> bool:
        return bool(item["RequestIdentifier"] == "a" or item["Name"])

    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    with pytest.raises(PlanError, match="raised KeyError: 'Name'"):
        put(*items)
    connect_mock.assert_no_contacts()
    assert not connect_mock.failed_requests
    connect_mock.assert_no_unresolved_failures()
    with pytest.raises(AssertionError, match="raised KeyError: 'Name'"):
        connect_mock.assert_no_pending_faults()
    connect_mock.reset()


async def a_coroutine_function(item: Any) -> bool:
    return True


@pytest.mark.parametrize(
    ("reason", "options", "error_class", "message"),
    [
        (
            "THROTTLED",
            {},
            ValueError,
            "'THROTTLED' is not a FailureReasonCode; the values are .*REQUEST_THROTTLED",
        ),
        (
            "INTERNAL_ERROR",
            {"when": {"RequestId": "a"}},
            ValueError,
            "no member 'RequestId'.*RequestIdentifier",
        ),
        ("INTERNAL_ERROR", {"when": "a"}, TypeError, "or a plain function of the item, not 'a'"),
        ("INTERNAL_ERROR", {"when": a_coroutine_function}, TypeError, "a plain function of the item"),
        ("INTERNAL_ERROR", {"times": 0}, ValueError, "from 1 on"),
        ("INTERNAL_ERROR", {"message": 3}, TypeError, "takes a text, not 3"),
    ],
)
def test_an_invalid_fault_is_refused_when_it_is_planned(
    connect_mock: ConnectMock, reason: str, options: Any, error_class: Any, message: str
) -> None:
    with pytest.raises(error_class, match=message):
        connect_mock.reject_contacts(reason, **options)
    connect_mock.assert_no_pending_faults()
