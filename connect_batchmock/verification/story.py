"""A story: its clients, the resources that it creates, and its observations."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

PREFIX = "connect-batchmock-verify-"
"""The beginning of the name of every resource that a scenario creates."""


class NotTriedError(Exception):
    """A scenario could not be tried; the message says why."""


@dataclass(frozen=True)
class Clients:
    """The clients of the three services, for one account and region."""

    connect: Any
    campaigns_v1: Any
    campaigns_v2: Any


@dataclass
class Created:
    """A resource that a scenario creates.

    Args:
        kind: the kind of resource, such as ``queue``.
        name: its unique name.
        find: returns the id of the resource with a name, or None.
        delete: deletes the resource with an id.
        id: its id, as soon as the response has named it.
    """

    kind: str
    name: str
    find: Callable[[str], str | None]
    delete: Callable[[str], object]
    id: str | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r}"

    def remove(self) -> None:
        """Delete the resource if it exists: the response that named its id can be lost."""
        resource_id = self.id or self.find(self.name)
        if resource_id is None:
            return
        try:
            self.delete(resource_id)
        except ClientError as error:
            if code_of(error) not in ("ResourceNotFoundException", "CampaignNotFoundException"):
                raise


@dataclass
class Story:
    """One run of a scenario.

    Args:
        clients: the clients.
        instance_id: the id of the instance that the run is about.
        expected: the expected members, by the label of each observation.
        observed: the same members as they were observed.
        names: the random names, which differ in each run.
    """

    clients: Clients
    instance_id: str
    expected: dict[str, Any] = field(default_factory=dict)
    observed: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    _created: list[Created] = field(default_factory=list)

    @property
    def connect(self) -> Any:
        """The client of Amazon Connect."""
        return self.clients.connect

    def new_name(self) -> str:
        """Return a unique name for a resource."""
        self.names.append(f"{PREFIX}{secrets.token_hex(6)}")
        return self.names[-1]

    @contextmanager
    def creating(
        self, kind: str, name: str, *, find: Callable[[str], str | None], delete: Callable[[str], object]
    ) -> Iterator[Created]:
        """Delete the resource that the block creates when the story ends.

        The block assigns the ``id`` of the resource. A request whose response was lost, or that was
        interrupted, may have created the resource nevertheless; one that the service refused has not.
        """
        created = Created(kind, name, find, delete)
        self._created.append(created)
        try:
            yield created
        except ClientError as error:
            # The response to an earlier attempt may have been lost.
            if not error.response["ResponseMetadata"].get("RetryAttempts"):
                self._created.remove(created)
            raise

    def expect(self, label: str, expected: Mapping[str, Any], observed: Mapping[str, Any]) -> None:
        """Compare the members of a response with the expected ones; other members are ignored.

        Args:
            label: what was observed, such as ``DescribeQueue``.
            expected: the expected members.
            observed: the response, or a part of it.
        """
        self.expected[label] = expected
        self.observed[label] = _members_of(observed, expected)

    def expect_error(
        self, label: str, code: str, status: int, function: Callable[..., Any], **parameters: Any
    ) -> None:
        """Make an API call that the service refuses, and compare the code of the error and its HTTP status.

        Raises:
            NotTriedError: the service does not carry out the operation for this caller.
        """
        self.expect(label, {"Code": code, "Status": status}, error_of(function, **parameters))

    def clean_up(self, left: list[str]) -> None:
        """Delete what the story created, the latest resource first.

        An interrupt does not stop this, a second one does.

        Args:
            left: receives a description of each resource that may be left, with the reason.

        Raises:
            KeyboardInterrupt: there was an interrupt.
        """
        was_interrupted = False
        while self._created:
            try:
                self._created[-1].remove()
                self._created.pop()
            except KeyboardInterrupt:
                if was_interrupted:
                    left += [f"{created}: interrupted" for created in reversed(self._created)]
                    self._created.clear()
                was_interrupted = True
            except Exception as error:
                left.append(f"{self._created.pop()}: {error}")
        if was_interrupted:
            raise KeyboardInterrupt


def _members_of(observed: Any, expected: Any) -> Any:
    """Return the members of an observed value that are expected, so that nothing else is reported."""
    if isinstance(expected, Mapping) and isinstance(observed, Mapping):
        return {name: _members_of(observed[name], expected[name]) for name in expected if name in observed}
    return observed


def code_of(error: ClientError) -> str:
    """Return the code of an error."""
    return str(error.response["Error"]["Code"])


NO_ERROR = {"Code": None, "Status": 200}
"""What stands in an observation for the error of an API call that succeeds."""


def error_of(function: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
    """Make an API call, and return the code of its error, None if it succeeds, and its HTTP status.

    Raises:
        NotTriedError: the service does not carry out the operation for this caller.
    """
    try:
        function(**parameters)
    except ClientError as error:
        check_tried(error)
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"Code": code_of(error), "Status": status}
    return NO_ERROR


_REFUSED_TO_CALLER = (
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredTokenException",
    "InvalidSignatureException",
    "LimitExceededException",
    "MissingAuthenticationTokenException",
    "ServiceQuotaExceededException",
    "ThrottlingException",
    "TooManyRequestsException",
    "UnrecognizedClientException",
)
"""Errors that say nothing about the operation: they depend on the caller and its quotas."""


def check_tried(error: ClientError) -> None:
    """Check that the service carried out an operation before it returned an error.

    Raises:
        NotTriedError: the error depends on the caller or its quotas, or the service cannot carry it out.
    """
    code, operation = code_of(error), error.operation_name
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if code in _REFUSED_TO_CALLER:
        raise NotTriedError(f"{operation} failed with {code}.") from error
    detail = f"status {status}" if code == str(status) else f"status {status}, {code}"
    if status >= 500:
        raise NotTriedError(f"{operation} failed with {detail}.") from error
    if not code.endswith("Exception"):
        raise NotTriedError(f"The endpoint does not support {operation}: {detail}.") from error
