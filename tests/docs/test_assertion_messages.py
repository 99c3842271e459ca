"""The page of assertion messages, and a how-to that shows a failure, show what pytest prints."""

from __future__ import annotations

import re
from itertools import dropwhile, takewhile
from pathlib import Path

# pytester forgets the modules that a run in this process was the first to import: these are to stay.
import boto3  # noqa: F401
import pytest
from checkout import DOCS

PAGE = DOCS / "reference" / "assertion-messages.md"
HOW_TO = DOCS / "how-to" / "stay-within-calling-hours.md"
CODE = re.compile(r"^```py(?:thon)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FAILURE = re.compile(
    r"^```py\n[^`]*?def (test_\w+)[^`]*^```\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
SHOWN = [
    (page, test, shown)
    for page in (PAGE, HOW_TO)
    for test, shown in FAILURE.findall(page.read_text(encoding="utf-8"))
]

STILL = """
import pytest
import time_machine

@pytest.fixture(autouse=True)
def still():
    with time_machine.travel("2026-01-05T09:00:00Z", tick=False):
        yield
"""


def printed(pytester: pytest.Pytester, test: str) -> str:
    """Return the output for a failed test, from its message on."""
    options = ["-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=short"]
    lines = pytester.runpytest_inprocess(*options, "-k", test).outlines
    from_message = dropwhile(lambda line: not line.startswith("E "), lines)
    until_summary = takewhile(lambda line: not line.startswith(("=", "connect_batchmock:")), from_message)
    return "\n".join(until_summary)


@pytest.mark.parametrize(("page", "test", "shown"), SHOWN, ids=[test for _, test, _ in SHOWN])
def test_the_page_shows_what_is_printed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, page: Path, test: str, shown: str
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    pytester.makeconftest(STILL)
    pytester.makepyfile("\n\n".join(CODE.findall(page.read_text(encoding="utf-8"))))
    output = [line.rstrip() for line in printed(pytester, test).splitlines()]
    assert output == [line.rstrip() for line in shown.splitlines()]
    assert max(map(len, output)) <= 100


def test_the_pages_show_failures() -> None:
    assert [page for page, _, _ in SHOWN] == [*[PAGE] * 8, HOW_TO]
    assert all(shown.startswith("E ") for _, _, shown in SHOWN)
