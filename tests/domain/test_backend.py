"""The backend: ids, ARNs, regions, accounts and concurrent callers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import boto3
import pytest
from factories import Item, item_for

from connect_batchmock import ConnectMock, Instance
from connect_batchmock.protocol.http import Request

THREADS, BATCHES = 32, 200


def valid_item(instance: Instance, **members: Any) -> Item:
    """Return an item for the first queue and the first campaign of an instance."""
    return item_for(instance.queues[0], instance.campaigns[0], **members)


def seeded(mock: ConnectMock, region: str | None = None) -> Instance:
    instance = mock.add_instance(region=region)
    instance.add_campaign(queue=instance.add_queue())
    return instance


def ids_of(**settings: Any) -> list[str]:
    """The ids of a mock, from the instance to a contact."""
    mock = ConnectMock(**settings)
    instance = seeded(mock)
    number = instance.add_phone_number("+15555550199")
    mock.client().batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[valid_item(instance)])
    contact = mock.contacts.one()
    return [instance.id, instance.queues[0].id, instance.campaigns[0].id, number.id, contact.id]


def test_ids_depend_on_the_seed() -> None:
    assert ids_of(seed=7) == ids_of(seed=7)
    assert set(ids_of(seed=7)).isdisjoint(ids_of(seed=8))


def test_ids_are_uuids_of_version_4_and_no_two_are_equal() -> None:
    ids = ids_of()

    assert [uuid.UUID(identifier).version for identifier in ids] == [4] * 5
    assert [str(uuid.UUID(identifier)) for identifier in ids] == ids
    assert len(set(ids)) == 5


def test_names_that_are_not_given_are_numbered() -> None:
    instance = seeded(ConnectMock())

    assert (instance.alias, instance.queues[0].name, instance.campaigns[0].name) == (
        "instance-1",
        "Queue 1",
        "Campaign 1",
    )


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-2", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_arns_name_partition_region_and_account(region: str, partition: str) -> None:
    mock = ConnectMock(region=region, account_id="210987654321")
    instance = seeded(mock)
    number = instance.add_phone_number("+15555550199")
    mock.client().batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[valid_item(instance)])

    connect = f"arn:{partition}:connect:{region}:210987654321"
    campaigns = f"arn:{partition}:connect-campaigns:{region}:210987654321"
    assert instance.arn == f"{connect}:instance/{instance.id}"
    assert instance.queues[0].arn == f"{instance.arn}/queue/{instance.queues[0].id}"
    assert instance.campaigns[0].arn == f"{campaigns}:campaign/{instance.campaigns[0].id}"
    assert number.arn == f"{connect}:phone-number/{number.id}"
    assert mock.contacts.one().arn == f"{instance.arn}/contact/{mock.contacts.one().id}"


def test_regions_do_not_see_each_other() -> None:
    mock = ConnectMock()
    here, there = seeded(mock), seeded(mock, "eu-west-2")
    client = mock.client(region_name="eu-west-2")

    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.batch_put_contact(InstanceId=here.id, ContactDataRequestList=[valid_item(here)])
    client.batch_put_contact(InstanceId=there.id, ContactDataRequestList=[valid_item(there)])

    assert [call.region for call in mock.calls] == ["eu-west-2", "eu-west-2"]
    assert (len(here.contacts), len(there.contacts)) == (0, 1)
    assert [instance.region for instance in mock.instances] == ["us-east-1", "eu-west-2"]


def client_with_key(key: str) -> Any:
    return boto3.client("connect", aws_access_key_id=key, aws_secret_access_key="s", region_name="us-east-1")


def test_an_access_key_id_of_twelve_digits_names_the_account(connect_mock: ConnectMock) -> None:
    instance = seeded(connect_mock)
    client = client_with_key("999999999999")

    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[valid_item(instance)])

    assert connect_mock.calls.one().account_id == "999999999999"


@pytest.mark.parametrize("key", ["AKIAIOSFODNN7EXAMPLE", "1234567890123", "99999999999"])
def test_any_other_access_key_id_is_of_the_mock_s_account(connect_mock: ConnectMock, key: str) -> None:
    instance = seeded(connect_mock)

    client_with_key(key).batch_put_contact(
        InstanceId=instance.id, ContactDataRequestList=[valid_item(instance)]
    )

    assert connect_mock.calls.one().account_id == "123456789012"


def in_threads(work: Callable[[int], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the responses of all threads, each of which makes its requests of the calls."""
    with ThreadPoolExecutor(THREADS) as pool:
        return [answer for share in pool.map(work, range(THREADS)) for answer in share]


