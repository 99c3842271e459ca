"""Drawn valid input is accepted, and drawn invalid input is refused with the reason of the strategy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import ShapeResolver
from factories import item_for
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from older_models import needs_outbound_strategy

from connect_batchmock import Campaign, ConnectMock, Instance, outcomes
from connect_batchmock import strategies as drawn
from connect_batchmock.domain.outcome import COURSES, UNREACHED_STATUSES
from connect_batchmock.protocol.model import operation_model
from connect_batchmock.strategies.shapes import MAX_DEPTH, instances

MODELLED_REASONS: list[str] = (
    operation_model("connect", "BatchPutContact")
    .output_shape.members["FailedRequestList"]
    .member.members["FailureReasonCode"]
    .enum
)
NEVER_FOR_ONE_ITEM = {"REQUEST_THROTTLED", "INTERNAL_ERROR", "IDEMPOTENCY_EXCEPTION"}
ONE_ATTEMPT = Config(retries={"mode": "standard", "total_max_attempts": 1})


class Backend(NamedTuple):
    """A mock with its clients, which every example seeds again."""

    mock: ConnectMock
    clients: dict[str, Any]

    def begin(self, *, claims_numbers: bool = False) -> tuple[Instance, Campaign]:
        self.mock.reset()
        instance = self.mock.add_instance()
        queue = instance.add_queue()
        instance.add_queue(enabled=False)
        if claims_numbers:
            instance.add_phone_number("+15555550199")
        campaign = instance.add_campaign(queue=queue)
        campaign.start()
        return instance, campaign


@pytest.fixture(scope="module")
def backend() -> Backend:
    mock = ConnectMock()
    services = ("connect", "connectcampaigns", "connectcampaignsv2")
    return Backend(mock, {service: mock.client(service, config=ONE_ATTEMPT) for service in services})


def reasons_of(answer: Any) -> list[tuple[str | None, str]]:
    return [
        (failed.get("RequestIdentifier"), failed["FailureReasonCode"])
        for failed in answer["FailedRequestList"]
    ]


def some(strategy: Any, condition: Any) -> Any:
    """Draw until a condition is met, and do not look for the simplest that meets it."""
    return find(
        strategy, condition, settings=settings(phases=[Phase.generate], max_examples=1000, database=None)
    )


def simplest(strategy: Any, condition: Any) -> Any:
    """Return the value that hypothesis shrinks to, the same in every run."""
    exact = settings(derandomize=True, database=None, max_examples=1000)
    return find(strategy, condition, settings=exact)


# Contacts


@given(st.data(), st.booleans())
def test_every_item_of_a_drawn_batch_becomes_a_contact(
    backend: Backend, data: st.DataObject, claims_numbers: bool
) -> None:
    instance, _ = backend.begin(claims_numbers=claims_numbers)
    batch = data.draw(drawn.contact_batches(instance))

    answer = backend.clients["connect"].batch_put_contact(**batch)

    assert answer["FailedRequestList"] == []
    numbers = [item["CustomerEndpoint"]["Address"] for item in batch["ContactDataRequestList"]]
    assert [contact.customer_address for contact in instance.contacts] == numbers


@given(st.data())
def test_items_are_drawn_for_what_is_named(backend: Backend, data: st.DataObject) -> None:
    instance, campaign = backend.begin()
    instance.add_campaign()
    items = drawn.contact_data_requests(
        instance,
        queue=instance.queues[0],
        campaign=campaign,
        customer_addresses=st.sampled_from(["+15555550100", "+15555550101"]),
    )

    item = data.draw(items)

    assert item["QueueId"] == instance.queues[0].id
    assert item["Campaign"] == {"CampaignId": campaign.id}
    assert item["CustomerEndpoint"]["Address"] in ("+15555550100", "+15555550101")


@given(st.data())
def test_without_queues_an_instance_calls_from_its_numbers(backend: Backend, data: st.DataObject) -> None:
    backend.mock.reset()
    instance = backend.mock.add_instance()
    number = instance.add_phone_number("+15555550199")
    instance.add_campaign()

    batch = data.draw(drawn.contact_batches(instance))

    from_where = {item["SystemEndpoint"]["Address"] for item in batch["ContactDataRequestList"]}
    assert from_where <= {number.number, number.arn}
    assert backend.clients["connect"].batch_put_contact(**batch)["FailedRequestList"] == []

    item = data.draw(drawn.invalid_contact_data_requests(instance))
    answer = backend.clients["connect"].batch_put_contact(
        InstanceId=instance.id, ContactDataRequestList=[item]
    )
    assert [reason for _, reason in reasons_of(answer)] == [item.expected_reason]


def test_some_items_wait_in_no_queue(backend: Backend) -> None:
    instance, _ = backend.begin()
    item = some(drawn.contact_data_requests(instance), lambda item: "QueueId" not in item)
    assert "SystemEndpoint" in item


def test_items_need_a_campaign(backend: Backend) -> None:
    backend.mock.reset()
    instance = backend.mock.add_instance("acme")
    with pytest.raises(ValueError, match=r"The instance 'acme' has no campaign.* instance\.add_campaign\(\)"):
        drawn.contact_data_requests(instance)


@given(st.data(), st.booleans())
def test_an_item_that_is_nearly_valid_comes_back_with_its_reason(
    backend: Backend, data: st.DataObject, claims_numbers: bool
) -> None:
    instance, _ = backend.begin(claims_numbers=claims_numbers)
    item = data.draw(drawn.invalid_contact_data_requests(instance))

    answer = backend.clients["connect"].batch_put_contact(
        InstanceId=instance.id, ContactDataRequestList=[item]
    )

    assert reasons_of(answer) == [(item.get("RequestIdentifier"), item.expected_reason)]
    assert answer["SuccessfulRequestList"] == []


@given(st.data())
def test_a_batch_mixes_valid_and_invalid_items(backend: Backend, data: st.DataObject) -> None:
    instance, _ = backend.begin()
    items = drawn.contact_data_requests(instance) | drawn.invalid_contact_data_requests(instance)
    batch = data.draw(drawn.contact_batches(instance, items=items))

    answer = backend.clients["connect"].batch_put_contact(**batch)

    assert reasons_of(answer) == [
        (item.get("RequestIdentifier"), item.expected_reason)
        for item in batch["ContactDataRequestList"]
        if isinstance(item, drawn.InvalidValue)
    ]


@pytest.mark.parametrize("reason", sorted({*MODELLED_REASONS} - NEVER_FOR_ONE_ITEM))
def test_every_failure_reason_of_an_item_is_drawn(backend: Backend, reason: str) -> None:
    instance, _ = backend.begin()
    items = drawn.invalid_contact_data_requests(instance)
    assert some(items, lambda item: item.expected_reason == reason).expected_reason == reason


@pytest.mark.parametrize(
    "reason",
    ["a disabled queue", "an unknown queue", "a number that is not claimed", "no CampaignId"],
)
def test_seeded_state_is_used_for_invalid_items(backend: Backend, reason: str) -> None:
    instance, _ = backend.begin(claims_numbers=True)
    items = drawn.invalid_contact_data_requests(instance)
    assert some(items, lambda item: item.reason == reason).reason == reason


@given(st.data())
def test_a_batch_that_is_nearly_valid_is_refused_as_a_whole(backend: Backend, data: st.DataObject) -> None:
    instance, _ = backend.begin()
    batch = data.draw(drawn.invalid_contact_batches(instance))

    with pytest.raises(ClientError) as refused:
        backend.clients["connect"].batch_put_contact(**batch)

    assert refused.value.response["Error"]["Code"] == batch.expected_reason == "InvalidRequestException"
    assert batch.reason in refused.value.response["Error"]["Message"]
    assert not backend.mock.contacts


@pytest.mark.parametrize(
    "constraint",
    [
        "ContactDataRequestList: 26 members",
        "ContactDataRequestList[0].RequestIdentifier: length 81",
        "ContactDataRequestList[0].CustomerEndpoint.Type",
        "ContactDataRequestList[0].CustomerEndpoint.Address: length 257",
        pytest.param("ContactDataRequestList[0].OutboundStrategy.Type", marks=needs_outbound_strategy),
        "InstanceId: length 101",
    ],
)
def test_every_constraint_is_drawn_that_botocore_does_not_check(backend: Backend, constraint: str) -> None:
    instance, _ = backend.begin()
    batches = drawn.invalid_contact_batches(instance)
    assert some(batches, lambda batch: constraint in batch.reason).reason.startswith(constraint)


# Dial requests


@given(st.data())
def test_every_drawn_dial_request_is_taken(backend: Backend, data: st.DataObject) -> None:
    _, campaign = backend.begin()
    batch = data.draw(drawn.dial_batches(backend.mock, campaign))

    answer = backend.clients["connectcampaigns"].put_dial_request_batch(**batch)

    assert answer["failedRequests"] == []
    numbers = [request["phoneNumber"] for request in batch["dialRequests"]]
    assert [contact.customer_address for contact in campaign.contacts] == numbers


@given(st.data())
def test_an_invalid_dial_request_fails_with_its_code(backend: Backend, data: st.DataObject) -> None:
    _, campaign = backend.begin()
    items = drawn.dial_requests(backend.mock) | drawn.invalid_dial_requests(backend.mock)
    batch = data.draw(drawn.dial_batches(backend.mock, campaign, items=items))

    answer = backend.clients["connectcampaigns"].put_dial_request_batch(**batch)

    assert [(request["clientToken"], request["failureCode"]) for request in answer["failedRequests"]] == [
        (request["clientToken"], request.expected_reason)
        for request in batch["dialRequests"]
        if isinstance(request, drawn.InvalidValue)
    ]


@given(st.data(), st.booleans())
def test_every_drawn_outbound_request_is_taken(
    backend: Backend, data: st.DataObject, claims_numbers: bool
) -> None:
    _, campaign = backend.begin(claims_numbers=claims_numbers)
    batch = data.draw(drawn.outbound_batches(backend.mock, campaign))

    answer = backend.clients["connectcampaignsv2"].put_outbound_request_batch(**batch)

    assert answer["failedRequests"] == []
    calls = [request["channelSubtypeParameters"]["telephony"] for request in batch["outboundRequests"]]
    numbers = [call["destinationPhoneNumber"] for call in calls]
    assert [contact.customer_address for contact in campaign.contacts] == numbers


@given(st.data())
def test_an_invalid_outbound_request_fails_with_its_code(backend: Backend, data: st.DataObject) -> None:
    _, campaign = backend.begin()
    valid = drawn.outbound_requests(backend.mock, campaign)
    items = valid | drawn.invalid_outbound_requests(backend.mock, campaign)
    batch = data.draw(drawn.outbound_batches(backend.mock, campaign, items=items))

    answer = backend.clients["connectcampaignsv2"].put_outbound_request_batch(**batch)

    assert [(request["clientToken"], request["failureCode"]) for request in answer["failedRequests"]] == [
        (request["clientToken"], request.expected_reason)
        for request in batch["outboundRequests"]
        if isinstance(request, drawn.InvalidValue)
    ]


def test_outbound_requests_need_a_campaign_of_the_mock(backend: Backend) -> None:
    _, campaign = backend.begin()
    campaign.delete()
    backend.mock.add_instance()
    with pytest.raises(ValueError, match=f"The mock has no campaign '{campaign.name}'"):
        drawn.outbound_requests(backend.mock, campaign)


# Faults


def attempt(backend: Backend, instance: Instance, campaign: Campaign) -> bool:
    """Call BatchPutContact once, and say whether it was answered and nothing in it failed."""
    item = item_for(instance.queues[0], campaign)
    try:
        answer = backend.clients["connect"].batch_put_contact(
            InstanceId=instance.id, ContactDataRequestList=[item]
        )
    except (BotoCoreError, ClientError):
        return False
    return not answer["FailedRequestList"]


@given(
    drawn.fault_schedules(
        drawn.transient_faults("BatchPutContact") | drawn.permanent_faults("BatchPutContact")
    )
)
def test_a_schedule_happens_as_often_as_it_says_and_then_is_over(
    backend: Backend, schedule: drawn.FaultSchedule
) -> None:
    instance, campaign = backend.begin()
    schedule.apply(backend.mock)

    attempts = [attempt(backend, instance, campaign) for _ in range(3 * 5 + 1)]

    # An item is refused while its call meets a fault of the network.
    harmed = sum(fault.times for fault in schedule.faults)
    assert attempts[harmed:] == [True] * (16 - harmed)
    assert attempts[0] is not bool(schedule.faults)
    backend.mock.assert_no_pending_faults()


@given(drawn.fault_schedules())
def test_a_schedule_reads_as_the_calls_that_plan_it(backend: Backend, schedule: drawn.FaultSchedule) -> None:
    backend.begin()
    schedule.apply(backend.mock)
    text = repr(schedule)

    backend.mock.reset()
    planned = eval(text.removeprefix("FaultSchedule"), {"connect_mock": backend.mock})

    assert planned == [None] * len(schedule.faults)
    if schedule.faults:
        with pytest.raises(AssertionError) as left_over:
            backend.mock.assert_no_pending_faults()
        assert all(repr(fault) in str(left_over.value) for fault in schedule.faults)


@given(st.data(), st.sampled_from(["StartCampaign", "PutOutboundRequestBatch", "DescribeContact"]))
def test_schedules_are_drawn_for_any_operation_with_a_fake(
    backend: Backend, data: st.DataObject, operation: str
) -> None:
    backend.begin()
    faults = drawn.transient_faults(operation) | drawn.permanent_faults(operation)
    schedule = data.draw(drawn.fault_schedules(faults, max_size=3))
    assert len(schedule.faults) <= 3
    assert all(
        f"'{operation}'" in repr(fault) or "reject_requests" in repr(fault) for fault in schedule.faults
    )
    schedule.apply(backend.mock)


@pytest.mark.parametrize(
    ("strategy", "operation", "method", "reason"),
    [
        (drawn.transient_faults, "BatchPutContact", "reject_contacts", "REQUEST_THROTTLED"),
        (drawn.permanent_faults, "BatchPutContact", "reject_contacts", "INVALID_QUEUE"),
        (drawn.transient_faults, "PutDialRequestBatch", "reject_requests", "UnknownError"),
        (drawn.transient_faults, "PutOutboundRequestBatch", "reject_requests", "BufferLimitExceeded"),
        (drawn.permanent_faults, "PutProfileOutboundRequestBatch", "reject_requests", "Conflict"),
    ],
)
def test_items_of_every_batch_fail_with_reasons_of_their_own(
    strategy: Any, operation: str, method: str, reason: str
) -> None:
    fault = simplest(strategy(operation), lambda one: one.arguments == (reason,))
    assert repr(fault) == f"connect_mock.{method}({reason!r}, times=1)"


@pytest.mark.parametrize("strategy", [drawn.transient_faults, drawn.permanent_faults])
def test_a_fault_strategy_needs_a_known_operation(strategy: Any) -> None:
    with pytest.raises(ValueError, match="BatchPutContacts"):
        strategy("BatchPutContacts")


# Outcomes


@given(st.data(), st.lists(drawn.dial_outcomes(), max_size=5))
def test_every_drawn_outcome_is_one_that_a_contact_can_have(
    backend: Backend, data: st.DataObject, policy: list[Any]
) -> None:
    instance, _ = backend.begin()
    instance.queues[0].add_agents(2)
    backend.mock.on_dial(policy)
    batch = data.draw(drawn.contact_batches(instance))
    backend.clients["connect"].batch_put_contact(**batch)

    backend.mock.advance(25 * 3 * 1200 + 1)

    assert {contact.state for contact in backend.mock.contacts} == {"COMPLETED"}


@pytest.mark.parametrize("course", ["not_ringing", "unanswered", "connected"])
@pytest.mark.parametrize("is_heard", [True, False])
def test_every_course_is_drawn_with_and_without_a_status(course: str, is_heard: bool) -> None:
    outcome = some(
        drawn.dial_outcomes(),
        lambda outcome: outcome.course == course and (outcome.detected in UNREACHED_STATUSES) == is_heard,
    )
    assert outcome.course == course


def test_endings_that_only_failed_makes_are_drawn() -> None:
    of_their_own = {None, "TELECOM_BUSY", "TELECOM_UNANSWERED", "TELECOM_NUMBER_INVALID"}
    outcome = some(drawn.dial_outcomes(), lambda outcome: outcome.disconnect_reason not in of_their_own)
    assert COURSES[outcome.disconnect_reason] == outcome.course


# Shrinking


def test_the_simplest_item_has_what_it_cannot_do_without(backend: Backend) -> None:
    instance, campaign = backend.begin()
    assert simplest(drawn.contact_data_requests(instance), lambda item: True) == {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15550000000"},
        "QueueId": instance.queues[0].id,
        "Campaign": {"CampaignId": campaign.id},
    }


def test_a_batch_is_shrunk_to_the_items_that_matter(backend: Backend) -> None:
    instance, _ = backend.begin()
    batch = simplest(
        drawn.contact_batches(instance),
        lambda batch: any(item.get("Attributes") for item in batch["ContactDataRequestList"]),
    )
    (item,) = batch["ContactDataRequestList"]
    assert list(item) == ["CustomerEndpoint", "QueueId", "Attributes", "Campaign"]
    assert len(item["Attributes"]) == 1


def test_a_fault_schedule_shrinks_to_empty_then_one_fault() -> None:
    assert repr(simplest(drawn.fault_schedules(), lambda schedule: True)) == "FaultSchedule([])"
    loses = simplest(drawn.fault_schedules(), lambda schedule: "lose_response" in repr(schedule))
    assert repr(loses) == "FaultSchedule([connect_mock.lose_response('BatchPutContact', times=1)])"


def test_an_outcome_shrinks_to_an_immediate_answer() -> None:
    at_once = outcomes.answered(ring=0, talk=0, preview=0, after_contact_work=0)
    assert simplest(drawn.dial_outcomes(), lambda outcome: True) == at_once


def test_an_invalid_item_shows_its_reason(backend: Backend) -> None:
    instance, campaign = backend.begin()
    items = drawn.invalid_contact_data_requests(instance)
    item = simplest(items, lambda item: item.expected_reason == "MISSING_CUSTOMER_ENDPOINT")
    members = {"QueueId": instance.queues[0].id, "Campaign": {"CampaignId": campaign.id}}
    assert repr(item) == f"InvalidValue({members!r}, 'MISSING_CUSTOMER_ENDPOINT', 'no CustomerEndpoint')"


def test_seeded_objects_have_their_usual_repr(backend: Backend) -> None:
    instance, campaign = backend.begin()
    shown = [repr(st.just(one)) for one in (instance, instance.queues[0], campaign)]
    assert shown == [f"just({one!r})" for one in (instance, instance.queues[0], campaign)]


# Without hypothesis


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_without_hypothesis_the_strategies_say_what_to_install(tmp_path: Path) -> None:
    code = """
