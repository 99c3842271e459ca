"""The delivery of contact events and contact records: at once, or late, twice and out of order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple

from connect_batchmock.domain.contact import ContactEvent
from connect_batchmock.domain.scheduler import Scheduler
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.engine.faults import PlanError

Payload = dict[str, Any]

Listener = Callable[[Payload], "list[PlanError]"]
"""Takes an event or a record, and returns the exception of the function, if it raised one."""


class Message(NamedTuple):
    """A contact event, or the record of its contact, for the listeners at the time of the event."""

    event: ContactEvent
    present: Callable[[ContactEvent], Payload]
    listeners: tuple[Listener, ...]

    def deliveries(self) -> list[Callable[[], list[PlanError]]]:
        """Return a delivery to each listener, which gets a copy of its own."""
        return [partial(listener, self.present(self.event)) for listener in self.listeners]


Arrival = tuple[datetime, Message]
"""A message that listeners hear now, and the time at which the clock stands meanwhile."""


class Arrivals(Stateful):
    """The messages that listeners hear now, and the number of those that are late."""

    def __init__(self) -> None:
        self.now: deque[Arrival] = deque()
        self.late = 0


@dataclass(frozen=True)
class DeliveryPlan:
    """How events and records are delivered.

    Args:
        duplicates: the share of them that is delivered twice, from 0 to 1.
        least: the least seconds by which a delivery is late.
        most: the most seconds by which a delivery is late.
        shuffle: whether a delivery can overtake an earlier one.
        seed: the seed of what is drawn.
    """

    duplicates: float
    least: float
    most: float
    shuffle: bool
    seed: int

    @classmethod
    def of(cls, duplicates: Any, delay: Any, shuffle: Any, seed: Any) -> DeliveryPlan:
        """Return the plan for the parameters of ``connect_mock.delivery``.

        Raises:
            ValueError: a parameter is invalid.
        """
        if not _is_number(duplicates, 1):
            raise ValueError(
                f"connect_mock.delivery takes duplicates= as a share from 0 to 1, not {duplicates!r}."
            )
        if type(shuffle) is not bool:
            raise ValueError(f"connect_mock.delivery takes shuffle= as True or False, not {shuffle!r}.")
        if type(seed) is not int:
            raise ValueError(f"connect_mock.delivery takes seed= as an integer, not {seed!r}.")
        return cls(duplicates, *_range_of(delay), shuffle, seed)

    @property
    def is_default(self) -> bool:
        """Whether everything is delivered at once, once and in order."""
        return not (self.duplicates or self.most or self.shuffle)


_A_YEAR = 366 * 24 * 60 * 60


def _range_of(delay: Any) -> tuple[float, float]:
    if delay is None:
        return 0, 0
    values = delay if isinstance(delay, (tuple, list)) else (delay, delay)
    if len(values) == 2 and all(_is_number(value, _A_YEAR) for value in values) and values[0] <= values[1]:
        return values[0], values[1]
    raise ValueError(
        f"connect_mock.delivery takes delay= as seconds from 0 to one year, or as the least and the most of "
        f"them, such as (0, 30), not {delay!r}."
    )


def _is_number(value: Any, maximum: float) -> bool:
    return type(value) in (int, float) and 0 <= value <= maximum


class Delivery(Stateful):
    """Delivers the messages of one kind as a plan says; what it draws depends on no other kind.

    Args:
        plan: the plan.
        kind: the kind of the messages, which the draws depend on.
        scheduler: carries the late deliveries out.
        arrivals: takes the messages that listeners hear now.
    """

    def __init__(self, plan: DeliveryPlan, kind: str, scheduler: Scheduler, arrivals: Arrivals) -> None:
        self._plan = plan
        self._random = Random(f"{kind} {plan.seed}")
        self._scheduler = scheduler
        self._arrivals = arrivals
        self._late: dict[datetime, list[Message]] = {}

    def send(self, message: Message) -> None:
        """Deliver a message once or twice, now or later."""
        plan = self._plan
        for _ in range(2 if self._random.random() < plan.duplicates else 1):
            if plan.most or plan.shuffle:
                self._schedule(message)
            else:
                self._arrivals.now.append((message.event.at, message))

    def _schedule(self, message: Message) -> None:
        at = message.event.at + timedelta(seconds=self._random.uniform(self._plan.least, self._plan.most))
        if self._late and not self._plan.shuffle:
            # What is late and in order arrives after everything before it.
            at = max(at, next(reversed(self._late)))
        if at not in self._late:
            self._late[at] = []
            self._scheduler.schedule(at, partial(Delivery._arrive, self, at))
        due = self._late[at]
        due.append(message)
        self._arrivals.late += 1
        if self._plan.shuffle:
            # Each order of the messages of one moment is as likely as any other.
            other = self._random.randrange(len(due))
            due[other], due[-1] = due[-1], due[other]

    def _arrive(self, at: datetime) -> None:
        due = self._late.pop(at)
        self._arrivals.late -= len(due)
        self._arrivals.now.extend((at, message) for message in due)
