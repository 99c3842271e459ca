"""The messages of several lines: a failed search, what differs, the report of the API calls."""

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
"""The number of the entry nearest to the criteria, and how it differs from them."""


def unknown_criterion(noun: str, name: str, valid: Sequence[str]) -> str:
    by_lower_case = {criterion.lower(): criterion for criterion in valid}
    matches = get_close_matches(name.lower(), by_lower_case, n=2, cutoff=0.5)
    suggestions = " or ".join(repr(by_lower_case[match]) for match in matches)
    hint = f"; did you mean {suggestions}?" if matches else "."
    return fact(
        f"{with_article(noun).capitalize()} has no criterion {name!r}{hint} The criteria are {listed(valid)}."
    )


def with_criteria(criteria: Mapping[str, Any]) -> str:
    """Return the words for some criteria, as they follow a noun."""
    keywords = ", ".join(f"{name}={short(value)}" for name, value in criteria.items())
    return f" with {keywords}" if keywords else ""


def of_operation(operation: str, parameters: Mapping[str, Any]) -> str:
    """Return the words for an operation with its parameters, as they follow a noun."""
    return f" of {operation}{with_criteria(parameters)}"


def within(timeout: float) -> str:
    """Return the words for the end of a wait, as they follow what was waited for."""
    return f" within {timeout:g} s"


def none_matches(
    noun: str,
    wanted: str,
    reason: str | None,
    nearest: Nearest | None,
    advice: str | None,
    lines: Sequence[str],
) -> str:
    return _message(f"No {noun}{wanted}.", noun, lines, reason=reason, nearest=nearest, advice=advice)


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
    reason: str | None,
    nearest: Nearest | None,
    advice: str | None,
    lines: Sequence[str],
) -> str:
    verb = "is" if expected == 1 else "are"
    what = f"{counted(len(matching), noun)}{wanted}, where {expected} {verb} expected."
    return _message(what, noun, lines, matching=matching, reason=reason, nearest=nearest, advice=advice)


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
    reason: str | None = None,
    nearest: Nearest | None = None,
    advice: str | None = None,
) -> str:
    parts = [fact(what)]
    parts += [wrapped(reason, further="")] if reason is not None else []
    if nearest is not None:
        of_others = " of the others" if matching else ""
        parts.append(f"The nearest{of_others} is number {nearest[0]}:\n{differing(nearest[1])}")
    parts += [wrapped(advice, further="")] if advice is not None else []
    shown_first = [*([nearest[0]] if nearest is not None else []), *matching]
    return "\n\n".join([*parts, _everything(noun, lines, matching, shown_first)])


def _everything(noun: str, lines: Sequence[str], matching: Sequence[int], shown_first: Sequence[int]) -> str:
    if not lines:
        return f"There are no {noun}s."
    # A mark on every entry would distinguish none.
    marked = matching if len(matching) < len(lines) else ()
    legend = "; * marks those that match" if marked else ""
    title = f"{counted(len(lines), noun)} in all{legend}:"
    return f"{title}\n{numbered(lines, first=shown_first, marked=marked)}"


def unretried_items(items: Sequence[Any], reasons: Sequence[str]) -> str:
    failed = f"{counted(len(items), 'item')} failed for a retryable reason ({listed(reasons)})"
    what = f"{failed} and never succeeded:"
    remedy = "Send such items again with a new ClientToken: AWS repeats its response to a token it has seen."
    if all(item.failed.operation != "BatchPutContact" for item in items):
        remedy = "Send such requests again; a request that failed does not use up its clientToken."
    return _findings(what, [_unretried_item(item) for item in items], remedy)


def _findings(what: str, entries: Sequence[str], remedy: str | None = None) -> str:
    advice = [] if remedy is None else [wrapped(remedy, further="")]
    return "\n\n".join([fact(what), numbered(entries), *advice])


_SHOWN = 5
"""How many retries of an item a message shows; if there are more, it counts those in the middle."""


