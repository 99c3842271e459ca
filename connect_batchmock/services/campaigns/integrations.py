"""What version 2 keeps about an instance: its integrations, and its limits of communication."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.errors import NotFound
from connect_batchmock.services.campaigns.shared import find_onboarded
from connect_batchmock.services.context import Context
from connect_batchmock.services.pagination import page

_MOST_LISTED = 50
_ARNS = {"customerProfiles": "domainArn", "qConnect": "knowledgeBaseArn", "lambda": "functionArn"}
"""For each kind of integration, the member that tells one from the other."""


def put_connect_instance_integration(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Keep an integration of an instance; one of the same ARN is replaced.

    Ours: An instance that is not onboarded; What is kept and not acted upon.

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
        raise NotFound("integration", arn)
    return {}


def list_connect_instance_integrations(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the integrations of an instance, in the order in which they were first put.

    Ours: An instance that is not onboarded.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_ListConnectInstanceIntegrations.html.
    """
    instance, _ = find_onboarded(context, parameters["connectInstanceId"])
    integrations = list(instance.integrations.values())
    listed, following = page(integrations, parameters, most=_MOST_LISTED, token="nextToken")
    return {"integrationSummaryList": [copy.deepcopy(one) for one in listed], **following}


def put_instance_communication_limits(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Keep how often the campaigns of an instance reach a customer, in place of what was kept before.

    Ours: An instance that is not onboarded; What is kept and not acted upon.

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
