"""The installed botocore's service models: the only place that loads them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from botocore.model import OperationModel, ServiceModel

SERVICES = ("connect", "connectcampaigns", "connectcampaignsv2")
"""The services that are mocked, under the names that botocore has for them."""


# These two memos hold what is read from the installed package and never changes: loading the model of
# Amazon Connect takes longer than everything else that a test does.
@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service."""
    return ServiceModel(create_loader().load_service_model(service, "service-2"), service)


@cache
def _partitions() -> list[tuple[str, re.Pattern[str]]]:
    data: dict[str, Any] = create_loader().load_data("partitions")
    return [(one["id"], re.compile(one["regionRegex"])) for one in data["partitions"]]


def partition_of(region: str) -> str:
    """Return the partition that a region lies in, such as ``aws-cn``; ``aws`` for a region nobody knows."""
    return next((name for name, regions in _partitions() if regions.search(region)), "aws")


def operation_model(service: str, operation: str) -> OperationModel:
    """Return botocore's model of an operation."""
    return service_model(service).operation_model(operation)
