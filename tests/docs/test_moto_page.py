"""The page about moto's server lists each scenario once, and says why moto differs where it does."""

from __future__ import annotations

import re

from tools.decisions import decisions
from tools.moto_page import PAGE, REASONS, listed_scenarios

from connect_batchmock.verification.catalog import SCENARIOS

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_lists_each_scenario_once() -> None:
    assert listed_scenarios(TEXT) == list(SCENARIOS), "run python tests/tools/moto_page.py"


def test_the_page_names_the_versions() -> None:
    assert re.search(r"moto \d+\.\d+\.\d+, with\nbotocore \d+\.\d+\.\d+,", TEXT)


def test_each_difference_has_its_reason() -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \|.*\| differs \| (.*) \|$", TEXT, re.MULTILINE))
    assert rows.keys() == REASONS.keys()
    for scenario, reason in REASONS.items():
        assert rows[scenario].startswith(reason)


def test_each_row_links_to_its_decision() -> None:
    links = set(re.findall(r"\(decisions/([\w.-]+#[\w-]+)\)", TEXT))
    assert links <= {f"{decision.page}#{decision.id}" for decision in decisions()}
    assert len(links) > 30
