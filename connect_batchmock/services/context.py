"""The context of one attempt of an API call: what an operation receives beside its parameters; and fakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from connect_batchmock.domain.region import Region
from connect_batchmock.settings import Settings

Item = dict[str, Any]
"""An item of a batch."""

Parameters = Mapping[str, Any]
"""The parameters of an operation."""


@dataclass(frozen=True)
class Refusal:
    """Why an item of a batch fails.

    Args:
        reason: the failure code, as the service model spells it.
        message: a sentence that states the fact and the remedy.
    """

    reason: str
    message: str


class FailedItem(NamedTuple):
    """An item of a batch that failed.

    Args:
        item: the item as the caller sent it.
        identifier: the caller's identifier of the item; None if the item has no identifier.
        refusal: why the item failed.
    """

    item: Mapping[str, Any]
    identifier: str | None
    refusal: Refusal


@dataclass
class Attempt:
    """The state of one attempt of an API call, which the engine records when the attempt ends.

    Args:
        faults: the planned faults that the attempt met.
        failed: the items that failed.
    """

    faults: list[str] = field(default_factory=list)
    failed: list[FailedItem] = field(default_factory=list)


class Rejection(Protocol):
    """The failure that a test planned for an item."""

    plan: str
    reason: str
    message: str


class AttemptRecorder(Protocol):
    """A function that records an attempt which a service made on its own."""

    def __call__(
        self,
        context: Context,
        parameters: Parameters,
        result: Mapping[str, Any] | None,
        error: BaseException | None,
    ) -> None: ...


@dataclass(eq=False)
class Context:
    """The context of one attempt of an API call.

    Args:
        service: the called service, as botocore names it.
        operation: the called operation.
        region: the called region of the account.
        now: the time of the call on the mock's clock.
        settings: the settings of the mock.
        reject: returns the failure that a test planned for an item of an operation, and uses it up.
        record: records an attempt which the service made on its own.
        attempt: the state of this attempt.
    """

    service: str
    operation: str
    region: Region
    now: datetime
    settings: Settings
    reject: Callable[[str, Item], Rejection | None]
    record: AttemptRecorder
    attempt: Attempt = field(default_factory=Attempt)

    def rejection_of(self, item: Item) -> Refusal | None:
        """Return the failure that a test planned for this item, or None."""
        rejection = self.reject(self.operation, item)
        if rejection is None:
            return None
        self.attempt.faults.append(rejection.plan)
        return Refusal(rejection.reason, rejection.message)

    def note_failed(self, item: Item, identifier: str | None, refusal: Refusal) -> None:
        """Add an item to the failed items of this attempt."""
        self.attempt.failed.append(FailedItem(item, identifier, refusal))

    def call(
        self,
        service: str,
        operation: str,
        parameters: Parameters,
        function: Callable[[Context, Parameters], dict[str, Any]],
    ) -> dict[str, Any]:
        """Call an operation on behalf of the called service, as an attempt of its own.

        Args:
            service: the service that has the operation.
            operation: the operation.
            parameters: the parameters of the operation.
            function: carries out the operation.

        Returns:
            The result of the function. An exception of the function is recorded and raised.
        """
        inner = replace(self, service=service, operation=operation, attempt=Attempt())
        try:
            result = function(inner, parameters)
        except BaseException as error:
            self.record(inner, parameters, None, error)
            raise
        self.record(inner, parameters, result, None)
        return result


Operation = Callable[[Context, Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Fake:
    """The fake of an operation.

    Args:
        function: carries out the operation.
        for_campaigns_only: whether only the campaign service may call the operation.
        is_of_test: whether a test added the function; such a function may wait for other threads.
    """

    function: Operation
    for_campaigns_only: bool = False
    is_of_test: bool = False
