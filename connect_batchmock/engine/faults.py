"""Planned faults: a test plans them, and later API calls and items meet them."""

from __future__ import annotations

import copy
import inspect
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from connect_batchmock._matching import differences
from connect_batchmock._text import listed, short
from connect_batchmock.domain.errors import ConnectBatchmockError
from connect_batchmock.domain.locks import Lock
from connect_batchmock.domain.rate_limit import TokenBucket
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.protocol.errors import (
    ServiceError,
    code_for_throttling,
    errors_by_service,
    is_error_status,
    not_an_error_status,
)
from connect_batchmock.protocol.http import NetworkFault, Response
from connect_batchmock.protocol.literals import OperationName
from connect_batchmock.protocol.model import operation_model, services_with

Item = Mapping[str, Any]
When = Mapping[str, Any] | Callable[[Item], object] | None
"""The items that a fault meets: those with these members, those that a function selects, or all."""


@dataclass(frozen=True)
class Delay:
    """The response arrives late.

    Args:
        seconds: how late it arrives.
    """

    seconds: float


Effect = ServiceError | Response | type[NetworkFault] | Delay
"""What a fault does to an API call: an error, a planned response, a fault of the network, or a delay."""

MAX_DELAY = 86_400
"""The maximal delay of a response, in seconds: a day."""


@dataclass(frozen=True)
class BatchOperation:
    """An operation that takes a batch and accepts or rejects each item.

    Args:
        service: the service.
        operation: the operation.
        items: the parameter that holds the items.
        failed: the member of the output that holds the failed items.
        reason: the member of a failed item that holds the reason.
    """

    service: str
    operation: str
    items: str
    failed: str
    reason: str

    @property
    def reasons(self) -> list[str]:
        """The reasons for which an item can fail, by the model."""
        output: Any = operation_model(self.service, self.operation).output_shape
        reasons: list[str] = output.members[self.failed].member.members[self.reason].enum
        return reasons

    @property
    def members(self) -> list[str]:
        """The members of an item, by the model; an item that is an id is named as among the failed items."""
        model = operation_model(self.service, self.operation)
        shape: Any = model.input_shape
        item = shape.members[self.items].member
        if item.type_name == "structure":
            return list(item.members)
        output: Any = model.output_shape
        return [name for name in output.members[self.failed].member.members if name != self.reason]


CONTACTS = BatchOperation(
    "connect", "BatchPutContact", "ContactDataRequestList", "FailedRequestList", "FailureReasonCode"
)
REQUESTS = tuple(
    BatchOperation(service, operation, items, "failedRequests", "failureCode")
    for service, operation, items in (
        ("connectcampaigns", "PutDialRequestBatch", "dialRequests"),
        ("connectcampaignsv2", "PutOutboundRequestBatch", "outboundRequests"),
        ("connectcampaignsv2", "PutProfileOutboundRequestBatch", "profileOutboundRequests"),
        ("connectcampaigns", "GetCampaignStateBatch", "campaignIds"),
        ("connectcampaignsv2", "GetCampaignStateBatch", "campaignIds"),
    )
)
"""The batch operations of the campaign services."""


class PlanError(ConnectBatchmockError):
    """A function that a test passed to a plan raised an exception, or blocked a call of the mock."""


_REMEDY = "It decides about one item of a batch: call the mock before or after the batch, not during it."


@dataclass
class Fault(Stateful):
    """A planned fault.

    Args:
        plan: the code of the test that planned it, for messages.
        left: how many times it still happens; None if it happens every time.
        fired: how many times it has happened.
    """

    plan: str
    left: int | None
    fired: int = 0

    @property
    def is_exhausted(self) -> bool:
        """Whether it has happened as often as planned."""
        return self.left == 0

    def fire(self) -> None:
        """Count that the fault happens."""
        self.fired += 1
        if self.left is not None:
            self.left -= 1


@dataclass
class Rate(Stateful):
    """The limited rate of an operation in one service.

    Args:
        plan: the code of the test that planned it, for messages.
        bucket: the tokens of each account and region.
        error: the error of an API call that exceeds the rate.
    """

    plan: str
    bucket: TokenBucket
    error: ServiceError


@dataclass
class CallFault(Fault):
    """A fault that meets whole API calls of an operation, with the effect in each service that has it."""

    operation: str = field(kw_only=True)
    effects: Mapping[str, Effect] = field(kw_only=True)

    def matches(self, service: str, operation: str) -> bool:
        """Whether the fault meets an API call of this operation."""
        return not self.is_exhausted and operation == self.operation and service in self.effects


