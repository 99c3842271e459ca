"""GetCurrentMetricData: the activity of agents, and the contacts that wait for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from factories import START, UNKNOWN, AnItem, Put

from connect_batchmock import ConnectMock, Instance, Queue, outcomes
from connect_batchmock.protocol.model import service_model

pytestmark = pytest.mark.usefixtures("frozen_time")

NAMES = tuple(service_model("connect").shape_for("CurrentMetricName").enum)
# Both came after the oldest botocore that is supported.
ESTIMATED_WAIT_TIME = {"ESTIMATED_WAIT_TIME"} & set(NAMES)
HAS_METRIC_ID = "MetricId" in service_model("connect").shape_for("CurrentMetric").members

Measure = Callable[..., dict[str, Any]]


@pytest.fixture
def measure(connect_client: Any, connect_instance: Instance, connect_queue: Queue) -> Measure:
    """Get metrics of the queue; a keyword adds or replaces a parameter."""

    def call(*names: str, **parameters: Any) -> dict[str, Any]:
        wanted = {
            "InstanceId": connect_instance.id,
            "Filters": {"Queues": [connect_queue.id]},
            "CurrentMetrics": [{"Name": name} for name in names],
            **parameters,
        }
        answer: dict[str, Any] = connect_client.get_current_metric_data(**wanted)
        return answer

    return call


def values(result: dict[str, Any]) -> dict[str, float]:
    return {
        collection["Metric"]["Name"]: collection["Value"]
        for collection in result["Collections"]
        if "Value" in collection
    }


@pytest.fixture
def busy_queue(connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem) -> None:
    """A queue after forty seconds: one agent talks, one works on a contact, and one contact waits."""
    connect_queue.add_agents(2)
    connect_mock.on_dial(
        [
            outcomes.answered(talk=600),
            outcomes.answered(talk=10, after_contact_work=600),
        ]
    )
    put(an_item(), an_item())
    connect_mock.advance(10)
    put(an_item())
    connect_mock.advance(30)


def test_agents_are_counted_by_activity_and_contacts_by_queue(busy_queue: None, measure: Measure) -> None:
    answer = measure(*NAMES)

    (result,) = answer["MetricResults"]
    assert "Dimensions" not in result
    assert values(result) == {
        "AGENTS_ONLINE": 2,
        "AGENTS_STAFFED": 2,
        "AGENTS_AVAILABLE": 0,
        "AGENTS_ON_CALL": 1,
        "AGENTS_ON_CONTACT": 1,
        "AGENTS_AFTER_CONTACT_WORK": 1,
        "AGENTS_NON_PRODUCTIVE": 0,
        "AGENTS_ERROR": 0,
        "CONTACTS_IN_QUEUE": 1,
        "CONTACTS_SCHEDULED": 0,
        # Without groupings these are milliseconds, though the unit is seconds.
        "OLDEST_CONTACT_AGE": 30_000,
        "SLOTS_ACTIVE": 2,
        "SLOTS_AVAILABLE": 0,
    }
    assert [collection["Metric"]["Name"] for collection in result["Collections"]] == list(NAMES)
    in_seconds = {
        collection["Metric"]["Name"]
        for collection in result["Collections"]
        if collection["Metric"]["Unit"] == "SECONDS"
    }
    assert in_seconds == {"OLDEST_CONTACT_AGE"} | ESTIMATED_WAIT_TIME
    assert answer["DataSnapshotTime"] == START + timedelta(seconds=40)
    assert answer["ApproximateTotalCount"] == 1
    assert "NextToken" not in answer


def test_an_agent_who_is_free_is_available(
    connect_mock: ConnectMock, connect_queue: Queue, busy_queue: None, measure: Measure
) -> None:
    connect_queue.add_agents(2)
    connect_mock.advance(0)

    (result,) = measure("AGENTS_AVAILABLE", "SLOTS_AVAILABLE", "AGENTS_ON_CALL")["MetricResults"]
    assert values(result) == {"AGENTS_AVAILABLE": 1, "SLOTS_AVAILABLE": 1, "AGENTS_ON_CALL": 2}


def test_a_queue_without_data_has_no_metrics(
    connect_instance: Instance, connect_queue: Queue, measure: Measure
) -> None:
    filters = {"Queues": [connect_queue.id, UNKNOWN]}
    assert measure("AGENTS_ONLINE", Filters=filters)["MetricResults"] == []
    assert measure("AGENTS_ONLINE", Filters=filters, Groupings=["QUEUE"])["MetricResults"] == []

    staffed = connect_instance.add_queue()
    staffed.add_agents(1)
    filters["Queues"].append(staffed.id)
    (result,) = measure("AGENTS_ONLINE", Filters=filters, Groupings=["QUEUE"])["MetricResults"]
    assert result["Dimensions"]["Queue"]["Id"] == staffed.id


def test_a_queue_with_agents_alone_has_zero_contacts(connect_queue: Queue, measure: Measure) -> None:
    connect_queue.add_agents(1)
    (result,) = measure("AGENTS_ONLINE", "CONTACTS_IN_QUEUE", "OLDEST_CONTACT_AGE")["MetricResults"]
    assert values(result) == {"AGENTS_ONLINE": 1, "CONTACTS_IN_QUEUE": 0, "OLDEST_CONTACT_AGE": 0}


def test_with_groupings_the_oldest_age_is_in_seconds(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    measure: Measure,
) -> None:
    connect_client.start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        ContactFlowId="flow",
        DestinationPhoneNumber="+15555550100",
        QueueId=connect_queue.id,
    )
    connect_mock.advance(20.5)

    (result,) = measure("OLDEST_CONTACT_AGE", Groupings=["QUEUE"])["MetricResults"]
    assert values(result) == {"OLDEST_CONTACT_AGE": 15.5}


# Filters and groupings


@pytest.fixture
def other_queue(connect_instance: Instance) -> Queue:
    """Another queue, with more agents than the first."""
    queue = connect_instance.add_queue()
    queue.add_agents(3)
    return queue


def test_several_queues_are_counted_together(
    connect_queue: Queue, other_queue: Queue, busy_queue: None, measure: Measure
) -> None:
    queues = [connect_queue.id, other_queue.arn, connect_queue.arn]
    (result,) = measure("AGENTS_ONLINE", "CONTACTS_IN_QUEUE", Filters={"Queues": queues})["MetricResults"]
    assert values(result) == {"AGENTS_ONLINE": 5, "CONTACTS_IN_QUEUE": 1}


@pytest.mark.parametrize(
    ("groupings", "dimensions"),
    [
        (["QUEUE"], [{"Queue"}, {"Queue"}]),
        (["QUEUE", "CHANNEL"], [{"Queue", "Channel"}, {"Queue", "Channel"}]),
        (["CHANNEL"], [{"Channel"}]),
    ],
)
def test_groupings_give_each_result_its_dimensions(
    connect_queue: Queue,
    other_queue: Queue,
    measure: Measure,
    groupings: list[str],
    dimensions: list[set[str]],
) -> None:
    connect_queue.add_agents(1)
    filters = {"Queues": [connect_queue.id, other_queue.id], "Channels": ["VOICE", "CHAT"]}
    results = measure("AGENTS_ONLINE", Filters=filters, Groupings=groupings)["MetricResults"]

    assert [set(result["Dimensions"]) for result in results] == dimensions
    assert all(result["Dimensions"].get("Channel", "VOICE") == "VOICE" for result in results)
    if "QUEUE" in groupings:
        queues = [result["Dimensions"]["Queue"] for result in results]
        assert queues == [{"Id": one.id, "Arn": one.arn} for one in (other_queue, connect_queue)]
        assert [values(result)["AGENTS_ONLINE"] for result in results] == [3, 1]
    else:
        assert values(results[0]) == {"AGENTS_ONLINE": 4}


def test_in_other_channels_there_is_nothing_to_count(connect_queue: Queue, measure: Measure) -> None:
    filters = {"Queues": [connect_queue.id], "Channels": ["CHAT", "TASK"]}
    answer = measure("AGENTS_ONLINE", Filters=filters)
    assert (answer["MetricResults"], answer["ApproximateTotalCount"]) == ([], 0)


@pytest.mark.parametrize(
    ("sort", "is_other_first"),
    [
        ([], True),
        ([{}], True),
        ([{"SortOrder": "ASCENDING"}], False),
        ([{"SortByMetric": "CONTACTS_IN_QUEUE"}], False),
        ([{"SortByMetric": "CONTACTS_IN_QUEUE", "SortOrder": "ASCENDING"}], True),
        ([{"SortByMetric": "AGENTS_ERROR"}], False),
        *(([{"SortByMetric": name}], False) for name in ESTIMATED_WAIT_TIME),
    ],
)
def test_results_come_in_the_order_that_is_asked_for(
    connect_queue: Queue,
    other_queue: Queue,
    busy_queue: None,
    measure: Measure,
    sort: list[dict[str, str]],
    is_other_first: bool,
) -> None:
    results = measure(
        "AGENTS_ONLINE",
        Filters={"Queues": [connect_queue.id, other_queue.id]},
        Groupings=["QUEUE"],
        SortCriteria=sort,
    )["MetricResults"]
    assert (results[0]["Dimensions"]["Queue"]["Id"] == other_queue.id) is is_other_first


def test_results_come_page_by_page(connect_queue: Queue, other_queue: Queue, measure: Measure) -> None:
    connect_queue.add_agents(1)
    parameters = {"Filters": {"Queues": [connect_queue.id, other_queue.id]}, "Groupings": ["QUEUE"]}
    first = measure("AGENTS_ONLINE", **parameters, MaxResults=1)
    second = measure("AGENTS_ONLINE", **parameters, MaxResults=1, NextToken=first["NextToken"])

    told = [
        result["Dimensions"]["Queue"]["Id"] for page in (first, second) for result in page["MetricResults"]
    ]
    assert told == [other_queue.id, connect_queue.id]
    assert (first["ApproximateTotalCount"], second["ApproximateTotalCount"]) == (2, 2)
    assert "NextToken" not in second


# Refusals


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Filters": {}}, "Filters has no Queues; give the id or ARN of at least one queue."),
        ({"Filters": {"Channels": ["VOICE"]}}, "Filters has no Queues"),
        ({"Filters": {"RoutingProfiles": ["p"]}}, "The mock has no metrics by RoutingProfiles; use the"),
        (
            {"Groupings": ["QUEUE", "ROUTING_PROFILE"]},
            "The mock has no metrics by ROUTING_PROFILE; use the",
        ),
        (
            {"SortCriteria": [{"SortByMetric": "SLOTS_ACTIVE"}]},
            "SortCriteria cannot sort by SLOTS_ACTIVE; it can",
        ),
        (
            {"SortCriteria": [{"SortByMetric": "SLOTS_AVAILABLE"}]},
            "SortCriteria cannot sort by SLOTS_AVAILABLE",
        ),
        (
            {"CurrentMetrics": [{"Name": "AGENTS_ONLINE", "Unit": "SECONDS"}]},
            "The metric AGENTS_ONLINE has the unit COUNT, not SECONDS.",
        ),
        (
            {"CurrentMetrics": [{"Unit": "COUNT"}]},
            "GetCurrentMetricData has no metric ''; use one of AGENTS_ONLINE, ",
        ),
    ],
)
def test_what_nothing_can_be_told_about_is_refused(
    connect_client: Any, measure: Measure, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException) as caught:
        measure("AGENTS_ONLINE", **parameters)
    assert message in caught.value.response["Error"]["Message"]


@pytest.mark.skipif(not HAS_METRIC_ID, reason="the installed botocore has no MetricId")
def test_a_metric_goes_by_its_name(connect_client: Any, measure: Measure) -> None:
    with pytest.raises(
        connect_client.exceptions.InvalidParameterException, match="GetCurrentMetricData has no metric"
    ):
        measure(CurrentMetrics=[{"MetricId": UNKNOWN}])


def test_a_unit_can_be_given(connect_queue: Queue, measure: Measure) -> None:
    connect_queue.add_agents(1)
    metrics = [
        {"Name": "AGENTS_ONLINE", "Unit": "COUNT"},
        {"Name": "OLDEST_CONTACT_AGE", "Unit": "SECONDS"},
    ]
    (result,) = measure(CurrentMetrics=metrics)["MetricResults"]
    assert [collection["Metric"] for collection in result["Collections"]] == metrics


def test_a_queue_of_another_instance_has_no_metrics(
    connect_mock: ConnectMock, connect_queue: Queue, measure: Measure
) -> None:
    connect_queue.add_agents(1)
    assert measure("AGENTS_ONLINE", InstanceId=connect_mock.add_instance().id)["MetricResults"] == []


def test_an_unknown_instance_is_not_found(connect_client: Any, measure: Measure) -> None:
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        measure("AGENTS_ONLINE", InstanceId=UNKNOWN)
