"""Delivery: listeners hear events and records late, twice or out of order, as a seed decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from factories import START, item_for
from hypothesis import given, settings
from hypothesis import strategies as st

from connect_batchmock import Campaign, ConnectMock, Instance, Queue

Event = dict[str, Any]
Dial = Callable[[int], object]
"""The fixture ``dial``."""


@pytest.fixture
def dial(
    frozen_time: datetime,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: Callable[..., list[str]],
) -> Dial:
    """Put contacts for a campaign with ten agents."""
    connect_queue.add_agents(10)
    connect_campaign.start()
    return partial(put_for, connect_campaign)


class Heard:
    """What the listeners of a mock hear, each with the time on the mock's clock."""

    def __init__(self, mock: ConnectMock) -> None:
        self.events: list[Event] = []
        self.records: list[dict[str, Any]] = []
        self.times: list[datetime] = []
        mock.on_event(self.events.append)
        mock.on_event(lambda event: self.times.append(mock.now()))
        mock.on_contact_record(self.records.append)

    def forget(self) -> None:
        for heard in (self.events, self.records, self.times):
            heard.clear()

    @property
    def ids(self) -> list[str]:
        return [event["id"] for event in self.events]

    @property
    def times_late(self) -> list[float]:
        moments = [datetime.fromisoformat(event["time"].replace("Z", "+00:00")) for event in self.events]
        return [(time - moment).total_seconds() for time, moment in zip(self.times, moments, strict=True)]


@pytest.fixture
def heard(connect_mock: ConnectMock) -> Heard:
    return Heard(connect_mock)


def ids_of(mock: ConnectMock) -> list[str]:
    return [event["id"] for event in mock.events]


