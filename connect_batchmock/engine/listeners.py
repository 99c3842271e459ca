"""The listeners of a mock: the functions of a test that take contact events and contact records."""

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
"""Takes an event or a record, and returns the exception of the function, if it raised one."""

Delivery = Callable[[], "list[PlanError]"]
"""Delivers an event or a record to one listener, and returns what the listener returns."""


class Listeners(Stateful):
    """The listeners, and the events that are not delivered yet; it is false while nobody listens."""

    def __init__(self) -> None:
        self._of_events: list[Listener] = []
        self._of_records: list[Listener] = []
        self._pending: deque[ContactEvent] = deque()

    def add_for_events(self, function: Callable[..., object]) -> None:
        """Deliver each contact event to a function from now on."""
        self._of_events.append(_listener("on_event", function))

    def add_for_records(self, function: Callable[..., object]) -> None:
        """Deliver each contact record to a function from now on."""
        self._of_records.append(_listener("on_contact_record", function))

    def __bool__(self) -> bool:
        return bool(self._of_events or self._of_records)

    def enqueue(self, event: ContactEvent) -> None:
        """Add an event to those that are not delivered yet."""
        if self:
            self._pending.append(event)

    @property
    def has_pending(self) -> bool:
        """Whether there is an event that is not delivered yet."""
        return bool(self._pending)

    def pop_pending(self) -> ContactEvent | None:
        """Remove and return the next event to deliver, if there is one."""
        return self._pending.popleft() if self._pending else None

    def deliveries(self, event: ContactEvent) -> list[Delivery]:
        """Return the deliveries of an event and of its record, in order."""
        deliveries: list[Delivery] = []
        if event.type is not None:
            deliveries += [partial(listener, envelope(event)) for listener in self._of_events]
        if event.is_recorded:
            deliveries += [partial(listener, contact_record(event.contact)) for listener in self._of_records]
        return deliveries


def _listener(method: str, function: object) -> Listener:
    if not callable(function) or inspect.iscoroutinefunction(function):
        raise TypeError(
            f"connect_mock.{method} takes a plain function, such as a Lambda handler, not {function!r}."
        )
    # A Lambda handler takes a context, too, which a mock does not have.
    context = (None,) if _takes_context(function) else ()

    def listen(payload: dict[str, Any]) -> list[PlanError]:
        try:
            function(payload, *context)
        except Exception as error:
            broken = PlanError(
                f"The function that was given to connect_mock.{method} raised {type(error).__name__}: {error}"
            )
            broken.__cause__ = error
            return [broken]
        return []

    return listen


def _takes_context(function: Callable[..., object]) -> bool:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        # Some functions that are written in C have no signature.
        return False
    required = [
        parameter
        for parameter in parameters
        if parameter.kind in positional and parameter.default is parameter.empty
    ]
    return len(required) > 1
