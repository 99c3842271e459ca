"""Phone numbers: the available numbers, and the numbers that are claimed to an instance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from botocore.exceptions import ClientError
from factories import UNKNOWN

from connect_batchmock import ConnectMock, Instance
from connect_batchmock.domain.phone_numbers import first_digits_of, numbers_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
Claim = Callable[..., dict[str, Any]]
Describe = Callable[[str], dict[str, Any]]


@pytest.fixture
def claim(connect_client: Any, connect_instance: Instance) -> Claim:
    """Claim a number to ``connect_instance``; a keyword adds a parameter."""

    def call(number: str = "+15555550100", **parameters: Any) -> dict[str, Any]:
        target = {"InstanceId": connect_instance.id, "PhoneNumber": number}
        answer: dict[str, Any] = connect_client.claim_phone_number(**{**target, **parameters})
        return answer

    return call


@pytest.fixture
def describe(connect_client: Any) -> Describe:
    """Describe a claimed number."""

    def call(number_id: str) -> dict[str, Any]:
        answer = connect_client.describe_phone_number(PhoneNumberId=number_id)
        return dict(answer["ClaimedPhoneNumberSummary"])

    return call


@pytest.fixture
def search(connect_client: Any, connect_instance: Instance) -> Callable[..., list[str]]:
    """Search for numbers that ``connect_instance`` could claim, a hundred at most."""

    def call(country: str = "US", type: str = "DID", **parameters: Any) -> list[str]:
        about = {"PhoneNumberCountryCode": country, "PhoneNumberType": type, **parameters}
        paginator = connect_client.get_paginator("search_available_phone_numbers")
        pages = paginator.paginate(InstanceId=connect_instance.id, **about)
        offered = [number for page in pages for number in page["AvailableNumbersList"]]
        assert all(
            (number["PhoneNumberCountryCode"], number["PhoneNumberType"]) == (country, type)
            for number in offered
        )
        return [number["PhoneNumber"] for number in offered]

    return call


class TestClaim:
    """Claiming and describing."""

    def test_a_number_is_there_at_once(
        self, connect_instance: Instance, claim: Claim, describe: Describe
    ) -> None:
        claimed = claim(PhoneNumberDescription="Sales", Tags={"team": "outbound"})

        (number,) = connect_instance.phone_numbers
        arn = f"arn:aws:connect:us-east-1:123456789012:phone-number/{number.id}"
        assert (number.id, number.arn, number.number) == (claimed["PhoneNumberId"], arn, "+15555550100")
        assert claimed["PhoneNumberArn"] == arn
        assert describe(number.id) == describe(arn)
        assert describe(number.id) == {
            "PhoneNumberId": number.id,
            "PhoneNumberArn": arn,
            "PhoneNumber": "+15555550100",
            "PhoneNumberCountryCode": "US",
            "PhoneNumberType": "DID",
            "PhoneNumberDescription": "Sales",
            "TargetArn": connect_instance.arn,
            "InstanceId": connect_instance.id,
            "Tags": {"team": "outbound"},
            "PhoneNumberStatus": {"Status": "CLAIMED"},
        }

    def test_a_number_that_a_test_has_added_is_described(
        self, connect_instance: Instance, describe: Describe
    ) -> None:
        number = connect_instance.add_phone_number("+442079460100")

        described = describe(number.id)
        assert (described["PhoneNumber"], described["PhoneNumberCountryCode"]) == ("+442079460100", "GB")
        assert not {"PhoneNumberDescription", "Tags"} & set(described)

    @pytest.mark.parametrize(
        ("number", "country", "type"),
        [
            ("+12065550100", "US", "DID"),
            ("+18885550100", "US", "TOLL_FREE"),
            ("+14165550100", "CA", "DID"),
            ("+18765550100", "JM", "DID"),
            ("+448005550100", "GB", "TOLL_FREE"),
            ("+448335550100", "GB", "DID"),
            ("+77015550100", "KZ", "DID"),
            ("+79015550100", "RU", "DID"),
            ("+9995550100", None, "DID"),
        ],
    )
    def test_country_and_type_come_from_the_number(
        self, claim: Claim, describe: Describe, number: str, country: str | None, type: str
    ) -> None:
        described = describe(claim(number)["PhoneNumberId"])

        assert (described.get("PhoneNumberCountryCode"), described["PhoneNumberType"]) == (country, type)

    def test_a_number_is_claimed_once_in_a_region(
        self, connect_mock: ConnectMock, claim: Claim, make_client: Callable[..., Any]
    ) -> None:
        connect_mock.add_instance().add_phone_number("+15555550100")
        elsewhere = connect_mock.add_instance(region="eu-west-2")

        with pytest.raises(ClientError, match=r"'\+15555550100' is not available") as caught:
            claim("+15555550100")
        assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
        make_client(region_name="eu-west-2").claim_phone_number(
            InstanceId=elsewhere.id, PhoneNumber="+15555550100"
        )
        assert len(elsewhere.phone_numbers) == 1

    def test_a_target_goes_by_its_arn(self, connect_mock: ConnectMock, connect_client: Any) -> None:
        connect_mock.add_instance()
        other = connect_mock.add_instance()
        connect_client.claim_phone_number(TargetArn=other.arn, PhoneNumber="+15555550100")

        assert [number.number for number in other.phone_numbers] == ["+15555550100"]

    @pytest.mark.parametrize("operation", ["claim", "search"])
    def test_exactly_one_target_is_given(
        self, connect_client: Any, connect_instance: Instance, operation: str
    ) -> None:
        both = {"TargetArn": connect_instance.arn, "InstanceId": connect_instance.id}
        call, parameters = _call(connect_client, operation)

        for present, target in (("missing", {}), ("present", both)):
            with pytest.raises(
                connect_client.exceptions.InvalidParameterException,
                match=f"are both {present}; give exactly one of them",
            ):
                call(**parameters, **target)

    @pytest.mark.parametrize("target", [{"InstanceId": UNKNOWN}, {"TargetArn": f"arn:aws:connect:{UNKNOWN}"}])
    def test_an_unknown_target_is_not_found(
        self, connect_client: Any, connect_instance: Instance, target: dict[str, str]
    ) -> None:
        claim, number = _call(connect_client, "claim")
        search, wanted = _call(connect_client, "search")

        with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=UNKNOWN):
            claim(**number, **target)
        # The search has no modeled error for an unknown instance.
        with pytest.raises(connect_client.exceptions.InvalidParameterException, match=UNKNOWN):
            search(**wanted, **target)

    def test_a_token_claims_one_number(
        self, connect_client: Any, connect_instance: Instance, claim: Claim
    ) -> None:
        first, again = claim(ClientToken="token"), claim(ClientToken="token")

        assert first["PhoneNumberId"] == again["PhoneNumberId"]
        assert len(connect_instance.phone_numbers) == 1
        with pytest.raises(connect_client.exceptions.IdempotencyException):
            claim("+15555550101", ClientToken="token")

    def test_contacts_come_from_claimed_numbers(
        self, connect_mock: ConnectMock, claim: Claim, put: Any, an_item: Any
    ) -> None:
        claim("+15555550100")
        endpoints = [{"Type": "TELEPHONE_NUMBER", "Address": f"+1555555010{last}"} for last in (0, 1)]

        answer = put(*(an_item(SystemEndpoint=endpoint) for endpoint in endpoints))

        assert connect_mock.contacts.one().system_address == "+15555550100"
        assert answer["FailedRequestList"][0]["FailureReasonCode"] == "INVALID_SYSTEM_ENDPOINT"


def _call(client: Any, operation: str) -> tuple[Any, dict[str, str]]:
    if operation == "claim":
        return client.claim_phone_number, {"PhoneNumber": "+15555550100"}
    wanted = {"PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    return client.search_available_phone_numbers, wanted


@pytest.mark.parametrize("operation", ["describe_phone_number", "release_phone_number"])
def test_an_unknown_number_is_not_found(
    connect_client: Any, connect_instance: Instance, operation: str
) -> None:
    connect_instance.add_phone_number("+15555550100")

    with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=UNKNOWN):
        getattr(connect_client, operation)(PhoneNumberId=UNKNOWN)


class TestOffer:
    """The numbers that can be searched for."""

    def test_a_hundred_numbers_are_offered_ten_at_a_time(
        self, connect_client: Any, connect_instance: Instance, search: Callable[..., list[str]]
    ) -> None:
        first = connect_client.search_available_phone_numbers(
            TargetArn=connect_instance.arn, PhoneNumberCountryCode="US", PhoneNumberType="DID"
        )

        assert search() == [f"+155555501{last:02}" for last in range(100)]
        assert len(first["AvailableNumbersList"]) == 10

    def test_claimed_numbers_are_not_offered(
        self, connect_mock: ConnectMock, claim: Claim, search: Callable[..., list[str]]
    ) -> None:
        claim("+15555550100")
        connect_mock.add_instance().add_phone_number("+15555550101")

        assert search()[0] == "+15555550102"
        claim(search()[0])
        assert search()[0] == "+15555550103"

    @pytest.mark.parametrize(
        ("country", "type", "prefix", "first", "count"),
        [
            ("US", "TOLL_FREE", "+1", "+18005550100", 100),
            ("US", "TOLL_FREE", "+1888", "+18885550100", 100),
            ("US", "DID", "+1206", "+12065550100", 100),
            ("US", "DID", "+12069999999", "+12069999999", 1),
            ("US", "DID", "+12065550", "+12065550100", 100),
            ("US", "DID", "+1206555014", "+12065550140", 10),
            ("US", "DID", "+12065550142", "+12065550142", 1),
            ("US", "DID", "+1800", None, 0),
            ("US", "DID", "+44", None, 0),
            ("GB", "DID", "+44", "+445555550100", 100),
            ("GB", "TOLL_FREE", "+4", "+448005550100", 100),
            ("CA", "DID", "+1416", "+14165550100", 100),
            ("CA", "TOLL_FREE", "+1", None, 0),
            ("US", "UIFN", "+1", None, 0),
            ("AQ", "DID", "+6", None, 0),
        ],
    )
    def test_by_country_type_and_prefix(
        self,
        search: Callable[..., list[str]],
        country: str,
        type: str,
        prefix: str,
        first: str | None,
        count: int,
    ) -> None:
        found = search(country, type, PhoneNumberPrefix=prefix)

        assert len(found) == count
        assert first is None or found[0] == first
        assert all(number.startswith(prefix) for number in found)

    def test_every_country_with_a_calling_code_has_numbers(
        self, connect_client: Any, connect_instance: Instance
    ) -> None:
        countries = connect_client.meta.service_model.shape_for("PhoneNumberCountryCode").enum
        known = [country for country in countries if first_digits_of(country) is not None]

        assert len(known) > 200
        for country in known:
            number = next(numbers_of(country, "DID", "+"))
            connect_client.claim_phone_number(InstanceId=connect_instance.id, PhoneNumber=number)
        listed = connect_client.list_phone_numbers_v2(InstanceId=connect_instance.id, MaxResults=1000)
        assert [number["PhoneNumberCountryCode"] for number in listed["ListPhoneNumbersSummaryList"]] == known

    @pytest.mark.parametrize("operation", ["search_available_phone_numbers", "list_phone_numbers_v2"])
    def test_a_prefix_has_its_plus_sign(
        self, connect_client: Any, connect_instance: Instance, operation: str
    ) -> None:
        wanted = {"PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
        parameters = wanted if operation.startswith("search") else {}

        with pytest.raises(
            connect_client.exceptions.InvalidParameterException, match="'1206' must begin with"
        ):
            getattr(connect_client, operation)(
                InstanceId=connect_instance.id, PhoneNumberPrefix="1206", **parameters
            )


class TestList:
    """The numbers that are claimed, old style and new."""

    @pytest.fixture
    def numbers(self, connect_mock: ConnectMock, connect_instance: Instance, claim: Claim) -> list[str]:
        """Claim three numbers, and one to another instance."""
        connect_mock.add_instance().add_phone_number("+15555550199")
        connect_instance.add_phone_number("+15555550100")
        claim("+18005550100", PhoneNumberDescription="Free")
        claim("+442079460100")
        return [number.number for number in connect_instance.phone_numbers]

    def test_a_number_is_listed_with_its_instance(
        self, connect_client: Any, connect_instance: Instance, numbers: list[str], describe: Describe
    ) -> None:
        listed = connect_client.list_phone_numbers_v2(TargetArn=connect_instance.arn)

        summaries = listed["ListPhoneNumbersSummaryList"]
        assert [summary["PhoneNumber"] for summary in summaries] == numbers
        for summary in summaries:
            described = describe(summary["PhoneNumberId"])
            assert described.pop("PhoneNumberStatus") == {"Status": "CLAIMED"}
            assert summary == described

    def test_without_a_target_all_of_the_region_are_listed(
        self, connect_client: Any, numbers: list[str], make_client: Callable[..., Any]
    ) -> None:
        here = connect_client.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"]
        elsewhere = make_client(region_name="eu-west-2").list_phone_numbers_v2()

        assert sorted(one["PhoneNumber"] for one in here) == sorted([*numbers, "+15555550199"])
        assert elsewhere["ListPhoneNumbersSummaryList"] == []

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ({"PhoneNumberCountryCodes": ["GB", "DE"]}, ["+442079460100"]),
            ({"PhoneNumberTypes": ["DID"]}, ["+15555550100", "+442079460100"]),
            ({"PhoneNumberTypes": ["DID"], "PhoneNumberCountryCodes": ["US"]}, ["+15555550100"]),
            ({"PhoneNumberTypes": ["UIFN"]}, []),
        ],
    )
    def test_they_are_listed_by_country_and_type(
        self,
        connect_client: Any,
        connect_instance: Instance,
        numbers: list[str],
        wanted: dict[str, list[str]],
        found: list[str],
    ) -> None:
        new = connect_client.list_phone_numbers_v2(InstanceId=connect_instance.id, **wanted)
        old = connect_client.list_phone_numbers(InstanceId=connect_instance.id, **wanted)

        assert [number["PhoneNumber"] for number in new["ListPhoneNumbersSummaryList"]] == found
        assert [number["PhoneNumber"] for number in old["PhoneNumberSummaryList"]] == found

    def test_they_are_listed_by_prefix(
        self, connect_client: Any, connect_instance: Instance, numbers: list[str]
    ) -> None:
        listed = connect_client.list_phone_numbers_v2(
            InstanceId=connect_instance.id, PhoneNumberPrefix="+1800"
        )

        assert [number["PhoneNumber"] for number in listed["ListPhoneNumbersSummaryList"]] == ["+18005550100"]

    def test_the_old_list_has_the_old_arns(
        self, connect_client: Any, connect_instance: Instance, numbers: list[str]
    ) -> None:
        listed = connect_client.list_phone_numbers(InstanceId=connect_instance.id)["PhoneNumberSummaryList"]

        number = connect_instance.phone_numbers[1]
        assert listed[1] == {
            "Id": number.id,
            "Arn": f"{connect_instance.arn}/phone-number/{number.id}",
            "PhoneNumber": "+18005550100",
            "PhoneNumberType": "TOLL_FREE",
            "PhoneNumberCountryCode": "US",
        }

    @pytest.mark.parametrize(
        ("operation", "member"),
        [
            ("list_phone_numbers", "PhoneNumberSummaryList"),
            ("list_phone_numbers_v2", "ListPhoneNumbersSummaryList"),
        ],
    )
    def test_they_are_listed_page_by_page(
        self, connect_client: Any, connect_instance: Instance, operation: str, member: str
    ) -> None:
        for last in range(101):
            connect_instance.add_phone_number(f"+1555555{last:04}")
        call = getattr(connect_client, operation)

        first = call(InstanceId=connect_instance.id)
        second = call(InstanceId=connect_instance.id, NextToken=first["NextToken"])
        assert len(first[member]) == 100
        assert [one["PhoneNumber"] for one in second[member]] == ["+15555550100"]
        assert "NextToken" not in second

    def test_an_unknown_instance_is_not_found(self, connect_client: Any) -> None:
        for call in (connect_client.list_phone_numbers, connect_client.list_phone_numbers_v2):
            with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match=UNKNOWN):
                call(InstanceId=UNKNOWN)

    def test_two_targets_are_refused(self, connect_client: Any, connect_instance: Instance) -> None:
        with pytest.raises(connect_client.exceptions.InvalidParameterException, match="are both present"):
            connect_client.list_phone_numbers_v2(
                TargetArn=connect_instance.arn, InstanceId=connect_instance.id
            )


class TestRelease:
    """Releasing."""

    def test_a_released_number_rests_for_180_days(
        self, connect_client: Any, connect_instance: Instance, claim: Claim, search: Callable[..., list[str]]
    ) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            connect_client.release_phone_number(PhoneNumberId=claim("+15555550100")["PhoneNumberId"])
            assert connect_instance.phone_numbers == []

            clock.move_to(NOW + timedelta(days=180, seconds=-1), tick=False)
            assert search()[0] == "+15555550101"
            with pytest.raises(
                connect_client.exceptions.InvalidParameterException, match="released less than"
            ):
                claim("+15555550100")

            clock.move_to(NOW + timedelta(days=180), tick=False)
            assert search()[0] == "+15555550100"
            claim("+15555550100")
        assert len(connect_instance.phone_numbers) == 1

    def test_a_number_goes_by_its_arn(self, connect_client: Any, connect_instance: Instance) -> None:
        number = connect_instance.add_phone_number("+15555550100")
        connect_client.release_phone_number(PhoneNumberId=number.arn)

        assert connect_instance.phone_numbers == []

    def test_a_repeated_release_is_answered_as_the_first(self, connect_client: Any, claim: Claim) -> None:
        about = {"PhoneNumberId": claim()["PhoneNumberId"], "ClientToken": "token"}
        connect_client.release_phone_number(**about)

        assert connect_client.release_phone_number(**about)["ResponseMetadata"]["HTTPStatusCode"] == 200
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException):
            connect_client.release_phone_number(**{**about, "ClientToken": "other"})

    def test_a_queue_needs_its_number(self, connect_client: Any, connect_instance: Instance) -> None:
        number = connect_instance.add_phone_number("+15555550100")
        connect_instance.add_queue("Inbound")
        about = {"InstanceId": connect_instance.id, "QueueId": connect_instance.add_queue("Sales").id}
        connect_client.update_queue_outbound_caller_config(
            **about, OutboundCallerConfig={"OutboundCallerIdNumberId": number.id}
        )

        with pytest.raises(
            connect_client.exceptions.ResourceInUseException, match="is in use by the queue 'Sales'"
        ):
            connect_client.release_phone_number(PhoneNumberId=number.id)
        connect_client.update_queue_outbound_caller_config(**about, OutboundCallerConfig={})
        connect_client.release_phone_number(PhoneNumberId=number.id)
        assert connect_instance.phone_numbers == []

    def test_a_campaign_needs_its_number(self, connect_client: Any, connect_instance: Instance) -> None:
        number = connect_instance.add_phone_number("+15555550100")
        connect_instance.add_campaign("Winter", queue=connect_instance.add_queue())
        campaign = connect_instance.add_campaign("Spring", source_number=number.number)

        with pytest.raises(
            connect_client.exceptions.ResourceInUseException, match="is in use by the campaign 'Spring'"
        ):
            connect_client.release_phone_number(PhoneNumberId=number.id)
        campaign.delete()
        connect_client.release_phone_number(PhoneNumberId=number.id)
        assert connect_instance.phone_numbers == []
