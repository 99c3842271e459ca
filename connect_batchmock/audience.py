"""Whom a test lets hear of what happens: its functions that take contact events and contact records."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable
from typing import Any

from connect_batchmock import explain
from connect_batchmock.contact_records import contact_record
from connect_batchmock.domain.contact import ContactEvent
from connect_batchmock.domain.timeline import Timeline
from connect_batchmock.events import envelope
from connect_batchmock.faults import PlanBroken

Hearer = Callable[[dict[str, Any]], object]


class Audience:
    """The functions that hear of events, and the events that they are still to hear of."""

    def __init__(self) -> None:
        self._of_events: list[Hearer] = []
        self._of_records: list[Hearer] = []
        self._untold: deque[ContactEvent] = deque()

    def add_for_events(self, function: Callable[..., object]) -> None:
        """Let a function hear of each contact event from now on."""
        self._of_events.append(_hearer("on_event", function))

    def add_for_records(self, function: Callable[..., object]) -> None:
        """Let a function hear of each contact record from now on."""
        self._of_records.append(_hearer("on_contact_record", function))

    def note(self, event: ContactEvent) -> None:
        """Remember an event that is to be told."""
        if self._of_events or self._of_records:
            self._untold.append(event)

    def tell(self, timeline: Timeline) -> None:
        """Tell what is untold, each event at the time when it happened.

        Raises:
            PlanBroken: a function raised an exception.
        """
        while self._untold:
            event = self._untold.popleft()
            with timeline.standing_still(event.at):
                for hearer in self._of_events:
                    hearer(envelope(event))
                if event.contact.state == "COMPLETED":
                    for hearer in self._of_records:
                        hearer(contact_record(event.contact))


def _hearer(method: str, function: object) -> Hearer:
    if not callable(function) or inspect.iscoroutinefunction(function):
        raise TypeError(explain.not_a_hearer(method, function))
    # A Lambda handler takes a context too, and a handler of events has no use for it.
    context = (None,) if _takes_a_context(function) else ()

    def hear(told: dict[str, Any]) -> None:
        try:
            function(told, *context)
        except Exception as error:
            raise PlanBroken(explain.hearer_raised(method, error)) from error

    return hear


def _takes_a_context(function: Callable[..., object]) -> bool:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    return sum(one.kind in positional and one.default is one.empty for one in parameters) > 1
