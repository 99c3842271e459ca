"""How fast AWS lets each operation be called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from connect_batchmock import explain
from connect_batchmock.protocol.model import services_with


class Quota(NamedTuple):
    """A rate that is allowed, per account and region.

    Args:
        per_second: the calls per second that are allowed for ever.
        burst: the calls that are allowed at once, after a rest.
    """

    per_second: float
    burst: int


_CONNECT: Mapping[str, Quota] = {
    "BatchPutContact": Quota(10, 15),
    "DescribeContact": Quota(10, 15),
    "GetContactAttributes": Quota(10, 15),
    "ListContactReferences": Quota(10, 15),
    "StopContact": Quota(10, 15),
    "UpdateContact": Quota(10, 15),
    "UpdateContactAttributes": Quota(10, 15),
    "GetMetricDataV2": Quota(10, 10),
    "GetCurrentMetricData": Quota(5, 8),
    "GetMetricData": Quota(5, 8),
    "SearchContacts": Quota(0.5, 1),
    "TagContact": Quota(20, 25),
    "UntagContact": Quota(20, 25),
    "UpdateContactRoutingData": Quota(20, 20),
}
_CAMPAIGNS: Mapping[str, Quota] = {
    "PutDialRequestBatch": Quota(10, 10),
    "PutOutboundRequestBatch": Quota(10, 10),
    "PutProfileOutboundRequestBatch": Quota(10, 10),
    "DescribeCampaign": Quota(25, 35),
    "GetCampaignState": Quota(5, 10),
    "GetCampaignStateBatch": Quota(5, 10),
    "ListCampaigns": Quota(5, 10),
    "CreateCampaign": Quota(1, 2),
    "DeleteCampaign": Quota(1, 2),
    "PauseCampaign": Quota(1, 2),
    "ResumeCampaign": Quota(1, 2),
    "StartCampaign": Quota(1, 2),
    "StopCampaign": Quota(1, 2),
    "ListTagsForResource": Quota(1, 2),
    "TagResource": Quota(1, 2),
    "UntagResource": Quota(1, 2),
}
_QUOTAS = {"connect": _CONNECT, "connectcampaigns": _CAMPAIGNS, "connectcampaignsv2": _CAMPAIGNS}
_ANY_OTHER = Quota(2, 5)
_CAMPAIGN_UPDATE = Quota(1, 2)


def documented_quota(operation: str, service: str | None = None) -> Quota:
    """Return the rate at which AWS allows an operation by default.

    Args:
        operation: the operation as the model names it, such as ``BatchPutContact``.
        service: ``connect``, ``connectcampaigns`` or ``connectcampaignsv2``; the first of these that has the
            operation where none is given.

    Raises:
        ValueError: there is no such operation, or the service has none of this name.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html.
    """
    services = services_with(operation)
    service = services[0] if service is None else service
    if service not in services:
        raise ValueError(explain.operation_of_other_services(operation, service, services))
    if service != "connect" and operation.startswith("Update"):
        return _CAMPAIGN_UPDATE
    return _QUOTAS[service].get(operation, _ANY_OTHER)
