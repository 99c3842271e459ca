"""The fake service: a request goes in as bytes, and a response comes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, TypeVar
from urllib.parse import urlsplit

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
from connect_batchmock.engine.simulation import Simulation
from connect_batchmock.protocol import restjson
from connect_batchmock.protocol.errors import (
    ServiceError,
    code_for_throttling,
    code_for_violations,
    serialize_error,
)
from connect_batchmock.protocol.http import DelayCallback, NetworkFault, Request, Response
from connect_batchmock.protocol.model import partition_of, service_model
from connect_batchmock.protocol.restjson import Parsed
from connect_batchmock.protocol.routing import (
    Route,
    CredentialScope,
    credential_scope,
    route,
    services_of,
    signing_name,
)
from connect_batchmock.protocol.validation import violations, violations_message
from connect_batchmock.services.context import Attempt, Context
from connect_batchmock.services.custom import FakeError
from connect_batchmock.services.errors import error_for
from connect_batchmock.services.registry import FAKES, Fake
from connect_batchmock.settings import Settings

Tried = TypeVar("Tried")

_ATTEMPT = re.compile(r"attempt=([0-9]{1,9})")


class UnfakedOperationError(ConnectBatchmockError):
    """An operation was called that has no fake; the call was stopped before the network.

    Attributes:
        served: what a client is told that called over HTTP, and cannot change the mock.
    """

    def __init__(self, message: str, *, served: str | None = None) -> None:
        super().__init__(message)
        self.served = message if served is None else served


@dataclass(frozen=True)
class Answer:
    """How an attempt ended: with a result, an error or a bare response, and what the network did to that."""

    result: Mapping[str, Any] | None = None
    error: ServiceError | None = None
    bare: Response | None = None
    network: type[NetworkFault] | None = None


# Every call makes one: a frozen one takes three times as long to be made.
@dataclass(slots=True)
class Exchange:
    """An attempt of a call on its way through the engine.

    Args:
        request: what was sent.
        route: where the operation that it is for is called.
        service: the service that has the operation, as botocore names it.
        operation: the name of the operation.
        region: the region of the account that is called.
        at: when it came, on the mock's clock.
        history: the history that it belongs to.
        parsed: its parameters.
        undecodable: why its body cannot be read, or None.
        met: the fault that it meets, if there is one.
        attempt: what it has met and made so far.
    """

    request: Request
    route: Route
    service: str
    operation: str
    region: Region
    at: datetime
    history: str
    parsed: Parsed
    undecodable: str | None
    met: CallFaults
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Question:
    """An attempt that a function of the test is to answer, while other threads may call the mock."""

    exchange: Exchange
    fake: Fake


class Engine(Stateful):
    """A fake backend and the one way into it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock: Lock = Lock(self._plan_broken)
        self.history: History = History()
        self._inside = Inside()
        self.restart()

    def restart(self) -> None:
        """Forget everything and begin again, with the same identifiers."""
        self.history.begin()
        self.fakes: dict[tuple[str, str], Fake] = dict(FAKES)
        self.allowed: set[tuple[str, str]] = set()
        self.journal: Journal = Journal()
        self.faults: Faults = Faults(self.lock)
        self.simulation: Simulation = Simulation(self.lock, self.journal, self.history, self._inside)
        self.backend: Backend = Backend(
            self.settings.seed,
            self.lock,
            self.simulation.scheduler,
            publish=self.simulation.publish,
            choose_outcome=self.simulation.choose_outcome,
            run_due=self.simulation.run_due,
            run_overdue=self.simulation.run_overdue,
            concurrent_calls=self.settings.concurrent_calls,
            requests_per_second=self.settings.requests_per_second,
        )
        # Requests have identifiers of their own, so that a retry does not change the next contact's.
        self._request_ids = IdSource("requests", self.settings.seed)

    def _plan_broken(self, message: str) -> PlanError:
        self.journal.broken_plans.append(message)
        return PlanError(message)

    def now(self) -> datetime:
        """Return the time on the mock's clock, in UTC; while something happens, the time of that."""
        return self.simulation.scheduler.now

    def region(self, name: str | None = None, account_id: str | None = None) -> Region:
        """Return the backend's part for a region and account; the settings' own where none is named."""
        name = name or self.settings.region
        return self.backend.region(account_id or self.settings.account_id, name, partition_of(name))

    def handle(self, request: Request) -> Response | None:
        """Answer a request, or return None when it is for a service or operation that is not answered here.

        Raises:
            UnfakedOperationError: the operation has no fake, and the settings do not let it pass.
            NetworkFault: what was planned to happen to the connection.
            PlanError: a function that a test gave to a plan raised an exception, or waits for this call.
            FakeError: a fake that a test added raised an exception, or broke the model.
        """
        services = services_of(request)
        if not services:
            return None
        self.simulation.refuse_policies()
        try:
            self.simulation.run_due()
        finally:
            # What a plan has broken before is no reason that the call was not made.
            response = self._respond(request, services)
        self.simulation.run_due()
        return response

    def _respond(self, request: Request, services: tuple[str, ...]) -> Response | None:
        with self.lock, self.simulation.scheduler.frozen():
            answered = self._answer(request, services)
        if isinstance(answered, Question):
            return self._ask(answered.exchange, answered.fake)
        return answered

    @contextmanager
    def try_without_blocking(self) -> Iterator[bool]:
        """Whether requests are answered within it without waiting for another thread or a test's function.

        The lock is held meanwhile.
        """
        if not self.lock.take_if_free():
            yield False
            return
        with ExitStack() as held:
            held.push(self.lock)
            yield not self._calls_functions()

    def _calls_functions(self) -> bool:
        return self.simulation.calls_functions or self.faults.calls_functions or self.fakes != FAKES

    def _answer(self, request: Request, services: tuple[str, ...]) -> Response | Question | None:
        scope = self._scope(request)
        if scope is None:
            return self._refusal(
                services[0], "MissingAuthenticationTokenException", "Missing Authentication Token"
            )
        found = route(services, request.method, request.url)
        if found is None:
            message = unknown_operation(request.method, urlsplit(request.url).path)
            return self._refusal(services[0], "UnknownOperationException", message)
        exchange = self._exchange(request, found, self.region(scope.region, self._account_id(scope)))
        refused = exchange.met.request_fault()
        if refused is not None:
            return self._finish(exchange, Answer(network=refused))
        answer = self._tried(exchange, self._perform)
        return self._finish(exchange, answer) if isinstance(answer, Answer) else answer

    def _ask(self, exchange: Exchange, fake: Fake) -> Response:
        """Let a function of the test answer, which may wait for a thread that calls the mock."""
        with self.simulation.scheduler.entered():
            answer = self._tried(exchange, self._carry_out, fake)
        with self.lock, self.simulation.scheduler.frozen():
            return self._finish(exchange, answer)

    def _exchange(self, request: Request, found: Route, region: Region) -> Exchange:
        attempt = Attempt()
        service, operation = found.operation.service_model.service_name, found.operation.name
        met = self.faults.met_by(service, operation, attempt.faults)
        now, history = self.now(), self.history.id
        parsed, undecodable = self._parse(request, found)
        return Exchange(
            request, found, service, operation, region, now, history, parsed, undecodable, met, attempt
        )

    def _scope(self, request: Request) -> CredentialScope | None:
        scope = credential_scope(request)
        if scope is None and request.service is not None and request.region is not None:
            return CredentialScope("", request.region, signing_name(request.service))
        return scope

    def _account_id(self, scope: CredentialScope) -> str:
        return scope.access_key if is_account_id(scope.access_key) else self.settings.account_id

    def _tried(self, exchange: Exchange, perform: Callable[..., Tried], *args: Fake) -> Tried | Answer:
        """Return how an attempt ends; one that a function of the test breaks is recorded, and raises."""
        try:
            return perform(exchange, *args)
        except DomainError as fact:
            return Answer(error=error_for(fact, exchange.route.operation, exchange.region))
        except ServiceError as error:
            return Answer(error=error)
        except UnfakedOperationError:
            raise
        except BaseException as error:
            with self.lock:
                if isinstance(error, (PlanError, FakeError)):
                    self.journal.broken_plans.append(str(error))
                self._record(exchange, Answer(), type(error).__name__, str(error))
            raise

    def _perform(self, exchange: Exchange) -> Answer | Question | None:
        key = (exchange.service, exchange.operation)
        fake = None if key in self.allowed else self.fakes.get(key)
        self._authorize(exchange.route, fake, exchange.region)
        instead = exchange.met.response_override()
        if isinstance(instead, Response):
            return Answer(bare=instead)
        if instead is not None:
            return Answer(error=instead)
        self._check_rate(exchange)
        if fake is None:
            self._refuse_unfaked(*key)
            return None
        if exchange.undecodable is not None:
            raise ServiceError(
                "SerializationException", f"The body of the request cannot be read: {exchange.undecodable}"
            )
        self._check(exchange.route, exchange.parsed)
        return Question(exchange, fake) if fake.is_of_test else self._carry_out(exchange, fake)

    def _carry_out(self, exchange: Exchange, fake: Fake) -> Answer:
        context = Context(
            exchange.service,
            exchange.operation,
            exchange.region,
            exchange.at,
            self.settings,
            self.faults.rejection_of,
            self._record_internal,
            exchange.attempt,
        )
        return Answer(fake.function(context, exchange.parsed.parameters))

    def _finish(self, exchange: Exchange, answer: Answer) -> Response:
        network = exchange.met.response_fault()
        if network is not None:
            answer = replace(answer, network=network)
        note_delay = self._record(exchange, answer, *_error_of(answer))
        if answer.network is not None:
            raise answer.network(note_delay)
        return self._response(exchange.route, answer, note_delay)

    def _refuse_unfaked(self, service: str, operation: str) -> None:
        if self.settings.unfaked == "passthrough" or (service, operation) in self.allowed:
            return
        self.journal.unfaked.append(f"{service}.{operation}")
        fact = _unfaked_operation(service, operation, self.faked(service))
        raise UnfakedOperationError(
            f"{fact} To answer such calls, add a fake with connect_mock.fake({operation!r}, ...); to pass "
            f"them on, to another mock or to AWS, use connect_mock.passthrough({operation!r}), or the setting "
            f"unfaked='passthrough' for all operations.",
            served=f"{fact} Only the process that serves the mock can answer it: add a fake there, with "
            f"connect_mock.fake({operation!r}, ...) in Python, and serve the mock with connect_mock.serve().",
        )

    def faked(self, service: str) -> list[str]:
        """Return the names of the operations of a service that have a fake."""
        return sorted(operation for of, operation in self.fakes if of == service)

    def _parse(self, request: Request, found: Route) -> tuple[Parsed, str | None]:
        # What cannot be read is told only after the caller has been let in.
        try:
            return restjson.parse(request, found), None
        except restjson.DecodeError as error:
            return Parsed(found.labels), str(error)

    def _authorize(self, found: Route, fake: Fake | None, region: Region) -> None:
        if fake is None or not fake.for_campaigns_only or self.settings.caller == "campaigns":
            return
        user = f"arn:{region.partition}:iam::{region.account_id}:user/customer"
        is_campaign = "InstanceId" not in found.labels
        service = "connect-campaigns" if is_campaign else "connect"
        about = f"campaign/{found.labels['id']}" if is_campaign else f"instance/{found.labels['InstanceId']}"
        action, resource = f"{service}:{found.operation.name}", region.arn(service, about)
        raise ServiceError(
            "AccessDeniedException",
            (
                f"User: {user} is not authorized to perform: {action} on resource: {resource} because no "
                f"identity-based policy allows the {action} action"
            ),
        )

    def _check_rate(self, exchange: Exchange) -> None:
        service, operation, region = exchange.service, exchange.operation, exchange.region
        plan = self.faults.rate_exceeded(service, operation, (region.account_id, region.name), exchange.at)
        if plan is not None:
            exchange.attempt.faults.append(plan)
            code = code_for_throttling(exchange.route.operation)
            raise ServiceError(
                code, f"Rate exceeded: {operation} is called faster than connect_mock.limit_rate allows."
            )

    def _check(self, found: Route, parsed: Parsed) -> None:
        broken = [] if parsed.is_plain else violations(found.operation.input_shape, parsed.parameters)
        if broken:
            raise ServiceError(code_for_violations(found.operation), violations_message(broken))

    def _record(
        self, exchange: Exchange, answer: Answer, error: str | None, message: str | None
    ) -> DelayCallback:
        headers = exchange.request.headers
        attempt = _ATTEMPT.search(headers.get("amz-sdk-request", ""))
        call = Call(
            service=exchange.service,
            operation=exchange.operation,
            parameters=exchange.parsed.parameters,
            result=answer.result,
            error=error,
            message=message,
            attempt=int(attempt[1]) if attempt else 1,
            invocation_id=headers.get("amz-sdk-invocation-id"),
            region=exchange.region.name,
            account_id=exchange.region.account_id,
            at=exchange.at,
            faults=_plans_met(exchange.attempt),
        )
        journal, index = self.journal, len(self.journal.calls)
        # While a function of the test answered, another thread may have begun another history.
        if exchange.history == self.history.id:
            self._write_down(call, exchange.attempt)

        def note_delay(seconds: float) -> None:
            with self.lock:
                # A snapshot that was gone back to meanwhile knows nothing of the call.
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
            faults=_plans_met(context.attempt),
        )
        self._write_down(call, context.attempt)

    def _write_down(self, call: Call, attempt: Attempt) -> None:
        """Write down a call, and the items that came back failed in it."""
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

    def _response(self, found: Route, answer: Answer, note_delay: DelayCallback) -> Response:
        if answer.bare is not None:
            return replace(answer.bare, note_delay=note_delay)
        if answer.error is not None:
            status, headers, body = serialize_error(found.operation.service_model, answer.error)
        else:
            assert answer.result is not None, "a call that did not fail has a result"
            status = found.operation.http.get("responseCode", 200)
            headers, body = restjson.serialize(found.operation, answer.result)
        return self._with_request_id(status, headers, body, note_delay)

    def _refusal(self, service: str, code: str, message: str) -> Response:
        error = ServiceError(code, message)
        return self._with_request_id(*serialize_error(service_model(service), error))

    def _with_request_id(
        self, status: int, headers: Mapping[str, str], body: bytes, note_delay: DelayCallback | None = None
    ) -> Response:
        common = {"content-type": "application/json", "x-amzn-requestid": self._request_ids.uuid()}
        return Response(status, common | dict(headers), body, note_delay)


