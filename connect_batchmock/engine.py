"""The fake service: a request goes in as bytes, and a response comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from connect_batchmock import explain
from connect_batchmock.clockwork import Clockwork
from connect_batchmock.domain.facts import ConnectBatchmockError, Fact
from connect_batchmock.domain.identity import Identities, is_account_id
from connect_batchmock.domain.lock import Lock
from connect_batchmock.domain.world import Region, World
from connect_batchmock.faults import Faults, Met, PlanError
from connect_batchmock.protocol import restjson
from connect_batchmock.protocol.constraints import violations
from connect_batchmock.protocol.errors import (
    ServiceError,
    code_for_throttling,
    code_for_violations,
    serialize_error,
)
from connect_batchmock.protocol.model import partition_of, service_model
from connect_batchmock.protocol.restjson import Parsed
from connect_batchmock.protocol.routing import (
    Route,
    Scope,
    credential_scope,
    route,
    services_of,
    signing_name,
)
from connect_batchmock.recording import Call, Journal
from connect_batchmock.services.added import FakeError
from connect_batchmock.services.context import Context
from connect_batchmock.services.facts import error_for
from connect_batchmock.services.registry import FAKES, Fake
from connect_batchmock.settings import Settings
from connect_batchmock.wire.message import NetworkFault, Note, Request, Response

_ATTEMPT = re.compile(r"attempt=([0-9]{1,9})")


class UnfakedOperationError(ConnectBatchmockError):
    """An operation was called that has no fake; the call was stopped before the network."""


@dataclass(frozen=True)
class Answer:
    """How a call ended: with a result, an error or a bare response, and what the network did to that."""

    parameters: Mapping[str, Any]
    result: Mapping[str, Any] | None = None
    error: ServiceError | None = None
    bare: Response | None = None
    network: type[NetworkFault] | None = None


class Engine:
    """A fake backend and the one way into it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock: Lock = Lock()
        self.fakes: dict[tuple[str, str], Fake] = dict(FAKES)
        self.allowed: set[tuple[str, str]] = set()
        self.restart()

    def restart(self) -> None:
        """Forget everything and begin again, with the same identifiers."""
        self.journal: Journal = Journal()
        self.faults: Faults = Faults()
        self.clockwork: Clockwork = Clockwork(self.lock, self.journal)
        self.world: World = World(
            self.settings.seed,
            self.lock,
            self.clockwork.timeline,
            tell=self.clockwork.tell,
            decide=self.clockwork.decide,
            settle=self.clockwork.settle,
            before_change=self.clockwork.before_change,
            concurrent_calls=self.settings.concurrent_calls,
            requests_per_second=self.settings.requests_per_second,
        )
        # Requests have identifiers of their own, so that a retry does not change the next contact's.
        self._request_ids = Identities("requests", self.settings.seed)

    def now(self) -> datetime:
        """Return the time on the mock's clock, in UTC; while something happens, the time of that."""
        return self.clockwork.timeline.now

    def region(self, name: str | None = None, account_id: str | None = None) -> Region:
        """Return the backend's part for a region and account; the settings' own where none is named."""
        name = name or self.settings.region
        return self.world.region(account_id or self.settings.account_id, name, partition_of(name))

    def handle(self, request: Request) -> Response | None:
        """Answer a request, or return None when it is for a service or operation that is not answered here.

        Raises:
            UnfakedOperationError: the operation has no fake, and the settings do not let it pass.
        """
        services = services_of(request)
        if not services:
            return None
        self.clockwork.refuse_policies()
        self.clockwork.settle()
        with self.lock, self.clockwork.timeline.standing_still():
            response = self._answer(request, services)
        self.clockwork.settle()
        return response

    @contextmanager
    def at_once(self) -> Iterator[bool]:
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
        return self.clockwork.calls_functions or self.faults.calls_functions or self.fakes != FAKES

    def _answer(self, request: Request, services: tuple[str, ...]) -> Response | None:
        scope = self._scope(request)
        if scope is None:
            return self._refusal(services[0], "MissingAuthenticationTokenException", explain.unsigned())
        found = route(services, request.method, request.url)
        if found is None:
            message = explain.unknown_operation(request.method, urlsplit(request.url).path)
            return self._refusal(services[0], "UnknownOperationException", message)
        region = self.region(scope.region, self._account_id(scope))
        answer = self._answer_to(request, found, region)
        if answer is None:
            return None
        note_delay = self._record(request, found, region, answer)
        if answer.network is not None:
            raise answer.network(note_delay)
        return self._response(found, answer, note_delay)

    def _scope(self, request: Request) -> Scope | None:
        scope = credential_scope(request)
        if scope is None and request.service is not None and request.region is not None:
            return Scope("", request.region, signing_name(request.service))
        return scope

    def _account_id(self, scope: Scope) -> str:
        return scope.access_key if is_account_id(scope.access_key) else self.settings.account_id

    def _answer_to(self, request: Request, found: Route, region: Region) -> Answer | None:
        met = self.faults.met_by(found.operation.service_model.service_name, found.operation.name)
        parsed, undecodable = self._parse(request, found)
        parameters = parsed.parameters
        refused = met.on_the_way()
        if refused is not None:
            return Answer(parameters, network=refused)
        try:
            answer = self._perform(found, region, met, parsed, undecodable)
        except Fact as fact:
            answer = Answer(parameters, error=error_for(fact, found.operation, region))
        except ServiceError as error:
            answer = Answer(parameters, error=error)
        except (PlanError, FakeError) as error:
            self.journal.broken_plans.append(str(error))
            raise
        network = met.on_the_way_back()
        return answer if network is None or answer is None else replace(answer, network=network)

    def _perform(
        self,
        found: Route,
        region: Region,
        met: Met,
        parsed: Parsed,
        undecodable: str | None,
    ) -> Answer | None:
        parameters = parsed.parameters
        service, operation = found.operation.service_model.service_name, found.operation.name
        fake = None if (service, operation) in self.allowed else self.fakes.get((service, operation))
        self._authorize(found, fake, region)
        instead = met.instead()
        if isinstance(instead, Response):
            return Answer(parameters, bare=instead)
        if instead is not None:
            return Answer(parameters, error=instead)
        self._admit(found, region)
        if fake is None:
            self._refuse_unfaked(service, operation)
            return None
        if undecodable is not None:
            raise ServiceError("SerializationException", explain.undecodable(undecodable))
        self._check(found, parsed)
        context = Context(service, region, self.now(), self.journal, self.faults, self.settings)
        return Answer(parameters, fake.function(context, parameters))

    def _refuse_unfaked(self, service: str, operation: str) -> None:
        if self.settings.unfaked == "passthrough" or (service, operation) in self.allowed:
            return
        self.journal.unfaked.append(f"{service}.{operation}")
        raise UnfakedOperationError(explain.unfaked_operation(service, operation, self.faked(service)))

    def faked(self, service: str) -> list[str]:
        """Return the names of the operations of a service that have a fake."""
        return sorted(operation for of, operation in self.fakes if of == service)

    def _parse(self, request: Request, found: Route) -> tuple[Parsed, str | None]:
        # What cannot be read is told only after the caller has been let in.
        try:
            return restjson.parse(request, found), None
        except restjson.Undecodable as error:
            return Parsed(found.labels), str(error)

    def _authorize(self, found: Route, fake: Fake | None, region: Region) -> None:
        if fake is None or not fake.for_campaigns_only or self.settings.caller == "campaigns":
            return
        user = f"arn:{region.partition}:iam::{region.account_id}:user/customer"
        is_campaign = "InstanceId" not in found.labels
        service = "connect-campaigns" if is_campaign else "connect"
        about = f"campaign/{found.labels['id']}" if is_campaign else f"instance/{found.labels['InstanceId']}"
        action, resource = f"{service}:{found.operation.name}", region.arn(service, about)
        raise ServiceError("AccessDeniedException", explain.not_authorized(user, action, resource))

    def _admit(self, found: Route, region: Region) -> None:
        service, operation = found.operation.service_model.service_name, found.operation.name
        if not self.faults.admit(service, operation, (region.account_id, region.name), self.now()):
            code = code_for_throttling(found.operation)
            raise ServiceError(code, explain.rate_exceeded(operation))

    def _check(self, found: Route, parsed: Parsed) -> None:
        broken = [] if parsed.is_plain else violations(found.operation.input_shape, parsed.parameters)
        if broken:
            raise ServiceError(code_for_violations(found.operation), explain.violations(broken))

    def _record(self, request: Request, found: Route, region: Region, answer: Answer) -> Note:
        attempt = _ATTEMPT.search(request.headers.get("amz-sdk-request", ""))
        error, message = _error_of(answer)
        journal, index = self.journal, len(self.journal.calls)
        call = Call(
            service=found.operation.service_model.service_name,
            operation=found.operation.name,
            parameters=answer.parameters,
            result=answer.result,
            error=error,
            message=message,
            attempt=int(attempt[1]) if attempt else 1,
            invocation_id=request.headers.get("amz-sdk-invocation-id"),
            region=region.name,
            account_id=region.account_id,
            at=self.now(),
            faults=self.faults.take_met(),
        )
        journal.calls.append(call)

        def note_delay(seconds: float) -> None:
            with self.lock:
                # A snapshot that was gone back to meanwhile knows nothing of the call.
                if call in journal.calls[index : index + 1]:
                    journal.calls[index] = replace(call, skipped_delay=seconds)

        return note_delay

    def _response(self, found: Route, answer: Answer, note_delay: Note) -> Response:
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
        self, status: int, headers: Mapping[str, str], body: bytes, note_delay: Note | None = None
    ) -> Response:
        common = {"content-type": "application/json", "x-amzn-requestid": self._request_ids.uuid()}
        return Response(status, common | dict(headers), body, note_delay)


def _error_of(answer: Answer) -> tuple[str | None, str | None]:
    if answer.network is not None:
        told = "" if answer.error is None else str(answer.error)
        return answer.network.error, explain.network_fault(answer.network.error, told)
    if answer.bare is not None:
        return str(answer.bare.status), explain.bare_response(answer.bare.body)
    if answer.error is not None:
        return answer.error.code, answer.error.message
    return None, None