def _unretried_item(item: Any) -> str:
    failed = item.failed
    retries = [_retry(retry, failure) for retry, failure in item.retries] or ["It was not sent again."]
    if len(retries) > _SHOWN:
        retries = [retries[0], f"… {len(retries) - 2} more retries …", retries[-1]]
    failure = f"{failed.reason} in call {failed.call_number}: {failed.message}"
    return "\n  ".join([_customer(failed, *item.customer), failure, *retries])


def _retry(retry: Any, failure: Any) -> str:
    result = "the same ClientToken, so AWS repeated its response"
    if retry.call.error is not None:
        result = f"{retry.call.error}: {cut(retry.call.message, 100)}"
    elif failure is not None:
        result = f"{failure.reason}: {failure.message}"
    return f"It was sent again in call {retry.number}: {result}"


def _customer(failed: Any, campaign_id: str, address: str) -> str:
    identifier = "" if failed.request_identifier is None else f"{failed.request_identifier}, "
    return f"{identifier}{address}, campaign {campaign_id}"


def double_dials(customers: Sequence[Any]) -> str:
    have = f"{counted(len(customers), 'customer')} {'has' if len(customers) == 1 else 'have'}"
    what = f"{have} more than one contact in a campaign, and would be called more than once:"
    remedy = (
        "An API call whose response is lost may have been carried out. Retry it with the same ClientToken "
        "and the same items: AWS then creates no second contact."
    )
    if all(creation.was_answered for customer in customers for creation in customer.creations):
        remedy = (
            "No response to these API calls was lost, so they are no retries. Find out why the application "
            "sent the customer more than once: connect_mock.calls shows what was sent."
        )
    see_contacts = "connect_mock.describe_contact(id) shows what happened to a contact."
    return _findings(what, [_double_dial(customer) for customer in customers], f"{remedy} {see_contacts}")


def _double_dial(customer: Any) -> str:
    contact = customer.creations[0].contact
    count = len(customer.creations)
    title = f"{contact.customer_address}, campaign {contact.campaign.name!r}: {count} contacts"
    return "\n  ".join([title, *map(_creation, customer.creations)])


def _creation(creation: Any) -> str:
    call, token = creation.by.call, creation.token
    name = "clientToken" if "ClientToken" not in call.parameters and token else "ClientToken"
    with_token = f"with {name} {token!r}" if token else f"without {name}"
    lost = "" if creation.was_answered else f", response lost ({call.error}),"
    return f"{creation.contact.id} by call {creation.by.number}{lost} {with_token}"


def calls_outside_hours(outside: Sequence[Any], without_hours: Sequence[Any]) -> str:
    """Return the message for phone calls outside the hours, and for those whose hours are unknown."""
    may_be_called = f"{'its customer' if len(outside) == 1 else 'their customers'} may be called"
    parts = [
        _findings(
            f"{counted(len(outside), 'phone call')} rang outside the hours in which {may_be_called}:",
            [_call_outside_hours(call) for call in outside],
            "Check the local time of a customer before you send a request: the mock dials what it gets, and "
            "holds nothing back until the hours begin.",
        ),
        _findings(
            f"{counted(len(without_hours), 'phone call')} cannot be judged:",
            [f"{_phone_call(call.contact)}\n  {call.reason}" for call in without_hours],
        ),
    ]
    return "\n\n".join(part for part, calls in zip(parts, (outside, without_hours), strict=True) if calls)


def _call_outside_hours(call: Any) -> str:
    local = call.local.isoformat(sep=" ", timespec="seconds")
    rang = f"It rang on {call.day} {local}, in {call.zone}."
    return "\n  ".join([_phone_call(call.contact), rang, call.rule])


def _phone_call(contact: Any) -> str:
    return f"{contact.customer_address}{_of_campaign(contact)}, contact {contact.id}"


