"""What goes wrong on purpose, and what is wrong with a plan of that."""

from __future__ import annotations

from collections.abc import Sequence

from connect_batchmock._text import cut, listed, short
from connect_batchmock.explain.mock import what_is_faked


def plan(method: str, args: Sequence[object], **options: object) -> str:
    given = [repr(value) for value in args]
    # That something is to happen for ever is worth to be said.
    given += [
        f"{name}={short(value)}" for name, value in options.items() if value is not None or name == "times"
    ]
    return f"connect_mock.{method}({', '.join(given)})"


def error_on_purpose() -> str:
    return "This error was planned by the test."


def rejected_on_purpose(method: str) -> str:
    return f"This item was rejected on purpose, by connect_mock.{method}."


def rate_exceeded(operation: str) -> str:
    return f"Rate exceeded: {operation} is called faster than connect_mock.limit_rate allows."


def gateway_page(status: int, phrase: str) -> str:
    return (
        f"<html><head><title>{status} {phrase}</title></head><body><h1>{status} {phrase}</h1></body></html>"
    )


def bare_response(body: bytes) -> str:
    return f"The body was {short(body.decode())}." if body else "The body was empty."


def network_fault(error: str, answer: str) -> str:
    carried_out = f"it was {cut(answer, 200)}" if answer else "the request was carried out"
    return {
        "EndpointConnectionError": "The connection was refused: the request did not arrive.",
        "ReadTimeoutError": f"The answer was lost: {carried_out}.",
        "ConnectionClosedError": f"The connection broke during the answer: {carried_out}.",
    }[error]


def error_not_of_operation(operation: str, code: str, modelled: Sequence[str], common: Sequence[str]) -> str:
    return (
        f"{operation} cannot answer with {code!r}. It models {listed(modelled)}; any operation can "
        f"answer with {listed(common)}. To have this one all the same, give it an HTTP status: status=400."
    )


def no_such_error_member(code: str, name: str, valid: Sequence[str]) -> str:
    there = f"there are {listed(valid)}" if valid else "it has none beside its message"
    return f"The error {code} has no member {name!r}; {there}."


def not_a_message(message: object) -> str:
    return f"message= takes a text, not {message!r}."


def not_an_error_code(code: object) -> str:
    return f"The code of an error is a name such as 'LimitExceededException', not {code!r}."


def not_an_error_status(status: object) -> str:
    return f"connect_mock.fail takes an HTTP status from 400 to 599, not {status!r}."


def bare_response_with_more() -> str:
    return (
        "connect_mock.fail takes a status in place of the error, with nothing but a body as its message; "
        "status= and members of an error go with the code of an error."
    )


def not_a_number_of_times(times: object) -> str:
    return f"times takes a whole number from 1 on, or None for every time, not {times!r}."


def no_such_reason(member: str, reason: object, valid: Sequence[str]) -> str:
    return f"There is no {member} {reason!r}; there are {listed(valid)}."


def no_such_item_member(name: object, valid: Sequence[str]) -> str:
    return f"An item has no member {name!r} that when= could be about; there are {listed(valid)}."


def not_a_when(when: object) -> str:
    return (
        f"when= takes members of an item, such as {{'RequestIdentifier': 'lead-7'}}, or a plain function of "
        f"the item, not {when!r}."
    )


def not_a_rate(per_second: object, burst: object) -> str:
    return (
        f"connect_mock.limit_rate takes per_second, a number over 0, and burst, a whole number from 1 on, "
        f"not {per_second!r} and {burst!r}; without both, it takes the quota that AWS documents."
    )


def operation_of_other_services(operation: str, service: str, services: Sequence[str]) -> str:
    return f"The service {service!r} has no {operation}; it belongs to {listed(services)}."


def nothing_to_carry_out(method: str, operation: str, faked: Sequence[str]) -> str:
    return (
        f"connect_mock.{method} lets a call be carried out, and connect_batchmock has no fake that could "
        f"carry out {operation}. {what_is_faked(operation, faked)}"
    )


def cannot_advance(seconds: object) -> str:
    return f"connect_mock.advance takes seconds, from 0 on and within what dates can say, not {seconds!r}."