def test_by_default_each_event_is_heard_at_its_time(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    dial(3)
    connect_mock.advance(100)
    assert heard.events == connect_mock.events
    assert heard.records == connect_mock.contact_records
    assert set(heard.times_late) == {0}


def test_all_is_heard_twice_with_one_id(connect_mock: ConnectMock, heard: Heard, dial: Dial) -> None:
    connect_mock.delivery(duplicates=1)
    dial(2)
    connect_mock.advance(100)
    assert heard.events == [event for event in connect_mock.events for _ in range(2)]
    assert heard.records == [record for record in connect_mock.contact_records for _ in range(2)]
    assert len(connect_mock.events) == 12
    assert set(heard.times_late) == {0}


def test_a_share_of_the_events_is_heard_twice(connect_mock: ConnectMock, heard: Heard, dial: Dial) -> None:
    connect_mock.delivery(duplicates=0.25)
    dial(50)
    connect_mock.advance(600)
    counts = Counter(heard.ids)
    assert list(counts) == ids_of(connect_mock)
    assert set(counts.values()) == {1, 2}
    assert 0.15 < Counter(counts.values())[2] / len(counts) < 0.35


def test_an_event_is_heard_when_its_delay_is_over(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    connect_mock.delivery(delay=30)
    dial(1)
    connect_mock.advance(29)
    assert heard.events == []
    connect_mock.advance(1)
    assert [event["detail"]["eventType"] for event in heard.events] == ["INITIATED"]
    connect_mock.advance(100)
    assert heard.events == connect_mock.events
    assert heard.records == connect_mock.contact_records
    assert set(heard.times_late) == {30}


def test_a_late_event_is_heard_in_small_steps_as_in_one(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    connect_mock.delivery(duplicates=0.5, delay=(0, 20), shuffle=True, seed=1)
    before = connect_mock.snapshot()
    runs = []
    for steps in (1, 120):
        dial(5)
        for _ in range(steps):
            connect_mock.advance(120 / steps)
        runs.append((heard.ids[:], heard.times[:]))
        heard.forget()
        connect_mock.restore(before)
    assert runs[0] == runs[1]


def test_without_shuffle_late_events_stay_in_order(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    connect_mock.delivery(delay=(5, 40))
    dial(10)
    connect_mock.advance(200)
    assert heard.events == connect_mock.events
    assert heard.records == connect_mock.contact_records
    assert all(5 <= seconds <= 40 for seconds in heard.times_late)
    assert len(set(heard.times_late)) > 10


def test_with_shuffle_a_late_event_overtakes_another(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    connect_mock.delivery(delay=(0, 100), shuffle=True)
    dial(10)
    connect_mock.advance(300)
    assert heard.ids != ids_of(connect_mock)
    assert sorted(heard.ids) == sorted(ids_of(connect_mock))
    assert heard.times == sorted(heard.times)
    assert all(0 <= seconds <= 100 for seconds in heard.times_late)
    assert heard.records != connect_mock.contact_records
    assert sorted(record["ContactId"] for record in heard.records) == sorted(
        record["ContactId"] for record in connect_mock.contact_records
    )


def test_with_shuffle_alone_only_one_moment_is_out_of_order(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    orders = set()
    for seed in range(20):
        connect_mock.delivery(shuffle=True, seed=seed)
        heard.forget()
        dial(1)
        connect_mock.advance(100)
        types = [event["detail"]["eventType"] for event in heard.events]
        assert types[0] == "INITIATED"
        assert set(types[1:4]) == {"CONNECTED_TO_SYSTEM", "QUEUED", "CONNECTED_TO_AGENT"}
        assert set(types[4:]) == {"DISCONNECTED", "COMPLETED"}
        assert set(heard.times_late) == {0}
        orders.add(tuple(types))
    assert len(orders) > 6


def test_events_stay_the_truth_in_order(connect_mock: ConnectMock, heard: Heard, dial: Dial) -> None:
    connect_mock.delivery(duplicates=1, delay=(0, 100), shuffle=True)
    dial(3)
    connect_mock.advance(300)
    times = [event["time"] for event in connect_mock.events]
    assert times == sorted(times)
    assert len(set(ids_of(connect_mock))) == len(connect_mock.events) == 18


def test_a_record_is_heard_again_after_a_change_of_the_contact(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    heard: Heard,
    dial: Dial,
) -> None:
    connect_mock.delivery(duplicates=1, delay=(0, 60), shuffle=True, seed=4)
    dial(1)
    contact_id = connect_mock.contacts.one().id
    connect_mock.advance(65)
    connect_client.update_contact_attributes(
        InstanceId=connect_instance.id, InitialContactId=contact_id, Attributes={"result": "sold"}
    )
    connect_mock.advance(5)
    connect_client.update_contact_attributes(
        InstanceId=connect_instance.id, InitialContactId=contact_id, Attributes={"result": "not sold"}
    )
    connect_mock.advance(60)
    results = [record["Attributes"].get("result") for record in heard.records]
    assert Counter(results) == {None: 2, "sold": 2, "not sold": 2}
    updated = [record["LastUpdateTimestamp"] for record in heard.records]
    assert updated != sorted(updated)


def a_mock() -> tuple[ConnectMock, Dial]:
    """Return a mock, and a function that puts contacts for a campaign with two agents."""
    mock = ConnectMock()
    instance = mock.add_instance()
    queue = instance.add_queue()
    queue.add_agents(2)
    campaign = instance.add_campaign(queue=queue)
    campaign.start()

    def dial(contacts: int) -> None:
        items = [item_for(queue, campaign, f"+1555555{number:04}") for number in range(contacts)]
        mock.client().batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)

    return mock, dial


def heard_of(seed: int) -> list[str]:
    mock, dial = a_mock()
    heard = Heard(mock)
    mock.delivery(duplicates=0.3, delay=(0, 30), shuffle=True, seed=seed)
    dial(2)
    mock.advance(200)
    return heard.ids


def test_the_same_seed_delivers_the_same() -> None:
    assert heard_of(1) == heard_of(1)
    assert len({tuple(heard_of(seed)) for seed in range(5)}) > 1


def test_listeners_of_records_change_nothing_of_the_events(connect_mock: ConnectMock, dial: Dial) -> None:
    events: list[Event] = []
    connect_mock.on_event(events.append)
    connect_mock.delivery(duplicates=0.5, delay=(0, 30), shuffle=True)
    before = connect_mock.snapshot()
    dial(5)
    connect_mock.advance(200)
    alone = [event["id"] for event in events]

    connect_mock.restore(before)
    events.clear()
    connect_mock.on_contact_record(lambda record: None)
    dial(5)
    connect_mock.advance(200)
    assert [event["id"] for event in events] == alone


def test_another_delivery_is_for_what_happens_from_then_on(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    connect_mock.delivery(delay=50)
    dial(1)
    connect_mock.delivery()
    connect_mock.advance(5)
    connect_mock.delivery(delay=1)
    connect_mock.advance(100)
    assert [event["detail"]["eventType"] for event in heard.events] == [
        "CONNECTED_TO_SYSTEM",
        "QUEUED",
        "CONNECTED_TO_AGENT",
        "INITIATED",
        "DISCONNECTED",
        "COMPLETED",
    ]
    assert heard.times_late == [0, 0, 0, 50, 1, 1]


def test_a_listener_hears_nothing_from_before_it_listened(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    later: list[Event] = []
    connect_mock.delivery(delay=10)
    dial(1)
    connect_mock.on_event(later.append)
    connect_mock.advance(200)
    assert later == connect_mock.events[1:] == heard.events[1:]


def test_restore_brings_back_what_was_on_its_way(connect_mock: ConnectMock, heard: Heard, dial: Dial) -> None:
    connect_mock.delivery(duplicates=0.5, delay=(10, 60), shuffle=True, seed=5)
    dial(4)
    connect_mock.advance(12)
    # What the replaced delivery has on its way is kept, too.
    connect_mock.delivery(duplicates=0.5, delay=(10, 60), seed=6)
    dial(2)
    before, early = connect_mock.snapshot(), len(heard.ids)
    connect_mock.advance(300)
    first = heard.ids[early:]
    for _ in range(2):
        connect_mock.restore(before)
        del heard.events[early:]
        connect_mock.advance(300)
        assert heard.ids[early:] == first
    assert len(first) > 20


def test_reset_delivers_at_once_again(connect_mock: ConnectMock, heard: Heard, dial: Dial) -> None:
    connect_mock.delivery(delay=10)
    dial(1)
    connect_mock.reset()
    instance, after = connect_mock.add_instance(), Heard(connect_mock)
    campaign = instance.add_campaign(queue=instance.add_queue())
    connect_mock.client().batch_put_contact(
        InstanceId=instance.id, ContactDataRequestList=[item_for(instance.queues[0], campaign)]
    )
    assert after.events == connect_mock.events
    assert len(after.events) == 1
    connect_mock.advance(100)
    assert heard.events == []


def test_a_clock_that_is_set_back_holds_no_later_event_back(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    connect_mock.delivery(delay=1)
    dial(1)
    connect_mock.advance(200)
    heard.forget()
    with time_machine.travel(START - timedelta(days=1), tick=False):
        dial(1)
        connect_mock.advance(1)
        assert heard.times_late == [1]


def test_a_listener_acts_at_the_time_at_which_it_hears(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    dial: Dial,
) -> None:
    @connect_mock.on_event
    def stop(event: Event) -> None:
        if event["detail"]["eventType"] == "CONNECTED_TO_AGENT":
            connect_client.stop_contact(
                InstanceId=connect_instance.id, ContactId=event["detail"]["contactId"]
            )

    connect_mock.delivery(delay=10)
    dial(1)
    connect_mock.advance(100)
    contact = connect_mock.contacts.one()
    assert contact.disconnected_at == START + timedelta(seconds=15)


def test_what_is_late_is_reported_until_it_is_heard(
    connect_mock: ConnectMock, heard: Heard, dial: Dial
) -> None:
    connect_mock.delivery(delay=10)
    dial(2)
    assert connect_mock.describe_calls().endswith(
        "\n\nNot heard yet: 2 late messages for the listeners of events and records; "
        "connect_mock.advance(seconds) delivers what is due by then."
    )
    connect_mock.advance(300)
    assert "Not heard yet" not in connect_mock.describe_calls()


SHARE = r"takes duplicates= as a share from 0 to 1, not "
SECONDS = (
    r"takes delay= as seconds from 0 to one year, or as the least and the most of them, such as \(0, 30\)"
)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"duplicates": -0.1}, SHARE + r"-0\.1"),
        ({"duplicates": 1.1}, SHARE + r"1\.1"),
        ({"duplicates": float("nan")}, SHARE + "nan"),
        ({"duplicates": True}, SHARE + "True"),
        ({"duplicates": "half"}, SHARE + "'half'"),
        ({"delay": -1}, SECONDS + ", not -1"),
        ({"delay": "soon"}, SECONDS + ", not 'soon'"),
        ({"delay": False}, SECONDS + ", not False"),
        ({"delay": (1,)}, SECONDS + r", not \(1,\)"),
        ({"delay": (3, 2)}, SECONDS + r", not \(3, 2\)"),
        ({"delay": (0, None)}, SECONDS + r", not \(0, None\)"),
        ({"delay": (0, float("inf"))}, SECONDS + r", not \(0, inf\)"),
        ({"delay": 10**400}, SECONDS),
        ({"shuffle": 1}, "takes shuffle= as True or False, not 1"),
        ({"seed": 0.5}, r"takes seed= as an integer, not 0\.5"),
        ({"seed": True}, "takes seed= as an integer, not True"),
    ],
)
def test_an_invalid_delivery_is_refused(
    connect_mock: ConnectMock, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^connect_mock.delivery {message}"):
        connect_mock.delivery(**arguments)


# Any delivery


@settings(max_examples=settings.default.max_examples // 2)
@given(
    duplicates=st.sampled_from([0, 0.5, 1]),
    delay=st.none() | st.integers(0, 50) | st.tuples(st.floats(0, 20), st.floats(20, 50)),
    shuffle=st.booleans(),
    seed=st.integers(),
    steps=st.lists(st.sampled_from([0, 1, 7, 30]), max_size=20),
)
def test_all_is_heard_once_or_twice_within_the_delay(
    duplicates: float, delay: Any, shuffle: bool, seed: int, steps: list[int]
) -> None:
    with time_machine.travel(START, tick=False):
        mock, dial = a_mock()
        heard = Heard(mock)
        mock.delivery(duplicates=duplicates, delay=delay, shuffle=shuffle, seed=seed)
        dial(5)
        for seconds in (*steps, 300):
            mock.advance(seconds)

    counts = Counter(heard.ids)
    assert counts.keys() == set(ids_of(mock))
    assert set(counts.values()) <= {0: {1}, 0.5: {1, 2}, 1: {2}}[duplicates]
    assert Counter(record["ContactId"] for record in heard.records).keys() == {
        contact.id for contact in mock.contacts
    }
    least, most = delay if isinstance(delay, tuple) else (delay or 0,) * 2
    # The clock counts in microseconds.
    assert all(least - 1e-6 <= seconds <= most + 1e-6 for seconds in heard.times_late)
    assert heard.times == sorted(heard.times)
    assert shuffle or list(counts) == ids_of(mock)
