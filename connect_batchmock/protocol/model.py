"""The installed botocore's service models: the only place that loads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any

import botocore
from botocore.loaders import JSONFileLoader, Loader
from botocore.model import OperationModel, ServiceModel

SERVICES = ("connect", "connectcampaigns", "connectcampaignsv2")
"""The services that are mocked, under the names that botocore has for them."""


# These memos hold what is read from the installed package and never changes: loading the model of Amazon
# Connect takes longer than everything else that a test does.
@cache
def loader() -> Loader:
    """Return a loader of botocore's data that reads each file once, also for loaders that read with it."""
    return Loader(file_loader=_FilesReadOnce())


class _FilesReadOnce(JSONFileLoader):  # type: ignore[misc]  # botocore has no types
    """Reads files of installed packages, which do not change."""

    def __init__(self) -> None:
        self._read: dict[str, Any] = {}

    def load_file(self, file_path: str) -> Any:
        """Return what is in a file, or None where there is none."""
        if file_path not in self._read:
            found = super().load_file(file_path)
            if found is None:
                return None
            self._read[file_path] = found
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
    """Return the partition that a region lies in, such as ``aws-cn``; ``aws`` for a region nobody knows."""
    return next((one["id"] for one in _partitions() if re.search(one["regionRegex"], region)), "aws")


@cache
def regions() -> tuple[str, ...]:
    """Return the regions that the installed botocore knows, of every partition."""
    # The others are names such as aws-global, which no endpoint of a mocked service has.
    return tuple(
        region for one in _partitions() for region in one["regions"] if re.search(one["regionRegex"], region)
    )


def check_region(taker: str, region: str) -> None:
    """Refuse what is not the name of a region.

    Args:
        taker: what takes the region, for the message.
        region: the name.

    Raises:
        TypeError: the name is not a text.
        ValueError: botocore knows no region of that name.
    """
    if not isinstance(region, str):
        raise TypeError(f"{taker} takes the name of a region such as 'us-east-1', not {region!r}.")
    if region in regions():
        return
    near = get_close_matches(region.strip().lower(), regions())
    advice = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {', '.join(regions())}."
    raise ValueError(
        f"{taker} takes the name of a region, not {region!r}; {advice} The installed botocore, "
        f"{botocore.__version__}, does not know it; a newer region needs a newer one."
    )


@cache
def domains() -> frozenset[str]:
    """Return the domains in which AWS has its endpoints, such as ``amazonaws.com`` and ``api.aws``."""
    names = ("dnsSuffix", "dualStackDnsSuffix")
    return frozenset(one["outputs"][name] for one in _partitions() for name in names)


def operation_model(service: str, operation: str) -> OperationModel:
    """Return botocore's model of an operation."""
    return service_model(service).operation_model(operation)


def services_with(operation: str) -> list[str]:
    """Return the mocked services that have an operation of this name; there is at least one.

    Raises:
        ValueError: none has; the message names those that are spelt nearly so.
    """
    __tracebackhide__ = True
    found = [service for service in SERVICES if operation in service_model(service).operation_names]
    if not found:
        raise ValueError(_no_such_operation(operation, _spelt_nearly(operation)))
    return found


def _spelt_nearly(operation: str) -> list[str]:
    by_plain_name = {name.lower(): name for one in SERVICES for name in service_model(one).operation_names}
    near = get_close_matches(str(operation).replace("_", "").lower(), by_plain_name, n=3)
    return [by_plain_name[name] for name in near]


def _no_such_operation(operation: str, near: Sequence[str]) -> str:
    remedy = f"; did you mean {' or '.join(map(repr, near))}?" if near else "."
    return f"No operation of the mocked services is named {operation!r}{remedy}"
