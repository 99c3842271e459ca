"""ListContactReferences, TagContact and UntagContact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import UNKNOWN

from connect_batchmock import ConnectMock, Instance, Queue
from connect_batchmock.protocol.model import service_model

ARN = "arn:aws:connect:us-east-1:123456789012:instance/i/file/f"
REFERENCES: dict[str, dict[str, str]] = {
    "shop": {"Type": "URL", "Value": "https://a.example"},
    "offer": {"Type": "ATTACHMENT", "Value": "offer.pdf", "Status": "AVAILABLE", "Arn": ARN},
    "mail": {"Type": "EMAIL_MESSAGE", "Arn": ARN},
    "note": {"Type": "STRING", "Value": "call again"},
    "id": {"Type": "NUMBER", "Value": "7"},
    "since": {"Type": "DATE", "Value": "1771632000"},
    "address": {"Type": "EMAIL", "Value": "a@a.example"},
}
SUMMARIES: dict[str, dict[str, dict[str, str]]] = {
    "URL": {"Url": {"Name": "shop", "Value": "https://a.example"}},
    "ATTACHMENT": {"Attachment": {"Name": "offer", "Value": "offer.pdf", "Status": "AVAILABLE", "Arn": ARN}},
    "EMAIL_MESSAGE": {"EmailMessage": {"Name": "mail", "Arn": ARN}},
    "STRING": {"String": {"Name": "note", "Value": "call again"}},
    "NUMBER": {"Number": {"Name": "id", "Value": "7"}},
    "DATE": {"Date": {"Name": "since", "Value": "1771632000"}},
    "EMAIL": {"Email": {"Name": "address", "Value": "a@a.example"}},
}


@pytest.fixture
def ids(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    put: Callable[..., dict[str, Any]],
    an_item: Callable[..., dict[str, Any]],
) -> dict[str, str]:
    """The ids of the instance and of its only contact, as parameters."""
    put(an_item())
    return {"InstanceId": connect_instance.id, "ContactId": connect_mock.contacts.one().id}


# References


@pytest.mark.parametrize("type", SUMMARIES)
def test_a_reference_is_listed_by_its_type(connect_client: Any, ids: dict[str, str], type: str) -> None:
    connect_client.update_contact(**ids, References=REFERENCES)

    answer = connect_client.list_contact_references(**ids, ReferenceTypes=[type])

    assert answer["ReferenceSummaryList"] == [SUMMARIES[type]]
    assert "NextToken" not in answer


def test_references_of_several_types_are_listed_in_their_order(
    connect_client: Any, ids: dict[str, str]
) -> None:
    connect_client.update_contact(**ids, References=REFERENCES)

    answer = connect_client.list_contact_references(**ids, ReferenceTypes=["EMAIL", "URL", "NUMBER"])

    assert answer["ReferenceSummaryList"] == [SUMMARIES[type] for type in ("URL", "NUMBER", "EMAIL")]


def test_a_reference_outside_of_the_model_is_left_out(connect_client: Any, ids: dict[str, str]) -> None:
    analysis = {"Type": "CONTACT_ANALYSIS", "Value": "a"}
    connect_client.update_contact(**ids, References={"analysis": analysis, **REFERENCES})

    answer = connect_client.list_contact_references(**ids, ReferenceTypes=["CONTACT_ANALYSIS", "URL"])

    has_place = "ContactAnalysis" in service_model("connect").shape_for("ReferenceSummary").members
    listed = [{"ContactAnalysis": {"Name": "analysis", "Value": "a"}}] if has_place else []
    assert answer["ReferenceSummaryList"] == [*listed, SUMMARIES["URL"]]


def test_a_contact_without_references_has_none_to_list(connect_client: Any, ids: dict[str, str]) -> None:
    answer = connect_client.list_contact_references(**ids, ReferenceTypes=["URL"])
    assert answer["ReferenceSummaryList"] == []


# Tags


def test_tags_are_added_and_replaced_and_the_service_has_its_own(
    connect_client: Any, connect_mock: ConnectMock, ids: dict[str, str]
) -> None:
    connect_client.tag_contact(**ids, Tags={"team": "a", "cost": "1"})
    connect_client.tag_contact(**ids, Tags={"cost": "2"})

    assert connect_mock.contacts.one().tags == {"team": "a", "cost": "2"}
    assert connect_client.describe_contact(**ids)["Contact"]["Tags"] == {
        "aws:connect:instanceId": ids["InstanceId"],
        "team": "a",
        "cost": "2",
    }
    updated = connect_mock.events.where(eventType="CONTACT_DATA_UPDATED", updatedProperties=["Tags"])
    assert len(updated) == 2


def test_tags_are_taken_away_by_their_keys(
    connect_client: Any, connect_mock: ConnectMock, ids: dict[str, str]
) -> None:
    connect_client.tag_contact(**ids, Tags={"team": "a", "cost": "1", "unit": "b"})
    connect_client.untag_contact(**ids, TagKeys=["team", "unknown", "unit"])

    assert connect_mock.contacts.one().tags == {"cost": "1"}
    assert connect_mock.events[-1]["detail"]["updatedProperties"] == ["Tags"]


def test_a_contact_has_at_most_six_tags_of_its_own(
    connect_client: Any, connect_mock: ConnectMock, ids: dict[str, str]
) -> None:
    connect_client.tag_contact(**ids, Tags={f"tag-{letter}": "1" for letter in "abcd"})

    with pytest.raises(
        connect_client.exceptions.InvalidParameterException,
        match="would have 7 tags; at most 6 tags are allowed",
    ):
        connect_client.tag_contact(**ids, Tags={f"tag-{letter}": "2" for letter in "defg"})
    assert connect_mock.contacts.one().tags == {f"tag-{letter}": "1" for letter in "abcd"}

    connect_client.tag_contact(**ids, Tags={f"tag-{letter}": "2" for letter in "def"})
    assert len(connect_mock.contacts.one().tags) == 6


def test_the_service_s_own_tags_cannot_be_set_or_taken_away(connect_client: Any, ids: dict[str, str]) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException):
        connect_client.tag_contact(**ids, Tags={"aws:connect:instanceId": "other"})
    with pytest.raises(connect_client.exceptions.InvalidParameterException):
        connect_client.untag_contact(**ids, TagKeys=["aws:connect:instanceId"])

    tags = connect_client.describe_contact(**ids)["Contact"]["Tags"]
    assert tags == {"aws:connect:instanceId": ids["InstanceId"]}


def test_a_contact_that_has_ended_can_be_tagged(
    connect_client: Any, connect_mock: ConnectMock, connect_queue: Queue, ids: dict[str, str]
) -> None:
    connect_queue.add_agents(1)
    connect_mock.advance(120)
    connect_client.tag_contact(**ids, Tags={"team": "a"})

    before, after = [record["Tags"] for record in connect_mock.contact_records]
    assert "team" not in before
    assert after == {**before, "team": "a"}


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("list_contact_references", {"ReferenceTypes": ["URL"]}),
        ("tag_contact", {"Tags": {"team": "a"}}),
        ("untag_contact", {"TagKeys": ["team"]}),
    ],
)
def test_an_unknown_contact_or_instance_is_not_found(
    connect_client: Any,
    connect_mock: ConnectMock,
    ids: dict[str, str],
    operation: str,
    parameters: dict[str, Any],
) -> None:
    other = connect_mock.add_instance().id
    for unknown in ({"ContactId": UNKNOWN}, {"InstanceId": UNKNOWN}, {"InstanceId": other}):
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
            getattr(connect_client, operation)(**{**ids, **unknown}, **parameters)
