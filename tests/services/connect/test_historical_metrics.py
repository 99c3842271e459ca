"""GetMetricDataV2: the numbers of a campaign, each computed by hand for a small story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from factories import START, UNKNOWN, item_for

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, outcomes
from connect_batchmock.protocol.model import service_model

pytestmark = pytest.mark.usefixtures("frozen_time")

Measure = Callable[..., list[dict[str, Any]]]
PutFor = Callable[..., list[str]]

ABANDONED = "CAMPAIGN_CONTACTS_ABANDONED_AFTER_X"
RATE = "CAMPAIGN_CONTACTS_ABANDONED_AFTER_X_RATE"
WAIT = "AVG_WAIT_TIME_AFTER_CUSTOMER_CONNECTION"


def after(seconds: float) -> dict[str, Any]:
    return {"Threshold": [{"Comparison": "GT", "ThresholdValue": seconds}]}


def by(key: str, *values: str) -> dict[str, Any]:
    return {"FilterKey": key, "FilterValues": list(values)}


def needs(shape: str, member: str) -> pytest.MarkDecorator:
    is_absent = member not in service_model("connect").shape_for(shape).members
    return pytest.mark.skipif(is_absent, reason=f"the installed botocore has no {member}")


@pytest.fixture
def measure(connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance) -> Measure:
    """Get metrics, by their names or as the API takes them; a keyword adds or replaces a parameter."""

    def call(*metrics: str | dict[str, Any], **parameters: Any) -> list[dict[str, Any]]:
        wanted = {
            "ResourceArn": connect_instance.arn,
            "StartTime": START - timedelta(hours=1),
            "EndTime": connect_mock.now(),
            "Filters": [by("CAMPAIGN", *(campaign.arn for campaign in connect_instance.campaigns))],
            "Metrics": [{"Name": metric} if isinstance(metric, str) else metric for metric in metrics],
            **parameters,
        }
        results: list[dict[str, Any]] = connect_client.get_metric_data_v2(**wanted)["MetricResults"]
        return results

    return call


def values(result: dict[str, Any]) -> list[float | None]:
    return [collection.get("Value") for collection in result["Collections"]]


@pytest.fixture
def predictive(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, put_for: PutFor
) -> Campaign:
    """A predictive campaign after its four phone calls, for one agent.

    At 0 s, two phone calls begin, which ring for 5 s. The first customer gets the agent at once, and talks
    until 65 s. The second waits, and hangs up after 10 s. At 15 s a machine is dialed, and at 65 s a busy
    line.
    """
    connect_queue.add_agents(1)
    campaign = connect_instance.add_campaign("Predictive", queue=connect_queue, mode="predictive")
    connect_mock.on_dial(
        [
            outcomes.answered(ring=5, talk=60),
            outcomes.answered(ring=5, patience=10),
            outcomes.voicemail(ring=20, talk=30),
            outcomes.busy(),
        ]
    )
    put_for(campaign, 4)
    connect_mock.advance(100)
    return campaign


def test_the_numbers_of_a_campaign_are_those_of_its_story(predictive: Campaign, measure: Measure) -> None:
    (result,) = measure(
        "DELIVERY_ATTEMPTS",
        "HUMAN_ANSWERED_CALLS",
        {"Name": ABANDONED, **after(9)},
        {"Name": ABANDONED, **after(10)},
        {"Name": RATE, **after(2)},
        WAIT,
        Groupings=["CAMPAIGN"],
    )
    # The machine and the busy line are attempts, too. The second of two customers waited 10 s, the first 0 s.
    assert values(result) == [4, 2, 1, 0, 50.0, 5.0]
    assert result["Dimensions"] == {"CAMPAIGN": predictive.arn}
    assert result["MetricInterval"] == {
        "Interval": "TOTAL",
        "StartTime": START - timedelta(hours=1),
        "EndTime": START + timedelta(seconds=100),
    }
    assert result["Collections"][2]["Metric"] == {"Name": ABANDONED, **after(9.0)}


def test_a_customer_who_still_waits_may_be_abandoned_already(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: PutFor,
    measure: Measure,
) -> None:
    connect_queue.add_agents(1)
    put_for(connect_instance.add_campaign(queue=connect_queue, mode="predictive"), 2)
    connect_mock.advance(8)

    (result,) = measure({"Name": ABANDONED, **after(2)}, {"Name": ABANDONED, **after(3)}, WAIT)
    # Both customers answered at 5 s; the first waited 0 s, and how long the second will wait is unknown.
    assert values(result) == [1, 0, 0]


def test_a_customer_taken_for_a_machine_is_not_human(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    measure: Measure,
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(
        [outcomes.answered(detected="VOICEMAIL_BEEP"), outcomes.voicemail(detected="HUMAN_ANSWERED")]
    )
    put_for(connect_campaign, 2)
    connect_mock.advance(300)
    (result,) = measure("DELIVERY_ATTEMPTS", "HUMAN_ANSWERED_CALLS", {"Name": RATE, **after(2)}, WAIT)
    assert values(result) == [2, 1, 0, 0]


def test_without_detection_nobody_is_known_to_be_human(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: PutFor,
    measure: Measure,
) -> None:
    connect_queue.add_agents(1)
    put_for(connect_instance.add_campaign(queue=connect_queue, answer_machine_detection=False))
    connect_mock.advance(100)
    (result,) = measure("DELIVERY_ATTEMPTS", "HUMAN_ANSWERED_CALLS", {"Name": RATE, **after(2)}, WAIT)
    # A rate of no answered phone calls has no value.
    assert values(result) == [1, 0, None, 0]


def test_in_agentless_mode_nobody_waits_for_an_agent(
    connect_mock: ConnectMock, connect_instance: Instance, put_for: PutFor, measure: Measure
) -> None:
    system = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}
    put_for(connect_instance.add_campaign(), QueueId=None, SystemEndpoint=system)
    connect_mock.advance(100)
    (result,) = measure("HUMAN_ANSWERED_CALLS", {"Name": ABANDONED, **after(1)}, WAIT)
    assert values(result) == [1, 0, None]


@pytest.mark.parametrize(
    ("metric_filter", "attempts"),
    [
        ({"MetricFilterKey": "DISCONNECT_REASON", "MetricFilterValues": ["TELECOM_BUSY"]}, 1),
        ({"MetricFilterKey": "DISCONNECT_REASON", "MetricFilterValues": ["TELECOM_BUSY"], "Negate": True}, 3),
        (
            {
                "MetricFilterKey": "ANSWERING_MACHINE_DETECTION_STATUS",
                "MetricFilterValues": ["VOICEMAIL_BEEP", "HUMAN_ANSWERED"],
            },
            3,
        ),
    ],
)
def test_delivery_attempts_are_counted_by_their_ending(
    predictive: Campaign, measure: Measure, metric_filter: dict[str, Any], attempts: int
) -> None:
    (result,) = measure({"Name": "DELIVERY_ATTEMPTS", "MetricFilters": [metric_filter]})
    assert values(result) == [attempts]


# Filters, groupings and pages


@pytest.fixture
def two_campaigns(
    predictive: Campaign,
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
) -> tuple[Campaign, Campaign]:
    """The predictive campaign, and one with a single phone call for another queue."""
    queue = connect_instance.add_queue("Second")
    queue.add_agents(1)
    campaign = connect_instance.add_campaign("Second", queue=queue)
    connect_client.batch_put_contact(
        InstanceId=connect_instance.id, ContactDataRequestList=[item_for(queue, campaign)]
    )
    connect_mock.advance(100)
    return predictive, campaign


def test_campaigns_are_counted_together_or_each(
    two_campaigns: tuple[Campaign, Campaign], measure: Measure
) -> None:
    (together,) = measure("DELIVERY_ATTEMPTS")
    assert "Dimensions" not in together
    assert values(together) == [5]

    each = measure("DELIVERY_ATTEMPTS", Groupings=["CAMPAIGN"])
    assert {result["Dimensions"]["CAMPAIGN"]: values(result) for result in each} == {
        two_campaigns[0].arn: [4],
        two_campaigns[1].arn: [1],
    }


def test_filters_select_campaigns_and_queues(
    two_campaigns: tuple[Campaign, Campaign], connect_queue: Queue, measure: Measure
) -> None:
    _, second = two_campaigns
    of_second = by("CAMPAIGN", second.arn)
    assert values(*measure("DELIVERY_ATTEMPTS", Filters=[of_second])) == [1]
    for value in (connect_queue.id, connect_queue.arn):
        assert values(*measure("DELIVERY_ATTEMPTS", Filters=[by("QUEUE", value)])) == [4]
    assert measure("DELIVERY_ATTEMPTS", Filters=[of_second, by("QUEUE", connect_queue.id)]) == []
    assert measure("DELIVERY_ATTEMPTS", Filters=[by("CAMPAIGN", UNKNOWN)]) == []
    assert measure("DELIVERY_ATTEMPTS", Filters=[by("CAMPAIGN", UNKNOWN)], Groupings=["CAMPAIGN"]) == []


def test_campaigns_come_page_by_page(
    two_campaigns: tuple[Campaign, Campaign], connect_client: Any, connect_instance: Instance
) -> None:
    parameters = {
        "ResourceArn": connect_instance.arn,
        "StartTime": START,
        "EndTime": START + timedelta(seconds=150),
        "Filters": [by("CAMPAIGN", *(campaign.arn for campaign in two_campaigns))],
        "Groupings": ["CAMPAIGN"],
        "Metrics": [{"Name": "DELIVERY_ATTEMPTS"}],
        "MaxResults": 1,
    }
    first = connect_client.get_metric_data_v2(**parameters)
    second = connect_client.get_metric_data_v2(**parameters, NextToken=first["NextToken"])
    assert [values(*page["MetricResults"]) for page in (first, second)] == [[4], [1]]
    assert "NextToken" not in second


def test_a_phone_call_counts_when_it_is_dialed(predictive: Campaign, measure: Measure) -> None:
    at_first = {"StartTime": START - timedelta(hours=1), "EndTime": START}
    assert values(*measure("DELIVERY_ATTEMPTS", **at_first)) == [2]
    later = {"StartTime": START + timedelta(seconds=1), "EndTime": START + timedelta(seconds=64)}
    assert values(*measure("DELIVERY_ATTEMPTS", **later)) == [1]


def test_contacts_that_were_not_dialed_are_not_counted(
    connect_campaign: Campaign, put_for: PutFor, measure: Measure
) -> None:
    put_for(connect_campaign)
    assert measure("DELIVERY_ATTEMPTS") == []


def test_phone_calls_of_no_campaign_are_not_counted(
    connect_client: Any,
    connect_mock: ConnectMock,
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
    connect_mock.advance(10)
    assert measure("DELIVERY_ATTEMPTS", Filters=[by("QUEUE", connect_queue.id)]) == []


# Refusals


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        ("SERVICE_LEVEL", "The metric 'SERVICE_LEVEL' is not faked; the mock has DELIVERY_ATTEMPTS, HUMAN_"),
        pytest.param(
            {"MetricId": UNKNOWN}, f"The metric '{UNKNOWN}' is not faked", marks=needs("MetricV2", "MetricId")
        ),
        ({}, "The metric None is not faked"),
        (RATE, f"The metric {RATE} needs a Threshold with the Comparison GT"),
        ({"Name": RATE, **after(0)}, "in whole seconds from 1 to 604800"),
        ({"Name": RATE, **after(604_801)}, "in whole seconds from 1 to 604800"),
        ({"Name": RATE, **after(2.5)}, "in whole seconds from 1 to 604800"),
        ({"Name": RATE, "Threshold": [{}]}, "needs a Threshold with the Comparison GT"),
        (
            {"Name": RATE, "Threshold": [{"Comparison": "LT", "ThresholdValue": 2}]},
            "needs a Threshold with the Comparison GT",
        ),
        ({"Name": WAIT, **after(2)}, f"The metric {WAIT} has no Threshold; leave it out."),
        (
            {
                "Name": WAIT,
                "MetricFilters": [
                    {"MetricFilterKey": "DISCONNECT_REASON", "MetricFilterValues": ["TELECOM_BUSY"]}
                ],
            },
            f"The metric {WAIT} has no filter DISCONNECT_REASON; it can be filtered by CAMPAIGN.",
        ),
    ],
)
def test_a_metric_that_is_not_faked_is_refused(
    connect_client: Any, connect_mock: ConnectMock, measure: Measure, metric: Any, message: str
) -> None:
    connect_mock.instances[0].add_campaign()
    with pytest.raises(connect_client.exceptions.InvalidParameterException) as caught:
        measure(metric)
    assert message in caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"Groupings": ["QUEUE"]},
            "The mock has no metrics grouped by QUEUE; filter by CAMPAIGN, QUEUE, group",
        ),
        ({"Interval": {"IntervalPeriod": "DAY"}}, "The mock has no metrics by the interval DAY"),
        ({"Filters": [by("AGENT", UNKNOWN)]}, "The mock has no metrics filtered by AGENT"),
        pytest.param(
            {"Filters": [{"FilterKey": "CAMPAIGN", "StringCondition": {"Comparison": "NOT_EXISTS"}}]},
            "The mock has no metrics filtered with a StringCondition",
            marks=needs("FilterV2", "StringCondition"),
        ),
        (
            {"Filters": [by("QUEUE", UNKNOWN)]},
            "The metric HUMAN_ANSWERED_CALLS has no filter QUEUE; it can be filtered by CAMPAIGN.",
        ),
        (
            {"StartTime": START, "EndTime": START},
            "is not later than the StartTime 2026-03-01T12:00:00+00:00",
        ),
        ({"EndTime": START + timedelta(seconds=1)}, "is later than the current time"),
        ({"StartTime": START - timedelta(days=35)}, "has 35 days or more; split it"),
    ],
)
def test_a_scope_that_the_mock_has_no_metrics_of_is_refused(
    connect_client: Any,
    connect_campaign: Campaign,
    measure: Measure,
    parameters: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException) as caught:
        measure("HUMAN_ANSWERED_CALLS", **parameters)
    assert message in caught.value.response["Error"]["Message"]


def test_the_interval_total_can_be_given(predictive: Campaign, measure: Measure) -> None:
    interval = {"TimeZone": "UTC", "IntervalPeriod": "TOTAL"}
    assert values(*measure("DELIVERY_ATTEMPTS", Interval=interval)) == [4]


def test_the_metrics_of_an_unknown_instance_are_not_found(
    connect_client: Any, connect_instance: Instance, connect_campaign: Campaign, measure: Measure
) -> None:
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=UNKNOWN):
        measure("DELIVERY_ATTEMPTS", ResourceArn=connect_instance.arn.replace(connect_instance.id, UNKNOWN))
