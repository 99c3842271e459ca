"""Snapshots: the whole backend at a moment, and back to it as often as a test likes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
import time_machine
from factories import START, AnItem, Put

from connect_batchmock import (
    Campaign,
    ConnectMock,
    Contact,
    Instance,
    Outcome,
    Queue,
    ServiceError,
    UnfakedOperationError,
    outcomes,
)
from connect_batchmock.protocol.http import Request

pytestmark = pytest.mark.usefixtures("frozen_time")


@pytest.fixture
def put_many(put: Put, an_item: AnItem) -> Callable[[int], list[str]]:
    """Put contacts for ``connect_campaign``, each for a customer of its own, and return their ids."""
    numbers = iter(range(10_000_000))

    def put_many(count: int) -> list[str]:
        def item() -> dict[str, Any]:
            address = f"+1555{next(numbers):07}"
            return an_item(CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": address})

        answer = put(*[item() for _ in range(count)])
        return [created["ContactId"] for created in answer["SuccessfulRequestList"]]

    return put_many


def records_of(mock: ConnectMock) -> list[Any]:
    """Return every record that a test can read."""
    return [
        list(mock.contacts),
        list(mock.events),
        list(mock.contact_records),
        list(mock.calls),
        list(mock.failed_requests),
        mock.now(),
    ]


def seeded_in(mock: ConnectMock) -> list[Any]:
    return [
        (
            instance.id,
            [
                (queue.id, queue.name, queue.enabled, queue.agents, len(queue.contacts))
                for queue in instance.queues
            ],
            [(agent.username, agent.status, agent.activity) for agent in instance.agents],
            [
                (campaign.id, campaign.name, campaign.state, len(campaign.contacts))
                for campaign in instance.campaigns
            ],
            [(number.id, number.number, number.tags) for number in instance.phone_numbers],
        )
        for instance in mock.instances
    ]


# What restore brings back


def test_restore_removes_what_happened_since(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_many: Callable[[int], list[str]],
    put: Put,
    an_item: AnItem,
) -> None:
    connect_instance.add_phone_number("+15555550199")
    put_many(3)
    put(an_item(Campaign=None))
    snapshot = connect_mock.snapshot()
    before = (records_of(connect_mock), seeded_in(connect_mock))

    put_many(2)
    put(an_item(Campaign=None))
    connect_queue.add_agents(1)
    connect_queue.disable()
    connect_campaign.start()
    connect_mock.advance(600)
    connect_instance.add_queue().delete()
    connect_mock.add_instance(region="eu-west-2")
    connect_campaign.delete()
    assert (records_of(connect_mock), seeded_in(connect_mock)) != before
    connect_mock.restore(snapshot)

    assert (records_of(connect_mock), seeded_in(connect_mock)) == before


def test_handles_show_the_restored_state(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_many: Callable[[int], list[str]],
) -> None:
    put_many(2)
    snapshot = connect_mock.snapshot()
    connect_queue.disable()
    connect_queue.add_agents(2)
    connect_campaign.start()
    connect_campaign.pause()
    connect_queue.delete()
    connect_instance.add_queue("later")
    connect_mock.advance(60)
    connect_mock.restore(snapshot)

    assert (connect_queue.enabled, connect_queue.agents, connect_campaign.state) == (True, [], "Initialized")
    assert connect_instance.queues == [connect_queue]
    assert [contact.state for contact in connect_campaign.contacts] == ["INITIATED", "INITIATED"]
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.advance(10)
    assert [contact.state for contact in connect_queue.contacts] == ["CONNECTED_TO_AGENT", "INITIATED"]


def test_a_snapshot_does_not_change_afterwards(
    connect_mock: ConnectMock, connect_instance: Instance, put_many: Callable[[int], list[str]]
) -> None:
    put_many(1)
    first = connect_mock.snapshot()
    at_first = records_of(connect_mock)
    put_many(1)
    second = connect_mock.snapshot()
    at_second = records_of(connect_mock)
    put_many(1)

    for snapshot, records in [
        (first, at_first),
        (second, at_second),
        (second, at_second),
        (first, at_first),
    ]:
        connect_mock.restore(snapshot)
        assert records_of(connect_mock) == records
        put_many(2)
        connect_instance.add_queue()


def test_handles_added_since_are_detached(connect_mock: ConnectMock, connect_instance: Instance) -> None:
    snapshot = connect_mock.snapshot()
    added = connect_mock.add_instance()
    added.add_queue("of an instance that is gone")
    queue = connect_instance.add_queue()
    connect_mock.restore(snapshot)

    assert connect_mock.instances == [connect_instance]
    assert (connect_instance.queues, list(added.contacts), list(queue.contacts)) == ([], [], [])


def test_tags_come_back(connect_mock: ConnectMock, connect_instance: Instance, connect_client: Any) -> None:
    number = connect_instance.add_phone_number("+15555550199")
    connect_client.tag_resource(resourceArn=number.arn, tags={"team": "sales"})
    snapshot = connect_mock.snapshot()
    connect_client.tag_resource(resourceArn=number.arn, tags={"team": "support", "more": "x"})
    connect_mock.restore(snapshot)

    assert connect_client.list_tags_for_resource(resourceArn=number.arn)["tags"] == {"team": "sales"}


def test_restore_undoes_a_reset(
    connect_mock: ConnectMock, connect_queue: Queue, put_many: Callable[[int], list[str]]
) -> None:
    put_many(2)
    connect_mock.advance(60)
    snapshot = connect_mock.snapshot()
    before = records_of(connect_mock)
    connect_mock.reset()
    connect_mock.add_instance().add_queue()
    connect_mock.restore(snapshot)

    assert records_of(connect_mock) == before
    assert len(connect_queue.contacts) == 2
    assert len(put_many(1)) == 1


# The same course, once more


def the_rest_of_the_day(
    mock: ConnectMock, queue: Queue, campaign: Campaign, put_many: Callable[[int], list[str]]
) -> list[Any]:
    mock.advance(7)
    ids = put_many(5)
    first, *_, last = queue.agents
    last.set_status("Available")
    first.set_status("Lunch")
    mock.advance(100)
    campaign.pause()
    mock.advance(100)
    campaign.resume()
    mock.advance(3600)
    return [ids, records_of(mock), seeded_in(mock)]


def what_becomes_of(contact: Contact) -> Outcome:
    """Make every outcome occur, by the customer's number."""
    possible = [
        outcomes.answered(ring=3, talk=40, after_contact_work=20),
        outcomes.voicemail(ring=8, talk=11),
        outcomes.no_answer(),
        outcomes.busy(),
    ]
    return possible[int(contact.customer_address[-1]) % len(possible)]


