"""Dial a file of leads with Amazon Connect.

    python dialer.py leads.csv --instance-id ... --queue-id ... --campaign-id ...

The file is a CSV with the columns ``id`` and ``phone``; every other column becomes a contact attribute.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError

BATCH_SIZE = 25  # the limit of BatchPutContact
ROUNDS = 3
RETRYABLE_REASONS = frozenset({"REQUEST_THROTTLED", "INTERNAL_ERROR"})

# Made at import, as in a Lambda handler: later invocations reuse the connection.
connect: Any = boto3.client("connect", region_name="us-east-1")


@dataclass(frozen=True)
class Lead:
    """A customer to call: a row of the file."""

    id: str
    phone: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """The campaign and the queue of the contacts."""

    instance_id: str
    queue_id: str
    campaign_id: str


@dataclass(frozen=True)
class Batch:
    """Leads that are sent together, under one token."""

    leads: Sequence[Lead]
    # The token belongs to the batch, so that a batch that is sent twice dials no customer twice.
    token: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Report:
    """The result of every lead, by lead id."""

    created: dict[str, str] = field(default_factory=dict)
    """The contact id."""
    failed: dict[str, str] = field(default_factory=dict)
    """The failure reason of the service."""
    unusable: dict[str, str] = field(default_factory=dict)
    """The phone number in the file."""
    duplicates: dict[str, str] = field(default_factory=dict)
    """The id of the earlier lead that has the same number."""

    def summary(self) -> str:
        """Return a few lines for the person who started the run."""
        lines = [
            f"created: {len(self.created)}",
            f"failed: {len(self.failed)}",
            f"unusable: {len(self.unusable)}",
            f"duplicates: {len(self.duplicates)}",
        ]
        lines += [f"  lead {lead}: {reason}" for lead, reason in self.failed.items()]
        lines += [f"  lead {lead}: cannot dial {phone!r}" for lead, phone in self.unusable.items()]
        lines += [f"  lead {lead}: same number as lead {first}" for lead, first in self.duplicates.items()]
        return "\n".join(lines)


def dial_file(path: Path, target: Target) -> Report:
    """Dial every lead of a CSV file."""
    return dial(read_leads(path), target)


def dial(leads: Iterable[Lead], target: Target) -> Report:
    """Dial every lead that can be dialed, each number once."""
    report = Report()
    waiting = list(dialable(leads, report))
    # Each round sends all batches before it retries items, so that throttling can end.
    for round_number in range(1, ROUNDS + 1):
        failures: dict[str, str] = {}
        for batch in batches(waiting):
            response = send(batch, target)
            report.created.update(contact_ids(response))
            failures.update(failure_reasons(response))
        retried = leads_to_retry(failures, round_number)
        report.failed.update({lead: reason for lead, reason in failures.items() if lead not in retried})
        waiting = [lead for lead in waiting if lead.id in retried]
    return report


def read_leads(path: Path) -> list[Lead]:
    """Read the leads of a CSV file, in its order."""
    # Spreadsheets write a byte order mark; without "-sig" it would be part of the first column's name.
    with path.open(encoding="utf-8-sig", newline="") as file:
        leads = [lead_from_row(row) for row in csv.DictReader(file, restval="")]
    reject_repeated_ids(leads)
    return leads


def lead_from_row(row: Mapping[str, str]) -> Lead:
    """Return the lead of a row; an empty column becomes no attribute."""
    attributes = {column: text for column, text in row.items() if column not in ("id", "phone") and text}
    return Lead(row["id"], row["phone"], attributes)


def reject_repeated_ids(leads: Iterable[Lead]) -> None:
    """Raise an exception if two leads have the same id, because the report is by id."""
    seen: set[str] = set()
    for lead in leads:
        if lead.id in seen:
            raise ValueError(f"two leads have the id {lead.id!r}")
        seen.add(lead.id)


def dialable(leads: Iterable[Lead], report: Report) -> Iterator[Lead]:
    """Yield the leads to send, with their numbers in E.164; report the others."""
    first_with: dict[str, str] = {}
    for lead in leads:
        number = e164(lead.phone)
        if number is None:
            report.unusable[lead.id] = lead.phone
        elif number in first_with:
            report.duplicates[lead.id] = first_with[number]
        else:
            first_with[number] = lead.id
            yield Lead(lead.id, number, lead.attributes)


def e164(phone: str) -> str | None:
    """Return the number in E.164, or None if it is invalid.

    A number without a country code is a North American number.
    """
    compact = re.sub(r"[\s().\-]", "", phone)
    if compact.startswith("+"):
        number = compact
    elif len(compact) == 11 and compact.startswith("1"):
        number = f"+{compact}"
    else:
        number = f"+1{compact}"
    # Neither an area code nor an exchange starts with 0 or 1.
    pattern = r"\+1[2-9][0-9]{2}[2-9][0-9]{6}" if number.startswith("+1") else r"\+[2-9][0-9]{6,14}"
    return number if re.fullmatch(pattern, number) else None


def batches(leads: Sequence[Lead]) -> Iterator[Batch]:
    """Yield the leads in batches that the service accepts."""
    for start in range(0, len(leads), BATCH_SIZE):
        yield Batch(leads[start : start + BATCH_SIZE])


def send(batch: Batch, target: Target) -> dict[str, Any]:
    """Send a batch; if the response never arrives, send it again with the same token."""
    try:
        return put(batch, target)
    except (NoConnection, HTTPClientError):
        return put(batch, target)


def put(batch: Batch, target: Target) -> dict[str, Any]:
    """Call BatchPutContact."""
    response: dict[str, Any] = connect.batch_put_contact(
        ClientToken=batch.token,
        InstanceId=target.instance_id,
        ContactDataRequestList=[contact_request(lead, target) for lead in batch.leads],
    )
    return response


def contact_request(lead: Lead, target: Target) -> dict[str, Any]:
    """Return the item of a lead."""
    return {
        "RequestIdentifier": lead.id,
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": lead.phone},
        "QueueId": target.queue_id,
        "Campaign": {"CampaignId": target.campaign_id},
        "Attributes": dict(lead.attributes),
    }


def contact_ids(response: Mapping[str, Any]) -> dict[str, str]:
    """Return the contact id of every lead that was accepted."""
    return {
        item["RequestIdentifier"]: item["ContactId"] for item in response.get("SuccessfulRequestList", [])
    }


def failure_reasons(response: Mapping[str, Any]) -> dict[str, str]:
    """Return the failure reason of every lead that was not accepted."""
    return {
        item["RequestIdentifier"]: item["FailureReasonCode"] for item in response.get("FailedRequestList", [])
    }


def leads_to_retry(failures: Mapping[str, str], round_number: int) -> set[str]:
    """Return the ids of the leads to send in the next round.

    Only retryable failures are: an invalid number or a disabled queue fails again.
    """
    if round_number >= ROUNDS:
        return set()
    return {lead for lead, reason in failures.items() if reason in RETRYABLE_REASONS}


def main(argv: Sequence[str] | None = None) -> int:
    """Dial a file and print the report; return 1 if the service refused a lead, else 0."""
    parser = argparse.ArgumentParser(description="Dial a file of leads with Amazon Connect.")
    parser.add_argument("leads", type=Path, help="CSV file with the columns id and phone, and any attributes")
    parser.add_argument("--instance-id", required=True)
    parser.add_argument("--queue-id", required=True)
    parser.add_argument("--campaign-id", required=True)
    options = parser.parse_args(argv)
    target = Target(options.instance_id, options.queue_id, options.campaign_id)
    report = dial_file(options.leads, target)
    sys.stdout.write(f"{report.summary()}\n")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
