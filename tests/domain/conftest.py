"""Fixtures for dialing: a frozen clock, and the current phone calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from connect_batchmock import ConnectMock, Contact


@pytest.fixture
def start(frozen_time: datetime) -> datetime:
    """Return the time at which the clock is stopped."""
    return frozen_time


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
