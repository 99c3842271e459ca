"""The operations that have a fake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connect_batchmock.services.connect.contacts import batch_put_contact
from connect_batchmock.services.context import Context

Operation = Callable[[Context, Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Fake:
    """The function that answers an operation, and whether only the campaigns service may call it."""

    function: Operation
    for_campaigns_only: bool = False


FAKES: Mapping[tuple[str, str], Fake] = {
    ("connect", "BatchPutContact"): Fake(batch_put_contact, for_campaigns_only=True),
}
