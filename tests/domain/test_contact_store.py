"""Reading contacts: a view does not change, and a lookup does not scan all contacts."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from factories import item_for

from connect_batchmock import ConnectMock
from connect_batchmock.domain.contact_store import ContactStore
from connect_batchmock.domain.locks import Lock
from connect_batchmock.records.handles import Campaign, Contact, Contacts, Instance, Queue


@pytest.fixture
def dial(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue, connect_campaign: Campaign
) -> Any:
    def call(*numbers: str) -> None:
        connect_client.batch_put_contact(
            InstanceId=connect_instance.id,
            ContactDataRequestList=[
                item_for(connect_queue, connect_campaign, number, RequestIdentifier=f"lead {number}")
                for number in numbers
            ],
        )

    return call


def addresses(contacts: Contacts) -> list[str]:
    return [contact.customer_address for contact in contacts]


def test_contacts_that_were_read_do_not_change(
    connect_mock: ConnectMock, dial: Any, connect_queue: Queue
) -> None:
    dial("+15550000001")
    read = connect_mock.contacts

    dial("+15550000002")
    connect_queue.add_agents(1)
    connect_mock.advance(3600)

    assert addresses(read) == ["+15550000001"]
    assert [contact.state for contact in read] == ["INITIATED"]
    assert read.one(customer_address="+15550000001").state == "INITIATED"
    assert not read.where(customer_address="+15550000002")
    assert [contact.state for contact in connect_mock.contacts] == ["COMPLETED", "COMPLETED"]


def test_records_that_were_read_survive_restore(connect_mock: ConnectMock, dial: Any) -> None:
    dial("+15550000001")
    snapshot = connect_mock.snapshot()
    dial("+15550000002")
    read = connect_mock.contacts

    connect_mock.restore(snapshot)
    dial("+15550000003")

    assert addresses(read) == ["+15550000001", "+15550000002"]
    assert addresses(connect_mock.contacts) == ["+15550000001", "+15550000003"]
    assert addresses(connect_mock.contacts.where(customer_address="+15550000003")) == ["+15550000003"]
    assert not connect_mock.contacts.where(customer_address="+15550000002")


def test_contacts_that_were_read_survive_reset_and_restore(connect_mock: ConnectMock, dial: Any) -> None:
    snapshot = connect_mock.snapshot()
    dial("+15550000001")
    read = connect_mock.contacts

    connect_mock.reset()
    connect_mock.restore(snapshot)

    assert addresses(read) == ["+15550000001"]
    assert not connect_mock.contacts


@pytest.mark.parametrize("name", ["id", "customer_address", "request_identifier"])
def test_a_contact_is_found_by_what_is_its_own(connect_mock: ConnectMock, dial: Any, name: str) -> None:
    dial(*(f"+1555000000{number}" for number in range(9)))
    wanted = connect_mock.contacts[4]

    assert connect_mock.contacts.one(**{name: getattr(wanted, name)}) == wanted
    assert connect_mock.contacts.where(**{name: "another"}) == []


@pytest.mark.parametrize("form", ["object", "id"])
@pytest.mark.parametrize("kind", ["instance", "queue", "campaign"])
def test_contacts_are_found_by_queue_campaign_and_instance(
    connect_mock: ConnectMock, connect_client: Any, dial: Any, kind: str, form: str, request: Any
) -> None:
    dial("+15550000001", "+15550000002")
    mine = request.getfixturevalue(f"connect_{kind}")
    other = connect_mock.add_instance()
    another = {"instance": other, "queue": other.add_queue(), "campaign": other.add_campaign()}[kind]
    of = (lambda one: one) if form == "object" else (lambda one: one.id)

    assert len(connect_mock.contacts.where(**{kind: of(mine)})) == 2
    assert connect_mock.contacts.where(**{kind: of(another)}) == []
    assert addresses(mine.contacts) == ["+15550000001", "+15550000002"]
    assert another.contacts == []


def test_several_criteria_are_all_met(connect_mock: ConnectMock, dial: Any, connect_queue: Queue) -> None:
    dial("+15550000001", "+15550000002")
    dial("+15550000001")

    matches = connect_mock.contacts.where(
        queue=connect_queue, customer_address="+15550000001", state="INITIATED"
    )

    assert addresses(matches) == ["+15550000001", "+15550000001"]
    assert not connect_mock.contacts.where(customer_address="+15550000001", state="QUEUED")


def test_a_contact_without_a_queue_is_found_by_that(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance
) -> None:
    campaign = connect_instance.add_campaign("agentless")
    item = {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15550000001"},
        "SystemEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15550000009"},
        "Campaign": {"CampaignId": campaign.id},
    }
    connect_client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=[item])

    assert len(connect_mock.contacts.where(queue=None, request_identifier=None)) == 1
    assert len(connect_mock.contacts.where(system_address="+15550000009", campaign=campaign)) == 1
    assert not connect_mock.contacts.where(system_address=None)


def test_a_lookup_copies_only_what_it_finds(
    connect_mock: ConnectMock, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dial(*(f"+155500000{number:02}" for number in range(25)))
    made: list[str] = []
    original = Contacts._present

    def counted(contacts: Contacts, item: Any) -> Contact:
        made.append(item.id)
        return original(contacts, item)

    monkeypatch.setattr(Contacts, "_present", counted)

    connect_mock.contacts.one(customer_address="+15550000007")
    assert len(set(made)) == 1

    made.clear()
    connect_mock.contacts.where(state="QUEUED", dialed_at=None, created_at=datetime.now())
    assert made == []


def test_contacts_are_read_while_others_are_created(
    connect_mock: ConnectMock, dial: Any, connect_queue: Queue
) -> None:
    done = threading.Event()
    problems: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                contacts = connect_mock.contacts
                matches = contacts.where(queue=connect_queue)
                assert len(matches) == len(contacts) == len(list(contacts))
        except BaseException as problem:
            problems.append(problem)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(20):
        dial(f"+155500000{number:02}")
    done.set()
    for reader in readers:
        reader.join()

    assert problems == []
    assert len(connect_mock.contacts) == 20


class LockThatSomebodyHad(Lock):
    """A lock whose previous holder changed the store."""

    book: ContactStore | None = None

    def __enter__(self) -> None:
        super().__enter__()
        if self.book is not None:
            self.book.detach_views()


def test_a_change_during_the_wait_is_searched() -> None:
    lock = LockThatSomebodyHad(RuntimeError)
    book = lock.book = ContactStore(lock)

    assert book.view().positions({"customer_address": "+15550000001"}) == (range(len(book)), None)
    assert book.view().positions({"state": "QUEUED"}) == (range(0), None)


def test_a_campaign_of_another_mock_has_no_contacts_here() -> None:
    def campaign_with_a_contact(connect_mock: ConnectMock) -> Campaign:
        instance = connect_mock.add_instance()
        queue = instance.add_queue()
        campaign = instance.add_campaign(queue=queue)
        client: Any = connect_mock.client()
        client.batch_put_contact(
            InstanceId=instance.id, ContactDataRequestList=[item_for(queue, campaign)] * 2
        )
        return campaign

    mocks = ConnectMock(), ConnectMock()
    first, second = map(campaign_with_a_contact, mocks)
    assert first.id == second.id
    assert len(mocks[0].contacts.where(campaign=first)) == 2
    assert not mocks[0].contacts.where(campaign=second)


def test_an_index_knows_contacts_with_and_without_a_value(connect_mock: ConnectMock, dial: Any) -> None:
    dial("+15550000001", "+15550000002")
    dial("+15550000001")
    dial("+15550000001")
    contacts = connect_mock.contacts
    assert len(contacts.where(customer_address="+15550000001")) == 3
    assert len(contacts.where(customer_address="+15550000002")) == 1
    assert not contacts.where(customer_address="+15550000003")


def test_parts_of_what_was_read_survive_restore(connect_mock: ConnectMock, dial: Any) -> None:
    snapshot = connect_mock.snapshot()
    dial("+15550000001", "+15550000002", "+15550000003")
    read = connect_mock.contacts
    assert addresses(read[1:]) == ["+15550000002", "+15550000003"]

    connect_mock.restore(snapshot)

    assert addresses(read[1:]) == ["+15550000002", "+15550000003"]
    assert addresses(read.where(state="INITIATED")) == addresses(read)
