"""Each decision states its status, and is found by its heading."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from checkout import DOCS

PAGES = sorted((DOCS / "explanation" / "decisions").glob("*.md"))
DECISION = re.compile(r"^### ([^\n]+)\n\n(.*?)(?=^##+ |\Z)", re.MULTILINE | re.DOTALL)
STATUS = re.compile(r"^\*\*Status: (documented|seen|inferred|unknown|ours)\b", re.MULTILINE)
DECISIONS = [decision for page in PAGES for decision in DECISION.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("heading", "text"), DECISIONS, ids=[heading for heading, _ in DECISIONS])
def test_a_decision_states_its_status_once(heading: str, text: str) -> None:
    assert len(STATUS.findall(text)) == 1


def test_a_heading_stands_on_one_page() -> None:
    headings = Counter(heading for heading, _ in DECISIONS)
    assert len(headings) > 80
    assert [heading for heading, times in headings.items() if times > 1] == []


def test_the_index_lists_each_page() -> None:
    index = (DOCS / "explanation" / "decisions" / "index.md").read_text(encoding="utf-8")
    for page in PAGES:
        if page.name != "index.md":
            assert f"]({page.name})" in index
            assert f"\n{page.stem}\n" in index
