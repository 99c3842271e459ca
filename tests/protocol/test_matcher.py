"""The matcher accepts only values that need no conversion and break no constraint."""

from __future__ import annotations

import json
from typing import Any

import pytest
from every_constraint import MODEL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connect_batchmock.protocol.model import operation_model
from connect_batchmock.protocol.validation import matcher_for, violations
from connect_batchmock.strategies.shapes import instances

GOOD: dict[str, Any] = {
    "Name": "abc",
    "Text": "äöü",
    "Any": "any",
    "Flag": True,
    "Count": 9,
    "Share": 0.5,
    "Names": ["ab", "abcd"],
    "Labels": {"ab": 1},
    "Choice": {"One": True},
    "Kind": "B",
    "Again": {"Name": "ab", "Again": {"Name": "cd"}},
}
IS_PLAIN = matcher_for(MODEL.shape_for("Everything"))


def test_the_matcher_accepts_valid_input() -> None:
    assert IS_PLAIN(GOOD)
    assert IS_PLAIN({"Name": "ab"})


@pytest.mark.parametrize(
    "broken",
    [
        {"Name": "a"},
        {"Name": "abcde"},
        {"Name": "AB"},
        {"Name": None},
        {"Text": "abcd"},
        {"Any": 1},
        {"Flag": 1},
        {"Count": 0},
        {"Count": 10},
        {"Count": True},
        {"Count": 1.0},
        {"Share": 1.5},
        {"Share": "0.5"},
        {"Names": ["a"]},
        {"Names": ["ab", "ab", "ab"]},
        {"Names": "ab"},
        {"Labels": {"a": 1}},
        {"Labels": {"ab": 0}},
        {"Labels": {"ab": 1, "cd": 2, "ef": 3}},
        {"Labels": []},
        {"Choice": {}},
        {"Choice": {"One": True, "Two": True}},
        {"Kind": "C"},
        {"Again": {}},
        {"Again": {"Name": "ab", "Again": {"Name": "a"}}},
        {"Again": []},
        {"Unknown": 1},
        # Values that JSON does not have, or not under this name, need conversion.
        {"At": 0},
        {"Data": "YWJj"},
        {"Renamed": True},
    ],
)
def test_the_matcher_rejects_what_needs_validation(broken: dict[str, Any]) -> None:
    assert not IS_PLAIN(GOOD | broken)


def test_unknown_names_are_not_cached() -> None:
    for number in range(3):
        assert not IS_PLAIN(GOOD | {f"Unknown{number}": 1})
    assert IS_PLAIN(GOOD)


@settings(max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_matcher_agrees_with_the_validation(data: st.DataObject) -> None:
    shape = operation_model("connect", "BatchPutContact").input_shape
    drawn = data.draw(instances(shape, with_patterns=data.draw(st.booleans())))
    sent = json.loads(json.dumps(drawn))

    assert matcher_for(shape)(sent) is (violations(shape, sent) == [])
