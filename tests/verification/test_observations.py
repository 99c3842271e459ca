"""A decision that a report contradicts fails a test, until it is changed or the difference is explained."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import DOCS
from tools.observations import contradictions

from connect_batchmock import Instance
from connect_batchmock.verification.catalog import SCENARIOS
from connect_batchmock.verification.report import Anonymizer, document
from connect_batchmock.verification.scenario import try_scenario
from connect_batchmock.verification.story import Clients

OBSERVATIONS = DOCS / "explanation" / "observations"

Read = Callable[[Path], list[str]]


@pytest.fixture
def read(clients: Clients, connect_instance: Instance) -> Read:
    """Read the reports in a folder, and compare them with what the scenarios expect now."""

    def expected_by(scenario: str) -> Any:
        result = try_scenario(SCENARIOS[scenario], clients, connect_instance.id, [])
        return json.loads(document([result], "emulator", Anonymizer()))["scenarios"][0]["expected"]

    return lambda folder: contradictions(folder, expected_by)


def write_report(folder: Path, **changes: Any) -> None:
    entry = {
        "id": "hours-are-changed-in-part",
        "decision": "hours-of-operation",
        "result": "differs",
        "expected": {"DescribeHoursOfOperation": {"Name": "name-3", "TimeZone": "UTC"}},
        "observed": {"DescribeHoursOfOperation": {"Name": "name-3", "TimeZone": "Asia/Tokyo"}},
        **changes,
    }
    (folder / "report.json").write_text(json.dumps({"scenarios": [entry]}), encoding="utf-8")


def explain(folder: Path, toml: str) -> None:
    (folder / "explained.toml").write_text(toml, encoding="utf-8")


def test_no_report_contradicts_a_decision(read: Read) -> None:
    assert read(OBSERVATIONS) == []


def test_the_page_says_whether_there_are_reports() -> None:
    has_none = "So far there are no reports" in (OBSERVATIONS / "index.md").read_text(encoding="utf-8")
    assert has_none is not any(OBSERVATIONS.glob("*.json"))


def test_a_difference_names_the_decision_and_the_remedy(read: Read, tmp_path: Path) -> None:
    write_report(tmp_path)
    assert read(tmp_path) == [
        "report.json: hours-are-changed-in-part differs from the decision 'hours-of-operation': "
        "expected {'DescribeHoursOfOperation': {'Name': 'name-3', 'TimeZone': 'UTC'}}, "
        "observed {'DescribeHoursOfOperation': {'Name': 'name-3', 'TimeZone': 'Asia/Tokyo'}}; "
        "change the decision, or explain the difference in explained.toml."
    ]


@pytest.mark.parametrize("result", ["holds", "not tried"])
def test_other_results_contradict_nothing(read: Read, tmp_path: Path, result: str) -> None:
    write_report(tmp_path, result=result)
    assert read(tmp_path) == []


def test_a_changed_decision_is_no_longer_contradicted(read: Read, tmp_path: Path) -> None:
    # What the report observed is what the scenario expects by now.
    observed = {"Name": "name-3", "TimeZone": "Europe/Paris", "Config": []}
    write_report(tmp_path, observed={"DescribeHoursOfOperation": observed})
    assert read(tmp_path) == []


def test_a_removed_scenario_contradicts_nothing(read: Read, tmp_path: Path) -> None:
    write_report(tmp_path, id="hours-are-never-changed")
    assert read(tmp_path) == []


def test_an_explained_difference_passes(read: Read, tmp_path: Path) -> None:
    write_report(tmp_path)
    explain(tmp_path, '["report.json"]\nhours-are-changed-in-part = "Another run changed them."\n')
    assert read(tmp_path) == []


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            '["report.json"]\nhours-are-changed-in-part = " "\n',
            "explained.toml: hours-are-changed-in-part is explained without a reason.",
        ),
        (
            '["report.json"]\nhours-are-changed-in-part = "Why."\nunknown = "Why."\n',
            "explained.toml: it explains unknown, which does not differ in report.json.",
        ),
    ],
)
def test_an_explanation_of_nothing_is_named(read: Read, tmp_path: Path, toml: str, message: str) -> None:
    write_report(tmp_path)
    explain(tmp_path, toml)
    assert read(tmp_path) == [message]
