"""The operations that have a fake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connect_batchmock.services.connect import contacts
from connect_batchmock.services.context import Context

Operation = Callable[[Context, Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Fake:
    """The function that answers an operation, and whether only the campaigns service may call it."""

    function: Operation
    for_campaigns_only: bool = False


def _fakes(service: str, *functions: Operation) -> dict[tuple[str, str], Fake]:
    """Return the fakes of a service; a function has the name of its operation, in snake case."""
    return {(service, _operation_of(function)): Fake(function) for function in functions}


def _operation_of(function: Operation) -> str:
    return "".join(word.capitalize() for word in function.__name__.split("_"))


_CONNECT = _fakes(
    "connect",
)
_CAMPAIGNS = _fakes("connectcampaigns")
_CAMPAIGNS_V2 = _fakes("connectcampaignsv2")
_FOR_CAMPAIGNS_ONLY = {
    ("connect", "BatchPutContact"): Fake(contacts.batch_put_contact, for_campaigns_only=True),
}

FAKES: Mapping[tuple[str, str], Fake] = {**_CONNECT, **_CAMPAIGNS, **_CAMPAIGNS_V2, **_FOR_CAMPAIGNS_ONLY}
