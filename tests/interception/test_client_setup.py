"""What is shortened for a client that is made in a mock: it has the same effect, and takes the short way."""

from __future__ import annotations

import functools
import inspect
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.endpoint
import botocore.hooks
import botocore.httpsession
import botocore.useragent
import botocore.utils
import pytest
from botocore.config import Config
from botocore.httpsession import URLLib3Session

from connect_batchmock import ConnectMock, mock_connect
from connect_batchmock.interception.http_sessions import DelayedSession

Make = Callable[..., Any]


def make_client(**arguments: Any) -> Any:
    config = arguments.pop("config", Config()).merge(Config(retries={"total_max_attempts": 1}))
    return boto3.Session("key", "secret", region_name="us-east-1").client("sts", config=config, **arguments)


def make_in_a_mock(**arguments: Any) -> Any:
    with mock_connect():
        client = make_client(**arguments)
        assert type(client._endpoint.http_session) is DelayedSession
        return client


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], list[Any]]:
    """Count the calls of a function of a module."""

    def count(module: Any, name: str) -> list[Any]:
        calls: list[Any] = []
        original = getattr(module, name)

        def function(*args: Any, **kwargs: Any) -> Any:
            calls.append(args)
            return original(*args, **kwargs)

        monkeypatch.setattr(module, name, function)
        return calls

    return count


