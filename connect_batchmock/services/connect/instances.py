"""Instances and their attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock._text import short
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.region import Region
from connect_batchmock.protocol.model import operation_model
from connect_batchmock.services.connect.members import drop_empty
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.idempotency import idempotent
from connect_batchmock.services.pagination import page
from connect_batchmock.services.quotas import check_quota

_ON_BY_DEFAULT = ("AUTO_RESOLVE_BEST_VOICES", "CONTACT_LENS", "EARLY_MEDIA", "HIGH_VOLUME_OUTBOUND")


def create_instance(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Create an instance, which is immediately active but not onboarded to outbound campaigns.

    Ours: Aliases; An instance is ready at once; What a new instance has; Quotas of resources.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateInstance.html.
    """

    def create() -> dict[str, Any]:
        check_quota(context, "instances", len(context.region.instances))
        instance = context.region.add_instance(
            _alias(context.region, parameters),
            identity_management_type=parameters["IdentityManagementType"],
            inbound_calls=parameters["InboundCallsEnabled"],
            outbound_calls=parameters["OutboundCallsEnabled"],
            onboarding=None,
            attributes={"HIGH_VOLUME_OUTBOUND": "false"},
            tags=dict(parameters.get("Tags", {})),
        )
        return {"Id": instance.id, "Arn": instance.arn}

    return idempotent(context, "CreateInstance", "", parameters, create)


def describe_instance(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe an instance.

    Ours: An instance is ready at once.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeInstance.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    return {"Instance": _summary(instance) | drop_empty(Tags=dict(instance.tags))}


def list_instances(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the instances of the account and region, in the order of their creation.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListInstances.html.
    """
    instances, next_token = page(list(context.region.instances.values()), parameters, default_size=10)
    return {"InstanceSummaryList": [_summary(instance) for instance in instances], **next_token}


def delete_instance(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete an instance and its resources; its contacts stay.

    Ours: A deleted instance; The token of a deleted resource.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DeleteInstance.html.
    """
    instance_id = parameters["InstanceId"]

    def delete() -> dict[str, Any]:
        context.region.remove_instance(context.region.instance(instance_id))
        return {}

    return idempotent(context, "DeleteInstance", instance_id, parameters, delete)


def describe_instance_attribute(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe an attribute of an instance.

    Ours: Instance attributes.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeInstanceAttribute.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    attribute = parameters["AttributeType"]
    return {"Attribute": {"AttributeType": attribute, "Value": _attributes(instance)[attribute]}}


def update_instance_attribute(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Switch an attribute of an instance on or off.

    Ours: Instance attributes.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateInstanceAttribute.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    attribute, value = parameters["AttributeType"], parameters["Value"]
    if value not in ("true", "false"):
        raise InvalidRequestError(
            f"The Value of the attribute {attribute} must be 'true' or 'false', not {short(value)}."
        )

    def update() -> dict[str, Any]:
        if attribute == "INBOUND_CALLS":
            instance.inbound_calls = value == "true"
        elif attribute == "OUTBOUND_CALLS":
            instance.outbound_calls = value == "true"
        else:
            instance.attributes[attribute] = value
        return {}

    return idempotent(context, "UpdateInstanceAttribute", instance.id, parameters, update)


def list_instance_attributes(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List all attributes of an instance, in the order of the model.

    Ours: Instance attributes.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListInstanceAttributes.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    pairs, next_token = page(list(_attributes(instance).items()), parameters, default_size=7)
    attributes = [{"AttributeType": attribute, "Value": value} for attribute, value in pairs]
    return {"Attributes": attributes, **next_token}


def list_integration_associations(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the integrations of an instance with other services: none.

    Ours: Integrations with other services.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListIntegrationAssociations.html.
    """
    context.region.instance(parameters["InstanceId"])
    return {"IntegrationAssociationSummaryList": []}


def _alias(region: Region, parameters: Mapping[str, Any]) -> str | None:
    alias: str | None = parameters.get("InstanceAlias")
    kind = parameters["IdentityManagementType"]
    if kind == "EXISTING_DIRECTORY" and "DirectoryId" not in parameters:
        raise InvalidRequestError(
            "An instance whose IdentityManagementType is EXISTING_DIRECTORY needs a DirectoryId, such as "
            "'d-0123456789'."
        )
    if kind != "EXISTING_DIRECTORY" and alias is None:
        raise InvalidRequestError(
            f"An instance whose IdentityManagementType is {kind} needs an InstanceAlias, such as 'sales'."
        )
    if alias is not None and region.has_alias(alias):
        raise InvalidRequestError(
            f"InstanceAlias {alias!r} is already taken in this account and region; choose another alias."
        )
    return alias


def _summary(instance: Instance) -> dict[str, Any]:
    return {
        "Id": instance.id,
        "Arn": instance.arn,
        "IdentityManagementType": instance.identity_management_type,
        "InstanceAlias": instance.alias,
        "CreatedTime": instance.created_at,
        "ServiceRole": _service_role(instance),
        "InstanceStatus": "ACTIVE",
        "InboundCallsEnabled": instance.inbound_calls,
        "OutboundCallsEnabled": instance.outbound_calls,
        "InstanceAccessUrl": f"https://{instance.alias}.my.connect.aws",
    }


def _service_role(instance: Instance) -> str:
    # AWS ends the name of the role in twenty random characters; these are the same in every test run.
    region, suffix = instance.region, instance.id.replace("-", "")[:20]
    name = f"aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect_{suffix}"
    return f"arn:{region.partition}:iam::{region.account_id}:role/{name}"


def _attributes(instance: Instance) -> dict[str, str]:
    """Return the values of all attributes of the model, by attribute."""
    shape = operation_model("connect", "DescribeInstanceAttribute").input_shape.members["AttributeType"]
    calls = {"INBOUND_CALLS": instance.inbound_calls, "OUTBOUND_CALLS": instance.outbound_calls}
    is_on = {attribute: attribute in _ON_BY_DEFAULT for attribute in shape.enum} | calls
    return {attribute: "true" if on else "false" for attribute, on in is_on.items()} | instance.attributes
