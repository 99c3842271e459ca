"""The cost of a million contacts: time for each batch, memory for each contact, and lookups."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from connect_batchmock import ConnectMock

BATCH = 25
BATCHES = 40_000
AT_EACH_END = 1000


def resident() -> int:
    """Return the resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def batch(number: int, queue: str, campaign: str) -> list[dict[str, Any]]:
    return [
        {
            "RequestIdentifier": f"lead-{place}",
            "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": f"+1555{place:07}"},
            "QueueId": queue,
            "Campaign": {"CampaignId": campaign},
            "Attributes": {"lead": str(place)},
        }
        for place in range(number * BATCH, (number + 1) * BATCH)
    ]


def test_a_million_contacts(benchmark: Any, note: Any) -> None:
    mock = ConnectMock()
    instance = mock.add_instance()
    queue = instance.add_queue()
    campaign = instance.add_campaign(queue=queue)
    client = mock.client()
    taken: list[float] = []

    def put(number: int) -> None:
        items = batch(number, queue.id, campaign.id)
        began = time.perf_counter()
        client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=items)
        taken.append(time.perf_counter() - began)

    def put_all() -> None:
        for number in range(BATCHES):
            put(number)

    gc.collect()
    before = resident()
    benchmark.pedantic(put_all, rounds=1)
    gc.collect()
    each = (resident() - before) / (BATCH * BATCHES)

    first, last = taken[:AT_EACH_END], taken[-AT_EACH_END:]
    what = f"{BATCH * BATCHES:,} contacts in {BATCHES:,} batches"
    note(what, f"the first {AT_EACH_END:,} batches, each", milliseconds(statistics.mean(first)), "1")
    ratio = statistics.mean(last) / statistics.mean(first)
    note(what, f"the last {AT_EACH_END:,} batches, each", milliseconds(statistics.mean(last)), f"{ratio:.3g}")
    note(what, "memory for each contact, with its call", f"{each:,.0f} bytes", "")
    look_up(mock, note, what)


def look_up(mock: ConnectMock, note: Any, what: str) -> None:
    contact = mock.contacts[-1]
    by_id = {"id": contact.id}
    lookups: dict[str, dict[str, Any]] = {
        "by id": by_id,
        "by customer_address": {"customer_address": contact.customer_address},
        "by request_identifier": {"request_identifier": contact.request_identifier},
        "by queue and customer_address": {
            "queue": contact.queue,
            "customer_address": contact.customer_address,
        },
        "by campaign and id": {"campaign": contact.campaign, **by_id},
    }
    for name, criteria in lookups.items():
        find = lambda criteria=criteria: mock.contacts.one(**criteria)  # noqa: E731
        note(what, f"one() {name}, at first", milliseconds(timed(find)), "")
        again = statistics.median(timed(find) for _ in range(100))
        note(what, f"one() {name}, then", milliseconds(again), "")
    scan = timed(lambda: mock.contacts.where(state="QUEUED"))
    note(what, "where() by state, which looks at each", milliseconds(scan), "")


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms"
