"""The outcomes of a dialed contact, for ``connect_mock.on_dial``.

Each function returns an :class:`~connect_batchmock.Outcome`; ``mix`` returns a policy that draws outcomes.
"""

from __future__ import annotations

import inspect
import math
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from connect_batchmock._text import listed, similar_to
from connect_batchmock.domain.outcome import ANSWERED, COURSES, PREVIEW_DISCARDED, UNREACHED_STATUSES, Outcome
from connect_batchmock.domain.stateful import Stateful

if TYPE_CHECKING:
    from connect_batchmock.protocol.literals import AnsweringMachineDetectionStatus

Contact = TypeVar("Contact")


@dataclass(frozen=True)
class Mix:
    """A policy that draws an outcome for each contact, as :func:`mix` makes it.

    Attributes:
        outcomes: the outcomes.
        weights: the weight of each outcome.
        seed: the seed of the draws. Each ``connect_mock.on_dial`` starts them anew.
    """

    outcomes: tuple[Outcome, ...]
    weights: tuple[float, ...]
    seed: int


Policy = Callable[[Contact], Outcome] | Sequence[Outcome] | Outcome | Mix
"""A function of the contact that returns an outcome, a list of outcomes, an outcome for all contacts, or a
mix of outcomes."""


def answered(
    *,
    ring: float = ANSWERED.ring,
    talk: float = ANSWERED.talk,
    preview: float = ANSWERED.preview,
    after_contact_work: float = ANSWERED.after_contact_work,
    patience: float | None = None,
    detected: AnsweringMachineDetectionStatus = "HUMAN_ANSWERED",
    disconnected_by: str | None = None,
) -> Outcome:
    """Return the outcome that the customer answers.

    With a status of ``detected`` that stands for a machine, such as ``VOICEMAIL_BEEP``, the customer is taken
    for one: the flow handles the phone call, and no agent gets it.

    Args:
        ring: the ring time, in seconds. If it exceeds the ring timeout of the contact, nobody answers.
        talk: the talk time with the agent, or without an agent the time in the flow, in seconds.
        preview: the time for which the agent previews the contact, in seconds, up to the preview timeout; in
            preview mode only.
        after_contact_work: the time of after-contact work of the agent, in seconds.
        patience: the time for which the customer waits for an agent before hanging up, in seconds; None for
            no limit.
        detected: the status of answering machine detection, if the contact is dialed with it.
        disconnected_by: ``customer`` or ``agent``; by default the customer disconnects, or without an agent
            the flow.

    Returns:
        The outcome.

    Raises:
        ValueError: a time, ``detected`` or ``disconnected_by`` is invalid.
    """
    return checked(
        Outcome(
            detected=detected,
            ring=ring,
            talk=talk,
            preview=preview,
            after_contact_work=after_contact_work,
            patience=patience,
            disconnected_by=disconnected_by,
        )
    )


def voicemail(
    *,
    ring: float = 20,
    talk: float = 30,
    preview: float = ANSWERED.preview,
    after_contact_work: float = 0,
    detected: AnsweringMachineDetectionStatus = "VOICEMAIL_BEEP",
    disconnected_by: str = "agent",
) -> Outcome:
    """Return the outcome that an answering machine or another machine answers.

    With answering machine detection, the flow handles the phone call; without it, an agent does. An agent
    also gets a machine that is taken for a person: ``detected="HUMAN_ANSWERED"``.

    Args:
        ring: the ring time, in seconds.
        talk: the time for which the flow or the agent stays on the line, in seconds.
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.
        after_contact_work: the time of after-contact work of the agent, in seconds.
        detected: the status of answering machine detection, if the contact is dialed with it.
        disconnected_by: ``agent``, which without an agent stands for the flow, or ``customer`` for a machine
            that hangs up.

    Returns:
        The outcome.

    Raises:
        ValueError: a time, ``detected`` or ``disconnected_by`` is invalid.
    """
    return checked(
        Outcome(
            detected=detected,
            ring=ring,
            talk=talk,
            preview=preview,
            after_contact_work=after_contact_work,
            disconnected_by=disconnected_by,
        )
    )


def no_answer(
    *,
    ring: float = 30,
    preview: float = ANSWERED.preview,
    detected: AnsweringMachineDetectionStatus | None = None,
) -> Outcome:
    """Return the outcome that nobody answers.

    Args:
        ring: the ring time, in seconds, up to the ring timeout of the contact.
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.
        detected: what answering machine detection hears, such as ``AMD_UNANSWERED``: the contact is then
            connected to the system. By default it is not, and has no status.

    Returns:
        The outcome.

    Raises:
        ValueError: a time or ``detected`` is invalid.
    """
    return failed("TELECOM_UNANSWERED", ring=ring, preview=preview, detected=detected)


