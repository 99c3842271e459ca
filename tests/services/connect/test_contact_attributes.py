"""GetContactAttributes and UpdateContactAttributes: attributes are added and replaced, never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import UNKNOWN, AnItem, Put

from connect_batchmock import ConnectMock, Instance, Queue

MAX_BYTES = 32_768


@pytest.fixture
def contact_id(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> str:
    put(an_item(Attributes={"lead": "7", "plan": "gold"}))
    return connect_mock.contacts.one().id


@pytest.fixture
def update(connect_client: Any, connect_instance: Instance) -> Callable[..., None]:
    """Update the attributes of a contact."""

    def call(contact_id: str, attributes: dict[str, str], instance_id: str = connect_instance.id) -> None:
        connect_client.update_contact_attributes(
            InstanceId=instance_id, InitialContactId=contact_id, Attributes=attributes
        )

    return call


@pytest.fixture
def attributes_of(connect_client: Any, connect_instance: Instance) -> Callable[..., dict[str, str]]:
    """Get the attributes of a contact."""

    def call(contact_id: str, instance_id: str = connect_instance.id) -> dict[str, str]:
        answer = connect_client.get_contact_attributes(InstanceId=instance_id, InitialContactId=contact_id)
        return dict(answer["Attributes"])

    return call


Update = Callable[..., None]
AttributesOf = Callable[..., dict[str, str]]


def test_the_attributes_that_were_put_can_be_got(contact_id: str, attributes_of: AttributesOf) -> None:
    assert attributes_of(contact_id) == {"lead": "7", "plan": "gold"}


def test_an_update_adds_and_replaces_and_the_test_sees_it(
    connect_mock: ConnectMock, contact_id: str, update: Update, attributes_of: AttributesOf
) -> None:
    update(contact_id, {"plan": "", "note": "call again"})

    wanted = {"lead": "7", "plan": "", "note": "call again"}
    assert attributes_of(contact_id) == wanted
    assert connect_mock.contacts.one().attributes == wanted
    event = connect_mock.events.one(eventType="CONTACT_DATA_UPDATED")
    assert event["detail"]["contactId"] == contact_id
    assert event["detail"]["updatedProperties"] == ["UserDefinedAttributes"]


def test_updating_an_ended_contact_writes_another_record(
    connect_mock: ConnectMock, connect_queue: Queue, contact_id: str, update: Update
) -> None:
    connect_queue.add_agents(1)
    connect_mock.advance(120)
    assert connect_mock.contacts.one().state == "COMPLETED"

    update(contact_id, {"note": "sold"})

    assert [record["Attributes"].get("note") for record in connect_mock.contact_records] == [None, "sold"]


@pytest.mark.parametrize("key", ["a.b", "a b", "\u00e4"])
def test_a_key_of_other_characters_is_refused(
    connect_client: Any, contact_id: str, update: Update, attributes_of: AttributesOf, key: str
) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException) as caught:
        update(contact_id, {"good": "1", key: "2"})

    assert f"The attribute key {key!r} is invalid" in caught.value.response["Error"]["Message"]
    assert attributes_of(contact_id) == {"lead": "7", "plan": "gold"}


def test_all_attributes_together_have_a_size_in_utf_8(
    connect_client: Any, contact_id: str, update: Update, attributes_of: AttributesOf
) -> None:
    present = len("lead7plangold")
    rest = "\u00e4" * ((MAX_BYTES - present - len("a")) // 2)
    update(contact_id, {"a": rest})
    assert attributes_of(contact_id)["a"] == rest

    with pytest.raises(
        connect_client.exceptions.InvalidParameterException, match=f"at most {MAX_BYTES} bytes"
    ):
        update(contact_id, {"bb": ""})
    update(contact_id, {"a": "", "bb": ""})


def test_an_unknown_contact_or_instance_is_not_found(
    connect_client: Any,
    connect_mock: ConnectMock,
    contact_id: str,
    connect_instance: Instance,
    update: Update,
    attributes_of: AttributesOf,
) -> None:
    for wanted, instance_id in [
        (UNKNOWN, connect_instance.id),
        (contact_id, connect_mock.add_instance().id),
        (contact_id, UNKNOWN),
    ]:
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
            update(wanted, {"a": "1"}, instance_id)
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
            attributes_of(wanted, instance_id)
    assert attributes_of(contact_id) == {"lead": "7", "plan": "gold"}
