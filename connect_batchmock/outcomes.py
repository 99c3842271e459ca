"""What becomes of a contact when it is dialled, as a test says it to ``connect_mock.on_dial``."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from connect_batchmock import explain
from connect_batchmock.domain.outcome import ANSWERED, Outcome

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
    disconnected_by: str = ANSWERED.disconnected_by,
) -> Outcome:
    """The customer answers. All times are in seconds.

    Args:
        ring: how long it rings; longer than the contact's ring timeout is no answer.
        talk: how long they talk to the agent, or without an agent listen to the flow.
        preview: how long the agent looks at the contact first, in preview mode; its timeout at most.
        after_contact_work: how long the agent is busy with the contact when the call has ended.
        patience: how long the customer waits for an agent before hanging up; None for as long as it takes.
        disconnected_by: who ends the talk, ``customer`` or ``agent``.

    Raises:
        ValueError: a time is not a number from 0 on, or somebody else ends the talk.
    """
    if disconnected_by not in ("customer", "agent"):
        raise ValueError(explain.disconnected_by_nobody(disconnected_by))
    outcome = Outcome("answered", ring, talk, preview, after_contact_work, patience, disconnected_by)
    return _checked(outcome)


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
    return _checked(Outcome("voicemail", ring, talk, preview, after_contact_work, None, "agent"))


def no_answer(*, ring: float = 30, preview: float = ANSWERED.preview) -> Outcome:
    """Nobody answers.

    Args:
        ring: how long it rings, in seconds; the contact's ring timeout at most.
        preview: how long the agent looks at the contact first, in preview mode.

    Raises:
        ValueError: a time is not a number from 0 on.
    """
    return _checked(Outcome("no_answer", ring, preview=preview))


def busy(*, ring: float = 1, preview: float = ANSWERED.preview) -> Outcome:
    """The line is busy.

    Args:
        ring: how long it takes to know, in seconds.
        preview: how long the agent looks at the contact first, in preview mode.

    Raises:
        ValueError: a time is not a number from 0 on.
    """
    return _checked(Outcome("busy", ring, preview=preview))


def invalid_number(*, preview: float = ANSWERED.preview) -> Outcome:
    """Nobody has this number; it does not ring.

    Args:
        preview: how long the agent looks at the contact first, in preview mode, in seconds.

    Raises:
        ValueError: the time is not a number from 0 on.
    """
    return _checked(Outcome("invalid_number", preview=preview))


def preview_discarded(*, preview: float = ANSWERED.preview) -> Outcome:
    """The agent looks at the contact and discards it; the customer is not called.

    Only a contact that allows DISCARD can be discarded.

    Args:
        preview: how long the agent looks at it, in seconds.

    Raises:
        ValueError: the time is not a number from 0 on.
    """
    return _checked(Outcome("preview_discarded", preview=preview))


def _checked(outcome: Outcome) -> Outcome:
    for name in ("ring", "talk", "preview", "after_contact_work", "patience"):
        value = getattr(outcome, name)
        is_absent = value is None and name == "patience"
        if not is_absent and not (type(value) in (int, float) and math.isfinite(value) and value >= 0):
            raise ValueError(explain.not_a_duration(name, value))
    return outcome


def policy_of(given: object) -> Callable[[Any], Outcome]:
    """Return the function of a contact that a test meant.

    A list is used up from its beginning, one outcome for each contact; whoever comes after it answers.

    Raises:
        TypeError: it is none of the three, or a list of something else.
    """
    if isinstance(given, Outcome):
        return lambda contact: given
    if isinstance(given, Sequence) and all(map(_is_outcome, given)):
        left = iter(list(given))
        return lambda contact: next(left, ANSWERED)
    if not callable(given) or inspect.iscoroutinefunction(given):
        raise TypeError(explain.not_a_policy(given))
    return given


def _is_outcome(value: object) -> bool:
    return isinstance(value, Outcome)
