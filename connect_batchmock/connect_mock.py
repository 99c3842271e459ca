"""ConnectMock: what a test holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NoReturn, SupportsFloat, SupportsIndex, TypeVar, overload

# Before our own module about it: whoever waits for botocore is told while it is being loaded, and needs ours.
import botocore.session  # noqa: F401

from connect_batchmock._text import listed, numbered, wrapped
from connect_batchmock.domain import contact as _contact
from connect_batchmock.domain.versioned_list import View
from connect_batchmock.engine.engine import Engine, describe_nearest_fakes
from connect_batchmock.engine.faults import When, wrong_service_message
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
from connect_batchmock.records.calls import Calls, FailedRequests
from connect_batchmock.records.events import ContactRecords, Events
from connect_batchmock.records.handles import (
    Contact,
    Contacts,
    Instance,
    SeedError,
    check_text,
    reject_conflicts,
)
from connect_batchmock.records.obstacles import explain_wait
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
    from connect_batchmock.records.query_types import ContactCriteria
    from connect_batchmock.server.server import Server
    from connect_batchmock.settings import ConnectMockSettings

Client = TypeVar("Client")
ListenerT = TypeVar("ListenerT", bound=Callable[..., object])
FakeFunction = TypeVar("FakeFunction", bound=Callable[["ConnectMock", Mapping[str, Any]], Any])


class ConnectMock:
    """A fake Amazon Connect: a backend to seed, clients to call it with, and what happened to read.

    It answers the clients that it made or that were attached to it, and, while it is the innermost active
    mock, every other client of the mocked services. It stays readable after it has stopped.

    Args:
        settings: the settings of :class:`~connect_batchmock.settings.Settings`, by keyword.

    Raises:
        TypeError: there is no such setting.
        ValueError: a setting has no such value.
    """

    def __init__(self, **settings: Unpack[ConnectMockSettings]) -> None:
        self._engine = Engine(Settings.of(settings))
        self._servers: list[Server] = []
        path = self.settings.state
        self._state = None if path is None else read(path)
        self._plant_state()

    def __repr__(self) -> str:
        return f"<ConnectMock region={self.settings.region!r}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} cannot be copied or pickled: it answers in its own process. Make another process call "
            f"it with connect_mock.serve(), or hand over connect_mock.events, which are plain data there."
        )

    def _plant_state(self) -> None:
        if self._state is not None:
            seed(self._state, self.add_instance)

    @property
    def settings(self) -> Settings:
        """The settings that the mock was made with."""
        return self._engine.settings

    def handle(self, request: Request) -> Response | None:
        """Answer a request in bytes, or return None for one that is not for a mocked service.

        Raises:
            UnfakedOperationError: the operation has no fake.
            NetworkFault: what was planned to happen to the connection.
        """
        return self._engine.handle(request)

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
        url = request.url.partition("?")[0]
        self._engine.journal.answered_by_others.append(f"{request.method} {url} was answered by {responder}")

    def now(self) -> datetime:
        """Return the time on the mock's clock, in UTC; it follows time-machine and freezegun."""
        return self._engine.now()

    def reset(self) -> None:
        """Forget all that was seeded, planned and done; the identifiers and the clock begin again.

        It forgets fakes and allowed operations, too. The setting ``state`` is seeded once more, as its file
        was when the mock was made.

        Raises:
            RuntimeError: it is called by a function of ``when=``, in the middle of a batch.
        """
        self._engine.simulation.refuse_policies()
        if self._engine.lock.is_lent:
            raise RuntimeError(_not_while_something_happens("reset"))
        with self._engine.lock:
            self._engine.simulation.stop()
            # A snapshot may lead back to this world.
            self._detach_views()
            self._engine.restart()
            self._plant_state()

    # There and back again

    def snapshot(self) -> Snapshot:
        """Remember the whole backend as it is now, to be gone back to as often as a test likes.

        Returns:
            What :meth:`restore` takes. It stays as it is, whatever happens afterwards.

        Raises:
            RuntimeError: it is called by a function that the mock is calling.
        """
        self._refuse_in_between("snapshot")
        self._engine.simulation.run_due()
        with self._engine.lock:
            return Snapshot(self._engine)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot: nothing of what happened since has happened, and ids come out once more.

        Instances, queues and campaigns that a test holds are as they were then. So are faults, fakes, what
        is listened to and what :meth:`advance` added to the time; a function that was given to the mock is
        the test's own, and keeps what it has noted.

        Args:
            snapshot: what :meth:`snapshot` of this mock returned.

        Raises:
            TypeError: it is not a snapshot.
            ValueError: it is another mock's.
            RuntimeError: it is called by a function that the mock is calling.
        """
        if not isinstance(snapshot, Snapshot):
            raise TypeError(
                f"connect_mock.restore takes what connect_mock.snapshot returned, not {snapshot!r}."
            )
        if not snapshot.is_of(self._engine):
            raise ValueError("The snapshot is of another mock; a mock goes back to snapshots of its own.")
        self._refuse_in_between("restore")
        with self._engine.lock:
            self._detach_views()
            snapshot.put_back()
            self._engine.history.begin()
            # The snapshot may have been made while another thread let something happen, at the time of that.
            self._engine.simulation.scheduler.reset_now()

    def _detach_views(self) -> None:
        self._engine.backend.contacts.detach_views()
        self._engine.journal.detach_views()

    def _refuse_in_between(self, method: str) -> None:
        if self._engine.simulation.scheduler.in_action:
            raise RuntimeError(_not_while_something_happens(method))

    # For other processes

    def serve(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        allow_remote: bool = False,
        allow_hosts: Sequence[str] = (),
    ) -> Server:
        """Answer other processes by HTTP, in a thread, until the server or this mock is stopped.

        Args:
            host: the address to listen at.
            port: the port to listen at; 0 for any that is free.
            allow_remote: whether the address may be one that other machines reach. They can do with the mock
                whatever they like.
            allow_hosts: the names by which others call this machine, such as ``host.docker.internal``. What
                is asked under an IP address or as localhost is answered anyway, and under other names never.

        Returns:
            The server, with its ``url``, its ``environment`` for a subprocess, and ``stop``; also a context
            manager.

        Raises:
            ImportError: the extra ``server`` is not installed.
            ValueError: there is no such port, or other machines reach the host and that is not allowed.
            OSError: somebody else has the port, or this machine has no such address.
        """
        server = serve(self._served(), host, port, allow_remote=allow_remote, allow_hosts=allow_hosts)
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
        """Put the mock's clock forward, and let happen all that is due by then; it goes on from there.

        Args:
            seconds: how far, in seconds or as a ``timedelta``, from 0 on.

        Raises:
            TypeError: it is neither a number nor a ``timedelta``.
            ValueError: it is less than 0, not a number, or farther than dates go.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, (SupportsFloat, timedelta)):
            raise TypeError(f"connect_mock.advance takes seconds or a timedelta, not {seconds!r}.")
        self._engine.simulation.advance(seconds)

    # What becomes of contacts

    def on_dial(self, policy: Policy[Contact]) -> None:
        """Say what becomes of the contacts that are dialed from now on; until then, everybody answers.

        Args:
            policy: an outcome for everybody, such as ``outcomes.busy()``; a list of outcomes, one for each
                contact in the order in which they are dialed, after which everybody answers; or a plain
                function of the contact that returns an outcome. It decides, and neither calls the mock nor
                waits for a thread that does.

        Raises:
            TypeError: it is none of these.
        """
        with self._engine.backend.transaction():
            self._engine.simulation.on_dial(policy, _as_shown)

    def on_event(self, function: ListenerT) -> ListenerT:
        """Hand each contact event from now on to a function, as it happens; also as a decorator.

        While the function runs, the mock's clock stands at the event, and the function may call the mock.

        Args:
            function: takes the EventBridge event, a dict, and may take a context too, as Lambda handlers do.

        Returns:
            The function.

        Raises:
            TypeError: it is not a plain function.
        """
        with self._engine.backend.transaction():
            self._engine.simulation.listeners.add_for_events(function)
        return function

    def on_contact_record(self, function: ListenerT) -> ListenerT:
        """Hand each contact record from now on to a function, when a contact has ended; also as a decorator.

        Args:
            function: takes the record, a dict, and may take a context too.

        Returns:
            The function.

        Raises:
            TypeError: it is not a plain function.
        """
        with self._engine.backend.transaction():
            self._engine.simulation.listeners.add_for_records(function)
        return function

    @property
    def events(self) -> Events:
        """The contact events, in order, each as EventBridge hands it on."""
        self._engine.simulation.run_due()
        with self._engine.lock:
            return Events(View(self._engine.journal.events))

    @property
    def contact_records(self) -> ContactRecords:
        """The records of the contacts that have ended, in order."""
        self._engine.simulation.run_due()
        with self._engine.lock:
            records = View(self._engine.journal.contact_records)
            return ContactRecords(records, None if records else self._why_none_has_ended)

    def _why_none_has_ended(self, criteria: Mapping[str, Any]) -> str | None:
        contacts = self._engine.backend.contacts.view()
        because = explain_wait(contacts[0]) if contacts else None
        return because and f"Contact {contacts[0].id} has not ended. {because}"

    # Seeding

    def add_instance(
        self, alias: str | None = None, *, id: str | None = None, region: str | None = None
    ) -> Instance:
        """Add an Amazon Connect instance.

        Args:
            alias: its alias; numbered where none is given.
            id: its id, a UUID in lower case; made up where none is given.
            region: the region that it is in; the mock's region where none is given.

        Returns:
            The instance, to add queues, campaigns and phone numbers to.

        Raises:
            TypeError: the alias or the region is not a text.
            ValueError: the region has an instance with that alias, or the id is none, or something has it, or
                botocore knows no region of that name.
        """
        check_text("alias=", alias)
        if region is not None:
            _check_region(region)
        with self._engine.backend.transaction(), reject_conflicts(id):
            place = self._engine.region(region)
            if alias is not None and place.has_alias(alias):
                raise SeedError(
                    "alias",
                    (
                        f"There is already an instance with the alias {alias!r} in {place.name}; give it "
                        f"another, or none."
                    ),
                )
            return Instance(place.add_instance(alias, id=id))

    @property
    def instances(self) -> list[Instance]:
        """The instances, of every account and region."""
        with self._engine.lock:
            return [Instance(one) for one in self._engine.backend.instances()]

    # Reading

    @property
    def contacts(self) -> Contacts:
        """The contacts that were created, in order, as they are now."""
        self._engine.simulation.run_due()
        with self._engine.lock:
            return Contacts(self._engine.backend.contacts.view(), self._why_not_created)

    @property
    def calls(self) -> Calls:
        """The calls that were answered, each attempt for itself, in order."""
        with self._engine.lock:
            return Calls(View(self._engine.journal.calls))

    @property
    def failed_requests(self) -> FailedRequests:
        """Every item of a batch that came back failed, in order: contacts, and requests to campaigns."""
        with self._engine.lock:
            return FailedRequests(View(self._engine.journal.failed_requests))

    @property
    def unfaked_operations(self) -> list[str]:
        """The operations without a fake that were called and stopped, such as ``connect.ListUsers``."""
        with self._engine.lock:
            return list(self._engine.journal.unfaked)

    # What goes wrong

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
        """Let calls of an operation fail as a whole; nothing is carried out.

        Each attempt is a call of its own, so botocore's retries use up ``times``. Faults of one operation
        happen in the order in which they were planned, one for each attempt.

        Args:
            operation: the operation as the model names it, such as ``BatchPutContact``; any of the mocked
                services, whether it has a fake or not.
            error: the code of an error that the operation models or that all of AWS has in common, such as
                ``LimitExceededException``; or an HTTP status from 400 to 599, for the answer of something
                before the service: a page of HTML.
            times: how many attempts; None for all.
            message: the error's message, the model's own where none is given; for a status the body, which
                may be empty.
            status: the HTTP status. With it, the error may have any code.
            members: other members of the error, such as the ``state`` of InvalidCampaignStateException.

        Raises:
            ValueError: there is no such operation; it cannot give this error, and no status is given; or
                another value is not possible. The message lists what would be.
            TypeError: a status that is an error by itself is given another one, or members.
        """
        with self._engine.lock:
            self._engine.faults.fail(
                operation, error, times=times, message=message, status=status, members=members
            )

    def refuse_connection(self, operation: OperationName, *, times: int | None = 1) -> None:
        """Let calls of an operation not arrive: botocore raises ``EndpointConnectionError``.

        Args:
            operation: the operation as the model names it.
            times: how many attempts; None for all.

        Raises:
            ValueError: there is no such operation, or no such number of times.
        """
        self._break_network("refuse_connection", operation, ConnectionRefused, times)

    def lose_response(self, operation: OperationName, *, times: int | None = 1) -> None:
        """Let calls of an operation be carried out and not answered: botocore raises ``ReadTimeoutError``.

        Args:
            operation: the operation as the model names it; it has a fake, or nothing could be carried out.
            times: how many attempts; None for all.

        Raises:
            ValueError: there is no such operation, it has no fake, or there is no such number of times.
        """
        self._break_network("lose_response", operation, ResponseLost, times)

    def reset_connection(self, operation: OperationName, *, times: int | None = 1) -> None:
        """Let calls of an operation be carried out, and the connection break while their answer is read.

        botocore raises ``ConnectionClosedError``.

        Args:
            operation: the operation as the model names it; it has a fake, or nothing could be carried out.
            times: how many attempts; None for all.

        Raises:
            ValueError: there is no such operation, it has no fake, or there is no such number of times.
        """
        self._break_network("reset_connection", operation, ConnectionReset, times)

    def _break_network(
        self, method: str, operation: str, fault: type[NetworkFault], times: int | None
    ) -> None:
        if fault.is_carried_out:
            self._refuse_unfaked_operation(method, operation)
        with self._engine.lock:
            self._engine.faults.break_network(method, operation, fault, times)

    def _refuse_unfaked_operation(self, method: str, operation: str) -> None:
        fakes, services = self._engine.fakes, services_with(operation)
        if not any((service, operation) in fakes for service in services):
            faked = self._engine.faked(services[0])
            raise ValueError(_nothing_to_carry_out(method, operation, faked))

    def reject_contacts(
        self,
        reason: FailureReasonCode,
        *,
        when: When = None,
        times: int | None = None,
        message: str | None = None,
    ) -> None:
        """Let items of BatchPutContact come back failed that would have been created.

        The rest of the batch is created. What is wrong with an item itself comes first, and does not count.

        Args:
            reason: a ``FailureReasonCode`` of the model, such as ``REQUEST_THROTTLED``.
            when: which items: members of the item, matched as a subset, or a function of the item that
                says so, and waits for no other thread; all where nothing is given.
            times: how many items; None for all.
            message: the ``FailureReasonMessage``.

        Raises:
            ValueError: there is no such reason, member of an item or number of times.
            TypeError: ``when`` is something else.
        """
        with self._engine.lock:
            self._engine.faults.reject(reason, when=when, times=times, message=message)

    def reject_requests(self, code: FailureCode, *, when: When = None, times: int | None = None) -> None:
        """Let requests to a campaign come back failed that would have been taken.

        They are those of PutDialRequestBatch, PutOutboundRequestBatch and PutProfileOutboundRequestBatch. The
        rest of the batch is taken. What is wrong with a request itself comes first, and does not count.

        Args:
            code: a ``failureCode`` of one of their models, such as ``RequestThrottled``; it meets the
                operations that have it.
            when: which requests: members of the request, matched as a subset, or a function of the request
                that says so, and waits for no other thread; all where nothing is given.
            times: how many requests; None for all.

        Raises:
            ValueError: there is no such code, member of a request or number of times.
            TypeError: ``when`` is something else.
        """
        with self._engine.lock:
            self._engine.faults.reject_requests(code, when=when, times=times)

    def limit_rate(
        self, operation: OperationName, *, per_second: float | None = None, burst: int | None = None
    ) -> None:
        """Limit how fast an operation may be called, on the mock's clock, for each account and region.

        Whoever is faster gets the operation's error for that, ``LimitExceededException`` 429 for
        BatchPutContact. A limit replaces the one before.

        Args:
            operation: the operation as the model names it.
            per_second: the calls per second that are allowed for ever.
            burst: the calls that are allowed at once, after a rest. Where neither is given, the limit is the
                default quota that AWS documents, see :func:`~connect_batchmock.default_quota`.

        Raises:
            ValueError: there is no such operation, or no such rate.
        """
        with self._engine.lock:
            self._engine.faults.limit_rate(operation, per_second, burst)

    # Operations without a fake

    def passthrough(self, operation: OperationName) -> None:
        """Let calls of an operation go on, to another mock in this process or to the network.

        Args:
            operation: the operation as the model names it; a fake that it has is not asked.

        Raises:
            ValueError: there is no such operation.
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
        """Answer an operation with a function, also as a decorator: ``@connect_mock.fake("ListUsers")``.

        The request is checked against the model before, and the answer after; a
        :class:`~connect_batchmock.ServiceError` that the function raises becomes the client's exception.
        While it runs, other threads may call the mock, and the function may wait for them.

        Args:
            operation: the operation as the model names it.
            function: takes this mock and the parameters, and returns the members of the output.
            service: the service, where several have the operation; all of them where none is given.

        Returns:
            The function, or a decorator where none is given.

        Raises:
            ValueError: there is no such operation, or the service does not have it.
            TypeError: it is not a plain function.
        """
        services = services_with(operation) if service is None else [service]
        if service is not None and service not in services_with(operation):
            raise ValueError(wrong_service_message(operation, service, services_with(operation)))
        if function is None:
            return partial(self.fake, operation, service=service)
        check_fake(function)
        with self._engine.lock:
            for one in services:
                answer = validated_by_model(one, operation, partial(function, self))
                self._engine.fakes[one, operation] = Fake(answer, is_of_test=True)
        return function

    def describe_calls(self, limit: int = 20) -> str:
        """Return what happened, in lines: the calls with their attempts, answers, faults and failed items.

        It is what pytest shows with a failed test; other test runners may print it. No time passes by it.

        Args:
            limit: how many calls are shown, the first and the last of them.

        Raises:
            TypeError: that is not a whole number.
            ValueError: it is less than 0.
        """
        _check_count("describe_calls", limit)
        with self._engine.lock:
            journal, contacts = self._engine.journal, self._engine.backend.contacts
            story = report.story(journal.calls, journal.failed_requests, len(contacts), limit)
            elsewhere = [
                *(f"Stopped before the network: {connection}." for connection in journal.stopped),
                *(f"Not answered by the mock: {request}." for request in journal.answered_by_others),
            ]
        return "\n".join([story, *([""] if elsewhere else []), *elsewhere])

    # Assertions

    def _why_not_created(self, criteria: Mapping[str, Any]) -> str | None:
        with self._engine.lock:
            return explain_missing_contact(self._engine.journal, criteria)

    def assert_contact_created(self, **criteria: Unpack[ContactCriteria]) -> Contact:
        """Assert that a contact was created that meets the criteria, and return the first that does.

        Args:
            criteria: attributes of :class:`~connect_batchmock.Contact` with what they are to be.

        Raises:
            AssertionError: there is none; the message shows the nearest and lists all.
            TypeError: a contact has no such attribute.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        found = contacts.where(**criteria)
        if not found:
            raise AssertionError(contacts.explain_none(criteria))
        return found[0]

    def assert_contact_count(self, n: int, /, **criteria: Unpack[ContactCriteria]) -> None:
        """Assert that exactly ``n`` contacts were created that meet the criteria.

        Raises:
            AssertionError: there are more, or fewer.
            TypeError: ``n`` is not a whole number, or a contact has no such attribute.
            ValueError: ``n`` is less than 0.
        """
        __tracebackhide__ = True
        _check_count("assert_contact_count", n)
        contacts = self.contacts
        if len(contacts.where(**criteria)) != n:
            raise AssertionError(contacts.explain_count(criteria, n))

    def assert_no_contacts(self, **criteria: Unpack[ContactCriteria]) -> None:
        """Assert that no contact was created that meets the criteria.

        Raises:
            AssertionError: there is one.
            TypeError: a contact has no such attribute.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        found = contacts.where(**criteria)
        if found:
            with self._engine.lock:
                created_by = self._engine.journal.created_by()
            hint = report.came_from(sorted({created_by[one.id] for one in found}))
            raise AssertionError(contacts.explain_unexpected(criteria, hint))

    def assert_called(
        self, operation: OperationName, *, times: int | None = None, **parameters: Any
    ) -> Calls:
        """Assert that an operation was called with these parameters, and return the calls.

        Args:
            operation: the operation as the model names it, such as ``BatchPutContact``.
            times: how often; at least once where it is not given. Each attempt counts.
            parameters: parameters of the operation, matched as a subset.

        Raises:
            AssertionError: it was not; the message shows the nearest call and lists all.
            TypeError: ``times`` is not a whole number.
            ValueError: no mocked service has such an operation, or ``times`` is less than 0.
        """
        __tracebackhide__ = True
        if times is not None:
            _check_count("times= of assert_called", times)
        services_with(operation)
        calls = self.calls
        criteria = {"operation": operation} | ({"parameters": parameters} if parameters else {})
        found = calls.where(**criteria)
        wanted = report.of_operation(operation, parameters)
        if times is None and not found:
            raise AssertionError(calls.explain_none(criteria, wanted))
        if times is not None and len(found) != times:
            raise AssertionError(calls.explain_count(criteria, times, wanted, _about_attempts(found)))
        return found

    def assert_no_unresolved_failures(self) -> None:
        """Assert that every item that failed for a reason that may pass was sent later with success.

        Such reasons are ``REQUEST_THROTTLED`` and ``INTERNAL_ERROR``; of requests to campaigns
        ``RequestThrottled``, ``BufferLimitExceeded`` and ``UnknownError``. An item is known again by its
        customer and its campaign.

        Raises:
            AssertionError: one was given up; the message tells what became of each.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        with self._engine.lock:
            found = unretried_items(self._engine.journal, contacts)
        if found:
            raise AssertionError(report.unretried_items(found, reasons_of(found)))

    def assert_no_double_dials(self) -> None:
        """Assert that no campaign has two contacts for one customer.

        Raises:
            AssertionError: one has; the message tells which calls created them.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        with self._engine.lock:
            found = double_dials(self._engine.journal, contacts)
        if found:
            raise AssertionError(report.double_dials(found))

    def assert_no_pending_faults(self) -> None:
        """Assert that every planned fault happened at least once, and that no plan and no fake broke.

        A plan or a fake breaks when a function of the test raises an exception, or returns a value that the
        service could not. A setting ``strict`` asserts it when the mock is left without an exception.

        Raises:
            AssertionError: a fault is pending, or a plan or a fake broke; the message lists them.
        """
        __tracebackhide__ = True
        with self._engine.lock:
            broken, pending = list(self._engine.journal.broken_plans), self._engine.faults.unused()
        if pending:
            remedy = (
                "Either no call came, or an earlier plan met each one. Plan it before the call, for the "
                "operation and the items sent."
            )
            plans = numbered(pending, wrap=False)
            broken.append(
                f"What was planned to go wrong never happened:\n{plans}\n{wrapped(remedy, further='')}"
            )
        if broken:
            raise AssertionError("\n".join(broken))

    def assert_no_unfaked_calls(self) -> None:
        """Assert that every operation that was called has a fake, and that no connection was stopped.

        Such a call raises ``UnfakedOperationError``, and such a connection ``UnmockedCallError``: both are
        remembered, so that code that swallows the exception fails its test. A setting ``strict`` asserts it
        when the mock is left without an exception.

        Raises:
            AssertionError: an operation has no fake, or a connection was stopped; the message lists them.
        """
        __tracebackhide__ = True
        with self._engine.lock:
            unfaked, stopped = list(self._engine.journal.unfaked), list(self._engine.journal.stopped)
        problems = [
            f"The mock stopped {connection}: the code under test went on as if nothing had happened."
            for connection in stopped
        ]
        if unfaked:
            sentence = (
                f"{listed(unfaked)} was called, which connect_batchmock has no fake for: the code under test "
                f"went on as if nothing had happened."
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
        """Make a boto3 client that this mock answers, active or not.

        Args:
            service: ``connect``, ``connectcampaigns`` or ``connectcampaignsv2``.
            kwargs: what ``boto3.Session.client`` takes; the region is the mock's where none is given.

        Raises:
            ValueError: the service is not mocked.
        """
        if service not in SERVICES:
            raise ValueError(_not_our_service(service, SERVICES))
        return self.attach(wire.new_session(self.settings.region).create_client(service, **kwargs))

    def attach(self, client: Client) -> Client:
        """Let this mock answer a client that was made elsewhere, by the client's own events.

        Args:
            client: a boto3 client of a mocked service. It needs no credentials, and stays attached.

        Returns:
            The same client.

        Raises:
            ValueError: the client's service is not mocked.
        """
        made_elsewhere: Any = client
        service = made_elsewhere.meta.service_model.service_name
        if service not in SERVICES:
            raise ValueError(_not_our_service(service, SERVICES))
        wire.attach(client, self.handle)
        return client


def _as_shown(contact: _contact.Contact) -> Contact:
    return Contacts([contact])[0]


def _check_region(region: str) -> None:
    try:
        check_region("region=", region)
    except ValueError as unknown:
        raise SeedError("region", str(unknown)) from None


def _check_count(taker: str, count: SupportsIndex) -> None:
    __tracebackhide__ = True
    if isinstance(count, bool) or not isinstance(count, SupportsIndex):
        raise TypeError(f"{taker} takes a whole number from 0 on, not {count!r}.")
    if count.__index__() < 0:
        raise ValueError(f"{taker} takes a whole number from 0 on, not {count!r}.")


def _about_attempts(calls: Calls) -> str | None:
    invocations = {call.invocation_id for call in calls}
    return report.attempts_count(len(invocations)) if len(invocations) < len(calls) else None


def serve(served: Served, host: str, port: int, *, allow_remote: bool, allow_hosts: Sequence[str]) -> Server:
    """Return a server for a mock, as ``ConnectMock.serve`` says.

    Raises:
        ImportError: what a server is made of is not installed.
        ValueError: there is no such port, or other machines reach the host and that is not allowed.
        OSError: somebody else has the port, or this machine has no such address.
    """
    try:
        from connect_batchmock.server.address import Address
        from connect_batchmock.server.server import Server
    except ModuleNotFoundError as error:
        raise ImportError(
            f"connect_batchmock serves with the libraries of its extra 'server', of which {error.name!r} "
            f"is not installed: python -m pip install 'connect-batchmock[server]'"
        ) from error
    address = Address(host, port)
    if not allow_remote:
        address.refuse_remote()
    return Server(served, address, allow_hosts)


def _nothing_to_carry_out(method: str, operation: str, faked: Sequence[str]) -> str:
    return (
        f"connect_mock.{method} lets a call be carried out, and connect_batchmock has no fake that could "
        f"carry out {operation}. {describe_nearest_fakes(operation, faked)}"
    )


def _not_our_service(service: str, valid: Sequence[str]) -> str:
    return f"connect_batchmock has no service {service!r}; there are {listed(valid)}."


def _not_while_something_happens(method: str) -> str:
    return (
        f"connect_mock.{method} was called by a function that the mock is calling, in the middle of what "
        f"happens. Call it when the mock has returned."
    )
