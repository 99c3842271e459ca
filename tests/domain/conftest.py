"""Fixtures for dialing: contacts of campaigns, and a clock that is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
import time_machine

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Queue

START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def start() -> Iterator[datetime]:
    """Stop the outer clock, so that every time is known to the microsecond."""
    with time_machine.travel(START, tick=False):
        yield START


@pytest.fixture
def put_for(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> Callable[..., list[str]]:
    """Put contacts for a campaign, and return their ids; a keyword replaces a member of each item."""
    numbers = iter(range(10_000_000))

    def put(campaign: Campaign, count: int = 1, **changes: Any) -> list[str]:
        def item() -> dict[str, Any]:
            address = f"+1555{next(numbers):07}"
            members = {
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": address},
                "QueueId": connect_queue.id,
                "Campaign": {"CampaignId": campaign.id},
                **changes,
            }
            return {name: value for name, value in members.items() if value is not None}

        ids = []
        while count:
            size = min(count, 25)
            answer = connect_client.batch_put_contact(
                InstanceId=connect_instance.id, ContactDataRequestList=[item() for _ in range(size)]
            )
            assert answer["FailedRequestList"] == []
            ids += [item["ContactId"] for item in answer["SuccessfulRequestList"]]
            count -= size
        return ids

    return put


@pytest.fixture
def calls_now(connect_mock: ConnectMock) -> Callable[..., list[Contact]]:
    """Return the contacts with a phone call in progress: dialed, and not disconnected."""

    def calls(**criteria: Any) -> list[Contact]:
        return [
            one
            for one in connect_mock.contacts.where(**criteria)
            if one.dialed_at is not None and one.disconnected_at is None
        ]

    return calls
