"""Benchmarks that are compared run in turns within each round, so that noise affects all of them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
from fixtures import Act, Prepared

ROWS = pytest.StashKey["list[Row]"]()


@dataclass(frozen=True)
class Row:
    """A line of the table at the end of the run: a measurement and its ratio, with the quartiles."""

    what: str
    name: str
    value: str
    ratio: str


Compare = Callable[..., None]
Note = Callable[[str, str, str, str], None]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = []


@pytest.fixture
def note(pytestconfig: pytest.Config) -> Note:
    """Add a line to the table: the benchmark, a name, a figure and its ratio."""

    def add(what: str, name: str, value: str, ratio: str) -> None:
        pytestconfig.stash[ROWS].append(Row(what, name, value, ratio))

    return add


@pytest.fixture
def compare(benchmark: Any, note: Note) -> Compare:
    """Run what is compared in turns; the first is what the others are measured by.

    What has to be made ready for each round is a context manager in a ``Prepared``; that takes no time.
    """

    def run(what: str, rounds: int, contestants: Mapping[str, Act | Prepared]) -> None:
        times: dict[str, list[float]] = {name: [] for name in contestants}

        def each() -> None:
            for name, contestant in contestants.items():
                with _prepared(contestant) as act:
                    began = time.perf_counter()
                    act()
                    times[name].append(time.perf_counter() - began)

        for contestant in contestants.values():
            with _prepared(contestant) as act:
                act()
        gc.collect()
        benchmark.pedantic(each, rounds=rounds)
        reference = times[next(iter(contestants))]
        for name, taken in times.items():
            benchmark.extra_info[name] = statistics.median(taken)
            note(what, name, f"{statistics.median(taken) * 1000:.3f} ms", _ratio(taken, reference))

    return run


def _prepared(contestant: Act | Prepared) -> AbstractContextManager[Act]:
    return contestant.make() if isinstance(contestant, Prepared) else nullcontext(contestant)


def _ratio(taken: list[float], reference: list[float]) -> str:
    if taken is reference:
        return "1"
    low, middle, high = statistics.quantiles(
        [seconds / other for seconds, other in zip(taken, reference, strict=True)], n=4
    )
    return f"{_times(middle)} ({_times(low)} to {_times(high)})"


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio > 0.5 else f"1/{1 / ratio:.1f}"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    rows = config.stash[ROWS]
    if rows:
        terminalreporter.section("ratios: the median of all rounds, and its quartiles")
    what = ""
    for row in rows:
        if row.what != what:
            what = row.what
            terminalreporter.line(what)
        terminalreporter.line(f"    {row.name:<44} {row.value:>14}   {row.ratio}")
