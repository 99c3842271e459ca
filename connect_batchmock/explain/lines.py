"""A line about each thing that a test reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connect_batchmock._text import cut, printable, short

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
    return printable(f"{call.operation} in {call.region}{by}{attempt}: {_answer(call)}")


def failed_request_line(failed: Any) -> str:
    who = failed.request_identifier or NAMELESS
    return printable(f"{who}: {failed.reason}, {failed.message}")


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
