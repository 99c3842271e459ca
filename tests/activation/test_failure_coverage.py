"""What counts as an exercised failure, of the API calls and of the contacts of a mock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from botocore.config import Config
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, mock_connect, outcomes
from connect_batchmock.activation.failure_coverage import FailureCoverage
from connect_batchmock.activation.mock_connect import observed
from connect_batchmock.activation.tallies import Tallies
from connect_batchmock.outcomes import Outcome, detection_statuses

Read = Callable[[], dict[str, Any]]
Phone = Callable[..., None]


@pytest.fixture
def tallies() -> Tallies:
    return Tallies({"failures": FailureCoverage()})


@pytest.fixture
def connect_mock(tallies: Tallies) -> Iterator[ConnectMock]:
    """Make a mock whose records the tallies read, in place of the run of this suite."""
    with observed(tallies), mock_connect() as mock:
        yield mock


@pytest.fixture
def read(tallies: Tallies) -> Read:
    """Return the coverage so far, without the failures that were never exercised."""

    def coverage() -> dict[str, Any]:
        tallies.collect()
        document = tallies.as_json()["failures"]
        operations = {name: exercised(kinds) for name, kinds in document["operations"].items()}
        return {**operations, "contacts": exercised(document["contacts"])}

    return coverage


def exercised(kinds: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {
        kind: {name: count for name, count in times.items() if count}
        for kind, times in kinds.items()
        if any(times.values())
    }


@pytest.fixture
def phone(connect_mock: ConnectMock, connect_instance: Instance, put_for: Any) -> Phone:
    """Dial a contact for each outcome, in a campaign of its own."""
    queue = connect_instance.add_queue()
    queue.add_agents(3)

    def dial(*choices: Outcome, **settings: Any) -> None:
        campaign = connect_instance.add_campaign(queue=queue, **settings)
        campaign.start()
        connect_mock.on_dial(list(choices))
        put_for(campaign, len(choices), QueueId=queue.id)
        connect_mock.advance(600)

    return dial


def test_each_network_fault_counts_as_itself(
    connect_mock: ConnectMock, make_client: Any, connect_instance: Instance, an_item: AnItem, read: Read
) -> None:
    client = make_client(config=Config(read_timeout=10))

    def dial() -> None:
        client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=[an_item()])

    connect_mock.delay("BatchPutContact", 9)
    dial()
    assert read()["connect.BatchPutContact"] == {}
    connect_mock.delay("BatchPutContact", 11, times=2)
    dial()
    for fault in connect_mock.lose_response, connect_mock.refuse_connection, connect_mock.reset_connection:
        fault("BatchPutContact")
        dial()
    assert read()["connect.BatchPutContact"] == {
        "network_faults": {
            "delay_beyond_timeout": 2,
            "lose_response": 1,
            "refuse_connection": 1,
            "reset_connection": 1,
        }
    }


def test_an_error_outside_of_the_model_does_not_count(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, read: Read
) -> None:
    connect_mock.fail("BatchPutContact", 503)
    connect_mock.fail("BatchPutContact", "ServiceUnavailable")
    put(an_item())
    assert read()["connect.BatchPutContact"] == {}


def test_items_of_a_response_that_was_lost_do_not_count(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, read: Read
) -> None:
    connect_mock.lose_response("BatchPutContact")
    put(an_item(QueueId="unknown"))
    # The application met the reason in the second attempt alone.
    assert read()["connect.BatchPutContact"] == {
        "failure_reasons": {"INVALID_QUEUE": 1},
        "network_faults": {"lose_response": 1},
    }


def test_only_calls_of_the_application_count(
    connect_mock: ConnectMock, connect_campaign: Campaign, connectcampaigns_client: Any, read: Read
) -> None:
    connect_campaign.start()
    connect_mock.reject_contacts("INTERNAL_ERROR", times=1)
    request = {"expirationTime": connect_mock.now() + timedelta(minutes=9), "attributes": {}}
    connectcampaigns_client.put_dial_request_batch(
        id=connect_campaign.id,
        dialRequests=[
            {"clientToken": "a", "phoneNumber": "5550100", **request},
            {"clientToken": "b", "phoneNumber": "+15555550101", **request},
        ],
    )
    connect_mock.advance(60)

    assert [call.operation for call in connect_mock.calls.where(internal=True)] == ["BatchPutContact"] * 2
    assert read() == {
        "connectcampaigns.PutDialRequestBatch": {"failure_codes": {"InvalidInput": 1}},
        "contacts": {},
    }


def test_endings_of_contacts_count(phone: Phone, read: Read) -> None:
    phone(outcomes.busy(), outcomes.voicemail(), outcomes.answered())
    assert read()["contacts"] == {
        "disconnect_reasons": {"TELECOM_BUSY": 1, "CUSTOMER_DISCONNECT": 1, "CONTACT_FLOW_DISCONNECT": 1},
        "detection_statuses": {"HUMAN_ANSWERED": 1, "VOICEMAIL_BEEP": 1},
    }


def test_statuses_count_for_contacts_with_detection(tallies: Tallies, phone: Phone, read: Read) -> None:
    phone(outcomes.answered(), answer_machine_detection=False)
    assert read()["contacts"] == {"disconnect_reasons": {"CUSTOMER_DISCONNECT": 1}}
    assert "detection_statuses" not in tallies.as_json()["failures"]["contacts"]

    phone(outcomes.answered())
    assert read()["contacts"]["detection_statuses"] == {"HUMAN_ANSWERED": 1}
    assert tuple(tallies.as_json()["failures"]["contacts"]["detection_statuses"]) == detection_statuses()


@pytest.mark.parametrize("spelling", ["OUTBUND_PREVIEW_DISCARDED", "OUTBOUND_PREVIEW_DISCARDED"])
def test_both_spellings_are_the_same_ending(phone: Phone, read: Read, spelling: Any) -> None:
    phone(outcomes.preview_discarded(spelling=spelling), mode="preview")
    assert read()["contacts"] == {"disconnect_reasons": {"OUTBUND_PREVIEW_DISCARDED": 1}}


def test_each_branch_of_a_snapshot_has_its_endings(
    connect_mock: ConnectMock, phone: Phone, read: Read
) -> None:
    phone(outcomes.busy())
    snapshot = connect_mock.snapshot()
    for choice in outcomes.no_answer(), outcomes.invalid_number():
        phone(choice)
        connect_mock.restore(snapshot)
    assert read()["contacts"]["disconnect_reasons"] == {
        "TELECOM_BUSY": 1,
        "TELECOM_UNANSWERED": 1,
        "TELECOM_NUMBER_INVALID": 1,
    }


def test_a_reset_that_fails_counts_nothing_twice(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(an_item(QueueId="unknown"))
    with monkeypatch.context() as patch:
        patch.setattr(ConnectMock, "_seed_state", lambda mock: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            connect_mock.reset()
    connect_mock.reset()
    assert read()["connect.BatchPutContact"] == {"failure_reasons": {"INVALID_QUEUE": 1}}


def test_reading_coverage_advances_nothing(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: Any, read: Read
) -> None:
    heard: list[Any] = []
    connect_mock.on_event(heard.append)
    connect_queue.add_agents(1)
    connect_campaign.start()
    with time_machine.travel(connect_mock.now(), tick=False) as clock:
        put_for(connect_campaign)
        before = len(heard)
        clock.shift(600)
        assert read()["contacts"] == {}
        connect_mock.reset()
    assert len(heard) == before
