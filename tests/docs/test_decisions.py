"""Each decision states its status and its sources, and a scenario shows it or a reason says why none does."""

from __future__ import annotations

import re
from collections import Counter

import botocore
import pytest
from checkout import DOCS
from packaging.version import Version
from tools.decisions import DATA, DECISIONS, STATUS, Decision, decisions
from tools.decisions_page import PAGE, STATUSES, page

from connect_batchmock.protocol.model import SERVICES, service_model
from connect_batchmock.verification.catalog import SCENARIOS

ALL = decisions()
BY_ID = {decision.id: decision for decision in ALL}
SOURCE = re.compile(
    r"model(: [A-Z]\w+)?|guide: [a-z-]+|api(-v1|-v2)?: [A-Z]\w+|(?!(model|guide|api)\b).{10,}", re.DOTALL
)


@pytest.mark.parametrize("decision", ALL, ids=BY_ID)
def test_a_decision_states_its_status_once(decision: Decision) -> None:
    assert len(STATUS.findall(decision.text)) == 1


def test_a_heading_stands_on_one_page() -> None:
    headings = Counter(decision.title for decision in ALL)
    assert len(headings) > 80
    assert [heading for heading, times in headings.items() if times > 1] == []


def test_the_index_lists_each_page() -> None:
    index = (DOCS / "explanation" / "decisions" / "index.md").read_text(encoding="utf-8")
    for path in DECISIONS:
        if path.name != "index.md":
            assert f"]({path.name})" in index
            assert f"\n{path.stem}\n" in index


def test_the_data_and_the_headings_are_the_same_decisions() -> None:
    assert set(DATA) == set(BY_ID)


@pytest.mark.parametrize("decision", ALL, ids=BY_ID)
def test_a_decision_about_aws_names_its_sources(decision: Decision) -> None:
    assert set(decision.data) <= {"observable", "sources", "reason"}
    assert isinstance(decision.data["observable"], bool)
    assert decision.sources or decision.status in ("unknown", "ours")
    for source in decision.sources:
        assert SOURCE.fullmatch(source), source


@pytest.mark.skipif(
    Version(botocore.__version__) < Version("1.43"), reason="older models lack some of the shapes"
)
def test_sources_name_what_the_models_have() -> None:
    services = {"api": ["connect"], "api-v1": ["connectcampaigns"], "api-v2": ["connectcampaignsv2"]}
    names = {
        service: {*service_model(service).operation_names, *service_model(service).shape_names}
        for service in SERVICES
    }
    sources = [source.partition(": ") for decision in ALL for source in decision.sources]
    named = {(kind, name) for kind, _, name in sources if name and kind in (*services, "model")}
    assert len(named) > 60
    for kind, name in sorted(named):
        assert any(name in names[service] for service in services.get(kind, SERVICES)), name


@pytest.mark.parametrize("decision", ALL, ids=BY_ID)
def test_a_scenario_shows_a_decision_or_a_reason_stands(decision: Decision) -> None:
    if decision.scenarios:
        assert decision.is_observable, "a scenario can show only what a customer can observe"
    is_about_the_mock = decision.status == "ours" and not decision.is_observable
    assert bool(decision.scenarios) + bool(decision.reason) + is_about_the_mock == 1


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_names_a_decision(scenario: str) -> None:
    assert SCENARIOS[scenario].decision in BY_ID


def test_the_register_is_not_stale() -> None:
    made = PAGE.read_text(encoding="utf-8").split("\n")
    assert made == page().split("\n"), "run python tests/tools/decisions_page.py"


def test_the_register_counts_each_decision() -> None:
    counts = dict(re.findall(r"^\| (\w+) \| (\d+) \|", page(), re.MULTILINE))
    assert sum(int(counts[status]) for status in STATUSES) == int(counts["all"]) == len(ALL)
