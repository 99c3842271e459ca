"""The reasons that an item of a batch fails with, and their order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from factories import UNKNOWN, AnItem, Item, Put

from connect_batchmock import ConnectMock, Instance, Queue
from connect_batchmock.protocol.model import service_model

ENDPOINT_TYPES = list(service_model("connect").shape_for("EndpointType").enum)
A_NUMBER, ANOTHER_NUMBER = "+15555550100", "+15555550199"
FOREIGN_ARN = "arn:aws:connect:us-east-1:123456789012:phone-number/11111111-1111-4111-8111-111111111111"
NOT_E164 = [
    "",
    "5555550100",
    "+05555550100",
    "+1",
    "+1555555010012345",
    "+1 555 555 0100",
    "+1555\n",
    "+1\u0665\u0665",
]

FailureOf = Callable[[Item], dict[str, str]]


def number(address: str) -> dict[str, str]:
    return {"Type": "TELEPHONE_NUMBER", "Address": address}


def arn(address: str) -> dict[str, str]:
    return {"Type": "CONNECT_PHONENUMBER_ARN", "Address": address}


def strategy(**preview: Any) -> dict[str, Any]:
    """Return a valid strategy with the given members replaced."""
    usable = {"PostAcceptTimeoutConfig": {"DurationInSeconds": 30}, "AllowedUserActions": ["CALL", "DISCARD"]}
    return {"Type": "AGENT_FIRST", "Config": {"AgentFirst": {"Preview": usable | preview}}}


def test_a_refused_item_is_remembered_as_it_was_sent(
    connect_mock: ConnectMock, failure_of: FailureOf, an_item: AnItem
) -> None:
    item = an_item(CustomerEndpoint=None, RequestIdentifier="row-1")

    failed = failure_of(item)

    assert failed == {
        "RequestIdentifier": "row-1",
        "FailureReasonCode": "MISSING_CUSTOMER_ENDPOINT",
        "FailureReasonMessage": "CustomerEndpoint is missing; give the phone number of the customer.",
    }
    remembered = connect_mock.failed_requests.one()
    assert remembered.reason == failed["FailureReasonCode"]
    assert remembered.message == failed["FailureReasonMessage"]
    assert (remembered.request_identifier, remembered.item) == ("row-1", item)
    connect_mock.assert_no_contacts()


def test_a_queue_or_a_system_endpoint_is_needed(failure_of: FailureOf, an_item: AnItem) -> None:
    failed = failure_of(an_item(QueueId=None))

    assert failed["FailureReasonCode"] == "MISSING_QUEUE_ID_AND_SYSTEM_ENDPOINT"
    assert failed["FailureReasonMessage"].startswith("QueueId and SystemEndpoint are both missing")


@pytest.mark.parametrize(
    ("campaign", "message"),
    [
        (None, "Campaign is missing; give the CampaignId of a campaign of this instance."),
        ({}, "Campaign.CampaignId is missing; give the id of a campaign of this instance."),
        ({"CampaignId": UNKNOWN}, f"The campaign '{UNKNOWN}' is unknown in this instance."),
    ],
    ids=["absent", "empty", "unknown"],
)
def test_a_missing_or_invalid_campaign_is_explained(
    failure_of: FailureOf, an_item: AnItem, campaign: Any, message: str
) -> None:
    failed = failure_of(an_item(Campaign=campaign))

    assert (failed["FailureReasonCode"], failed["FailureReasonMessage"]) == ("MISSING_CAMPAIGN", message)


def test_a_campaign_of_another_instance_is_unknown(
    connect_mock: ConnectMock, failure_of: FailureOf, an_item: AnItem
) -> None:
    other = connect_mock.add_instance().add_campaign()

    failed = failure_of(an_item(Campaign={"CampaignId": other.id}))

    assert failed["FailureReasonCode"] == "MISSING_CAMPAIGN"


class TestCustomerEndpoint:
    @pytest.mark.parametrize(
        "kind", [endpoint_type for endpoint_type in ENDPOINT_TYPES if endpoint_type != "TELEPHONE_NUMBER"]
    )
    def test_only_a_telephone_can_be_called(self, failure_of: FailureOf, an_item: AnItem, kind: str) -> None:
        failed = failure_of(an_item(CustomerEndpoint={"Type": kind, "Address": A_NUMBER}))

        assert failed["FailureReasonCode"] == "INVALID_CUSTOMER_ENDPOINT"
        assert repr(kind) in failed["FailureReasonMessage"]

    @pytest.mark.parametrize("address", NOT_E164)
    def test_its_number_is_in_e164_form(self, failure_of: FailureOf, an_item: AnItem, address: str) -> None:
        failed = failure_of(an_item(CustomerEndpoint=number(address)))

        assert failed["FailureReasonCode"] == "INVALID_CUSTOMER_ENDPOINT"
        assert f"{address!r} is not in E.164 format" in failed["FailureReasonMessage"]

    @pytest.mark.parametrize("endpoint", [{}, {"Address": A_NUMBER}, {"Type": "TELEPHONE_NUMBER"}], ids=repr)
    def test_it_needs_type_and_address(
        self, failure_of: FailureOf, an_item: AnItem, endpoint: dict[str, str]
    ) -> None:
        assert (
            failure_of(an_item(CustomerEndpoint=endpoint))["FailureReasonCode"] == "INVALID_CUSTOMER_ENDPOINT"
        )

    @pytest.mark.parametrize("address", ["+12", "+123456789012345"])
    def test_two_to_fifteen_digits_are_a_number(self, put: Put, an_item: AnItem, address: str) -> None:
        assert put(an_item(CustomerEndpoint=number(address)))["FailedRequestList"] == []


class TestSystemEndpoint:
    @pytest.mark.parametrize(
        "kind",
        [
            endpoint_type
            for endpoint_type in ENDPOINT_TYPES
            if endpoint_type not in ("TELEPHONE_NUMBER", "CONNECT_PHONENUMBER_ARN")
        ],
    )
    def test_calls_come_from_telephone_numbers_only(
        self, failure_of: FailureOf, an_item: AnItem, kind: str
    ) -> None:
        failed = failure_of(an_item(SystemEndpoint={"Type": kind, "Address": A_NUMBER}))

        assert failed["FailureReasonCode"] == "INVALID_SYSTEM_ENDPOINT"
        assert repr(kind) in failed["FailureReasonMessage"]

    @pytest.mark.parametrize("address", NOT_E164)
    def test_its_number_is_in_e164_form(self, failure_of: FailureOf, an_item: AnItem, address: str) -> None:
        failed = failure_of(an_item(SystemEndpoint=number(address)))

        assert failed["FailureReasonCode"] == "INVALID_SYSTEM_ENDPOINT"
        assert f"{address!r} is not in E.164 format" in failed["FailureReasonMessage"]

    @pytest.mark.parametrize("address", ["", A_NUMBER, "arn:aws:connect:us-east-1:123456789012:queue/1"])
    def test_its_arn_is_that_of_a_phone_number(
        self, failure_of: FailureOf, an_item: AnItem, address: str
    ) -> None:
        failed = failure_of(an_item(SystemEndpoint=arn(address)))

        assert failed["FailureReasonCode"] == "INVALID_SYSTEM_ENDPOINT"
        assert failed["FailureReasonMessage"].endswith(
            "is not the ARN of a phone number; DescribePhoneNumber returns the ARN."
        )

    @pytest.mark.parametrize("endpoint", [{}, {"Address": A_NUMBER}, {"Type": "TELEPHONE_NUMBER"}], ids=repr)
    def test_it_needs_type_and_address(
        self, failure_of: FailureOf, an_item: AnItem, endpoint: dict[str, str]
    ) -> None:
        assert failure_of(an_item(SystemEndpoint=endpoint))["FailureReasonCode"] == "INVALID_SYSTEM_ENDPOINT"

    @pytest.mark.parametrize("endpoint", [number(ANOTHER_NUMBER), arn(FOREIGN_ARN)], ids=["number", "arn"])
    def test_any_number_will_do_while_none_is_claimed(
        self, connect_mock: ConnectMock, put: Put, an_item: AnItem, endpoint: dict[str, str]
    ) -> None:
        assert put(an_item(SystemEndpoint=endpoint))["FailedRequestList"] == []
        assert connect_mock.contacts.one().system_address == endpoint["Address"]

    @pytest.mark.parametrize("endpoint", [number(ANOTHER_NUMBER), arn(FOREIGN_ARN)], ids=["number", "arn"])
    def test_once_a_number_is_claimed_no_other_will_do(
        self, connect_instance: Instance, failure_of: FailureOf, an_item: AnItem, endpoint: dict[str, str]
    ) -> None:
        connect_instance.add_phone_number(A_NUMBER)

        failed = failure_of(an_item(SystemEndpoint=endpoint))

        assert failed["FailureReasonCode"] == "INVALID_SYSTEM_ENDPOINT"
        assert failed["FailureReasonMessage"].endswith(
            f"not claimed to this instance; use one of {A_NUMBER}."
        )

    def test_a_claimed_number_will_do_by_number_and_by_arn(
        self, connect_instance: Instance, put: Put, an_item: AnItem
    ) -> None:
        claimed = connect_instance.add_phone_number(A_NUMBER)

        answer = put(an_item(SystemEndpoint=number(A_NUMBER)), an_item(SystemEndpoint=arn(claimed.arn)))

        assert answer["FailedRequestList"] == []


class TestQueue:
    def test_an_unknown_one_is_refused(self, failure_of: FailureOf, an_item: AnItem) -> None:
        failed = failure_of(an_item(QueueId=UNKNOWN))

        assert failed["FailureReasonCode"] == "INVALID_QUEUE"
        assert failed["FailureReasonMessage"] == f"The queue '{UNKNOWN}' is unknown in this instance."

    def test_a_disabled_one_is_refused(
        self, connect_instance: Instance, failure_of: FailureOf, an_item: AnItem
    ) -> None:
        queue = connect_instance.add_queue(enabled=False)

        failed = failure_of(an_item(QueueId=queue.id))

        assert failed["FailureReasonCode"] == "INVALID_QUEUE"
        assert failed["FailureReasonMessage"] == (
            f"The queue '{queue.id}' is disabled; enable it with UpdateQueueStatus."
        )

    def test_one_that_is_enabled_again_is_taken(
        self, connect_queue: Queue, put: Put, an_item: AnItem
    ) -> None:
        connect_queue.disable()
        connect_queue.enable()

        assert put(an_item())["FailedRequestList"] == []

    def test_its_arn_is_refused_and_the_message_says_why(
        self, connect_queue: Queue, failure_of: FailureOf, an_item: AnItem
    ) -> None:
        failed = failure_of(an_item(QueueId=connect_queue.arn))

        assert failed["FailureReasonCode"] == "INVALID_QUEUE"
        assert failed["FailureReasonMessage"].endswith("QueueId takes the id of a queue, not its ARN.")

    def test_one_of_another_instance_is_unknown(
        self, connect_mock: ConnectMock, failure_of: FailureOf, an_item: AnItem
    ) -> None:
        other = connect_mock.add_instance().add_queue()

        assert failure_of(an_item(QueueId=other.id))["FailureReasonCode"] == "INVALID_QUEUE"


class TestAttributes:
    @pytest.mark.parametrize("key", ["a.b", "$a", "a b", "größe", "a\n", "٣"])
    def test_a_key_has_letters_digits_dash_and_underscore_only(
        self, failure_of: FailureOf, an_item: AnItem, key: str
    ) -> None:
        failed = failure_of(an_item(Attributes={"fine": "1", key: "2"}))

        assert failed["FailureReasonCode"] == "INVALID_ATTRIBUTE_KEY"
        assert repr(key) in failed["FailureReasonMessage"]

    def test_values_may_be_anything(self, connect_mock: ConnectMock, put: Put, an_item: AnItem) -> None:
        attributes = {"A-z_0": "größe $.", "empty": "", "lone": "\ud800"}

        assert put(an_item(Attributes=attributes))["FailedRequestList"] == []
        assert connect_mock.contacts.one().attributes == attributes

    # The key "k" takes one byte, twice; two values share the rest.
    @pytest.mark.parametrize("letter", ["a", "é", "€", "😀", "\ud800"], ids=ascii)
    def test_they_take_32768_bytes_of_utf8_and_not_one_more(
        self, put: Put, failure_of: FailureOf, an_item: AnItem, letter: str
    ) -> None:
        size = len(letter.encode("utf-8", "surrogatepass"))
        count, rest = divmod(32_768 - 2, size)
        full = {"k": letter * (count // 2), "l": letter * (count - count // 2) + "a" * rest}

        assert put(an_item(Attributes=full))["FailedRequestList"] == []
        failed = failure_of(an_item(Attributes=full | {"l": full["l"] + "a"}))
        assert failed["FailureReasonCode"] == "INVALID_ATTRIBUTE_KEY"
        assert (
            failed["FailureReasonMessage"]
            == "The attributes take 32769 bytes in total; at most 32768 bytes are allowed."
        )


class TestOutboundStrategy:
    @pytest.mark.parametrize(
        "unusable",
        [
            {"Type": "AGENT_FIRST"},
            {"Type": "AGENT_FIRST", "Config": {}},
            {"Type": "AGENT_FIRST", "Config": {"AgentFirst": {}}},
        ],
        ids=["no config", "empty config", "empty agent first"],
    )
    def test_it_needs_a_preview(
        self, failure_of: FailureOf, an_item: AnItem, unusable: dict[str, Any]
    ) -> None:
        failed = failure_of(an_item(OutboundStrategy=unusable))

        assert failed["FailureReasonCode"] == "INVALID_OUTBOUND_STRATEGY"
        assert "Config.AgentFirst.Preview is missing" in failed["FailureReasonMessage"]

    def test_it_needs_an_action(self, failure_of: FailureOf, an_item: AnItem) -> None:
        failed = failure_of(an_item(OutboundStrategy=strategy(AllowedUserActions=[])))

        assert failed["FailureReasonCode"] == "INVALID_OUTBOUND_STRATEGY"
        assert "Preview.AllowedUserActions is empty" in failed["FailureReasonMessage"]

    def test_it_needs_a_queue(self, failure_of: FailureOf, an_item: AnItem) -> None:
        item = an_item(QueueId=None, SystemEndpoint=number(A_NUMBER), OutboundStrategy=strategy())

        failed = failure_of(item)

        assert failed["FailureReasonCode"] == "INVALID_OUTBOUND_STRATEGY"
        assert "QueueId is missing" in failed["FailureReasonMessage"]

    def test_one_that_can_be_used_is_kept_on_the_contact(
        self, connect_mock: ConnectMock, put: Put, an_item: AnItem
    ) -> None:
        assert put(an_item(OutboundStrategy=strategy()))["FailedRequestList"] == []
        assert connect_mock.contacts.one().outbound_strategy == strategy()


class TestRequestIdentifier:
    def test_used_twice_for_other_data_fails_the_second_item(
        self, connect_mock: ConnectMock, put: Put, an_item: AnItem
    ) -> None:
        answer = put(
            an_item(RequestIdentifier="row"),
            an_item(RequestIdentifier="row", CustomerEndpoint=number(ANOTHER_NUMBER)),
        )

        assert [created["RequestIdentifier"] for created in answer["SuccessfulRequestList"]] == ["row"]
        (failed,) = answer["FailedRequestList"]
        assert failed["FailureReasonCode"] == "IDEMPOTENCY_EXCEPTION"
        assert failed["FailureReasonMessage"].startswith(
            "RequestIdentifier 'row' is already used in this batch "
        )
        assert connect_mock.contacts.one().customer_address == A_NUMBER

    def test_the_same_token_and_data_create_one_contact(
        self, connect_mock: ConnectMock, put: Put, an_item: AnItem
    ) -> None:
        answer = put(*[an_item(RequestIdentifier="row")] * 2)

        contact = connect_mock.contacts.one()
        assert answer["SuccessfulRequestList"] == [{"RequestIdentifier": "row", "ContactId": contact.id}] * 2

    def test_is_used_up_by_an_item_that_failed(
        self, connect_mock: ConnectMock, put: Put, an_item: AnItem
    ) -> None:
        answer = put(
            an_item(RequestIdentifier="row", Campaign=None),
            an_item(RequestIdentifier="row"),
            an_item(RequestIdentifier="row", Campaign=None),
        )

        reasons = [failed["FailureReasonCode"] for failed in answer["FailedRequestList"]]
        assert reasons == ["MISSING_CAMPAIGN", "IDEMPOTENCY_EXCEPTION", "MISSING_CAMPAIGN"]
        connect_mock.assert_no_contacts()

    @pytest.mark.parametrize("identifier", [None, ""])
    def test_absent_or_empty_identifies_nothing(
        self, connect_mock: ConnectMock, put: Put, an_item: AnItem, identifier: str | None
    ) -> None:
        item = an_item(RequestIdentifier=identifier)

        answer = put(item, item)

        assert len({created["ContactId"] for created in answer["SuccessfulRequestList"]}) == 2
        connect_mock.assert_contact_count(2)

    def test_is_free_again_in_the_next_batch(
        self, connect_mock: ConnectMock, put: Put, an_item: AnItem
    ) -> None:
        put(an_item(RequestIdentifier="row"))
        put(an_item(RequestIdentifier="row", CustomerEndpoint=number(ANOTHER_NUMBER)))

        connect_mock.assert_contact_count(2, request_identifier="row")


# Each fault with its reason, in the order in which they are looked for.
FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("MISSING_CUSTOMER_ENDPOINT", {"CustomerEndpoint": None}),
    ("MISSING_QUEUE_ID_AND_SYSTEM_ENDPOINT", {"QueueId": None}),
    ("MISSING_CAMPAIGN", {"Campaign": None}),
    ("INVALID_CUSTOMER_ENDPOINT", {"CustomerEndpoint": number("0")}),
    ("INVALID_SYSTEM_ENDPOINT", {"SystemEndpoint": number("0")}),
    ("INVALID_QUEUE", {"QueueId": UNKNOWN}),
    ("INVALID_ATTRIBUTE_KEY", {"Attributes": {"a.b": "1"}}),
    ("INVALID_OUTBOUND_STRATEGY", {"OutboundStrategy": {"Type": "AGENT_FIRST"}}),
]
NEIGHBOURS = [
    pytest.param(earlier[0], later[0], earlier[1] | later[1], id=f"{earlier[0]} before {later[0]}")
    for earlier, later in pairwise(FAULTS)
]


@pytest.mark.parametrize(("earlier", "later", "changes"), NEIGHBOURS)
def test_an_item_with_two_faults_gets_the_earlier_reason(
    failure_of: FailureOf, an_item: AnItem, earlier: str, later: str, changes: dict[str, Any]
) -> None:
    assert failure_of(an_item(**dict(FAULTS)[later]))["FailureReasonCode"] == later
    assert failure_of(an_item(**changes))["FailureReasonCode"] == earlier


def test_a_fault_of_its_own_goes_before_a_used_identifier(put: Put, an_item: AnItem) -> None:
    answer = put(
        an_item(RequestIdentifier="row"),
        an_item(RequestIdentifier="row", OutboundStrategy={"Type": "AGENT_FIRST"}),
    )

    (failed,) = answer["FailedRequestList"]
    assert failed["FailureReasonCode"] == "INVALID_OUTBOUND_STRATEGY"
