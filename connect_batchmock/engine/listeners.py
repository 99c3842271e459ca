"""The listeners of a mock: functions of a test, and servers, that take contact events and contact records."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from threading import Lock
from typing import Any, Literal

from connect_batchmock.domain.contact import ContactEvent
from connect_batchmock.domain.scheduler import Scheduler
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.engine.delivery import Arrival, Arrivals, Delivery, DeliveryPlan, Listener, Message
from connect_batchmock.engine.event_formats import contact_record, envelope
from connect_batchmock.engine.faults import PlanError

Kind = Literal["events", "records"]


class Targets:
    """The servers that take the events and the records of a mock, whatever the mock forgets or restores."""

    def __init__(self) -> None:
        # Servers stop without the lock of the backend, which a function of the test may hold.
        self._lock = Lock()
        self.of_events: tuple[Listener, ...] = ()
        self.of_records: tuple[Listener, ...] = ()

    def add(self, kind: Kind, listener: Listener) -> None:
        """Deliver each event or record to a listener from now on."""
        with self._lock:
            setattr(self, f"of_{kind}", (*getattr(self, f"of_{kind}"), listener))

    def remove(self, kind: Kind, listener: Listener) -> None:
        """Deliver nothing more to a listener that may have been removed already."""
        with self._lock:
            others = (other for other in getattr(self, f"of_{kind}") if other != listener)
            setattr(self, f"of_{kind}", tuple(others))


class Listeners(Stateful):
    """The listeners, and the messages that they hear next.

    Args:
        scheduler: carries late deliveries out.
        targets: the servers that listen, too.
    """

    def __init__(self, scheduler: Scheduler, targets: Targets) -> None:
        self._scheduler = scheduler
        self._targets = targets
        self._of_events: tuple[Listener, ...] = ()
        self._of_records: tuple[Listener, ...] = ()
        self._arrivals: Arrivals = Arrivals()
        self._event_delivery: Delivery | None = None
        self._record_delivery: Delivery | None = None

    def add_for_events(self, function: Callable[..., object]) -> None:
        """Deliver each contact event to a function from now on."""
        self._of_events = (*self._of_events, _listener("on_event", function))

    def add_for_records(self, function: Callable[..., object]) -> None:
        """Deliver each contact record to a function from now on."""
        self._of_records = (*self._of_records, _listener("on_contact_record", function))

    def deliver_by(self, plan: DeliveryPlan) -> None:
        """Deliver the events and records from now on as a plan says."""
        self._event_delivery = self._delivery(plan, "events")
        self._record_delivery = self._delivery(plan, "records")

    def _delivery(self, plan: DeliveryPlan, kind: Kind) -> Delivery | None:
        """Return the delivery of a kind by a plan, or None if everything is delivered at once."""
        return None if plan.is_default else Delivery(plan, kind, self._scheduler, self._arrivals)

    @property
    def has_functions(self) -> bool:
        """Whether a function of the test listens."""
        return bool(self._of_events or self._of_records)

    def enqueue(self, event: ContactEvent) -> None:
        """Send an event, and its record if it has one, to those that listen."""
        targets = self._targets
        # Most mocks have none of them, and each step of each contact passes here.
        if (self._of_events or targets.of_events) and event.type is not None:
            self._send(Message(event, envelope, self._of_events + targets.of_events), self._event_delivery)
        if (self._of_records or targets.of_records) and event.is_recorded:
            self._send(Message(event, _record, self._of_records + targets.of_records), self._record_delivery)

    def _send(self, message: Message, delivery: Delivery | None) -> None:
        if delivery is None:
            self._arrivals.now.append((message.event.at, message))
        else:
            delivery.send(message)

    @property
    def late(self) -> int:
        """The number of deliveries that are late, and not heard yet."""
        return self._arrivals.late

    @property
    def has_pending(self) -> bool:
        """Whether there is a message to hear now."""
        return bool(self._arrivals.now)

    def pop_pending(self) -> Arrival | None:
        """Remove and return the next message to hear, if there is one."""
        return self._arrivals.now.popleft() if self._arrivals.now else None


def _record(event: ContactEvent) -> dict[str, Any]:
    return contact_record(event.contact)


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
