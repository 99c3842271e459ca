"""Faults and failed items are recorded with the attempt that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance
from connect_batchmock.engine.faults import PlanError

REQUESTS = "connect_mock.reject_requests('UnknownError', when={'attributes': {'lead': '1'}}, times=None)"
CONTACTS = "connect_mock.reject_contacts('REQUEST_THROTTLED', when={'Attributes': {'lead': '2'}}, times=1)"


@pytest.fixture
def ask(
    connect_mock: ConnectMock, connect_campaign: Campaign, connectcampaigns_client: Any
) -> Callable[[int], Any]:
    """Send dial requests for a number of customers to ``connect_campaign``, which is running."""
    connect_campaign.start()

    def put(count: int) -> Any:
        requests = [
            {
                "clientToken": f"token-{number}",
                "phoneNumber": f"+1555{number:07}",
                "expirationTime": connect_mock.now() + timedelta(minutes=10),
                "attributes": {"lead": str(number)},
            }
            for number in range(count)
        ]
        return connectcampaigns_client.put_dial_request_batch(id=connect_campaign.id, dialRequests=requests)

    return put


def met(mock: ConnectMock) -> list[tuple[str, bool, tuple[str, ...]]]:
    return [(call.operation, call.internal, call.faults) for call in mock.calls]


def test_a_rejected_request_belongs_to_its_call(connect_mock: ConnectMock, ask: Callable[[int], Any]) -> None:
    connect_mock.reject_requests("UnknownError", when={"attributes": {"lead": "1"}})
    ask(3)
    assert met(connect_mock) == [
        ("BatchPutContact", True, ()),
        ("PutDialRequestBatch", False, (REQUESTS,)),
    ]
    assert [failed.call_number for failed in connect_mock.failed_requests] == [2]


def test_a_rejected_contact_belongs_to_the_internal_call(
    connect_mock: ConnectMock, ask: Callable[[int], Any]
) -> None:
    connect_mock.reject_requests("UnknownError", when={"attributes": {"lead": "1"}})
    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"Attributes": {"lead": "2"}}, times=1)
    ask(3)
    connect_mock.advance(1)
    assert met(connect_mock) == [
        ("BatchPutContact", True, (CONTACTS,)),
        ("PutDialRequestBatch", False, (REQUESTS,)),
        ("BatchPutContact", True, ()),
    ]
    failures = [(failed.operation, failed.call_number) for failed in connect_mock.failed_requests]
    assert failures == [("BatchPutContact", 1), ("PutDialRequestBatch", 2)]


def test_an_internal_retry_meets_its_own_faults(
    connect_mock: ConnectMock, connect_client: Any, ask: Callable[[int], Any]
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=1)
    ask(1)
    connect_mock.reject_contacts("INTERNAL_ERROR", times=1)
    connect_mock._engine.simulation.advanced += timedelta(seconds=1)
    connect_client.list_instances()
    assert [(call.operation, len(call.faults)) for call in connect_mock.calls] == [
        ("BatchPutContact", 1),
        ("PutDialRequestBatch", 0),
        ("BatchPutContact", 1),
        ("ListInstances", 0),
    ]


def test_a_call_within_a_call_has_faults_of_its_own(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    def when(item: Any) -> bool:
        connect_client.list_queues(InstanceId=connect_instance.id)
        return False

    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"RequestIdentifier": "a"})
    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    put(an_item(RequestIdentifier="a"), an_item())
    assert [(call.operation, len(call.faults)) for call in connect_mock.calls] == [
        ("ListQueues", 0),
        ("BatchPutContact", 1),
    ]
    connect_mock.reset()


def test_a_listener_s_call_has_faults_of_its_own(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"RequestIdentifier": "a"})
    connect_mock.reject_contacts("INTERNAL_ERROR", when={"RequestIdentifier": "b"})

    @connect_mock.on_event
    def listen(event: Any) -> None:
        put(an_item(RequestIdentifier="b"))

    put(an_item(RequestIdentifier="a"), an_item())
    assert [[plan[29:] for plan in call.faults] for call in connect_mock.calls] == [
        ["'REQUEST_THROTTLED', when={'RequestIdentifier': 'a'}, times=None)"],
        ["'INTERNAL_ERROR', when={'RequestIdentifier': 'b'}, times=None)"],
    ]


@pytest.mark.connect_mock(strict=False)
def test_faults_of_an_attempt_that_raised_are_its_own(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"RequestIdentifier": "a"})
    connect_mock.reject_contacts("INTERNAL_ERROR", when=lambda item: item["Attributes"])
    with pytest.raises(PlanError):
        put(an_item(RequestIdentifier="a"), an_item())
    put(an_item(RequestIdentifier="a"))
    assert [len(call.faults) for call in connect_mock.calls] == [1, 1]
    assert [failed.call_number for failed in connect_mock.failed_requests] == [2]


def test_calls_of_many_threads_have_faults_of_their_own(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.reject_contacts("INTERNAL_ERROR", when={"RequestIdentifier": "odd"})
    items = [an_item(RequestIdentifier=name) for name in ("odd", "even")] * 20
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(put, items))
    calls = [
        (call.parameters["ContactDataRequestList"][0]["RequestIdentifier"], len(call.faults))
        for call in connect_mock.calls
    ]
    assert sorted(calls) == [("even", 0)] * 20 + [("odd", 1)] * 20
    for failed in connect_mock.failed_requests:
        call = connect_mock.calls[failed.call_number - 1]
        assert call.parameters["ContactDataRequestList"] == [failed.item]