def _of_campaign(contact: Any) -> str:
    return f", campaign {contact.campaign.name!r}" if contact.campaign else ""


def customers_called_too_often(customers: Sequence[Any], unlimited: Sequence[Any]) -> str:
    """Return the message for customers who were called too often, and for phone calls without a limit."""
    were = "was" if len(customers) == 1 else "were"
    too_often = _findings(
        f"{counted(len(customers), 'customer')} {were} called more often than allowed:",
        [_frequent_customer(customer) for customer in customers],
        "Every phone call counts, answered or not, and a day has 24 hours. Count the phone calls of a "
        "customer before you send another request: the mock dials what it gets.",
    )
    return "\n\n".join(
        [*([too_often] if customers else []), *(fact(_unlimited(calls)) for calls in unlimited)]
    )


_MAX_ATTEMPTS = 10
"""How many phone calls of a customer a message shows; if there are more, it counts those in the middle."""


def _frequent_customer(customer: Any) -> str:
    limit, campaigns = customer.limit, {_of_campaign(contact) for contact in customer.attempts}
    # A campaign that all phone calls have is named once.
    common = campaigns.pop() if len(campaigns) == 1 else ""
    attempts = [
        f"{contact.dialed_at:%Y-%m-%d %H:%M:%S} UTC: {contact.id}{'' if common else _of_campaign(contact)}"
        for contact in customer.attempts
    ]
    if len(attempts) > _MAX_ATTEMPTS:
        hidden = len(attempts) - _MAX_ATTEMPTS + 1
        attempts = [*attempts[: _MAX_ATTEMPTS - 2], f"… {hidden:,} more phone calls …", attempts[-1]]
    count, days = counted(customer.count, "phone call"), counted(limit.days, "day")
    allowed = f"{count} within {days}, where {limit.source} allows {limit.count:,}:"
    return "\n  ".join([f"{customer.address}{common}", allowed, *attempts])


def _unlimited(calls: Any) -> str:
    count = counted(calls.count, "phone call")
    if calls.campaign is None:
        return f"No limit is known for {count} without a campaign: pass limit= and days=."
    return (
        f"No limit is known for {count} of campaign {calls.campaign.name!r}: pass limit= and days=, or "
        f"configure one with UpdateCampaignCommunicationLimits or PutInstanceCommunicationLimits."
    )


_MAX_NAMED = 5
"""How many failed items a message names for each reason."""

Attempt = tuple[int, Any]
"""An attempt of an API call, and its number in the journal, from 1 on."""


