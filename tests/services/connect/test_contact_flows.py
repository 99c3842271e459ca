"""Contact flows: the operations that create, describe and list a flow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
import time_machine
from factories import UNKNOWN

from connect_batchmock import ConnectMock, Instance

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
CONTENT = '{"Version": "2019-10-30", "StartAction": "1", "Actions": []}'
Create = Callable[..., dict[str, Any]]
Describe = Callable[[str], dict[str, Any]]


@pytest.fixture
def create(connect_client: Any, connect_instance: Instance) -> Create:
    """Create a flow in ``connect_instance``; a keyword adds or replaces a parameter."""

    def call(name: str = "Greeting", **parameters: Any) -> dict[str, Any]:
        about = {"InstanceId": connect_instance.id, "Type": "CONTACT_FLOW", "Content": CONTENT, "Name": name}
        answer: dict[str, Any] = connect_client.create_contact_flow(**{**about, **parameters})
        return answer

    return call


@pytest.fixture
def describe(connect_client: Any, connect_instance: Instance) -> Describe:
    """Describe a flow of ``connect_instance``."""

    def call(flow_id: str) -> dict[str, Any]:
        answer = connect_client.describe_contact_flow(InstanceId=connect_instance.id, ContactFlowId=flow_id)
        return dict(answer["ContactFlow"])

    return call


def test_a_flow_is_kept_as_it_was_given(
    connect_instance: Instance, create: Create, describe: Describe
) -> None:
    with time_machine.travel(NOW, tick=False):
        created = create(Description="Says hello", Tags={"team": "outbound"})

    flow_id, fingerprint = created["ContactFlowId"], hashlib.sha256(CONTENT.encode()).hexdigest()
    assert created["ContactFlowArn"] == f"{connect_instance.arn}/contact-flow/{flow_id}"
    assert created["FlowContentSha256"] == fingerprint
    assert describe(flow_id) == {
        "Arn": created["ContactFlowArn"],
        "Id": flow_id,
        "Name": "Greeting",
        "Type": "CONTACT_FLOW",
        "State": "ACTIVE",
        "Status": "PUBLISHED",
        "Description": "Says hello",
        "Content": CONTENT,
        "Tags": {"team": "outbound"},
        "FlowContentSha256": fingerprint,
        "LastModifiedTime": NOW,
        "LastModifiedRegion": "us-east-1",
    }


@pytest.mark.parametrize("kind", ["{}", "{}:$SAVED"])
def test_a_published_flow_has_several_names(create: Create, describe: Describe, kind: str) -> None:
    created = create()

    for name in (created["ContactFlowId"], created["ContactFlowArn"]):
        assert describe(kind.format(name))["Id"] == created["ContactFlowId"]


def test_a_saved_flow_is_described_as_saved(
    connect_client: Any, connect_instance: Instance, create: Create, describe: Describe
) -> None:
    flow_id = create(Status="SAVED", Content="not yet")["ContactFlowId"]

    with pytest.raises(connect_client.exceptions.ContactFlowNotPublishedException) as caught:
        describe(flow_id)
    assert f"{flow_id}:$SAVED" in str(caught.value)
    saved = describe(f"{flow_id}:$SAVED")
    assert (saved["Status"], saved["Content"]) == ("SAVED", "not yet")
    listed = connect_client.list_contact_flows(InstanceId=connect_instance.id)["ContactFlowSummaryList"]
    assert listed[-1]["ContactFlowStatus"] == "SAVED"


@pytest.mark.parametrize(
    ("content", "message"), [("hello", "Content is not JSON"), ("[]", "Content is not a JSON object")]
)
def test_the_content_of_a_published_flow_is_a_json_object(
    connect_client: Any, connect_instance: Instance, create: Create, content: str, message: str
) -> None:
    with pytest.raises(connect_client.exceptions.InvalidContactFlowException, match=message) as caught:
        create(Content=content)

    (problem,) = caught.value.response["problems"]
    assert problem["message"] == caught.value.response["Error"]["Message"]
    listed = connect_client.list_contact_flows(InstanceId=connect_instance.id)
    assert "Greeting" not in [flow["Name"] for flow in listed["ContactFlowSummaryList"]]


def test_a_name_is_taken_once(connect_mock: ConnectMock, connect_client: Any, create: Create) -> None:
    create()

    with pytest.raises(connect_client.exceptions.DuplicateResourceException, match="'Greeting'"):
        create(Type="AGENT_WHISPER")
    assert create(InstanceId=connect_mock.add_instance().id)["ContactFlowId"]


def test_flows_are_listed_by_type(connect_client: Any, connect_instance: Instance, create: Create) -> None:
    create("Greeting")
    created = create("Whisper", Type="AGENT_WHISPER")

    *default, listed = connect_client.list_contact_flows(
        InstanceId=connect_instance.id, ContactFlowTypes=["AGENT_WHISPER", "AGENT_HOLD"]
    )["ContactFlowSummaryList"]
    assert [flow["Name"] for flow in default] == ["Default agent hold", "Default agent whisper"]
    assert listed == {
        "Id": created["ContactFlowId"],
        "Arn": created["ContactFlowArn"],
        "Name": "Whisper",
        "ContactFlowType": "AGENT_WHISPER",
        "ContactFlowState": "ACTIVE",
        "ContactFlowStatus": "PUBLISHED",
    }


def test_flows_are_listed_page_by_page(
    connect_client: Any, connect_instance: Instance, create: Create
) -> None:
    for number in range(93):
        create(f"Flow {number}")

    first = connect_client.list_contact_flows(InstanceId=connect_instance.id)
    second = connect_client.list_contact_flows(InstanceId=connect_instance.id, NextToken=first["NextToken"])
    assert len(first["ContactFlowSummaryList"]) == 100
    assert [flow["Name"] for flow in second["ContactFlowSummaryList"]] == ["Flow 92"]
    assert "NextToken" not in second


def test_what_is_unknown_is_not_found(connect_client: Any, create: Create, describe: Describe) -> None:
    flow_id = create()["ContactFlowId"]

    not_found = connect_client.exceptions.ResourceNotFoundException
    with pytest.raises(not_found, match="The contact flow"):
        describe(UNKNOWN)
    with pytest.raises(not_found, match="The instance"):
        connect_client.describe_contact_flow(InstanceId=UNKNOWN, ContactFlowId=flow_id)
    with pytest.raises(not_found, match="The instance"):
        connect_client.list_contact_flows(InstanceId=UNKNOWN)
    with pytest.raises(not_found, match="The instance"):
        create(InstanceId=UNKNOWN)
