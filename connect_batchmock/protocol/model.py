"""The service models of the installed botocore. Only this module loads them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any

import botocore
from botocore.loaders import JSONFileLoader, Loader
from botocore.model import OperationModel, ServiceModel

SERVICES = ("connect", "connectcampaigns", "connectcampaignsv2")
"""The mocked services, by botocore's names."""


# These caches hold data of the installed package, which never changes: loading the model of Amazon Connect
# takes longer than everything else in a test.
@cache
def loader() -> Loader:
    """Return a loader of botocore's data that reads each file once, for all loaders that share it."""
    return _ModelLoader(file_loader=_CachingFileLoader())


class _ModelLoader(Loader):  # type: ignore[misc]  # botocore has no types
    """Loads the models of the mocked services, without a search for all services that botocore knows."""

    def list_available_services(self, type_name: str) -> list[str]:
        """Return the services whose models may be loaded."""
        return list(SERVICES)


class _CachingFileLoader(JSONFileLoader):  # type: ignore[misc]  # botocore has no types
    """Reads each file once; files of installed packages do not change."""

    def __init__(self) -> None:
        self._read: dict[str, Any] = {}

    def load_file(self, file_path: str) -> Any:
        """Return the content of a file, or None if it does not exist."""
        if file_path not in self._read:
            content = super().load_file(file_path)
            if content is None:
                return None
            self._read[file_path] = content
        return self._read[file_path]


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service."""
    return ServiceModel(loader().load_service_model(service, "service-2"), service)


@cache
def _partitions() -> list[dict[str, Any]]:
    partitions: list[dict[str, Any]] = loader().load_data("partitions")["partitions"]
    return partitions


@lru_cache(maxsize=64)
def partition_of(region: str) -> str:
    """Return the partition of a region, such as ``aws-cn``; ``aws`` for an unknown region."""
    matches = (partition["id"] for partition in _partitions() if re.search(partition["regionRegex"], region))
    return next(matches, "aws")


@cache
def regions() -> tuple[str, ...]:
    """Return the regions of every partition that the installed botocore knows."""
    # This leaves out names such as aws-global, where no mocked service has an endpoint.
    return tuple(
        region
        for partition in _partitions()
        for region in partition["regions"]
        if re.search(partition["regionRegex"], region)
    )


def check_region(taker: str, region: str) -> None:
    """Check the name of a region.

    Args:
        taker: the parameter or setting that takes the region, for the message.
        region: the name.

    Raises:
        TypeError: the name is not a str.
        ValueError: botocore knows no region of that name.
    """
    if not isinstance(region, str):
        raise TypeError(f"{taker} takes the name of a region such as 'us-east-1', not {region!r}.")
    if region in regions():
        return
    matches = get_close_matches(region.strip().lower(), regions())
    advice = (
        f"did you mean {' or '.join(map(repr, matches))}?"
        if matches
        else f"there are {', '.join(regions())}."
    )
    raise ValueError(
        f"{taker} takes the name of a region, not {region!r}; {advice} The installed botocore, "
        f"{botocore.__version__}, does not know it; a newer region needs a newer one."
    )


@cache
def domains() -> frozenset[str]:
    """Return the domains of AWS's endpoints, such as ``amazonaws.com`` and ``api.aws``."""
    names = ("dnsSuffix", "dualStackDnsSuffix")
    return frozenset(partition["outputs"][name] for partition in _partitions() for name in names)


def operation_model(service: str, operation: str) -> OperationModel:
    """Return botocore's model of an operation."""
    return service_model(service).operation_model(operation)


def services_with(operation: str) -> list[str]:
    """Return the mocked services that have an operation; at least one.

    Raises:
        ValueError: no mocked service has it; the message suggests operations with a similar name.
    """
    __tracebackhide__ = True
    services = [service for service in SERVICES if operation in service_model(service).operation_names]
    if not services:
        similar = _similar_operations(operation)
        remedy = f"; did you mean {' or '.join(map(repr, similar))}?" if similar else "."
        raise ValueError(f"No operation of the mocked services is named {operation!r}{remedy}")
    return services


def _similar_operations(operation: str) -> list[str]:
    names = {name.lower(): name for service in SERVICES for name in service_model(service).operation_names}
    matches = get_close_matches(str(operation).replace("_", "").lower(), names, n=3)
    return [names[match] for match in matches]
