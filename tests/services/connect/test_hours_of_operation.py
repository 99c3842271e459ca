"""Hours of operation: the operations that create, describe and list them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
import time_machine
from factories import UNKNOWN

from connect_batchmock import Instance

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
CONFIG = [
    {"Day": "MONDAY", "StartTime": {"Hours": 9, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 30}},
]


def create(client: Any, instance_id: str, name: str = "Weekdays", **parameters: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.create_hours_of_operation(
        InstanceId=instance_id, Name=name, **{"TimeZone": "Europe/London", "Config": CONFIG, **parameters}
    )
    return answer


def test_hours_are_kept_as_they_were_given(connect_client: Any, connect_instance: Instance) -> None:
    with time_machine.travel(NOW, tick=False):
        created = create(
            connect_client, connect_instance.id, Description="In the office", Tags={"team": "outbound"}
        )

    hours = connect_client.describe_hours_of_operation(
        InstanceId=connect_instance.id, HoursOfOperationId=created["HoursOfOperationId"]
    )["HoursOfOperation"]
    arn = f"{connect_instance.arn}/operating-hours/{created['HoursOfOperationId']}"
    assert created["HoursOfOperationArn"] == arn
    assert hours == {
        "HoursOfOperationId": created["HoursOfOperationId"],
        "HoursOfOperationArn": arn,
        "Name": "Weekdays",
        "Description": "In the office",
        "TimeZone": "Europe/London",
        "Config": CONFIG,
        "Tags": {"team": "outbound"},
        "LastModifiedTime": NOW,
        "LastModifiedRegion": "us-east-1",
    }


def test_hours_without_a_span_are_never_open(connect_client: Any, connect_instance: Instance) -> None:
    created = create(connect_client, connect_instance.id, Config=[])

    hours = connect_client.describe_hours_of_operation(
        InstanceId=connect_instance.id, HoursOfOperationId=created["HoursOfOperationId"]
    )["HoursOfOperation"]
    assert hours["Config"] == []
    assert not {"Description", "Tags"} & set(hours)


def test_every_instance_comes_with_hours(connect_client: Any, connect_instance: Instance) -> None:
    (summary,) = connect_client.list_hours_of_operations(InstanceId=connect_instance.id)[
        "HoursOfOperationSummaryList"
    ]
    hours = connect_client.describe_hours_of_operation(
        InstanceId=connect_instance.id, HoursOfOperationId=summary["Id"]
    )["HoursOfOperation"]

    assert (summary["Name"], summary["Arn"]) == ("Basic Hours", hours["HoursOfOperationArn"])
    assert (summary["LastModifiedTime"], summary["LastModifiedRegion"]) == (
        hours["LastModifiedTime"],
        "us-east-1",
    )
    assert len(hours["Config"]) == 7


def test_hours_are_listed_page_by_page(connect_client: Any, connect_instance: Instance) -> None:
    for number in range(100):
        create(connect_client, connect_instance.id, f"Hours {number}")

    first = connect_client.list_hours_of_operations(InstanceId=connect_instance.id)
    second = connect_client.list_hours_of_operations(
        InstanceId=connect_instance.id, NextToken=first["NextToken"], MaxResults=5
    )
    assert len(first["HoursOfOperationSummaryList"]) == 100
    assert [hours["Name"] for hours in second["HoursOfOperationSummaryList"]] == ["Hours 99"]
    assert "NextToken" not in second


@pytest.mark.parametrize("name", ["Basic Hours", "Weekdays"])
def test_a_name_is_taken_once(connect_client: Any, connect_instance: Instance, name: str) -> None:
    create(connect_client, connect_instance.id)

    with pytest.raises(connect_client.exceptions.DuplicateResourceException, match=repr(name)):
        create(connect_client, connect_instance.id, name)


def test_what_is_unknown_is_not_found(connect_client: Any, connect_instance: Instance) -> None:
    not_found = connect_client.exceptions.ResourceNotFoundException
    with pytest.raises(not_found, match="instance"):
        create(connect_client, UNKNOWN)
    with pytest.raises(not_found, match="instance"):
        connect_client.list_hours_of_operations(InstanceId=UNKNOWN)
    with pytest.raises(not_found, match="instance"):
        connect_client.describe_hours_of_operation(InstanceId=UNKNOWN, HoursOfOperationId=UNKNOWN)
    with pytest.raises(not_found, match="hours of operation"):
        connect_client.describe_hours_of_operation(InstanceId=connect_instance.id, HoursOfOperationId=UNKNOWN)
