"""UpdateContact: names, descriptions, references and segment attributes of a contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import UNKNOWN

from connect_batchmock import ConnectMock, Instance, Queue
from connect_batchmock.protocol.model import operation_model

A_NUMBER = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550101"}
Update = Callable[..., None]


@pytest.fixture
def contact_id(
    connect_mock: ConnectMock, put: Callable[..., dict[str, Any]], an_item: Callable[..., dict[str, Any]]
) -> str:
    put(an_item())
    return connect_mock.contacts.one().id


@pytest.fixture
def update(connect_client: Any, connect_instance: Instance, contact_id: str) -> Update:
    """Update the contact; a keyword adds or replaces a parameter."""

    def call(**parameters: Any) -> None:
        connect_client.update_contact(
            **{"InstanceId": connect_instance.id, "ContactId": contact_id, **parameters}
        )

    return call


@pytest.fixture
def described(connect_client: Any, connect_instance: Instance, contact_id: str) -> Callable[[], Any]:
    """Describe the contact."""
    return lambda: connect_client.describe_contact(InstanceId=connect_instance.id, ContactId=contact_id)[
        "Contact"
    ]


def test_name_and_description_can_be_updated_separately(update: Update, described: Callable[[], Any]) -> None:
    update(Name="First call")
    update(Description="About the spring offer")

    assert (described()["Name"], described()["Description"]) == ("First call", "About the spring offer")


def test_an_event_names_the_properties_that_aws_documents(connect_mock: ConnectMock, update: Update) -> None:
    received: list[Any] = []
    connect_mock.on_event(received.append)
    update(Name="First call", Description="About the spring offer")
    update(References={"shop": {"Type": "URL", "Value": "https://a.example"}})
    assert received == []

    update(Name="Second call", SegmentAttributes={"tier": {"ValueString": "1"}})

    assert received == connect_mock.events.where(eventType="CONTACT_DATA_UPDATED")
    assert [event["detail"]["updatedProperties"] for event in received] == [["Segment Attributes"]]


def test_segment_attributes_are_added_and_replaced_by_their_key(
    update: Update, described: Callable[[], Any]
) -> None:
    update(SegmentAttributes={"tier": {"ValueString": "1"}, "size": {"ValueInteger": 3}})
    update(SegmentAttributes={"tier": {"ValueString": "2"}, "connect:Subtype": {"ValueString": "connect:A"}})

    assert described()["SegmentAttributes"] == {
        "tier": {"ValueString": "2"},
        "size": {"ValueInteger": 3},
        "connect:Subtype": {"ValueString": "connect:A"},
    }


def test_references_are_added_and_replaced_by_their_name(
    connect_client: Any, connect_instance: Instance, contact_id: str, update: Update
) -> None:
    update(References={"shop": {"Type": "URL", "Value": "https://a.example"}}, Name="First call")
    update(
        References={
            "shop": {"Type": "URL", "Value": "https://b.example"},
            "id": {"Type": "NUMBER", "Value": "7"},
        }
    )

    answer = connect_client.list_contact_references(
        InstanceId=connect_instance.id, ContactId=contact_id, ReferenceTypes=["URL", "NUMBER"]
    )
    assert answer["ReferenceSummaryList"] == [
        {"Url": {"Name": "shop", "Value": "https://b.example"}},
        {"Number": {"Name": "id", "Value": "7"}},
    ]


def test_a_contact_that_has_ended_can_be_updated(
    connect_mock: ConnectMock, connect_queue: Queue, update: Update
) -> None:
    records: list[Any] = []
    connect_mock.on_contact_record(records.append)
    connect_queue.add_agents(1)
    connect_mock.advance(120)

    update(References={"shop": {"Type": "URL", "Value": "https://a.example"}})
    update(SegmentAttributes={"tier": {"ValueString": "1"}})

    assert records == connect_mock.contact_records
    before, *after = records
    assert (before["References"], before["SegmentAttributes"]) == ([], None)
    assert after[0]["References"] == [{"Name": "shop", "Type": "URL", "Value": "https://a.example"}]
    assert after[1]["SegmentAttributes"] == {"tier": {"ValueString": "1"}}
    assert before["LastUpdateTimestamp"] < after[0]["LastUpdateTimestamp"]


def test_something_has_to_be_updated(connect_client: Any, update: Update) -> None:
    with pytest.raises(
        connect_client.exceptions.InvalidParameterException,
        match="has nothing to update; give at least one of Name, Description, References, Segment",
    ):
        update()


# The last one came after the oldest botocore that is supported.
OF_OTHER_CONTACTS = {
    "QueueInfo": {"Id": "queue"},
    "UserInfo": {"UserId": "agent"},
    "CustomerEndpoint": A_NUMBER,
    "SystemEndpoint": A_NUMBER,
    "AdditionalRecipients": {"CcEmailAddresses": []},
}
IN_THE_MODEL = [
    name
    for name in OF_OTHER_CONTACTS
    if name in operation_model("connect", "UpdateContact").input_shape.members
]


@pytest.mark.parametrize("member", IN_THE_MODEL)
def test_members_of_other_kinds_of_contacts_are_refused(
    connect_client: Any, update: Update, described: Callable[[], Any], member: str
) -> None:
    with pytest.raises(
        connect_client.exceptions.InvalidParameterException,
        match=f"cannot update {member} of an outbound phone call",
    ):
        update(**{member: OF_OTHER_CONTACTS[member]}, Name="First call")
    assert "Name" not in described()


@pytest.mark.parametrize("key", ["a.b", "connect:a b", "other:a"])
def test_segment_attribute_keys_follow_the_attribute_rule(
    connect_client: Any, update: Update, key: str
) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="is invalid"):
        update(SegmentAttributes={key: {"ValueString": "1"}})


def test_an_unknown_contact_or_instance_is_not_found(
    connect_client: Any, connect_mock: ConnectMock, update: Update
) -> None:
    for other in (
        {"ContactId": UNKNOWN},
        {"InstanceId": UNKNOWN},
        {"InstanceId": connect_mock.add_instance().id},
    ):
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
            update(Name="First call", **other)