def story(calls: Sequence[Any], failed_requests: Sequence[Any], contacts: int, limit: int) -> str:
    """Return the report of the API calls: a summary, then each call with its attempts.

    Args:
        calls: all attempts, in order.
        failed_requests: the items that failed.
        contacts: the number of contacts.
        limit: the number of API calls that are shown; those in the middle are left out.
    """
    if not calls:
        return NO_CALLS
    groups = _grouped(calls)
    failed, width = _by_call(failed_requests), max(3, len(str(len(calls))))
    last_ones = range(len(groups), max(len(groups) - limit // 2, 0), -1)
    lines = [wrapped(_story_summary(calls, len(groups), contacts, len(failed_requests))), ""]
    previous = 0
    shown = chosen(len(groups), limit, last_ones)
    privileged = next((number for number in shown if _needs_principal(groups[number - 1][0][1])), None)
    for number in shown:
        skipped = counted(number - previous - 1, "more call")
        lines += [f"{' ' * width}  … {skipped} …"] if number > previous + 1 else []
        notes = [_PRINCIPAL] if number == privileged else []
        lines += _call_lines(groups[number - 1], calls[0].at, failed, width, notes)
        previous = number
    return "\n".join(printable(line) for text in lines for line in text.split("\n"))


_PRINCIPAL = "as the campaigns service principal: production denies this call to customers"


def _needs_principal(call: Any) -> bool:
    """Whether an application made an API call that only the campaign service may make, and was not denied."""
    from connect_batchmock.services.registry import needs_campaigns_principal

    return needs_campaigns_principal(call) and call.error != "AccessDeniedException"


def _grouped(calls: Sequence[Any]) -> list[list[Attempt]]:
    """Group the attempts by the API call that they belong to, in the order of first attempts."""
    groups: dict[Hashable, list[Attempt]] = {}
    for number, call in enumerate(calls, 1):
        groups.setdefault(call.invocation_id or number, []).append((number, call))
    return list(groups.values())


def _by_call(failed_requests: Sequence[Any]) -> dict[int, list[Any]]:
    by_call: dict[int, list[Any]] = {}
    for failed in failed_requests:
        by_call.setdefault(failed.call_number, []).append(failed)
    return by_call


def _story_summary(calls: Sequence[Any], groups: int, contacts: int, failed: int) -> str:
    begin = calls[0].at.astimezone(timezone.utc)
    facts = [
        counted(groups, "call"),
        counted(len(calls), "attempt"),
        counted(contacts, "contact"),
        counted(failed, "failed item"),
    ]
    return f"{listed(facts)}, since {begin:%Y-%m-%d %H:%M:%S} UTC"


def _call_lines(
    group: Sequence[Attempt],
    begin: datetime,
    failed: Mapping[int, Sequence[Any]],
    width: int,
    notes: Sequence[str],
) -> Iterator[str]:
    number, first = group[0]
    by = ", by the campaign service" if first.internal else ""
    title = f"{number:>{width}}. {first.operation} in {first.region}, {elapsed(first.at, begin)}{by}"
    indent = " " * (width + 2)
    if len(group) == 1:
        yield wrapped(f"{title}: {_outcome(first)}", further=f"{indent}    ")
        yield from (f"{indent}  {note}" for note in notes)
        yield from _details(first, failed.get(number, ()), f"{indent}  ")
        return
    yield f"{title}: {len(group)} attempts"
    yield from (f"{indent}  {note}" for note in notes)
    for number, attempt in group:
        yield wrapped(f"{indent}{number:>{width}}. {_outcome(attempt)}", further=f"{indent}  ")
        yield from _details(attempt, failed.get(number, ()), f"{indent}{indent}  ")


def _details(call: Any, failed: Sequence[Any], indent: str) -> Iterator[str]:
    for line in _failed_items(call) if not failed else _failed_requests(failed):
        yield wrapped(line, indent)
    for plan in call.faults:
        yield wrapped(f"fault: {plan}", indent)
    if call.skipped_delay is not None:
        yield f"{indent}skipped a retry delay of {call.skipped_delay:.1f} s"


def elapsed(at: datetime, begin: datetime) -> str:
    seconds = (at - begin).total_seconds()
    if abs(seconds) < 60:
        return f"{seconds:+.1f} s"
    minutes, seconds = divmod(round(abs(seconds)), 60)
    return f"{'-' if at < begin else '+'}{minutes // 60}:{minutes % 60:02}:{seconds:02} h"


def _outcome(call: Any) -> str:
    if call.error is None:
        return _result(call.result)
    carried_out = "" if call.result is None else f" ({_result(call.result)})"
    return f"{call.error}{carried_out}: {cut(call.message, 200)}"


def _result(result: Mapping[str, Any]) -> str:
    batch = batch_result(result)
    return "answered" if batch is None else batch.counts


def _failed_requests(failed: Sequence[Any]) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for request in failed:
        address = (request.item.get("CustomerEndpoint") or {}).get("Address")
        name = request.request_identifier or address or NAMELESS
        by_reason.setdefault(f"{request.reason}: {cut(request.message, 200)}", []).append(name)
    return [f"{_some(names)}: {reason}" for reason, names in by_reason.items()]


def _failed_items(call: Any) -> list[str]:
    """Return the failed items of a result whose items the journal does not list, such as a replay."""
    batch = batch_result(call.result or {})
    by_reason: dict[str, list[str]] = {}
    for item in () if batch is None else batch.failed:
        by_reason.setdefault(item.reason, []).append(item.identifier or NAMELESS)
    return [f"{_some(names)}: {reason}" for reason, names in by_reason.items()]


def _some(names: Sequence[str]) -> str:
    more = [f"{len(names) - _MAX_NAMED} more"] if len(names) > _MAX_NAMED else []
    return listed([*names[:_MAX_NAMED], *more])


MAX_DIFFERENCES = 12
"""How many differing paths a message shows; it counts the rest."""

_VALUE = WIDTH - 20
"""The maximum length of a value on a line of its own, in characters."""

_BEFORE = 20
"""How many characters that two long values share are shown before the first that differs."""

Row = tuple[str, str, str]
"""A path, and the words for the wanted and the actual value."""


def differing(differences: Sequence[Difference], limit: int | None = MAX_DIFFERENCES) -> str:
    """Return a line for each difference, with the values aligned in columns."""
    rows = [_row(*difference) for difference in differences[:limit]]
    widths = _widths(rows)
    more = [f"    and {len(differences) - len(rows)} more"] if len(differences) > len(rows) else []
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
    """Align the actual value with the wanted one above it, character by character."""
    return f"is     {actual[3:]}" if actual.startswith("is ") else actual


def _row(path: str, expected: Any, actual: Any) -> Row:
    wanted, written = _cut_alike(_written(expected), _written(actual))
    return path or "itself", _wanted(expected, wanted), _is(actual, written, path)


def _wanted(expected: Any, written: str) -> str:
    return "wanted nothing" if expected is ABSENT else f"wanted {written}"


def _is(actual: Any, written: str, path: str) -> str:
    if not isinstance(actual, Absent):
        return f"is {written}"
    # The last part of a path into a mapping is the absent key.
    siblings = [key for key in actual.siblings if isinstance(key, str)]
    matches = get_close_matches(path.rpartition(".")[2].lower(), [key.lower() for key in siblings], n=1)
    similar = [key for key in siblings if key.lower() in matches]
    return f"is absent (did you mean {similar[0]!r}?)" if similar else "is absent"


def _written(value: Any) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else repr(value)


def _cut_alike(wanted: str, actual: str) -> tuple[str, str]:
    """Cut two long values so that both show the first character that differs."""
    if max(len(wanted), len(actual)) <= _VALUE:
        return wanted, actual
    alike = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(wanted, actual, strict=False)))
    begin = alike - _BEFORE
    if begin > 0:
        wanted, actual = f"…{wanted[begin:]}", f"…{actual[begin:]}"
    return cut_inside(wanted, _VALUE), cut_inside(actual, _VALUE)


