"""The scenarios against the mock itself: each holds, and leaves nothing behind wherever it is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from connect_batchmock import ConnectMock, Instance
from connect_batchmock.verification.catalog import SCENARIOS
from connect_batchmock.verification.scenario import Scenario, try_scenario
from connect_batchmock.verification.scenarios.resources import create_queue, entries
from connect_batchmock.verification.story import Clients, Story

WRITING = [scenario for scenario in SCENARIOS.values() if scenario.kind == "writes"]
READING_OPERATIONS = ("Describe", "Get", "List", "Search")


def resources(clients: Clients, instance_id: str) -> dict[str, list[str]]:
    """Return the names of what scenarios can create."""
    connect = clients.connect
    lists: dict[str, Any] = {
        "queues": (connect.list_queues, "QueueSummaryList"),
        "hours": (connect.list_hours_of_operations, "HoursOfOperationSummaryList"),
        "flows": (connect.list_contact_flows, "ContactFlowSummaryList"),
    }
    names = {
        kind: [entry["Name"] for entry in entries(function, member, InstanceId=instance_id)]
        for kind, (function, member) in lists.items()
    }
    campaigns = entries(clients.campaigns_v2.list_campaigns, "campaignSummaryList")
    return {**names, "campaigns": [campaign["name"] for campaign in campaigns]}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_holds_and_leaves_nothing(
    scenario: Scenario, clients: Clients, connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    before = resources(clients, connect_instance.id)
    calls_before = len(connect_mock.calls)
    left: list[str] = []

    result = try_scenario(scenario, clients, connect_instance.id, left)

    assert (result.verdict, result.reason, result.differences, left) == ("holds", "", [], [])
    assert result.expected, "a scenario that compares nothing shows nothing"
    assert resources(clients, connect_instance.id) == before
    operations = {call.operation for call in connect_mock.calls[calls_before:]}
    assert not operations & {
        "CreateInstance",
        "StartCampaign",
        "StartOutboundVoiceContact",
        "BatchPutContact",
    }
    assert not connect_mock.contacts


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_that_reads_only_reads(
    scenario: Scenario, clients: Clients, connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    try_scenario(scenario, clients, connect_instance.id, [])
    operations = {call.operation for call in connect_mock.calls}
    reading = {operation for operation in operations if operation.startswith(READING_OPERATIONS)}
    assert (operations == reading) is (scenario.kind == "reads")


@contextmanager
def interrupted(clients: Clients, event: str, number: int) -> Iterator[Callable[[], bool]]:
    """Interrupt the API call of a number, from 0; yield a function that says whether that happened."""
    remaining = iter(range(number, -2, -1))
    happened = False

    def interrupt(**_: Any) -> None:
        nonlocal happened
        if next(remaining, -1) == 0:
            happened = True
            raise KeyboardInterrupt

    all_clients = (clients.connect, clients.campaigns_v1, clients.campaigns_v2)
    for client in all_clients:
        client.meta.events.register(event, interrupt)
    try:
        yield lambda: happened
    finally:
        for client in all_clients:
            client.meta.events.unregister(event, interrupt)


@pytest.mark.parametrize("scenario", WRITING, ids=[scenario.id for scenario in WRITING])
@pytest.mark.parametrize("event", ["before-call", "after-call"])
def test_an_interrupt_at_any_step_leaves_nothing(
    event: str, scenario: Scenario, clients: Clients, connect_instance: Instance
) -> None:
    before = resources(clients, connect_instance.id)
    number, was_interrupted = 0, True
    while was_interrupted:
        left: list[str] = []
        with interrupted(clients, event, number) as has_happened:
            try:
                try_scenario(scenario, clients, connect_instance.id, left)
            except KeyboardInterrupt:
                assert has_happened()
            else:
                assert not has_happened()
            was_interrupted = has_happened()
        assert left == []
        number += 1
    assert number > 1
    # What an interrupt at any of the steps had left would still exist.
    assert resources(clients, connect_instance.id) == before


def test_a_second_interrupt_names_what_is_left(clients: Clients, connect_instance: Instance) -> None:
    story = Story(clients, connect_instance.id)
    create_queue(story)
    create_queue(story)
    left: list[str] = []

    def interrupt(**_: Any) -> None:
        raise KeyboardInterrupt

    events = clients.connect.meta.events
    events.register("before-call.connect.DeleteQueue", interrupt)
    with pytest.raises(KeyboardInterrupt):
        story.clean_up(left)
    events.unregister("before-call.connect.DeleteQueue", interrupt)
    assert left == [f"queue {name!r}: interrupted" for name in reversed(story.names)]


def test_a_resource_that_cannot_be_deleted_is_named(
    clients: Clients, connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    story = Story(clients, connect_instance.id)
    create_queue(story)
    connect_mock.fail("DeleteQueue", "AccessDeniedException")
    left: list[str] = []
    story.clean_up(left)
    assert [line.partition(": ")[0] for line in left] == [f"queue {story.names[0]!r}"]


def test_a_lost_response_leaves_nothing(
    clients: Clients, connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    before = resources(clients, connect_instance.id)
    # CreateQueue has no token: each retry fails, because the first attempt has created the queue.
    connect_mock.lose_response("CreateQueue", times=1)
    story = Story(clients, connect_instance.id)
    with pytest.raises((ClientError, ReadTimeoutError)):
        create_queue(story)
    story.clean_up([])
    assert resources(clients, connect_instance.id) == before
