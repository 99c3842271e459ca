"""Phone numbers: those on offer, and those that are claimed to an instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connect_batchmock.domain.errors import NotFoundError, ResourceInUseError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.phone_numbers import PhoneNumber, numbers_of
from connect_batchmock.domain.region import Region
from connect_batchmock.services.connect.members import drop_empty, the_campaign
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.idempotency import idempotent
from connect_batchmock.services.pagination import page


def search_available_phone_numbers(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Offer phone numbers of a country and type, always the same, as far as they can be claimed.

    Ours: Numbers on offer.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchAvailablePhoneNumbers.html.
    """
    _target(context.region, parameters)
    country, type = parameters["PhoneNumberCountryCode"], parameters["PhoneNumberType"]
    offered = numbers_of(country, type, _prefix(parameters))
    numbers, following = page([one for one in offered if context.region.may_claim(one)], parameters, most=10)
    available = [
        {"PhoneNumber": number, "PhoneNumberCountryCode": country, "PhoneNumberType": type}
        for number in numbers
    ]
    return {"AvailableNumbersList": available, **following}


def claim_phone_number(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Claim a phone number to an instance, which has it at once.

    Ours: Claiming a number; The country and type of a number.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ClaimPhoneNumber.html.
    """
    instance = _target(context.region, parameters)

    def claim() -> dict[str, Any]:
        if not context.region.may_claim(parameters["PhoneNumber"]):
            raise InvalidRequestError(
                f"The phone number {parameters['PhoneNumber']!r} is not available: it is claimed "
                f"already, or was released less than 180 days ago. SearchAvailablePhoneNumbers tells "
                f"which ones are."
            )
        number = instance.claim_phone_number(
            parameters["PhoneNumber"],
            description=parameters.get("PhoneNumberDescription"),
            tags=dict(parameters.get("Tags", {})),
        )
        return {"PhoneNumberId": number.id, "PhoneNumberArn": number.arn}

    return idempotent(context, "ClaimPhoneNumber", instance.id, parameters, claim)


def describe_phone_number(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a claimed phone number, which is found by its id or its ARN.

    Ours: The country and type of a number.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribePhoneNumber.html.
    """
    instance, number = context.region.phone_number(parameters["PhoneNumberId"])
    status = {"Status": "CLAIMED"}
    description = _description(instance, number)
    description |= drop_empty(Tags=dict(number.tags), PhoneNumberStatus=status)
    return {"ClaimedPhoneNumberSummary": description}


def list_phone_numbers(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the phone numbers of an instance, with the old ARNs, which are good for nothing else.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListPhoneNumbers.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    numbers = [one for one in instance.phone_numbers.values() if _is_wanted(one, parameters)]
    listed, following = page(numbers, parameters, most=100)
    summaries = [
        drop_empty(
            Id=number.id,
            Arn=f"{instance.arn}/phone-number/{number.id}",
            PhoneNumber=number.number,
            PhoneNumberType=number.type,
            PhoneNumberCountryCode=number.country,
        )
        for number in listed
    ]
    return {"PhoneNumberSummaryList": summaries, **following}


def list_phone_numbers_v2(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the phone numbers of an instance, or of all instances of the account and region.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListPhoneNumbersV2.html.
    """
    prefix = _prefix(parameters)
    numbers = [
        (instance, number)
        for instance, number in _numbers_in_question(context.region, parameters)
        if _is_wanted(number, parameters) and number.number.startswith(prefix)
    ]
    listed, following = page(numbers, parameters, most=100)
    return {"ListPhoneNumbersSummaryList": [_description(*one) for one in listed], **following}


def release_phone_number(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Release a phone number that no queue and no campaign calls from.

    Ours: Releasing a number; The token of a deleted resource.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ReleasePhoneNumber.html.
    """

    def release() -> dict[str, Any]:
        instance, number = context.region.phone_number(parameters["PhoneNumberId"])
        for user in _users(instance, number):
            raise ResourceInUseError("phone number", number.number, user)
        context.region.release(instance, number)
        return {}

    return idempotent(context, "ReleasePhoneNumber", parameters["PhoneNumberId"], parameters, release)


def _target(region: Region, parameters: Mapping[str, Any]) -> Instance:
    """Return the instance that a number is or will be claimed to, which goes by its id or by its ARN."""
    given = [name for name in ("TargetArn", "InstanceId") if name in parameters]
    if len(given) != 1:
        raise InvalidRequestError(
            f"TargetArn and InstanceId both name an instance; exactly one of them is to be given, not "
            f"{len(given)}."
        )
    if "InstanceId" in parameters:
        return region.instance(parameters["InstanceId"])
    for instance in region.instances.values():
        if instance.arn == parameters["TargetArn"]:
            return instance
    raise NotFoundError("target", parameters["TargetArn"])


def _prefix(parameters: Mapping[str, Any]) -> str:
    prefix: str = parameters.get("PhoneNumberPrefix", "+")
    if not prefix.startswith("+"):
        raise InvalidRequestError(
            f"PhoneNumberPrefix {prefix!r} is to begin with a plus sign and a country's code, such as '+44'."
        )
    return prefix


def _numbers_in_question(region: Region, parameters: Mapping[str, Any]) -> list[tuple[Instance, PhoneNumber]]:
    if "TargetArn" not in parameters and "InstanceId" not in parameters:
        return region.phone_numbers()
    instance = _target(region, parameters)
    return [(instance, number) for number in instance.phone_numbers.values()]


def _is_wanted(number: PhoneNumber, parameters: Mapping[str, Any]) -> bool:
    types, countries = parameters.get("PhoneNumberTypes"), parameters.get("PhoneNumberCountryCodes")
    return (not types or number.type in types) and (not countries or number.country in countries)


def _users(instance: Instance, number: PhoneNumber) -> Iterator[str]:
    for queue in instance.queues.values():
        if queue.outbound_caller is not None and queue.outbound_caller.number_id == number.id:
            yield f"the queue {queue.name!r}"
    for campaign in instance.campaigns.values():
        telephony = campaign.telephony
        if telephony is not None and telephony.source_number in (number.number, number.arn):
            yield the_campaign(campaign.name)


def _description(instance: Instance, number: PhoneNumber) -> dict[str, Any]:
    return drop_empty(
        PhoneNumberId=number.id,
        PhoneNumberArn=number.arn,
        PhoneNumber=number.number,
        PhoneNumberCountryCode=number.country,
        PhoneNumberType=number.type,
        PhoneNumberDescription=number.description,
        TargetArn=instance.arn,
        InstanceId=instance.id,
    )
