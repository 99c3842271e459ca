"""The messages of failed assertions, as whole blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from textwrap import dedent
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from dirty_equals import AnyThing, IsInt
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Queue, mock_connect
from connect_batchmock.engine.faults import PlanError


def reported(assertion: Callable[..., object], *args: Any, **criteria: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        assertion(*args, **criteria)
    return str(caught.value)


def block(text: str) -> str:
    return dedent(text).strip("\n")


def customer(address: str) -> dict[str, str]:
    return {"Type": "TELEPHONE_NUMBER", "Address": address}


@pytest.fixture
def two(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> ConnectMock:
    put(
        an_item(RequestIdentifier="lead-1", Attributes={"lead": "1", "language": "de"}),
        an_item(CustomerEndpoint=customer("+15555550101"), Attributes={"lead": "2", "language": "de"}),
    )
    return connect_mock


# The nearest


def test_values_of_different_paths_stand_one_under_the_other(two: ConnectMock) -> None:
    message = reported(two.assert_contact_created, attributes={"lead": "3", "vip": "yes"}, state="QUEUED")
    assert message == block("""
        No contact with attributes={'lead': '3', 'vip': 'yes'}, state='QUEUED'.

        The nearest is number 1:
            attributes.lead  wanted '3'       is '1'
            attributes.vip   wanted 'yes'     is absent
            state            wanted 'QUEUED'  is 'INITIATED'

        If number 1 is the one you mean, correct the criteria;
        connect_mock.describe_contact('29bec755-c35b-4cab-a403-21480ebe84b2') shows what happened
        to it.

        2 contacts in all:
          1. +15555550100, campaign 'Campaign 1', queue 'Queue 1', request 'lead-1', attributes
                 {'lead': '1', 'language': 'de'}
          2. +15555550101, campaign 'Campaign 1', queue 'Queue 1', attributes {'lead': '2',
                 'language': 'de'}
    """)


def test_long_values_are_cut_around_the_place_where_they_differ(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(Attributes={"note": "a" * 200 + "right" + "b" * 200, "lead": "7"}))
    wanted = {"note": "a" * 200 + "wrong" + "b" * 200, "lead": "8"}
    message = reported(connect_mock.contacts.one, attributes=wanted)
    assert message == block("""
        No contact with attributes={'note':
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa…bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'lead': '8'}.

        The nearest is number 1:
            attributes.note
                wanted …aaaaaaaaaaaaaaaaaaaawrongbbbbbbbb…bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'
                is     …aaaaaaaaaaaaaaaaaaaarightbbbbbbbb…bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'
            attributes.lead  wanted '8'  is '7'

        If number 1 is the one you mean, correct the criteria;
        connect_mock.describe_contact('29bec755-c35b-4cab-a403-21480ebe84b2') shows what happened
        to it.

        1 contact in all:
          1. +15555550100, campaign 'Campaign 1', queue 'Queue 1', attributes {'note':
                 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa…bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'lead': '7'}
    """)


def test_long_values_that_differ_early_are_cut_in_the_middle(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(Attributes={"note": "short"}))
    message = reported(connect_mock.contacts.one, attributes={"note": "begin " + "-" * 200 + " end"})
    assert "\n        wanted 'begin ----" in message
    assert "---- end'\n        is     'short'\n" in message


def test_a_long_value_that_is_absent_stands_in_lines_of_its_own(two: ConnectMock) -> None:
    message = reported(two.contacts.one, attributes={"note": "x" * 80})
    assert "    attributes.note\n        wanted 'xxx" in message
    assert "xxx'\n        is     absent\n" in message


def test_more_paths_than_can_be_read_are_counted(two: ConnectMock) -> None:
    message = reported(two.contacts.one, attributes={f"key-{number:02}": "x" for number in range(15)})
    assert "    attributes.key-11  wanted 'x'  is absent\n    and 3 more\n\n" in message


def test_the_nearest_contact_is_the_most_similar(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(*[an_item(CustomerEndpoint=customer(f"+1{number}5550100")) for number in (212, 555, 718)])
    message = reported(connect_mock.contacts.one, customer_address="+15555550109")
    assert (
        "The nearest is number 2:\n    customer_address  wanted '+15555550109'  is '+15555550100'\n"
        in message
    )


def test_one_difference_is_nearer_than_two_small_ones(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(
        an_item(Attributes={"a": "x1", "b": "x1", "c": "x1"}),
        an_item(Attributes={"a": "other", "b": "x2", "c": "x2"}),
    )
    message = reported(connect_mock.contacts.one, attributes={"a": "x2", "b": "x2", "c": "x2"})
    assert "The nearest is number 2:" in message


def test_long_lists_are_cut_and_show_the_nearest(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    for batch in range(4):
        put(*[an_item(CustomerEndpoint=customer(f"+15555550{batch}{n:02}")) for n in range(25)])
    lines = reported(connect_mock.contacts.one, customer_address="+1555555035").splitlines()
    start = lines.index("100 contacts in all:")
    assert lines[start + 19] == "  19. +15555550018, campaign 'Campaign 1', queue 'Queue 1', attributes {}"
    nearest = next(line for line in lines if line.startswith("The nearest is number "))
    number = nearest.removeprefix("The nearest is number ").rstrip(":")
    assert lines[start + 20] == f"      and {int(number) - 20} more"
    assert lines[start + 21].startswith(f"  {number}. +15555550")
    assert lines[start + 22 :] == [f"      and {100 - int(number)} more"]


def test_a_list_of_items_is_compared_item_by_item(two: ConnectMock) -> None:
    items = [{"RequestIdentifier": "lead-1"}, {"RequestIdentifier": AnyThing}, {"RequestIdentifier": "x"}]
    message = reported(two.assert_called, "BatchPutContact", ContactDataRequestList=items)
    path = "parameters.ContactDataRequestList"
    assert f"    {path}[1].RequestIdentifier\n        wanted AnyThing\n        is     absent\n" in message
    assert f"    {path}[2]\n        wanted {{'RequestIdentifier': 'x'}}\n        is     absent\n" in message


def test_more_items_than_wanted_are_a_difference(two: ConnectMock) -> None:
    message = reported(two.assert_called, "BatchPutContact", ContactDataRequestList=[{}])
    assert "    parameters.ContactDataRequestList[1]\n        wanted nothing\n        is     {" in message


# Advice


@pytest.mark.parametrize(
    ("criteria", "advice"),
    [
        ({"attributes": {"lead": 1}}, "attributes.lead is a str and the criterion an int: compare with '1'."),
        (
            {"customer_address": "15555550100"},
            "customer_address is the same number in E.164 format: compare with '+15555550100'.",
        ),
        (
            {"customer_address": "(555) 555-0100"},
            "customer_address is the same number in E.164 format: compare with '+15555550100'.",
        ),
        (
            {"attributes": {"language": " DE"}},
            "attributes.language differs only in case or in surrounding spaces: compare with 'de'.",
        ),
        (
            {"created_at": datetime(2026, 1, 1)},
            "created_at has a time zone and the criterion has none: add tzinfo=timezone.utc.",
        ),
        (
            {"state": "COMPLETED", "disconnect_reason": "CUSTOMER_DISCONNECT"},
            "It waits for an agent of queue 'Queue 1', which has no agents: add_agents(count) of the\n"
            "queue adds some.",
        ),
    ],
)
def test_a_near_miss_is_explained(two: ConnectMock, criteria: dict[str, Any], advice: str) -> None:
    assert advice in reported(two.contacts.one, **criteria).split("\n\n")


def test_an_arn_in_the_place_of_an_id_is_explained(two: ConnectMock, connect_queue: Queue) -> None:
    message = reported(two.contacts.one, queue=connect_queue.arn)
    advice = f"queue is an id and the criterion an ARN: compare with {connect_queue.id!r}."
    assert advice in " ".join(message.split())


@pytest.mark.parametrize(
    "criteria",
    [
        {"customer_address": "+1555555"},
        {"customer_address": "5550100x"},
        {"attributes": {"lead": "+15555550199"}},
        {"attributes": {"lead": IsInt}},
        {"created_at": datetime(2026, 1, 1, tzinfo=timezone.utc)},
        {"request_identifier": 1, "attributes": {"lead": "0"}},
    ],
)
def test_other_values_are_not_called_near_misses(two: ConnectMock, criteria: dict[str, Any]) -> None:
    message = reported(two.contacts.where(request_identifier="lead-1").one, **criteria)
    assert "compare with" not in message
    assert "add tzinfo" not in message


def test_a_key_in_another_spelling_is_pointed_at(two: ConnectMock) -> None:
    message = reported(two.contacts.one, attributes={"Lead": "1"})
    assert "    attributes.Lead  wanted '1'  is absent (did you mean 'lead'?)\n" in message


def test_a_failed_item_is_reported_with_its_reason(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_queue: Queue
) -> None:
    put(
        an_item(RequestIdentifier="lead-1", QueueId="gone"),
        an_item(CustomerEndpoint=customer("+15555550101")),
    )
    message = reported(connect_mock.assert_contact_created, customer_address="+15555550100")
    assert message == block("""
        No contact with customer_address='+15555550100'.

        The item failed with INVALID_QUEUE in call 1: The queue 'gone' is unknown in this
        instance.

        The nearest is number 1:
            customer_address  wanted '+15555550100'  is '+15555550101'

        1 contact in all:
          1. +15555550101, campaign 'Campaign 1', queue 'Queue 1', attributes {}
    """)


def test_several_items_that_came_back_failed_are_counted(
    connect_mock: ConnectMock,
    put: Put,
    an_item: AnItem,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", message="Slow down.")
    put(an_item(Attributes={"lead": "1"}), an_item())
    put(an_item(CustomerEndpoint=customer("+15555550101")), {})
    criteria = {"instance": connect_instance, "queue": connect_queue, "campaign": connect_campaign.id}
    slow_down = "REQUEST_THROTTLED in call {}: Slow down."
    because = (
        f"3 items failed: +15555550100 ({slow_down.format(1)}), "
        f"+15555550100 ({slow_down.format(1)}), +15555550101 ({slow_down.format(2)})"
    )
    assert because in " ".join(reported(connect_mock.contacts.one, **criteria).split())
    assert because in " ".join(reported(connect_mock.assert_contact_count, 1, **criteria).split())
    because = "The item failed with REQUEST_THROTTLED in call 1: Slow down.\n"
    assert because in reported(connect_mock.contacts.where(queue=connect_queue).one, attributes={"lead": "1"})


def test_a_failed_item_of_another_contact_is_not_reported(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(QueueId="gone"), an_item(CustomerEndpoint=customer("+15555550101")))
    for criteria in ({"customer_address": "+15555550199"}, {"state": "QUEUED"}):
        assert "failed" not in reported(connect_mock.contacts.one, **criteria)


def test_a_mock_without_calls_says_so(connect_mock: ConnectMock) -> None:
    nobody = block("""
        The mock has answered no API call. Check that the code under test runs, in this process,
        and with a client that no other mock made.
    """)
    assert (
        reported(connect_mock.assert_contact_created) == f"No contact.\n\n{nobody}\n\nThere are no contacts."
    )
    called = reported(connect_mock.assert_called, "BatchPutContact")
    assert called == f"No call of BatchPutContact.\n\n{nobody}\n\nThere are no calls."


def test_failed_calls_explain_missing_contacts(connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
    connect_mock.fail("BatchPutContact", "AccessDeniedException", times=2, message="Not you.")
    with pytest.raises(ClientError):
        put(an_item())
    reason = "The only API call failed with AccessDeniedException: Not you."
    message = f"No contact.\n\n{reason}\n\nThere are no contacts."
    assert reported(connect_mock.contacts.one) == message
    with pytest.raises(ClientError):
        put(an_item())
    assert "\n\nAll 2 API calls failed, the last with AccessDeniedException: Not you.\n\n" in reported(
        connect_mock.contacts.one
    )


def test_calls_of_which_one_was_answered_are_no_reason(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, connect_client: Any, connect_instance: Instance
) -> None:
    connect_client.list_queues(InstanceId=connect_instance.id)
    assert reported(connect_mock.contacts.one) == "No contact.\n\nThere are no contacts."
    connect_mock.fail("BatchPutContact", "AccessDeniedException")
    with pytest.raises(ClientError):
        put(an_item())
    assert reported(connect_mock.contacts.one) == "No contact.\n\nThere are no contacts."


def test_pending_events_and_records_need_the_clock(two: ConnectMock, connect_queue: Queue) -> None:
    connect_queue.add_agents(2)
    two.advance(0)
    assert reported(two.contact_records.one) == block("""
        No contact record.

        A contact gets its record when it ends: connect_mock.advance(seconds) advances the mock's
        clock.

        There are no contact records.
    """)
    two.reset()
    assert "Contact events come with the mock's clock" in reported(two.events.one)


def test_a_missing_event_shows_the_nearest(two: ConnectMock) -> None:
    message = reported(two.events.one, eventType="COMPLETED", contactId=two.contacts[0].id)
    assert message.startswith("No event with eventType='COMPLETED',\n    contactId=")
    assert "The nearest is number 1:\n    eventType  wanted 'COMPLETED'  is 'INITIATED'\n" in message


# How many


def test_too_few_matches_are_marked_with_the_nearest_other(two: ConnectMock) -> None:
    assert reported(two.assert_contact_count, 2, attributes={"lead": "1"}) == block("""
        1 contact with attributes={'lead': '1'}, where 2 are expected.

        The nearest of the others is number 2:
            attributes.lead  wanted '1'  is '2'

        If number 2 is the one you mean, correct the criteria;
        connect_mock.describe_contact('03410dfb-cdf6-4490-a6a4-f5f67859e950') shows what happened
        to it.

        2 contacts in all; * marks those that match:
        * 1. +15555550100, campaign 'Campaign 1', queue 'Queue 1', request 'lead-1', attributes
                 {'lead': '1', 'language': 'de'}
          2. +15555550101, campaign 'Campaign 1', queue 'Queue 1', attributes {'lead': '2',
                 'language': 'de'}
    """)


def test_too_few_of_all_there_are_have_no_nearest(two: ConnectMock) -> None:
    message = reported(two.assert_contact_count, 3)
    assert message.startswith("2 contacts, where 3 are expected.\n\n2 contacts in all:\n  1. ")


def test_too_many_matches_are_compared(two: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item(CustomerEndpoint=customer("+15555550102")))
    message = reported(two.assert_contact_count, 1, attributes={"language": "de"})
    assert message == block("""
        2 contacts with attributes={'language': 'de'}, where 1 is expected.

        They differ in attributes, request_identifier, customer_address: add one of these to the
        criteria, or use where().

        3 contacts in all; * marks those that match:
        * 1. +15555550100, campaign 'Campaign 1', queue 'Queue 1', request 'lead-1', attributes
                 {'lead': '1', 'language': 'de'}
        * 2. +15555550101, campaign 'Campaign 1', queue 'Queue 1', attributes {'lead': '2',
                 'language': 'de'}
          3. +15555550102, campaign 'Campaign 1', queue 'Queue 1', attributes {}
    """)


def test_contacts_that_are_alike_may_have_been_sent_twice(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    put(an_item())
    advice = "All that was sent is equal: check whether it was sent twice, or use where()."
    assert advice in reported(connect_mock.contacts.one).split("\n\n")


def test_unwanted_contacts_are_listed_with_their_calls(two: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item(CustomerEndpoint=customer("+15555550102")))
    assert reported(two.assert_no_contacts, customer_address="+15555550102") == block("""
        1 contact with customer_address='+15555550102', where none is expected.

        Created by call 2; connect_mock.calls shows what was sent.

        3 contacts in all; * marks those that match:
          1. +15555550100, campaign 'Campaign 1', queue 'Queue 1', request 'lead-1', attributes
                 {'lead': '1', 'language': 'de'}
          2. +15555550101, campaign 'Campaign 1', queue 'Queue 1', attributes {'lead': '2',
                 'language': 'de'}
        * 3. +15555550102, campaign 'Campaign 1', queue 'Queue 1', attributes {}
    """)
    for _ in range(11):
        put(an_item())
    assert "Created by calls 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 3 more; " in reported(two.assert_no_contacts)


# Calls


def test_a_call_with_other_parameters_shows_the_nearest(two: ConnectMock) -> None:
    assert reported(two.assert_called, "BatchPutContact", InstanceID="x", ClientToken=AnyThing) == block("""
        No call of BatchPutContact with InstanceID='x', ClientToken=AnyThing.

        The nearest is number 1:
            parameters.InstanceID  wanted 'x'  is absent (did you mean 'InstanceId'?)

        If number 1 is the one you mean, correct the criteria.

        1 call in all:
          1. BatchPutContact in us-east-1: 2 created, 0 failed
    """)


def test_attempts_that_were_counted_as_calls_are_explained(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.fail("BatchPutContact", "InternalServiceException", message="Not now.")
    put(an_item())
    put(an_item(CustomerEndpoint=customer("+15555550101")))
    assert reported(connect_mock.assert_called, "BatchPutContact", times=2) == block("""
        3 calls of BatchPutContact, where 2 are expected.

        Each attempt counts, and botocore retries calls that fail: these are attempts of 2 calls.

        3 calls in all:
          1. BatchPutContact in us-east-1: InternalServiceException: Not now.
          2. BatchPutContact in us-east-1 (attempt 2): 1 created, 0 failed
          3. BatchPutContact in us-east-1: 1 created, 0 failed
    """)


# The story of the calls


@pytest.fixture
def still() -> Any:
    time_machine = pytest.importorskip("time_machine")
    with time_machine.travel(datetime(2026, 1, 5, 9, tzinfo=timezone.utc), tick=False) as clock:
        yield clock


def test_the_story_without_calls_says_so(connect_mock: ConnectMock) -> None:
    assert connect_mock.describe_calls().startswith("The mock has answered no API call. ")


def test_the_story_groups_attempts_with_their_faults(
    still: Any, connect_mock: ConnectMock, connect_instance: Instance, make_client: Any, an_item: AnItem
) -> None:
    client = make_client(config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    connect_mock.fail("BatchPutContact", "InternalServiceException", message="Not now.")
    connect_mock.lose_response("BatchPutContact")
    connect_mock.reject_contacts(
        "REQUEST_THROTTLED", when={"RequestIdentifier": "lead-8"}, message="Slow down."
    )
    batch = {"InstanceId": connect_instance.id, "ClientToken": "a"}
    client.batch_put_contact(
        **batch, ContactDataRequestList=[an_item(), an_item(RequestIdentifier="lead-8"), {}]
    )
    still.shift(3725)
    client.list_queues(InstanceId=connect_instance.id)
    lines = connect_mock.describe_calls().splitlines()
    waits = [line for line in lines if "skipped a retry delay of " in line]
    assert len(waits) == 2
    assert "\n".join(line for line in lines if line not in waits) == block("""
        2 calls, 4 attempts, 1 contact, 2 failed items, since 2026-01-05 09:00:00 UTC

          1. BatchPutContact in us-east-1, +0.0 s: 3 attempts
               as the campaigns service principal: production denies this call to customers
               1. InternalServiceException: Not now.
                    fault: connect_mock.fail('BatchPutContact', 'InternalServiceException',
                        message='Not now.', times=1)
               2. ReadTimeoutError (1 created, 2 failed): The response was lost: the request was
                      carried out.
                    lead-8: REQUEST_THROTTLED: Slow down.
                    an item without RequestIdentifier: MISSING_CUSTOMER_ENDPOINT: CustomerEndpoint
                        is missing; give the phone number of the customer.
                    fault: connect_mock.reject_contacts('REQUEST_THROTTLED',
                        when={'RequestIdentifier': 'lead-8'}, message='Slow down.', times=None)
                    fault: connect_mock.lose_response('BatchPutContact', times=1)
               3. 1 created, 2 failed
                    lead-8: REQUEST_THROTTLED
                    an item without RequestIdentifier: MISSING_CUSTOMER_ENDPOINT
          4. ListQueues in us-east-1, +1:02:05 h: answered
    """)


def test_the_story_of_many_calls_shows_the_first_and_the_last(
    still: Any, connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance
) -> None:
    for number in range(1000):
        connect_client.list_queues(InstanceId=connect_instance.id)
        still.shift(-90 if number == 998 else 0)
    assert connect_mock.describe_calls(5) == block("""
        1,000 calls, 1,000 attempts, 0 contacts, 0 failed items, since 2026-01-05 09:00:00 UTC

           1. ListQueues in us-east-1, +0.0 s: answered
           2. ListQueues in us-east-1, +0.0 s: answered
           3. ListQueues in us-east-1, +0.0 s: answered
              … 995 more calls …
         999. ListQueues in us-east-1, +0.0 s: answered
        1000. ListQueues in us-east-1, -0:01:30 h: answered
    """)


def test_failed_items_are_put_together_by_their_reason(
    still: Any, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    numbers = [an_item(QueueId="gone", CustomerEndpoint=customer(f"+155555501{n:02}")) for n in range(7)]
    put(*numbers, an_item(RequestIdentifier="lead-9", Campaign={}))
    assert connect_mock.describe_calls() == block("""
        1 call, 1 attempt, 0 contacts, 8 failed items, since 2026-01-05 09:00:00 UTC

          1. BatchPutContact in us-east-1, +0.0 s: 0 created, 8 failed
               as the campaigns service principal: production denies this call to customers
               +15555550100, +15555550101, +15555550102, +15555550103, +15555550104, 2 more:
                   INVALID_QUEUE: The queue 'gone' is unknown in this instance.
               lead-9: MISSING_CAMPAIGN: Campaign.CampaignId is missing; give the id of a campaign
                   of this instance.
    """)


def test_the_calls_of_the_campaign_service_are_marked(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_campaign: Campaign,
    connectcampaigns_client: Any,
) -> None:
    connect_campaign.start()
    request = {
        "clientToken": "one",
        "phoneNumber": "+15555550100",
        "expirationTime": connect_mock.now() + timedelta(minutes=10),
        "attributes": {"lead": "1"},
    }
    connectcampaigns_client.put_dial_request_batch(
        id=connect_campaign.id, dialRequests=[request, {**request, "clientToken": "two", "phoneNumber": "5"}]
    )
    story = connect_mock.describe_calls()
    assert " BatchPutContact in us-east-1, +0.0 s, by the campaign service: 1 created, 0 failed\n" in story
    assert (
        " PutDialRequestBatch in us-east-1, +0.0 s: 1 succeeded, 1 failed\n       two: InvalidInput" in story
    )


def test_a_throttled_call_names_the_limit_it_exceeded(
    connect_mock: ConnectMock, make_client: Any, connect_instance: Instance
) -> None:
    client = make_client(config=Config(retries={"total_max_attempts": 1}))
    connect_mock.limit_rate("ListQueues", per_second=1, burst=1)
    client.list_queues(InstanceId=connect_instance.id)
    with pytest.raises(ClientError):
        client.list_queues(InstanceId=connect_instance.id)
    plan = "connect_mock.limit_rate('ListQueues', per_second=1, burst=1)"
    assert [call.faults for call in connect_mock.calls] == [(), (plan,)]
    assert connect_mock.calls.one(faults=(plan,)).error == "ThrottlingException"


@pytest.mark.connect_mock(strict=False)
def test_a_fault_is_reported_for_its_own_call_only(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.reject_contacts("INTERNAL_ERROR", when={"RequestIdentifier": "a"})
    connect_mock.reject_contacts("INTERNAL_ERROR", when=lambda item: item["Name"])
    with pytest.raises(PlanError, match="raised KeyError"):
        put(an_item(RequestIdentifier="a"), an_item())
    connect_mock.fail("BatchPutContact", "AccessDeniedException")
    with pytest.raises(ClientError):
        put(an_item())
    assert [(call.error, len(call.faults)) for call in connect_mock.calls] == [
        ("PlanError", 1),
        ("AccessDeniedException", 1),
    ]


def test_the_story_works_after_the_mock_has_stopped() -> None:
    with mock_connect() as mock:
        client = mock.client()
        client.list_instances()
    assert "ListInstances" in mock.describe_calls()


def test_contacts_of_an_instance_fail_without_a_story(two: ConnectMock, connect_instance: Instance) -> None:
    message = reported(connect_instance.contacts.one, customer_address="+15555550102")
    assert message.startswith("No contact with customer_address='+15555550102'.\n\nThe nearest is number ")
    assert isinstance(connect_instance.contacts[0], Contact)