def near_miss(differences: Sequence[Difference]) -> str | None:
    """Return a hint about the first value that nearly equals the wanted one, or None."""
    hints = (_near_miss(*difference) for difference in differences)
    return next((hint for hint in hints if hint is not None), None)


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
    return f"{path} has a time zone and the criterion has none: add tzinfo=timezone.utc."


def _other_text(path: str, wanted: str, actual: str) -> str | None:
    if wanted.startswith("arn:") and wanted.endswith(f"/{actual}"):
        return f"{path} is an id and the criterion an ARN: compare with {actual!r}."
    if wanted.strip().casefold() == actual.strip().casefold():
        return f"{path} differs only in case or in surrounding spaces: compare with {actual!r}."
    if _same_number(wanted, actual):
        return f"{path} is the same number in E.164 format: compare with {actual!r}."
    return None


_MIN_DIGITS = 7


def _same_number(wanted: str, actual: str) -> bool:
    if not actual.startswith("+") or re.search(r"[^0-9 ().+/-]", wanted):
        return False
    digits = re.sub("[^0-9]", "", wanted).lstrip("0")
    return len(digits) >= _MIN_DIGITS and actual.endswith(digits)


_CHANGES_WITH_TIME = re.compile(
    r"(state|agent|waiting_for|disconnect_reason|answering_machine_detection_status|\w+_at|eventType|"
    r"disconnectReason)$"
)