@pytest.mark.parametrize("mode", ["progressive", "predictive", "preview", "agentless"])
@pytest.mark.parametrize("underway", [0, 2, 10, 45, 300])
def test_contacts_on_the_phone_take_the_same_course_again(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_client: Any,
    connect_queue: Queue,
    mode: str,
    underway: float,
) -> None:
    campaign = connect_instance.add_campaign("Spring", queue=connect_queue, mode=mode)
    connect_queue.add_agents(3)
    connect_instance.add_agent(queues=[connect_queue], status="Offline")
    campaign.start()
    connect_mock.on_dial(what_becomes_of)

    def put_many(count: int) -> list[str]:
        queue = {} if mode == "agentless" else {"QueueId": connect_queue.id}
        items = [
            {
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": f"+1555555{number:04}"},
                "SystemEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"},
                "Campaign": {"CampaignId": campaign.id},
                **queue,
            }
            for number in range(count)
        ]
        answer = connect_client.batch_put_contact(
            InstanceId=connect_instance.id, ContactDataRequestList=items
        )
        return [created["ContactId"] for created in answer["SuccessfulRequestList"]]

    put_many(20)
    connect_mock.advance(underway)
    snapshot = connect_mock.snapshot()
    ids_of_calls = [call.invocation_id for call in connect_mock.calls]

    courses = []
    for _ in range(3):
        connect_mock.restore(snapshot)
        course = the_rest_of_the_day(connect_mock, connect_queue, campaign, put_many)
        calls = course[1].pop(3)
        assert [call.invocation_id for call in calls[:-1]] == ids_of_calls
        courses.append(course)

    assert courses[0] == courses[1] == courses[2]
    assert {contact.state for contact in connect_mock.contacts} == {"COMPLETED"}
    assert len(connect_mock.contacts) == 25


