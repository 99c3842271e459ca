"""What becomes of a contact when it is dialed, as a test says it to ``connect_mock.on_dial``."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from connect_batchmock._text import listed
from connect_batchmock.domain.outcome import ANSWERED, Outcome
from connect_batchmock.domain.stateful import Stateful

Contact = TypeVar("Contact")
Policy = Callable[[Contact], Outcome] | Sequence[Outcome] | Outcome
"""A function of the contact that returns an outcome, a list of outcomes, or one outcome for everybody."""


def answered(
    *,
    ring: float = ANSWERED.ring,
    talk: float = ANSWERED.talk,
    preview: float = ANSWERED.preview,
    after_contact_work: float = ANSWERED.after_contact_work,
    patience: float | None = None,
    disconnected_by: str | None = None,
) -> Outcome:
    """The customer answers. All times are in seconds.

    Args:
        ring: how long it rings; longer than the contact's ring timeout is no answer.
        talk: how long they talk to the agent, or without an agent listen to the flow.
        preview: how long the agent looks at the contact first, in preview mode; its timeout at most.
        after_contact_work: how long the agent is busy with the contact when the call has ended.
        patience: how long the customer waits for an agent before hanging up; None for as long as it takes.
        disconnected_by: who ends the talk, ``customer`` or ``agent``; where nothing is given, the customer,
            and without an agent the flow.

    Raises:
        ValueError: a time is not a number from 0 on, or somebody else ends the talk.
    """
    return checked(Outcome("answered", ring, talk, preview, after_contact_work, patience, disconnected_by))


def voicemail(
    *, ring: float = 20, talk: float = 30, preview: float = ANSWERED.preview, after_contact_work: float = 0
) -> Outcome:
    """A machine answers: the flow has it where machines are detected, and an agent where they are not.

    Args:
        ring: how long it rings, in seconds.
        talk: how long the flow or the agent stays on the line, in seconds.
        preview: how long the agent looks at the contact first, in preview mode.
        after_contact_work: how long the agent who had it is busy with it when the call has ended.

    Raises:
        ValueError: a time is not a number from 0 on.
    """
    return checked(Outcome("voicemail", ring, talk, preview, after_contact_work, None, "agent"))


def no_answer(*, ring: float = 30, preview: float = ANSWERED.preview) -> Outcome:
    """Nobody answers.

    Args:
        ring: how long it rings, in seconds; the contact's ring timeout at most.
        preview: how long the agent looks at the contact first, in preview mode.

    Raises:
        ValueError: a time is not a number from 0 on.
    """
    return checked(Outcome("no_answer", ring, preview=preview))


def busy(*, ring: float = 1, preview: float = ANSWERED.preview) -> Outcome:
    """The line is busy.

    Args:
        ring: how long it takes to know, in seconds.
        preview: how long the agent looks at the contact first, in preview mode.

    Raises:
        ValueError: a time is not a number from 0 on.
    """
    return checked(Outcome("busy", ring, preview=preview))


def invalid_number(*, preview: float = ANSWERED.preview) -> Outcome:
    """Nobody has this number; it does not ring.

    Args:
        preview: how long the agent looks at the contact first, in preview mode, in seconds.

    Raises:
        ValueError: the time is not a number from 0 on.
    """
    return checked(Outcome("invalid_number", preview=preview))


def preview_discarded(*, preview: float = ANSWERED.preview) -> Outcome:
    """The agent looks at the contact and discards it; the customer is not called.

    Only a contact that allows DISCARD can be discarded.

    Args:
        preview: how long the agent looks at it, in seconds.

    Raises:
        ValueError: the time is not a number from 0 on.
    """
    return checked(Outcome("preview_discarded", preview=preview))


def checked(outcome: Outcome) -> Outcome:
    """Return an outcome that can be, however it was made.

    Raises:
        ValueError: a time is not a number from 0 on, nobody ends the talk so, or there is no such kind.
    """
    if outcome.kind not in FACTORIES:
        raise ValueError(
            f"There is no outcome {outcome.kind!r}; the functions of connect_batchmock.outcomes make "
            f"{listed(list(FACTORIES))}."
        )
    if outcome.disconnected_by not in (None, "customer", "agent"):
        raise ValueError(f"disconnected_by= takes 'customer' or 'agent', not {outcome.disconnected_by!r}.")
    for name in ("ring", "talk", "preview", "after_contact_work", "patience"):
        value = getattr(outcome, name)
        is_absent = value is None and name == "patience"
        if not is_absent and not _is_duration(value):
            raise ValueError(f"{name}= takes seconds, a number from 0 on and up to a year, not {value!r}.")
    return outcome


FACTORIES: Mapping[str, Callable[..., Outcome]] = {
    make.__name__: make for make in (answered, voicemail, no_answer, busy, invalid_number, preview_discarded)
}
"""The functions that make an outcome, by the kind of it."""

_A_YEAR = 366 * 24 * 60 * 60


def _is_duration(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= _A_YEAR


@dataclass(eq=False)
class _InOrder(Stateful):
    """A list of outcomes as a policy: one for each contact; whoever comes after them answers."""

    left: deque[Outcome]

    def __call__(self, contact: object) -> Outcome:
        return self.left.popleft() if self.left else ANSWERED


def policy_of(given: Any) -> Callable[[Any], Outcome]:
    """Return the function of a contact that a test meant.

    A list is used up from its beginning, one outcome for each contact; whoever comes after it answers.

    Raises:
        TypeError: it is none of the three, or a list of something else.
    """
    if isinstance(given, Outcome):
        outcome = checked(given)
        return lambda contact: outcome
    is_list = isinstance(given, Sequence) and not isinstance(given, str)
    for value in given if is_list else [given]:
        _refuse_factory(value)
    if is_list and all(isinstance(value, Outcome) for value in given):
        return _InOrder(deque(map(checked, given)))
    if not callable(given) or inspect.iscoroutinefunction(given) or not _takes_a_contact(given):
        raise TypeError(
            f"connect_mock.on_dial takes an outcome such as outcomes.busy(), a list of outcomes, or a "
            f"plain function of the contact that returns one, not {given!r}."
        )
    return cast("Callable[[Any], Outcome]", given)


def _refuse_factory(given: object) -> None:
    for name, make in FACTORIES.items():
        if given is make:
            raise TypeError(
                f"connect_mock.on_dial takes an outcome, and outcomes.{name} is the function that makes one; "
                f"call it: outcomes.{name}()."
            )


def _takes_a_contact(function: Callable[..., Any]) -> bool:
    try:
        signature = inspect.signature(function)
    except ValueError:
        # Some functions that are written in C do not tell what they take.
        return True
    try:
        signature.bind("a contact")
    except TypeError:
        return False
    return function is not Outcome
