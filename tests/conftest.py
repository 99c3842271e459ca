"""Fixtures of the whole suite. No test opens a connection, and no assertion depends on a clock."""

from __future__ import annotations

import _socket
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import count, islice
from typing import Any

import pytest
import time_machine
from checkout import DOCS
from factories import START, Item, item_for
from hypothesis import HealthCheck, settings

# pytest finds the hooks here.
from older_models import pytest_runtest_call, pytest_runtest_setup  # noqa: F401

from connect_batchmock import Campaign, ConnectMock, Instance, Queue
from connect_batchmock.protocol.http import Request, Response

settings.register_profile(
    "suite",
    deadline=None,
    # A fifth of the default for a person, who runs the suite often; each run draws others.
    max_examples=100 if "CI" in os.environ else 20,
    # The first text that is drawn builds tables, which takes a second on a busy machine; and the fixtures
    # of a property hold one backend on purpose.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


REAL_GETADDRINFO = socket.getaddrinfo


class ConnectionOpened(BaseException):
    """A connection was opened. Not an Exception, so that no code under test can swallow it."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Forbid connections and name resolution; list the attempts, and fail the test for them."""
    tried: list[Any] = []

    def refuse(*args: Any, **_: Any) -> None:
        tried.append(args[-1:])
        raise ConnectionOpened(args)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield tried
    assert not tried, f"a connection was tried: {tried}"


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch, no_network: Any) -> list[str]:
    """Replace name resolution with one that fails, and list the names that were looked up."""
    names: list[str] = []

    def getaddrinfo(host: str, *_: Any, **__: Any) -> Any:
        names.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "this network knows no name")

    monkeypatch.setattr(socket, "getaddrinfo", REAL_GETADDRINFO)
    monkeypatch.setattr(_socket, "getaddrinfo", getaddrinfo)
    return names


@pytest.fixture
def frozen_time() -> Iterator[datetime]:
    """Stop the clock at ``START``, so that every time is exact."""
    with time_machine.travel(START, tick=False):
        yield START


@pytest.fixture
def an_item(connect_queue: Queue, connect_campaign: Campaign) -> Callable[..., Item]:
    """Make a valid item; a keyword adds or replaces a member, and None removes it."""
    return partial(item_for, connect_queue, connect_campaign)


@pytest.fixture
def put_for(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> Callable[..., list[str]]:
    """Put contacts for a campaign, each for another customer, and return their ids."""
    numbers = count()

    def put(campaign: Campaign, contacts: int = 1, **members: Any) -> list[str]:
        ids = []
        items = [
            item_for(connect_queue, campaign, f"+1555{number:07}", **members)
            for number in islice(numbers, contacts)
        ]
        while items:
            batch, items = items[:25], items[25:]
            response = connect_client.batch_put_contact(
                InstanceId=connect_instance.id, ContactDataRequestList=batch
            )
            assert response["FailedRequestList"] == []
            ids += [contact["ContactId"] for contact in response["SuccessfulRequestList"]]
        return ids

    return put


@pytest.fixture
def put(connect_client: Any, connect_instance: Instance) -> Callable[..., dict[str, Any]]:
    """Put items into ``connect_instance``; a keyword adds or replaces a parameter."""

    def call(*items: Item, **parameters: Any) -> dict[str, Any]:
        batch = {"InstanceId": connect_instance.id, "ContactDataRequestList": list(items), **parameters}
        answer: dict[str, Any] = connect_client.batch_put_contact(**batch)
        return answer

    return call


@pytest.fixture
def send(connect_mock: ConnectMock) -> Callable[..., Response | None]:
    """Send a request that botocore would not send: signed by hand, or unsigned."""

    def call(
        path: str,
        body: Any = b"",
        *,
        method: str = "PUT",
        signed_for: str | None = "connect",
        key: str = "AKIA",
    ) -> Response | None:
        scope = f"Credential={key}/20260101/us-east-1/{signed_for}/aws4_request"
        headers = {"authorization": f"AWS4-HMAC-SHA256 {scope}, Signature=0"} if signed_for else {}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"https://connect.us-east-1.amazonaws.com{path}"
        service = None if signed_for else "connect"
        return connect_mock.handle(Request(method, url, headers, data, service))

    return call


@pytest.fixture
def make_client(connect_mock: ConnectMock, shared_session: Any) -> Callable[..., Any]:
    """Make a client attached to ``connect_mock`` from the shared session."""

    def make(service: str = "connect", **options: Any) -> Any:
        return connect_mock.attach(shared_session.create_client(service, **options))

    return make


@pytest.fixture(scope="session", autouse=True)
def bytecode_of_processes(pytestconfig: pytest.Config) -> Iterator[None]:
    """Keep the bytecode of processes that tests start, also where this run writes none, as in a container.

    Compiling what they import takes longer than the tests in them.
    """
    with pytest.MonkeyPatch.context() as environment:
        if sys.dont_write_bytecode and pytestconfig.pluginmanager.has_plugin("cacheprovider"):
            environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            environment.setenv("PYTHONPYCACHEPREFIX", str(pytestconfig.cache.mkdir("bytecode")))
        yield


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Run pytest with our plugin and those that a test names, in this process and in others.

    All those that are installed take longer to load than the tests take to run.
    """
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    ours = "-p connect_batchmock.pytest_plugin -W ignore::pytest.PytestAssertRewriteWarning"
    monkeypatch.setenv("PYTEST_ADDOPTS", ours)
    # A module of the run inside may have the name of one of the suite, or of an example.
    for name, module in list(sys.modules.items()):
        is_of_example = str(DOCS) in (getattr(module, "__file__", None) or "")
        if name.startswith("test_") or is_of_example:
            monkeypatch.delitem(sys.modules, name)
    return pytester


@pytest.fixture
def run_in_subprocess(pytester: pytest.Pytester) -> Callable[..., pytest.RunResult]:
    """Run the tests of pytester in a process of its own."""
    return partial(pytester.runpytest_subprocess, "-p", "no:cacheprovider")


@pytest.fixture(scope="session")
def shared_session(_connect_session: Any) -> Any:
    """Return a session that makes clients for next to nothing; they are not attached to any mock."""
    return _connect_session
