"""What happened in a test, as a failed one shows it: the calls, and what became of each of their attempts."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from connect_batchmock._text import chosen, counted, cut, listed, printable, wrapped
from connect_batchmock.explain.hints import no_calls_at_all
from connect_batchmock.explain.lines import NAMELESS, batch_result

_MOST_NAMED = 5
"""How many failed items are named for each reason."""

Attempt = tuple[int, Any]
"""A call of the journal, and its number, from 1 on."""


def story(calls: Sequence[Any], failed_requests: Sequence[Any], contacts: int, most: int) -> str:
    """Return what happened, in lines: a summary, and the calls, of which some in the middle may be left out.

    Args:
        calls: every attempt, in order.
        failed_requests: the items that came back failed.
        contacts: how many contacts were created.
        most: how many calls are shown, the first and the last of them.
    """
    if not calls:
        return no_calls_at_all()
    groups = _grouped(calls)
    failed, width = _by_call(failed_requests), max(3, len(str(len(calls))))
    last_ones = range(len(groups), max(len(groups) - most // 2, 0), -1)
    lines = [wrapped(_summary(calls, len(groups), contacts, len(failed_requests))), ""]
    before = 0
    for number in chosen(len(groups), most, last_ones):
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


def _summary(calls: Sequence[Any], groups: int, contacts: int, failed: int) -> str:
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
    more = [f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
    return listed([*names[:_MOST_NAMED], *more])
