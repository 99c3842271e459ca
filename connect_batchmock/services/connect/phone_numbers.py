"""Phone numbers: the available numbers, and the numbers that are claimed to an instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from connect_batchmock.domain.errors import NotFoundError, ResourceInUseError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.phone_numbers import PhoneNumber, numbers_of
from connect_batchmock.domain.region import Region
from connect_batchmock.protocol.model import service_model
from connect_batchmock.services.connect.members import drop_empty
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.idempotency import idempotent
from connect_batchmock.services.pagination import page
from connect_batchmock.services.quotas import check_quota


def search_available_phone_numbers(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List available phone numbers of a country and type; the numbers are the same in every test run.

    Ours: Numbers on offer.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchAvailablePhoneNumbers.html.
    """
    _target(context.region, parameters)
    country, type = parameters["PhoneNumberCountryCode"], parameters["PhoneNumberType"]
    numbers = numbers_of(country, type, _prefix(parameters))
    available = [number for number in numbers if context.region.may_claim(number)]
    numbers_on_page, next_token = page(available, parameters, default_size=10)
    summaries = [
        {"PhoneNumber": number, "PhoneNumberCountryCode": country, "PhoneNumberType": type}
        for number in numbers_on_page
    ]
    return {"AvailableNumbersList": summaries, **next_token}


