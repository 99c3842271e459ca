"""The page about --connect-coverage shows the table and the file that its tests make."""

from __future__ import annotations

import json
import re
from typing import Any

# pytester forgets the modules that a run in this process was the first to import: it is to stay.
import boto3  # noqa: F401
import pytest
from checkout import DOCS
from doc_steps import patterns_of, steps_of

from connect_batchmock.engine.faults import CONTACTS

PAGE = DOCS / "how-to" / "cover-what-can-go-wrong.md"
TEXT = PAGE.read_text(encoding="utf-8")


def block(language: str) -> str:
    (content,) = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    return str(content)


def is_part_of(shown: Any, actual: Any) -> bool:
    """Whether each value that the page shows is at the same place in the file."""
    if not isinstance(shown, dict):
        return bool(shown == actual)
    return all(name in actual and is_part_of(value, actual[name]) for name, value in shown.items())


@pytest.mark.skipif(
    "INVALID_OUTBOUND_STRATEGY" not in CONTACTS.reasons,
    reason="the models of the installed botocore have fewer failure reasons",
)
def test_the_page_shows_what_its_tests_exercise(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "86")
    pytester.makepyfile(block("python"))
    quiet = ("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider")
    result = pytester.runpytest_inprocess(*quiet, "--connect-coverage-file=it.json")

    (table,) = (step for step in steps_of(PAGE) if step.kind == "text")
    result.stdout.re_match_lines(patterns_of(table), consecutive=True)
    assert is_part_of(json.loads(block("json")), json.loads((pytester.path / "it.json").read_text("utf-8")))