@dataclass
class ItemFault(Fault):
    """A fault that meets single items of a batch."""

    reason: str = field(kw_only=True)
    message: str = field(kw_only=True)
    when: When = field(kw_only=True)
    operations: frozenset[str] = field(kw_only=True)

    def matches(self, operation: str, item: Item, lock: Lock) -> bool:
        """Whether the fault meets an item; the function of a test gets a copy, which it cannot change."""
        if self.is_exhausted or operation not in self.operations:
            return False
        if self.when is None:
            return True
        with lock.lent_to(f"when= of {self.plan}", _REMEDY):
            try:
                if isinstance(self.when, Mapping):
                    return not any(differences(self.when, item))
                return bool(self.when(copy.deepcopy(item)))
            except Exception as error:
                raised = f"{type(error).__name__}: {error}"
                message = f"when= of {self.plan} raised {raised}. The batch was not carried out."
                raise PlanError(message) from error


AnyFault = TypeVar("AnyFault", bound=Fault)


class CallFaults:
    """The fault that one attempt of an API call meets: before, instead of or after the operation.

    Args:
        service: the service of the operation.
        fault: the fault; None if the attempt meets none.
        plans: the plans of the faults that the attempt met; the fault appends its own when it happens.
    """

    def __init__(self, service: str, fault: CallFault | None, plans: list[str]) -> None:
        self._fault = fault
        self._plans = plans
        self._effect = None if fault is None else fault.effects[service]

    def request_fault(self) -> type[NetworkFault] | None:
        """Return the fault of the network that keeps the request from arriving, if any."""
        return self._network_fault(is_carried_out=False)

    def response_override(self) -> ServiceError | Response | None:
        """Return the error or the response that replaces the operation, if any."""
        if self._fault is None or not isinstance(self._effect, (ServiceError, Response)):
            return None
        self._fire(self._fault)
        return self._effect

    def _fire(self, fault: Fault) -> None:
        fault.fire()
        self._plans.append(fault.plan)

    def response_fault(self) -> type[NetworkFault] | None:
        """Return the fault of the network that keeps the response from arriving, if any."""
        # While a fake of the test ran without the lock, other attempts may have exhausted the fault.
        is_exhausted = self._fault is not None and self._fault.is_exhausted
        return None if is_exhausted else self._network_fault(is_carried_out=True)

    def response_delay(self) -> float | None:
        """Return the seconds by which the response is late, if it is."""
        if self._fault is None or self._fault.is_exhausted or not isinstance(self._effect, Delay):
            return None
        self._fire(self._fault)
        return self._effect.seconds

    def _network_fault(self, *, is_carried_out: bool) -> type[NetworkFault] | None:
        effect = self._effect
        if self._fault is None or not isinstance(effect, type) or effect.is_carried_out is not is_carried_out:
            return None
        self._fire(self._fault)
        return effect