def busy(
    *,
    ring: float = 1,
    preview: float = ANSWERED.preview,
    detected: AnsweringMachineDetectionStatus | None = None,
) -> Outcome:
    """Return the outcome that the line is busy, which the carrier signals.

    Args:
        ring: the time until the busy signal, in seconds.
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.
        detected: ``SIT_TONE_BUSY`` for a tone that answering machine detection hears: the contact is then
            connected to the system. By default it is not, and has no status.

    Returns:
        The outcome.

    Raises:
        ValueError: a time or ``detected`` is invalid.
    """
    return failed("TELECOM_BUSY", ring=ring, preview=preview, detected=detected)


def invalid_number(
    *, preview: float = ANSWERED.preview, detected: AnsweringMachineDetectionStatus | None = None
) -> Outcome:
    """Return the outcome that the number is not in service; it does not ring.

    Args:
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.
        detected: ``SIT_TONE_INVALID_NUMBER`` for a tone that answering machine detection hears: the contact
            is then connected to the system. By default it is not, and has no status.

    Returns:
        The outcome.

    Raises:
        ValueError: the time or ``detected`` is invalid.
    """
    return failed("TELECOM_NUMBER_INVALID", preview=preview, detected=detected)


def failed(
    reason: str,
    *,
    ring: float | None = None,
    talk: float | None = None,
    preview: float = ANSWERED.preview,
    after_contact_work: float | None = None,
    patience: float | None = None,
    detected: AnsweringMachineDetectionStatus | None = None,
) -> Outcome:
    """Return the outcome that ends with a disconnect reason.

    The reason says how far the phone call gets: it fails at once, rings without an answer, or is connected
    and ended by the party that the reason names.

    Args:
        reason: a disconnect reason of a dialed contact, such as ``TELECOM_PROBLEM`` or ``BARGED``.
        ring: the ring time, in seconds, of a phone call that rings; by default as long as that takes.
        talk: the talk time of a connected phone call, in seconds.
        preview: the time for which the agent previews the contact, in seconds; in preview mode only.
        after_contact_work: the time of the agent's work after a connected phone call, in seconds.
        patience: the time for which the customer of a connected phone call waits for an agent, in seconds;
            None for no limit.
        detected: the status of answering machine detection, if the contact is dialed with it. A phone call
            that nobody answers has none by default; with one, the contact is connected to the system first.

    Returns:
        The outcome.

    Raises:
        ValueError: the reason, a time or ``detected`` is invalid, or a time does not apply to the reason.

    The reasons are those of https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html.
    """
    _check_reason(reason)
    course = COURSES[reason]
    options: dict[str, Any] = {
        "ring": ring,
        "talk": talk,
        "after_contact_work": after_contact_work,
        "patience": patience,
        "detected": detected,
    }
    options = {name: value for name, value in options.items() if value is not None}
    for name in options:
        if name not in _OPTIONS.get(course, options):
            raise ValueError(
                f"A phone call that ends with {reason} {_COURSES[course]}, so {name}= does not apply; "
                f"leave it out."
            )
    outcome = Outcome(
        reason,
        ANSWERED.detected if course == "connected" else None,
        ring=_RING_TIMES.get(reason, ANSWERED.ring),
        preview=preview,
    )
    return checked(replace(outcome, **options))


_OPTIONS: Mapping[str, Collection[str]] = {
    "not_dialed": (),
    "not_ringing": ("detected",),
    "unanswered": ("ring", "detected"),
}
"""The options of ``failed`` that apply to a course; all apply to the course ``connected``."""

_RING_TIMES = {
    "TELECOM_BUSY": 1,
    "TELECOM_UNANSWERED": 30,
    "TELECOM_TIMEOUT": 60,
    "TELECOM_ORIGINATOR_CANCEL": 10,
}
"""The default ring times in seconds, by disconnect reason."""

_COURSES = {
    "not_dialed": "is not dialed",
    "not_ringing": "does not ring",
    "unanswered": "is not answered",
}
"""What the courses other than ``connected`` mean, for a message."""


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
    return checked(Outcome(spelling, preview=preview))


def mix(weights: Mapping[Outcome, float], *, seed: int = 0) -> Mix:
    """Return a policy that draws an outcome for each contact.

    Args:
        weights: the weight of each outcome, a number from 0 on. Weights 3 and 1 make three out of four
            contacts end with the first outcome, on average.
        seed: the seed of the draws: the same for the same outcomes, whatever else is random.

    Returns:
        The policy, for ``connect_mock.on_dial``.

    Raises:
        TypeError: ``weights`` is no mapping, or a key is no outcome.
        ValueError: an outcome, a weight or the seed is invalid, or no weight is greater than 0.
    """
    if not isinstance(weights, Mapping):
        raise TypeError(f"outcomes.mix takes a dict with the weight of each outcome, not {weights!r}.")
    for outcome, weight in weights.items():
        _refuse_factory(outcome)
        if not isinstance(outcome, Outcome):
            raise TypeError(
                f"outcomes.mix takes a dict whose keys are outcomes such as outcomes.busy(), not {outcome!r}."
            )
        checked(outcome)
        if type(weight) not in (int, float) or not 0 <= weight < math.inf:
            raise ValueError(f"outcomes.mix takes weights that are numbers from 0 on, not {weight!r}.")
    if not any(weights.values()):
        raise ValueError("outcomes.mix takes at least one weight that is greater than 0.")
    if type(seed) is not int:
        raise ValueError(f"seed= takes an integer, not {seed!r}.")
    return Mix(tuple(weights), tuple(weights.values()), seed)


