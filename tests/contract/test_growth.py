"""The cost of an action does not grow with the number of other contacts: counted in steps, by no clock.

Two things are counted. The steps are the instructions that Python carries out, so that a loop counts as
often as it goes around. The memory is the most that is taken meanwhile, so that what C does in one step
counts as well where it makes something: a list that is copied, a text that is written out.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, islice, repeat
from types import FrameType
from typing import Any

import pytest
import time_machine
from factories import START, item_for

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Outcome, Queue, outcomes
from connect_batchmock.domain.pacing import DialAttempt
from connect_batchmock.engine.snapshot import _mutable_objects

FEW, MANY = 100, 1000
BATCH = 25
AGENTS = 5
MODES = ("progressive", "predictive", "preview", "agentless")


class Backend:
    """A mock with a campaign, for which contacts are put, and a client.

    ``steps`` is how many instructions have been carried out while it was counted.
    """

    def __init__(self, mode: str = "progressive") -> None:
        self.mock = ConnectMock(concurrent_calls=AGENTS * 3)
        self.client: Any = self.mock.client()
        self.campaigns_client: Any = self.mock.client("connectcampaigns")
        self.instance: Instance = self.mock.add_instance()
        self.queue: Queue = self.instance.add_queue()
        self.queue.add_agents(AGENTS)
        queue = None if mode == "agentless" else self.queue
        self.campaign: Campaign = self.instance.add_campaign(queue=queue, mode=mode)
        self.campaign.start()
        self.mock.on_dial(course)
        self.numbers: Iterator[int] = count()

    def items(self, size: int) -> list[dict[str, Any]]:
        return [
            item_for(self.queue, self.campaign, address(number), RequestIdentifier=f"lead-{number}")
            for number in islice(self.numbers, size)
        ]

    def put(self, contacts: int = BATCH) -> None:
        for _ in range(contacts // BATCH):
            self.client.batch_put_contact(
                InstanceId=self.instance.id, ContactDataRequestList=self.items(BATCH)
            )

    def finish(self) -> None:
        while len(self.mock.contact_records) < len(self.mock.contacts):
            self.mock.advance(60)


def address(number: int) -> str:
    return f"+1555{number:07}"


COURSE = (
    outcomes.answered(ring=5, talk=60, after_contact_work=10),
    outcomes.voicemail(ring=20, talk=20),
    outcomes.no_answer(ring=30),
    outcomes.busy(),
)


def course(contact: Contact) -> Outcome:
    return COURSE[int(contact.customer_address) % len(COURSE)]


# How it is counted


@contextmanager
def counted_steps() -> Iterator[Callable[[], int]]:
    steps = 0

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal steps
        steps += event == "opcode"
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return trace

    before = sys.gettrace()
    # Python 3.12 traces instructions from the start only if tracing was enabled before.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(trace)
    try:
        yield lambda: steps
    finally:
        sys.settrace(before)


def steps_of(act: Callable[[], object]) -> int:
    with counted_steps() as steps:
        act()
    return steps()


def memory_of(act: Callable[[], object]) -> int:
    """Return the peak of additional bytes while a function runs."""
    tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        act()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak - before


@pytest.fixture(autouse=True)
def comparisons_are_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the dial attempts of a queue in Python, where the steps are counted."""
    monkeypatch.setattr(DialAttempt, "__eq__", lambda self, other: self is other)
    monkeypatch.setattr(DialAttempt, "__hash__", lambda self: id(self))


@pytest.fixture(autouse=True)
def time_passes_by_advance_alone() -> Iterator[None]:
    """Stop the clock: on a slow machine, contacts would be dialed to their end meanwhile."""
    with time_machine.travel(START, tick=False):
        yield


def test_a_loop_and_a_copy_are_counted() -> None:
    def loop(times: int) -> None:
        for _ in range(times):
            pass

    assert steps_of(lambda: loop(1000)) > 1.9 * steps_of(lambda: loop(500))
    entries = list(range(1000))
    assert memory_of(entries.copy) >= 8 * len(entries)
    assert memory_of(lambda: repr(entries)) >= len(entries)


# One contact or one batch


def put_a_batch(backend: Backend) -> None:
    backend.put(BATCH)


def put_one(backend: Backend) -> None:
    backend.client.batch_put_contact(InstanceId=backend.instance.id, ContactDataRequestList=backend.items(1))


