"""Dial a file of leads with Amazon Connect.

    python dialer.py leads.csv --instance-id ... --queue-id ... --campaign-id ...

The file is a CSV with the columns ``id`` and ``phone``; every other column goes along as a contact attribute.
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

BATCH_SIZE = 25  # the most that BatchPutContact takes
ROUNDS = 3
RETRIED_REASONS = frozenset({"REQUEST_THROTTLED", "INTERNAL_ERROR"})

# Made at import, as in a Lambda handler: later invocations reuse the connection.
connect: Any = boto3.client("connect", region_name="us-east-1")


@dataclass(frozen=True)
class Lead:
    """Somebody to call: one row of the file."""

    id: str
    phone: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """Where the contacts are to be put."""

    instance_id: str
    queue_id: str
    campaign_id: str


@dataclass(frozen=True)
class Batch:
    """Leads that are sent together, under one token."""

    leads: Sequence[Lead]
    # Belongs to the batch, not to the call: a batch that is sent a second time must not dial anybody twice.
    token: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Report:
    """What became of every lead, by lead id."""

    created: dict[str, str] = field(default_factory=dict)
    """The contact id."""
    failed: dict[str, str] = field(default_factory=dict)
    """The reason that the service gave."""
    unusable: dict[str, str] = field(default_factory=dict)
    """The phone number as the file has it."""
    duplicates: dict[str, str] = field(default_factory=dict)
    """The id of the earlier lead that has the same number."""

    def summary(self) -> str:
        """A few lines for the person who started the run."""
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
    # A round goes through all batches before anything is sent again: a throttled item gets time to pass.
    for round_number in range(1, ROUNDS + 1):
        failures: dict[str, str] = {}
        for batch in batches(waiting):
            answer = send(batch, target)
            report.created.update(contact_ids(answer))
            failures.update(failure_reasons(answer))
        again = to_send_again(failures, round_number)
        report.failed.update({lead: reason for lead, reason in failures.items() if lead not in again})
        waiting = [lead for lead in waiting if lead.id in again]
    return report


def read_leads(path: Path) -> list[Lead]:
    """The leads of a CSV file, in its order."""
    # Spreadsheets write a byte order mark; without "-sig" it would be part of the first column's name.
    with path.open(encoding="utf-8-sig", newline="") as file:
        leads = [lead_from_row(row) for row in csv.DictReader(file, restval="")]
    reject_repeated_ids(leads)
    return leads


def lead_from_row(row: Mapping[str, str]) -> Lead:
    """One lead; a column that is empty in this row is no attribute."""
    attributes = {column: text for column, text in row.items() if column not in ("id", "phone") and text}
    return Lead(row["id"], row["phone"], attributes)


def reject_repeated_ids(leads: Iterable[Lead]) -> None:
    """Everything is reported by lead id, so two leads with one id could not be told apart."""
    seen: set[str] = set()
    for lead in leads:
        if lead.id in seen:
            raise ValueError(f"two leads have the id {lead.id!r}")
        seen.add(lead.id)


def dialable(leads: Iterable[Lead], report: Report) -> Iterator[Lead]:
    """The leads to send, with their numbers in E.164; the others are written into the report."""
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
    """The number in E.164, or None if it is no number that can be dialed.

    A number without a country code is taken as a North American one.
    """
    compact = re.sub(r"[\s().\-]", "", phone)
    if compact.startswith("+"):
        number = compact
    elif len(compact) == 11 and compact.startswith("1"):
        number = f"+{compact}"
    else:
        number = f"+1{compact}"
    # Neither an area code nor an exchange starts with 0 or 1: what looks like that was mistyped.
    pattern = r"\+1[2-9][0-9]{2}[2-9][0-9]{6}" if number.startswith("+1") else r"\+[2-9][0-9]{6,14}"
    return number if re.fullmatch(pattern, number) else None


def batches(leads: Sequence[Lead]) -> Iterator[Batch]:
    """The leads in batches that the service accepts."""
    for start in range(0, len(leads), BATCH_SIZE):
        yield Batch(leads[start : start + BATCH_SIZE])


def send(batch: Batch, target: Target) -> dict[str, Any]:
    """Send a batch; if the answer never arrives, send the same batch again under the same token."""
    try:
        return put(batch, target)
    except (NoConnection, HTTPClientError):
        return put(batch, target)


def put(batch: Batch, target: Target) -> dict[str, Any]:
    """One BatchPutContact call."""
    answer: dict[str, Any] = connect.batch_put_contact(
        ClientToken=batch.token,
        InstanceId=target.instance_id,
        ContactDataRequestList=[contact_request(lead, target) for lead in batch.leads],
    )
    return answer


def contact_request(lead: Lead, target: Target) -> dict[str, Any]:
    """One item of a batch."""
    return {
        "RequestIdentifier": lead.id,
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": lead.phone},
        "QueueId": target.queue_id,
        "Campaign": {"CampaignId": target.campaign_id},
        "Attributes": dict(lead.attributes),
    }


def contact_ids(answer: Mapping[str, Any]) -> dict[str, str]:
    """The contact id of every lead that was accepted."""
    return {item["RequestIdentifier"]: item["ContactId"] for item in answer.get("SuccessfulRequestList", [])}


def failure_reasons(answer: Mapping[str, Any]) -> dict[str, str]:
    """The reason for every lead that was not."""
    return {
        item["RequestIdentifier"]: item["FailureReasonCode"] for item in answer.get("FailedRequestList", [])
    }


def to_send_again(failures: Mapping[str, str], round_number: int) -> set[str]:
    """The ids of the leads that deserve another round.

    Only what may pass by itself is tried again: a wrong number or a disabled queue stays wrong.
    """
    if round_number >= ROUNDS:
        return set()
    return {lead for lead, reason in failures.items() if reason in RETRIED_REASONS}


def main(argv: Sequence[str] | None = None) -> int:
    """Dial a file and print what happened; 1 if the service refused a lead, 0 otherwise."""
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
