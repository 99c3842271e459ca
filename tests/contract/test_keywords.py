"""The keywords that type checkers know are the keywords that there are."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

import pytest

from connect_batchmock import ConnectMockSettings, keywords, mock_connect
from connect_batchmock.settings import Settings


def test_type_checkers_know_each_setting_with_its_type() -> None:
    hints = get_type_hints(Settings)
    assert get_type_hints(ConnectMockSettings) == {
        field.name: hints[field.name] for field in fields(Settings)
    }
    assert not ConnectMockSettings.__required_keys__


@pytest.mark.parametrize(
    ("records", "criteria"),
    [
        ("contacts", keywords.ContactCriteria),
        ("calls", keywords.CallCriteria),
        ("failed_requests", keywords.FailedRequestCriteria),
        ("events", keywords.EventCriteria),
        ("contact_records", keywords.ContactRecordCriteria),
    ],
)
def test_type_checkers_know_each_criterion(records: str, criteria: type) -> None:
    with mock_connect() as mock, pytest.raises(TypeError, match="no_such_criterion") as refused:
        getattr(mock, records).where(no_such_criterion=1)
    told = " ".join(str(refused.value).split())
    listed = told.partition("there are ")[2].rstrip(".")
    assert criteria.__annotations__.keys() == {name.strip() for name in listed.split(",")}
