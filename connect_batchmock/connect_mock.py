"""ConnectMock: what a test holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from connect_batchmock import explain
from connect_batchmock.engine import Engine
from connect_batchmock.protocol.model import SERVICES, service_model
from connect_batchmock.recording import Calls, FailedRequests
from connect_batchmock.seeding import Contact, Contacts, Instance
from connect_batchmock.settings import Settings
from connect_batchmock.wire import botocore as wire
from connect_batchmock.wire.message import Request, Response


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

    def __init__(self, **settings: Any) -> None:
        self._engine = Engine(Settings.of(settings))

    @property
    def settings(self) -> Settings:
        """The settings that the mock was made with."""
        return self._engine.settings

    def handle(self, request: Request) -> Response | None:
        """Answer a request in bytes, or return None for one that is not for a mocked service."""
        return self._engine.handle(request)

    def now(self) -> datetime:
        """Return the time on the mock's clock, in UTC; it follows time-machine and freezegun."""
        return self._engine.now()

    def reset(self) -> None:
        """Forget all that was seeded and all that happened; the identifiers begin again."""
        self._engine.restart()

    # Seeding

    def add_instance(self, alias: str | None = None, *, region: str | None = None) -> Instance:
        """Add an Amazon Connect instance.

        Args:
            alias: its alias; numbered where none is given.
            region: the region that it is in; the mock's region where none is given.

        Returns:
            The instance, to add queues, campaigns and phone numbers to.
        """
        with self._engine.world.lock:
            return Instance(self._engine.region(region).add_instance(alias))

    @property
    def instances(self) -> list[Instance]:
        """The instances, of every account and region."""
        with self._engine.world.lock:
            return [Instance(one) for one in self._engine.world.instances()]

    # Reading

    @property
    def contacts(self) -> Contacts:
        """The contacts that were created, in order."""
        with self._engine.world.lock:
            return Contacts(self._engine.world.contacts.values())

    @property
    def calls(self) -> Calls:
        """The calls that were answered, each attempt for itself, in order."""
        with self._engine.world.lock:
            return Calls(self._engine.journal.calls)

    @property
    def failed_requests(self) -> FailedRequests:
        """Every item that came back in a ``FailedRequestList``, in order."""
        with self._engine.world.lock:
            return FailedRequests(self._engine.journal.failed_requests)

    @property
    def unfaked_operations(self) -> list[str]:
        """The operations without a fake that were called and stopped, such as ``connect.ListQueues``."""
        with self._engine.world.lock:
            return list(self._engine.journal.unfaked)

    # Assertions

    def assert_contact_created(self, **criteria: Any) -> Contact:
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

    def assert_contact_count(self, n: int, /, **criteria: Any) -> None:
        """Assert that exactly ``n`` contacts were created that meet the criteria.

        Raises:
            AssertionError: there are more, or fewer.
            TypeError: a contact has no such attribute.
        """
        __tracebackhide__ = True
        contacts = self.contacts
        found = len(contacts.where(**criteria))
        if found != n:
            raise AssertionError(explain.wrong_count("contact", n, found, criteria, contacts.lines()))

    def assert_no_contacts(self, **criteria: Any) -> None:
        """Assert that no contact was created that meets the criteria.

        Raises:
            AssertionError: there is one.
            TypeError: a contact has no such attribute.
        """
        __tracebackhide__ = True
        found = self.contacts.where(**criteria)
        if found:
            raise AssertionError(explain.unexpected("contact", criteria, found.lines()))

    def assert_called(self, operation: str, *, times: int | None = None, **parameters: Any) -> Calls:
        """Assert that an operation was called with these parameters, and return the calls.

        Args:
            operation: the operation as the model names it, such as ``BatchPutContact``.
            times: how often; at least once where it is not given. Each attempt counts.
            parameters: parameters of the operation, matched as a subset.

        Raises:
            AssertionError: it was not; the message shows the nearest call and lists all.
            ValueError: no mocked service has such an operation.
        """
        __tracebackhide__ = True
        _refuse_unknown_operation(operation)
        calls = self.calls
        criteria = {"operation": operation} | ({"parameters": parameters} if parameters else {})
        found = calls.where(**criteria)
        if times is None and not found:
            raise AssertionError(calls.explain_none(criteria))
        if times is not None and len(found) != times:
            raise AssertionError(explain.wrong_count("call", times, len(found), criteria, calls.lines()))
        return found

    # Clients

    def client(self, service: str = "connect", **kwargs: Any) -> Any:
        """Make a boto3 client that this mock answers, active or not.

        Args:
            service: ``connect``, ``connectcampaigns`` or ``connectcampaignsv2``.
            kwargs: what ``boto3.Session.client`` takes; the region is the mock's where none is given.

        Raises:
            ValueError: the service is not mocked.
        """
        if service not in SERVICES:
            raise ValueError(explain.not_our_service(service, SERVICES))
        return self.attach(wire.new_session(self.settings.region).client(service, **kwargs))

    def attach(self, client: Any) -> Any:
        """Let this mock answer a client that was made elsewhere, by the client's own events.

        Args:
            client: a boto3 client of a mocked service. It needs no credentials, and stays attached.

        Returns:
            The same client.

        Raises:
            ValueError: the client's service is not mocked.
        """
        service = client.meta.service_model.service_name
        if service not in SERVICES:
            raise ValueError(explain.not_our_service(service, SERVICES))
        wire.attach(client, self.handle)
        return client


def _refuse_unknown_operation(operation: str) -> None:
    names: Sequence[str] = [name for service in SERVICES for name in service_model(service).operation_names]
    if operation not in names:
        asked = operation.replace("_", "").lower()
        by_plain_name = {name.lower(): name for name in names}
        near = [by_plain_name[name] for name in get_close_matches(asked, by_plain_name, n=3)]
        raise ValueError(explain.no_such_operation(operation, near))
