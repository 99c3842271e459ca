"""SearchQueues: criteria, tags and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connect_batchmock import Instance

Search = Callable[..., list[str]]


def string(field: str, comparison: str, value: str) -> dict[str, Any]:
    """Return the criteria that compare a field."""
    return {"StringCondition": {"FieldName": field, "ComparisonType": comparison, "Value": value}}


@pytest.fixture(autouse=True)
def queues(connect_client: Any, connect_instance: Instance) -> None:
    """Create the queues."""
    (hours,) = connect_client.list_hours_of_operations(InstanceId=connect_instance.id)[
        "HoursOfOperationSummaryList"
    ]
    about = {"InstanceId": connect_instance.id, "HoursOfOperationId": hours["Id"]}
    tags = {"team": "blue", "floor": "1"}
    connect_client.create_queue(**about, Name="Sales north", Description="Cold calls", Tags=tags)
    connect_client.create_queue(**about, Name="Sales south", Tags={"team": "red"})
    connect_instance.add_queue("Retention")


@pytest.fixture
def search(connect_client: Any, connect_instance: Instance) -> Search:
    """Search the queues of ``connect_instance`` and return their names."""

    def call(**parameters: Any) -> list[str]:
        answer = connect_client.search_queues(InstanceId=connect_instance.id, **parameters)
        assert answer["ApproximateTotalCount"] == len(answer["Queues"])
        return [queue["Name"] for queue in answer["Queues"]]

    return call


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, ["BasicQueue", "Sales north", "Sales south", "Retention"]),
        ({"QueueTypeCondition": "STANDARD"}, ["BasicQueue", "Sales north", "Sales south", "Retention"]),
        (string("name", "STARTS_WITH", "Sales"), ["Sales north", "Sales south"]),
        (string("name", "STARTS_WITH", "sales"), []),
        (string("name", "CONTAINS", "th"), ["Sales north", "Sales south"]),
        (string("name", "EXACT", "Retention"), ["Retention"]),
        (string("name", "EXACT", "Retent"), []),
        (string("description", "CONTAINS", "calls"), ["Sales north"]),
        ({"StringCondition": {"FieldName": "name", "Value": "Retention"}}, ["Retention"]),
        (
            {"OrConditions": [string("name", "EXACT", "Retention"), string("name", "CONTAINS", "south")]},
            ["Sales south", "Retention"],
        ),
        (
            {"AndConditions": [string("name", "CONTAINS", "Sales"), string("name", "CONTAINS", "south")]},
            ["Sales south"],
        ),
        (
            {
                "OrConditions": [
                    {
                        "AndConditions": [
                            string("name", "CONTAINS", "th"),
                            string("name", "CONTAINS", "so"),
                        ]
                    }
                ],
                **string("name", "STARTS_WITH", "Sales"),
            },
            ["Sales south"],
        ),
        (
            {"OrConditions": [], "AndConditions": []},
            ["BasicQueue", "Sales north", "Sales south", "Retention"],
        ),
    ],
)
def test_by_criteria(search: Search, criteria: dict[str, Any], found: list[str]) -> None:
    assert search(SearchCriteria=criteria) == found


def test_by_id(search: Search, connect_instance: Instance) -> None:
    queue = connect_instance.queues[1]

    assert search(SearchCriteria=string("resourceID", "EXACT", queue.id)) == [queue.name]


@pytest.mark.parametrize(
    ("tag_filter", "found"),
    [
        ({"TagCondition": {"TagKey": "team"}}, ["Sales north", "Sales south"]),
        ({"TagCondition": {"TagKey": "team", "TagValue": "red"}}, ["Sales south"]),
        ({"TagCondition": {"TagValue": "1"}}, ["Sales north"]),
        ({"AndConditions": [{"TagKey": "team"}, {"TagKey": "floor"}]}, ["Sales north"]),
        (
            {
                "OrConditions": [
                    [{"TagKey": "team", "TagValue": "red"}],
                    [{"TagKey": "floor"}, {"TagKey": "team", "TagValue": "red"}],
                ]
            },
            ["Sales south"],
        ),
        ({"OrConditions": []}, ["BasicQueue", "Sales north", "Sales south", "Retention"]),
    ],
)
def test_by_tags(search: Search, tag_filter: dict[str, Any], found: list[str]) -> None:
    assert search(SearchFilter={"TagFilter": tag_filter}) == found


def test_by_criteria_and_tags(search: Search) -> None:
    criteria, tags = string("name", "CONTAINS", "north"), {"TagCondition": {"TagValue": "red"}}

    assert search(SearchCriteria=criteria, SearchFilter={"TagFilter": tags}) == []


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (
            string("Name", "EXACT", "Sales"),
            "SearchQueues cannot search by the FieldName 'Name'; use one of name, desc",
        ),
        ({"StringCondition": {}}, "cannot search by the FieldName None"),
        (string("name", "CONTAINS", "S"), "a Value of 2 to 25 characters, and 'S' has 1"),
        (string("name", "CONTAINS", "S" * 26), "has 26"),
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_what_cannot_be_searched_by_is_refused(
    connect_client: Any, search: Any, condition: dict[str, Any], message: str, nested: bool
) -> None:
    fails_before = {"AndConditions": [string("name", "EXACT", "?"), {"OrConditions": [condition]}]}

    with pytest.raises(connect_client.exceptions.InvalidParameterException, match=message):
        search(SearchCriteria=fails_before if nested else condition)


def test_what_is_found_is_told_page_by_page(connect_client: Any, connect_instance: Instance) -> None:
    about = {"InstanceId": connect_instance.id, "MaxResults": 2}
    first = connect_client.search_queues(**about)
    second = connect_client.search_queues(**about, NextToken=first["NextToken"])

    basic, *queues = first["Queues"] + second["Queues"]
    described = [
        connect_client.describe_queue(InstanceId=connect_instance.id, QueueId=queue.id)["Queue"]
        for queue in connect_instance.queues
    ]
    assert basic["Name"] == "BasicQueue"
    assert queues == described
    assert (first["ApproximateTotalCount"], second["ApproximateTotalCount"]) == (4, 4)
    assert "NextToken" not in second
