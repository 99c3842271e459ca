"""What an operation is given beside its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from connect_batchmock.domain.region import Region
from connect_batchmock.settings import Settings

Item = Mapping[str, Any]
Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Refusal:
    """Why an item of a batch comes back failed: the code of a reason, and a sentence."""

    reason: str
    message: str


class FailedItem(NamedTuple):
    """An item of a batch that comes back failed.

    Args:
        item: the item as it was sent.
        identifier: what the caller knows it by, or None.
        refusal: why it fails.
    """

    item: Item
    identifier: str | None
    refusal: Refusal


@dataclass
class Attempt:
    """What one attempt of a call has met and made so far: it is written down when the attempt is over.

    Args:
        faults: the plans of the test that it has met.
        failed: the items that come back failed.
    """

    faults: list[str] = field(default_factory=list)
    failed: list[FailedItem] = field(default_factory=list)


class Rejection(Protocol):
    """What a test has planned for an item."""

    plan: str
    reason: str
    message: str


class Record(Protocol):
    """Writes down an attempt that a service has made by itself."""

    def __call__(
        self,
        context: Context,
        parameters: Parameters,
        result: Mapping[str, Any] | None,
        error: BaseException | None,
    ) -> None: ...


@dataclass(eq=False)
class Context:
    """What surrounds an attempt of a call.

    Args:
        service: the service that is called, as botocore names it.
        operation: the operation that is called.
        region: the region of the account that is called.
        now: the time of the call, on the mock's clock.
        settings: the settings of the mock.
        reject: returns what a test has planned for an item of an operation, which happens by that.
        record: writes down an attempt that the service has made by itself.
        attempt: what this attempt has met and made so far.
    """

    service: str
    operation: str
    region: Region
    now: datetime
    settings: Settings
    reject: Callable[[str, Item], Rejection | None]
    record: Record
    attempt: Attempt = field(default_factory=Attempt)

    def rejection_of(self, item: Item) -> Refusal | None:
        """Return why a test has this item come back failed, or None."""
        rejection = self.reject(self.operation, item)
        if rejection is None:
            return None
        self.attempt.faults.append(rejection.plan)
        return Refusal(rejection.reason, rejection.message)

    def note_failed(self, item: Item, identifier: str | None, refusal: Refusal) -> None:
        """Note that an item comes back failed."""
        self.attempt.failed.append(FailedItem(item, identifier, refusal))

    def call(
        self,
        service: str,
        operation: str,
        parameters: Parameters,
        function: Callable[[Context, Parameters], dict[str, Any]],
    ) -> dict[str, Any]:
        """Call an operation as the service that is called does: by an attempt of its own.

        Args:
            service: the service that has the operation.
            operation: the operation.
            parameters: its parameters.
            function: carries it out.

        Returns:
            What the function returns; what it raises is recorded and raised.
        """
        inner = replace(self, service=service, operation=operation, attempt=Attempt())
        try:
            result = function(inner, parameters)
        except BaseException as error:
            self.record(inner, parameters, None, error)
            raise
        self.record(inner, parameters, result, None)
        return result
