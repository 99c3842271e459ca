"""What becomes of contacts, and what is wrong with a test's say in that."""

from __future__ import annotations

from collections.abc import Sequence

from connect_batchmock._text import listed, short


def not_a_duration(name: str, value: object) -> str:
    return f"{name}= takes seconds, a number from 0 on and up to a year, not {value!r}."


def no_such_outcome(kind: object, valid: Sequence[str]) -> str:
    return f"There is no outcome {kind!r}; the functions of connect_batchmock.outcomes make {listed(valid)}."


def disconnected_by_nobody(given: object) -> str:
    return f"disconnected_by= takes 'customer' or 'agent', not {given!r}."


def not_a_policy(given: object) -> str:
    return (
        f"connect_mock.on_dial takes an outcome such as outcomes.busy(), a list of outcomes, or a plain "
        f"function of the contact that returns one, not {given!r}."
    )


def policy_raised(customer: str, error: Exception) -> str:
    return (
        f"The function that was given to connect_mock.on_dial raised {type(error).__name__} for {customer}, "
        f"whose contact ended without a call: {error}"
    )


def policy_called_the_mock() -> str:
    return (
        "The function that was given to connect_mock.on_dial called the mock. It decides what becomes of a "
        "contact, and may read; to act on what happens, use connect_mock.on_event."
    )


def not_an_outcome(customer: str, given: object) -> str:
    return (
        f"The function that was given to connect_mock.on_dial is to return an outcome such as "
        f"outcomes.busy(), and returned {short(given)} for {customer}."
    )


def may_not_discard(customer: str) -> str:
    return (
        f"The contact of {customer} cannot be discarded: only a contact in preview mode can, whose strategy "
        f"or campaign allows DISCARD. Choose another outcome for it in connect_mock.on_dial."
    )


def not_a_hearer(method: str, given: object) -> str:
    return f"connect_mock.{method} takes a plain function, such as a Lambda handler, not {given!r}."


def hearer_raised(method: str, error: Exception) -> str:
    return f"The function that was given to connect_mock.{method} raised {type(error).__name__}: {error}"


def not_a_number_of_agents(count: object, most: int) -> str:
    return f"add_agents takes a whole number from 1 to {most:,}, not {count!r}."


def no_such_mode(mode: object, valid: Sequence[str]) -> str:
    return f"A campaign has no mode {mode!r}; there are {listed(valid)}."


def mode_without_a_queue(mode: str) -> str:
    return f"A campaign in {mode} mode dials for the agents of a queue; give it one with queue=."


def not_an_allocation(given: object) -> str:
    return f"bandwidth_allocation= takes a number from 0 to 1, not {given!r}."
