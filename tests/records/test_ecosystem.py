"""dirty-equals, copy, pickle, syrupy and inline-snapshot work with records, without adapters."""

from __future__ import annotations

import copy
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

# pytester forgets the modules that a run in this process was the first to import: these are to stay.
import boto3  # noqa: F401
import pytest
import time_machine
from dirty_equals import Contains, HasAttributes, IsInstance, IsList, IsPartialDict, IsStr, IsUUID
from factories import AnItem, Put

from connect_batchmock import Call, ConnectMock, Contact, Instance, Queue


@pytest.fixture
def three(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> ConnectMock:
    numbers = [{"Type": "TELEPHONE_NUMBER", "Address": f"+1555555010{number}"} for number in range(3)]
    put(
        an_item(CustomerEndpoint=numbers[0], Attributes={"lead": "1", "language": "de"}),
        an_item(CustomerEndpoint=numbers[1], Attributes={"lead": "2", "language": "de"}),
        an_item(CustomerEndpoint=numbers[2], Attributes={"lead": "3", "language": "en"}),
    )
    return connect_mock


# dirty-equals


def test_attributes_can_be_compared_in_part(three: ConnectMock) -> None:
    contact = three.contacts[0]
    assert contact.attributes == IsPartialDict(lead="1")
    assert contact.attributes != IsPartialDict(lead="2")


def test_records_equal_a_list_of_dirty_equals_objects(three: ConnectMock) -> None:
    assert three.contacts == [IsInstance(Contact)] * 3
    assert three.contacts == [
        IsInstance(Contact),
        HasAttributes(request_identifier=None),
        IsInstance(Contact),
    ]
    assert three.contacts != [IsInstance(Call)] * 3
    assert list(three.contacts) == IsList(IsInstance(Contact), length=...)
    assert three.calls == [HasAttributes(operation=IsStr(regex="Batch.*"), invocation_id=IsUUID)]
    assert [contact.attributes for contact in three.contacts] == Contains({"lead": "3", "language": "en"})


def test_a_contact_equals_one_with_dirty_equals_values(three: ConnectMock) -> None:
    contact = three.contacts[0]
    assert contact == replace(contact, id=IsUUID(4), attributes=IsPartialDict(language="de"))
    assert contact != replace(contact, attributes=IsPartialDict(language="en"))


# Lists


def test_where_goes_on_from_where(three: ConnectMock) -> None:
    german = three.contacts.where(attributes={"language": "de"})
    assert len(german) == 2
    assert [contact.attributes["lead"] for contact in german.where(attributes={"lead": "2"})] == ["2"]
    assert not german.where(attributes={"lead": "3"})
    assert german.where(customer_address=IsStr(regex=".*1$")).one().attributes["lead"] == "2"


def test_where_after_where_is_one_search_when_it_finds_nothing(three: ConnectMock) -> None:
    german = three.contacts.where(attributes={"language": "de"})
    with pytest.raises(AssertionError) as caught:
        german.where(state="INITIATED").one(customer_address="+15555550102")
    message = str(caught.value)
    assert message.startswith("No contact with attributes={'language': 'de'}, state='INITIATED',")
    assert "customer_address='+15555550102'" in message
    assert "3 contacts in all:" in message
    with pytest.raises(AssertionError, match=r"^2 contacts with attributes=\{'language': 'de'\}, where one"):
        german.one()
    with pytest.raises(AssertionError, match=r"No contact with state='QUEUED'\.(.|\n)*2 contacts in all:"):
        german.where(state="INITIATED").one(state="QUEUED")
    with pytest.raises(AssertionError, match=r"No contact with attributes=(.|\n)*1 contact in all:"):
        three.contacts[2:].where(attributes={"language": "de"}).one()


def test_indexes_and_slices_are_those_of_lists(three: ConnectMock, connect_client: Any) -> None:
    connect_client.list_queues(InstanceId=three.instances[0].id)
    assert three.calls[-1].operation == "ListQueues"
    assert three.calls[0].operation == "BatchPutContact"
    assert [contact.attributes["lead"] for contact in three.contacts[::-1]] == ["3", "2", "1"]
    assert three.contacts[1:].one(attributes={"language": "de"}).attributes["lead"] == "2"
    assert three.contacts[0] in three.contacts
    with pytest.raises(IndexError):
        three.calls[2]


def test_a_list_is_compared_in_order(three: ConnectMock) -> None:
    first, second, third = three.contacts
    assert three.contacts == [first, second, third]
    assert three.contacts == (first, second, third)
    assert three.contacts != [second, first, third]


def test_in_any_order_ignores_the_order(three: ConnectMock) -> None:
    first, second, third = three.contacts
    assert three.contacts.in_any_order() == [third, first, second]
    assert [third, first, second] == three.contacts.in_any_order()
    assert three.contacts.in_any_order() == three.contacts[::-1]
    assert three.contacts.in_any_order() == three.contacts[::-1].in_any_order()
    assert three.contacts.in_any_order() != [first, second]
    assert three.contacts.in_any_order() != [first, second, third, third]
    assert three.contacts.in_any_order() != [first, first, second]
    assert three.contacts.in_any_order() != "123"
    assert three.contacts.in_any_order() != 3
    assert repr(three.contacts[:0].in_any_order()) == "[] in any order"


def test_in_any_order_matches_each_entry_once(three: ConnectMock) -> None:
    first, second, third = three.contacts
    anything: Any = IsInstance(Contact)
    assert three.contacts.in_any_order() == [anything, first, second]
    assert three.contacts.in_any_order() == [anything, HasAttributes(queue=first.queue), first]
    assert three.contacts.in_any_order() != [anything, first, first]
    assert three.contacts[:2].in_any_order() != [anything, third]


def test_many_entries_that_may_stand_for_each_other_are_matched(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance
) -> None:
    for _ in range(1500):
        connect_client.list_queues(InstanceId=connect_instance.id)
    calls = connect_mock.calls
    anything: Any = IsInstance(Call)
    assert calls.in_any_order() == [*[anything] * 1499, calls[0]]


def test_two_runs_of_the_same_application_make_equal_calls(
    three: ConnectMock, put: Put, an_item: AnItem
) -> None:
    with time_machine.travel(datetime(2026, 1, 5, tzinfo=timezone.utc), tick=False):
        put(an_item(), ClientToken="a")
        put(an_item(), ClientToken="a")
    first, second = three.calls[-2:]
    assert first == second
    assert first.invocation_id != second.invocation_id


# Handles


def test_a_copy_of_a_contact_belongs_to_the_same_queue(three: ConnectMock, connect_queue: Queue) -> None:
    contact = copy.deepcopy(three.contacts[0])
    assert contact == three.contacts[0]
    assert contact.queue == connect_queue
    assert contact.queue in {connect_queue}
    assert asdict(contact)["queue"] is contact.queue
    assert copy.deepcopy(three.contacts) == three.contacts


def test_a_handle_equals_only_itself(connect_instance: Instance, connect_queue: Queue) -> None:
    assert connect_queue == connect_instance.queues[0]
    assert connect_queue != connect_instance.add_queue()
    assert connect_queue != connect_instance
    assert connect_queue != connect_queue.id


def test_contacts_are_hashable(three: ConnectMock) -> None:
    first, *others = three.contacts
    assert {first, three.contacts[0]} == {first}
    assert len({first, *others}) == 3
    assert set(three.contacts.where(attributes={"language": "en"})) < set(three.contacts)


def test_a_handle_copies_to_itself_and_is_not_pickled(three: ConnectMock) -> None:
    contact = three.contacts[0]
    assert copy.copy(contact.queue) is contact.queue
    with pytest.raises(TypeError, match=r"<Instance .*belongs to its mock and cannot be pickled"):
        pickle.dumps(contact)


# Exceptions


def test_the_client_s_own_exceptions_are_raised(connect_client: Any) -> None:
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException) as caught:
        connect_client.batch_put_contact(InstanceId="gone", ContactDataRequestList=[{}])
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


