"""Observers of mocks: a test runner learns here which mocks become active while a test runs.

This module loads nothing, so that a runner observes before anything of a mock is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Observer(Protocol):
    """What is told of mocks."""

    def mock_started(self, mock: Any) -> None:
        """Take a mock that has become active."""

    def mock_stopped(self, mock: Any) -> None:
        """Take a mock that is no longer active."""


_observers: list[Observer] = []


@contextmanager
def observing(observer: Observer) -> Iterator[None]:
    """Tell an observer of mocks, instead of the one before it: that one belongs to an outer test run."""
    _observers.append(observer)
    try:
        yield
    finally:
        _observers.remove(observer)


@contextmanager
def observed(mock: Any) -> Iterator[None]:
    """Tell the observer that a mock is active."""
    observers = _observers[-1:]
    for observer in observers:
        observer.mock_started(mock)
    try:
        yield
    finally:
        for observer in observers:
            observer.mock_stopped(mock)
