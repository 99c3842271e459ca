"""The cost of dialing by the number of contacts.

Run it with ``python -m pytest tests/benchmarks/bench_dialing.py``; it is not part of the default run.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from connect_batchmock import Campaign, ConnectMock, Queue, outcomes

BATCH = 25
AGENTS = 100
COURSE = [
    outcomes.answered(ring=5, talk=60),
    outcomes.voicemail(ring=20, talk=20),
    outcomes.no_answer(ring=30),
    outcomes.busy(),
]


def batches(count: int, queue: Queue, campaign: Campaign) -> Iterator[list[dict[str, Any]]]:
    items = (
        {
            "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": f"+1555{number:07}"},
            "QueueId": queue.id,
            "Campaign": {"CampaignId": campaign.id},
        }
        for number in range(count)
    )
    while batch := list(islice(items, BATCH)):
        yield batch


def dial(count: int, mode: str) -> list[float]:
    """Dial so many contacts to their end, and return the seconds of this process that each tenth took."""
    mock = ConnectMock()
    client = mock.client()
    instance = mock.add_instance()
    queue = instance.add_queue()
    queue.add_agents(AGENTS)
    campaign = instance.add_campaign(queue=queue, mode=mode)
    campaign.start()
    campaign.pause()
    outcomes_left = iter(COURSE * (count // len(COURSE)))
    mock.on_dial(lambda contact: next(outcomes_left))
    for batch in batches(count, queue, campaign):
        client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=batch)
    campaign.resume()

    tenths, since = [], time.process_time()
    while len(tenths) < 10:
        mock.advance(10)
        if len(mock.contact_records) >= count * (len(tenths) + 1) // 10:
            tenths.append(time.process_time() - since)
            since = time.process_time()
    assert len(mock.contact_records) == count
    assert {contact.state for contact in mock.contacts} == {"COMPLETED"}
    return tenths


@pytest.mark.parametrize("mode", ["progressive", "predictive"])
@pytest.mark.parametrize("count", [10_000, 100_000])
def test_contacts_dial_to_their_end(
    benchmark: Any, capsys: pytest.CaptureFixture[str], count: int, mode: str
) -> None:
    tenths: list[float] = benchmark.pedantic(dial, (count, mode), rounds=1)

    each = f"{sum(tenths) / count * 1e6:.0f} µs each"
    growth = f"the last tenth took {tenths[-1] / tenths[0]:.2f} times the first"
    benchmark.extra_info["cost"] = f"{each}, {growth}"
    with capsys.disabled():
        sys.stdout.write(f"\n{count:>7} contacts, {mode}: {each}, {growth}\n")


@pytest.mark.parametrize("mode", ["progressive", "predictive"])
def test_a_contact_costs_as_much_among_100_000_as_among_1_000(benchmark: Any, note: Any, mode: str) -> None:
    dial(1_000, mode)

    def dial_few() -> float:
        # Not the median: now and then Python collects garbage, which belongs to the price of them all.
        return statistics.mean(sum(dial(1_000, mode)) / 1_000 for _ in range(20))

    before = dial_few()
    many = sum(benchmark.pedantic(dial, (100_000, mode), rounds=1)) / 100_000
    few = (before + dial_few()) / 2

    what = f"a contact that is dialed to its end, {mode}"
    note(what, "among 1,000", f"{few * 1e6:.0f} µs", "1")
    note(what, "among 100,000", f"{many * 1e6:.0f} µs", f"{many / few:.2f}")
    assert many <= 1.3 * few
