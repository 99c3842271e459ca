"""A line about each thing that a test reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connect_batchmock.explain.wording import cut, short

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
    return f"{call.operation} in {call.region}{by}{attempt}: {_answer(call)}"


def failed_request_line(failed: Any) -> str:
    who = failed.request_identifier or NAMELESS
    return f"{who}: {failed.reason}, {failed.message}"


def event_line(event: Any) -> str:
    detail = event["detail"]
    reason = f", {detail['disconnectReason']}" if "disconnectReason" in detail else ""
    return f"{event['time']} {detail['eventType']} of {detail['contactId']}{reason}"


def contact_record_line(record: Any) -> str:
    return f"{record['CustomerEndpoint']['Address']}, {record['ContactId']}: {record['DisconnectReason']}"


def _answer(call: Any) -> str:
    if call.error is not None:
        carried_out = "" if call.result is None else f" {result_line(call)}"
        return f"{call.error}: {cut(call.message, 200)}{carried_out}"
    return result_line(call)


def result_line(call: Any) -> str:
    for succeeded, failed, reason, identifier, verb in BATCHES:
        if failed in call.result:
            done = f"{len(call.result[succeeded])} {verb}, {len(call.result[failed])} failed"
            return done + _failed_items(call.result[failed], reason, identifier)
    return "answered"


BATCHES = (
    ("SuccessfulRequestList", "FailedRequestList", "FailureReasonCode", "RequestIdentifier", "created"),
    ("successfulRequests", "failedRequests", "failureCode", "clientToken", "succeeded"),
)
"""How answers to batches name their lists, why an item failed, which it was, and what the others did."""


def _failed_items(failed: Sequence[Mapping[str, Any]], reason: str, identifier: str) -> str:
    if not failed:
        return ""
    shown = [f"{item.get(identifier, '-')} {item[reason]}" for item in failed[:5]]
    more = [f"{len(failed) - 5} more"] if len(failed) > 5 else []
    return f" ({', '.join([*shown, *more])})"
