"""Make docs/reference/endings.md from what happens to contacts that are dialed with each outcome.

Run it with ``python tests/tools/endings_page.py``. A test compares the page with what this makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import botocore

from connect_batchmock import ConnectMock, Outcome, outcomes
from connect_batchmock.domain.outcome import COURSES

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "endings.md"

MADE_FROM = "<!-- Made by tests/tools/endings_page.py from the models of botocore {version}. -->"

INTRODUCTION = """\
# How phone calls end

Every disconnect reason and every status of answering machine detection that a dialed contact can have, and
the outcome that makes it. A script makes the tables: it dials one contact for each row, in a progressive
campaign with answering machine detection and one agent, and writes down what the contact leaves. A test fails
when the page is stale.

- **Outcome** is a function of `connect_batchmock.outcomes`, for `connect_mock.on_dial`. `failed` makes every
  reason, and `detected=` every status.
- **Events** leaves out `INITIATED`, which is first, and `COMPLETED`, which is last.
- **Agent** is the time for which the agent takes no other contact, in seconds: the preview and the ring time
  of a contact that is dialed for the agent, the talk, and the after-contact work, by default none.

A status exists only if the contact was connected to the system, and only in a campaign or phone call with
answering machine detection. Without it, an agent gets every phone call that a person or a machine answers.
[Decisions](../explanation/decisions/contacts.md#how-a-phone-call-ends) says what AWS documents.

[Contacts that are never dialed](../explanation/decisions/contacts.md#contacts-that-are-never-dialed), and
contacts that `StopContact` ends, have reasons of their own.
"""


@dataclass(frozen=True)
class Row:
    """A row of a table: an outcome, by the name and the arguments of its function."""

    name: str
    arguments: tuple[str, ...] = ()
    keywords: tuple[tuple[str, Any], ...] = ()

    @property
    def outcome(self) -> Outcome:
        return outcomes.FACTORIES[self.name](*self.arguments, **dict(self.keywords))

    @property
    def code(self) -> str:
        arguments = [f'"{value}"' for value in self.arguments]
        arguments += [f'{name}="{value}"' for name, value in self.keywords]
        return f"{self.name}({', '.join(arguments)})"


@dataclass(frozen=True)
class Ending:
    """What a contact leaves when it has ended, and the seconds that it took of its agent."""

    events: list[dict[str, Any]]
    record: dict[str, Any]
    described: dict[str, Any]
    agent_seconds: int


_BY_REASON = {
    "TELECOM_BUSY": Row("busy"),
    "TELECOM_NUMBER_INVALID": Row("invalid_number"),
    "TELECOM_UNANSWERED": Row("no_answer"),
    "CUSTOMER_DISCONNECT": Row("answered"),
    "AGENT_DISCONNECT": Row("answered", keywords=(("disconnected_by", "agent"),)),
    "CONTACT_FLOW_DISCONNECT": Row("voicemail"),
    "OUTBUND_PREVIEW_DISCARDED": Row("preview_discarded"),
    "OUTBOUND_PREVIEW_DISCARDED": Row(
        "preview_discarded", keywords=(("spelling", "OUTBOUND_PREVIEW_DISCARDED"),)
    ),
}
"""The outcomes that have a function of their own; ``failed`` makes the others."""

_BY_STATUS = {
    "HUMAN_ANSWERED": Row("answered"),
    "VOICEMAIL_BEEP": Row("voicemail"),
    "VOICEMAIL_NO_BEEP": Row("voicemail", keywords=(("detected", "VOICEMAIL_NO_BEEP"),)),
    "FAX_MACHINE_DETECTED": Row("voicemail", keywords=(("detected", "FAX_MACHINE_DETECTED"),)),
    "SIT_TONE_BUSY": Row("busy", keywords=(("detected", "SIT_TONE_BUSY"),)),
    "SIT_TONE_INVALID_NUMBER": Row("invalid_number", keywords=(("detected", "SIT_TONE_INVALID_NUMBER"),)),
    "SIT_TONE_DETECTED": Row("failed", ("TELECOM_PROBLEM",), (("detected", "SIT_TONE_DETECTED"),)),
    "AMD_UNANSWERED": Row("no_answer", keywords=(("detected", "AMD_UNANSWERED"),)),
    "AMD_NOT_APPLICABLE": Row("failed", ("TELECOM_PROBLEM",), (("detected", "AMD_NOT_APPLICABLE"),)),
}
"""The outcomes of the statuses that say who or what was heard; a person makes the others."""

MISTAKES = (
    Row("answered", keywords=(("detected", "VOICEMAIL_BEEP"),)),
    Row("voicemail", keywords=(("detected", "HUMAN_ANSWERED"),)),
)
"""The outcomes of a customer who is taken for a machine, and of a machine that is taken for a person."""


def reasons() -> dict[str, Row]:
    """Return the outcome of each disconnect reason."""
    return {reason: _BY_REASON.get(reason, Row("failed", (reason,))) for reason in COURSES}


def statuses() -> dict[str, Row]:
    """Return the outcome of each status of answering machine detection."""
    return {
        status: _BY_STATUS.get(status, Row("answered", keywords=(("detected", status),)))
        for status in outcomes.detection_statuses()
    }


@cache
def ending_of(row: Row) -> Ending:
    """Dial a contact with an outcome until it has ended."""
    mock = ConnectMock()
    client: Any = mock.client()
    instance = mock.add_instance()
    queue = instance.add_queue()
    queue.add_agents(1)
    mode = "preview" if row.outcome.course == "not_dialed" else "progressive"
    campaign = instance.add_campaign(queue=queue, mode=mode)
    mock.on_dial(row.outcome)
    item = {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        "QueueId": queue.id,
        "Campaign": {"CampaignId": campaign.id},
    }
    client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[item])
    seconds = 0
    while not mock.contact_records:
        seconds += queue.agents[0].activity != "AVAILABLE"
        mock.advance(1)
    (record,) = mock.contact_records
    described = client.describe_contact(InstanceId=instance.id, ContactId=record["ContactId"])["Contact"]
    return Ending([event["detail"] for event in mock.events], record, described, seconds)


def page() -> str:
    """Return the page, without its last line, which names the version of botocore."""
    return "\n".join(
        [
            INTRODUCTION,
            "## Disconnect reasons\n",
            *_table("disconnect reason", reasons(), "AnsweringMachineDetectionStatus"),
            "## Statuses of answering machine detection\n",
            "An agent gets a phone call that a person has answered, or may have answered.\n",
            *_table("status", statuses(), "DisconnectReason"),
            "## Mistakes of the detection\n",
            "The first customer is a person who hears what the flow says to machines, and gets no agent. The",
            "second is a machine, which an agent gets.\n",
            *_table("status", {dict(row.keywords)["detected"]: row for row in MISTAKES}, "DisconnectReason"),
        ]
    )


def _table(head: str, rows: dict[str, Row], member: str) -> Iterator[str]:
    yield f"| {head} | outcome | events | `{member}` of the record | agent |"
    yield "|---|---|---|---|---|"
    for name, row in rows.items():
        ending = ending_of(row)
        events = ", ".join(f"`{detail['eventType']}`" for detail in ending.events[1:-1])
        value = "null" if ending.record[member] is None else ending.record[member]
        yield f"| `{name}` | `{row.code}` | {events} | `{value}` | {ending.agent_seconds} |"
    yield ""


if __name__ == "__main__":
    made_from = MADE_FROM.format(version=botocore.__version__)
    PAGE.write_text(f"{page()}\n{made_from}\n", encoding="utf-8")
