"""The page of assertion messages shows what pytest prints."""

from __future__ import annotations

import re
from itertools import dropwhile, takewhile

# pytester forgets the modules that a run in this process was the first to import: these are to stay.
import boto3  # noqa: F401
import pytest
from checkout import DOCS

PAGE = DOCS / "reference" / "assertion-messages.md"
CODE = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
SHOWN = re.findall(
    r"^```py\n[^`]*?def (test_\w+)[^`]*^```\n\n```text\n(.*?)^```$",
    PAGE.read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)

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


@pytest.mark.parametrize(("test", "shown"), SHOWN, ids=[test for test, _ in SHOWN])
def test_the_page_shows_what_is_printed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, test: str, shown: str
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    pytester.makeconftest(STILL)
    pytester.makepyfile("\n\n".join(CODE))
    output = [line.rstrip() for line in printed(pytester, test).splitlines()]
    assert output == [line.rstrip() for line in shown.splitlines()]
    assert max(map(len, output)) <= 100


def test_the_page_shows_five_failures() -> None:
    assert len(SHOWN) == 5
    assert all(shown.startswith("E ") for _, shown in SHOWN)
