"""No library connects to a host of a mocked service, except for calls that the mock passes through."""

from __future__ import annotations

import _socket
import asyncio
import http.client
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from socket import create_connection, getaddrinfo
from threading import Thread
from typing import Any

import boto3
import httpx
import pytest
import requests
import responses
import urllib3
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from requests_aws4auth import AWS4Auth

from connect_batchmock import ConnectMock, UnmockedCallError, mock_connect
from connect_batchmock.protocol.model import SERVICES, service_model
from connect_batchmock.protocol.routing import service_of_host

HOST = "connect.us-east-1.amazonaws.com"
URL = f"https://{HOST}/instance"
ELSEWHERE = "elsewhere.example"


class Network:
    """A stand-in for the network: it resolves no name and records the lookups."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def getaddrinfo(self, host: Any, *args: Any, **kwargs: Any) -> Any:
        self.asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "this network knows no name")

    def connect(self, sock: socket.socket, address: Any) -> Any:
        self.asked.append(address)
        raise ConnectionRefusedError(address)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """Replace the stand-in under every library."""
    network = Network()
    monkeypatch.setattr(_socket, "getaddrinfo", network.getaddrinfo)
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, lambda *args: network.connect(*args))
    return network


@pytest.fixture
def connect_mock(no_network: Network, connect_mock: ConnectMock) -> ConnectMock:
    """The mock of the test, above the network."""
    return connect_mock


async def get_by_httpx(url: str) -> None:
    async with httpx.AsyncClient() as client:
        await client.get(url)


async def get_by_aiohttp(url: str) -> None:
    aiohttp = pytest.importorskip("aiohttp", reason="aiohttp comes with aiobotocore, where that is there")
    async with aiohttp.ClientSession() as session, session.get(url):
        pass


async def get_by_streams(url: str) -> None:
    await asyncio.open_connection(urllib3.util.parse_url(url).host, 443)


def get_by_http_client(url: str) -> None:
    http.client.HTTPSConnection(str(urllib3.util.parse_url(url).host)).request("GET", "/instance")


def get_by_socket(url: str) -> None:
    with socket.socket() as sock:
        sock.connect((urllib3.util.parse_url(url).host, 443))


def get_by_socket_of_bytes(url: str) -> None:
    with socket.socket() as sock:
        sock.connect_ex((str(urllib3.util.parse_url(url).host).encode(), 443))


LIBRARIES: dict[str, Callable[[str], Any]] = {
    "urllib3": lambda url: urllib3.PoolManager().request("GET", url),
    "httpx": httpx.get,
    "httpx with asyncio": lambda url: asyncio.run(get_by_httpx(url)),
    "aiohttp": lambda url: asyncio.run(get_by_aiohttp(url)),
    "urllib.request": urllib.request.urlopen,
    "http.client": get_by_http_client,
    "streams of asyncio": lambda url: asyncio.run(get_by_streams(url)),
    "socket.create_connection": lambda url: create_connection((urllib3.util.parse_url(url).host, 443)),
    "socket.getaddrinfo": lambda url: getaddrinfo(urllib3.util.parse_url(url).host, 443),
    "socket.connect": get_by_socket,
    "socket.connect_ex with bytes": get_by_socket_of_bytes,
}


@pytest.fixture(params=LIBRARIES)
def get(request: pytest.FixtureRequest) -> Callable[[str], Any]:
    """Get a URL with one of the libraries that the mock does not intercept."""
    return LIBRARIES[request.param]


# While a mock is active


@pytest.mark.connect_mock(strict=False)
def test_a_connection_is_refused_before_its_name_is_resolved(
    get: Callable[[str], Any], connect_mock: ConnectMock, no_network: Network
) -> None:
    with pytest.raises(UnmockedCallError) as caught:
        get(URL)
    assert f"The mock stopped a connection to {HOST} before the network" in str(caught.value)
    assert "connect_mock.serve()" in str(caught.value)
    assert no_network.asked == []
    assert len(connect_mock.calls) == 0


def test_the_line_that_opened_a_connection_is_named() -> None:
    with mock_connect(strict=False), pytest.raises(UnmockedCallError, match=rf"opened at {__file__}:\d+\.$"):
        urllib3.PoolManager().request("GET", URL)


def test_other_hosts_are_resolved_and_connected_to(
    get: Callable[[str], Any], connect_mock: ConnectMock, no_network: Network
) -> None:
    with suppress(OSError, httpx.ConnectError, urllib3.exceptions.HTTPError):
        get(f"https://{ELSEWHERE}/instance")
    assert no_network.asked
    assert connect_mock.describe_calls().startswith("The mock has answered no API call")
    assert ELSEWHERE not in connect_mock.describe_calls()


def test_a_swallowed_refusal_is_left_over(connect_mock: ConnectMock) -> None:
    with suppress(UnmockedCallError):
        urllib3.PoolManager().request("GET", URL)
    with pytest.raises(
        AssertionError, match=f"The mock stopped a connection to {HOST}, opened at {__file__}"
    ):
        connect_mock.assert_no_unfaked_calls()
    assert f"Stopped before the network: a connection to {HOST}" in connect_mock.describe_calls()
    connect_mock.reset()
    assert HOST not in connect_mock.describe_calls()


@pytest.mark.connect_mock(strict=False)
def test_the_innermost_mock_notes_a_refusal(connect_mock: ConnectMock) -> None:
    with mock_connect(strict=False) as inner, suppress(UnmockedCallError):
        urllib3.PoolManager().request("GET", URL)
    assert HOST in inner.describe_calls()
    assert HOST not in connect_mock.describe_calls()


def test_a_thread_is_refused_as_well(no_network: Network) -> None:
    caught: list[Exception] = []

    def work() -> None:
        try:
            urllib3.PoolManager().request("GET", URL)
        except UnmockedCallError as error:
            caught.append(error)

    with mock_connect(strict=False):
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert len(caught) == 1
    assert no_network.asked == []


def test_a_unix_socket_is_not_checked(connect_mock: ConnectMock) -> None:
    with socket.socket(socket.AF_UNIX) as sock, pytest.raises(ConnectionRefusedError):
        sock.connect("/tmp/connect.us-east-1.amazonaws.com")


# Hosts of mocked services


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "host",
    [
        "{prefix}.us-east-1.amazonaws.com",
        "{prefix}-fips.us-east-1.amazonaws.com",
        "{prefix}.eu-west-2.api.aws",
        "{prefix}-fips.us-west-2.api.aws",
        "{prefix}.us-gov-west-1.amazonaws.com",
        "{prefix}.cn-north-1.amazonaws.com.cn",
        "vpce-0a1b-2c3d.{prefix}.us-east-1.vpce.amazonaws.com",
        "vpce-0a1b-2c3d-us-east-1a.{prefix}.us-east-1.vpce.amazonaws.com",
        "{prefix}.US-EAST-1.AmazonAWS.com.",
    ],
)
def test_every_address_of_a_mocked_service_is_known(service: str, host: str) -> None:
    prefix = service_model(service).endpoint_prefix
    match = service_of_host(host.format(prefix=prefix))
    assert match is not None
    assert service_model(match).endpoint_prefix == prefix


@pytest.mark.parametrize("service", SERVICES)
def test_the_quick_look_at_a_name_finds_every_service(service: str) -> None:
    assert "connect" in service_model(service).endpoint_prefix


@pytest.mark.parametrize(
    "host",
    [
        "participant.connect.us-east-1.amazonaws.com",
        "contact-lens.us-east-1.amazonaws.com",
        "connect.example.com",
        "connect.us-east-1.amazonaws.com.example.com",
        "my-connect.us-east-1.amazonaws.com",
        "sales.my.connect.aws",
        "connect.localhost",
        "connect",
        "",
    ],
)
def test_other_hosts_are_no_mocked_service(host: str) -> None:
    assert service_of_host(host) is None


# Calls that are passed through


def resolved_by(client_call: Callable[[], Any], network: Network) -> list[str]:
    with pytest.raises((EndpointConnectionError, requests.ConnectionError)):
        client_call()
    return network.asked


def client(**options: Any) -> Any:
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client("connect", "us-east-1", config=config, **options)


def test_a_passed_through_call_connects(connect_mock: ConnectMock, no_network: Network) -> None:
    connect_mock.passthrough("ListPrompts")
    assert resolved_by(lambda: client().list_prompts(InstanceId="i"), no_network) == [HOST]
    with pytest.raises(UnmockedCallError):
        urllib3.PoolManager().request("GET", URL)
    assert no_network.asked == [HOST]
    connect_mock.reset()


@pytest.mark.connect_mock(unfaked="passthrough")
def test_a_passed_through_signed_request_connects(connect_mock: ConnectMock, no_network: Network) -> None:
    auth = AWS4Auth("AKIA", "secret", "us-east-1", "connect")
    users = f"https://{HOST}/prompts-summary/i"
    assert resolved_by(lambda: requests.get(users, auth=auth), no_network) == [HOST]


@pytest.mark.connect_mock(strict=False)
def test_a_request_that_responses_passes_on_does_not_connect(
    connect_mock: ConnectMock, no_network: Network
) -> None:
    with responses.RequestsMock() as theirs:
        theirs.add(responses.PassthroughResponse("GET", URL))
        theirs.assert_all_requests_are_fired = False
        with pytest.raises(UnmockedCallError):
            requests.get(URL)
    assert no_network.asked == []


def test_loopback_and_a_served_mock_are_reached(
    connect_mock: ConnectMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    with connect_mock.serve() as server:
        assert urllib3.PoolManager().request("GET", f"{server.url}/instance").status == 200
        url = server.url.replace("127.0.0.1", "localhost")
        assert urllib3.PoolManager().request("GET", f"{url}/instance").status == 200
        assert httpx.get(f"{server.url}/instance").status_code == 200


# Nothing is left behind


def test_sockets_are_restored() -> None:
    def now() -> list[Any]:
        mine = vars(socket.socket)
        return [
            _socket.getaddrinfo,
            socket.getaddrinfo,
            *(mine.get(name) for name in ("connect", "connect_ex")),
            asyncio.BaseEventLoop.getaddrinfo,
        ]

    before = now()
    with mock_connect():
        assert now() != before
        with mock_connect():
            pass
    assert now() == before


PRISTINE = """
import _socket, socket, sys