def claim_phone_number(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Claim a phone number to an instance; the claim is immediately complete.

    Ours: Claiming a number; The country and type of a number; Quotas of resources.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ClaimPhoneNumber.html.
    """
    instance = _target(context.region, parameters)

    def claim() -> dict[str, Any]:
        if not context.region.may_claim(parameters["PhoneNumber"]):
            raise InvalidRequestError(
                f"The phone number {parameters['PhoneNumber']!r} is not available: it is already claimed, or "
                f"was released less than 180 days ago. SearchAvailablePhoneNumbers lists available numbers."
            )
        check_quota(context, "phone numbers", len(instance.phone_numbers))
        number = instance.claim_phone_number(
            parameters["PhoneNumber"],
            description=parameters.get("PhoneNumberDescription"),
            tags=dict(parameters.get("Tags", {})),
        )
        return {"PhoneNumberId": number.id, "PhoneNumberArn": number.arn}

    return idempotent(context, "ClaimPhoneNumber", instance.id, parameters, claim)


def describe_phone_number(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a claimed phone number by its id or ARN.

    Ours: The country and type of a number.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribePhoneNumber.html.
    """
    instance, number = context.region.phone_number(parameters["PhoneNumberId"])
    status = {"Status": "CLAIMED"}
    description = _description(instance, number)
    description |= drop_empty(Tags=dict(number.tags), PhoneNumberStatus=status)
    return {"ClaimedPhoneNumberSummary": description}


def list_phone_numbers(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the phone numbers of an instance, with legacy ARNs that no other operation accepts.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListPhoneNumbers.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    numbers = [number for number in instance.phone_numbers.values() if _matches(number, parameters)]
    numbers_on_page, next_token = page(numbers, parameters, default_size=100)
    summaries = [
        drop_empty(
            Id=number.id,
            Arn=f"{instance.arn}/phone-number/{number.id}",
            PhoneNumber=number.number,
            PhoneNumberType=number.type,
            PhoneNumberCountryCode=_country(number),
        )
        for number in numbers_on_page
    ]
    return {"PhoneNumberSummaryList": summaries, **next_token}


def list_phone_numbers_v2(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the phone numbers of an instance, or of all instances of the account and region.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListPhoneNumbersV2.html.
    """
    prefix = _prefix(parameters)
    numbers = [
        (instance, number)
        for instance, number in _numbers_in_scope(context.region, parameters)
        if _matches(number, parameters) and number.number.startswith(prefix)
    ]
    numbers_on_page, next_token = page(numbers, parameters, default_size=100)
    summaries = [_description(instance, number) for instance, number in numbers_on_page]
    return {"ListPhoneNumbersSummaryList": summaries, **next_token}


def release_phone_number(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Release a phone number that no queue and no campaign uses.

    Ours: Releasing a number; The token of a deleted resource.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ReleasePhoneNumber.html.
    """

    def release() -> dict[str, Any]:
        instance, number = context.region.phone_number(parameters["PhoneNumberId"])
        _check_unused(instance, number)
        context.region.release(instance, number)
        return {}

    return idempotent(context, "ReleasePhoneNumber", parameters["PhoneNumberId"], parameters, release)


def update_phone_number(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Move a phone number that no queue and no campaign uses to another instance, without its contact flow.

    Ours: Moving a number; Quotas of resources.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdatePhoneNumber.html.
    """

    def update() -> dict[str, Any]:
        instance, number = context.region.phone_number(parameters["PhoneNumberId"])
        target = _target(context.region, parameters)
        if target is not instance:
            _check_unused(instance, number)
            check_quota(context, "phone numbers", len(target.phone_numbers))
            instance.remove_phone_number(number)
            target.phone_numbers[number.id] = number
        return {"PhoneNumberId": number.id, "PhoneNumberArn": number.arn}

    return idempotent(context, "UpdatePhoneNumber", parameters["PhoneNumberId"], parameters, update)


def associate_phone_number_contact_flow(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Let a contact flow answer a phone number, in place of the flow that has answered it.

    Ours: The flow of a number.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_AssociatePhoneNumberContactFlow.html.
    """
    instance, number = _number_of_instance(context, parameters)
    flow_id = parameters["ContactFlowId"].removeprefix(f"{instance.arn}/contact-flow/")
    instance.flows_of_numbers[number.id] = instance.flow(flow_id).id
    return {}


def disassociate_phone_number_contact_flow(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the contact flow of a phone number; a number without a flow stays as it is.

    Ours: The flow of a number.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DisassociatePhoneNumberContactFlow.html.
    """
    instance, number = _number_of_instance(context, parameters)
    instance.flows_of_numbers.pop(number.id, None)
    return {}


def _number_of_instance(context: Context, parameters: Mapping[str, Any]) -> tuple[Instance, PhoneNumber]:
    instance = context.region.instance(parameters["InstanceId"])
    return instance, instance.phone_number(parameters["PhoneNumberId"])


def _check_unused(instance: Instance, number: PhoneNumber) -> None:
    for user in _users(instance, number):
        raise ResourceInUseError("phone number", number.number, user)


def _target(region: Region, parameters: Mapping[str, Any]) -> Instance:
    """Return the instance of a request, which names it by its id or ARN."""
    if ("TargetArn" in parameters) == ("InstanceId" in parameters):
        present = "both present" if "TargetArn" in parameters else "both missing"
        raise InvalidRequestError(f"TargetArn and InstanceId are {present}; give exactly one of them.")
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
            f"PhoneNumberPrefix {prefix!r} must begin with a plus sign and a country code, such as '+44'."
        )
    return prefix


def _numbers_in_scope(region: Region, parameters: Mapping[str, Any]) -> list[tuple[Instance, PhoneNumber]]:
    if "TargetArn" not in parameters and "InstanceId" not in parameters:
        return region.phone_numbers()
    instance = _target(region, parameters)
    return [(instance, number) for number in instance.phone_numbers.values()]


def _matches(number: PhoneNumber, parameters: Mapping[str, Any]) -> bool:
    types, countries = parameters.get("PhoneNumberTypes"), parameters.get("PhoneNumberCountryCodes")
    return (not types or number.type in types) and (not countries or number.country in countries)


def _country(number: PhoneNumber) -> str | None:
    """Return the country of a number; None if it is unknown, or not a country of the model."""
    return number.country if number.country in _countries() else None


@cache
def _countries() -> frozenset[str]:
    return frozenset(service_model("connect").shape_for("PhoneNumberCountryCode").enum)


def _users(instance: Instance, number: PhoneNumber) -> Iterator[str]:
    for queue in instance.queues.values():
        if queue.outbound_caller is not None and queue.outbound_caller.number_id == number.id:
            yield f"the queue {queue.name!r}"
    for campaign in instance.campaigns.values():
        telephony = campaign.telephony
        if telephony is not None and telephony.source_number in (number.number, number.arn):
            yield f"the campaign {campaign.name!r}"


def _description(instance: Instance, number: PhoneNumber) -> dict[str, Any]:
    return drop_empty(
        PhoneNumberId=number.id,
        PhoneNumberArn=number.arn,
        PhoneNumber=number.number,
        PhoneNumberCountryCode=_country(number),
        PhoneNumberType=number.type,
        PhoneNumberDescription=number.description,
        TargetArn=instance.arn,
        InstanceId=instance.id,
    )