# Snapshots

APPLICATION = """
from datetime import datetime, timezone

import pytest
import time_machine

@pytest.fixture(autouse=True)
def still():
    with time_machine.travel(datetime(2026, 1, 5, 9, tzinfo=timezone.utc), tick=False):
        yield

@pytest.fixture
def dialed(still, connect_mock, connect_client, connect_instance, connect_queue, connect_campaign):
    connect_client.batch_put_contact(
        InstanceId=connect_instance.id,
        ClientToken="first",
        ContactDataRequestList=[
            {
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
                "QueueId": connect_queue.id,
                "Campaign": {"CampaignId": connect_campaign.id},
                "Attributes": {"lead": "1"},
            },
            {"RequestIdentifier": "lead-2"},
        ],
    )
    return connect_mock
"""
SYRUPY = """
from syrupy.filters import props

def test_it(dialed, snapshot):
    assert [contact.attributes for contact in dialed.contacts] == snapshot
    assert list(dialed.contacts) == snapshot
    assert dialed.contacts == snapshot
    assert dialed.calls == snapshot
    assert list(dialed.calls) == snapshot(exclude=props("invocation_id"))
    assert dialed.failed_requests == snapshot
    assert list(dialed.events) == snapshot
"""
INLINE = """
from inline_snapshot import HasRepr, snapshot

from connect_batchmock import Call, Campaign, Contact, Contacts, Endpoint, FailedRequest, Instance, Queue

def test_it(dialed):
    assert [contact.attributes for contact in dialed.contacts] == snapshot()
    assert list(dialed.contacts) == snapshot()
    assert dialed.contacts == snapshot()
    assert list(dialed.calls) == snapshot()
    assert dialed.calls[0].parameters == snapshot()
    assert list(dialed.failed_requests) == snapshot()
    assert dialed.events == snapshot()
"""


