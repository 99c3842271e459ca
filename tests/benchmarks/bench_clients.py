"""The cost of a client, and of the first client of a process, in processor time, with their marks.

Run it with ``python -m pytest -p no:randomly tests/benchmarks/bench_clients.py``; it is not part of the
default run.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

from connect_batchmock import mock_connect
from connect_batchmock.interception.botocore import new_session

ROUNDS = 200
PROCESSES = 10
MAX_RATIO_OF_A_CLIENT = 0.6
MAX_SECONDS_OF_FIRST_USE = 0.08

BOTO3 = """
import boto3
boto3.Session("key", "secret", region_name="us-east-1").client("connect")
"""
CONNECT_BATCHMOCK = """
import boto3
from connect_batchmock import mock_connect
with mock_connect():
    boto3.client("connect", region_name="us-east-1")
"""
PRINT_TIME = """
import time
print(time.process_time())
"""


def seconds_of(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def median_of(rounds: list[dict[str, float]], name: str) -> float:
    return statistics.median(measured[name] for measured in rounds)


def verdict(value: float, limit: float) -> str:
    return "met" if value <= limit else "missed"


def test_a_client(note: Any) -> None:
    plain = boto3.Session("key", "secret", region_name="us-east-1")
    fixtures = new_session("us-east-1")
    boto3.setup_default_session(region_name="us-east-1")

    def in_a_mock(make: Callable[[Any], object]) -> float:
        with mock_connect() as mock:
            return seconds_of(lambda: make(mock))

    contestants: dict[str, Callable[[], float]] = {
        "botocore, the second client of a session": lambda: seconds_of(lambda: plain.client("connect")),
        "in a mock, of the default session": lambda: in_a_mock(lambda mock: boto3.client("connect")),
        "in a mock, of a session of its own": lambda: in_a_mock(
            lambda mock: boto3.Session(region_name="us-east-1").client("connect")
        ),
        "connect_mock.client()": lambda: in_a_mock(lambda mock: mock.client()),
        "connect_client": lambda: in_a_mock(
            lambda mock: mock.attach(fixtures.create_client("connect", region_name="us-east-1"))
        ),
    }
    for measure in contestants.values():
        measure()
    # In a fixed order, the collections of the garbage collector would always hit the same contestant.
    order = random.Random(0)
    rounds = [
        {name: contestants[name]() for name in order.sample(list(contestants), len(contestants))}
        for _ in range(ROUNDS)
    ]
    reference, *others = contestants
    note("a client", reference, f"{median_of(rounds, reference) * 1000:.2f} ms", "1")
    for name in others:
        ratio = statistics.median(measured[name] / measured[reference] for measured in rounds)
        mark = f"at most {MAX_RATIO_OF_A_CLIENT}: {verdict(ratio, MAX_RATIO_OF_A_CLIENT)}"
        note("a client", name, f"{median_of(rounds, name) * 1000:.2f} ms", f"{ratio:.2f}, {mark}")


def test_first_use(note: Any, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def seconds_of_a_process(code: str) -> float:
        command = [sys.executable, "-c", code + PRINT_TIME]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        return float(done.stdout)

    # The first round compiles the modules.
    rounds = [
        [seconds_of_a_process(code) for code in (BOTO3, CONNECT_BATCHMOCK)] for _ in range(PROCESSES + 1)
    ]
    boto3_alone, with_the_mock = (min(measured[number] for measured in rounds[1:]) for number in (0, 1))

    above = with_the_mock - boto3_alone
    mark = f"at most {MAX_SECONDS_OF_FIRST_USE * 1000:.0f} ms: {verdict(above, MAX_SECONDS_OF_FIRST_USE)}"
    note("the first client of a process", "boto3", f"{boto3_alone * 1000:.0f} ms", "")
    note(
        "the first client of a process",
        "connect_batchmock, in the first mock",
        f"{with_the_mock * 1000:.0f} ms",
        f"{above * 1000:.0f} ms more, {mark}",
    )