def put_dial_requests(backend: Backend) -> None:
    backend.campaigns_client.put_dial_request_batch(
        id=backend.campaign.id,
        dialRequests=[
            {
                "clientToken": item["RequestIdentifier"],
                "phoneNumber": item["CustomerEndpoint"]["Address"],
                "expirationTime": backend.mock.now().replace(year=2100),
                "attributes": {},
            }
            for item in backend.items(10)
        ],
    )


def let_a_minute_pass(backend: Backend) -> None:
    backend.mock.advance(60)


def stop_the_last_one(backend: Backend) -> None:
    contacts = backend.mock.contacts
    waiting = next(contact for contact in reversed(contacts) if contact.state == "INITIATED")
    backend.client.stop_contact(InstanceId=backend.instance.id, ContactId=waiting.id)


def find_by_address(backend: Backend) -> None:
    assert backend.mock.contacts.one(customer_address=address(40)).request_identifier == "lead-40"


def find_by_request_identifier(backend: Backend) -> None:
    backend.mock.assert_contact_created(request_identifier="lead-40")


def describe_one(backend: Backend) -> None:
    contact_id = backend.mock.contacts[40].id
    backend.client.describe_contact(InstanceId=backend.instance.id, ContactId=contact_id)


def count_those_who_wait(backend: Backend) -> None:
    answer = backend.client.get_current_metric_data(
        InstanceId=backend.instance.id,
        Filters={"Queues": [backend.queue.id], "Channels": ["VOICE"]},
        CurrentMetrics=[
            {"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"},
            {"Name": "OLDEST_CONTACT_AGE", "Unit": "SECONDS"},
        ],
    )
    assert answer["MetricResults"][0]["Collections"][0]["Value"] > 0


def put_while_what_was_read_is_held(backend: Backend) -> None:
    read = backend.mock.contacts
    known = len(read)
    backend.put(BATCH)
    assert len(read) == known


def change_while_what_was_read_is_held(backend: Backend) -> None:
    read = backend.mock.contacts
    states = [contact.state for contact in read[-5:]]
    backend.mock.advance(60)
    assert [contact.state for contact in read[-5:]] == states


def read_what_happened_last(backend: Backend) -> None:
    assert backend.mock.events[-1]["detail"]["eventType"] == "INITIATED"
    assert backend.mock.calls[-1].operation == "BatchPutContact"
    assert backend.mock.contacts[-1].state == "INITIATED"


def count_what_happened(backend: Backend) -> None:
    assert len(backend.mock.events) >= len(backend.mock.contacts)
    assert not backend.mock.contact_records
    assert not backend.mock.failed_requests


EACH = [
    put_a_batch,
    put_dial_requests,
    let_a_minute_pass,
    stop_the_last_one,
    find_by_address,
    find_by_request_identifier,
    describe_one,
    count_those_who_wait,
    put_while_what_was_read_is_held,
    change_while_what_was_read_is_held,
    read_what_happened_last,
    count_what_happened,
]


def each_among(contacts: int, act: Callable[[Backend], None], work: Callable[..., int]) -> int:
    """Return the cost of an action beside a number of waiting contacts."""
    backend = Backend()
    backend.put(contacts)
    act(backend)
    # A hash table that grows copies its entries, so the cheapest of several actions counts.
    return min(work(lambda: act(backend)) for _ in range(5))


@pytest.mark.parametrize("act", EACH)
def test_one_takes_as_many_steps_among_many_as_among_few(act: Callable[[Backend], None]) -> None:
    assert each_among(MANY, act, steps_of) <= 1.05 * each_among(FEW, act, steps_of)


@pytest.mark.parametrize("act", EACH)
def test_one_takes_as_much_memory_among_many_as_among_few(act: Callable[[Backend], None]) -> None:
    assert each_among(MANY, act, memory_of) <= 1.05 * each_among(FEW, act, memory_of) + 1000


def test_giving_up_does_not_scan_the_queue() -> None:
    def cost(callers: int) -> int:
        backend = Backend()
        queue = backend.instance.add_queue("Nobody takes it")
        waits = iter(range(10_000, 0, -1))
        backend.mock.on_dial(lambda contact: outcomes.answered(patience=next(waits)))
        for number in range(callers):
            backend.client.start_outbound_voice_contact(
                InstanceId=backend.instance.id,
                DestinationPhoneNumber=address(number),
                ContactFlowId="any",
                QueueId=queue.id,
            )
        backend.mock.advance(60)
        steps = steps_of(lambda: backend.mock.advance(20_000))
        assert {contact.disconnect_reason for contact in backend.mock.contacts} == {"CUSTOMER_DISCONNECT"}
        return steps

    assert cost(80) <= 2.1 * cost(40)


