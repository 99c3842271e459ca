"""Invalid seeding is refused with the reason, and changes nothing."""

from __future__ import annotations

import re

import pytest

from connect_batchmock import ConnectMock, Instance


@pytest.fixture
def instance() -> Instance:
    return ConnectMock().add_instance()


def test_a_queue_name_is_taken_once(instance: Instance) -> None:
    instance.add_queue("sales")

    with pytest.raises(ValueError, match="already has a queue named 'sales'"):
        instance.add_queue("sales")
    assert [queue.name for queue in instance.queues] == ["sales"]


def test_a_campaign_name_is_taken_once(instance: Instance) -> None:
    instance.add_campaign("spring")

    with pytest.raises(ValueError, match="already has a campaign named 'spring'"):
        instance.add_campaign("spring")
    assert [campaign.name for campaign in instance.campaigns] == ["spring"]


def test_names_are_free_in_another_instance() -> None:
    mock = ConnectMock()

    names = [mock.add_instance().add_queue("sales").name for _ in range(2)]

    assert names == ["sales", "sales"]


@pytest.mark.parametrize("number", ["", "5555550100", "+0555", "+1 555"])
def test_a_claimed_number_is_in_e164_form(instance: Instance, number: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"not {number!r}")):
        instance.add_phone_number(number)
    assert instance.phone_numbers == []


def test_a_number_is_claimed_once(instance: Instance) -> None:
    claimed = instance.add_phone_number("+15555550100")

    with pytest.raises(ValueError, match=r"'\+15555550100' cannot be claimed: an instance in us-east-1"):
        instance.add_phone_number("+15555550100")
    assert instance.phone_numbers == [claimed]


def test_a_number_is_claimed_once_in_a_region() -> None:
    mock = ConnectMock()
    mock.add_instance().add_phone_number("+15555550100")
    neighbor, elsewhere = mock.add_instance(), mock.add_instance(region="eu-west-2")

    with pytest.raises(ValueError, match=re.escape("'+15555550100' cannot be claimed")):
        neighbor.add_phone_number("+15555550100")
    assert neighbor.phone_numbers == []
    assert elsewhere.add_phone_number("+15555550100").number == "+15555550100"


def test_a_number_that_was_released_lately_cannot_be_claimed() -> None:
    mock = ConnectMock()
    instance = mock.add_instance()
    released = instance.add_phone_number("+15555550100")
    mock.client().release_phone_number(PhoneNumberId=released.id)

    mock.advance(179 * 86400)
    with pytest.raises(ValueError, match="or released it less than 180 days ago"):
        instance.add_phone_number("+15555550100")
    mock.advance(86400)
    assert instance.add_phone_number("+15555550100").id != released.id


def test_an_alias_is_that_of_one_instance_in_a_region() -> None:
    mock = ConnectMock()
    mock.add_instance("sales")

    with pytest.raises(ValueError, match="us-east-1 already has an instance with the alias 'sales'"):
        mock.add_instance("sales")
    mock.add_instance("sales", region="eu-west-2")
    assert [(instance.alias, instance.region) for instance in mock.instances] == [
        ("sales", "us-east-1"),
        ("sales", "eu-west-2"),
    ]


def test_a_campaign_dials_for_a_queue_of_its_own_instance() -> None:
    mock = ConnectMock()
    queue = mock.add_instance().add_queue("sales")
    other = mock.add_instance()

    with pytest.raises(ValueError, match="The queue 'sales' belongs to another instance"):
        other.add_campaign(queue=queue)
    assert other.campaigns == []


def test_a_numbered_name_goes_past_one_that_is_taken(instance: Instance) -> None:
    instance.add_queue("Queue 2")
    instance.add_campaign("Campaign 2")

    assert [instance.add_queue().name, instance.add_campaign().name] == ["Queue 3", "Campaign 3"]


def test_a_queue_of_another_mock_with_the_same_id_is_refused() -> None:
    queue = ConnectMock().add_instance().add_queue("sales")
    instance = ConnectMock().add_instance()
    instance.add_queue("sales")

    with pytest.raises(ValueError, match="The queue 'sales' belongs to another instance"):
        instance.add_campaign(queue=queue)
