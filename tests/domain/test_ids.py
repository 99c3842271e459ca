"""The mock's ids are its own: no generator that a test seeds draws one of them."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
from factories import item_for
from faker import Faker

from connect_batchmock import ConnectMock
from connect_batchmock.domain.ids import IdSource

SEEDS = range(50)


def ids_of(connect_mock: ConnectMock) -> set[str]:
    """Return ids of every kind: of seeded resources, created contacts, requests and events."""
    instance = connect_mock.add_instance()
    queue = instance.add_queue()
    campaign = instance.add_campaign(queue=queue)
    campaign.start()
    agents = queue.add_agents(2)
    client = connect_mock.client("connect")
    item = item_for(queue, campaign)
    response: Any = client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[item, item])
    hours = client.list_hours_of_operations(InstanceId=instance.id)["HoursOfOperationSummaryList"]
    connect_mock.advance(60)
    return {
        instance.id,
        queue.id,
        campaign.id,
        *(agent.id for agent in agents),
        *(hour["Id"] for hour in hours),
        *(contact.id for contact in connect_mock.contacts),
        *(event["id"] for event in connect_mock.events),
        response["ResponseMetadata"]["RequestId"],
    }


def drawn_by(generator: Any, count: int = 50) -> set[str]:
    return {str(uuid.UUID(int=generator.getrandbits(128), version=4)) for _ in range(count)}


def test_no_seeded_generator_draws_an_id_of_the_mock() -> None:
    drawn = {id for seed in SEEDS for id in drawn_by(random.Random(seed))}

    for seed in SEEDS:
        assert drawn.isdisjoint(ids_of(ConnectMock(seed=seed)))


@pytest.mark.parametrize("seed", [0, 1, 4761])
def test_faker_draws_no_id_of_the_mock(seed: int) -> None:
    faker = Faker()
    faker.seed_instance(seed)
    drawn = {faker.uuid4() for _ in range(100)}

    assert len(drawn) == 100
    assert drawn.isdisjoint(ids_of(ConnectMock(seed=seed)))


def test_the_faker_fixture_draws_no_id_of_the_fixtures(faker: Faker, connect_mock: ConnectMock) -> None:
    drawn = {faker.uuid4() for _ in range(100)}

    assert drawn.isdisjoint(ids_of(connect_mock))


def test_mocks_of_neighboring_seeds_share_no_id() -> None:
    seen: set[str] = set()
    for seed in SEEDS:
        ids = ids_of(ConnectMock(seed=seed))
        assert seen.isdisjoint(ids)
        seen |= ids


@pytest.mark.parametrize("seed", [0, 1, -1, 2**70])
def test_a_seed_gives_the_same_ids_every_time(seed: int) -> None:
    first = ids_of(ConnectMock(seed=seed))
    random.seed(seed)

    assert ids_of(ConnectMock(seed=seed)) == first


def test_ids_stay_the_same_from_version_to_version() -> None:
    assert ConnectMock().add_instance().id == "474bbaa1-c1aa-48e8-892a-4ecd0c3506fc"


def test_ids_are_those_of_single_draws() -> None:
    generator = random.Random("connect-batchmock resources 0")
    singles = [str(uuid.UUID(int=generator.getrandbits(128), version=4)) for _ in range(100)]
    source = IdSource("resources", 0)
    assert [source.uuid() for _ in range(100)] == singles
