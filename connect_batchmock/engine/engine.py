"""The engine: takes the bytes of a request, calls the fake of its operation and returns a response."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, TypeVar

from connect_batchmock._text import cut, listed, short
from connect_batchmock.domain.backend import Backend
from connect_batchmock.domain.errors import ConnectBatchmockError, DomainError
from connect_batchmock.domain.ids import IdSource, is_account_id
from connect_batchmock.domain.locks import History, Lock
from connect_batchmock.domain.region import Region
from connect_batchmock.domain.scheduler import Inside
from connect_batchmock.domain.stateful import Stateful
from connect_batchmock.engine.faults import CallFaults, Faults, PlanError
from connect_batchmock.engine.journal import Call, FailedRequest, Journal
from connect_batchmock.engine.listeners import Targets
from connect_batchmock.engine.simulation import Simulation
from connect_batchmock.engine.waiters import Waiters
from connect_batchmock.interception.libraries import answer_of_moto
from connect_batchmock.protocol import codec
from connect_batchmock.protocol.codec import DecodedRequest
from connect_batchmock.protocol.errors import ServiceError
from connect_batchmock.protocol.http import DelayCallback, NetworkFault, Request, Response, ResponseLate
from connect_batchmock.protocol.model import partition_of, service_model
from connect_batchmock.protocol.routing import CredentialScope, credential_scope, services_of, signing_name
from connect_batchmock.services.context import Attempt, Context, Fake, Operation
from connect_batchmock.services.custom import FakeError
from connect_batchmock.services.errors import error_for
from connect_batchmock.settings import Settings

Completed = TypeVar("Completed")

_ATTEMPT = re.compile(r"attempt=([0-9]{1,9})")


class UnfakedOperationError(ConnectBatchmockError):
    """The code under test called an operation that has no fake; the mock stopped the API call.

    Attributes:
        http_message: the message for a client of the HTTP server, which cannot change the mock.
    """

    def __init__(self, message: str, *, http_message: str | None = None) -> None:
        super().__init__(message)
        self.http_message = message if http_message is None else http_message


@dataclass(frozen=True)
class AttemptResult:
    """How an attempt ended: with the result of the operation, an error or a planned response.

    Args:
        result: the result of the operation.
        error: the error of the service.
        planned: the response that a test planned in place of the operation.
        network: what the network did to the attempt, whatever else it ended with.
        delay: the seconds by which the response is late; None if it is not.
        waited: the seconds for which the client waits for the response.
    """

    result: Mapping[str, Any] | None = None
    error: ServiceError | None = None
    planned: Response | None = None
    network: type[NetworkFault] | None = None
    delay: float | None = None
    waited: float = 0.0


# Each API call makes one, and a frozen dataclass takes three times as long to make.
@dataclass(slots=True)
class Exchange:
    """One attempt of an API call on its way through the engine.

    Args:
        request: the request in bytes.
        decoded: the request to an operation.
        region: the region of the account that the client calls.
        at: when the request arrived, on the mock's clock.
        history: the id of the history that the attempt belongs to.
        faults: the planned fault that the attempt meets, if any.
        attempt: the faults and the failed items of the attempt so far.
    """

    request: Request
    decoded: DecodedRequest
    region: Region
    at: datetime
    history: str
    faults: CallFaults
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class DeferredFake:
    """A fake that the test added: the engine calls it without the lock, so that other threads can go on."""

    exchange: Exchange
    fake: Fake


class Engine(Stateful):
    """The backend of one mock, and the only entry point for requests."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock: Lock = Lock(self._plan_error)
        self.history: History = History()
        self._inside = Inside()
        self.targets: Targets = Targets()
        self.waiters: Waiters = Waiters(self.lock, self._next_due)
        self.restart()

    def restart(self) -> None:
        """Replace all state by that of a new mock; the ids start again, too."""
        self.history.begin()
        self._fakes_of_test: dict[tuple[str, str], Fake] = {}
        self.allowed: set[tuple[str, str]] = set()
        self.journal: Journal = Journal()
        self.faults: Faults = Faults(self.lock)
        self.simulation: Simulation = Simulation(
            self.lock, self.journal, self.history, self._inside, self.targets, self.waiters.notify
        )
        self.backend: Backend = Backend(
            self.settings.seed,
            self.lock,
            self.simulation.scheduler,
            journal=self.journal,
            publish=self.simulation.publish,
            choose_outcome=self.simulation.choose_outcome,
            run_due=self.simulation.run_due,
            run_overdue=self.simulation.run_overdue,
            notify=self.waiters.notify,
            concurrent_calls=self.settings.concurrent_calls,
            requests_per_second=self.settings.requests_per_second,
        )
        # Request ids have a source of their own, so that a retry does not change the id of the next contact.
        self._request_ids = IdSource("requests", self.settings.seed)

    def _plan_error(self, message: str) -> PlanError:
        self.journal.broken_plans.append(message)
        return PlanError(message)

    def _next_due(self) -> tuple[datetime, float] | None:
        with self.lock:
            return self.simulation.scheduler.next_due

    def now(self) -> datetime:
        """Return the time on the mock's clock, in UTC; during an action, the time of the action."""
        return self.simulation.scheduler.now

    def region(self, name: str | None = None, account_id: str | None = None) -> Region:
        """Return a region of an account; the defaults are those of the settings."""
        name = name or self.settings.region
        return self.backend.region(account_id or self.settings.account_id, name, partition_of(name))

    def handle(self, request: Request) -> Response | None:
        """Return the response to a request, or None if the mock does not handle its service or operation.

        Raises:
            UnfakedOperationError: the operation has no fake, and the settings do not pass it through.
            NetworkFault: the planned fault of the network.
            PlanError: a function that a test passed to a plan raised an exception, or waits for this request.
            FakeError: a fake that a test added raised an exception, or violated the model.
        """
        services = services_of(request)
        if not services:
            return None
        self.simulation.refuse_policies()
        try:
            self.simulation.run_due()
        finally:
            # The request is recorded even if an earlier plan raises.
            response = self._respond(request, services)
        self.simulation.run_due()
        return response

    def _respond(self, request: Request, services: tuple[str, ...]) -> Response | None:
        try:
            with self.lock, self.simulation.scheduler.frozen():
                response = self._respond_or_defer(request, services)
            if isinstance(response, DeferredFake):
                return self._call_deferred(response.exchange, response.fake)
            return response
        finally:
            self.waiters.notify()

    @contextmanager
    def try_without_blocking(self) -> Iterator[bool]:
        """Hold the lock if it is free.

        Yields:
            Whether ``handle`` returns within the block without waiting for another thread or for a function
            of the test.
        """
        if not self.lock.take_if_free():
            yield False
            return
        with ExitStack() as held:
            held.push(self.lock)
            yield not self._calls_functions()

    def _calls_functions(self) -> bool:
        return self.simulation.calls_functions or self.faults.calls_functions or bool(self._fakes_of_test)

    def _respond_or_defer(
        self, request: Request, services: tuple[str, ...]
    ) -> Response | DeferredFake | None:
        try:
            scope = self._scope(request)
            decoded = codec.decode(request, services)
        except ServiceError as error:
            return codec.encode_error(service_model(services[0]), error, self._request_ids.uuid())
        exchange = self._exchange(request, decoded, self.region(scope.region, self._account_id(scope)))
        request_fault = exchange.faults.request_fault()
        if request_fault is not None:
            return self._finish(exchange, AttemptResult(network=request_fault))
        result = self._attempted(exchange, self._perform)
        return self._finish(exchange, result) if isinstance(result, AttemptResult) else result

    def _call_deferred(self, exchange: Exchange, fake: Fake) -> Response:
        """Call a fake of the test, which may wait for a thread that calls the mock."""
        with self.simulation.scheduler.entered():
            result = self._attempted(exchange, self._call_fake, fake)
        with self.lock, self.simulation.scheduler.frozen():
            return self._finish(exchange, result)

    def _exchange(self, request: Request, decoded: DecodedRequest, region: Region) -> Exchange:
        attempt = Attempt()
        faults = self.faults.for_attempt(decoded.service, decoded.operation, attempt.faults)
        return Exchange(request, decoded, region, self.now(), self.history.id, faults, attempt)

    def _scope(self, request: Request) -> CredentialScope:
        scope = credential_scope(request)
        if scope is not None:
            return scope
        if request.service is None or request.region is None:
            raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
        return CredentialScope("", request.region, signing_name(request.service))

    def _account_id(self, scope: CredentialScope) -> str:
        return scope.access_key if is_account_id(scope.access_key) else self.settings.account_id

    def _attempted(
        self, exchange: Exchange, step: Callable[..., Completed], *args: Fake
    ) -> Completed | AttemptResult:
        """Run a step of an attempt; an exception of a function of the test is recorded and raised."""
        try:
            return step(exchange, *args)
        except DomainError as error:
            return AttemptResult(error=error_for(error, exchange.decoded.model, exchange.region))
        except ServiceError as error:
            return AttemptResult(error=error)
        except UnfakedOperationError:
            raise
        except BaseException as error:
            with self.lock:
                if isinstance(error, (PlanError, FakeError)):
                    self.journal.broken_plans.append(str(error))
                self._record(exchange, AttemptResult(), type(error).__name__, str(error))
            raise

    def _perform(self, exchange: Exchange) -> AttemptResult | DeferredFake | Response | None:
        decoded = exchange.decoded
        key = (decoded.service, decoded.operation)
        fake = None if key in self.allowed else self.fake_of(*key)
        self._authorize(exchange, fake)
        override = exchange.faults.response_override()
        if isinstance(override, Response):
            return AttemptResult(planned=override)
        error = override or self._exceeded_rate(exchange)
        if error is not None:
            return AttemptResult(error=error)
        if fake is None:
            return self._pass_on(exchange)
        codec.validate(decoded)
        return DeferredFake(exchange, fake) if fake.is_of_test else self._call_fake(exchange, fake)

    def _call_fake(self, exchange: Exchange, fake: Fake) -> AttemptResult:
        context = Context(
            exchange.decoded.service,
            exchange.decoded.operation,
            exchange.region,
            exchange.at,
            self.settings,
            self.faults.rejection_of,
            self._record_internal,
            exchange.attempt,
        )
        return AttemptResult(fake.function(context, exchange.decoded.parameters))

    def _finish(self, exchange: Exchange, result: AttemptResult) -> Response:
        response_fault = exchange.faults.response_fault()
        if response_fault is not None:
            result = replace(result, network=response_fault)
        delay = exchange.faults.response_delay()
        if delay is not None:
            result = _delayed(result, delay, exchange.request.read_timeout)
        note_delay = self._record(exchange, result, *_error_of(result))
        if result.network is not None:
            raise result.network(note_delay, result.waited)
        response = self._response(exchange.decoded, result, note_delay)
        return response if delay is None else replace(response, delay=delay)

    def _pass_on(self, exchange: Exchange) -> Response | None:
        """Return moto's response to a request without a fake, or None to send the request.

        Raises:
            UnfakedOperationError: the settings do not pass the operation on, or moto does not answer it.
        """
        service, operation = exchange.decoded.service, exchange.decoded.operation
        if self.settings.unfaked == "passthrough" or (service, operation) in self.allowed:
            return None
        response = answer_of_moto(exchange.request) if self.settings.unfaked == "moto" else None
        if response is not None:
            self.journal.note_answered_elsewhere(exchange.request.method, exchange.request.url, "moto")
            return response
        self.journal.unfaked.append(f"{service}.{operation}")
        raise self._unfaked(service, operation)

    def _unfaked(self, service: str, operation: str) -> UnfakedOperationError:
        moto = " and moto does not answer it," if self.settings.unfaked == "moto" else ""
        fact = (
            f"connect_batchmock has no fake for {operation} of {service},{moto} so the call was stopped "
            f"before the network. {describe_nearest_fakes(operation, self.faked(service))}"
        )
        return UnfakedOperationError(
            f"{fact} To answer such calls, add a fake with connect_mock.fake({operation!r}, ...); to pass "
            f"them on, to another mock or to AWS, use connect_mock.passthrough({operation!r}), or for all "
            f"operations the setting unfaked='passthrough', or unfaked='moto' while mock_aws is active.",
            http_message=f"{fact} Only the process that serves the mock can answer it: add a fake there, "
            f"with connect_mock.fake({operation!r}, ...) in Python, and serve the mock with "
            f"connect_mock.serve().",
        )

    def fake_of(self, service: str, operation: str) -> Fake | None:
        """Return the fake of an operation, if it has one: the test's own goes first."""
        # The services are loaded with the first API call: a mock and its clients need none of them.
        from connect_batchmock.services.registry import FAKES

        return self._fakes_of_test.get((service, operation)) or FAKES.get((service, operation))

    def add_fake(self, service: str, operation: str, function: Operation) -> None:
        """Carry out an operation with a function of the test."""
        self._fakes_of_test[service, operation] = Fake(function, is_of_test=True)

    def faked(self, service: str) -> list[str]:
        """Return the names of the operations of a service that have a fake."""
        from connect_batchmock.services.registry import FAKES

        return sorted(operation for of, operation in {**FAKES, **self._fakes_of_test} if of == service)

    def _authorize(self, exchange: Exchange, fake: Fake | None) -> None:
        if fake is None or not fake.for_campaigns_only or self.settings.caller == "campaigns":
            return
        region, labels = exchange.region, exchange.decoded.labels
        user = f"arn:{region.partition}:iam::{region.account_id}:user/customer"
        is_campaign = "InstanceId" not in labels
        service = "connect-campaigns" if is_campaign else "connect"
        name = f"campaign/{labels['id']}" if is_campaign else f"instance/{labels['InstanceId']}"
        action, resource = f"{service}:{exchange.decoded.operation}", region.arn(service, name)
        raise ServiceError(
            "AccessDeniedException",
            f"User: {user} is not authorized to perform: {action} on resource: {resource} because no "
            f"identity-based policy allows the {action} action",
        )

    def _exceeded_rate(self, exchange: Exchange) -> ServiceError | None:
        """Return the error of an attempt that comes too early, or None."""
        decoded, region = exchange.decoded, exchange.region
        rate = self.faults.rate_exceeded(
            decoded.service, decoded.operation, (region.account_id, region.name), exchange.at
        )
        if rate is None:
            return None
        exchange.attempt.faults.append(rate.plan)
        return rate.error

    def _record(
        self, exchange: Exchange, result: AttemptResult, error: str | None, message: str | None
    ) -> DelayCallback:
        headers = exchange.request.headers
        attempt = _ATTEMPT.search(headers.get("amz-sdk-request", ""))
        call = Call(
            service=exchange.decoded.service,
            operation=exchange.decoded.operation,
            parameters=exchange.decoded.parameters,
            result=result.result,
            error=error,
            message=message,
            attempt=int(attempt[1]) if attempt else 1,
            invocation_id=headers.get("amz-sdk-invocation-id"),
            region=exchange.region.name,
            account_id=exchange.region.account_id,
            at=exchange.at,
            delay=result.delay,
            faults=_distinct(exchange.attempt.faults),
        )
        journal, index = self.journal, len(self.journal.calls)
        # While a fake of the test ran without the lock, another thread may have started another history.
        if exchange.history == self.history.id:
            self._add_to_journal(call, exchange.attempt)

        def note_delay(seconds: float) -> None:
            with self.lock:
                # A snapshot that was restored in the meantime does not contain the call.
                if call in journal.calls[index : index + 1]:
                    journal.calls[index] = replace(call, skipped_delay=seconds)

        return note_delay

    def _record_internal(
        self,
        context: Context,
        parameters: Mapping[str, Any],
        result: Mapping[str, Any] | None,
        error: BaseException | None,
    ) -> None:
        call = Call(
            service=context.service,
            operation=context.operation,
            parameters=parameters,
            result=result,
            error=None if error is None else type(error).__name__,
            message=None if error is None else str(error),
            attempt=1,
            region=context.region.name,
            account_id=context.region.account_id,
            at=context.now,
            internal=True,
            faults=_distinct(context.attempt.faults),
        )
        self._add_to_journal(call, context.attempt)

    def _add_to_journal(self, call: Call, attempt: Attempt) -> None:
        """Add a call to the journal, with the items that failed in it."""
        number = self.journal.call_number
        if attempt.failed and call.result is not None:
            self.journal.failed_requests.extend(
                FailedRequest(
                    failed.refusal.reason,
                    failed.refusal.message,
                    failed.identifier,
                    failed.item,
                    number,
                    call.service,
                    call.operation,
                )
                for failed in attempt.failed
            )
        self.journal.calls.append(call)

    def _response(
        self, decoded: DecodedRequest, result: AttemptResult, note_delay: DelayCallback
    ) -> Response:
        if result.planned is not None:
            return replace(result.planned, note_delay=note_delay)
        request_id = self._request_ids.uuid()
        if result.error is not None:
            return codec.encode_error(decoded.model.service_model, result.error, request_id, note_delay)
        assert result.result is not None, "an attempt without an error has a result"
        return codec.encode_result(decoded.model, result.result, request_id, note_delay)