@pytest.fixture
def https_url(no_network: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server on loopback that accepts connections, and says nothing."""
    monkeypatch.undo()
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"https://127.0.0.1:{server.getsockname()[1]}"


def failure_of(client: Any) -> tuple[type[BaseException], str]:
    with pytest.raises(Exception) as failed:  # noqa: PT011
        client.get_caller_identity()
    return failed.type, str(failed.value)


def test_a_client_in_a_mock_makes_no_tls_context(
    connect_mock: ConnectMock, counted: Callable[[Any, str], list[Any]]
) -> None:
    contexts = counted(botocore.httpsession, "create_urllib3_context")

    client = boto3.client("connect")
    client.list_instances()

    assert contexts == []
    assert isinstance(client._endpoint.http_session, URLLib3Session)


def test_a_client_that_outlives_the_mock_sets_up_tls(https_url: str) -> None:
    client = make_in_a_mock(endpoint_url=https_url, config=Config(read_timeout=0.01, connect_timeout=0.01))

    failure_of(client)

    http_session = client._endpoint.http_session
    assert type(http_session) is URLLib3Session
    assert type(http_session._manager.connection_pool_kw["ssl_context"]) is ssl.SSLContext


@pytest.mark.parametrize(
    "arguments",
    [
        {"verify": "/no/such/bundle.pem"},
        {"verify": __file__},
        {"config": Config(client_cert="/no/such/cert.pem")},
        {"config": Config(client_cert=(__file__, __file__))},
    ],
    ids=["no bundle", "an invalid bundle", "no certificate", "an invalid certificate"],
)
def test_tls_errors_come_when_a_client_outlives_the_mock(arguments: dict[str, Any], https_url: str) -> None:
    arguments["endpoint_url"] = https_url

    assert failure_of(make_in_a_mock(**arguments)) == failure_of(make_client(**arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        {"config": Config(connect_timeout="soon")},
        {"config": Config(read_timeout=-1)},
        {"verify": " "},
        {"endpoint_url": "https://no host"},
    ],
    ids=["a word as timeout", "a negative timeout", "a blank bundle", "an invalid URL"],
)
def test_arguments_are_checked_when_a_client_is_made(arguments: dict[str, Any]) -> None:
    def error_of(make: Make) -> str:
        try:
            make(**arguments)
        except Exception as error:
            return repr(error)
        return "none"

    assert error_of(make_in_a_mock) == error_of(make_client)


def test_a_proxy_of_the_environment_is_used_after_the_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed}")
    client = make_in_a_mock()
    monkeypatch.delenv("HTTPS_PROXY")

    _, message = failure_of(client)

    assert message.startswith(f'Failed to connect to proxy URL: "http://127.0.0.1:{closed}"')
    (manager,) = client._endpoint.http_session._proxy_managers.values()
    assert type(manager.connection_pool_kw["ssl_context"]) is ssl.SSLContext


def test_a_session_with_another_manager_is_a_usual_one() -> None:
    http_session = make_in_a_mock()._endpoint.http_session
    http_session._manager = "mine"
    assert (type(http_session), http_session._manager) == (URLLib3Session, "mine")


def test_a_session_of_another_type_is_left_alone(connect_mock: ConnectMock) -> None:
    class Session(URLLib3Session):  # type: ignore[misc]
        pass

    http_session = Session()
    assert type(http_session) is Session
    assert type(http_session._manager.connection_pool_kw["ssl_context"]) is ssl.SSLContext


def test_without_proxies_no_proxy_is_looked_up(
    connect_mock: ConnectMock,
    monkeypatch: pytest.MonkeyPatch,
    counted: Callable[[Any, str], list[Any]],
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    looked_up = counted(botocore.utils, "should_bypass_proxies")

    boto3.client("connect")
    assert looked_up == []

    monkeypatch.setenv("no_proxy", "*")
    boto3.client("connect")
    assert len(looked_up) == 1


def test_proxies_of_the_system_are_looked_up(
    connect_mock: ConnectMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(botocore.utils, "getproxies", lambda: {"https": "http://proxy.example"})

    proxies = botocore.endpoint.get_environ_proxies("https://connect.us-east-1.amazonaws.com")

    assert proxies == {"https": "http://proxy.example"}


def test_words_of_the_user_agent_are_remembered(connect_mock: ConnectMock) -> None:
    boto3.client("connect")
    words = botocore.useragent.sanitize_user_agent_string_component.cache_info()

    boto3.client("connect")

    after = botocore.useragent.sanitize_user_agent_string_component.cache_info()
    assert after.misses == words.misses < after.hits


def test_a_client_in_a_mock_has_the_same_user_agent() -> None:
    assert make_in_a_mock().meta.config.user_agent == make_client().meta.config.user_agent


def test_signatures_of_functions_are_not_inspected(
    connect_mock: ConnectMock, counted: Callable[[Any, str], list[Any]]
) -> None:
    session = boto3.Session()
    session.client("connect")
    inspected = counted(inspect, "getfullargspec")

    session.client("connect")

    # The handler of retries is an object.
    assert [type(handler).__name__ for (handler,) in inspected] == ["RetryHandler"]


class Handlers:
    def with_keywords(self, **_: Any) -> None:
        """Do nothing."""

    def without(self, params: Any) -> None:
        """Do nothing."""

    def __call__(self, **_: Any) -> None:
        """Do nothing."""

    @staticmethod
    def static(*_: Any) -> None:
        """Do nothing."""

    @classmethod
    def of_class(cls, name: str = "", **_: Any) -> None:
        """Do nothing."""


def signed(**_: Any) -> None:
    """Do nothing."""


signed.__signature__ = inspect.signature(Handlers().without)  # type: ignore[attr-defined]


@functools.wraps(signed)
def wrapped(**_: Any) -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    "handler",
    [
        *(Handlers.with_keywords, Handlers().with_keywords, Handlers().without, Handlers.without),
        *(Handlers(), Handlers, Handlers.static, Handlers.of_class, signed, wrapped),
        *(functools.partial(signed), functools.partial(Handlers().with_keywords, name=1)),
        *(lambda name: None, lambda **name: None, lambda *name: None, print, len, dict, 1, None),
    ],
)
def test_handlers_are_accepted_as_by_botocore(handler: Any) -> None:
    def verdict() -> str:
        try:
            botocore.hooks.HierarchicalEmitter().register("name", handler)
        except Exception as error:
            return repr(error)
        return "accepted"

    by_botocore = verdict()
    with mock_connect():
        assert verdict() == by_botocore


def test_nothing_stays_replaced_after_the_mock() -> None:
    names = [
        (botocore.hooks._PrefixTrie, "__copy__"),
        (botocore.hooks, "accepts_kwargs"),
        (URLLib3Session, "__init__"),
        (botocore.endpoint, "get_environ_proxies"),
        (botocore.useragent, "sanitize_user_agent_string_component"),
    ]
    before = [getattr(owner, name) for owner, name in names]
    with mock_connect():
        during = [getattr(owner, name) for owner, name in names]

    assert [getattr(owner, name) for owner, name in names] == before
    assert not set(before) & set(during)
