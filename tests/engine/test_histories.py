"""Reset and restore begin another history: nothing of the one before is left over or goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from factories import AnItem, Put

from connect_batchmock import ConnectMock, UnfakedOperationError

ENDS = 60.0
"""The seconds after which a wait is a hang."""


def test_reset_forgets_fakes_and_passthrough(connect_mock: ConnectMock, connect_client: Any) -> None:
    connect_mock.fake("ListPrompts", lambda mock, parameters: {"PromptSummaryList": [{"Id": "x"}]})
    connect_mock.fake("ListInstances", lambda mock, parameters: {"InstanceSummaryList": [{"Id": "x"}]})
    connect_mock.passthrough("ListQueues")
    connect_mock.reset()
    with pytest.raises(UnfakedOperationError):
        connect_client.list_prompts(InstanceId="i")
    assert connect_client.list_instances()["InstanceSummaryList"] == []
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        connect_client.list_queues(InstanceId="i")
    connect_mock.reset()


def test_a_listener_that_resets_can_neither_restore_nor_snapshot(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    at_first = connect_mock.snapshot()
    refused = []

    @connect_mock.on_event
    def listen(event: Any) -> None:
        connect_mock.reset()
        for method in (connect_mock.snapshot, lambda: connect_mock.restore(at_first)):
            with pytest.raises(RuntimeError, match="called by a function that the mock is calling"):
                method()
            refused.append(method)

    put(an_item())
    assert len(refused) == 2
    assert connect_mock.instances == []
    connect_mock.restore(at_first)
    assert len(connect_mock.instances) == 1


def test_a_when_cannot_reset(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    def when(item: Any) -> bool:
        with pytest.raises(RuntimeError, match=r"connect_mock\.reset was called by a function that the mock"):
            connect_mock.reset()
        return False

    connect_mock.reject_contacts("INTERNAL_ERROR", when=when)
    (created,) = put(an_item())["SuccessfulRequestList"]
    assert connect_mock.contacts.one().id == created["ContactId"]
    connect_mock.reset()


@pytest.mark.parametrize("way", ["restore", "reset"])
def test_listeners_get_no_events_from_before_a_reset(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, way: str
) -> None:
    at_first = connect_mock.snapshot()
    received: list[str] = []

    def go_back(event: Any) -> None:
        with ThreadPoolExecutor(1) as threads:
            going_back = (connect_mock.restore, at_first) if way == "restore" else (connect_mock.reset,)
            threads.submit(*going_back).result(ENDS)

    connect_mock.on_event(go_back)
    connect_mock.on_event(lambda event: received.append(event["detail"]["eventType"]))
    put(an_item(), an_item())
    assert received == []
    assert connect_mock.events == []
