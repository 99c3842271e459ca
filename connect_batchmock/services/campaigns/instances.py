"""How an instance comes to have campaigns, the same in both versions."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.errors import NotFoundError
from connect_batchmock.domain.instance import Instance, Onboarding
from connect_batchmock.services.campaigns.shared import find_onboarded
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import ConflictError, InvalidRequestError
from connect_batchmock.services.pagination import page

_ROLE = "role/aws-service-role/connect-campaigns.amazonaws.com/AWSServiceRoleForConnectCampaigns"


def start_instance_onboarding_job(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Onboard an instance to outbound campaigns; its attribute ``HIGH_VOLUME_OUTBOUND`` has to be on.

    Ours: How long onboarding takes; Onboarding twice; Instances that can be onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_StartInstanceOnboardingJob.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_StartInstanceOnboardingJob.html.
    """
    instance = context.region.instance(parameters["connectInstanceId"])
    encryption = copy.deepcopy(parameters["encryptionConfig"])
    if encryption["enabled"] and "keyArn" not in encryption:
        raise InvalidRequestError(
            "encryptionConfig is enabled and has no keyArn; it needs the key that encrypts, or enabled=False."
        )
    before = instance.onboarding
    if before is None and instance.attributes.get("HIGH_VOLUME_OUTBOUND", "true") != "true":
        raise ConflictError(
            f"The instance {instance.id!r} may not have outbound campaigns; allow them with "
            f"UpdateInstanceAttribute and the attribute HIGH_VOLUME_OUTBOUND first."
        )
    if before is not None and before.encryption != encryption:
        raise ConflictError(
            f"The instance {instance.id!r} is onboarded with another encryptionConfig; to change it, "
            f"delete what there is with DeleteConnectInstanceConfig first."
        )
    instance.onboarding = Onboarding(encryption)
    return _status(instance, "SUCCEEDED" if before is not None and before.job else "IN_PROGRESS")


def get_instance_onboarding_job_status(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell how far the onboarding of an instance is: it has always succeeded.

    Ours: How long onboarding takes.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_GetInstanceOnboardingJobStatus.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetInstanceOnboardingJobStatus.html.
    """
    instance, _ = _with_a_job(context, parameters["connectInstanceId"])
    return _status(instance, "SUCCEEDED")


def delete_instance_onboarding_job(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the job that onboarded an instance, which stays onboarded.

    Ours: How long onboarding takes.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_DeleteInstanceOnboardingJob.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteInstanceOnboardingJob.html.
    """
    instance, onboarding = _with_a_job(context, parameters["connectInstanceId"])
    instance.onboarding = replace(onboarding, job=False)
    return {}


def get_connect_instance_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what the onboarding of an instance has left: its encryption, and the role of the service.

    Ours: An instance that is not onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_GetConnectInstanceConfig.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetConnectInstanceConfig.html.
    """
    instance, onboarding = find_onboarded(context, parameters["connectInstanceId"])
    region = instance.region
    config = {
        "connectInstanceId": instance.id,
        "serviceLinkedRoleArn": f"arn:{region.partition}:iam::{region.account_id}:{_ROLE}",
        "encryptionConfig": dict(onboarding.encryption),
    }
    return {"connectInstanceConfig": config}


def delete_connect_instance_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Undo the onboarding of an instance; its campaigns stay, unless they are to be deleted with it.

    Ours: An instance that is not onboarded; Campaigns of an instance that is no longer onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_DeleteConnectInstanceConfig.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteConnectInstanceConfig.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    active = [one.name for one in instance.campaigns.values() if not one.may_be_deleted]
    if active:
        raise ConflictError(
            f"The instance {instance.id!r} has campaigns that are Running or Paused, {listed(active)}; "
            f"stop them with StopCampaign first."
        )
    if parameters.get("campaignDeletionPolicy") == "DELETE_ALL":
        for campaign in list(instance.campaigns.values()):
            instance.remove_campaign(campaign)
    instance.onboarding = None
    return {}


def _with_a_job(context: Context, instance_id: str) -> tuple[Instance, Onboarding]:
    instance, onboarding = find_onboarded(context, instance_id)
    if not onboarding.job:
        raise NotFoundError("onboarding job of the instance", instance_id)
    return instance, onboarding


def _status(instance: Instance, status: str) -> dict[str, Any]:
    return {"connectInstanceOnboardingJobStatus": {"connectInstanceId": instance.id, "status": status}}


_MAX_LISTED = 50
_ARNS = {"customerProfiles": "domainArn", "qConnect": "knowledgeBaseArn", "lambda": "functionArn"}
"""For each kind of integration, the member that tells one from the other."""


def put_connect_instance_integration(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Keep an integration of an instance; one of the same ARN is replaced.

    Ours: An instance that is not onboarded; Settings without effect.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutConnectInstanceIntegration.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    config = parameters["integrationConfig"]
    instance.integrations[_arn_of(config)] = copy.deepcopy(config)
    return {}


def delete_connect_instance_integration(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Forget an integration of an instance.

    Ours: An instance that is not onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteConnectInstanceIntegration.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    arn = _arn_of(parameters["integrationIdentifier"])
    if instance.integrations.pop(arn, None) is None:
        raise NotFoundError("integration", arn)
    return {}


def list_connect_instance_integrations(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the integrations of an instance, in the order in which they were first put.

    Ours: An instance that is not onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_ListConnectInstanceIntegrations.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    integrations = list(instance.integrations.values())
    listed, following = page(integrations, parameters, most=_MAX_LISTED, token="nextToken")
    return {"integrationSummaryList": [copy.deepcopy(one) for one in listed], **following}


def put_instance_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Keep how often the campaigns of an instance reach a customer, in place of what was kept before.

    Ours: An instance that is not onboarded; Settings without effect.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutInstanceCommunicationLimits.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    instance.communication_limits = copy.deepcopy(parameters["communicationLimitsConfig"])
    return {}


def get_instance_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Tell how often the campaigns of an instance reach a customer; empty where nothing was said.

    Ours: An instance that is not onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetInstanceCommunicationLimits.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    return {"communicationLimitsConfig": copy.deepcopy(instance.communication_limits or {})}


def _arn_of(integration: Mapping[str, Any]) -> str:
    ((kind, members),) = integration.items()
    arn: str = members[_ARNS[kind]]
    return arn
