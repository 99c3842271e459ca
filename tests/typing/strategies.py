"""The types of the values that strategies draw."""

from __future__ import annotations

from typing import Any

from hypothesis.strategies import SearchStrategy, data, sampled_from
from typing_extensions import assert_type

from connect_batchmock import Campaign, ConnectMock, Instance, Outcome, Queue, strategies
from connect_batchmock.strategies import FaultSchedule, InvalidValue, PlannedFault


def of_contacts(instance: Instance, queue: Queue, campaign: Campaign) -> None:
    numbers = sampled_from(["+15555550100"])
    items = strategies.contact_data_requests(
        instance, queue=queue, campaign=campaign, customer_addresses=numbers
    )
    assert_type(items, SearchStrategy[dict[str, Any]])
    refused = strategies.invalid_contact_data_requests(instance)
    assert_type(refused, SearchStrategy[InvalidValue])
    assert_type(strategies.contact_batches(instance), SearchStrategy[dict[str, Any]])
    assert_type(strategies.contact_batches(instance, items=items | refused), SearchStrategy[dict[str, Any]])
    assert_type(strategies.invalid_contact_batches(instance), SearchStrategy[InvalidValue])
    strategies.contact_data_requests(instance.id)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def of_dial_requests(connect_mock: ConnectMock, campaign: Campaign) -> None:
    assert_type(strategies.dial_requests(connect_mock), SearchStrategy[dict[str, Any]])
    assert_type(strategies.dial_batches(connect_mock, campaign), SearchStrategy[dict[str, Any]])
    assert_type(strategies.outbound_requests(connect_mock, campaign), SearchStrategy[dict[str, Any]])
    assert_type(strategies.outbound_batches(connect_mock, campaign), SearchStrategy[dict[str, Any]])
    assert_type(strategies.invalid_dial_requests(connect_mock), SearchStrategy[InvalidValue])
    assert_type(strategies.invalid_outbound_requests(connect_mock, campaign), SearchStrategy[InvalidValue])


def of_what_happens(connect_mock: ConnectMock) -> None:
    assert_type(strategies.fault_schedules(max_size=2), SearchStrategy[FaultSchedule])
    assert_type(strategies.transient_faults("BatchPutContact"), SearchStrategy[PlannedFault])
    assert_type(strategies.permanent_faults("BatchPutContact"), SearchStrategy[PlannedFault])
    assert_type(strategies.dial_outcomes(), SearchStrategy[Outcome])
    assert_type(strategies.phone_numbers(), SearchStrategy[str])
    assert_type(
        data().map(lambda drawn: drawn.draw(strategies.fault_schedules())), SearchStrategy[FaultSchedule]
    )


def what_was_drawn(refused: InvalidValue, schedule: FaultSchedule, connect_mock: ConnectMock) -> None:
    assert_type(refused.expected_reason, str)
    assert_type(refused.reason, str)
    assert_type(refused["QueueId"], Any)
    assert_type(schedule.faults, tuple[PlannedFault, ...])
    assert_type(schedule.apply(connect_mock), None)