def _distinct(plans: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plans)) if plans else ()


def _delayed(result: AttemptResult, delay: float, read_timeout: float | None) -> AttemptResult:
    """Return how an attempt ends whose response is late: the client waits no longer than its timeout."""
    if read_timeout is None or delay <= read_timeout:
        return replace(result, delay=delay, waited=delay)
    return replace(result, delay=delay, waited=read_timeout, network=ResponseLate)


def _error_of(result: AttemptResult) -> tuple[str | None, str | None]:
    """Return the error and the message of an attempt as the journal names them."""
    if result.network is not None:
        ending = (
            "the request was carried out" if result.error is None else f"it was {cut(str(result.error), 200)}"
        )
        error = result.network.error
        message = {
            "EndpointConnectionError": "The connection was refused: the request did not arrive.",
            "ReadTimeoutError": f"The response was lost: {ending}.",
            "ConnectionClosedError": f"The connection broke during the response: {ending}.",
        }[error]
        if result.network is ResponseLate:
            message = (
                f"The response was {result.delay:g} s late, and the client waited {result.waited:g} s: "
                f"{ending}."
            )
        return error, message
    if result.planned is not None:
        body = result.planned.body
        message = f"The body was {short(body.decode())}." if body else "The body was empty."
        return str(result.planned.status), message
    if result.error is not None:
        return result.error.code, result.error.message
    return None, None


def describe_nearest_fakes(operation: str, faked: Sequence[str]) -> str:
    """Return sentences that name the operations with a fake that are nearest to one without."""
    return (
        f"Of the {len(faked)} operations of this service that have a fake, the nearest are "
        f'{listed(_nearest(operation, faked))}. The page "Operations" of the documentation lists all.'
    )


_MAX_NEAREST = 5


def _nearest(operation: str, faked: Sequence[str]) -> list[str]:
    """Return the nearest operations: first those of the same resource, then of the same verb or spelling."""
    verb, resource = _verb_and_resource(operation)

    def distance(other: str) -> tuple[int, bool, float]:
        other_verb, other_resource = _verb_and_resource(other)
        similarity = SequenceMatcher(None, operation, other).ratio()
        return -len(resource & other_resource), other_verb != verb, -similarity

    return sorted(faked, key=distance)[:_MAX_NEAREST]


def _verb_and_resource(operation: str) -> tuple[str, frozenset[str]]:
    verb, *words = re.findall("[A-Z][^A-Z]*", operation)
    return verb, frozenset(word.removesuffix("s") for word in words if len(word) > 2)
