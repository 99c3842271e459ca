"""The README shows what pytest prints, stays short, and links to pages that exist."""

from __future__ import annotations

import re
from itertools import dropwhile, takewhile
from pathlib import Path

# pytester forgets the modules that a run in this process was the first to import: these are to stay.
import boto3  # noqa: F401
import pytest
from checkout import DOCS, ROOT

README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
FIRST_TEST = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)[0]
FAILING_TEST, SHOWN = re.findall(
    r"^```py\n(.*?)^```$.*?^```text\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE
)[0]
LINKS = re.findall(r"\]\(([^)\s]+)\)", TEXT)

CALLER = (
    "**In production only the campaigns service principal may call `BatchPutContact`; "
    '`caller="customer"` shows what everybody else gets, and `PutDialRequestBatch` is what customers call.**'
)

STILL = """
import pytest
import time_machine

@pytest.fixture(autouse=True)
def still():
    with time_machine.travel("2026-01-05T09:00:00Z", tick=False):
        yield
"""


def test_the_readme_shows_what_a_failing_test_prints(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "84")
    pytester.makeconftest(STILL)
    pytester.makepyfile(test_dialer=f"{FIRST_TEST}\n\n{FAILING_TEST}")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    from_message = dropwhile(lambda line: not line.startswith("E "), result.outlines)
    until_summary = takewhile(lambda line: not line.startswith(("=", "connect_batchmock:")), from_message)
    assert [line.rstrip() for line in until_summary] == [line.rstrip() for line in SHOWN.splitlines()]


def test_the_first_test_of_the_readme_is_short() -> None:
    assert len(FIRST_TEST.splitlines()) <= 20
    assert max(map(len, FIRST_TEST.splitlines())) <= 84


def test_the_readme_is_short() -> None:
    assert len(TEXT.splitlines()) <= 200


def plain(text: str) -> str:
    """Return a text in one line, and of a link its text alone."""
    return " ".join(re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text).split())


@pytest.mark.parametrize(
    "page", [README, DOCS / "index.md", DOCS / "tutorial.md"], ids=lambda page: page.name
)
def test_a_first_page_says_who_may_call_batch_put_contact(page: Path) -> None:
    _, _, after_the_first_test = page.read_text(encoding="utf-8").partition("\ndef test_")
    assert CALLER in plain(after_the_first_test)


def test_the_index_begins_with_the_same_test() -> None:
    assert f"```python\n{FIRST_TEST}```\n\n**In production" in (DOCS / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("link", sorted(set(LINKS)))
def test_a_link_of_the_readme_leads_somewhere(link: str) -> None:
    path, _, anchor = link.partition("#")
    target = README.parent / path if path else README
    assert target.is_file()
    headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
    anchors = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert anchor in ["", *anchors]


def test_the_readme_leads_into_the_documentation() -> None:
    assert len({link for link in LINKS if link.startswith("docs/") and link.endswith(".md")}) >= 12
