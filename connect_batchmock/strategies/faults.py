"""Strategies for faults, and the schedules that a test applies to its mock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connect_batchmock.engine.faults import CONTACTS, REQUESTS, plan_text
from connect_batchmock.protocol.errors import COMMON_ERRORS
from connect_batchmock.protocol.model import operation_model, services_with
from connect_batchmock.services.campaigns.dial_request_rules import CODES_TO_RETRY
from connect_batchmock.services.connect.contact_rules import REASONS_TO_RETRY

if TYPE_CHECKING:
    from connect_batchmock.connect_mock import ConnectMock

_MAX_REPEATS = 3
"""The maximum number of times that a fault happens in a row."""

_GATEWAY_STATUSES = (500, 502, 503, 504)
_NETWORK = ("refuse_connection", "lose_response", "reset_connection")


@dataclass(frozen=True, repr=False)
class PlannedFault:
    """A fault that a test can plan in a mock.

    Attributes:
        method: the method of :class:`~connect_batchmock.ConnectMock`, such as ``lose_response``.
        arguments: the positional arguments of the method.
        times: the number of attempts or items that fail.
    """

    method: str
    arguments: tuple[Any, ...]
    times: int = 1

    def apply(self, connect_mock: ConnectMock) -> None:
        """Plan the fault in a mock."""
        getattr(connect_mock, self.method)(*self.arguments, times=self.times)

    def __repr__(self) -> str:
        return plan_text(self.method, self.arguments, times=self.times)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


@dataclass(frozen=True, repr=False)
class FaultSchedule:
    """A sequence of faults.

    Attributes:
        faults: the faults, in the order in which they are planned.
    """

    faults: tuple[PlannedFault, ...]

    def apply(self, connect_mock: ConnectMock) -> None:
        """Plan the faults in a mock."""
        for fault in self.faults:
            fault.apply(connect_mock)

    def __repr__(self) -> str:
        return f"FaultSchedule({list(self.faults)!r})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def fault_schedules(
    faults: st.SearchStrategy[PlannedFault] | None = None, *, max_size: int = 5
) -> st.SearchStrategy[FaultSchedule]:
    """Return a strategy for schedules of faults; the simplest schedule has no fault.

    Args:
        faults: a strategy for the faults; by default ``transient_faults("BatchPutContact")``.
        max_size: the maximum number of faults in a schedule.
    """
    faults = transient_faults("BatchPutContact") if faults is None else faults
    return st.lists(faults, max_size=max_size).map(lambda planned: FaultSchedule(tuple(planned)))


def transient_faults(operation: str) -> st.SearchStrategy[PlannedFault]:
    """Return a strategy for retryable faults, each one to three times: a retry of the call succeeds.

    The faults are throttling, errors of the server and of gateways, and network faults; for a batch operation
    also items that fail for a retryable reason.

    Args:
        operation: the operation, as the service model names it; it must have a fake, because a fault can lose
            its response.

    Raises:
        ValueError: no mocked service has the operation.
    """
    codes = [code for code, status in _errors(operation).items() if _is_transient(status)]
    faults = [PlannedFault("fail", (operation, error)) for error in (*codes, *_GATEWAY_STATUSES)]
    faults += [PlannedFault(method, (operation,)) for method in _NETWORK]
    faults += _rejections(operation, transient=True)
    return _repeated(faults)


def permanent_faults(operation: str) -> st.SearchStrategy[PlannedFault]:
    """Return a strategy for faults that a client must not retry, each one to three times.

    The faults are the other errors that the operation models and the common errors of AWS; for a batch
    operation also items that fail for reasons that are not retryable.

    Args:
        operation: the operation, as the service model names it.

    Raises:
        ValueError: no mocked service has the operation.
    """
    codes = [code for code, status in _errors(operation).items() if not _is_transient(status)]
    faults = [PlannedFault("fail", (operation, code)) for code in codes]
    faults += _rejections(operation, transient=False)
    return _repeated(faults)


def _repeated(faults: Sequence[PlannedFault]) -> st.SearchStrategy[PlannedFault]:
    pairs = st.tuples(st.sampled_from(faults), st.integers(1, _MAX_REPEATS))
    return pairs.map(lambda pair: replace(pair[0], times=pair[1]))


def _errors(operation: str) -> Mapping[str, int]:
    """Return the HTTP statuses of the errors that an operation can raise, by error code."""
    models = [operation_model(service, operation) for service in services_with(operation)]
    modeled = {
        shape.name: shape.metadata["error"]["httpStatusCode"]
        for model in models
        for shape in model.error_shapes
    }
    return modeled | {code: status for code, status in COMMON_ERRORS.items() if code not in modeled}


def _is_transient(status: int) -> bool:
    return status in (408, 429) or status >= 500


def _rejections(operation: str, *, transient: bool) -> list[PlannedFault]:
    """Return the faults with which single items of a batch fail."""
    faults = (
        PlannedFault("reject_contacts" if batch is CONTACTS else "reject_requests", (reason,))
        for batch in (CONTACTS, *REQUESTS)
        for reason in batch.reasons
        if batch.operation == operation and (reason in (*REASONS_TO_RETRY, *CODES_TO_RETRY)) is transient
    )
    # Both versions of the campaign service have some of the operations.
    return list(dict.fromkeys(faults))
