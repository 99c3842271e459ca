"""The fake Amazon Connect that a test holds: its resources, its API calls, its faults and its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING, Any, Literal, NoReturn, SupportsFloat, SupportsIndex, TypeVar, overload

# Import botocore before connect_batchmock.interception.botocore: the import hooks for botocore run while it
# loads, and they import that module.
import botocore.session  # noqa: F401

from connect_batchmock._text import counted, listed, numbered, wrapped
from connect_batchmock.domain import contact as domain_contact
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.domain.versioned_list import View
from connect_batchmock.engine.delivery import DeliveryPlan
from connect_batchmock.engine.engine import Engine, describe_nearest_fakes
from connect_batchmock.engine.event_formats import EventEnvelope
from connect_batchmock.engine.faults import When, wrong_service_message
from connect_batchmock.engine.journal import Call
from connect_batchmock.engine.listeners import Kind
from connect_batchmock.engine.snapshot import Snapshot
from connect_batchmock.interception import botocore as wire
from connect_batchmock.outcomes import Policy
from connect_batchmock.protocol.http import (
    ConnectionRefused,
    ConnectionReset,
    NetworkFault,
    RefusedCall,
    Request,
    Response,
    ResponseLost,
)
from connect_batchmock.protocol.literals import ErrorCode, FailureCode, FailureReasonCode, OperationName
from connect_batchmock.protocol.model import SERVICES, check_region, services_with
from connect_batchmock.records import report
from connect_batchmock.records.audit import double_dials, explain_missing_contact, reasons_of, unretried_items
from connect_batchmock.records.calling_hours import CallOutsideHours, Hours, calls_outside_hours
from connect_batchmock.records.calling_limits import (
    customers_beyond_limits,
    customers_called_too_often,
    limit_of_test,
)
from connect_batchmock.records.calls import Calls, FailedRequests
from connect_batchmock.records.events import ContactRecords, Events
from connect_batchmock.records.handles import Contact, Contacts, Instance
from connect_batchmock.records.obstacles import explain_wait
from connect_batchmock.records.seed_arguments import SeedError, check_text, reject_conflicts
from connect_batchmock.records.time_zones import TimeZone
from connect_batchmock.server.served import Served
from connect_batchmock.services.custom import check_fake, validated_by_model
from connect_batchmock.services.registry import Fake
from connect_batchmock.settings import Settings
from connect_batchmock.state.document import read
from connect_batchmock.state.seeder import seed

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from connect_batchmock.clients import (
        ConnectCampaignServiceClient,
        ConnectCampaignServiceV2Client,
        ConnectClient,
    )
    from connect_batchmock.records.query_types import ContactCriteria, EventCriteria
    from connect_batchmock.server.server import Server
    from connect_batchmock.settings import ConnectMockSettings

Client = TypeVar("Client")
ListenerT = TypeVar("ListenerT", bound=Callable[..., object])
FakeFunction = TypeVar("FakeFunction", bound=Callable[["ConnectMock", Mapping[str, Any]], Any])


class ConnectMock:
    """A fake Amazon Connect: a backend that a test seeds, fails on purpose, and reads.

    The mock answers every client that it made and every client that is attached to it. While it is the
    innermost active mock, it also answers all other clients of the mocked services. After it has stopped, it
    can still be read.

    Args:
        settings: the settings of :class:`~connect_batchmock.settings.Settings`, by keyword.

    Raises:
        TypeError: a setting is unknown, or its value has the wrong type.
        ValueError: the value of a setting is invalid.
        StateError: the file of the setting ``state`` cannot be read, or is invalid.
    """

    def __init__(self, **settings: Unpack[ConnectMockSettings]) -> None:
        self._engine = Engine(Settings.of(settings))
        self.chosen_settings: frozenset[str] = frozenset(settings)
        """The names of the settings that were given. :meta private:"""
        self.replacing_records: Callable[[], AbstractContextManager[None]] = nullcontext
        """Makes the context in which a reset or a restore replaces the records. :meta private:"""
        self._servers: list[Server] = []
        path = self.settings.state
        self._state = None if path is None else read(path)
        self._seed_state()

    def __repr__(self) -> str:
        return f"<ConnectMock region={self.settings.region!r}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} cannot be copied or pickled, because it answers API calls in this process. Serve "
            f"other processes with connect_mock.serve(), or pass them connect_mock.events, a list there."
        )

    def _seed_state(self) -> None:
        if self._state is not None:
            seed(self._state, self.add_instance)

    @property
    def settings(self) -> Settings:
        """The settings of the mock."""
        return self._engine.settings

    def handle(self, request: Request) -> Response | None:
        """Answer an HTTP request.

        Args:
            request: the request, as it would be sent to AWS.

        Returns:
            The response, or None if the request is not for a mocked service.

        Raises:
            UnfakedOperationError: the operation has no fake.
            NetworkFault: a planned fault breaks the connection.
        """
        try:
            response = self._engine.handle(request)
        except NetworkFault as fault:
            self._let_pass(fault.waited)
            raise
        if response is not None:
            self._let_pass(response.delay)
        return response

    def _let_pass(self, seconds: float) -> None:
        """Advance the clock by the time for which a client in this process would have waited."""
        if seconds:
            self._engine.simulation.advance(seconds)

    # The two methods below write to the journal without the engine's lock: the connection may be opened by a
    # function of the test, which runs while another thread holds the lock and waits for it.

    def note_refused_connection(self, refused: RefusedCall) -> None:
        """Record a connection to a mocked service that was refused while this mock was active.

        Args:
            refused: the connection and the line that opened it.

        :meta private:
        """
        self._engine.journal.stopped.append(f"{refused.operation}, opened at {refused.where}")

    def note_answered_elsewhere(self, request: Request, responder: str) -> None:
        """Record a request to a mocked service that something other than this mock answered.

        Args:
            request: the request.
            responder: what answered it.

        :meta private:
        """
        self._engine.journal.note_answered_elsewhere(request.method, request.url, responder)

    def now(self) -> datetime:
        """Return the current time of the mock, in UTC; it follows time-machine and freezegun."""
        return self._engine.now()

    def reset(self) -> None:
        """Remove all resources, records, planned faults, fakes and passthroughs; restart ids and the clock.

        The mock then seeds the setting ``state`` again, with the content that the file had when the mock was
        made.

        Raises:
            RuntimeError: a function that the mock is calling called this method.
        """
        self._engine.simulation.refuse_policies()
        if self._engine.lock.is_lent:
            raise _called_inside("reset")
        with self.replacing_records(), self._engine.lock:
            self._engine.simulation.stop()
            # A snapshot may restore the state that these views read.
            self._detach_views()
            self._engine.restart()
            self._seed_state()
        self._engine.waiters.notify()

    # Snapshots

    def snapshot(self) -> Snapshot:
        """Return a snapshot of the whole mock, which :meth:`restore` takes any number of times.

        Returns:
            The snapshot. Nothing that happens later changes it.

        Raises:
            RuntimeError: a function that the mock is calling called this method.
        """
        self._refuse_inside("snapshot")
        self._engine.simulation.run_due()
        with self._engine.lock:
            return Snapshot(self._engine)

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot: everything that happened since is undone, and the same ids are drawn again.

        Instances, queues and campaigns that a test holds return to their earlier state. So do planned faults,
        fakes, listeners and the seconds that :meth:`advance` added to the clock. The functions that a test
        passed to the mock belong to the test: what they recorded stays.

        Args:
            snapshot: a return value of :meth:`snapshot` of this mock.

        Raises:
            TypeError: the argument is not a snapshot.
            ValueError: the snapshot belongs to another mock.
            RuntimeError: a function that the mock is calling called this method.
        """
        if not isinstance(snapshot, Snapshot):
            raise TypeError(
                f"connect_mock.restore takes a return value of connect_mock.snapshot(), not {snapshot!r}."
            )
        if not snapshot.is_of(self._engine):
            raise ValueError(
                "The snapshot belongs to another mock; connect_mock.restore takes snapshots of its own mock."
            )
        self._refuse_inside("restore")
        with self.replacing_records(), self._engine.lock:
            self._detach_views()
            snapshot.put_back()
            self._engine.history.begin()
            # Another thread may have been in an action when the snapshot was made, at the action's time.
            self._engine.simulation.scheduler.reset_now()
        self._engine.waiters.notify()

    def _detach_views(self) -> None:
        self._engine.backend.contacts.detach_views()
        self._engine.journal.detach_views()

    def _refuse_inside(self, method: str) -> None:
        if self._engine.simulation.scheduler.in_action:
            raise _called_inside(method)

    # Server

    def serve(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        allow_remote: bool = False,
        allow_hosts: Sequence[str] = (),
        deliver_events: str | None = None,
        deliver_records: str | None = None,
    ) -> Server:
        """Answer other processes over HTTP, in a thread, until the server or this mock stops.

        Args:
            host: the address that the server listens on.
            port: the port that the server listens on; 0 picks a free one.
            allow_remote: whether ``host`` may be an address that other machines reach. They have full control
                of the mock.
            allow_hosts: host names by which clients reach this machine, such as ``host.docker.internal``. The
                server answers requests to ``localhost``, to an IP address and to these names, and refuses all
                others.
            deliver_events: the URL to which the server posts each contact event, in the form in which
                EventBridge delivers it; None for none. :meth:`delivery` applies to it.
            deliver_records: the URL to which the server posts each contact record; None for none.

        Returns:
            The server, with its ``url``, its ``environment`` for a subprocess, and ``stop``. It is also a
            context manager.

        Raises:
            ImportError: the extra ``server`` is not installed.
            ValueError: the port or a URL is invalid, or other machines reach the host and ``allow_remote`` is
                False.
            OSError: the port is in use, or this machine does not have the address.
        """
        receivers: dict[Kind, str | None] = {"events": deliver_events, "records": deliver_records}
        server = serve(
            self._served(),
            host,
            port,
            allow_remote=allow_remote,
            allow_hosts=allow_hosts,
            receivers={kind: url for kind, url in receivers.items() if url is not None},
        )
        self._servers.append(server)
        return server

    def _served(self) -> Served:
        return Served(self, self._engine)

    def stop_serving(self) -> None:
        """Stop the servers that :meth:`serve` started.

        :meta private:
        """
        for server in self._servers:
            server.stop()

    # Time

    def advance(self, seconds: float | timedelta) -> None:
        """Advance the mock's clock and run everything that is due: contacts ring, connect and end.

        The clock keeps running from the new time.

        Args:
            seconds: how far the clock advances, in seconds or as a ``timedelta``, from 0 on.

        Raises:
            TypeError: the argument is neither a number nor a ``timedelta``.
            ValueError: the argument is less than 0, not a number, or leads beyond the last date.
            PlanError: a function that the test passed to the mock raised an exception.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, (SupportsFloat, timedelta)):
            raise TypeError(f"connect_mock.advance takes seconds or a timedelta, not {seconds!r}.")
        self._engine.simulation.advance(seconds)

    # Dialing

    def on_dial(self, policy: Policy[Contact]) -> None:
        """Set the outcome of the contacts that are dialed from now on; by default every customer answers.

        Args:
            policy: an outcome for all contacts, such as ``outcomes.busy()``; a list of outcomes, one for each
                contact in the order of dialing, after which every customer answers; or a plain function of
                the contact that returns an outcome. Such a function must not call the mock, nor wait for a
                thread that does.

        Raises:
            TypeError: the policy is something else.
        """
        with self._engine.backend.transaction():
            self._engine.simulation.on_dial(policy, _presented)

    def on_event(self, function: ListenerT) -> ListenerT:
        """Deliver each contact event from now on to a function, when it happens; also a decorator.

        While the function runs, the mock's clock stands at the time of the event. The function may call the
        mock. :meth:`delivery` makes events arrive late, twice or out of order. Events have the form that
        https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html describes.

        Args:
            function: takes the EventBridge event, a dict, and optionally a context, like a Lambda handler.

        Returns:
            The same function.

        Raises:
            TypeError: the argument is not a plain function.
        """
        with self._engine.backend.transaction():
            self._engine.simulation.listeners.add_for_events(function)
        return function

    def on_contact_record(self, function: ListenerT) -> ListenerT:
        """Deliver each contact record from now on to a function, when a contact has ended; also a decorator.

        Records have the form that
        https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html describes.

        Args:
            function: takes the record, a dict, and optionally a context, like a Lambda handler.

        Returns:
            The same function.

        Raises:
            TypeError: the argument is not a plain function.
        """
        with self._engine.backend.transaction():
            self._engine.simulation.listeners.add_for_records(function)
        return function

    def delivery(
        self,
        *,
        duplicates: float = 0.0,
        delay: float | tuple[float, float] | None = None,
        shuffle: bool = False,
        seed: int = 0,
    ) -> None:
        """Deliver the events and records that happen from now on as AWS does: late, twice or out of order.

        The functions of :meth:`on_event` and :meth:`on_contact_record` hear them so, and so do the receivers
        of a server. :attr:`events` and :attr:`contact_records` still list what happened, once and in order.
        Another call replaces this one for what happens after it; a call without arguments restores the
        default. A late delivery is heard when the mock's clock reaches its time, and not before: a test that
        ends earlier does not hear it.

        Args:
            duplicates: the share of the events and of the records that is delivered twice, from 0 to 1. Both
                deliveries have the same content, ``id`` included.
            delay: the seconds by which each delivery is late: a number, or the least and the most, between
                which the delay of each delivery is drawn; None for no delay.
            shuffle: whether a delivery can overtake an earlier one: each arrives after its own delay, and
                those of one moment arrive in any order. Without it, events arrive in order, and so do
                records.
            seed: the seed of everything that is drawn. The same seed and the same events give the same
                deliveries.

        Raises:
            ValueError: an argument is invalid.
        """
        plan = DeliveryPlan.of(duplicates, delay, shuffle, seed)
        with self._engine.backend.transaction():
            self._engine.simulation.listeners.deliver_by(plan)

    @property
    def events(self) -> Events:
        """The contact events, in order, each in the form in which EventBridge delivers it."""
        self._engine.simulation.run_due()
        with self._engine.lock:
            return Events(View(self._engine.journal.events))

    @property
    def contact_records(self) -> ContactRecords:
        """The contact records of the contacts that have ended, in order."""
        self._engine.simulation.run_due()
        with self._engine.lock:
            records = View(self._engine.journal.contact_records)
            return ContactRecords(records, None if records else self._why_no_record)

    def _why_no_record(self, criteria: Mapping[str, Any]) -> str | None:
        contacts = self._engine.backend.contacts.view()
        reason = explain_wait(contacts[0]) if contacts else None
        return reason and f"Contact {contacts[0].id} has not ended. {reason}"

    # Seeding

    def add_instance(
        self, alias: str | None = None, *, id: str | None = None, region: str | None = None
    ) -> Instance:
        """Add an Amazon Connect instance.

        Args:
            alias: the alias, unique in the region; by default a numbered one.
            id: the id, a UUID in lower case; by default a generated one.
            region: the name of the region; by default the region of the mock.

        Returns:
            The instance.

        Raises:
            TypeError: the alias or the region is not a string.
            SeedError: the alias or the id is taken, the id is invalid, or botocore does not know the region.
        """
        check_text("alias=", alias)
        if region is not None:
            _check_region(region)
        with self._engine.backend.transaction(), reject_conflicts(id):
            home = self._engine.region(region)
            if alias is not None and home.has_alias(alias):
                raise SeedError(
                    "alias",
                    f"The region {home.name} already has an instance with the alias {alias!r}; pass another "
                    f"alias, or none.",
                )
            return Instance(home.add_instance(alias, id=id))

    @property
    def instances(self) -> list[Instance]:
        """The instances of all accounts and regions."""
        with self._engine.lock:
            return [Instance(instance) for instance in self._engine.backend.instances()]

    # Records

    @property
    def contacts(self) -> Contacts:
        """The contacts, in the order of creation, as they are now."""
        self._engine.simulation.run_due()
        with self._engine.lock:
            return Contacts(self._engine.backend.contacts.view(), self._why_no_contact)

    @property
    def calls(self) -> Calls:
        """The API calls that the mock answered, in order; each attempt is a call of its own."""
        with self._engine.lock:
            return Calls(View(self._engine.journal.calls))

    @property
    def failed_requests(self) -> FailedRequests:
        """The items that an operation returned as failed, in order: contacts, and requests to campaigns."""
        with self._engine.lock:
            return FailedRequests(View(self._engine.journal.failed_requests))

    @property
    def unfaked_operations(self) -> list[str]:
        """The operations without a fake that were called, such as ``connect.ListPrompts``."""
        with self._engine.lock:
            return list(self._engine.journal.unfaked)

    # Faults

    def fail(
        self,
        operation: OperationName,
        error: ErrorCode | int,
        *,
        times: int | None = 1,
        message: str | None = None,
        status: int | None = None,
        **members: Any,
    ) -> None:
        """Make API calls of an operation fail as a whole; the mock carries nothing out.

        Each attempt counts, so botocore's retries use up ``times``. Faults of one operation happen in the
        order in which they were planned, one for each attempt.

        Args:
            operation: the operation as the model names it, such as ``BatchPutContact``; any operation of the
                mocked services, with a fake or without.
            error: the code of any error of the service's model, whether the operation lists it or not, or of
                an error that all AWS services share, such as ``LimitExceededException``; or an HTTP status
                from 400 to 599, for the response of a proxy or load balancer in front of the service: an HTML
                page.
            times: the number of attempts that fail; None for all.
            message: the message of the error; by default the one of the model. For a status, the body, which
                may be empty.
            status: the HTTP status of the response. With it, ``error`` may be any code.
            members: further members of the error shape, such as ``state`` of
                ``InvalidCampaignStateException``.

        Raises:
            ValueError: the operation is unknown, its service has no such error and no status is given, or
                another value is invalid. The message lists the valid ones.
            TypeError: ``error`` is a status, and ``status`` or members are given as well.
        """
        with self._engine.lock:
            self._engine.faults.fail(
                operation, error, times=times, message=message, status=status, members=members
            )

    def refuse_connection(self, operation: OperationName, *, times: int | None = 1) -> None:
        """Refuse the connection of API calls: nothing is carried out, ``EndpointConnectionError`` is raised.

        Args:
            operation: the operation as the model names it.
            times: the number of attempts; None for all.

        Raises:
            ValueError: the operation is unknown, or ``times`` is invalid.
        """
        self._break_network("refuse_connection", operation, ConnectionRefused, times)

    def lose_response(self, operation: OperationName, *, times: int | None = 1) -> None:
        """Carry out API calls of an operation and lose the response: botocore raises ``ReadTimeoutError``.

        Args:
            operation: the operation as the model names it; it must have a fake.
            times: the number of attempts; None for all.

        Raises:
            ValueError: the operation is unknown or has no fake, or ``times`` is invalid.
        """
        self._break_network("lose_response", operation, ResponseLost, times)

    def reset_connection(self, operation: OperationName, *, times: int | None = 1) -> None:
        """Carry out API calls of an operation and break the connection while the client reads the response.

        botocore raises ``ConnectionClosedError``.

        Args:
            operation: the operation as the model names it; it must have a fake.
            times: the number of attempts; None for all.

        Raises:
            ValueError: the operation is unknown or has no fake, or ``times`` is invalid.
        """
        self._break_network("reset_connection", operation, ConnectionReset, times)

    def delay(self, operation: OperationName, seconds: float, *, times: int | None = 1) -> None:
        """Carry out API calls of an operation and send the response late.

        In this process nobody waits: the mock's clock advances by the delay before the client gets the
        response, so that what is due happens first, and :attr:`Call.delay <connect_batchmock.Call.delay>`
        has the seconds. A client whose ``read_timeout`` is shorter gets ``ReadTimeoutError`` instead, once
        the clock has advanced by the timeout. A served mock holds the response back for as long as it says.

        Args:
            operation: the operation as the model names it; it must have a fake.
            seconds: how late the response arrives, over 0 and up to a day.
            times: the number of attempts; None for all.

        Raises:
            ValueError: the operation is unknown or has no fake, or ``seconds`` or ``times`` is invalid.
        """
        self._require_fake("delay", operation)
        with self._engine.lock:
            self._engine.faults.delay(operation, seconds, times)

    def _break_network(
        self, method: str, operation: str, fault: type[NetworkFault], times: int | None
    ) -> None:
        if fault.is_carried_out:
            self._require_fake(method, operation)
        with self._engine.lock:
            self._engine.faults.break_network(method, operation, fault, times)

    def _require_fake(self, method: str, operation: str) -> None:
        fakes, services = self._engine.fakes, services_with(operation)
        if not any((service, operation) in fakes for service in services):
            raise ValueError(
                f"connect_mock.{method} carries the call out, and connect_batchmock has no fake for "
                f"{operation}. {describe_nearest_fakes(operation, self._engine.faked(services[0]))}"
            )

    def reject_contacts(
        self,
        reason: FailureReasonCode,
        *,
        when: When = None,
        times: int | None = None,
        message: str | None = None,
    ) -> None:
        """Return valid items of BatchPutContact as failed, in its ``FailedRequestList``.

        The other items of the batch become contacts. An invalid item keeps its own failure reason, and does
        not count.

        Args:
            reason: a ``FailureReasonCode`` of the model, such as ``REQUEST_THROTTLED``.
            when: which items are rejected: members of the ``ContactDataRequest``, matched as a subset, or a
                function of the item that returns whether it is rejected and waits for no other thread; by
                default all.
            times: the number of items; None for all.
            message: the ``FailureReasonMessage``.

        Raises:
            ValueError: the reason, a member of ``when`` or ``times`` is invalid.
            TypeError: ``when`` is neither a mapping nor a plain function.
        """
        with self._engine.lock:
            self._engine.faults.reject(reason, when=when, times=times, message=message)

    def reject_requests(
        self,
        code: FailureCode,
        *,
        when: When = None,
        times: int | None = None,
        operation: OperationName | None = None,
    ) -> None:
        """Return valid requests to a campaign as failed, in the ``failedRequests`` of their batch.

        The operations are PutDialRequestBatch, PutOutboundRequestBatch, PutProfileOutboundRequestBatch, and
        GetCampaignStateBatch, whose items are the ids of campaigns. The campaign accepts the other requests
        of the batch. An invalid request keeps its own failure code, and does not count.

        Args:
            code: a ``failureCode`` of one of their models, such as ``RequestThrottled``; it applies to the
                operations whose model has it.
            when: which requests are rejected: members of the request, matched as a subset, or a function of
                the request that returns whether it is rejected and waits for no other thread; by default all.
                An item of GetCampaignStateBatch is ``{"campaignId": id}``.
            times: the number of requests; None for all.
            operation: the only operation that the plan applies to; by default all with this code.

        Raises:
            ValueError: the code, a member of ``when``, ``times`` or the operation is invalid.
            TypeError: ``when`` is neither a mapping nor a plain function.
        """
        with self._engine.lock:
            self._engine.faults.reject_requests(code, when=when, times=times, operation=operation)

    def limit_rate(
        self,
        operation: OperationName,
        *,
        per_second: float | None = None,
        burst: int | None = None,
        error: ErrorCode | None = None,
    ) -> None:
        """Limit the request rate of an operation, per account and region, by the mock's clock.

        A new limit replaces the previous one.

        Args:
            operation: the operation as the model names it.
            per_second: the sustained rate, in API calls per second.
            burst: the number of API calls in a burst. Without ``per_second`` and ``burst``, the limit is the
                default quota that AWS documents, see :func:`~connect_batchmock.default_quota`.
            error: the code of the error that an API call beyond the rate gets, any that :meth:`fail` takes.
                By default it is ``ThrottlingException`` where the operation models that, and
                ``TooManyRequestsException`` elsewhere; ``LimitExceededException`` for BatchPutContact. Each
                has status 429.

        Raises:
            ValueError: the operation is unknown, or the rate or the code is invalid.
            TypeError: the error is not a code.
        """
        with self._engine.lock:
            self._engine.faults.limit_rate(operation, per_second, burst, error)

    # Operations without a fake

    def passthrough(self, operation: OperationName) -> None:
        """Pass API calls of an operation on, to another mock in this process or to AWS.

        Args:
            operation: the operation as the model names it; if it has a fake, the fake is bypassed.

        Raises:
            ValueError: the operation is unknown.
        """
        with self._engine.lock:
            self._engine.allowed.update((service, operation) for service in services_with(operation))

    @overload
    def fake(
        self, operation: OperationName, *, service: str | None = None
    ) -> Callable[[FakeFunction], FakeFunction]: ...

    @overload
    def fake(
        self, operation: OperationName, function: FakeFunction, *, service: str | None = None
    ) -> FakeFunction: ...

    def fake(self, operation: OperationName, function: Any = None, *, service: str | None = None) -> Any:
        """Answer an operation with a function; also a decorator: ``@connect_mock.fake("ListPrompts")``.

        The mock checks the request and the returned members against the model. A
        :class:`~connect_batchmock.ServiceError` that the function raises becomes the client's exception.
        While the function runs, other threads may call the mock, and the function may wait for them.

        Args:
            operation: the operation as the model names it.
            function: takes this mock and the parameters, and returns the members of the output shape.
            service: the service, if several have the operation; by default all of them.

        Returns:
            The same function, or a decorator if no function is given.

        Raises:
            ValueError: the operation is unknown, or the service does not have it.
            TypeError: the argument is not a plain function.
        """
        services = services_with(operation) if service is None else [service]
        if service is not None and service not in services_with(operation):
            raise ValueError(wrong_service_message(operation, service, services_with(operation)))
        if function is None:
            return partial(self.fake, operation, service=service)
        check_fake(function)
        with self._engine.lock:
            for name in services:
                validated = validated_by_model(name, operation, partial(function, self))
                self._engine.fakes[name, operation] = Fake(validated, is_of_test=True)
        return function

    def describe_calls(self, limit: int = 20) -> str:
        """Return a report of the API calls: their attempts, results, planned faults and failed items.

        The pytest plugin shows it with a failed test; with other test runners, print it. Nothing that is due
        runs because of it.

        Args:
            limit: the number of API calls that the report shows, the first and the last ones.

        Returns:
            The report, in lines.

        Raises:
            TypeError: ``limit`` is not an integer.
            ValueError: ``limit`` is less than 0.
        """
        _check_count("describe_calls", limit)
        with self._engine.lock:
            journal, contacts = self._engine.journal, self._engine.backend.contacts
            story = report.story(journal.calls, journal.failed_requests, len(contacts), limit)
            others = [
                *(f"Stopped before the network: {connection}." for connection in journal.stopped),
                *(f"Not answered by the mock: {request}." for request in journal.answered_by_others),
                *report.late_deliveries(self._engine.simulation.listeners.late),
            ]
        return "\n".join([story, *([""] if others else []), *others])

    # Waiting for a thread or a process

    def wait_for_contact(self, timeout: float = 5, **criteria: Unpack[ContactCriteria]) -> Contact:
        """Wait until a contact matches the criteria, for an application in another thread or process.

        The mock wakes the caller after each change. Meanwhile contacts ring, connect and end by the mock's
        clock, which follows the real one; waiting itself does not advance it.

        Args:
            timeout: the maximal wait, in real seconds, from 0 on.
            criteria: attributes of :class:`~connect_batchmock.Contact` and their expected values.

        Returns:
            The first contact that matches.

        Raises:
            AssertionError: no contact matches in time; the message shows the nearest one and lists all
                contacts.
            TypeError: a contact has no such attribute, or the timeout is not a number.
            ValueError: the timeout is less than 0, or infinite.
            RuntimeError: a function that the mock is calling called this method.
        """
        __tracebackhide__ = True
        self._check_wait("wait_for_contact", timeout)
        contact = self._engine.waiters.wait(partial(self._first_contact, criteria), timeout)
        return self._awaited_contact(contact, timeout, criteria)

    async def async_wait_for_contact(
        self, timeout: float = 5, **criteria: Unpack[ContactCriteria]
    ) -> Contact:
        """Wait as :meth:`wait_for_contact` does, in a task of asyncio: the event loop goes on meanwhile."""
        __tracebackhide__ = True
        self._check_wait("async_wait_for_contact", timeout)
        contact = await self._engine.waiters.async_wait(partial(self._first_contact, criteria), timeout)
        return self._awaited_contact(contact, timeout, criteria)

    def _first_contact(self, criteria: Mapping[str, Any]) -> Contact | None:
        matches = self.contacts.where(**criteria)
        return matches[0] if matches else None

    def _awaited_contact(
        self, contact: Contact | None, timeout: float, criteria: Mapping[str, Any]
    ) -> Contact:
        __tracebackhide__ = True
        if contact is None:
            wanted = f"{report.with_criteria(criteria)}{report.within(timeout)}"
            raise AssertionError(self.contacts.explain_none(criteria, wanted))
        return contact

    def wait_for_call(
        self, operation: OperationName, *, times: int = 1, timeout: float = 5, **parameters: Any
    ) -> Call:
        """Wait until an operation was called with these parameters, in another thread or process.

        Args:
            operation: the operation as the model names it, such as ``BatchPutContact``.
            times: the number of API calls to wait for, each attempt counted, from 1 on.
            timeout: the maximal wait, in real seconds, from 0 on.
            parameters: parameters of the operation, matched as a subset.

        Returns:
            The API call that completes the number, which the mock has carried out.

        Raises:
            AssertionError: it was not called so in time; the message shows the nearest call and lists all
                calls.
            TypeError: ``times`` is not an integer, or the timeout is not a number.
            ValueError: no mocked service has the operation, ``times`` is less than 1, or the timeout is less
                than 0 or infinite.
            RuntimeError: a function that the mock is calling called this method.
        """
        __tracebackhide__ = True
        self._check_wait("wait_for_call", timeout)
        criteria = _criteria_of_wait(operation, times, parameters)
        call = self._engine.waiters.wait(partial(self._nth_call, times, criteria), timeout)
        return self._awaited_call(call, operation, times, timeout, parameters)

    async def async_wait_for_call(
        self, operation: OperationName, *, times: int = 1, timeout: float = 5, **parameters: Any
    ) -> Call:
        """Wait as :meth:`wait_for_call` does, in a task of asyncio: the event loop goes on meanwhile."""
        __tracebackhide__ = True
        self._check_wait("async_wait_for_call", timeout)
        criteria = _criteria_of_wait(operation, times, parameters)
        call = await self._engine.waiters.async_wait(partial(self._nth_call, times, criteria), timeout)
        return self._awaited_call(call, operation, times, timeout, parameters)

    def _nth_call(self, times: int, criteria: Mapping[str, Any]) -> Call | None:
        # The campaign service makes API calls when they are due.
        self._engine.simulation.run_due()
        matches = self.calls.where(**criteria)
        return matches[times - 1] if len(matches) >= times else None

    def _awaited_call(
        self, call: Call | None, operation: str, times: int, timeout: float, parameters: Mapping[str, Any]
    ) -> Call:
        __tracebackhide__ = True
        if call is not None:
            return call
        calls, criteria = self.calls, _criteria_of_call(operation, parameters)
        wanted = f"{report.of_operation(operation, parameters)}{report.within(timeout)}"
        if times == 1:
            raise AssertionError(calls.explain_none(criteria, wanted))
        raise AssertionError(calls.explain_count(criteria, times, wanted))

    def _check_wait(self, method: str, timeout: float) -> None:
        __tracebackhide__ = True
        if self._engine.lock.is_lent:
            raise _called_inside(method)
        if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
            raise TypeError(f"timeout= of {method} takes seconds, not {timeout!r}.")
        if not 0 <= timeout <= TIMEOUT_MAX:
            raise ValueError(f"timeout= of {method} takes finite seconds, from 0 on, not {timeout!r}.")

    # Assertions

    def _why_no_contact(self, criteria: Mapping[str, Any]) -> str | None:
        with self._engine.lock:
            return explain_missing_contact(self._engine.journal, criteria)

    def assert_contact_created(self, **criteria: Unpack[ContactCriteria]) -> Contact:
        """Assert that a contact matches the criteria.

        Args:
            criteria: attributes of :class:`~connect_batchmock.Contact` and their expected values.

        Returns:
            The first contact that matches.

        Raises:
            AssertionError: no contact matches; the message shows the nearest one and lists all contacts.
            TypeError: a contact has no such attribute.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        matches = contacts.where(**criteria)
        if not matches:
            raise AssertionError(contacts.explain_none(criteria))
        return matches[0]

    def assert_contact_count(self, n: int, /, **criteria: Unpack[ContactCriteria]) -> None:
        """Assert that exactly ``n`` contacts match the criteria.

        Args:
            n: the number of contacts, from 0 on.
            criteria: attributes of :class:`~connect_batchmock.Contact` and their expected values.

        Raises:
            AssertionError: more or fewer contacts match.
            TypeError: ``n`` is not an integer, or a contact has no such attribute.
            ValueError: ``n`` is less than 0.
        """
        __tracebackhide__ = True
        _check_count("assert_contact_count", n)
        contacts = self.contacts
        if len(contacts.where(**criteria)) != n:
            raise AssertionError(contacts.explain_count(criteria, n))

    def assert_no_contacts(self, **criteria: Unpack[ContactCriteria]) -> None:
        """Assert that no contact matches the criteria.

        Args:
            criteria: attributes of :class:`~connect_batchmock.Contact` and their expected values.

        Raises:
            AssertionError: a contact matches; the message names the API calls that created it.
            TypeError: a contact has no such attribute.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        matches = contacts.where(**criteria)
        if matches:
            with self._engine.lock:
                created_by = self._engine.journal.created_by()
            hint = report.created_by_calls(sorted({created_by[contact.id] for contact in matches}))
            raise AssertionError(contacts.explain_unexpected(criteria, hint))

    def assert_called(
        self, operation: OperationName, *, times: int | None = None, **parameters: Any
    ) -> Calls:
        """Assert that an operation was called with these parameters.

        Args:
            operation: the operation as the model names it, such as ``BatchPutContact``.
            times: the exact number of API calls, each attempt counted; by default at least one.
            parameters: parameters of the operation, matched as a subset.

        Returns:
            The API calls that match.

        Raises:
            AssertionError: it was not called so; the message shows the nearest call and lists all calls.
            TypeError: ``times`` is not an integer.
            ValueError: no mocked service has the operation, or ``times`` is less than 0.
        """
        __tracebackhide__ = True
        if times is not None:
            _check_count("times= of assert_called", times)
        services_with(operation)
        calls = self.calls
        criteria = _criteria_of_call(operation, parameters)
        matches = calls.where(**criteria)
        wanted = report.of_operation(operation, parameters)
        if times is None and not matches:
            raise AssertionError(calls.explain_none(criteria, wanted))
        if times is not None and len(matches) != times:
            raise AssertionError(calls.explain_count(criteria, times, wanted, _attempts_hint(matches)))
        return matches

    def assert_event(self, **criteria: Unpack[EventCriteria]) -> EventEnvelope:
        """Assert that an event matches the criteria, whether a listener has heard it or not.

        Args:
            criteria: members of the ``detail`` of an event and their expected values, such as ``eventType``.

        Returns:
            The first event that matches.

        Raises:
            AssertionError: no event matches; the message shows the nearest one and lists all events.
            TypeError: an event has no such member.
        """
        __tracebackhide__ = True
        events = self.events
        matches = events.where(**criteria)
        if not matches:
            raise AssertionError(events.explain_none(criteria))
        return matches[0]

    def assert_no_unresolved_failures(self) -> None:
        """Assert that every item with a retryable failure succeeded in a later API call.

        The retryable failures are ``REQUEST_THROTTLED`` and ``INTERNAL_ERROR`` of contacts, and
        ``RequestThrottled``, ``BufferLimitExceeded`` and ``UnknownError`` of requests to campaigns. Items are
        the same if customer and campaign are the same.

        Raises:
            AssertionError: an item never succeeded; the message lists its attempts.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        with self._engine.lock:
            items = unretried_items(self._engine.journal, contacts)
        if items:
            raise AssertionError(report.unretried_items(items, reasons_of(items)))

    def assert_no_double_dials(self, *, retry_after: Iterable[str | Outcome] | None = None) -> None:
        """Assert that no campaign dials one customer twice.

        A second contact is no double dial if the first one had ended by then with an ending after which the
        application may try again, or without being dialed.

        Args:
            retry_after: the endings after which the application may try again: disconnect reasons such as
                ``"TELECOM_BUSY"``, statuses of answering machine detection such as ``"VOICEMAIL_BEEP"``, and
                outcomes such as ``outcomes.voicemail()``. By default, the application may try again if
                neither a person nor a machine answered.

        Raises:
            AssertionError: a campaign has several contacts for a customer; the message names the API calls
                that created them.
            TypeError: ``retry_after`` is no list of endings.
            ValueError: an ending is unknown.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        with self._engine.lock:
            customers = double_dials(self._engine.journal, contacts, retry_after)
        if customers:
            raise AssertionError(report.double_dials(customers))

    def _contacts_with(self, criteria: Mapping[str, Any]) -> Contacts:
        __tracebackhide__ = True
        # A search copies each contact.
        return self.contacts.where(**criteria) if criteria else self.contacts

    def assert_no_calls_outside_hours(
        self,
        hours: Hours | None = None,
        *,
        time_zone: TimeZone | None = None,
        **criteria: Unpack[ContactCriteria],
    ) -> None:
        """Assert that phones rang only in the hours in which their customers may be called, in local time.

        By default, these are the open hours and restricted periods of telephony in the
        ``communicationTimeConfig`` of each campaign. A phone call with unknown hours or an unknown time zone
        fails the assertion. The start of the ringing counts.

        Args:
            hours: other hours. A start and an end such as ``("08:00", "21:00")``, or a list of them, hold on
                every day; a mapping has them by the day, such as ``{"MONDAY": [("09:00", "12:00")]}``, and a
                day that it lacks has no hours. Times are texts or ``datetime.time``. The end is exclusive;
                ``"24:00"`` ends the day, and an end before the start is on the next day.
            time_zone: the time zone of the customers: a name such as ``"America/New_York"``, a ``ZoneInfo``,
                ``"AREA_CODE"`` for the area code of each customer, or a function of the contact that returns
                any of these, or several. By default, it is that of the campaign's ``localTimeZoneConfig``. A
                customer with several time zones may be called only in the hours of all of them.
            criteria: attributes of :class:`~connect_batchmock.Contact` and their expected values, to assert
                on some phone calls only.

        Raises:
            AssertionError: a phone rang outside the hours; the message has its local time and the rule.
            TypeError: ``hours`` or ``time_zone`` has another type, or a contact has no such attribute.
            ValueError: a day, a time or a time zone does not exist.
            ImportError: an area code is needed, and the extra ``time-zones`` is not installed.
        """
        __tracebackhide__ = True
        findings = calls_outside_hours(self._contacts_with(criteria), hours, time_zone)
        if findings:
            outside = [finding for finding in findings if isinstance(finding, CallOutsideHours)]
            others = [finding for finding in findings if not isinstance(finding, CallOutsideHours)]
            raise AssertionError(report.calls_outside_hours(outside, others))

    def assert_no_customer_called_too_often(
        self,
        limit: SupportsIndex | None = None,
        days: SupportsIndex | None = None,
        **criteria: Unpack[ContactCriteria],
    ) -> None:
        """Assert that no customer was called more than ``limit`` times within any ``days`` days.

        Every phone call that was dialed counts, answered or not. Days are rolling, and have 24 hours each. By
        default, the limits are the ``communicationLimitsOverride`` of each campaign, and for all campaigns of
        an instance that have not opted out the limits of ``PutInstanceCommunicationLimits``. A campaign
        without any limit fails the assertion.

        Args:
            limit: the maximum number of phone calls per customer, over all campaigns, from 1 on.
            days: the number of days in which they are counted, from 1 on.
            criteria: attributes of :class:`~connect_batchmock.Contact` and their expected values, to count
                some phone calls only, such as those of one ``campaign``.

        Raises:
            AssertionError: a customer was called too often; the message lists the phone calls.
            TypeError: only one of ``limit`` and ``days`` is passed, or one is not an integer, or a contact
                has no such attribute.
            ValueError: ``limit`` or ``days`` is less than 1.
        """
        __tracebackhide__ = True
        call_limit = limit_of_test(limit, days)
        contacts = self._contacts_with(criteria)
        if call_limit is None:
            customers, unlimited = customers_beyond_limits(contacts)
        else:
            customers, unlimited = customers_called_too_often(contacts, call_limit), []
        if customers or unlimited:
            raise AssertionError(report.customers_called_too_often(customers, unlimited))

    def assert_no_pending_faults(self) -> None:
        """Assert that every planned fault happened at least once, and that no plan or fake broke.

        A plan or fake breaks if its function raises an exception, or returns an invalid value. With the
        setting ``strict``, leaving the mock without an exception asserts the same.

        Raises:
            AssertionError: a fault is pending, or a plan or fake broke; the message lists them.
        """
        __tracebackhide__ = True
        with self._engine.lock:
            broken, pending = list(self._engine.journal.broken_plans), self._engine.faults.unused()
        if pending:
            remedy = (
                "Either no API call came, or an earlier plan applied to each one. Plan a fault before the "
                "call, for its operation and its items."
            )
            plans = numbered(pending, wrap=False)
            broken.append(
                f"What was planned to go wrong never happened:\n{plans}\n{wrapped(remedy, further='')}"
            )
        if broken:
            raise AssertionError("\n".join(broken))

    def assert_no_unfaked_calls(self) -> None:
        """Assert that every operation that was called has a fake, and that no connection was stopped.

        A call without a fake raises ``UnfakedOperationError``, and a connection of a library that the mock
        does not answer ``UnmockedCallError``. The mock remembers both, so that a test fails although its code
        swallows the exception. With the setting ``strict``, leaving the mock without an exception asserts the
        same.

        Raises:
            AssertionError: an operation has no fake, or a connection was stopped; the message lists them.
        """
        __tracebackhide__ = True
        with self._engine.lock:
            unfaked, stopped = list(self._engine.journal.unfaked), list(self._engine.journal.stopped)
        problems = [
            f"The mock stopped {connection}, and the code under test swallowed the exception."
            for connection in stopped
        ]
        if unfaked:
            sentence = (
                f"{listed(unfaked)} was called, which connect_batchmock has no fake for, and the code "
                f"under test swallowed the exception. Add a fake with connect_mock.fake, or pass such calls "
                f"on with connect_mock.passthrough."
            )
            problems.append(wrapped(sentence, further=""))
        if problems:
            raise AssertionError("\n".join(problems))

    # Clients

    @overload
    def client(self, service: Literal["connect"] = ..., **kwargs: Any) -> ConnectClient: ...

    @overload
    def client(self, service: Literal["connectcampaigns"], **kwargs: Any) -> ConnectCampaignServiceClient: ...

    @overload
    def client(
        self, service: Literal["connectcampaignsv2"], **kwargs: Any
    ) -> ConnectCampaignServiceV2Client: ...

    @overload
    def client(self, service: str, **kwargs: Any) -> Any: ...

    def client(self, service: str = "connect", **kwargs: Any) -> Any:
        """Make a boto3 client that this mock answers, whether the mock is active or not.

        Args:
            service: ``connect``, ``connectcampaigns`` or ``connectcampaignsv2``.
            kwargs: the keywords of ``boto3.Session.client``; the default region is the one of the mock.

        Returns:
            The client.

        Raises:
            ValueError: the service is not mocked.
        """
        _check_service(service)
        return self.attach(wire.new_session(self.settings.region).create_client(service, **kwargs))

    def attach(self, client: Client) -> Client:
        """Answer an existing client from now on, through the event hooks of the client.

        Args:
            client: a boto3 client of a mocked service. It needs no credentials, and stays attached.

        Returns:
            The same client.

        Raises:
            ValueError: the client's service is not mocked.
        """
        boto3_client: Any = client
        _check_service(boto3_client.meta.service_model.service_name)
        wire.attach(client, self.handle)
        return client


def _presented(contact: domain_contact.Contact) -> Contact:
    return Contacts([contact])[0]


def _check_region(region: str) -> None:
    try:
        check_region("region=", region)
    except ValueError as unknown:
        raise SeedError("region", str(unknown)) from None


def _check_count(taker: str, count: SupportsIndex) -> None:
    __tracebackhide__ = True
    if isinstance(count, bool) or not isinstance(count, SupportsIndex):
        raise TypeError(f"{taker} takes an integer from 0 on, not {count!r}.")
    if count.__index__() < 0:
        raise ValueError(f"{taker} takes an integer from 0 on, not {count!r}.")


def _criteria_of_call(operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"operation": operation} | ({"parameters": parameters} if parameters else {})


def _criteria_of_wait(operation: str, times: int, parameters: Mapping[str, Any]) -> dict[str, Any]:
    __tracebackhide__ = True
    services_with(operation)
    if type(times) is not int:
        raise TypeError(f"times= of wait_for_call takes a whole number from 1 on, not {times!r}.")
    if times < 1:
        raise ValueError(f"times= of wait_for_call takes a whole number from 1 on, not {times!r}.")
    return _criteria_of_call(operation, parameters)


def _attempts_hint(calls: Calls) -> str | None:
    invocations = {call.invocation_id for call in calls}
    if len(invocations) == len(calls):
        return None
    return (
        f"Each attempt counts, and botocore retries calls that fail: these are attempts of "
        f"{counted(len(invocations), 'call')}."
    )


def serve(
    served: Served,
    host: str,
    port: int,
    *,
    allow_remote: bool,
    allow_hosts: Sequence[str],
    receivers: Mapping[Kind, str],
) -> Server:
    """Return a server for a mock, with the parameters of :meth:`ConnectMock.serve`.

    Raises:
        ImportError: the extra ``server`` is not installed.
        ValueError: the port or a URL is invalid, or other machines reach the host and ``allow_remote`` is
            False.
        OSError: the port is in use, or this machine does not have the address.
    """
    try:
        from connect_batchmock.server.address import Address
        from connect_batchmock.server.server import Server
        from connect_batchmock.server.targets import Target
    except ModuleNotFoundError as error:
        raise ImportError(
            f"connect_mock.serve needs {error.name!r}, which is not installed. Install the extra 'server': "
            f"python -m pip install 'connect-batchmock[server]'"
        ) from error
    address = Address(host, port)
    if not allow_remote:
        address.refuse_remote()
    targets = [Target(kind, url) for kind, url in receivers.items()]
    return Server(served, address, allow_hosts, targets)


def _check_service(service: str) -> None:
    if service not in SERVICES:
        raise ValueError(f"connect_batchmock does not mock {service!r}; it mocks {listed(SERVICES)}.")


def _called_inside(method: str) -> RuntimeError:
    return RuntimeError(
        f"connect_mock.{method} was called by a function that the mock is calling. Call it after the mock "
        f"has returned."
    )