from connect_batchmock.interception.libraries import refuse

def refuse_all(anything):
    raise ZeroDivisionError(anything)

resolve = _socket.getaddrinfo
with refuse(refuse_all, refuse_all):
    assert "connect" in vars(socket.socket)
    for host in ("127.0.0.1", "localhost", b"localhost", None):
        socket.getaddrinfo(host, 80)
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()):
            pass
    assert "asyncio" not in sys.modules and "botocore" not in sys.modules
    import asyncio
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(loop.getaddrinfo("connect.us-east-1.amazonaws.com", 443))
    except ZeroDivisionError as refused:
        print(refused)
    loop.close()
assert not {"connect", "connect_ex"} & set(vars(socket.socket))
assert _socket.getaddrinfo is resolve
"""


def test_other_hosts_load_nothing_and_classes_are_restored(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRISTINE], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.stdout == f"{HOST}\n", done.stderr


# Plugins that replace the same functions


@pytest.fixture
def a_plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Patch and restore as pytest-socket does, regardless of later patches."""

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("no sockets here")

    getaddrinfo, connect = socket.getaddrinfo, socket.socket.connect
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield
    if socket.getaddrinfo is refuse:
        socket.getaddrinfo = getaddrinfo
    socket.socket.connect = connect  # type: ignore[method-assign]  # as the plugin does


def test_a_plugin_that_forbids_sockets_keeps_its_own(
    a_plugin: None, no_network: Network, connect_mock: ConnectMock
) -> None:
    with pytest.raises(RuntimeError, match="no sockets here"):
        urllib3.PoolManager().request("GET", f"https://{ELSEWHERE}")
    with pytest.raises(RuntimeError, match="no sockets here"):
        urllib3.PoolManager().request("GET", URL)
    assert no_network.asked == []


def test_a_plugin_that_unpatches_last_keeps_no_reference(
    no_network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_connect():
        left_behind = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", left_behind)
    with socket.socket() as sock, pytest.raises(ConnectionRefusedError):
        sock.connect((HOST, 443))
    assert no_network.asked == [(HOST, 443)]


def test_a_plugin_that_leaves_first_leaves_no_way_out(no_network: Network) -> None:
    connect, resolve = socket.socket.connect, _socket.getaddrinfo
    with mock_connect(strict=False):
        socket.socket.connect = connect  # type: ignore[method-assign]  # as pytest-socket leaves it
        with pytest.raises(UnmockedCallError):
            urllib3.PoolManager().request("GET", URL)
    assert socket.socket.connect is connect
    assert _socket.getaddrinfo is resolve
    assert no_network.asked == []