def _plans_met(attempt: Attempt) -> tuple[str, ...]:
    return tuple(dict.fromkeys(attempt.faults)) if attempt.faults else ()


def _error_of(answer: Answer) -> tuple[str | None, str | None]:
    if answer.network is not None:
        told = "" if answer.error is None else str(answer.error)
        return answer.network.error, _network_fault(answer.network.error, told)
    if answer.bare is not None:
        return str(answer.bare.status), (
            f"The body was {short(answer.bare.body.decode())}." if answer.bare.body else "The body was empty."
        )
    if answer.error is not None:
        return answer.error.code, answer.error.message
    return None, None


def unknown_operation(method: str, path: str) -> str:
    return f"No operation of this service answers {method} {path}."


def _network_fault(error: str, answer: str) -> str:
    carried_out = f"it was {cut(answer, 200)}" if answer else "the request was carried out"
    return {
        "EndpointConnectionError": "The connection was refused: the request did not arrive.",
        "ReadTimeoutError": f"The answer was lost: {carried_out}.",
        "ConnectionClosedError": f"The connection broke during the answer: {carried_out}.",
    }[error]


def _unfaked_operation(service: str, operation: str, faked: Sequence[str]) -> str:
    return (
        f"connect_batchmock has no fake for {operation} of {service}, so the call was stopped before the "
        f"network. {what_is_faked(operation, faked)}"
    )


def what_is_faked(operation: str, faked: Sequence[str]) -> str:
    return (
        f"Of the {len(faked)} operations of this service that have a fake, the nearest are "
        f'{listed(_nearest(operation, faked))}. The page "Operations" of the documentation lists all.'
    )


_MAX_NEAREST = 5


def _nearest(operation: str, faked: Sequence[str]) -> list[str]:
    """Return the operations nearest in meaning: of the same resource, of the same verb, or spelled alike."""
    verb, resource = _verb_and_resource(operation)

    def distance(other: str) -> tuple[int, bool, float]:
        other_verb, other_resource = _verb_and_resource(other)
        alike = SequenceMatcher(None, operation, other).ratio()
        return -len(resource & other_resource), other_verb != verb, -alike

    return sorted(faked, key=distance)[:_MAX_NEAREST]


def _verb_and_resource(operation: str) -> tuple[str, frozenset[str]]:
    verb, *words = re.findall("[A-Z][^A-Z]*", operation)
    return verb, frozenset(word.removesuffix("s") for word in words if len(word) > 2)
