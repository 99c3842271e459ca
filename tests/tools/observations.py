"""Reads the reports of ``connect-batchmock verify`` about AWS that were contributed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from connect_batchmock.verification.catalog import SCENARIOS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Differences = Mapping[tuple[str, str], Mapping[str, Any]]
Reasons = Mapping[tuple[str, str], str]

_NUMBERED = re.compile(r"\b(name|principal|id|key|account|number)-\d+")
"""What stands in a report for an id; its number depends on what the run has tried before."""


def contradictions(folder: Path, expected_by: Callable[[str], Any]) -> list[str]:
    """Return a line for each difference that nothing explains, and for each explanation of nothing.

    A report contradicts a decision as long as its scenario expects anything but what the report observed.

    Args:
        folder: has the reports, and may have ``explained.toml``.
        expected_by: returns what the scenario with an id expects now, as a report has it.
    """
    path = folder / "explained.toml"
    explained = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    differences = {
        (report.name, entry["id"]): entry
        for report in sorted(folder.glob("*.json"))
        for entry in json.loads(report.read_text(encoding="utf-8"))["scenarios"]
        if entry["result"] == "differs"
    }
    reasons = {
        (report, scenario): reason
        for report, group in explained.items()
        for scenario, reason in group.items()
    }
    return [*_unexplained(differences, reasons, expected_by), *_without_subject(differences, reasons)]


def _unexplained(
    differences: Differences, reasons: Reasons, expected_by: Callable[[str], Any]
) -> Iterator[str]:
    for (report, scenario), entry in differences.items():
        reason = reasons.get((report, scenario))
        if reason is None and _is_contradicted(scenario, entry, expected_by):
            yield (
                f"{report}: {scenario} differs from the decision {entry['decision']!r}: expected "
                f"{entry['expected']}, observed {entry['observed']}; change the decision, or explain the "
                f"difference in explained.toml."
            )
        if reason is not None and not reason.strip():
            yield f"explained.toml: {scenario} is explained without a reason."


def _is_contradicted(scenario: str, entry: Mapping[str, Any], expected_by: Callable[[str], Any]) -> bool:
    if scenario not in SCENARIOS:
        return False
    return _comparable(entry["observed"]) != _comparable(expected_by(scenario))


def _comparable(value: Any) -> str:
    return _NUMBERED.sub(r"\1", json.dumps(value, sort_keys=True))


def _without_subject(differences: Differences, reasons: Reasons) -> Iterator[str]:
    for report, scenario in sorted(reasons.keys() - differences.keys()):
        yield f"explained.toml: it explains {scenario}, which does not differ in {report}."