def waits_for_time(differences: Sequence[Difference]) -> str | None:
    """Return a hint to advance the clock if all that differs changes only with time; else None."""
    if differences and all(_CHANGES_WITH_TIME.match(path) for path, _, _ in differences):
        return "A contact changes with the mock's clock: connect_mock.advance(seconds) advances it."
    return None


NO_CALLS = (
    "The mock has answered no API call. Check that the code under test runs, in this process, and with a "
    "client that no other mock made."
)

NO_RECORDS: Mapping[str, str] = {
    "call": NO_CALLS,
    "event": "Contact events come with the mock's clock: connect_mock.advance(seconds) advances it.",
    "contact record": (
        "A contact gets its record when it ends: connect_mock.advance(seconds) advances the mock's clock."
    ),
}
"""Hints for a sequence without entries, by the noun of its entries."""


def every_call_failed(count: int, error: str, message: str) -> str:
    calls = "The only API call failed" if count == 1 else f"All {counted(count, 'API call')} failed, the last"
    return f"{calls} with {error}: {cut(message, 200)}"


def created_by_calls(numbers: Sequence[int]) -> str:
    """Return a sentence with the numbers of the API calls that created contacts."""
    shown = [str(number) for number in numbers[:10]]
    more = [f"{len(numbers) - 10} more"] if len(numbers) > 10 else []
    noun = "call" if len(numbers) == 1 else "calls"
    return f"Created by {noun} {listed([*shown, *more])}; connect_mock.calls shows what was sent."


def see_contact(contact_id: str) -> str:
    """Return a clause that refers to the timeline of a contact."""
    return f"connect_mock.describe_contact({contact_id!r}) shows what happened to it"


def tell_apart(unlike: Sequence[str]) -> str:
    """Return a hint how to select one of several entries, by the attributes in which they differ."""
    if unlike:
        return f"They differ in {listed(unlike)}: add one of these to the criteria, or use where()."
    return "All that was sent is equal: check whether it was sent twice, or use where()."


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
    return printable(f"{call.operation} in {call.region}{by}{attempt}: {_outcome_in_a_line(call)}")


def failed_request_line(failed: Any) -> str:
    name = failed.request_identifier or NAMELESS
    return printable(f"{name}: {failed.reason}, {failed.message}")


def event_line(event: Any) -> str:
    detail = event["detail"]
    reason = f", {detail['disconnectReason']}" if "disconnectReason" in detail else ""
    return f"{event['time']} {detail['eventType']} of {detail['contactId']}{reason}"


def late_deliveries(count: int) -> list[str]:
    """Return the line about events and records that no listener has heard yet, if there are any."""
    if not count:
        return []
    return [
        f"Not heard yet: {counted(count, 'late message')} for the listeners of events and records; "
        f"connect_mock.advance(seconds) delivers what is due by then."
    ]


def _outcome_in_a_line(call: Any) -> str:
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
    """An item that failed: its identifier, if the result has it, and the reason."""

    identifier: str | None
    reason: str


@dataclass(frozen=True)
class BatchResult:
    """The result of a batch: how many items succeeded, what that means, and which ones failed."""

    succeeded: int
    failed: Sequence[FailedItem]
    verb: str

    @property
    def counts(self) -> str:
        return f"{self.succeeded} {self.verb}, {len(self.failed)} failed"


def batch_result(result: Mapping[str, Any]) -> BatchResult | None:
    """Return the result of a batch, or None if the operation takes no batch.

    The model requires neither the two lists nor any member of their items.
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
"""For each kind of result: its two lists, the members for reason and identifier, and the verb of success."""
