"""The typed keywords are the settings and the criteria for exist."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

import pytest
from tools.query_types import CRITERIA, MODULE, source

from connect_batchmock import ConnectMockSettings, mock_connect
from connect_batchmock.records import query_types
from connect_batchmock.settings import Settings


def test_type_checkers_know_each_setting_with_its_type() -> None:
    hints = get_type_hints(Settings)
    assert get_type_hints(ConnectMockSettings) == {
        field.name: hints[field.name] for field in fields(Settings)
    }
    assert not ConnectMockSettings.__required_keys__


@pytest.mark.parametrize("name", CRITERIA)
def test_type_checkers_know_each_criterion(name: str) -> None:
    records, _ = CRITERIA[name]
    with mock_connect() as mock, pytest.raises(TypeError, match="no_such_criterion") as refused:
        getattr(mock, records).where(no_such_criterion=1)
    message = " ".join(str(refused.value).split())
    listed = message.partition("criteria are ")[2].rstrip(".")
    criteria = getattr(query_types, name)
    assert criteria.__annotations__.keys() == {criterion.strip() for criterion in listed.split(",")}


def test_the_module_of_keywords_is_up_to_date() -> None:
    assert MODULE.read_text(encoding="utf-8") == source(), "run python tests/tools/query_types.py"
