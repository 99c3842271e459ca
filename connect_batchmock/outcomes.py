"""The outcomes of a dialed contact, for ``connect_mock.on_dial``."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from connect_batchmock._text import listed
from connect_batchmock.domain.outcome import ANSWERED, PREVIEW_DISCARDED, Outcome
from connect_batchmock.domain.stateful import Stateful

Contact = TypeVar("Contact")
Policy = Callable[[Contact], Outcome] | Sequence[Outcome] | Outcome
"""A function of the contact that returns an outcome, a list of outcomes, or an outcome for all contacts."""


def answered(
    *,
    ring: float = ANSWERED.ring,
    talk: float = ANSWERED.talk,
    preview: float = ANSWERED.preview,
    after_contact_work: float = ANSWERED.after_contact_work,
    patience: float | None = None,
    disconnected_by: str | None = None,
) -> Outcome:
    """Return the outcome that the customer answers.

    Args:
        ring: the ring time, in seconds. If it exceeds the ring timeout of the contact, nobody answers.
        talk: the talk time with the agent, or without an agent the time in the flow, in seconds.
        preview: the time for which the agent previews the contact, in seconds, up to the preview timeout; in
            preview mode only.
        after_contact_work: the time of after-contact work of the agent, in seconds.
        patience: the time for which the customer waits for an agent before hanging up, in seconds; None for
            no limit.
        disconnected_by: ``customer`` or ``agent``; by default the customer disconnects, or without an agent
            the flow.

    Returns:
        The outcome.

    Raises:
        ValueError: a time or ``disconnected_by`` is invalid.
    """
    return checked(Outcome("answered", ring, talk, preview, after_contact_work, patience, disconnected_by))


def voicemail(
    *, ring: float = 20, talk: float = 30, preview: float = ANSWERED.preview, after_contact_work: float = 0
) -> Outcome:
    """Return the outcome that an answering machine answers.

    With answering machine detection, the flow handles the phone call; without it, an agent does.

    Args:
        ring: the ring time, in seconds.
        talk: the time for which the flow or the agent stays on the line, in seconds.
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.
        after_contact_work: the time of after-contact work of the agent, in seconds.

    Returns:
        The outcome.

    Raises:
        ValueError: a time is invalid.
    """
    return checked(Outcome("voicemail", ring, talk, preview, after_contact_work, None, "agent"))


def no_answer(*, ring: float = 30, preview: float = ANSWERED.preview) -> Outcome:
    """Return the outcome that nobody answers.

    Args:
        ring: the ring time, in seconds, up to the ring timeout of the contact.
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.

    Returns:
        The outcome.

    Raises:
        ValueError: a time is invalid.
    """
    return checked(Outcome("no_answer", ring, preview=preview))


def busy(*, ring: float = 1, preview: float = ANSWERED.preview) -> Outcome:
    """Return the outcome that the line is busy.

    Args:
        ring: the time until the busy signal, in seconds.
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.

    Returns:
        The outcome.

    Raises:
        ValueError: a time is invalid.
    """
    return checked(Outcome("busy", ring, preview=preview))


def invalid_number(*, preview: float = ANSWERED.preview) -> Outcome:
    """Return the outcome that the number is not in service; it does not ring.

    Args:
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.

    Returns:
        The outcome.

    Raises:
        ValueError: the time is invalid.
    """
    return checked(Outcome("invalid_number", preview=preview))


def preview_discarded(
    *,
    preview: float = ANSWERED.preview,
    spelling: Literal[
        "OUTBUND_PREVIEW_DISCARDED", "OUTBOUND_PREVIEW_DISCARDED"
    ] = "OUTBUND_PREVIEW_DISCARDED",
) -> Outcome:
    """Return the outcome that the agent discards the contact after the preview; nobody is dialed.

    The agent actions of the contact must include ``DISCARD``.

    Args:
        preview: the time for which the agent previews the contact, in seconds.
        spelling: the disconnect reason. AWS's pages spell it ``OUTBUND_PREVIEW_DISCARDED``, and programs
            that read it may expect ``OUTBOUND_PREVIEW_DISCARDED``. As a criterion, each matches both.

    Returns:
        The outcome.

    Raises:
        ValueError: the time or the spelling is invalid.
    """
    if spelling not in PREVIEW_DISCARDED:
        raise ValueError(f"spelling= takes {' or '.join(map(repr, PREVIEW_DISCARDED))}, not {spelling!r}.")
    return checked(Outcome("preview_discarded", preview=preview, spelling=spelling))


def checked(outcome: Outcome) -> Outcome:
    """Return an outcome after checking its members.

    Raises:
        ValueError: the kind, a time or ``disconnected_by`` is invalid.
    """
    if outcome.kind not in FACTORIES:
        raise ValueError(
            f"{outcome.kind!r} is no kind of outcome; the functions of connect_batchmock.outcomes make "
            f"{listed(list(FACTORIES))}."
        )
    if outcome.disconnected_by not in (None, "customer", "agent"):
        raise ValueError(f"disconnected_by= takes 'customer' or 'agent', not {outcome.disconnected_by!r}.")
    for name in ("ring", "talk", "preview", "after_contact_work", "patience"):
        value = getattr(outcome, name)
        is_absent = value is None and name == "patience"
        if not is_absent and not _is_duration(value):
            raise ValueError(f"{name}= takes seconds, a number from 0 to one year, not {value!r}.")
    return outcome


FACTORIES: Mapping[str, Callable[..., Outcome]] = {
    factory.__name__: factory
    for factory in (answered, voicemail, no_answer, busy, invalid_number, preview_discarded)
}
"""The functions that return an outcome, by its kind."""

_A_YEAR = 366 * 24 * 60 * 60


def _is_duration(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= _A_YEAR


@dataclass(eq=False)
class _InOrder(Stateful):
    """The policy of a list of outcomes: one for each contact; further contacts are answered."""

    remaining: deque[Outcome]

    def __call__(self, contact: object) -> Outcome:
        return self.remaining.popleft() if self.remaining else ANSWERED


def policy_of(policy: Any) -> Callable[[Any], Outcome]:
    """Return a policy as a function of a contact.

    A list gives one outcome to each contact, in the order of dialing; further contacts are answered.

    Raises:
        TypeError: the policy is no outcome, list of outcomes or plain function.
    """
    if isinstance(policy, Outcome):
        outcome = checked(policy)
        return lambda contact: outcome
    is_list = isinstance(policy, Sequence) and not isinstance(policy, str)
    for value in policy if is_list else [policy]:
        _refuse_factory(value)
    if is_list and all(isinstance(value, Outcome) for value in policy):
        return _InOrder(deque(map(checked, policy)))
    if not callable(policy) or inspect.iscoroutinefunction(policy) or not _takes_a_contact(policy):
        raise TypeError(
            f"connect_mock.on_dial takes an outcome such as outcomes.busy(), a list of outcomes, or a "
            f"plain function of the contact that returns an outcome, not {policy!r}."
        )
    return cast("Callable[[Any], Outcome]", policy)


def _refuse_factory(value: object) -> None:
    for name, factory in FACTORIES.items():
        if value is factory:
            raise TypeError(
                f"connect_mock.on_dial takes an outcome, and outcomes.{name} is a function that returns an "
                f"outcome; call it: outcomes.{name}()."
            )


def _takes_a_contact(function: Callable[..., Any]) -> bool:
    try:
        signature = inspect.signature(function)
    except ValueError:
        # Some functions written in C have no signature.
        return True
    try:
        signature.bind("a contact")
    except TypeError:
        return False
    return function is not Outcome
