"""The page of endings agrees with what contacts leave, and each of its rows is made by boto3."""

from __future__ import annotations

import re

import botocore
import pytest
from packaging.version import Version
from tools.endings_page import MISTAKES, PAGE, Row, ending_of, page, reasons, statuses

from connect_batchmock.domain.outcome import AGENT_STATUSES, UNREACHED_STATUSES

TEXT, _, MADE_FROM = PAGE.read_text(encoding="utf-8").strip().rpartition("\n")


@pytest.mark.skipif(
    Version(botocore.__version__) < Version(re.findall(r"[\d.]+\d", MADE_FROM)[-1]),
    reason="the page was made from a newer botocore, whose models have more",
)
def test_the_page_is_what_contacts_leave() -> None:
    assert MADE_FROM.startswith("<!-- Made by tests/tools/endings_page.py")
    assert TEXT.split("\n") == page().split("\n"), "run python tests/tools/endings_page.py"


@pytest.mark.parametrize("reason", reasons())
def test_an_outcome_makes_each_disconnect_reason(reason: str) -> None:
    ending = ending_of(reasons()[reason])
    assert ending.events[-2]["disconnectReason"] == reason
    assert ending.record["DisconnectReason"] == reason
    assert ending.described.get("DisconnectReason", reason) == reason


@pytest.mark.parametrize("status", statuses())
def test_an_outcome_makes_each_detection_status(status: str) -> None:
    row = statuses()[status]
    ending = ending_of(row)
    types = [detail["eventType"] for detail in ending.events]

    assert types[:2] == ["INITIATED", "CONNECTED_TO_SYSTEM"]
    assert ending.events[1]["answeringMachineDetectionStatus"] == status
    assert ending.record["AnsweringMachineDetectionStatus"] == status
    assert ending.described["AnsweringMachineDetectionStatus"] == status
    assert ("CONNECTED_TO_AGENT" in types) == (status in AGENT_STATUSES)
    assert (row.outcome.course == "connected") == (status not in UNREACHED_STATUSES)


@pytest.mark.parametrize(
    "row", [*reasons().values(), *statuses().values(), *MISTAKES], ids=lambda row: row.code
)
def test_no_contact_has_a_status_without_its_event(row: Row) -> None:
    ending = ending_of(row)
    has_event = any(detail["eventType"] == "CONNECTED_TO_SYSTEM" for detail in ending.events)
    has_status = ending.record["AnsweringMachineDetectionStatus"] is not None
    assert has_event == has_status == ("ConnectedToSystemTimestamp" in ending.described)


def test_a_mistake_of_the_detection_decides_who_gets_the_call() -> None:
    person, machine = map(ending_of, MISTAKES)
    assert (person.record["Agent"] or {}).get("ConnectedToAgentTimestamp") is None
    assert machine.record["Agent"]["ConnectedToAgentTimestamp"] is not None
