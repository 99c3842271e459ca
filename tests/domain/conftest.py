"""Fixtures for dialing: a frozen clock, and the phone calls of the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
import time_machine

from connect_batchmock import ConnectMock, Contact

START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def start() -> Iterator[datetime]:
    """Freeze the outer clock, so that every time is exact."""
    with time_machine.travel(START, tick=False):
        yield START


@pytest.fixture
def calls_now(connect_mock: ConnectMock) -> Callable[..., list[Contact]]:
    """Return call contacts phone call phone: dialed and not disconnected."""

    def calls(**criteria: Any) -> list[Contact]:
        return [
            contact
            for contact in connect_mock.contacts.where(**criteria)
            if contact.dialed_at is not None and contact.disconnected_at is None
        ]

    return calls
