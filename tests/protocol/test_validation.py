"""Every constraint of a model is checked, and every violation is named with its path."""

from __future__ import annotations

import warnings
from datetime import datetime, timezone
from typing import Any

import pytest
from every_constraint import MODEL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connect_batchmock.protocol.model import SERVICES, operation_model, service_model
from connect_batchmock.protocol.validation import compiled, violations
from connect_batchmock.strategies.shapes import instances

GOOD: dict[str, Any] = {
    "Name": "abc",
    "Flag": True,
    "Count": 9,
    "Share": 0.5,
    "Names": ["ab", "abcd"],
    "Labels": {"ab": 1},
    "At": datetime(2030, 1, 1, tzinfo=timezone.utc),
    "Data": b"abc",
    "Choice": {"One": True},
    "Kind": "B",
}


def broken(**members: Any) -> list[str]:
    return violations(MODEL.shape_for("Everything"), GOOD | members)


def test_a_valid_value_has_no_violation() -> None:
    assert broken() == []
    assert broken(Share=1) == []


def test_an_operation_without_input_has_no_constraints() -> None:
    assert violations(None, {}) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"Name": "a"}, "Name: length 1 of 'a' is less than 2"),
        ({"Name": "abcde"}, "Name: length 5 of 'abcde' is more than 4"),
        ({"Name": "ab1"}, "Name: 'ab1' does not match [a-z]+"),
        ({"Name": "ab\n"}, "Name: 'ab\\n' does not match [a-z]+"),
        ({"Name": 12}, "Name: 12 is not a string"),
        ({"Flag": "true"}, "Flag: 'true' is not true or false"),
        ({"Count": 0}, "Count: 0 is less than 1"),
        ({"Count": 10}, "Count: 10 is more than 9"),
        ({"Count": 1.5}, "Count: 1.5 is not a whole number"),
        ({"Count": True}, "Count: True is not a whole number"),
        ({"Share": 1.5}, "Share: 1.5 is more than 1"),
        ({"Share": "1"}, "Share: '1' is not a number"),
        ({"Names": "ab"}, "Names: 'ab' is not a list"),
        ({"Names": ["ab"] * 3}, "Names: 3 members is more than 2"),
        ({"Names": ["ab", "a"]}, "Names[1]: length 1 of 'a' is less than 2"),
        ({"Labels": ["ab"]}, "Labels: ['ab'] is not an object"),
        ({"Labels": {"a": 1}}, "Labels.a (key): length 1 of 'a' is less than 2"),
        ({"Labels": {"ab": 0}}, "Labels.ab: 0 is less than 1"),
        ({"At": "yesterday"}, "At: 'yesterday' is not a timestamp"),
        ({"Data": "abc"}, "Data: 'abc' is not base64 text"),
        ({"Choice": {}}, "Choice: exactly one of One, Two must be set, not 0"),
        ({"Choice": {"One": True, "Two": True}}, "Choice: exactly one of One, Two must be set, not 2"),
        ({"Kind": "C"}, "Kind: 'C' is not one of A, B"),
    ],
)
def test_a_violation_is_named_with_its_path(members: dict[str, Any], expected: str) -> None:
    assert broken(**members) == [expected]


def test_a_missing_required_member_is_reported() -> None:
    assert violations(MODEL.shape_for("Everything"), {}) == ["Name: is required"]


def test_every_violation_is_named() -> None:
    assert broken(Name="1", Count=0, Names=["a", "abc", "1"]) == [
        "Name: length 1 of '1' is less than 2",
        "Name: '1' does not match [a-z]+",
        "Count: 0 is less than 1",
        "Names: 3 members is more than 2",
        "Names[0]: length 1 of 'a' is less than 2",
        "Names[2]: length 1 of '1' is less than 2",
        "Names[2]: '1' does not match [a-z]+",
    ]


def test_a_text_that_is_too_long_is_not_held_to_its_pattern() -> None:
    assert broken(Name="12345") == ["Name: length 5 of '12345' is more than 4"]

    # The match of this pattern takes half a minute.
    email = service_model("connectcampaignsv2").shape_for("EmailOutboundConfig")
    messages = violations(email, {"connectSourceEmailAddress": "x" * 70_000, "wisdomTemplateArn": "a"})
    (message,) = (message for message in messages if message.startswith("connectSourceEmailAddress"))
    assert message.endswith("xxx' is more than 255")


def test_paths_lead_into_a_batch() -> None:
    item = {"OutboundStrategy": {"Config": {"AgentFirst": {"Preview": {"AllowedUserActions": ["HOLD"]}}}}}
    parameters = {"InstanceId": "i", "ContactDataRequestList": [{}, item]}
    strategy = "ContactDataRequestList[1].OutboundStrategy"
    preview = f"{strategy}.Config.AgentFirst.Preview"
    assert violations(operation_model("connect", "BatchPutContact").input_shape, parameters) == [
        f"{strategy}.Type: is required",
        f"{preview}.PostAcceptTimeoutConfig: is required",
        f"{preview}.AllowedUserActions[0]: 'HOLD' is not one of CALL, DISCARD",
    ]


def test_every_pattern_of_the_models_can_be_read() -> None:
    patterns = set()
    for service in SERVICES:
        model = service_model(service)
        patterns |= {model.shape_for(name).metadata.get("pattern") for name in model.shape_names}
    patterns.discard(None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for pattern in patterns:
            compiled(pattern)
    assert len(patterns) > 40


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("\\\\+[1-9]\\\\d{1,14}$", "+15555550100", "\\+15555550100"),
        ("[\\d\\-+]*", "555-0100", "555 0100"),
        ("[\\d\\-+]*", "", "\u0661"),
        ("^([\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*)$", "\u00dcn\u00ef \u0661", "a#"),
        ("^\\P{C}*$", "caf\u00e9", "a\x07"),
        ("^[\\\\P{C}\\r\\n\\t]*$", "a\tb", "a\x07b"),
        ("/^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)[a-zA-Z\\d\\S]{8,64}$/", "Abcdefg1", "abcdefgh"),
    ],
)
def test_a_pattern_is_read_as_it_is_meant(pattern: str, good: str, bad: str) -> None:
    assert compiled(pattern).fullmatch(good)
    assert not compiled(pattern).fullmatch(bad)


CHECKED = [
    ("connect", "BatchPutContact"),
    ("connect", "CreateQueue"),
    *(
        (service, name)
        for service in ("connectcampaigns", "connectcampaignsv2")
        for name in service_model(service).operation_names
    ),
]


@pytest.mark.parametrize(("service", "name"), CHECKED)
@settings(max_examples=3, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_drawn_input_has_no_violation(service: str, name: str, data: st.DataObject) -> None:
    shape = operation_model(service, name).input_shape
    assert violations(shape, data.draw(instances(shape, with_patterns=True))) == []
