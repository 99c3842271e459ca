"""The timeline of a contact: the API calls about it, its events and phone call, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from connect_batchmock._text import cut, listed, printable, wrapped
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.instance import ContactJournal
from connect_batchmock.engine.journal import Call, NumberedCall, contacts_in
from connect_batchmock.protocol.model import service_model
from connect_batchmock.records import report
from connect_batchmock.records.obstacles import explain_wait


class TimelineEntry(NamedTuple):
    """Something that happened to a contact: a line of its timeline.

    Attributes:
        at: the time, in UTC, by the mock's clock.
        what: what happened, such as ``call 1, BatchPutContact: created it`` or
            ``DISCONNECTED: CUSTOMER_DISCONNECT``.
    """

    at: datetime
    what: str

    def __str__(self) -> str:
        return f"{self.at.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S} UTC  {printable(self.what)}"


class Origin(NamedTuple):
    """Where a contact comes from.

    Args:
        by: the API call of the application that created it.
        token: the ClientToken of that call, or the clientToken of the request; None if there was none.
        was_answered: whether the application got a response, to the call or to a retry.
    """

    by: NumberedCall
    token: str | None
    was_answered: bool


def origin_of(journal: ContactJournal, contact_id: str, request_identifier: str | None) -> Origin:
    """Return the origin of a contact, whose request the campaign service may have carried out."""
    calls = _with_contact(journal, contact_id)
    accepted = _accepting(journal, request_identifier) if calls[0].call.internal else []
    by = [*accepted, *calls][0]
    was_answered = any(numbered.call.error is None for numbered in accepted or calls)
    return Origin(by, _token_of(by.call, request_identifier if accepted else None), was_answered)


def _with_contact(journal: ContactJournal, contact_id: str) -> list[NumberedCall]:
    """Return the API calls whose result has a contact: the one that created it, and repeated responses."""
    return [
        numbered for numbered in journal.calls_about(contact_id) if contact_id in contacts_in(numbered.call)
    ]


def _accepting(journal: ContactJournal, request_id: str | None) -> list[NumberedCall]:
    """Return the API calls of the application in which a campaign accepted a request."""
    about = journal.calls_about(request_id or "")
    return [numbered for numbered in about if _accepted(numbered.call, request_id)]


def _accepted(call: Call, request_id: str | None) -> list[Mapping[str, Any]]:
    accepted = (call.result or {}).get("successfulRequests", ())
    return [request for request in accepted if request.get("id") == request_id]


def _token_of(call: Call, request_id: str | None) -> str | None:
    if request_id is None:
        return call.parameters.get("ClientToken")
    token: str | None = _accepted(call, request_id)[0].get("clientToken")
    return token


_BEFORE, _CREATED, _CALL, _EVENT, _NOW = range(5)
"""The order of entries with equal times: API calls until the creation, the creation, and what follows."""

_Ranked = tuple[datetime, int, TimelineEntry]
"""An entry with its time and its rank, by which it is sorted."""


def timeline_of(contact: Contact) -> list[TimelineEntry]:
    """Return the timeline of a contact; the caller holds the lock of its backend."""
    backend = contact.instance.region.backend
    wait = explain_wait(contact)
    ranked: list[_Ranked] = [
        *_of_calls(backend.journal, contact),
        *_of_events(backend.journal.events_of(contact.id), contact),
        *([] if wait is None else [_ranked(backend.scheduler.now, _NOW, wait)]),
    ]
    return [entry for _, _, entry in sorted(ranked, key=lambda entry: entry[:2])]


def _ranked(at: datetime, rank: int, what: str) -> _Ranked:
    return at, rank, TimelineEntry(at, what)


# The API calls


def _of_calls(journal: ContactJournal, contact: Contact) -> Iterator[_Ranked]:
    created = _with_contact(journal, contact.id)[0]
    origin = origin_of(journal, contact.id, contact.request_identifier)
    accepting = _accepting(journal, contact.request_identifier) if created.call.internal else []
    related = [*journal.calls_about(contact.id), *accepting, *_failed_attempts(journal, origin.by.call)]
    for number, call in sorted({entry.number: entry.call for entry in related}.items()):
        if _only_reads(call):
            continue
        rank = _BEFORE if number <= origin.by.number else _CALL
        if call.internal:
            # The campaign service carries a request out while the API call that sent it goes on.
            rank = _CREATED
        is_original = number in (created.number, origin.by.number)
        effect = _effect(call, contact, is_original, origin.was_answered)
        by = " by the campaign service" if call.internal else ""
        yield _ranked(call.at, rank, f"call {number}, {call.operation}{by}{effect}")
        for fault in call.faults:
            yield _ranked(call.at, rank, f"fault of call {number}: {fault}")


def _failed_attempts(journal: ContactJournal, call: Call) -> list[NumberedCall]:
    """Return the attempts of an API call that were not carried out, and its retries with the same token."""
    subjects = (call.invocation_id, call.parameters.get("ClientToken"))
    related = [numbered for subject in subjects for numbered in journal.calls_about(subject or "")]
    return [
        numbered
        for numbered in related
        if numbered.call.operation == call.operation and numbered.call.result is None
    ]


def _only_reads(call: Call) -> bool:
    method: str = service_model(call.service).operation_model(call.operation).http["method"]
    return method == "GET"


def _effect(call: Call, contact: Contact, is_original: bool, was_answered: bool) -> str:
    if call.result is None:
        return f": {call.error}: {cut(call.message or '', 200)}"
    effects = []
    if contact.id in contacts_in(call):
        effects.append("created it" if is_original else "repeated the response")
    elif _accepted(call, contact.request_identifier):
        effects.append("accepted its request" if is_original else "repeated the response")
    if call.error is not None:
        no_retry = ", and no retry got it" if is_original and not was_answered else ""
        effects.append(f"the response was lost ({call.error}){no_retry}")
    return f": {'; '.join(effects)}" if effects else ""


# The events, and the steps of the phone call between them

_STEPS: Mapping[str, str] = {
    "accepted_at": "previewed by {agent}",
    "preview_ended_at": "the preview ended",
    "dialed_at": "dialed",
    "ring_started_at": "ringing",
    "after_contact_work_started_at": "after-contact work of {agent} began",
    "after_contact_work_ended_at": "after-contact work of {agent} ended",
}
"""The times of a contact that have no event of their own, in order."""


def _of_events(events: Sequence[ContactEvent], contact: Contact) -> Iterator[_Ranked]:
    shown: set[str] = set()
    rank = _CREATED
    for event in events:
        yield from _steps(event.contact, shown, rank)
        rank = _CREATED if event.type == "INITIATED" else _EVENT
        yield _ranked(event.at, rank, _event(event))
    yield from _steps(contact, shown, rank)


def _steps(contact: Contact, shown: set[str], rank: int) -> Iterator[_Ranked]:
    """Yield the steps that a contact has made since the last one that is shown."""
    agent = None if contact.agent is None else contact.agent.username
    for name, words in _STEPS.items():
        at = getattr(contact, name)
        if at is not None and name not in shown:
            shown.add(name)
            yield _ranked(at, rank, words.format(agent=agent))


def _event(event: ContactEvent) -> str:
    contact = event.contact
    details: Mapping[str | None, str | None] = {
        "QUEUED": None if contact.queue is None else f"in {contact.queue.name!r}",
        "CONNECTED_TO_SYSTEM": contact.answering_machine_detection_status,
        "CONNECTED_TO_AGENT": None if contact.agent is None else contact.agent.username,
        "DISCONNECTED": contact.disconnect_reason,
        "CONTACT_DATA_UPDATED": listed(event.updated),
    }
    detail = details.get(event.type)
    return f"{event.type}: {detail}" if detail else str(event.type)


def description(contact: Any, timeline: Sequence[TimelineEntry]) -> str:
    """Return the lines about a contact: what it is, and its timeline since its first entry."""
    begin = timeline[0].at.astimezone(timezone.utc)
    times = [report.elapsed(entry.at, begin) for entry in timeline]
    width = max(map(len, times))
    indent = " " * (width + 4)
    return "\n".join(
        [
            wrapped(printable(f"Contact {contact.id}: {report.contact_line(contact)}")),
            "",
            f"Since {begin:%Y-%m-%d %H:%M:%S} UTC:",
            *(
                wrapped(f"  {time:>{width}}  {printable(entry.what)}", further=indent)
                for time, entry in zip(times, timeline, strict=True)
            ),
        ]
    )
