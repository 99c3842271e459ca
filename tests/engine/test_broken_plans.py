"""A plan that breaks says so, whatever it is, and the call that it broke is among the calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance
from connect_batchmock.engine.faults import PlanError
from connect_batchmock.services.custom import FakeError

pytestmark = pytest.mark.connect_mock(strict=False)


class Broken:
    """A matcher that raises."""

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError("a matcher of the test")

    __hash__ = None  # type: ignore[assignment]  # it is compared and never looked up


def raising(*args: Any) -> Any:
    raise ZeroDivisionError("a function of the test")


WHENS = pytest.mark.parametrize(
    "when", [raising, {"RequestIdentifier": Broken()}], ids=["function", "matcher"]
)


@WHENS
def test_a_when_that_raises_leaves_its_call(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, when: Any
) -> None:
    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    with pytest.raises(
        PlanError, match=r"when= of connect_mock\.reject_contacts.* raised ZeroDiv.* of the te"
    ):
        put(an_item(RequestIdentifier="a"))
    call = connect_mock.calls.one(operation="BatchPutContact", error="PlanError")
    assert call.result is None
    assert "1. BatchPutContact in us-east-1, +0.0 s: PlanError: when= of" in connect_mock.describe_calls()
    with pytest.raises(AssertionError, match="raised ZeroDivisionError"):
        connect_mock.assert_no_pending_faults()


def test_a_raising_matcher_records_the_internal_call(
    connect_mock: ConnectMock, connect_campaign: Campaign, connectcampaigns_client: Any
) -> None:
    connect_campaign.start()
    connect_mock.reject_contacts("INTERNAL_ERROR", when=raising)
    request = {
        "clientToken": "token",
        "phoneNumber": "+15555550100",
        "expirationTime": connect_mock.now() + timedelta(minutes=10),
        "attributes": {},
    }
    with pytest.raises(PlanError):
        connectcampaigns_client.put_dial_request_batch(id=connect_campaign.id, dialRequests=[request])
    assert [(call.operation, call.internal, call.error) for call in connect_mock.calls] == [
        ("BatchPutContact", True, "PlanError"),
        ("PutDialRequestBatch", False, "PlanError"),
    ]


@pytest.mark.parametrize(
    ("function", "error_class"),
    [
        (raising, FakeError),
        (lambda mock, parameters: [], FakeError),
        (lambda mock, parameters: pytest.fail("It is called."), pytest.fail.Exception),
    ],
    ids=["raises", "returns a list", "fails"],
)
def test_a_fake_that_breaks_leaves_its_call(
    connect_mock: ConnectMock, connect_client: Any, function: Any, error_class: Any
) -> None:
    connect_mock.fake("ListPrompts", function)
    connect_mock.lose_response("ListPrompts")
    with pytest.raises(error_class) as caught:
        connect_client.list_prompts(InstanceId="i")
    call = connect_mock.calls.one(operation="ListPrompts", parameters={"InstanceId": "i"})
    assert (call.error, call.message) == (error_class.__name__, str(caught.value))
    assert call.faults == ()


@pytest.mark.parametrize("before", [True, False], ids=["before it", "by it"])
def test_a_policy_that_raises_leaves_the_call_that_met_it(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_campaign: Campaign,
    connect_client: Any,
    put: Put,
    an_item: AnItem,
    before: bool,
) -> None:
    assert connect_campaign.queue is not None
    connect_campaign.queue.add_agents(1)
    connect_mock.on_dial(raising)
    if before:
        connect_campaign.start()
        connect_campaign.pause()
        put(an_item())
        connect_campaign.resume()
    with pytest.raises(PlanError, match="on_dial raised ZeroDivisionError"):
        connect_client.list_queues(InstanceId=connect_instance.id) if before else put(an_item())
    operations = ["BatchPutContact", "ListQueues"] if before else ["BatchPutContact"]
    assert [(call.operation, call.error) for call in connect_mock.calls] == [
        (operation, None) for operation in operations
    ]
    assert connect_mock.contacts.one().disconnect_reason == "OUTBOUND_ATTEMPT_FAILED"
