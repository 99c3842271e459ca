"""Whom a test lets hear of what happens: its functions that take contact events and contact records."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from connect_batchmock.domain.contact import ContactEvent
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.engine.event_formats import contact_record, envelope
from connect_batchmock.engine.faults import PlanError

Listener = Callable[[dict[str, Any]], "list[PlanError]"]
Hearing = Callable[[], "list[PlanError]"]
"""Tells somebody of an event, and returns what they raised, if they did."""


class Listeners(Stateful):
    """The functions that hear of events, and the events that they are still to hear of."""

    def __init__(self) -> None:
        self._of_events: list[Listener] = []
        self._of_records: list[Listener] = []
        self._untold: deque[ContactEvent] = deque()

    def add_for_events(self, function: Callable[..., object]) -> None:
        """Let a function hear of each contact event from now on."""
        self._of_events.append(_listener("on_event", function))

    def add_for_records(self, function: Callable[..., object]) -> None:
        """Let a function hear of each contact record from now on."""
        self._of_records.append(_listener("on_contact_record", function))

    @property
    def is_there(self) -> bool:
        """Whether anybody hears of anything."""
        return bool(self._of_events or self._of_records)

    def enqueue(self, event: ContactEvent) -> None:
        """Remember an event that is to be told."""
        if self.is_there:
            self._untold.append(event)

    @property
    def has_pending(self) -> bool:
        """Whether there is an event that is to be told."""
        return bool(self._untold)

    def pop_pending(self) -> ContactEvent | None:
        """Return the next event that is to be told, and forget it."""
        return self._untold.popleft() if self._untold else None

    def hearings(self, event: ContactEvent) -> list[Hearing]:
        """Return how everybody is told of an event, one after the other."""
        hearings: list[Hearing] = [partial(hearer, envelope(event)) for hearer in self._of_events]
        if event.is_recorded:
            hearings += [partial(hearer, contact_record(event.contact)) for hearer in self._of_records]
        return hearings


def _listener(method: str, function: object) -> Listener:
    if not callable(function) or inspect.iscoroutinefunction(function):
        raise TypeError(
            f"connect_mock.{method} takes a plain function, such as a Lambda handler, not {function!r}."
        )
    # A Lambda handler takes a context too, and a handler of events has no use for it.
    context = (None,) if _takes_a_context(function) else ()

    def hear(told: dict[str, Any]) -> list[PlanError]:
        try:
            function(told, *context)
        except Exception as error:
            broken = PlanError(
                f"The function that was given to connect_mock.{method} raised {type(error).__name__}: {error}"
            )
            broken.__cause__ = error
            return [broken]
        return []

    return hear


def _takes_a_context(function: Callable[..., object]) -> bool:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        # Some functions that are written in C do not say what they take.
        return False
    return sum(one.kind in positional and one.default is one.empty for one in parameters) > 1