def test_an_agent_who_comes_takes_the_first_who_still_waits() -> None:
    backend = Backend()
    queue = backend.instance.add_queue("Nobody takes it yet")
    patience = iter([10, 10, 1000])
    backend.mock.on_dial(lambda contact: outcomes.answered(ring=1, talk=60, patience=next(patience)))
    for number in range(3):
        backend.client.start_outbound_voice_contact(
            InstanceId=backend.instance.id,
            DestinationPhoneNumber=address(number),
            ContactFlowId="any",
            QueueId=queue.id,
        )
    backend.mock.advance(60)
    queue.add_agents(1)
    backend.mock.advance(1)
    states = [contact.state for contact in backend.mock.contacts]
    assert states == ["COMPLETED", "COMPLETED", "CONNECTED_TO_AGENT"]


# All contacts


def read_all(backend: Backend) -> None:
    assert all(contact.state for contact in backend.mock.contacts)


def read_those_of_a_campaign(backend: Backend) -> None:
    assert all(contact.state for contact in backend.campaign.contacts)


def read_what_was_held(backend: Backend) -> None:
    read = backend.mock.contacts
    backend.mock.advance(60)
    assert all(contact.state for contact in read)


def find_by_state(backend: Backend) -> None:
    backend.mock.contacts.where(state="INITIATED")


def search(backend: Backend) -> None:
    now = backend.mock.now()
    time_range = {
        "Type": "INITIATION_TIMESTAMP",
        "StartTime": now.replace(year=now.year - 1),
        "EndTime": now.replace(year=now.year + 1),
    }
    backend.client.search_contacts(InstanceId=backend.instance.id, TimeRange=time_range)


def read_events(backend: Backend) -> None:
    assert all(event["detail"] for event in backend.mock.events)


def find_events(backend: Backend) -> None:
    backend.mock.events.where(eventType="INITIATED")


def read_calls(backend: Backend) -> None:
    assert all(call.operation for call in backend.mock.calls)


def take_a_snapshot(backend: Backend) -> None:
    backend.mock.snapshot()


def go_back(backend: Backend) -> None:
    snapshot = backend.mock.snapshot()
    backend.put(BATCH)
    backend.mock.restore(snapshot)


def look_for_double_dials(backend: Backend) -> None:
    backend.mock.assert_no_double_dials()


def look_for_failures(backend: Backend) -> None:
    backend.mock.assert_no_unresolved_failures()


def end_the_campaign(backend: Backend) -> None:
    backend.campaign.stop()
    assert backend.mock.contacts[-1].disconnect_reason == "OTHER"


ALL = [
    read_all,
    read_those_of_a_campaign,
    read_what_was_held,
    find_by_state,
    search,
    read_events,
    find_events,
    read_calls,
    take_a_snapshot,
    go_back,
    look_for_double_dials,
    look_for_failures,
    end_the_campaign,
]


@pytest.mark.parametrize("act", ALL)
def test_all_of_twice_as_many_take_twice_the_steps(act: Callable[[Backend], None]) -> None:
    def cost(contacts: int) -> int:
        backend = Backend()
        backend.put(contacts)
        return steps_of(lambda: act(backend))

    cost(25)  # what is imported and read once
    assert cost(2 * FEW) <= 2.1 * cost(FEW)


def test_twice_the_contacts_of_a_customer_take_twice_the_steps() -> None:
    def cost(contacts: int) -> int:
        backend = Backend()
        backend.mock.on_dial(outcomes.busy())
        backend.numbers = repeat(0)
        for item in backend.items(contacts):
            backend.client.batch_put_contact(InstanceId=backend.instance.id, ContactDataRequestList=[item])
            backend.mock.advance(60)
        return steps_of(backend.mock.assert_no_double_dials)

    assert cost(2 * FEW) <= 2.1 * cost(FEW)


@pytest.mark.parametrize("mode", MODES)
def test_twice_as_many_are_dialed_in_twice_the_steps(mode: str) -> None:
    def cost(contacts: int) -> int:
        backend = Backend(mode)

        def dial() -> None:
            backend.put(contacts)
            backend.finish()

        steps = steps_of(dial)
        assert {contact.state for contact in backend.mock.contacts} == {"COMPLETED"}
        return steps

    assert cost(2 * FEW) <= 2.1 * cost(FEW)


