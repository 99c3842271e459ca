"""The two bugs that cost money: items given up, and customers called twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, Outcome, Queue, outcomes


@pytest.fixture
def throttled(connect_mock: ConnectMock) -> ConnectMock:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=1, message="Slow down.")
    return connect_mock


def customer(address: str) -> dict[str, str]:
    return {"Type": "TELEPHONE_NUMBER", "Address": address}


def story(assertion: Callable[[], None]) -> str:
    with pytest.raises(AssertionError) as caught:
        assertion()
    return str(caught.value)


# Items given up


def test_an_unretried_item_is_reported(
    throttled: ConnectMock, connect_campaign: Campaign, put: Put, an_item: AnItem
) -> None:
    put(an_item(RequestIdentifier="lead-7"), an_item(CustomerEndpoint=customer("+15555550101")))
    assert story(throttled.assert_no_unresolved_failures) == (
        "1 item failed for a retryable reason (REQUEST_THROTTLED, INTERNAL_ERROR)\n"
        "    and never succeeded:\n"
        "\n"
        f"  1. lead-7, +15555550100, campaign {connect_campaign.id}\n"
        "       REQUEST_THROTTLED in call 1: Slow down.\n"
        "       It was not sent again.\n"
        "\n"
        "Send such items again with a new ClientToken: AWS repeats its response to a token it has\n"
        "seen."
    )


def test_an_item_that_went_through_later_is_resolved(
    throttled: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(RequestIdentifier="1"))
    put(an_item(CustomerEndpoint=customer("+15555550101"), RequestIdentifier="1"))
    assert "It was not sent again" in story(throttled.assert_no_unresolved_failures)
    put(an_item(RequestIdentifier="2"))
    throttled.assert_no_unresolved_failures()


def test_the_later_calls_are_listed_in_order(
    throttled: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    throttled.reject_contacts("INTERNAL_ERROR", times=1)
    put(an_item(), ClientToken="monday")
    put(an_item(), ClientToken="monday")
    put(an_item(CustomerEndpoint=customer("+15555550101")))
    throttled.fail("BatchPutContact", "AccessDeniedException")
    with pytest.raises(ClientError):
        put(an_item())
    connect_queue.disable()
    put(an_item())
    message = story(throttled.assert_no_unresolved_failures)
    assert message.startswith("2 items failed for a retryable reason")
    assert (
        "REQUEST_THROTTLED in call 1: Slow down.\n"
        "       It was sent again in call 2: the same ClientToken, so AWS repeated its response\n"
        "       It was sent again in call 4: AccessDeniedException: You do not have sufficient\n"
        "           permissions to perform this action.\n"
        "       It was sent again in call 5: INVALID_QUEUE: The queue\n"
        f"           {connect_queue.id!r} is disabled; enable it with\n"
        f"           UpdateQueueStatus.\n"
    ) in message
    assert "+15555550101" in message.partition("2. ")[2]


def test_success_in_the_same_batch_or_before_does_not_count(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    connect_mock.reject_contacts("INTERNAL_ERROR", when={"RequestIdentifier": "a"})
    put(an_item(RequestIdentifier="a"), an_item(RequestIdentifier="b"))
    assert "1 item failed" in story(connect_mock.assert_no_unresolved_failures)


def test_success_in_another_campaign_does_not_count(
    throttled: ConnectMock, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    put(an_item(Campaign={"CampaignId": connect_instance.add_campaign().id}))
    assert "1 item failed" in story(throttled.assert_no_unresolved_failures)


def test_an_item_that_is_wrong_is_not_to_be_sent_again(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item(QueueId="unknown"), {}, an_item(Campaign={}))
    assert len(connect_mock.failed_requests) == 3
    connect_mock.assert_no_unresolved_failures()


def test_a_failed_request_knows_its_call(throttled: ConnectMock, put: Put, an_item: AnItem) -> None:
    put(an_item(QueueId="unknown"))
    put(an_item())
    assert [failed.call_number for failed in throttled.failed_requests] == [1, 2]
    assert throttled.failed_requests.one(call_number=2).reason == "REQUEST_THROTTLED"


def test_a_call_without_a_batch_is_not_a_retry(
    throttled: ConnectMock, connect_instance: Instance, connect_client: Any, put: Put, an_item: AnItem
) -> None:
    from connect_batchmock.protocol.http import Request

    put(an_item())
    url = f"https://connect.us-east-1.amazonaws.com/contact/batch/{connect_instance.id}"
    for body in (b'{"ContactDataRequestList": 3}', b'{"ContactDataRequestList": [3]}', b"{"):
        throttled.handle(Request("PUT", url, {}, body, "connect", "us-east-1"))
    assert "It was not sent again" in story(throttled.assert_no_unresolved_failures)


# Customers called twice


def test_one_contact_for_each_customer_is_right(
    connect_mock: ConnectMock, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    put(an_item(), an_item(CustomerEndpoint=customer("+15555550101")))
    put(an_item(Campaign={"CampaignId": connect_instance.add_campaign().id}))
    connect_mock.lose_response("BatchPutContact")
    put(an_item(CustomerEndpoint=customer("+15555550102")))
    connect_mock.assert_no_double_dials()


def test_a_call_repeated_with_a_new_token_is_reported(
    connect_mock: ConnectMock, connect_instance: Instance, make_client: Any, an_item: AnItem
) -> None:
    client = make_client(config=Config(retries={"total_max_attempts": 1}))
    batch = {"InstanceId": connect_instance.id, "ContactDataRequestList": [an_item()]}
    connect_mock.lose_response("BatchPutContact")
    with pytest.raises(ReadTimeoutError):
        client.batch_put_contact(**batch, ClientToken="a")
    client.batch_put_contact(**batch, ClientToken="b")
    first, second = connect_mock.contacts
    assert story(connect_mock.assert_no_double_dials) == (
        "1 customer has more than one contact in a campaign, and would be called\n"
        "    more than once:\n"
        "\n"
        "  1. +15555550100, campaign 'Campaign 1': 2 contacts\n"
        f"       {first.id} by call 1, response lost (ReadTimeoutError),\n"
        "           with ClientToken 'a'\n"
        f"       {second.id} by call 2 with ClientToken 'b'\n"
        "\n"
        "An API call whose response is lost may have been carried out. Retry it with the same\n"
        "ClientToken and the same items: AWS then creates no second contact.\n"
        "connect_mock.describe_contact(id) shows what happened to a contact."
    )


def test_an_answer_that_came_with_a_later_attempt_is_one(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.lose_response("BatchPutContact")
    put(an_item())
    put(an_item(), ClientToken="")
    message = story(connect_mock.assert_no_double_dials)
    assert "response lost" not in message
    assert "by call 3 without ClientToken\n" in message


def test_the_same_token_in_another_instance_is_another_one(
    connect_mock: ConnectMock, connect_instance: Instance, make_client: Any, an_item: AnItem
) -> None:
    client = make_client(config=Config(retries={"total_max_attempts": 1}))
    items = [an_item()]
    connect_mock.lose_response("BatchPutContact")
    with pytest.raises(ReadTimeoutError):
        client.batch_put_contact(
            InstanceId=connect_instance.id, ContactDataRequestList=items, ClientToken="t"
        )
    other = connect_mock.add_instance().id
    client.batch_put_contact(InstanceId=other, ContactDataRequestList=items, ClientToken="t")
    client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=items, ClientToken="u")
    message = " ".join(story(connect_mock.assert_no_double_dials).split())
    assert "response lost (ReadTimeoutError), with ClientToken 't'" in message


def test_two_items_for_one_customer_are_reported(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(*[an_item(CustomerEndpoint=customer(f"+1555555010{n}")) for n in "0011223"])
    message = story(connect_mock.assert_no_double_dials)
    assert message.startswith("3 customers have more than one contact in a campaign")
    assert "+15555550103" not in message


def test_audits_work_after_the_mock_has_stopped() -> None:
    from connect_batchmock import mock_connect

    with mock_connect() as mock:
        pass
    mock.assert_no_double_dials()
    mock.assert_no_unresolved_failures()
    mock.assert_no_pending_faults()
    mock.assert_no_unfaked_calls()


# The campaign service's own


@pytest.fixture
def ask(
    connect_mock: ConnectMock, connectcampaigns_client: Any, connect_campaign: Campaign
) -> Callable[..., Any]:
    """Send one dial request with a token."""
    connect_campaign.start()

    def put(token: str, number: str = "+15555550100") -> Any:
        request = {
            "clientToken": token,
            "phoneNumber": number,
            "expirationTime": connect_mock.now() + timedelta(seconds=60),
            "attributes": {},
        }
        return connectcampaigns_client.put_dial_request_batch(id=connect_campaign.id, dialRequests=[request])

    return put


def test_a_retry_of_the_campaign_service_is_not_unresolved(
    connect_mock: ConnectMock, ask: Callable[..., Any]
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED")
    ask("monday")
    connect_mock.advance(100)
    assert len(connect_mock.failed_requests) > 50
    connect_mock.assert_no_unresolved_failures()


def test_an_expired_request_can_be_repeated(connect_mock: ConnectMock, ask: Callable[..., Any]) -> None:
    ask("monday")
    connect_mock.advance(61)
    ask("tuesday")
    assert [contact.disconnect_reason for contact in connect_mock.contacts] == ["EXPIRED", None]
    connect_mock.assert_no_double_dials()


@pytest.mark.parametrize(
    ("outcome", "is_twice"),
    [(outcomes.busy(), False), (outcomes.no_answer(), False), (outcomes.answered(), True)],
)
def test_redialing_an_unreached_customer_is_no_double_dial(
    connect_mock: ConnectMock, connect_queue: Queue, ask: Callable[..., Any], outcome: Outcome, is_twice: bool
) -> None:
    connect_queue.add_agents(1)
    connect_mock.on_dial(outcome)
    ask("monday")
    connect_mock.advance(100)
    ask("tuesday")
    if is_twice:
        assert "1 customer has more than one contact" in story(connect_mock.assert_no_double_dials)
    else:
        connect_mock.assert_no_double_dials()


def dial_twice(mock: ConnectMock, ask: Callable[..., Any], outcome: Outcome) -> None:
    """Request a phone call, and the same one after the first has ended."""
    mock.instances[0].queues[0].add_agents(1)
    mock.on_dial(outcome)
    ask("monday")
    mock.advance(100)
    ask("tuesday")


@pytest.mark.parametrize(
    ("outcome", "retry_after"),
    [
        (outcomes.voicemail(), ["VOICEMAIL_BEEP", "VOICEMAIL_NO_BEEP"]),
        (outcomes.voicemail(), [outcomes.voicemail(talk=5)]),
        (outcomes.busy(), ["TELECOM_BUSY"]),
        (outcomes.busy(detected="SIT_TONE_BUSY"), [outcomes.busy()]),
        (outcomes.busy(detected="SIT_TONE_BUSY"), None),
        (outcomes.failed("BARGED"), (ending for ending in ["BARGED"])),
    ],
)
def test_an_ending_that_may_be_retried_is_no_double_dial(
    connect_mock: ConnectMock, ask: Callable[..., Any], outcome: Outcome, retry_after: Any
) -> None:
    dial_twice(connect_mock, ask, outcome)
    connect_mock.assert_no_double_dials(retry_after=retry_after)


@pytest.mark.parametrize(
    ("outcome", "retry_after"),
    [
        (outcomes.voicemail(), None),
        (outcomes.voicemail(), ["TELECOM_BUSY", outcomes.no_answer()]),
        (outcomes.voicemail(detected="VOICEMAIL_NO_BEEP"), [outcomes.voicemail()]),
        (outcomes.busy(), []),
        (outcomes.busy(), ["TELECOM_UNANSWERED"]),
    ],
)
def test_an_ending_that_may_not_be_retried_is_a_double_dial(
    connect_mock: ConnectMock, ask: Callable[..., Any], outcome: Outcome, retry_after: Any
) -> None:
    dial_twice(connect_mock, ask, outcome)
    message = story(lambda: connect_mock.assert_no_double_dials(retry_after=retry_after))
    assert "1 customer has more than one contact" in message


def test_a_contact_that_was_never_dialed_can_be_repeated(
    connect_mock: ConnectMock, ask: Callable[..., Any]
) -> None:
    ask("monday")
    connect_mock.advance(61)
    ask("tuesday")
    connect_mock.assert_no_double_dials(retry_after=[])


@pytest.mark.parametrize(
    ("retry_after", "error", "sentence"),
    [
        (["VOICEMAIL"], ValueError, "'VOICEMAIL' is neither a disconnect reason .* mean 'VOICEMAIL_BEEP'"),
        ([7], ValueError, "7 is neither a disconnect reason of a dialed contact nor a status"),
        ([Outcome("TELECOM_BUZY")], ValueError, "'TELECOM_BUZY' is no disconnect reason"),
        ("TELECOM_BUSY", TypeError, "not 'TELECOM_BUSY'; put it into a list"),
        (outcomes.busy(), TypeError, "put it into a list"),
    ],
)
def test_unknown_endings_are_refused(
    connect_mock: ConnectMock, retry_after: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        connect_mock.assert_no_double_dials(retry_after=retry_after)


def test_a_repeated_request_is_reported_with_both_tokens(
    connect_mock: ConnectMock, ask: Callable[..., Any]
) -> None:
    connect_mock.fail("PutDialRequestBatch", "ValidationException", times=1)
    with pytest.raises(ClientError):
        ask("sunday")
    connect_mock.lose_response("PutDialRequestBatch", times=5)
    with pytest.raises(ReadTimeoutError):
        ask("monday")
    ask("tuesday")
    message = " ".join(story(connect_mock.assert_no_double_dials).split())
    assert "response lost (ReadTimeoutError), with clientToken 'monday'" in message
    assert "with clientToken 'tuesday'" in message


def test_many_times_of_sending_an_item_again_are_counted(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.reject_contacts("INTERNAL_ERROR")
    for _ in range(30):
        put(an_item())
    message = story(connect_mock.assert_no_unresolved_failures)
    assert message.startswith("1 item failed")
    assert "… 27 more retries …" in message
    assert message.count("It was sent again") == 2


def test_answered_calls_are_not_reported_as_retries(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    put(an_item())
    message = " ".join(story(connect_mock.assert_no_double_dials).split())
    assert "No response to these API calls was lost, so they are no retries" in message
    assert "Retry it with the same" not in message


# Requests to campaigns that failed


def test_an_unretried_request_is_reported(
    connect_mock: ConnectMock, connect_campaign: Campaign, ask: Callable[..., Any]
) -> None:
    connect_mock.reject_requests("RequestThrottled", times=1)
    ask("lead-7", "+1-555-555-0100")
    ask("lead-8", "+15555550101")
    assert story(connect_mock.assert_no_unresolved_failures) == (
        "1 item failed for a retryable reason (RequestThrottled,\n"
        "    BufferLimitExceeded, UnknownError) and never succeeded:\n"
        "\n"
        f"  1. lead-7, +15555550100, campaign {connect_campaign.id}\n"
        "       RequestThrottled in call 1: This item was rejected on purpose, by\n"
        "           connect_mock.reject_requests.\n"
        "       It was not sent again.\n"
        "\n"
        "Send such requests again; a request that failed does not use up its clientToken."
    )
    with pytest.raises(AssertionError, match="The item failed with RequestThrottled in call 1"):
        connect_mock.assert_contact_created(customer_address="+15555550100")


def test_a_request_that_was_taken_later_is_resolved(
    connect_mock: ConnectMock, ask: Callable[..., Any]
) -> None:
    connect_mock.reject_requests("UnknownError", times=2)
    connect_mock.reject_contacts("REQUEST_THROTTLED")
    for _ in range(2):
        ask("lead-7")
        message = story(connect_mock.assert_no_unresolved_failures)
    assert "It was sent again in call 2: UnknownError: This item was rejected" in " ".join(message.split())
    ask("lead-7")
    # It has no contact yet: that is the campaign service's affair, which took it.
    connect_mock.assert_no_contacts()
    connect_mock.assert_no_unresolved_failures()


def test_a_contact_resolves_a_request_for_the_same_customer(
    connect_mock: ConnectMock, put: Put, an_item: AnItem, ask: Callable[..., Any]
) -> None:
    connect_mock.reject_requests("UnknownError", times=1)
    ask("lead-7")
    put(an_item())
    connect_mock.assert_no_unresolved_failures()


def test_unretried_contacts_and_requests_share_a_report(
    throttled: ConnectMock, put: Put, an_item: AnItem, ask: Callable[..., Any]
) -> None:
    throttled.reject_requests("RequestThrottled", times=1)
    put(an_item())
    ask("lead-8", "+15555550101")
    message = " ".join(story(throttled.assert_no_unresolved_failures).split())
    assert "2 items failed" in message
    assert (
        "(REQUEST_THROTTLED, INTERNAL_ERROR, RequestThrottled, BufferLimitExceeded, UnknownError)" in message
    )
    assert "with a new ClientToken" in message


@pytest.mark.parametrize(
    ("wanted", "customer"),
    [
        ({"telephony": {"destinationPhoneNumber": "+15555550100", "attributes": {}}}, "+15555550100"),
        ({"sms": {"destinationPhoneNumber": "+1-5555550100", "templateParameters": {}}}, "+15555550100"),
        ({"email": {"destinationEmailAddress": "a@example.com", "templateParameters": {}}}, "a@example.com"),
    ],
)
def test_a_request_of_version_2_is_known_again_on_every_channel(
    connect_mock: ConnectMock,
    connectcampaignsv2_client: Any,
    connect_instance: Instance,
    wanted: dict[str, Any],
    customer: str,
) -> None:
    settings = {
        "telephony": {
            "outboundMode": {"agentless": {}},
            "defaultOutboundConfig": {
                "connectContactFlowId": "flow",
                "connectSourcePhoneNumber": "+15555550111",
            },
        },
        "sms": {
            "outboundMode": {"agentless": {}},
            "defaultOutboundConfig": {
                "connectSourcePhoneNumberArn": "arn:aws:connect:us-east-1:123456789012:phone-number/n",
                "wisdomTemplateArn": "arn:aws:wisdom:us-east-1:123456789012:message-template/t",
            },
        },
        "email": {
            "outboundMode": {"agentless": {}},
            "defaultOutboundConfig": {
                "connectSourceEmailAddress": "b@example.com",
                "wisdomTemplateArn": "arn:aws:wisdom:us-east-1:123456789012:message-template/t",
            },
        },
    }
    connect_instance.add_phone_number("+15555550111")
    campaign = connectcampaignsv2_client.create_campaign(
        name="All channels", connectInstanceId=connect_instance.id, channelSubtypeConfig=settings
    )["id"]
    connectcampaignsv2_client.start_campaign(id=campaign)
    request = {
        "clientToken": "lead-7",
        "expirationTime": connect_mock.now() + timedelta(seconds=60),
        "channelSubtypeParameters": wanted,
    }
    connect_mock.reject_requests("BufferLimitExceeded", times=1)
    batch = {"id": campaign, "outboundRequests": [request]}
    connectcampaignsv2_client.put_outbound_request_batch(**batch)
    assert f"lead-7, {customer}, campaign {campaign}" in story(connect_mock.assert_no_unresolved_failures)
    connectcampaignsv2_client.put_outbound_request_batch(**batch)
    connect_mock.assert_no_unresolved_failures()


def test_a_request_by_profile_is_known_again_by_the_profile(
    connect_mock: ConnectMock,
    connectcampaignsv2_client: Any,
    connect_instance: Instance,
    connect_campaign: Campaign,
) -> None:
    connect_campaign.start()
    profile = connect_instance.add_profile("+15555550100").id
    connect_mock.reject_requests("UnknownError", times=1)
    requests = [{"clientToken": "lead-7", "profileId": profile}]
    batch = {"id": connect_campaign.id, "profileOutboundRequests": requests}
    connectcampaignsv2_client.put_profile_outbound_request_batch(**batch)
    assert f"lead-7, {profile}, campaign" in story(connect_mock.assert_no_unresolved_failures)
    with pytest.raises(AssertionError, match="The item failed with UnknownError in call 1"):
        connect_mock.contacts.one(campaign=connect_campaign)
    connectcampaignsv2_client.put_profile_outbound_request_batch(**batch)
    connect_mock.assert_no_unresolved_failures()


def test_a_single_call_to_the_customer_is_not_the_campaign_s(
    throttled: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    put: Put,
    an_item: AnItem,
) -> None:
    put(an_item())
    flow = connect_client.create_contact_flow(
        InstanceId=connect_instance.id, Name="Outbound", Type="CONTACT_FLOW", Content="{}"
    )["ContactFlowId"]
    connect_client.start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        ContactFlowId=flow,
        DestinationPhoneNumber="+15555550100",
        QueueId=connect_queue.id,
    )
    throttled.assert_contact_created(customer_address="+15555550100", campaign=None)
    assert "1 item failed" in story(throttled.assert_no_unresolved_failures)
