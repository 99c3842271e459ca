"""Shortcuts are taken: nothing but their cost shows it, so the longer way is counted here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from factories import START, AnItem, Put
from hypothesis import given
from hypothesis import strategies as st

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, outcomes
from connect_batchmock.domain.ids import IdSource
from connect_batchmock.domain.scheduler import Inside, Scheduler
from connect_batchmock.records.handles import Contacts
from connect_batchmock.services.connect import batch_put_contact, contact_rules
from connect_batchmock.strategies import contact_data_requests, invalid_contact_data_requests

Count = Callable[[Any, str], Callable[[], int]]


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Count the calls of a function of a module or a class."""

    def start(owner: Any, name: str) -> Callable[[], int]:
        function, calls = getattr(owner, name), 0

        def counted(*args: Any, **arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            return function(*args, **arguments)

        monkeypatch.setattr(owner, name, counted)
        return lambda: calls

    return start


# Dialing


@pytest.mark.parametrize(
    "policy", [outcomes.busy(), [outcomes.busy()] * 4, outcomes.mix({outcomes.busy(): 1})]
)
def test_a_fixed_outcome_presents_no_contact(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue, count: Count, policy: Any
) -> None:
    connect_queue.add_agents(4)
    presented = count(Contacts, "_present")
    connect_mock.on_dial(policy)
    put(*(an_item() for _ in range(4)))
    connect_mock.advance(60)
    assert presented() == 0
    assert len(connect_mock.contact_records) == 4


def test_a_function_is_presented_each_contact_once(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue, count: Count
) -> None:
    connect_queue.add_agents(4)
    presented = count(Contacts, "_present")
    connect_mock.on_dial(lambda contact: outcomes.busy())
    put(*(an_item() for _ in range(4)))
    connect_mock.advance(60)
    assert presented() == 4


def test_the_clock_is_read_once_for_all_actions_due() -> None:
    readings: list[str] = []
    ran: list[int] = []

    def clock() -> Any:
        readings.append("read")
        return START

    scheduler = Scheduler(clock, Inside())
    for number in range(10):
        scheduler.schedule(START, partial(ran.append, number))

    while scheduler.step():
        pass

    assert ran == list(range(10))
    # Once for the actions, and once more to see that no other is due.
    assert len(readings) == 2


# Batches


def test_ids_are_drawn_together(count: Count) -> None:
    draws = count(IdSource, "_draw_many")
    source = IdSource("resources", 0)
    assert len({source.uuid() for _ in range(64)}) == 64
    assert draws() == 2


def test_contacts_of_a_batch_are_made_from_a_mold(
    put: Put, an_item: AnItem, count: Count, connect_instance: Instance
) -> None:
    molds = count(batch_put_contact, "new_contact")
    put(*(an_item() for _ in range(10)))
    assert molds() == 1
    other = connect_instance.add_queue()
    put(an_item(), an_item(QueueId=other.id), an_item(QueueId=other.id), an_item())
    assert molds() == 3


def test_the_usual_item_is_checked_by_no_single_rule(
    monkeypatch: pytest.MonkeyPatch, put: Put, an_item: AnItem
) -> None:
    checked: list[str] = []
    rules = contact_rules._RULES

    def counting(reason: str, rule: Any) -> Any:
        return reason, lambda item, instance: checked.append(reason) or rule(item, instance)

    monkeypatch.setattr(contact_rules, "_RULES", tuple(counting(*pair) for pair in rules))
    put(an_item(), an_item(Attributes={"plan": "gold"}))
    assert checked == []
    put(an_item(SystemEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}))
    assert checked == [reason for reason, _ in rules]


@pytest.fixture(scope="module")
def seeded_instance() -> Instance:
    instance = ConnectMock().add_instance()
    instance.add_campaign(queue=instance.add_queue())
    instance.add_queue(enabled=False)
    return instance


@given(data=st.data())
def test_the_usual_item_breaks_no_rule(seeded_instance: Instance, data: st.DataObject) -> None:
    invalid = invalid_contact_data_requests(seeded_instance)
    item = data.draw(contact_data_requests(seeded_instance) | invalid)
    instance = seeded_instance._instance
    if contact_rules._is_usual(item, instance):
        assert [rule(item, instance) for _, rule in contact_rules._RULES] == [None] * 8


# Memory


def test_equal_parts_of_a_batch_are_kept_once(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    system = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}
    put(an_item(SystemEndpoint=system), an_item(SystemEndpoint=system))

    call = connect_mock._engine.journal.calls[0]
    first, second = call.parameters["ContactDataRequestList"]
    assert first["Campaign"] is second["Campaign"]
    assert first["QueueId"] is second["QueueId"]
    assert first["SystemEndpoint"] is second["SystemEndpoint"]
    first_contact, second_contact = connect_mock._engine.backend.contacts.view()
    assert first_contact.system_endpoint is second_contact.system_endpoint


def test_parts_of_a_call_that_was_read_are_its_own(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(), an_item())
    first, second = connect_mock.calls[0].parameters["ContactDataRequestList"]
    first["Campaign"]["CampaignId"] = "another one"
    assert second["Campaign"] == an_item()["Campaign"]
    assert connect_mock.calls[0].parameters["ContactDataRequestList"][0] == an_item()


# Lookups


def test_what_the_index_answers_is_not_compared_again(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_campaign: Campaign, count: Count
) -> None:
    put(*(an_item() for _ in range(20)))
    presented = count(Contacts, "_present")
    assert len(connect_mock.contacts.where(campaign=connect_campaign)) == 20
    assert len(connect_mock.contacts.where(campaign_id=connect_campaign.id)) == 20
    assert not connect_mock.contacts.where(campaign=connect_campaign, state="COMPLETED")
    # Whether it is this campaign, or another mock's, is compared for the first contact.
    assert presented() == 3


def test_addresses_are_filed_when_contacts_are_created(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(RequestIdentifier="row-1"), an_item(RequestIdentifier="row-2"))
    indexes = connect_mock._engine.backend.contacts._indexes
    filed = {name for name, index in indexes.items() if index._indexed == 2}
    assert filed == {"customer_address", "request_identifier"}


def test_few_contacts_are_looked_up_in_no_other_index(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_campaign: Campaign
) -> None:
    put(an_item(RequestIdentifier="row-1"))
    connect_mock.contacts.one(request_identifier="row-1", campaign=connect_campaign)
    assert connect_mock._engine.backend.contacts._indexes["campaign"]._indexed == 0


def test_the_smallest_of_several_indexes_answers(
    connect_mock: ConnectMock,
    put: Put,
    an_item: AnItem,
    connect_instance: Instance,
    connect_campaign: Campaign,
) -> None:
    other = connect_instance.add_campaign(queue=connect_campaign.queue)
    put(*(an_item() for _ in range(20)))
    put(*(an_item(Campaign={"CampaignId": other.id}) for _ in range(15)))
    contacts = connect_mock.contacts

    assert len(contacts.where(instance=connect_instance, campaign=other)) == 15
    assert len(contacts.where(instance=connect_instance, queue=connect_campaign.queue)) == 35
    view = connect_mock._engine.backend.contacts.view()
    _, answered = view.positions({"instance": connect_instance.id, "campaign": other.id})
    assert answered == "campaign"