class Faults(Stateful):
    """All planned faults. Each attempt of an API call meets the first that matches and is not exhausted.

    Args:
        lock: the lock of the backend, which is held while a function of the test selects items.
    """

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._call_faults: list[CallFault] = []
        self._item_faults: list[ItemFault] = []
        # An exhausted fault stays until it is the first.
        self._next_call_faults: deque[CallFault] = deque()
        self._next_item_faults: deque[ItemFault] = deque()
        self._rates: dict[tuple[str, str], Rate] = {}

    # Planning

    def fail(
        self,
        operation: str,
        error: str | int,
        *,
        times: int | None,
        message: str | None,
        status: int | None,
        members: Mapping[str, Any],
    ) -> None:
        """Plan an error, or a response that is an HTTP status with a body."""
        effects: Mapping[str, Effect]
        _check_message(message)
        if isinstance(error, str):
            effects = errors_by_service(operation, error, message, status, members)
        else:
            effects = dict.fromkeys(services_with(operation), _bare_response(error, message, status, members))
        self._plan("fail", (operation, error), times, effects, message=message, status=status, **members)

    def break_network(
        self, method: str, operation: str, fault: type[NetworkFault], times: int | None
    ) -> None:
        """Plan a fault of the network; messages name the method of the mock."""
        self._plan(method, (operation,), times, dict.fromkeys(services_with(operation), fault))

    def delay(self, operation: str, seconds: float, times: int | None) -> None:
        """Plan that responses arrive late."""
        is_number = type(seconds) in (int, float)
        if not is_number or not 0 < seconds <= MAX_DELAY:
            raise ValueError(
                f"connect_mock.delay takes seconds, a number over 0 and up to {MAX_DELAY:,}, not {seconds!r}."
            )
        effects = dict.fromkeys(services_with(operation), Delay(float(seconds)))
        self._plan("delay", (operation, seconds), times, effects)

    def reject(self, reason: str, *, when: When, times: int | None, message: str | None) -> None:
        """Plan that items of BatchPutContact fail."""
        _check_message(message)
        self._reject("reject_contacts", "FailureReasonCode", [CONTACTS], reason, when, times, message)

    def reject_requests(self, code: str, *, when: When, times: int | None, operation: str | None) -> None:
        """Plan that items of the batch operations of the campaign services fail."""
        batches = [batch for batch in REQUESTS if operation in (None, batch.operation)]
        if not batches:
            valid = dict.fromkeys(batch.operation for batch in REQUESTS)
            raise ValueError(
                f"{operation!r} is not a batch operation of the campaign services; these are "
                f"{listed(list(valid))}."
            )
        self._reject("reject_requests", "failureCode", batches, code, when, times, None, operation=operation)

    def _reject(
        self,
        method: str,
        member: str,
        batches: Sequence[BatchOperation],
        reason: str,
        when: When,
        times: int | None,
        message: str | None,
        **options: object,
    ) -> None:
        matches = [batch for batch in batches if reason in batch.reasons]
        if not matches:
            valid = dict.fromkeys(name for batch in batches for name in batch.reasons)
            raise ValueError(f"{reason!r} is not a {member}; the values are {listed(list(valid))}.")
        _check_when(when, matches)
        # The test may change its dict later.
        when = copy.deepcopy(when) if isinstance(when, Mapping) else when
        plan = plan_text(method, (reason,), when=when, message=message, times=_checked(times), **options)
        if message is None:
            message = f"This item was rejected on purpose, by connect_mock.{method}."
        operations = frozenset(batch.operation for batch in matches)
        fault = ItemFault(plan, times, reason=reason, message=message, when=when, operations=operations)
        self._item_faults.append(fault)
        self._next_item_faults.append(fault)

    def limit_rate(self, operation: str, per_second: float | None, burst: int | None, error: object) -> None:
        """Limit the rate of an operation; the limit replaces an earlier one."""
        quota = _quota(per_second, burst)
        plan = plan_text("limit_rate", (operation,), per_second=per_second, burst=burst, error=error)
        for service, exceeded in _errors_of_rate(operation, error).items():
            bucket = TokenBucket(*(quota or default_quota(operation, service)))
            self._rates[service, operation] = Rate(plan, bucket, exceeded)

    def _plan(
        self,
        method: str,
        args: tuple[Any, ...],
        times: int | None,
        effects: Mapping[str, Effect],
        **options: object,
    ) -> None:
        plan = plan_text(method, args, **options, times=_checked(times))
        fault = CallFault(plan, times, operation=args[0], effects=effects)
        self._call_faults.append(fault)
        self._next_call_faults.append(fault)

    # Matching

    def for_attempt(self, service: str, operation: str, plans: list[str]) -> CallFaults:
        """Return the fault that an attempt meets; it appends its plan to the plans when it happens."""
        faults = _pruned(self._next_call_faults)
        fault = next((fault for fault in faults if fault.matches(service, operation)), None)
        return CallFaults(service, fault, plans)

    def rate_exceeded(
        self, service: str, operation: str, account_and_region: tuple[str, str], now: datetime
    ) -> Rate | None:
        """Return the rate that an API call exceeds, or count the call and return None."""
        rate = self._rates.get((service, operation))
        return None if rate is None or rate.bucket.try_acquire(account_and_region, now) else rate

    def rejection_of(self, operation: str, item: Item) -> ItemFault | None:
        """Return the fault that an item of a batch meets, if any, and count it."""
        faults = _pruned(self._next_item_faults)
        fault = next((fault for fault in faults if fault.matches(operation, item, self._lock)), None)
        if fault is not None:
            fault.fire()
        return fault

    @property
    def calls_functions(self) -> bool:
        """Whether a function of the test selects the items of a fault."""
        return any(callable(fault.when) for fault in self._item_faults)

    def pending(self) -> list[Fault]:
        """Return a copy of each planned fault: first those of API calls, then those of items."""
        planned: list[Fault] = [*self._call_faults, *self._item_faults]
        return [Fault(fault.plan, fault.left, fault.fired) for fault in planned]

    def rates(self) -> list[str]:
        """Return the plans of the rate limits."""
        return list(dict.fromkeys(rate.plan for rate in self._rates.values()))

    def unused(self) -> list[str]:
        """Return the plans of the faults that never happened."""
        return [fault.plan for fault in self.pending() if not fault.fired]


def _pruned(faults: deque[AnyFault]) -> deque[AnyFault]:
    """Return the faults after removing exhausted faults from the front."""
    while faults and faults[0].is_exhausted:
        faults.popleft()
    return faults


