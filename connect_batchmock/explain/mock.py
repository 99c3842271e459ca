"""What is wrong with how the mock is used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from connect_batchmock._text import listed, numbered, short, wrapped
from connect_batchmock.explain.constraints import violations


def unfaked_operation(service: str, operation: str, faked: Sequence[str]) -> str:
    return (
        f"connect_batchmock has no fake for {operation} of {service}, so the call was stopped before the "
        f"network. {what_is_faked(operation, faked)}"
    )


def what_is_faked(operation: str, faked: Sequence[str]) -> str:
    return (
        f"Of the {len(faked)} operations of this service that have a fake, the nearest are "
        f'{listed(_nearest(operation, faked))}. The page "Operations" of the documentation lists all.'
    )


_MAX_NEAREST = 5


def _nearest(operation: str, faked: Sequence[str]) -> list[str]:
    """Return the operations nearest in meaning: of the same resource, of the same verb, or spelled alike."""
    verb, resource = _verb_and_resource(operation)

    def distance(other: str) -> tuple[int, bool, float]:
        other_verb, other_resource = _verb_and_resource(other)
        alike = SequenceMatcher(None, operation, other).ratio()
        return -len(resource & other_resource), other_verb != verb, -alike

    return sorted(faked, key=distance)[:_MAX_NEAREST]


def _verb_and_resource(operation: str) -> tuple[str, frozenset[str]]:
    verb, *words = re.findall("[A-Z][^A-Z]*", operation)
    return verb, frozenset(word.removesuffix("s") for word in words if len(word) > 2)


def left_over(unfaked: Sequence[str], never_fired: Sequence[str], broken: Sequence[str]) -> str:
    parts = [*broken]
    if unfaked:
        fact = (
            f"{listed(unfaked)} was called, which connect_batchmock has no fake for: the code under test "
            f"went on as if nothing had happened."
        )
        parts.append(wrapped(fact, further=""))
    if never_fired:
        remedy = (
            "Either no call came, or an earlier plan met each one. Plan it before the call, for the "
            "operation and the items sent."
        )
        plans = numbered(never_fired, wrap=False)
        parts.append(f"What was planned to go wrong never happened:\n{plans}\n{wrapped(remedy, further='')}")
    return "\n".join(parts)


def passed_but(left_over: str) -> str:
    return f"The test passed, but something is left over. Where that is meant, set strict=False.\n{left_over}"


def fake_raised(operation: str, error: Exception) -> str:
    return f"The fake for {operation} raised {type(error).__name__}: {error}"


def fake_gave_something_else(operation: str, result: object) -> str:
    return f"The fake for {operation} is to return a dict, the members of its output, not {short(result)}."


def fake_broke_the_model(operation: str, broken: Sequence[str]) -> str:
    return f"The fake for {operation} returned what the model does not allow: {violations(broken)}"


def not_a_fake(function: object) -> str:
    return f"A fake is a plain function of the mock and the parameters, not {function!r}."


def call_without_a_mock(operation: str, where: str) -> str:
    return (
        f"{operation} was called while no mock was active, and stopped before the network. Use the fixture "
        f"connect_mock or mock_connect around it. It was called at {where}."
    )


def call_after_the_mock(operation: str, where: str) -> str:
    return (
        f"{operation} was called after its mock had stopped, by a client that was made in it or a thread "
        f"that it left behind, and did not reach the network. Wait for threads before the test ends, and "
        f"make clients anew for calls outside of a mock. It was called at {where}."
    )


def unknown_place() -> str:
    return "a place that cannot be told"


def not_started() -> str:
    return "This mock_connect is not active: stop() was called without start(), or twice."


def stopped_out_of_order() -> str:
    return (
        "This mock_connect is not the innermost one: another was started after it and is still active. "
        "Stop them in the reverse order in which they were started."
    )


def no_active_mock() -> str:
    return (
        "No mock_connect is active: use it as a context manager or decorator, or the connect_mock fixture. "
        "Where it decorates a class, it starts at setUp, or setup_method; setUpClass runs before that."
    )


def class_without_tests(name: str) -> str:
    return f"mock_connect was applied to the class {name}, which has no method whose name starts with 'test'."


def not_decoratable(target: object) -> str:
    return f"mock_connect takes settings by keyword, or decorates a function or a class, not {target!r}."


def not_our_service(service: str, valid: Sequence[str]) -> str:
    return f"connect_batchmock has no service {service!r}; there are {listed(valid)}."


def no_such_operation(operation: str, near: Sequence[str]) -> str:
    remedy = f"; did you mean {' or '.join(map(repr, near))}?" if near else "."
    return f"No operation of the mocked services is named {operation!r}{remedy}"


def not_e164(taker: str, number: object) -> str:
    return f"{taker} takes a number in E.164 format, such as '+15555550100', not {number!r}."


def cannot_seed_name(kind: str, name: str) -> str:
    return f"The instance already has a {kind} named {name!r}; give it another name, or none."


def not_a_uuid(id: object) -> str:
    return f"id= takes a UUID in lower case, such as '0b1e2d3c-4f5a-4b6c-8d7e-9f0a1b2c3d4e', not {id!r}."


def cannot_seed_id(id: str) -> str:
    return f"Something else has the id {id!r} already; give another, or none."


def cannot_seed_alias(alias: str, region: str) -> str:
    return f"There is already an instance with the alias {alias!r} in {region}; give it another, or none."


def cannot_seed_number(number: str, region: str) -> str:
    return (
        f"The phone number {number!r} cannot be claimed: an instance in {region} has it, or released it less "
        f"than 180 days ago."
    )


def queue_of_other_instance(queue: str) -> str:
    return f"The queue {queue!r} belongs to another instance; give the campaign a queue of its own instance."