def test_a_schedule_ends_once_more(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, connectcampaigns_client: Any
) -> None:
    v2 = connect_mock.client("connectcampaignsv2")
    campaign = connect_instance.add_campaign("Spring", queue=connect_queue)
    v2.update_campaign_schedule(
        id=campaign.id, schedule={"startTime": START, "endTime": START + timedelta(hours=1)}
    )
    campaign.start()
    snapshot = connect_mock.snapshot()

    for _ in range(2):
        connect_mock.advance(3600)
        assert campaign.state == "Completed"
        connect_mock.restore(snapshot)
        assert campaign.state == "Running"


def test_a_campaign_that_only_its_schedule_knows_is_as_it_was(
    connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    v2 = connect_mock.client("connectcampaignsv2")
    campaign = connect_instance.add_campaign("Spring")
    v2.update_campaign_schedule(
        id=campaign.id, schedule={"startTime": START, "endTime": START + timedelta(hours=1)}
    )
    campaign.start()
    campaign.delete()
    snapshot = connect_mock.snapshot()
    connect_mock.advance(3600)
    connect_mock.restore(snapshot)

    assert campaign.state == "Running"


def test_a_dial_request_that_is_to_be_put_again_is_put_again(
    connect_mock: ConnectMock, connect_campaign: Campaign, connectcampaigns_client: Any
) -> None:
    connect_campaign.start()
    connect_mock.reject_contacts("INTERNAL_ERROR", times=1)
    request = {
        "clientToken": str(uuid.UUID(int=1)),
        "phoneNumber": "+15555550100",
        "expirationTime": START + timedelta(minutes=10),
        "attributes": {},
    }
    connectcampaigns_client.put_dial_request_batch(id=connect_campaign.id, dialRequests=[request])
    snapshot = connect_mock.snapshot()
    connect_mock.assert_no_contacts()
    ids = []
    for _ in range(2):
        connect_mock.advance(1)
        ids.append(connect_mock.contacts.one(customer_address="+15555550100").id)
        connect_mock.restore(snapshot)
        connect_mock.assert_no_contacts()

    assert ids[0] == ids[1]


# Tokens, plans, listeners and the clock


def test_a_token_is_as_used_as_it_was(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    used = put(an_item(), ClientToken="before")["SuccessfulRequestList"]
    snapshot = connect_mock.snapshot()

    after = [put(an_item(), ClientToken="after")["SuccessfulRequestList"]]
    connect_mock.restore(snapshot)
    assert put(an_item(), ClientToken="before")["SuccessfulRequestList"] == used
    connect_mock.assert_contact_count(1)
    after += [put(an_item(), ClientToken="after")["SuccessfulRequestList"]]

    connect_mock.assert_contact_count(2)
    assert after[0] == after[1]


def test_restore_keeps_the_remaining_count_of_a_fault(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    members = {"RequestIdentifier": "lead-7"}
    connect_mock.reject_contacts("REQUEST_THROTTLED", when=members, times=2)
    connect_mock.limit_rate("BatchPutContact", per_second=1, burst=2)
    put(an_item(RequestIdentifier="lead-7"))
    snapshot = connect_mock.snapshot()
    members["RequestIdentifier"] = "lead-8"

    for _ in range(2):
        assert put(an_item(RequestIdentifier="lead-7"))["FailedRequestList"]
        connect_mock.fail("BatchPutContact", "InternalServiceException")
        connect_mock.reject_contacts("INTERNAL_ERROR")
        connect_mock.restore(snapshot)
    assert put(an_item(RequestIdentifier="lead-7"))["FailedRequestList"]
    # The rate allows one call per second; a retry is the mock's next call.
    connect_mock.advance(2)
    assert put(an_item(RequestIdentifier="lead-7"))["SuccessfulRequestList"]
    assert members == {"RequestIdentifier": "lead-8"}


def test_restore_forgets_unused_plans(connect_mock: ConnectMock, connect_client: Any) -> None:
    snapshot = connect_mock.snapshot()
    connect_mock.fail("BatchPutContact", "InternalServiceException")
    with pytest.raises(UnfakedOperationError):
        connect_client.list_prompts(InstanceId=str(uuid.UUID(int=1)))
    with pytest.raises(AssertionError, match="never happened"):
        connect_mock.assert_no_pending_faults()
    with pytest.raises(AssertionError, match="has no fake for"):
        connect_mock.assert_no_unfaked_calls()
    connect_mock.restore(snapshot)

    connect_mock.assert_no_pending_faults()
    connect_mock.assert_no_unfaked_calls()


def test_a_list_of_outcomes_is_used_up_as_far_as_it_was(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_many: Callable[[int], list[str]],
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial([outcomes.busy(), outcomes.invalid_number(), outcomes.no_answer()])
    put_many(1)
    connect_mock.advance(10)
    snapshot = connect_mock.snapshot()

    reasons = []
    for _ in range(2):
        put_many(3)
        connect_mock.advance(600)
        reasons.append([contact.disconnect_reason for contact in connect_mock.contacts])
        connect_mock.on_dial(outcomes.busy())
        connect_mock.restore(snapshot)

    assert (
        reasons
        == [["TELECOM_BUSY", "TELECOM_NUMBER_INVALID", "TELECOM_UNANSWERED", "CUSTOMER_DISCONNECT"]] * 2
    )


def test_restore_keeps_listeners_and_their_events(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    received: list[str] = []
    late: list[str] = []
    connect_mock.on_event(lambda event: received.append(event["detail"]["contactId"]))
    snapshot = connect_mock.snapshot()

    connect_mock.on_event(lambda event: late.append(event["detail"]["contactId"]))
    put(an_item())
    connect_mock.restore(snapshot)
    put(an_item())

    assert len(received) == 2
    assert received[0] == received[1]
    assert late == received[:1]


def test_a_policy_of_a_test_is_kept_and_not_copied(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_many: Callable[[int], list[str]],
) -> None:
    class Policy:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def decide(self, contact: Contact) -> Outcome:
            self.asked.append(contact.id)
            return outcomes.busy()

    policy = Policy()
    connect_mock.on_dial(policy.decide)
    connect_queue.add_agents(1)
    connect_campaign.start()
    snapshot = connect_mock.snapshot()
    for _ in range(2):
        put_many(1)
        connect_mock.advance(60)
        connect_mock.restore(snapshot)

    assert len(policy.asked) == 2
    assert len(set(policy.asked)) == 1


@pytest.mark.connect_mock(strict=False)
def test_restore_removes_fakes_added_since(connect_mock: ConnectMock, connect_client: Any) -> None:
    calls: list[str] = []

    @connect_mock.fake("ListQuickConnects")
    def quick_connects(mock: ConnectMock, parameters: Any) -> dict[str, Any]:
        calls.append(parameters["InstanceId"])
        return {"QuickConnectSummaryList": []}

    @connect_mock.fake("ListPrompts")
    def prompts(mock: ConnectMock, parameters: Any) -> dict[str, Any]:
        raise ServiceError("ResourceNotFoundException", "There are none.")

    id = str(uuid.UUID(int=1))
    snapshot = connect_mock.snapshot()
    connect_mock.fake(
        "ListQuickConnects", lambda mock, parameters: {"QuickConnectSummaryList": [{"Id": "x"}]}
    )
    connect_mock.fake("ListSecurityKeys", lambda mock, parameters: {"SecurityKeys": []})
    connect_mock.passthrough("ListPrompts")
    connect_mock.restore(snapshot)

    assert connect_client.list_quick_connects(InstanceId=id)["QuickConnectSummaryList"] == []
    assert calls == [id]
    with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
        connect_client.list_prompts(InstanceId=id)
    with pytest.raises(UnfakedOperationError):
        connect_client.list_security_keys(InstanceId=id)


def test_restore_resets_an_advanced_clock(connect_mock: ConnectMock) -> None:
    connect_mock.advance(60)
    snapshot = connect_mock.snapshot()
    connect_mock.advance(600)
    connect_mock.restore(snapshot)

    assert connect_mock.now() == START + timedelta(seconds=60)


def test_the_clock_outside_goes_on(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.advance(60)
    snapshot = connect_mock.snapshot()
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        connect_mock.restore(snapshot)
        put(an_item())

        assert connect_mock.contacts.one().created_at == START + timedelta(hours=1, seconds=60)


# Refusals


@pytest.mark.parametrize("given", [None, "snapshot", {}])
def test_restore_takes_only_a_snapshot(connect_mock: ConnectMock, given: Any) -> None:
    with pytest.raises(TypeError, match=r"restore takes a return value of connect_mock\.snapshot\(\), not"):
        connect_mock.restore(given)


def test_a_snapshot_of_another_mock_is_refused(connect_mock: ConnectMock) -> None:
    other = ConnectMock()
    other.add_instance()

    with pytest.raises(ValueError, match="The snapshot belongs to another mock"):
        connect_mock.restore(other.snapshot())
    assert connect_mock.instances == []


def test_a_function_that_the_mock_calls_cannot_go_back(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    snapshot = connect_mock.snapshot()
    refusals = []

    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        for method in (connect_mock.snapshot, lambda: connect_mock.restore(snapshot)):
            with pytest.raises(RuntimeError) as refused:
                method()
            refusals.append(str(refused.value).partition(". ")[0])

    put(an_item())

    assert refusals == [
        f"connect_mock.{name} was called by a function that the mock is calling"
        for name in ("snapshot", "restore")
    ]
    connect_mock.assert_contact_count(1)


# Threads


def test_a_snapshot_holds_whole_calls_whatever_other_threads_do(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    batch = [an_item() for _ in range(5)]
    snapshots = []
    with ThreadPoolExecutor(8) as threads:
        for _ in range(60):
            threads.submit(put, *batch)
        snapshots += [connect_mock.snapshot() for _ in range(20)]
    connect_mock.assert_contact_count(300)

    for snapshot in snapshots:
        connect_mock.restore(snapshot)
        assert len(connect_mock.contacts) == 5 * len(connect_mock.calls)
        assert len(connect_mock.events) == len(connect_mock.contacts)
        put(*batch)
        assert len({contact.id for contact in connect_mock.contacts}) == len(connect_mock.contacts)


def test_restore_stops_the_advance_of_another_thread(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_many: Callable[[int], list[str]],
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    put_many(3)
    snapshot = connect_mock.snapshot()
    before = records_of(connect_mock)
    is_heard, may_go_on = Event(), Event()

    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        is_heard.set()
        assert may_go_on.wait(10)

    with ThreadPoolExecutor(1) as threads:
        advancing = threads.submit(connect_mock.advance, 3600)
        assert is_heard.wait(10)
        connect_mock.restore(snapshot)
        may_go_on.set()
        advancing.result()

    assert records_of(connect_mock) == before


def test_restore_ends_the_time_that_another_thread_set(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    is_heard, may_go_on = Event(), Event()

    @connect_mock.on_event
    def listen(event: dict[str, Any]) -> None:
        is_heard.set()
        assert may_go_on.wait(10)

    with ThreadPoolExecutor(1) as threads:
        putting = threads.submit(put, an_item())
        assert is_heard.wait(10)
        snapshot = connect_mock.snapshot()
        may_go_on.set()
        putting.result()
    connect_mock.restore(snapshot)

    with time_machine.travel(START + timedelta(hours=1), tick=False):
        assert connect_mock.now() == START + timedelta(hours=1)
    connect_mock.assert_contact_count(1)


def test_the_delay_of_a_forgotten_call_is_not_recorded(
    connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    request = Request(
        method="PUT",
        url=f"https://connect.us-east-1.amazonaws.com/contact/batch/{connect_instance.id}",
        headers={},
        body=b"{}",
        service="connect",
        region="us-east-1",
    )
    empty = connect_mock.snapshot()
    gone = connect_mock.handle(request)
    other = connect_mock.snapshot()
    connect_mock.restore(empty)
    assert gone is not None
    assert gone.note_delay is not None
    gone.note_delay(1.5)
    assert list(connect_mock.calls) == []
    connect_mock.restore(other)
    gone.note_delay(2.5)

    assert [call.skipped_delay for call in connect_mock.calls] == [2.5]