def test_twice_as_many_are_measured_in_twice_the_steps() -> None:
    rate = {
        "targetRate": 0.1,
        "connectionStartPoint": "CONNECTED_TO_SYSTEM",
        "connectionThresholdSeconds": 2,
        "evaluationWindow": "PT24H",
    }
    predictive = {"bandwidthAllocation": 1.0, "pacingStrategies": [{"abandonmentRate": rate}]}

    def cost(contacts: int) -> int:
        backend = Backend("predictive")
        backend.mock.client("connectcampaignsv2").update_campaign_channel_subtype_config(
            id=backend.campaign.id,
            channelSubtypeConfig={
                "telephony": {
                    "connectQueueId": backend.queue.id,
                    "outboundMode": {"predictive": predictive},
                    "defaultOutboundConfig": {"connectContactFlowId": "flow"},
                }
            },
        )
        backend.mock.on_dial(outcomes.answered(patience=3))

        def dial() -> None:
            backend.put(contacts)
            backend.finish()

        return steps_of(dial)

    assert cost(2 * FEW) <= 2.1 * cost(FEW)


def test_faults_that_are_used_up_cost_nothing() -> None:
    def cost(faults: int) -> int:
        backend = Backend()
        for _ in range(faults):
            backend.mock.fail("BatchPutContact", "InvalidRequestException", times=1)
            backend.mock.reject_contacts("INTERNAL_ERROR", times=1)
        for _ in range(faults):
            with pytest.raises(backend.client.exceptions.InvalidRequestException):
                put_one(backend)
        for _ in range(faults):
            put_one(backend)
        assert len(backend.mock.failed_requests) == faults
        return min(steps_of(lambda: put_one(backend)) for _ in range(5))

    assert cost(100) <= 1.05 * cost(10)


# Phone calls, all to one customer


class BackendOfACustomer(Backend):
    """A backend whose contacts all have the same customer."""

    def items(self, size: int) -> list[dict[str, Any]]:
        customer = {"Type": "TELEPHONE_NUMBER", "Address": "+12125550100"}
        return [item | {"CustomerEndpoint": customer} for item in super().items(size)]


def look_for_calls_outside_hours(backend: Backend) -> None:
    with pytest.raises(AssertionError):
        backend.mock.assert_no_calls_outside_hours({}, time_zone="America/New_York")


def look_for_frequent_customers(backend: Backend) -> None:
    with pytest.raises(AssertionError):
        backend.mock.assert_no_customer_called_too_often(1, days=7)


@pytest.mark.parametrize("act", [look_for_calls_outside_hours, look_for_frequent_customers])
def test_audits_of_twice_as_many_calls_take_twice_the_steps(act: Callable[[Backend], None]) -> None:
    def cost(contacts: int) -> int:
        backend = BackendOfACustomer("agentless")
        backend.put(contacts)
        backend.finish()
        act(backend)  # what is imported and read once
        return steps_of(lambda: act(backend))

    assert cost(2 * FEW) <= 2.1 * cost(FEW)


DELIVERIES: dict[str, dict[str, Any]] = {
    "in order": {"delay": (0, 60)},
    "twice and in any order": {"duplicates": 0.5, "delay": (0, 60), "shuffle": True},
}


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_twice_as_many_are_heard_in_twice_the_steps(delivery: str) -> None:
    def cost(contacts: int) -> int:
        backend = Backend()
        heard: list[Any] = []
        backend.mock.on_event(heard.append)
        backend.mock.on_contact_record(heard.append)
        backend.mock.delivery(**DELIVERIES[delivery])

        def dial() -> None:
            backend.put(contacts)
            backend.finish()
            backend.mock.advance(60)

        steps = steps_of(dial)
        assert len(heard) >= len(backend.mock.events) + contacts
        return steps

    assert cost(FEW) <= 2.1 * cost(FEW // 2)


# A repr is short


def test_no_repr_grows_with_the_number_of_contacts() -> None:
    def longest(contacts: int) -> dict[str, int]:
        backend = Backend("predictive")
        backend.put(contacts)
        found: dict[str, int] = {}
        for thing, _ in _mutable_objects(backend.mock._engine):
            if type(thing).__module__.startswith("connect_batchmock."):
                name = type(thing).__name__
                found[name] = max(found.get(name, 0), len(repr(thing)))
        return found

    few, many = longest(FEW), longest(MANY)
    assert {"DialAttempt", "DialQueue", "Campaign", "Instance", "Journal"} <= few.keys()
    assert {name: length for name, length in many.items() if length > 1.1 * few[name]} == {}
