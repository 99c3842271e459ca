"""The types of the benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

Act = Callable[[], object]


@dataclass(frozen=True)
class Prepared:
    """Something to be timed that has to be made ready before, and put away after."""

    make: Callable[[], AbstractContextManager[Act]]
