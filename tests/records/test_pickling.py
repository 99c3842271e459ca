"""Records are pickled as plain data; handles and mocks explain why they are not."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from factories import AnItem, Put, item_for

from connect_batchmock import Campaign, ConnectMock
from connect_batchmock.records.events import Events

PLAIN = ["events", "contact_records", "calls", "failed_requests"]


def dialed(mock: ConnectMock) -> ConnectMock:
    """Make calls, contacts, events and failed requests in a mock."""
    instance = mock.add_instance()
    queue = instance.add_queue()
    campaign = instance.add_campaign(queue=queue)
    queue.add_agents(1)
    item = item_for(queue, campaign)
    items = [item, {**item, "RequestIdentifier": "no queue", "QueueId": "q"}]
    mock.client().batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)
    mock.advance(100)
    return mock


def read_in_a_process(names: Sequence[str]) -> list[Any]:
    mock = dialed(ConnectMock())
    return [getattr(mock, name) for name in names]


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("protocol", [0, pickle.HIGHEST_PROTOCOL])
def test_records_are_equal_once_they_are_pickled(connect_mock: ConnectMock, name: str, protocol: int) -> None:
    records = getattr(dialed(connect_mock), name)
    pickled = pickle.loads(pickle.dumps(records, protocol))
    assert len(pickled) > 0
    assert pickled == records
    assert pickled == list(records)


def test_records_come_out_of_another_process() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        events, contact_records, calls, failed_requests = processes.submit(read_in_a_process, PLAIN).result(
            60
        )
    assert [event["detail"]["eventType"] for event in events][-1] == "COMPLETED"
    assert len(contact_records) == 1
    assert calls.one(operation="BatchPutContact").error is None
    assert failed_requests.one(reason="INVALID_QUEUE").request_identifier == "no queue"


@pytest.mark.parametrize("name", PLAIN)
def test_records_in_any_order_are_pickled_too(connect_mock: ConnectMock, name: str) -> None:
    records = getattr(dialed(connect_mock), name)
    pickled = pickle.loads(pickle.dumps(records.in_any_order()))
    assert pickled == list(reversed(records))


@pytest.mark.parametrize("name", [*PLAIN, "contacts"])
def test_a_copy_of_records_is_the_same(connect_mock: ConnectMock, name: str) -> None:
    records = getattr(dialed(connect_mock), name)
    assert copy.copy(records) is records
    assert copy.deepcopy({"records": records})["records"] is records


def test_contacts_say_why_they_are_not_pickled(connect_mock: ConnectMock) -> None:
    with pytest.raises(TypeError, match="belongs to its mock and cannot be pickled: pass"):
        pickle.dumps(dialed(connect_mock).contacts)


@pytest.mark.parametrize("leave", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_mock_says_why_it_stays(connect_mock: ConnectMock, leave: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"cannot be copied or pickled, .* with connect_mock\.serve\(\)"):
        leave(connect_mock)


def test_events_of_a_deleted_campaign_are_pickled(
    connect_mock: ConnectMock, connect_campaign: Campaign, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    connect_campaign.delete()
    events = connect_mock.events
    assert isinstance(events, Events)
    assert pickle.loads(pickle.dumps(events)) == events
