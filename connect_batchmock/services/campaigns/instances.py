"""The operations of an instance in both versions: its onboarding, communication limits and integrations."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.errors import NotFoundError, NotOnboardedError
from connect_batchmock.domain.instance import Instance, OnboardingJob
from connect_batchmock.services.campaigns.shared import onboarded_instance
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import ConflictError, InvalidRequestError
from connect_batchmock.services.pagination import page

_ROLE = "role/aws-service-role/connect-campaigns.amazonaws.com/AWSServiceRoleForConnectCampaigns_"
_SUFFIX_LENGTH = 20


def start_instance_onboarding_job(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Onboard an instance to outbound campaigns.

    Ours: How long onboarding takes; Onboarding twice; Onboarding that fails; Instances that can be onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_StartInstanceOnboardingJob.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_StartInstanceOnboardingJob.html.
    """
    instance = context.region.instance(parameters["connectInstanceId"])
    encryption = copy.deepcopy(parameters["encryptionConfig"])
    if encryption["enabled"] and "keyArn" not in encryption:
        raise InvalidRequestError(
            "encryptionConfig is enabled but has no keyArn; give the ARN of a key, or set enabled to False."
        )
    if instance.onboarding is not None:
        raise ConflictError(
            f"The instance {instance.id!r} is already onboarded; GetConnectInstanceConfig returns its "
            f"configuration, and DeleteConnectInstanceConfig deletes it."
        )
    job = instance.onboarding_job
    if job is not None and job.failure_code is not None and job.is_remembered(context.now):
        raise ConflictError(
            f"The onboarding of the instance {instance.id!r} has failed with {job.failure_code}; delete the "
            f"job with DeleteInstanceOnboardingJob first."
        )
    instance.onboard(encryption)
    return _job_status(instance, status="IN_PROGRESS")


def get_instance_onboarding_job_status(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the status of the onboarding job of an instance: ``SUCCEEDED``, or ``FAILED`` with a code.

    Ours: How long onboarding takes; Onboarding that fails.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_GetInstanceOnboardingJobStatus.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetInstanceOnboardingJobStatus.html.
    """
    instance, job = _instance_with_job(context, parameters["connectInstanceId"])
    if job.failure_code is not None:
        return _job_status(instance, status="FAILED", failureCode=job.failure_code)
    return _job_status(instance, status="SUCCEEDED")


def delete_instance_onboarding_job(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the onboarding job of an instance; if the job has succeeded, the instance stays onboarded.

    Ours: How long onboarding takes; Onboarding that fails.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_DeleteInstanceOnboardingJob.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteInstanceOnboardingJob.html.
    """
    instance, _ = _instance_with_job(context, parameters["connectInstanceId"])
    instance.onboarding_job = None
    return {}


def get_connect_instance_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the encryption and the service-linked role of an onboarded instance.

    Ours: An instance that is not onboarded; The role of an onboarded instance.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_GetConnectInstanceConfig.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetConnectInstanceConfig.html.
    """
    instance, onboarding = onboarded_instance(context, parameters["connectInstanceId"])
    region, suffix = instance.region, instance.id.replace("-", "")[:_SUFFIX_LENGTH]
    config = {
        "connectInstanceId": instance.id,
        "serviceLinkedRoleArn": f"arn:{region.partition}:iam::{region.account_id}:{_ROLE}{suffix}",
        "encryptionConfig": dict(onboarding.encryption),
    }
    return {"connectInstanceConfig": config}


def delete_connect_instance_config(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Undo the onboarding of an instance; ``campaignDeletionPolicy`` says whether its campaigns stay.

    Ours: An instance that is not onboarded; Campaigns of an instance that is no longer onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_DeleteConnectInstanceConfig.html
    and https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteConnectInstanceConfig.html.
    """
    instance, _ = onboarded_instance(context, parameters["connectInstanceId"])
    active = [campaign.name for campaign in instance.campaigns.values() if campaign.is_active]
    if active:
        raise ConflictError(
            f"The instance {instance.id!r} has campaigns that are Running or Paused, {listed(active)}; "
            f"stop them with StopCampaign first."
        )
    if parameters.get("campaignDeletionPolicy") == "DELETE_ALL":
        for campaign in list(instance.campaigns.values()):
            instance.remove_campaign(campaign)
    instance.offboard()
    return {}


def _instance_with_job(context: Context, instance_id: str) -> tuple[Instance, OnboardingJob]:
    instance = context.region.instance(instance_id)
    job = instance.onboarding_job
    if job is not None and job.is_remembered(context.now):
        return instance, job
    if instance.onboarding is None:
        raise NotOnboardedError(instance_id)
    raise NotFoundError("onboarding job of the instance", instance_id)


def _job_status(instance: Instance, **members: str) -> dict[str, Any]:
    return {"connectInstanceOnboardingJobStatus": {"connectInstanceId": instance.id, **members}}


_ARN_MEMBERS = {"customerProfiles": "domainArn", "qConnect": "knowledgeBaseArn", "lambda": "functionArn"}
"""The member that identifies an integration, by the kind of the integration."""


def put_connect_instance_integration(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Store an integration of an instance, in place of an integration with the same ARN.

    Ours: An instance that is not onboarded; Settings without effect.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutConnectInstanceIntegration.html.
    """
    instance, _ = onboarded_instance(context, parameters["connectInstanceId"])
    config = parameters["integrationConfig"]
    instance.integrations[_arn_of(config)] = copy.deepcopy(config)
    return {}


def delete_connect_instance_integration(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete an integration of an instance.

    Ours: An instance that is not onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteConnectInstanceIntegration.html.
    """
    instance, _ = onboarded_instance(context, parameters["connectInstanceId"])
    arn = _arn_of(parameters["integrationIdentifier"])
    if instance.integrations.pop(arn, None) is None:
        raise NotFoundError("integration", arn)
    return {}


def list_connect_instance_integrations(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the integrations of an instance, in the order of their creation.

    Ours: An instance that is not onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_ListConnectInstanceIntegrations.html.
    """
    instance, _ = onboarded_instance(context, parameters["connectInstanceId"])
    integrations = list(instance.integrations.values())
    integrations_on_page, next_token = page(integrations, parameters, default_size=50, token="nextToken")
    return {"integrationSummaryList": copy.deepcopy(list(integrations_on_page)), **next_token}


def put_instance_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Store how often the campaigns of an instance reach a customer; the limits are not enforced.

    Ours: An instance that is not onboarded; Settings without effect.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutInstanceCommunicationLimits.html.
    """
    instance, _ = onboarded_instance(context, parameters["connectInstanceId"])
    instance.communication_limits = copy.deepcopy(parameters["communicationLimitsConfig"])
    return {}


def get_instance_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored limits of how often the campaigns of an instance reach a customer.

    Ours: An instance that is not onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetInstanceCommunicationLimits.html.
    """
    instance, _ = onboarded_instance(context, parameters["connectInstanceId"])
    return {"communicationLimitsConfig": copy.deepcopy(instance.communication_limits or {})}


def _arn_of(integration: Mapping[str, Any]) -> str:
    ((kind, members),) = integration.items()
    arn: str = members[_ARN_MEMBERS[kind]]
    return arn