import sys
sys.modules["hypothesis"] = None
import connect_batchmock
try:
    import connect_batchmock.strategies
except ImportError as error:
    print(error)
"""
    assert run(code, tmp_path) == (
        "connect_batchmock.strategies needs hypothesis, which is not installed. Install it with the "
        "extra: python -m pip install 'connect-batchmock[hypothesis]'"
    )


def test_a_mock_does_not_load_hypothesis(tmp_path: Path) -> None:
    code = """
import sys
from connect_batchmock import mock_connect
with mock_connect() as mock:
    mock.add_instance()
print("hypothesis" in sys.modules)
"""
    assert run(code, tmp_path) == "False"


def depth_of(value: Any) -> int:
    return 1 + depth_of(value["Child"]) if "Child" in value else 0


def test_a_union_that_contains_itself_comes_to_an_end() -> None:
    shapes = {
        "Node": {
            "type": "structure",
            "union": True,
            "members": {"Leaf": {"shape": "Text"}, "Child": {"shape": "Node"}},
        },
        "Text": {"type": "string"},
    }
    node = ShapeResolver(shapes).get_shape_by_name("Node")
    deep = find(instances(node), lambda value: depth_of(value) >= MAX_DEPTH)
    assert depth_of(deep) == MAX_DEPTH
