"""Dial requests: a campaign accepts them one by one and creates their contacts."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, outcomes
from connect_batchmock.engine.faults import PlanError
from connect_batchmock.protocol.model import operation_model

Request = dict[str, Any]
Ask = Callable[..., dict[str, Any]]
ARequest = Callable[..., Request]
In = Callable[[float], datetime]
DAY = 24 * 60 * 60
_tokens = itertools.count(1)


@pytest.fixture
def campaign(connect_queue: Queue, connect_campaign: Campaign) -> Campaign:
    """A campaign that runs, with two agents."""
    connect_queue.add_agents(2)
    connect_campaign.start()
    return connect_campaign


@pytest.fixture
def in_(connect_mock: ConnectMock) -> In:
    """Return a time so many seconds from now."""
    return lambda seconds: connect_mock.now() + timedelta(seconds=seconds)


@pytest.fixture
def a_request(in_: In) -> ARequest:
    """Make a request of version 1 that can be taken; a keyword replaces a member."""

    def make(**changes: Any) -> Request:
        number = next(_tokens)
        return {
            "clientToken": f"token-{number}",
            "phoneNumber": f"+1555{number:07}",
            "expirationTime": in_(600),
            "attributes": {"lead": str(number)},
            **changes,
        }

    return make


@pytest.fixture
def ask(connectcampaigns_client: Any) -> Ask:
    """Put requests of version 1."""

    def put(campaign: Campaign, *requests: Request) -> dict[str, Any]:
        answer: dict[str, Any] = connectcampaigns_client.put_dial_request_batch(
            id=campaign.id, dialRequests=list(requests)
        )
        return answer

    return put


@pytest.fixture
def ask_v2(connectcampaignsv2_client: Any, a_request: ARequest) -> Ask:
    """Put requests of version 2: the parameters of the channel replace those of a call that can be taken."""

    def put(
        campaign: Campaign, *wanted: dict[str, Any], channel: str = "telephony", **changes: Any
    ) -> dict[str, Any]:
        requests = []
        for member in wanted:
            plain = a_request(**changes)
            call = {"destinationPhoneNumber": plain["phoneNumber"], "attributes": plain["attributes"]}
            parameters = call | member if channel == "telephony" else member
            requests.append(
                {
                    "clientToken": plain["clientToken"],
                    "expirationTime": plain["expirationTime"],
                    "channelSubtypeParameters": {channel: parameters},
                }
            )
        answer: dict[str, Any] = connectcampaignsv2_client.put_outbound_request_batch(
            id=campaign.id, outboundRequests=requests
        )
        return answer

    return put


@pytest.fixture
def ask_by_profile(connectcampaignsv2_client: Any) -> Ask:
    """Put requests of version 2 that name customers by their profiles."""

    def put(campaign: Campaign, *profiles: str, **changes: Any) -> dict[str, Any]:
        requests = [
            {"clientToken": f"token-{next(_tokens)}", "profileId": profile, **changes} for profile in profiles
        ]
        answer: dict[str, Any] = connectcampaignsv2_client.put_profile_outbound_request_batch(
            id=campaign.id, profileOutboundRequests=requests
        )
        return answer

    return put


def failures(answer: dict[str, Any]) -> list[str]:
    return [request["failureCode"] for request in answer["failedRequests"]]


# The contact of a request


def test_a_request_becomes_a_contact_by_an_internal_call(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    campaign: Campaign,
    ask: Ask,
    a_request: ARequest,
) -> None:
    request = a_request(phoneNumber="+1-555-555-0100", attributes={"lead": "7"})
    answer = ask(campaign, request)

    (taken,) = answer["successfulRequests"]
    assert taken["clientToken"] == request["clientToken"]
    assert answer["failedRequests"] == []
    contact = connect_mock.contacts.one()
    assert (contact.campaign, contact.queue) == (campaign, connect_queue)
    assert contact.customer_address == "+15555550100"
    assert contact.attributes == {"lead": "7"}
    assert contact.request_identifier == taken["id"] != contact.id
    assert contact.expires_at == request["expirationTime"]

    put, asked = connect_mock.calls
    assert (asked.operation, asked.internal) == ("PutDialRequestBatch", False)
    assert (put.operation, put.service, put.internal) == ("BatchPutContact", "connect", True)
    assert put.parameters["InstanceId"] == connect_instance.id
    assert put.result is not None
    assert put.result["SuccessfulRequestList"] == [
        {"RequestIdentifier": taken["id"], "ContactId": contact.id}
    ]
    assert "BatchPutContact in us-east-1 by the campaign service" in connect_mock.calls.lines()[0]


@pytest.mark.connect_mock(caller="customer")
def test_the_service_puts_contacts_for_customers_who_may_not(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    ask(campaign, a_request())
    connect_mock.assert_contact_count(1)


def test_the_voice_call_is_the_contact(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    ask(campaign, a_request())
    connect_mock.advance(65)
    contact = connect_mock.contacts.one()
    assert contact.disconnect_reason == "CUSTOMER_DISCONNECT"
    assert {event["detail"]["contactId"] for event in connect_mock.events} == {contact.id}


@pytest.mark.parametrize(
    ("own", "claimed"), [("+15555550111", []), ("+15555550111", ["+15555550111"]), (None, ["+15555550112"])]
)
def test_the_campaign_s_number_calls(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    ask: Ask,
    a_request: ARequest,
    own: str | None,
    claimed: list[str],
) -> None:
    for number in claimed:
        connect_instance.add_phone_number(number)
    campaign = connect_instance.add_campaign("with a number", queue=connect_queue, source_number=own)
    campaign.start()
    ask(campaign, a_request())
    assert connect_mock.contacts.one().system_address == own


def test_an_agentless_campaign_has_a_number_to_call_from(
    connect_mock: ConnectMock, connect_instance: Instance, ask: Ask, a_request: ARequest
) -> None:
    campaign = connect_instance.add_campaign()
    campaign.start()
    ask(campaign, a_request())
    connect_instance.add_phone_number("+15555550199")
    ask(campaign, a_request())
    assert [contact.system_address for contact in connect_mock.contacts] == ["+18005550199", "+15555550199"]


@pytest.fixture
def allow_outbound_calls(connect_client: Any, connect_instance: Instance) -> Callable[[bool], None]:
    """Allow or forbid the instance to call out."""

    def allow(value: bool) -> None:
        connect_client.update_instance_attribute(
            InstanceId=connect_instance.id, AttributeType="OUTBOUND_CALLS", Value=str(value).lower()
        )

    return allow


@pytest.mark.parametrize("version", [1, 2])
def test_an_instance_that_may_not_call_out_ends_contacts(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    campaign: Campaign,
    ask: Ask,
    ask_v2: Ask,
    a_request: ARequest,
    allow_outbound_calls: Callable[[bool], None],
    version: int,
) -> None:
    # https://docs.aws.amazon.com/connect/latest/devguide/api-outbound-campaign-calls.html
    chosen: list[Any] = []
    connect_mock.on_dial(lambda contact: chosen.append(contact) or outcomes.answered())
    allow_outbound_calls(False)

    answer = ask(campaign, a_request()) if version == 1 else ask_v2(campaign, {})

    assert failures(answer) == []
    contact = connect_mock.contacts.one()
    assert (contact.state, contact.disconnect_reason) == ("COMPLETED", "OUTBOUND_RESOURCE_ERROR")
    assert (contact.dialed_at, contact.agent) == (None, None)
    assert chosen == []
    assert [agent.activity for agent in connect_queue.agents] == ["AVAILABLE"] * 2
    assert [event["detail"]["eventType"] for event in connect_mock.events] == [
        "INITIATED",
        "DISCONNECTED",
        "COMPLETED",
    ]


def test_contacts_end_in_their_turn_where_none_can_be_called(
    connect_mock: ConnectMock,
    campaign: Campaign,
    ask: Ask,
    a_request: ARequest,
    allow_outbound_calls: Callable[[bool], None],
) -> None:
    ask(campaign, *(a_request() for _ in range(4)))
    allow_outbound_calls(False)
    waiting = connect_mock.contacts.where(dialed_at=None)
    assert len(waiting) == 2
    assert {contact.disconnect_reason for contact in waiting} == {None}

    connect_mock.advance(65)

    # The phone calls that were dialed before go on.
    reasons = [contact.disconnect_reason for contact in connect_mock.contacts]
    assert reasons == ["CUSTOMER_DISCONNECT"] * 2 + ["OUTBOUND_RESOURCE_ERROR"] * 2
    allow_outbound_calls(True)
    ask(campaign, a_request())
    assert connect_mock.contacts[-1].dialed_at is not None


# Tokens


def test_a_token_stands_for_one_request_for_seven_days(
    connect_mock: ConnectMock,
    campaign: Campaign,
    ask: Ask,
    a_request: ARequest,
    in_: In,
) -> None:
    request = a_request()
    first = ask(campaign, request, request)["successfulRequests"]
    assert first[0] == first[1]
    connect_mock.advance(7 * DAY - 60)
    # It is the same request, although it has expired since, and although it says something else now.
    assert ask(campaign, request)["successfulRequests"] == first[:1]
    assert ask(campaign, request | {"phoneNumber": "+15555559999"})["successfulRequests"] == first[:1]
    connect_mock.assert_contact_count(1)
    connect_mock.assert_no_double_dials()

    connect_mock.advance(60)
    (again,) = ask(campaign, request | {"expirationTime": in_(600)})["successfulRequests"]
    assert again["id"] != first[0]["id"]
    connect_mock.assert_contact_count(2)


def test_a_request_that_failed_does_not_use_its_token_up(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    request = a_request(phoneNumber="5550100")
    assert failures(ask(campaign, request)) == ["InvalidInput"]
    assert ask(campaign, request | {"phoneNumber": "+15555550100"})["failedRequests"] == []


def test_a_lost_answer_is_not_dialed_twice(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_mock.lose_response("PutDialRequestBatch")
    ask(campaign, a_request())
    assert [call.error for call in connect_mock.calls.where(internal=False)] == ["ReadTimeoutError", None]
    connect_mock.assert_contact_count(1)


def test_a_token_is_a_campaign_s_own(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    campaign: Campaign,
    ask: Ask,
    a_request: ARequest,
) -> None:
    other = connect_instance.add_campaign("other", queue=connect_queue)
    other.start()
    request = a_request()
    ids = [ask(one, request)["successfulRequests"][0]["id"] for one in (campaign, other)]
    assert ids[0] != ids[1]
    connect_mock.assert_contact_count(2)


# Items that fail


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"phoneNumber": "5550100"}, id="not E.164"),
        pytest.param({"phoneNumber": "+0555"}, id="leading zero"),
        pytest.param({"phoneNumber": ""}, id="no number"),
        pytest.param({"attributes": {"a": "x" * 32_767, "b": "yy"}}, id="attributes too large"),
    ],
)
def test_a_request_that_cannot_be_called_is_invalid(
    connect_mock: ConnectMock,
    campaign: Campaign,
    ask: Ask,
    a_request: ARequest,
    changes: dict[str, Any],
) -> None:
    bad, good = a_request(**changes), a_request()
    answer = ask(campaign, bad, good)
    assert answer["failedRequests"] == [{"clientToken": bad["clientToken"], "failureCode": "InvalidInput"}]
    assert [request["clientToken"] for request in answer["successfulRequests"]] == [good["clientToken"]]
    connect_mock.assert_contact_count(1)


@pytest.mark.parametrize(
    ("seconds", "codes"),
    [(29, ["InvalidInput"]), (30, []), (900, []), (901, ["InvalidInput"]), (-5, ["InvalidInput"])],
)
def test_a_request_expires_within_30_seconds_to_15_minutes(
    campaign: Campaign,
    ask: Ask,
    a_request: ARequest,
    in_: In,
    seconds: int,
    codes: list[str],
) -> None:
    # The wire format has whole seconds, and the clock continues.
    margin = 0.5 if seconds in (30, 901) else 0
    assert failures(ask(campaign, a_request(expirationTime=in_(seconds + margin)))) == codes


def test_a_constraint_of_the_model_fails_the_whole_call(
    connect_mock: ConnectMock, connectcampaigns_client: Any, campaign: Campaign, a_request: ARequest
) -> None:
    with pytest.raises(
        connectcampaigns_client.exceptions.ValidationException, match="26 members is more than 25"
    ):
        connectcampaigns_client.put_dial_request_batch(
            id=campaign.id, dialRequests=[a_request() for _ in range(26)]
        )
    with pytest.raises(connectcampaigns_client.exceptions.ValidationException, match="does not match"):
        connectcampaigns_client.put_dial_request_batch(
            id=campaign.id, dialRequests=[a_request(phoneNumber="five")]
        )
    connect_mock.assert_no_contacts()


def test_a_campaign_that_is_not_running_takes_no_requests(
    connect_mock: ConnectMock,
    connectcampaigns_client: Any,
    connect_campaign: Campaign,
    ask: Ask,
    a_request: ARequest,
) -> None:
    seen = []
    for change in (None, "start", "pause", "resume", "stop"):
        if change is not None:
            getattr(connect_campaign, change)()
        try:
            ask(connect_campaign, a_request())
            seen.append((200, "taken"))
        except connectcampaigns_client.exceptions.InvalidCampaignStateException as error:
            seen.append((error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["state"]))
    assert seen == [
        (409, "Initialized"),
        (200, "taken"),
        (409, "Paused"),
        (200, "taken"),
        (409, "Stopped"),
    ]


def test_an_unknown_campaign_takes_no_requests(connectcampaigns_client: Any, a_request: ARequest) -> None:
    with pytest.raises(
        connectcampaigns_client.exceptions.ResourceNotFoundException, match="campaign 'none' was not"
    ):
        connectcampaigns_client.put_dial_request_batch(id="none", dialRequests=[a_request()])


def test_a_request_that_nobody_has_time_for_expires(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    requests = [a_request() for _ in range(25)]
    ask(campaign, *requests)
    connect_mock.on_dial(outcomes.answered(ring=10, talk=190))
    connect_mock.advance(3600)
    # Two agents, one call each in the first 65 seconds and one in each 200 seconds after that, until 600.
    reasons = [contact.disconnect_reason for contact in connect_mock.contacts]
    assert reasons == ["CUSTOMER_DISCONNECT"] * 8 + ["EXPIRED"] * 17
    for contact in connect_mock.contacts[8:]:
        assert contact.dialed_at is None
        assert contact.disconnected_at == contact.expires_at


# Reports of failed requests


def told_of(connect_mock: ConnectMock) -> list[tuple[str | None, str, str]]:
    failed = connect_mock.failed_requests
    return [(failure.request_identifier, failure.reason, failure.message) for failure in failed]


def test_a_request_that_failed_is_noted_with_why(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest, in_: In
) -> None:
    bad = a_request(clientToken="lead-7", phoneNumber="555-0100")
    late, large = a_request(expirationTime=in_(1000)), a_request(attributes={"a": "x" * 32_767, "b": "yy"})
    ask(campaign, a_request(), bad, late, large)

    assert [message for _, _, message in told_of(connect_mock)] == [
        "The number '5550100' is not in E.164 format, such as '+15555550100'.",
        "expirationTime is 1,000 seconds from now; it must be 30 to 900 seconds from now.",
        "The attributes take 32771 bytes in total; at most 32768 bytes are allowed.",
    ]
    failed = connect_mock.failed_requests.one(request_identifier="lead-7")
    assert (failed.reason, failed.service, failed.operation) == (
        "InvalidInput",
        "connectcampaigns",
        "PutDialRequestBatch",
    )
    assert failed.item == {**bad, "expirationTime": failed.item["expirationTime"]}
    assert connect_mock.calls[failed.call_number - 1].operation == "PutDialRequestBatch"
    assert "lead-7: InvalidInput: The number '5550100' is not in E.164" in connect_mock.describe_calls()


def test_requests_of_version_2_are_noted_too(
    connect_mock: ConnectMock, connect_instance: Instance, campaign: Campaign, ask_v2: Ask
) -> None:
    connect_instance.add_phone_number("+15555550111")
    ask_v2(campaign, {"connectSourcePhoneNumber": "+15555550112"}, {"connectSourcePhoneNumber": "+0"})
    message = {"destinationPhoneNumber": "+15555550100", "templateParameters": {}}
    ask_v2(campaign, message, channel="sms")

    failed = connect_mock.failed_requests.where(operation="PutOutboundRequestBatch")
    assert [failure.message for failure in failed] == [
        "connectSourcePhoneNumber '+15555550112' is not claimed to this instance; use one of +15555550111.",
        "connectSourcePhoneNumber '+0' is not in E.164 format, such as '+15555550100'.",
        "The campaign does not have the channel sms.",
    ]


def test_requests_by_profile_are_noted_too(
    connect_mock: ConnectMock, connect_instance: Instance, campaign: Campaign, ask_by_profile: Ask
) -> None:
    profile = connect_instance.add_profile("+15555550100").id
    ask_by_profile(campaign, profile, profile, "f" * 32)

    failed = connect_mock.failed_requests.where(operation="PutProfileOutboundRequestBatch")
    assert [(failure.reason, failure.message) for failure in failed] == [
        (
            "Conflict",
            "The campaign already calls +15555550100 or will call it; wait for the phone call to end.",
        ),
        ("ResourceNotFound", "The profile is unknown in this instance; add it with instance.add_profile."),
    ]


@pytest.mark.connect_mock(pending_requests=1, requests_per_second=2)
def test_requests_beyond_the_buffer_name_the_setting(
    connect_mock: ConnectMock, connect_campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_campaign.start()
    ask(connect_campaign, a_request(), a_request())
    connect_mock.contacts.one()
    assert told_of(connect_mock)[0][1:] == (
        "RequestThrottled",
        "The campaign has as many waiting requests as the setting pending_requests=1 allows; send the "
        "request again later.",
    )


@pytest.mark.connect_mock(requests_per_second=1)
def test_requests_that_come_too_fast_say_which_setting_it_is(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    ask(campaign, a_request(), a_request(clientToken=""))
    message = (
        "The campaign received more requests than the setting requests_per_second=1 allows; send the "
        "request again later."
    )
    assert told_of(connect_mock) == [(None, "RequestThrottled", message)]


# Requests that fail on purpose


def test_some_requests_fail_on_purpose_and_the_rest_is_taken(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_mock.reject_requests("RequestThrottled", when={"attributes": {"vip": "yes"}}, times=1)
    vip = {"vip": "yes"}
    requests = [a_request(), a_request(attributes=vip), a_request(attributes=vip)]
    answer = ask(campaign, *requests)
    assert answer["failedRequests"] == [
        {"clientToken": requests[1]["clientToken"], "failureCode": "RequestThrottled"}
    ]
    connect_mock.assert_contact_count(2)
    message = "This item was rejected on purpose, by connect_mock.reject_requests."
    assert told_of(connect_mock) == [(requests[1]["clientToken"], "RequestThrottled", message)]
    assert "fault: connect_mock.reject_requests('RequestThrottled'," in connect_mock.describe_calls()
    assert ask(campaign, requests[1])["failedRequests"] == []


def test_an_invalid_request_does_not_use_up_a_rejection(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_mock.reject_requests("UnknownError", times=1)
    codes = failures(ask(campaign, a_request(phoneNumber="5550100"), a_request(), a_request()))
    assert codes == ["InvalidInput", "UnknownError"]


@pytest.mark.parametrize(
    ("code", "met"),
    [
        ("UnknownError", [True, True, True]),
        ("BufferLimitExceeded", [False, True, False]),
        ("Conflict", [False, False, True]),
    ],
)
def test_a_code_meets_the_operations_that_have_it(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    campaign: Campaign,
    ask: Ask,
    ask_v2: Ask,
    ask_by_profile: Ask,
    a_request: ARequest,
    code: str,
    met: list[bool],
) -> None:
    connect_mock.reject_requests(code)
    profile = connect_instance.add_profile("+15555550199").id
    answers = [ask(campaign, a_request()), ask_v2(campaign, {}), ask_by_profile(campaign, profile)]
    assert [failures(answer) for answer in answers] == [[code] if one else [] for one in met]


def test_contacts_and_requests_are_rejected_apart(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=1)
    assert ask(campaign, a_request())["failedRequests"] == []
    connect_mock.assert_no_contacts()
    connect_mock.reject_requests("UnknownError", when=lambda request: request["phoneNumber"].endswith("00"))
    assert failures(ask(campaign, a_request(phoneNumber="+15555550100"))) == ["UnknownError"]


def test_a_function_that_raises_uses_no_tokens_up(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    left = [1]
    first, second = a_request(), a_request(attributes={"name": "second"})
    connect_mock.reject_requests(
        "UnknownError",
        when=lambda request: left.pop() and False if "name" in request["attributes"] else False,
    )
    left.clear()
    with pytest.raises(PlanError, match=r"reject_requests.*raised IndexError"):
        ask(campaign, first, second)
    connect_mock.assert_no_contacts()
    assert not connect_mock.failed_requests
    left.append(1)
    ask(campaign, first, second)
    connect_mock.assert_contact_count(2)
    with pytest.raises(AssertionError, match="IndexError"):
        connect_mock.assert_no_pending_faults()
    connect_mock.reset()


@pytest.mark.parametrize(
    ("code", "options", "error_class", "message"),
    [
        (
            "REQUEST_THROTTLED",
            {},
            ValueError,
            "'REQUEST_THROTTLED' is not a failureCode; the values are InvalidInput,",
        ),
        ("Conflict", {"when": {"phoneNumber": "+1"}}, ValueError, "no member 'phoneNumber'.*profileId"),
        ("UnknownError", {"when": "a"}, TypeError, "or a plain function of the item, not 'a'"),
        ("UnknownError", {"times": 0}, ValueError, "from 1 on"),
    ],
)
def test_what_cannot_be_planned_for_requests_is_refused_at_once(
    connect_mock: ConnectMock, code: str, options: Any, error_class: Any, message: str
) -> None:
    with pytest.raises(error_class, match=message):
        connect_mock.reject_requests(code, **options)
    connect_mock.assert_no_pending_faults()


# Limits


@pytest.mark.connect_mock(pending_requests=3)
def test_only_so_many_requests_wait_to_be_dialed(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    campaign: Campaign,
    ask: Ask,
    ask_v2: Ask,
    a_request: ARequest,
) -> None:
    connect_mock.on_dial(outcomes.answered(talk=10_000))
    assert failures(ask(campaign, *[a_request() for _ in range(5)])) == ["RequestThrottled"] * 2
    # Two are being called, so that one is waiting, and two more have room.
    assert failures(ask_v2(campaign, *[{}] * 5)) == ["BufferLimitExceeded"] * 3


@pytest.mark.connect_mock(requests_per_second=4)
def test_only_so_many_requests_are_taken_in_a_second(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, ask_v2: Ask, a_request: ARequest
) -> None:
    assert failures(ask(campaign, *[a_request() for _ in range(6)])) == ["RequestThrottled"] * 2
    connect_mock.advance(1)
    assert failures(ask_v2(campaign, *[{}] * 6)) == ["RequestThrottled"] * 2


def test_the_call_itself_is_throttled_by_a_rate(
    connect_mock: ConnectMock, connectcampaigns_client: Any, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_mock.limit_rate("PutDialRequestBatch", per_second=1, burst=1)
    ask(campaign, a_request())
    with pytest.raises(connectcampaigns_client.exceptions.ThrottlingException):
        ask(campaign, a_request())


# Contacts that the service cannot put


def test_what_may_pass_is_put_again_until_it_does(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=2)
    ask(campaign, a_request())
    connect_mock.assert_no_contacts()
    connect_mock.advance(2)
    connect_mock.assert_contact_count(1)
    assert len(connect_mock.calls.where(internal=True)) == 3
    connect_mock.assert_no_unresolved_failures()


def test_what_does_not_pass_is_given_up_when_the_request_expires(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest, in_: In
) -> None:
    connect_mock.reject_contacts("INTERNAL_ERROR")
    ask(campaign, a_request(expirationTime=in_(40)))
    connect_mock.advance(100)
    assert 39 <= len(connect_mock.calls.where(internal=True)) <= 41
    connect_mock.assert_no_contacts()


def test_what_is_wrong_for_good_is_put_once(
    connect_mock: ConnectMock, connect_queue: Queue, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_queue.disable()
    assert ask(campaign, a_request())["failedRequests"] == []
    connect_mock.advance(100)
    assert connect_mock.failed_requests.one().reason == "INVALID_QUEUE"
    assert len(connect_mock.calls.where(internal=True)) == 1


def test_a_campaign_that_has_ended_puts_nothing_again(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_mock.reject_contacts("INTERNAL_ERROR", times=1)
    ask(campaign, a_request())
    campaign.stop()
    connect_mock.advance(100)
    connect_mock.assert_no_contacts()


# Version 2


TELEPHONY = operation_model("connectcampaignsv2", "PutOutboundRequestBatch").service_model.shape_for(
    "TelephonyChannelSubtypeParameters"
)


@pytest.mark.skipif("ringTimeout" not in TELEPHONY.members, reason="this botocore has no ringTimeout yet")
def test_a_request_of_version_2_may_say_how_it_is_called(
    connect_mock: ConnectMock, campaign: Campaign, ask_v2: Ask
) -> None:
    connect_mock.on_dial(outcomes.no_answer(ring=50, detected="AMD_UNANSWERED"))
    wanted = {
        "connectSourcePhoneNumber": "+15555550111",
        "answerMachineDetectionConfig": {"enableAnswerMachineDetection": False},
        "ringTimeout": 20,
    }
    assert ask_v2(campaign, wanted, {})["failedRequests"] == []
    connect_mock.advance(50)
    special, plain = connect_mock.contacts
    assert special.system_address == "+15555550111"
    assert special.answering_machine_detection_status is None
    assert plain.answering_machine_detection_status == "AMD_UNANSWERED"
    assert special.disconnected_at is not None
    assert special.dialed_at is not None
    assert (special.disconnected_at - special.dialed_at).total_seconds() == 20


def test_a_number_that_the_instance_does_not_have_is_invalid(
    connect_instance: Instance, campaign: Campaign, ask_v2: Ask
) -> None:
    connect_instance.add_phone_number("+15555550111")
    numbers = ["+15555550111", "+15555550112", "5550111"]
    answer = ask_v2(campaign, *[{"connectSourcePhoneNumber": number} for number in numbers])
    assert failures(answer) == ["InvalidInput"] * 2


def test_an_agent_previews_the_requests_of_a_preview_campaign(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, ask_v2: Ask
) -> None:
    campaign = connect_instance.add_campaign(queue=connect_queue, mode="preview")
    campaign.start()
    ask_v2(campaign, {})
    strategy = connect_mock.contacts.one().outbound_strategy
    assert strategy is not None
    preview = strategy["Config"]["AgentFirst"]["Preview"]
    assert preview["PostAcceptTimeoutConfig"] == {"DurationInSeconds": 30}
    assert preview["AllowedUserActions"] == ["CALL", "DISCARD"]


def test_a_message_needs_a_campaign_with_its_channel(
    connect_mock: ConnectMock, campaign: Campaign, ask_v2: Ask
) -> None:
    answer = ask_v2(
        campaign, {"destinationPhoneNumber": "+15555550100", "templateParameters": {}}, channel="sms"
    )
    assert failures(answer) == ["InvalidInput"]
    connect_mock.assert_no_contacts()


# Profiles

UNKNOWN_PROFILE = "0" * 32


def test_a_profile_stands_for_a_customer(
    connect_mock: ConnectMock, connect_instance: Instance, campaign: Campaign, ask_by_profile: Ask
) -> None:
    profile = connect_instance.add_profile("+15555550100", attributes={"plan": "gold"})
    answer = ask_by_profile(campaign, profile.id, UNKNOWN_PROFILE)
    assert len(answer["successfulRequests"]) == 1
    assert failures(answer) == ["ResourceNotFound"]
    contact = connect_mock.contacts.one()
    assert (contact.customer_address, contact.attributes) == ("+15555550100", {"plan": "gold"})
    assert contact.expires_at is None


def test_a_customer_who_is_being_called_is_not_asked_for_again(
    connect_mock: ConnectMock, connect_instance: Instance, campaign: Campaign, ask_by_profile: Ask
) -> None:
    profile = connect_instance.add_profile("+15555550100")
    assert failures(ask_by_profile(campaign, profile.id, profile.id)) == ["Conflict"]
    assert failures(ask_by_profile(campaign, profile.id)) == ["Conflict"]
    connect_mock.advance(65)
    assert failures(ask_by_profile(campaign, profile.id)) == []


def test_a_request_by_profile_may_expire_too(
    connect_instance: Instance, campaign: Campaign, ask_by_profile: Ask, in_: In
) -> None:
    profile = connect_instance.add_profile("+15555550100")
    assert failures(ask_by_profile(campaign, profile.id, expirationTime=in_(10))) == ["InvalidInput"]
    assert failures(ask_by_profile(campaign, profile.id, expirationTime=in_(600))) == []


@pytest.mark.connect_mock(caller="customer")
def test_only_the_service_asks_by_profile(
    connect_instance: Instance, campaign: Campaign, ask_by_profile: Ask
) -> None:
    with pytest.raises(ClientError) as caught:
        ask_by_profile(campaign, UNKNOWN_PROFILE)
    assert caught.value.response["Error"] == {
        "Code": "AccessDeniedException",
        "Message": "User: arn:aws:iam::123456789012:user/customer is not authorized to perform: "
        f"connect-campaigns:PutProfileOutboundRequestBatch on resource: {campaign.arn} because no "
        "identity-based policy allows the connect-campaigns:PutProfileOutboundRequestBatch action",
    }


def test_an_empty_token_is_no_token(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    answer = ask(campaign, *[a_request(clientToken="") for _ in range(3)])
    assert len({request["id"] for request in answer["successfulRequests"]}) == 3
    connect_mock.assert_contact_count(3)


@pytest.mark.connect_mock(pending_requests=2)
def test_requests_that_are_put_again_wait_too(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=2)
    assert failures(ask(campaign, a_request(), a_request(), a_request())) == ["RequestThrottled"]
    assert failures(ask(campaign, a_request())) == ["RequestThrottled"]
    connect_mock.advance(1)
    connect_mock.assert_contact_count(2)
    assert failures(ask(campaign, a_request())) == []


@pytest.mark.connect_mock(strict=False)
def test_a_plan_that_breaks_does_not_use_tokens_up(
    connect_mock: ConnectMock, campaign: Campaign, ask: Ask, a_request: ARequest
) -> None:
    left = [True, False]
    first, second = a_request(), a_request()
    kept = ask(campaign, first)["successfulRequests"]
    connect_mock.reject_contacts("INTERNAL_ERROR", when=lambda item: {}["nothing"] if left.pop(0) else False)
    with pytest.raises(PlanError):
        ask(campaign, first, second)
    assert ask(campaign, first)["successfulRequests"] == kept
    ask(campaign, second)
    connect_mock.assert_contact_count(2)


@pytest.mark.skipif("ringTimeout" not in TELEPHONY.members, reason="this botocore has no ringTimeout yet")
def test_an_agent_who_previews_a_contact_gets_machines_too(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, ask_v2: Ask
) -> None:
    connect_queue.add_agents(1)
    campaign = connect_instance.add_campaign(queue=connect_queue, mode="preview")
    campaign.start()
    connect_mock.on_dial(outcomes.voicemail())
    ask_v2(campaign, {"answerMachineDetectionConfig": {"enableAnswerMachineDetection": True}})
    connect_mock.advance(120)
    contact = connect_mock.contacts.one()
    assert (contact.disconnect_reason, contact.answering_machine_detection_status) == (
        "AGENT_DISCONNECT",
        None,
    )
