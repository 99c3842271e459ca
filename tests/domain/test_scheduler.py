"""The clock of a mock: it follows frozen time, and a test can advance it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import freezegun
import pytest
import time_machine
from factories import START, AnItem, Put

from connect_batchmock import ConnectMock

FOREVER = (datetime.max.replace(tzinfo=timezone.utc) - START).total_seconds() - 1
WEEK = timedelta(days=7).total_seconds()


def test_it_follows_time_machine(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    with time_machine.travel(START, tick=False) as traveler:
        put(an_item())
        traveler.shift(timedelta(hours=1))
        put(an_item())
    assert [contact.created_at for contact in connect_mock.contacts] == [START, START + timedelta(hours=1)]


def test_it_follows_freezegun(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    with freezegun.freeze_time(START) as frozen:
        put(an_item())
        frozen.tick(3600)
        put(an_item())
        assert connect_mock.now() == START + timedelta(hours=1)
    assert [contact.created_at for contact in connect_mock.contacts] == [START, START + timedelta(hours=1)]


@time_machine.travel(START, tick=False)
def test_it_can_be_put_forward(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.advance(90)
    connect_mock.advance(0.5)
    connect_mock.advance(0)
    put(an_item())
    later = START + timedelta(seconds=90.5)
    assert connect_mock.now() == connect_mock.contacts[0].created_at == connect_mock.calls[0].at == later


@time_machine.travel(START, tick=False)
def test_reset_puts_it_back(connect_mock: ConnectMock) -> None:
    connect_mock.advance(90)
    connect_mock.reset()
    assert connect_mock.now() == START


def test_it_goes_on_from_where_it_was_put(connect_mock: ConnectMock) -> None:
    with time_machine.travel(START, tick=False) as traveler:
        connect_mock.advance(60)
        traveler.shift(timedelta(seconds=1))
        assert connect_mock.now() == START + timedelta(seconds=61)


@time_machine.travel(START, tick=False)
def test_a_token_lives_for_seven_days_of_it(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item(), ClientToken="token")
    connect_mock.advance(WEEK - 1)
    put(an_item(), ClientToken="token")
    connect_mock.assert_contact_count(1)
    connect_mock.advance(1)
    put(an_item(), ClientToken="token")
    connect_mock.assert_contact_count(2)


@pytest.mark.parametrize("seconds", [FOREVER, -1, -0.001, float("nan"), float("inf"), 1e12])
def test_it_cannot_be_put_anywhere_else(connect_mock: ConnectMock, seconds: Any) -> None:
    with time_machine.travel(START, tick=False):
        with pytest.raises(
            ValueError, match="advance takes seconds, from 0 on and within the range of dates"
        ):
            connect_mock.advance(seconds)
        assert connect_mock.now() == START
