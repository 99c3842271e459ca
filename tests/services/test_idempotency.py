"""ClientToken: a repeated request returns the first response and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from factories import START, AnItem, Put

from connect_batchmock import ConnectMock, Instance, Queue


def lists(answer: dict[str, Any]) -> tuple[Any, Any]:
    return answer["SuccessfulRequestList"], answer["FailedRequestList"]


def test_a_replay_gives_the_same_answer_and_creates_nothing(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    first = put(an_item(), ClientToken="token")
    second = put(an_item(), ClientToken="token")

    assert lists(second) == lists(first)
    connect_mock.assert_contact_count(1)


def test_the_answer_stands_after_the_queue_was_disabled(
    connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    first = put(an_item(), ClientToken="token")
    connect_queue.disable()

    assert lists(put(an_item(), ClientToken="token")) == lists(first)
    assert len(put(an_item(), ClientToken="new token")["FailedRequestList"]) == 1
    connect_mock.assert_contact_count(1)


def test_failed_items_are_replayed_and_remembered_once(
    connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    connect_queue.disable()
    first = put(an_item(RequestIdentifier="row"), ClientToken="token")
    connect_queue.enable()
    second = put(an_item(RequestIdentifier="row"), ClientToken="token")

    assert lists(second) == lists(first)
    assert second["FailedRequestList"][0]["FailureReasonCode"] == "INVALID_QUEUE"
    assert connect_mock.failed_requests.one().request_identifier == "row"
    connect_mock.assert_no_contacts()


def test_the_order_of_a_map_is_not_meant(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    first = put(an_item(Attributes={"a": "1", "b": "2"}), ClientToken="token")
    second = put(an_item(Attributes={"b": "2", "a": "1"}), ClientToken="token")

    assert lists(second) == lists(first)
    connect_mock.assert_contact_count(1)


def test_the_order_of_the_items_is_meant(connect_client: Any, put: Put, an_item: AnItem) -> None:
    one, other = an_item(RequestIdentifier="1"), an_item(RequestIdentifier="2")
    put(one, other, ClientToken="token")

    with pytest.raises(connect_client.exceptions.IdempotencyException):
        put(other, one, ClientToken="token")


def test_other_parameters_create_nothing(
    connect_mock: ConnectMock, connect_client: Any, put: Put, an_item: AnItem
) -> None:
    put(an_item(), ClientToken="token")

    with pytest.raises(connect_client.exceptions.IdempotencyException):
        put(an_item(Attributes={"a": "1"}), ClientToken="token")
    connect_mock.assert_contact_count(1)


def test_a_token_is_new_to_another_instance(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    other = connect_mock.add_instance()
    campaign, queue = other.add_campaign(), other.add_queue()
    put(an_item(), ClientToken="token")

    item = an_item(Campaign={"CampaignId": campaign.id}, QueueId=queue.id)
    answer = put(item, ClientToken="token", InstanceId=other.id)

    assert answer["SuccessfulRequestList"][0]["ContactId"] == other.contacts.one().id
    connect_mock.assert_contact_count(2)


def test_a_token_is_new_to_another_region(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    other = connect_mock.add_instance(region="eu-west-2")
    campaign, queue = other.add_campaign(), other.add_queue()
    put(an_item(), ClientToken="token")

    connect_mock.client(region_name="eu-west-2").batch_put_contact(
        InstanceId=other.id,
        ContactDataRequestList=[an_item(Campaign={"CampaignId": campaign.id}, QueueId=queue.id)],
        ClientToken="token",
    )

    assert len(other.contacts) == 1
    connect_mock.assert_contact_count(2)


def test_a_call_that_failed_as_a_whole_does_not_use_the_token_up(
    connect_mock: ConnectMock, connect_client: Any, put: Put, an_item: AnItem
) -> None:
    with pytest.raises(connect_client.exceptions.InvalidRequestException):
        put(*[an_item()] * 26, ClientToken="token")

    assert len(put(an_item(), ClientToken="token")["SuccessfulRequestList"]) == 1
    connect_mock.assert_contact_count(1)


def test_a_token_is_kept_for_seven_days(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    with time_machine.travel(START, tick=False) as clock:
        first = put(an_item(), ClientToken="token")
        clock.move_to(START + timedelta(days=7, seconds=-1), tick=False)
        assert lists(put(an_item(), ClientToken="token")) == lists(first)
        connect_mock.assert_contact_count(1)

        clock.move_to(START + timedelta(days=7), tick=False)
        second = put(an_item(), an_item(), ClientToken="token")

    assert len(second["SuccessfulRequestList"]) == 2
    connect_mock.assert_contact_count(1, created_at=START)
    connect_mock.assert_contact_count(2, created_at=START + timedelta(days=7))


def test_a_replay_does_not_lengthen_the_seven_days(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        for days in (0, 6, 7):
            clock.move_to(START + timedelta(days=days), tick=False)
            put(an_item(), ClientToken="token")

    connect_mock.assert_contact_count(2)


def test_an_empty_token_is_none(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item(), ClientToken="")
    put(an_item(), an_item(), ClientToken="")

    connect_mock.assert_contact_count(3)


def test_without_a_token_the_same_body_is_a_new_call(
    connect_mock: ConnectMock, connect_instance: Instance, send: Callable[..., Any], an_item: AnItem
) -> None:
    for _ in range(2):
        answer = send(f"/contact/batch/{connect_instance.id}", {"ContactDataRequestList": [an_item()]})
        assert answer.status == 200

    connect_mock.assert_contact_count(2)
    assert all("ClientToken" not in call.parameters for call in connect_mock.calls)


def test_a_client_fills_in_a_new_token_for_every_call(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    put(an_item())

    assert len({call.parameters["ClientToken"] for call in connect_mock.calls}) == 2
    connect_mock.assert_contact_count(2)
