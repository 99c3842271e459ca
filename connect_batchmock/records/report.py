"""What a test is told: the story of the calls, what differs, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from difflib import get_close_matches
from itertools import takewhile
from typing import Any

from connect_batchmock._matching import ABSENT, Absent, Difference
from connect_batchmock._text import (
    WIDTH,
    chosen,
    counted,
    cut,
    cut_inside,
    fact,
    listed,
    numbered,
    printable,
    short,
    with_article,
    wrapped,
)

Nearest = tuple[int, Sequence[Difference]]
"""The number of the entry that comes nearest to what is wanted, and in what it differs."""


def unknown_criterion(noun: str, name: str, valid: Sequence[str]) -> str:
    what = f"{with_article(noun).capitalize()} has no {name!r} to be found by"
    plain = {one.lower(): one for one in valid}
    near = [repr(plain[one]) for one in get_close_matches(name.lower(), plain, n=2, cutoff=0.5)]
    meant = f"did you mean {' or '.join(near)}? There" if near else "there"
    return fact(f"{what}; {meant} are {listed(valid)}.")


def with_criteria(criteria: Mapping[str, Any]) -> str:
    """Return how what is wanted goes on after its noun."""
    given = ", ".join(f"{name}={short(value)}" for name, value in criteria.items())
    return f" with {given}" if given else ""


def of_operation(operation: str, parameters: Mapping[str, Any]) -> str:
    """Return how a call that is wanted goes on after its noun."""
    return f" of {operation}{with_criteria(parameters)}"


def none_matches(
    noun: str,
    wanted: str,
    because: str | None,
    nearest: Nearest | None,
    advice: str | None,
    lines: Sequence[str],
) -> str:
    return _message(f"No {noun}{wanted}.", noun, lines, because=because, nearest=nearest, advice=advice)


def several_match(
    noun: str, wanted: str, matching: Sequence[int], advice: str | None, lines: Sequence[str]
) -> str:
    what = f"{counted(len(matching), noun)}{wanted}, where one is expected."
    return _message(what, noun, lines, matching=matching, advice=advice)


def wrong_count(
    noun: str,
    wanted: str,
    expected: int,
    matching: Sequence[int],
    because: str | None,
    nearest: Nearest | None,
    advice: str | None,
    lines: Sequence[str],
) -> str:
    verb = "is" if expected == 1 else "are"
    what = f"{counted(len(matching), noun)}{wanted}, where {expected} {verb} expected."
    return _message(what, noun, lines, matching=matching, because=because, nearest=nearest, advice=advice)


def unexpected(
    noun: str, wanted: str, matching: Sequence[int], advice: str | None, lines: Sequence[str]
) -> str:
    what = f"{counted(len(matching), noun)}{wanted}, where none is expected."
    return _message(what, noun, lines, matching=matching, advice=advice)


def _message(
    what: str,
    noun: str,
    lines: Sequence[str],
    *,
    matching: Sequence[int] = (),
    because: str | None = None,
    nearest: Nearest | None = None,
    advice: str | None = None,
) -> str:
    parts = [fact(what)]
    parts += [wrapped(because, further="")] if because is not None else []
    if nearest is not None:
        of_others = " of the others" if matching else ""
        parts.append(f"The nearest{of_others} is number {nearest[0]}:\n{differing(nearest[1])}")
    parts += [wrapped(advice, further="")] if advice is not None else []
    shown_first = [*([nearest[0]] if nearest is not None else []), *matching]
    return "\n\n".join([*parts, _everything(noun, lines, matching, shown_first)])


def _everything(noun: str, lines: Sequence[str], matching: Sequence[int], shown_first: Sequence[int]) -> str:
    if not lines:
        return f"There are no {noun}s."
    # A mark tells nothing where all have it.
    marked = matching if len(matching) < len(lines) else ()
    marks = ", those that match with a mark" if marked else ""
    title = f"{counted(len(lines), noun)} in all{marks}:"
    return f"{title}\n{numbered(lines, first=shown_first, marked=marked)}"


def unretried_items(found: Sequence[Any], reasons: Sequence[str]) -> str:
    items = counted(len(found), "item")
    what = f"{items} failed for a reason that may pass ({listed(reasons)}), and never went through:"
    remedy = "Send such items again, with a ClientToken of their own: to the old one AWS repeats its answer."
    if all(one.failed.operation != "BatchPutContact" for one in found):
        remedy = "Send such requests again; a request that failed has not used its clientToken up."
    return _findings(what, [_given_up(one) for one in found], remedy)


def _findings(what: str, entries: Sequence[str], remedy: str) -> str:
    return "\n\n".join([fact(what), numbered(entries), wrapped(remedy, further="")])


_SHOWN = 5
"""How many times of sending an item again are told before those in the middle are counted."""


def _given_up(item: Any) -> str:
    failed = item.failed
    later = [_sent_again(one, failure) for one, failure in item.later] or ["It was not sent again."]
    if len(later) > _SHOWN:
        later = [later[0], f"… and {len(later) - 2} times more …", later[-1]]
    how = f"{failed.reason} in call {failed.call_number}: {failed.message}"
    return "\n  ".join([_customer(failed, *item.customer), how, *later])


def _sent_again(one: Any, failure: Any) -> str:
    what = "the same ClientToken, so AWS repeated its answer"
    if one.call.error is not None:
        what = f"{one.call.error}: {cut(one.call.message, 100)}"
    elif failure is not None:
        what = f"{failure.reason}: {failure.message}"
    return f"It was sent again in call {one.number}: {what}"


def _customer(failed: Any, campaign_id: str, address: str) -> str:
    who = "" if failed.request_identifier is None else f"{failed.request_identifier}, "
    return f"{who}{address}, campaign {campaign_id}"


def double_dials(found: Sequence[Any]) -> str:
    customers = f"{counted(len(found), 'customer')} {'has' if len(found) == 1 else 'have'}"
    what = f"{customers} more than one contact in a campaign, and would be called more than once:"
    remedy = (
        "A call that was not answered may have been carried out. Repeat it with the same ClientToken and the "
        "same items, and it stays one contact."
    )
    if all(creation.was_answered for customer in found for creation in customer.creations):
        remedy = (
            "All of these calls were answered, so no retry explains it: see why the application sent the "
            "customer more than once. connect_mock.calls tells what was sent."
        )
    return _findings(what, [_called_twice(one) for one in found], remedy)


def _called_twice(customer: Any) -> str:
    contact = customer.creations[0].contact
    count = len(customer.creations)
    lines = [f"{contact.customer_address}, campaign {contact.campaign.name!r}: {count} contacts"]
    return "\n  ".join([*lines, *map(_creation, customer.creations)])


def _creation(creation: Any) -> str:
    call, token = creation.by.call, creation.token
    name = "clientToken" if "ClientToken" not in call.parameters and token else "ClientToken"
    sent = f"with {name} {token!r}" if token else f"without {name}"
    told = "" if creation.was_answered else f", never answered ({call.error}),"
    return f"{creation.contact.id} by call {creation.by.number}{told} {sent}"


_MAX_NAMED = 5
"""How many failed items are named for each reason."""

Attempt = tuple[int, Any]
"""A call of the journal, and its number, from 1 on."""


def story(calls: Sequence[Any], failed_requests: Sequence[Any], contacts: int, limit: int) -> str:
    """Return what happened, in lines: a summary, and the calls, of which some in the middle may be left out.

    Args:
        calls: every attempt, in order.
        failed_requests: the items that came back failed.
        contacts: how many contacts were created.
        limit: how many calls are shown, the first and the last of them.
    """
    if not calls:
        return no_calls_at_all()
    groups = _grouped(calls)
    failed, width = _by_call(failed_requests), max(3, len(str(len(calls))))
    last_ones = range(len(groups), max(len(groups) - limit // 2, 0), -1)
    lines = [wrapped(_story_summary(calls, len(groups), contacts, len(failed_requests))), ""]
    before = 0
    for number in chosen(len(groups), limit, last_ones):
        skipped = counted(number - before - 1, "more call")
        lines += [f"{' ' * width}  … {skipped} …"] if number > before + 1 else []
        lines += _told(groups[number - 1], calls[0].at, failed, width)
        before = number
    return "\n".join(printable(line) for text in lines for line in text.split("\n"))


def _grouped(calls: Sequence[Any]) -> list[list[Attempt]]:
    """Put the attempts of one invocation together, where its first one stands."""
    groups: dict[Hashable, list[Attempt]] = {}
    for number, call in enumerate(calls, 1):
        groups.setdefault(call.invocation_id or number, []).append((number, call))
    return list(groups.values())


def _by_call(failed_requests: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for failed in failed_requests:
        found.setdefault(failed.call_number, []).append(failed)
    return found


def _story_summary(calls: Sequence[Any], groups: int, contacts: int, failed: int) -> str:
    begin = calls[0].at.astimezone(timezone.utc)
    facts = [
        counted(groups, "call"),
        counted(len(calls), "attempt"),
        counted(contacts, "contact"),
        counted(failed, "failed item"),
    ]
    return f"{listed(facts)}, since {begin:%Y-%m-%d %H:%M:%S} UTC"


def _told(
    group: Sequence[Attempt], begin: datetime, failed: Mapping[int, Sequence[Any]], width: int
) -> Iterator[str]:
    number, first = group[0]
    by = ", by the campaign service" if first.internal else ""
    title = f"{number:>{width}}. {first.operation} in {first.region}, {_after(first.at, begin)}{by}"
    indent = " " * (width + 2)
    if len(group) == 1:
        yield wrapped(f"{title}: {_answer(first)}", further=f"{indent}    ")
        yield from _details(first, failed.get(number, ()), f"{indent}  ")
        return
    yield f"{title}: {len(group)} attempts"
    for number, attempt in group:
        yield wrapped(f"{indent}{number:>{width}}. {_answer(attempt)}", further=f"{indent}  ")
        yield from _details(attempt, failed.get(number, ()), f"{indent}{indent}  ")


def _details(call: Any, failed: Sequence[Any], indent: str) -> Iterator[str]:
    for line in _failed_items(call) if not failed else _failed_requests(failed):
        yield wrapped(line, indent)
    for plan in call.faults:
        yield wrapped(f"met {plan}", indent)
    if call.skipped_delay is not None:
        yield f"{indent}{call.skipped_delay:.1f} s until the next attempt were skipped"


def _after(at: datetime, begin: datetime) -> str:
    seconds = (at - begin).total_seconds()
    if abs(seconds) < 60:
        return f"{seconds:+.1f} s"
    minutes, seconds = divmod(round(abs(seconds)), 60)
    return f"{'-' if at < begin else '+'}{minutes // 60}:{minutes % 60:02}:{seconds:02} h"


def _answer(call: Any) -> str:
    if call.error is None:
        return _result(call.result)
    carried_out = "" if call.result is None else f" ({_result(call.result)})"
    return f"{call.error}{carried_out}: {cut(call.message, 200)}"


def _result(result: Mapping[str, Any]) -> str:
    batch = batch_result(result)
    return "answered" if batch is None else batch.counts


def _failed_requests(failed: Sequence[Any]) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for one in failed:
        address = (one.item.get("CustomerEndpoint") or {}).get("Address")
        who = one.request_identifier or address or NAMELESS
        by_reason.setdefault(f"{one.reason}: {cut(one.message, 200)}", []).append(who)
    return [f"{_some(names)}: {reason}" for reason, names in by_reason.items()]


def _failed_items(call: Any) -> list[str]:
    """Return the failed items of a result whose items are not noted in the journal."""
    batch = batch_result(call.result or {})
    by_reason: dict[str, list[str]] = {}
    for item in () if batch is None else batch.failed:
        by_reason.setdefault(item.reason, []).append(item.identifier or NAMELESS)
    return [f"{_some(names)}: {reason}" for reason, names in by_reason.items()]


def _some(names: Sequence[str]) -> str:
    more = [f"{len(names) - _MAX_NAMED} more"] if len(names) > _MAX_NAMED else []
    return listed([*names[:_MAX_NAMED], *more])


MAX_DIFFERENCES = 12
"""How many differing paths a message shows before the rest is counted."""

_VALUE = WIDTH - 20
"""How long a value gets that has a line for itself."""

_BEFORE = 20
"""How much of what two long values have in common is shown before the place where they differ."""

Row = tuple[str, str, str]
"""A path, and the two halves of the sentence about it."""


def differing(found: Sequence[Difference], most: int | None = MAX_DIFFERENCES) -> str:
    """Return the lines, in which values of different paths stand one under the other."""
    rows = [_row(*one) for one in found[:most]]
    widths = _widths(rows)
    more = [f"    and {len(found) - len(rows)} more"] if len(found) > len(rows) else []
    return "\n".join([*(_line(row, widths) for row in rows), *more])


def _widths(rows: Sequence[Row]) -> tuple[int, int]:
    fitting = [row for row in rows if _fits(row, len(row[0]), len(row[1]))]
    path = max((len(row[0]) for row in fitting), default=0)
    return path, max((len(row[1]) for row in fitting), default=0)


def _fits(row: Row, path: int, wanted: int) -> bool:
    return 4 + path + 2 + wanted + 2 + len(row[2]) <= WIDTH


def _line(row: Row, widths: tuple[int, int]) -> str:
    path, wanted, actual = row
    if _fits(row, max(widths[0], len(path)), max(widths[1], len(wanted))):
        return f"    {path:<{widths[0]}}  {wanted:<{widths[1]}}  {actual}"
    return f"    {path}\n        {wanted}\n        {_aligned(actual)}"


def _aligned(actual: str) -> str:
    """Put what is there under what is wanted, character by character."""
    return f"is     {actual[3:]}" if actual.startswith("is ") else actual


def _row(path: str, expected: Any, actual: Any) -> Row:
    wanted, there = _cut_alike(_written(expected), _written(actual))
    return path or "itself", _wanted(expected, wanted), _is(expected, actual, there, path)


def _wanted(expected: Any, written: str) -> str:
    return "wanted nothing" if expected is ABSENT else f"wanted {written}"


def _is(expected: Any, actual: Any, written: str, path: str) -> str:
    if not isinstance(actual, Absent):
        return f"is {written}"
    # The last part of a path of a mapping is the key that is not there.
    beside = [key for key in actual.beside if isinstance(key, str)]
    near = get_close_matches(path.rpartition(".")[2].lower(), [key.lower() for key in beside], n=1)
    there = [key for key in beside if key.lower() in near]
    return f"is absent (there is {there[0]!r})" if there else "is absent"


def _written(value: Any) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else repr(value)


def _cut_alike(wanted: str, actual: str) -> tuple[str, str]:
    """Cut two long values so that the place where they begin to differ stays."""
    if max(len(wanted), len(actual)) <= _VALUE:
        return wanted, actual
    alike = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(wanted, actual, strict=False)))
    begin = alike - _BEFORE
    if begin > 0:
        wanted, actual = f"…{wanted[begin:]}", f"…{actual[begin:]}"
    return cut_inside(wanted, _VALUE), cut_inside(actual, _VALUE)


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


_MIN_DIGITS = 7


def _same_number(wanted: str, actual: str) -> bool:
    if not actual.startswith("+") or re.search(r"[^0-9 ().+/-]", wanted):
        return False
    digits = re.sub("[^0-9]", "", wanted).lstrip("0")
    return len(digits) >= _MIN_DIGITS and actual.endswith(digits)


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


NAMELESS = "an item without RequestIdentifier"


def contact_line(contact: Any) -> str:
    queue = f", queue {contact.queue.name!r}" if contact.queue else ""
    request = f", request {contact.request_identifier!r}" if contact.request_identifier else ""
    campaign = f", campaign {contact.campaign.name!r}" if contact.campaign else ""
    progress = "" if contact.state == "INITIATED" else f", {contact.state}"
    reason = f" ({contact.disconnect_reason})" if contact.disconnect_reason else ""
    return (
        f"{contact.customer_address}{campaign}{queue}{request}, attributes {short(contact.attributes)}"
        f"{progress}{reason}"
    )


def call_line(call: Any) -> str:
    attempt = f" (attempt {call.attempt})" if call.attempt > 1 else ""
    by = " by the campaign service" if call.internal else ""
    return printable(f"{call.operation} in {call.region}{by}{attempt}: {_answer_in_a_line(call)}")


def failed_request_line(failed: Any) -> str:
    who = failed.request_identifier or NAMELESS
    return printable(f"{who}: {failed.reason}, {failed.message}")


def event_line(event: Any) -> str:
    detail = event["detail"]
    reason = f", {detail['disconnectReason']}" if "disconnectReason" in detail else ""
    return f"{event['time']} {detail['eventType']} of {detail['contactId']}{reason}"


def _answer_in_a_line(call: Any) -> str:
    if call.error is not None:
        carried_out = "" if call.result is None else f" {result_line(call)}"
        return f"{call.error}: {cut(call.message, 200)}{carried_out}"
    return result_line(call)


def result_line(call: Any) -> str:
    batch = batch_result(call.result)
    if batch is None:
        return "answered"
    shown = [f"{item.identifier or '-'} {item.reason}" for item in batch.failed[:5]]
    more = [f"{len(batch.failed) - 5} more"] if len(batch.failed) > 5 else []
    return f"{batch.counts} ({', '.join([*shown, *more])})" if shown else batch.counts


@dataclass(frozen=True)
class FailedItem:
    """An item that came back failed: its identifier, if the result tells it, and the reason."""

    identifier: str | None
    reason: str


@dataclass(frozen=True)
class BatchResult:
    """What became of the items of a batch: how many succeeded, which failed, and what the others did."""

    succeeded: int
    failed: Sequence[FailedItem]
    verb: str

    @property
    def counts(self) -> str:
        return f"{self.succeeded} {self.verb}, {len(self.failed)} failed"


def batch_result(result: Mapping[str, Any]) -> BatchResult | None:
    """Return what a result tells of the items of a batch, or None if it tells of none.

    The model requires neither of the two lists and no member of their items.
    """
    for succeeded, failed, reason, identifiers, verb in _BATCHES:
        if succeeded in result or failed in result:
            items = [
                FailedItem(
                    next((item[name] for name in identifiers if name in item), None),
                    item.get(reason, "no code"),
                )
                for item in result.get(failed, ())
            ]
            return BatchResult(len(result.get(succeeded, ())), items, verb)
    return None


_BATCHES = (
    ("SuccessfulRequestList", "FailedRequestList", "FailureReasonCode", ("RequestIdentifier",), "created"),
    ("successfulRequests", "failedRequests", "failureCode", ("clientToken", "campaignId"), "succeeded"),
)
"""How results name their lists, why an item failed, which it was, and what the others did."""
