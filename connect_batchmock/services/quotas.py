"""The default quotas of AWS for resources: how many of them a region or an instance can have."""

from __future__ import annotations

from collections.abc import Mapping

from connect_batchmock.domain.errors import QuotaExceededError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.context import Context

_QUOTAS: Mapping[str, int] = {
    "instances": 2,
    "queues": 100,
    "hours of operation": 100,
    "contact flows": 100,
    "phone numbers": 5,
    "active campaigns": 50,
}
"""The default quotas, by the plural of what they limit; that of instances is for a region.

Follows https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html.
"""

_MAX_CAMPAIGNS = 500


def check_quota(context: Context, resources: str, present: int) -> None:
    """Check that a quota has room for another resource, if the setting ``quotas`` asks for it.

    Args:
        context: the context of the call.
        resources: the plural of the kind of resource.
        present: the number of these resources.

    Raises:
        QuotaExceededError: the quota is reached.
    """
    if context.settings.quotas == "aws" and present >= _QUOTAS[resources]:
        raise QuotaExceededError(resources, _QUOTAS[resources])


def check_campaigns(instance: Instance) -> None:
    """Check that an instance can have another campaign.

    Raises:
        QuotaExceededError: the instance has the maximum number of campaigns.
    """
    if len(instance.campaigns) >= _MAX_CAMPAIGNS:
        raise QuotaExceededError("campaigns", _MAX_CAMPAIGNS)


def check_active_campaigns(context: Context, instance: Instance) -> None:
    """Check that another campaign of an instance can start, if the setting ``quotas`` asks for it.

    Raises:
        QuotaExceededError: the maximum number of campaigns is Running or Paused.
    """
    quota = _QUOTAS["active campaigns"]
    active = sum(campaign.is_active for campaign in instance.campaigns.values())
    if context.settings.quotas == "aws" and active >= quota:
        raise QuotaExceededError("active campaigns", quota, "stop one before you start another")
