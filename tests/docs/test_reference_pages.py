"""The pages that list fixtures, settings and names leave none out."""

from __future__ import annotations

import re
from ast import literal_eval
from dataclasses import Field, fields

import pytest
from checkout import DOCS

import connect_batchmock
from connect_batchmock import ConnectMock, strategies
from connect_batchmock.settings import Settings


def page(name: str) -> str:
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


def test_every_fixture_is_on_the_page(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess("--fixtures", "-p", "no:asyncio", "-p", "no:randomly")
    defined = {
        found[1]
        for line in result.outlines
        if (found := re.match(r"(connect\w+).* -- .*pytest_plugin\.py:", line))
    }
    assert len(defined) >= 8
    assert set(re.findall(r"^\| `(connect\w+)` \|", page("fixtures.md"), re.MULTILINE)) == defined


@pytest.mark.parametrize(
    "option", ["--connect-calls", "--connect-coverage", "--connect-coverage-file", "--connect-guard"]
)
def test_every_option_is_on_the_page(option: str) -> None:
    assert f"`{option}" in page("fixtures.md")


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_on_the_page_with_its_default(field: Field[object]) -> None:
    (default,) = re.findall(rf"^\| `{field.name}` \| `(.+?)` \|", page("settings.md"), re.MULTILINE)
    assert literal_eval(default) == field.default
    assert f"\n        {field.name}: " in (Settings.__doc__ or "")


def test_every_method_of_the_mock_is_in_a_summary() -> None:
    summarized = re.findall(r"^   ~connect_batchmock\.ConnectMock\.(\w+)$", page("api.md"), re.MULTILINE)
    # The package itself calls these: they are no part of what a test names.
    (internal,) = re.findall(r"ConnectMock\n   :members:\n   :exclude-members: (.+)", page("api.md"))
    public = {name for name in vars(ConnectMock) if not name.startswith("_")}
    assert sorted(summarized) == sorted(public - set(internal.split(", ")))


@pytest.mark.parametrize("name", connect_batchmock.__all__)
def test_every_public_name_is_on_the_page(name: str) -> None:
    assert re.search(rf"\bconnect_batchmock\.{name}\b", page("api.md"))


@pytest.mark.parametrize("name", [name for name in strategies.__all__ if name.islower()])
def test_every_strategy_is_in_the_how_to(name: str) -> None:
    table = (
        (DOCS / "how-to" / "test-with-hypothesis.md")
        .read_text(encoding="utf-8")
        .partition("## The strategies")[2]
    )
    assert f"`{name}(" in table


def test_the_strategies_are_part_of_the_surface() -> None:
    assert "automodule:: connect_batchmock.strategies\n   :members:" in page("api.md")