@pytest.fixture
def run(
    run_in_subprocess: Callable[..., pytest.RunResult], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., pytest.RunResult]:
    # inline-snapshot writes nothing where it believes to be in a worker of pytest-xdist.
    for name in [name for name in os.environ if name.startswith("PYTEST_XDIST")]:
        monkeypatch.delenv(name)
    return run_in_subprocess


INLINE_SNAPSHOT = "-p", "inline_snapshot.pytest_plugin"


def changed(path: Path) -> Path:
    """Return a copy of a test file whose application calls another customer."""
    text = path.read_text(encoding="utf-8")
    assert '"Address": "+15555550100"' in text
    other = path.with_name("test_changed.py")
    other.write_text(text.replace('"Address": "+15555550100"', '"Address": "+15555550101"'), encoding="utf-8")
    return other


def test_syrupy_finds_the_same_in_every_run(
    pytester: pytest.Pytester, run: Callable[..., pytest.RunResult]
) -> None:
    pytest.importorskip("syrupy")
    path = pytester.makepyfile(APPLICATION + SYRUPY)
    run("-p", "syrupy", "--snapshot-update").assert_outcomes(passed=1)
    stored = path.parent / "__snapshots__" / f"{path.stem}.ambr"
    text = stored.read_text(encoding="utf-8")
    assert "queue=<Queue name='Queue 1' id='" in text
    assert len(text.splitlines()) < 200
    shutil.copy(stored, stored.with_stem(changed(path).stem))
    run("-p", "syrupy").assert_outcomes(passed=1, failed=1)


def test_inline_snapshot_creates_finds_and_fixes(
    pytester: pytest.Pytester, run: Callable[..., pytest.RunResult]
) -> None:
    # Older ones write names that they do not import, and are all that the oldest pytest can have.
    pytest.importorskip("inline_snapshot", minversion="0.30")
    path = pytester.makepyfile(APPLICATION + INLINE)
    assert "snapshot()" in path.read_text(encoding="utf-8")
    run(*INLINE_SNAPSHOT, "--inline-snapshot=create")
    written = path.read_text(encoding="utf-8")
    assert "snapshot()" not in written
    assert "invocation_id" not in written
    other = changed(path)
    broken = other.read_text(encoding="utf-8")
    message = run(*INLINE_SNAPSHOT, "--inline-snapshot=fix").stdout.str()
    assert path.read_text(encoding="utf-8") == written
    fixed = other.read_text(encoding="utf-8")
    assert fixed != broken, message
    assert fixed == written.replace("+15555550100", "+15555550101")