def assert_nothing_lost_and_nothing_twice(
    mock: ConnectMock, answers: list[dict[str, Any]], names: set[str]
) -> None:
    created = [entry for answer in answers for entry in answer["SuccessfulRequestList"]]
    failed = [entry for answer in answers for entry in answer["FailedRequestList"]]
    by_name = {entry["RequestIdentifier"]: entry["ContactId"] for entry in created}
    assert (len(created), set(by_name)) == (len(names), names)
    assert len(set(by_name.values())) == len(names)
    assert {contact.request_identifier: contact.id for contact in mock.contacts} == by_name
    assert len(mock.contacts) == len(names)
    assert len(mock.failed_requests) == len(failed) == len(answers)
    assert len(mock.calls) == len(answers)


def batch_of(instance: Instance, thread: int, number: int) -> dict[str, Any]:
    """A batch of two: one item to be created, and one to be refused."""
    good = valid_item(instance, RequestIdentifier=f"{thread}-{number}")
    bad = {"RequestIdentifier": f"{thread}-{number}-refused"}
    return {"ContactDataRequestList": [good, bad], "ClientToken": f"{thread}-{number}"}


def test_many_threads_lose_nothing_and_do_nothing_twice() -> None:
    mock = ConnectMock()
    instance = seeded(mock)
    url = f"https://connect.us-east-1.amazonaws.com/contact/batch/{instance.id}"
    shares = [
        [
            Request(
                "PUT",
                url,
                {},
                json.dumps(batch_of(instance, thread, number)).encode(),
                "connect",
                "us-east-1",
            )
            for number in range(BATCHES)
        ]
        for thread in range(THREADS)
    ]

    def work(thread: int) -> list[dict[str, Any]]:
        answers = [mock.handle(request) for request in shares[thread]]
        return [json.loads(answer.body) for answer in answers if answer is not None]

    answers = in_threads(work)

    assert len(answers) == THREADS * BATCHES
    names = {f"{thread}-{number}" for thread in range(THREADS) for number in range(BATCHES)}
    assert_nothing_lost_and_nothing_twice(mock, answers, names)


def test_many_threads_may_share_a_client() -> None:
    mock = ConnectMock()
    instance = seeded(mock)
    client = mock.client()

    def work(thread: int) -> list[dict[str, Any]]:
        return [
            client.batch_put_contact(InstanceId=instance.id, **batch_of(instance, thread, number))
            for number in range(10)
        ]

    names = {f"{thread}-{number}" for thread in range(THREADS) for number in range(10)}
    assert_nothing_lost_and_nothing_twice(mock, in_threads(work), names)


def test_threads_with_the_same_token_create_one_contact() -> None:
    mock = ConnectMock()
    instance = seeded(mock)
    client = mock.client()

    def work(_: int) -> list[dict[str, Any]]:
        return [
            client.batch_put_contact(
                InstanceId=instance.id, ContactDataRequestList=[valid_item(instance)], ClientToken="token"
            )
        ]

    answers = in_threads(work)

    contact = mock.contacts.one()
    assert [answer["SuccessfulRequestList"] for answer in answers] == [[{"ContactId": contact.id}]] * THREADS


def test_reset_waits_for_the_call_that_is_being_answered() -> None:
    mock = ConnectMock()
    client, instance = mock.client(), mock.add_instance()
    item = item_for(instance.add_queue(), instance.add_campaign())
    began, go_on = Event(), Event()

    def when(_: Any) -> bool:
        began.set()
        assert go_on.wait(10)
        return False

    mock.reject_contacts("INTERNAL_ERROR", when=when)
    caller = Thread(
        target=client.batch_put_contact, kwargs={"InstanceId": instance.id, "ContactDataRequestList": [item]}
    )
    caller.start()
    assert began.wait(10)
    resetter = Thread(target=mock.reset)
    resetter.start()
    go_on.set()
    caller.join()
    resetter.join()
    assert (len(mock.contacts), len(mock.calls)) == (0, 0)
