"""The page of operations agrees with the fakes and the model."""

from __future__ import annotations

import re

import botocore
import pytest
from checkout import DOCS
from tools import operations_page

from connect_batchmock.services.registry import FAKES

PAGE = DOCS / "reference" / "operations.md"


def version_of(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    assert found is not None
    return tuple(map(int, found.groups()))


MADE_FROM = PAGE.read_text(encoding="utf-8").splitlines()[-1]


@pytest.mark.skipif(
    version_of(botocore.__version__) < version_of(MADE_FROM),
    reason="the page was made from a newer botocore, whose models have more",
)
def test_the_page_is_not_stale() -> None:
    page, _, made_from = PAGE.read_text(encoding="utf-8").strip().rpartition("\n")
    assert made_from.startswith("<!-- Made by tests/tools/operations_page.py")
    assert page.split("\n") == operations_page.page().split("\n"), "run python tests/tools/operations_page.py"


def test_the_page_has_every_operation() -> None:
    services = re.split(r"^## .*\(`(\w+)`\)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    listed = {
        (service, operation)
        for service, rows in zip(services[::2], services[1::2], strict=True)
        for operation in re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)
    }
    assert listed == set(FAKES)


@pytest.mark.parametrize(("service", "operation"), sorted(FAKES))
def test_every_operation_names_its_behavior_and_its_aws_page(service: str, operation: str) -> None:
    said = FAKES[service, operation].function.__doc__ or ""
    first = said.partition("\n")[0]
    assert first.endswith((".", ",")) or len(first) > 80, first
    family = {
        "connect": "API_",
        "connectcampaigns": "API_connect-outbound-campaigns_",
        "connectcampaignsv2": "API_connect-outbound-campaigns-v2_",
    }[service]
    assert f"{family}{operation}.html" in said


def test_a_decision_without_a_heading_is_reported() -> None:
    with pytest.raises(ValueError, match="No page of decisions has the heading 'Nothing of the kind'"):
        operations_page._address("Nothing of the kind")