def checked(outcome: Outcome) -> Outcome:
    """Return an outcome after checking its members.

    Raises:
        ValueError: the disconnect reason, the status, a time or ``disconnected_by`` is invalid.
    """
    if outcome.disconnect_reason is not None:
        _check_reason(outcome.disconnect_reason)
    _check_status(outcome)
    if outcome.disconnected_by not in (None, "customer", "agent"):
        raise ValueError(f"disconnected_by= takes 'customer' or 'agent', not {outcome.disconnected_by!r}.")
    for name in ("ring", "talk", "preview", "after_contact_work", "patience"):
        value = getattr(outcome, name)
        is_absent = value is None and name == "patience"
        if not is_absent and not _is_duration(value):
            raise ValueError(f"{name}= takes seconds, a number from 0 to one year, not {value!r}.")
    return outcome


DISCONNECT_REASONS = tuple(COURSES)
"""The disconnect reasons that an outcome can have."""


def _check_reason(reason: object) -> None:
    if reason not in DISCONNECT_REASONS:
        raise ValueError(
            f"{reason!r} is no disconnect reason of a dialed contact{similar_to(reason, DISCONNECT_REASONS)} "
            f"The reasons are {listed(DISCONNECT_REASONS)}."
        )


def _check_status(outcome: Outcome) -> None:
    status, is_connected = outcome.detected, outcome.course == "connected"
    if status is None and not is_connected:
        return
    if status not in detection_statuses():
        raise ValueError(
            f"detected= takes a status of answering machine detection, not {status!r}"
            f"{similar_to(status, detection_statuses())} The statuses are {listed(detection_statuses())}."
        )
    if not is_connected and status not in UNREACHED_STATUSES:
        raise ValueError(
            f"A phone call that ends with {outcome.disconnect_reason} {_COURSES[outcome.course]}, so the "
            f"detection cannot say {status}; use one of {listed(sorted(UNREACHED_STATUSES))}, or "
            f"outcomes.answered or outcomes.voicemail."
        )


@cache
def detection_statuses() -> tuple[str, ...]:
    """Return the statuses of answering machine detection: of the installed model, and documented ones."""
    # The model loads botocore, which importing this module does not.
    from connect_batchmock.protocol.model import service_model

    return tuple(
        dict.fromkeys(
            [
                *service_model("connect").shape_for("AnsweringMachineDetectionStatus").enum,
                *_DOCUMENTED_STATUSES,
            ]
        )
    )


_DOCUMENTED_STATUSES = ("AMD_UNRESOLVED_SILENCE",)
"""The statuses that the model lacks, of
https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html."""


FACTORIES: Mapping[str, Callable[..., Outcome]] = {
    factory.__name__: factory
    for factory in (answered, voicemail, no_answer, busy, invalid_number, failed, preview_discarded)
}
"""The functions that return an outcome, by their names."""

_A_YEAR = 366 * 24 * 60 * 60


def _is_duration(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= _A_YEAR


@dataclass(eq=False)
class _InOrder(Stateful):
    """The policy of a list of outcomes: one for each contact; further contacts are answered."""

    remaining: deque[Outcome]

    def __call__(self, contact: object) -> Outcome:
        return self.remaining.popleft() if self.remaining else ANSWERED


@dataclass(eq=False)
class _AtRandom(Stateful):
    """The policy of a mix: an outcome for each contact, by weight."""

    mix: Mix
    random: Random

    def __call__(self, contact: object) -> Outcome:
        return self.random.choices(self.mix.outcomes, self.mix.weights)[0]


def policy_of(policy: Any) -> Callable[[Any], Outcome]:
    """Return a policy as a function of a contact.

    A list gives one outcome to each contact, in the order of dialing; further contacts are answered.

    Raises:
        TypeError: the policy is no outcome, list of outcomes, mix or plain function.
    """
    if isinstance(policy, Outcome):
        outcome = checked(policy)
        return lambda contact: outcome
    if isinstance(policy, Mix):
        return _AtRandom(policy, Random(policy.seed))
    is_list = isinstance(policy, Sequence) and not isinstance(policy, str)
    for value in policy if is_list else [policy]:
        _refuse_factory(value)
    if is_list and all(isinstance(value, Outcome) for value in policy):
        return _InOrder(deque(map(checked, policy)))
    if not callable(policy) or inspect.iscoroutinefunction(policy) or not _takes_a_contact(policy):
        raise TypeError(
            f"connect_mock.on_dial takes an outcome such as outcomes.busy(), a list of outcomes, an "
            f"outcomes.mix(), or a plain function of the contact that returns an outcome, not {policy!r}."
        )
    return cast("Callable[[Any], Outcome]", policy)


def _refuse_factory(value: object) -> None:
    for factory in (*FACTORIES.values(), mix):
        if value is factory:
            name = factory.__name__
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