def _errors_of_rate(operation: str, code: object) -> dict[str, ServiceError]:
    """Return the error of a rate in each service: with this code, or that of the operation there."""
    message = f"Rate exceeded: {operation} is called faster than connect_mock.limit_rate allows."
    if code is None:
        return {
            service: ServiceError(code_for_throttling(operation_model(service, operation)), message)
            for service in services_with(operation)
        }
    if not isinstance(code, str):
        raise TypeError(f"error= of connect_mock.limit_rate takes the code of an error, not {code!r}.")
    return errors_by_service(operation, code, message, None, {})


def _checked(times: int | None) -> int | None:
    if times is not None and (type(times) is not int or times < 1):
        raise ValueError(f"times takes a whole number from 1 on, or None for every time, not {times!r}.")
    return times


def _check_message(message: object) -> None:
    if message is not None and not isinstance(message, str):
        raise TypeError(f"message= takes a string, not {message!r}.")


def _bare_response(
    status: object, body: str | None, other: int | None, members: Mapping[str, Any]
) -> Response:
    if type(status) is not int or not is_error_status(status):
        raise ValueError(not_an_error_status(status))
    if other is not None or members:
        raise TypeError(
            "connect_mock.fail takes an HTTP status in place of the error, with message= as the body of the "
            "response; status= and the members of an error need the code of an error."
        )
    if body is None:
        phrase = _phrase(status)
        body = (
            f"<html><head><title>{status} {phrase}</title></head><body><h1>{status} "
            f"{phrase}</h1></body></html>"
        )
    return Response(status, {"content-type": "text/html"}, body.encode())


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _check_when(when: object, batches: Sequence[BatchOperation]) -> None:
    if isinstance(when, Mapping):
        valid = list(dict.fromkeys(name for batch in batches for name in batch.members))
        for name in when:
            if name not in valid:
                raise ValueError(
                    f"An item has no member {name!r} for when= to match; the members are {listed(valid)}."
                )
    elif when is not None and (not callable(when) or inspect.iscoroutinefunction(when)):
        raise TypeError(
            f"when= takes members of an item, such as {{'RequestIdentifier': 'lead-7'}}, or a plain "
            f"function of the item, not {when!r}."
        )


def _quota(per_second: float | None, burst: int | None) -> Quota | None:
    if per_second is None and burst is None:
        return None
    is_rate = type(per_second) in (int, float) and math.isfinite(per_second or 0) and (per_second or 0) > 0
    if not is_rate or type(burst) is not int or burst < 1:
        raise ValueError(
            f"connect_mock.limit_rate takes per_second, a number over 0, and burst, a whole number from "
            f"1 on, not {per_second!r} and {burst!r}; without both, it takes the quota that AWS "
            f"documents."
        )
    return Quota(float(per_second or 0), burst)


class Quota(NamedTuple):
    """A quota for the rate of an operation, per account and region: the two numbers of a token bucket.

    Args:
        per_second: the API calls per second that the bucket refills.
        burst: the API calls that a full bucket allows at the same time.
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
    "CreateInstance": Quota(0.1, 1),
    "DeleteInstance": Quota(0.1, 1),
    "DescribeHoursOfOperation": Quota(10, 15),
    "DescribeQueue": Quota(10, 15),
    "ListHoursOfOperations": Quota(10, 15),
    "ListQueues": Quota(10, 15),
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


def default_quota(operation: OperationName, service: str | None = None) -> Quota:
    """Return the rate at which AWS allows an operation by default.

    Args:
        operation: the operation as the model names it, such as ``BatchPutContact``.
        service: ``connect``, ``connectcampaigns`` or ``connectcampaignsv2``; by default the first of these
            that has the operation.

    Raises:
        ValueError: no service has the operation, or this service does not.

    Follows https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html.
    """
    services = services_with(operation)
    service = services[0] if service is None else service
    if service not in services:
        raise ValueError(wrong_service_message(operation, service, services))
    if service != "connect" and operation.startswith("Update"):
        return _CAMPAIGN_UPDATE
    return _QUOTAS[service].get(operation, _ANY_OTHER)


def plan_text(method: str, args: Sequence[object], **options: object) -> str:
    """Return the code that plans a fault, for messages."""
    shown = [repr(value) for value in args]
    # times=None is shown, because a fault without an end is the exception.
    shown += [
        f"{name}={short(value)}" for name, value in options.items() if value is not None or name == "times"
    ]
    return f"connect_mock.{method}({', '.join(shown)})"


def wrong_service_message(operation: str, service: str, services: Sequence[str]) -> str:
    """Return the message for an operation that another service has."""
    return f"The service {service!r} has no {operation}; it belongs to {listed(services)}."
