"""What to do next, in a sentence, where something that was found suggests it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from connect_batchmock._matching import Absent, Difference
from connect_batchmock._text import counted, cut, listed, short, with_article


def near_miss(found: Sequence[Difference]) -> str | None:
    """Return what to do about the first value that is almost what is wanted, or None."""
    return next((hint for one in found for hint in [_near_miss(*one)] if hint is not None), None)


def _near_miss(path: str, wanted: Any, actual: Any) -> str | None:
    if isinstance(actual, Absent) or isinstance(wanted, Absent):
        return None
    if isinstance(wanted, datetime) and isinstance(actual, datetime):
        return _time_without_zone(path, wanted)
    if isinstance(wanted, str) and isinstance(actual, str):
        return _other_text(path, wanted, actual)
    if type(wanted) is not type(actual) and _as_text(wanted) == _as_text(actual):
        return (
            f"{path} is {with_article(type(actual).__name__)} and the criterion "
            f"{with_article(type(wanted).__name__)}: compare with {short(actual)}."
        )
    return None


def _as_text(value: Any) -> str:
    return str(value).casefold()


def _time_without_zone(path: str, wanted: datetime) -> str | None:
    if wanted.tzinfo is not None:
        return None
    return f"{path} has a time zone and the criterion has none: give it tzinfo=timezone.utc."


def _other_text(path: str, wanted: str, actual: str) -> str | None:
    if wanted.startswith("arn:") and wanted.endswith(f"/{actual}"):
        return f"{path} is an id and the criterion an ARN: compare with {actual!r}."
    if wanted.strip().casefold() == actual.strip().casefold():
        return f"{path} differs only in case, or in spaces around it: compare with {actual!r}."
    if _same_number(wanted, actual):
        return f"{path} is the same number in another form, E.164: compare with {actual!r}."
    return None


_FEWEST_DIGITS = 7


def _same_number(wanted: str, actual: str) -> bool:
    if not actual.startswith("+") or re.search(r"[^0-9 ().+/-]", wanted):
        return False
    digits = re.sub("[^0-9]", "", wanted).lstrip("0")
    return len(digits) >= _FEWEST_DIGITS and actual.endswith(digits)


_COMES_WITH_TIME = re.compile(
    r"(state|agent|disconnect_reason|answering_machine_detection_status|\w+_at|eventType|disconnectReason)$"
)


def waits_for_time(found: Sequence[Difference]) -> str | None:
    """Return how to let a contact go on, where nothing but that is missing; else None."""
    if found and all(_COMES_WITH_TIME.match(path) for path, _, _ in found):
        return "A contact goes on with the mock's clock: connect_mock.advance(seconds) lets time pass."
    return None


def nothing_happened(noun: str) -> str | None:
    """Return how what is read comes to be, where there is none of it."""
    return {
        "call": no_calls_at_all(),
        "event": "Contact events come with the mock's clock: connect_mock.advance(seconds) lets time pass.",
        "contact record": (
            "A contact has a record when it has ended: connect_mock.advance(seconds) lets time pass."
        ),
    }.get(noun)


def look_again(noun: str) -> str:
    """Return what to do where nothing suggests more."""
    told = "" if noun == "call" else "; connect_mock.calls tells what was sent"
    return f"Where the nearest is the one that is meant, correct the criteria{told}."


def no_calls_at_all() -> str:
    return (
        "The mock has answered no call: see that the code under test runs, in this process and with a client "
        "that was not made by another mock."
    )


def every_call_failed(count: int, error: str, message: str) -> str:
    calls = "The only call" if count == 1 else f"Each of the {counted(count, 'call')}"
    last = "" if count == 1 else "the last "
    return f"{calls} failed, {last}with {error}: {cut(message, 200)}"


def came_from(numbers: Sequence[int]) -> str:
    """Return which calls created contacts."""
    shown = [str(number) for number in numbers[:10]]
    more = [f"{len(numbers) - 10} more"] if len(numbers) > 10 else []
    noun = "call" if len(numbers) == 1 else "calls"
    return f"Created by {noun} {listed([*shown, *more])}; connect_mock.calls tells what was sent."


def tell_apart(unlike: Sequence[str]) -> str:
    """Return how to find one of several, by the attributes that are not alike."""
    if unlike:
        return f"They differ in {listed(unlike)}: add one to the criteria, or use where()."
    return "They are alike in all that was sent: see whether it was sent twice, or use where()."


def attempts_count(calls: int) -> str:
    of_calls = counted(calls, "call")
    return f"Each attempt counts, and botocore repeats what fails: these are attempts of {of_calls}."
