"""A served mock: its responses, its start and its stop."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import boto3
import freezegun
import pytest
import requests
from botocore.config import Config
from raw_client import RawClient, end_of, is_closed, read, request

from connect_batchmock import ConnectMock, Instance, active_mock, mock_connect
from connect_batchmock.server.server import Server

BOUND = 10.0
"""The seconds that a stop may take on a busy machine."""


def client_of(server: Server, service: str = "connect") -> Any:
    """Return a client as another process would have it: it knows the environment, and of no mock."""
    environment = server.environment
    return boto3.Session().client(
        service,
        region_name=environment["AWS_REGION"],
        endpoint_url=environment[f"AWS_ENDPOINT_URL_{service.upper()}"],
        aws_access_key_id="of-another-process",
        aws_secret_access_key="of-another-process",
        config=Config(retries={"total_max_attempts": 2, "mode": "standard"}),
    )


def aliases(client: Any) -> list[str]:
    return [instance["InstanceAlias"] for instance in client.list_instances()["InstanceSummaryList"]]


# Responses


@pytest.mark.parametrize("service", ["connect", "connectcampaigns", "connectcampaignsv2"])
def test_each_service_is_answered_at_its_variable(service: str) -> None:
    mock = ConnectMock()
    instance = mock.add_instance("sales")
    instance.add_campaign("Spring", queue=instance.add_queue())

    with mock.serve() as server:
        client = client_of(server, service)
        if service == "connect":
            assert aliases(client) == ["sales"]
        else:
            assert [campaign["name"] for campaign in client.list_campaigns()["campaignSummaryList"]] == [
                "Spring"
            ]

    assert [call.service for call in mock.calls] == [service]


def test_a_subprocess_needs_the_environment_and_nothing_else(
    connect_server: Server, connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    code = "import boto3; print(boto3.client('connect').list_instances()['InstanceSummaryList'][0]['Id'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **connect_server.environment},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stdout.strip() == connect_instance.id, done.stderr
    connect_mock.assert_called("ListInstances", times=1)


def test_a_client_of_this_process_bypasses_the_server(
    connect_mock: ConnectMock, connect_server: Server, connect_instance: Instance
) -> None:
    with mock_connect() as inner:
        client = boto3.client("connect", region_name="us-east-1", endpoint_url=connect_server.url)
        assert client.list_instances()["InstanceSummaryList"] == []
        inner.assert_called("ListInstances", times=1)

    assert list(connect_mock.calls) == []


def test_other_libraries_of_this_process_reach_the_server(
    connect_server: Server, connect_instance: Instance
) -> None:
    there = f"{connect_server.url}/instance"
    with urllib.request.urlopen(there, timeout=BOUND) as answer:
        assert connect_instance.id in answer.read().decode()
    assert connect_instance.id in requests.get(there, timeout=BOUND).text


GUARDED = """
import boto3, pytest
from connect_batchmock import UnmockedCallError, ConnectMock

def client(url):
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return boto3.client("connect", region_name="us-east-1", endpoint_url=url, **keys)

def test_it():
    with ConnectMock().serve() as server:
        assert client(server.url).list_instances()["InstanceSummaryList"] == []
    with pytest.raises(UnmockedCallError):
        client(server.url).list_instances()
"""


def test_the_guard_passes_calls_to_a_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(GUARDED)
    result = pytester.runpytest_inprocess(
        "-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider", "--connect-guard"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["connect_batchmock refused 1 API call *", "    1. connect.ListInstances at *"]
    )


def test_an_unsigned_call_is_answered_if_one_service_matches(
    raw_client: RawClient, connect_instance: Instance
) -> None:
    assert raw_client.ask("GET", "/instance").json["InstanceSummaryList"][0]["Id"] == connect_instance.id


def test_an_unsigned_call_to_an_ambiguous_path_is_refused(raw_client: RawClient) -> None:
    answer = raw_client.ask("GET", "/tags/arn%3Aaws%3Aconnect")
    assert answer.status == 403
    assert answer.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
    assert "connect, connectcampaigns" in answer.message
    assert "Sign it" in answer.message


@pytest.mark.parametrize(
    ("service", "status", "code", "sentence"),
    [
        (None, 404, "UnknownOperationException", "No operation of this service answers GET /nothing."),
        ("connect", 404, "UnknownOperationException", "No operation of this service answers GET /nothing."),
        ("s3", 400, "UnknownService", "signed for 's3'; this server answers"),
    ],
)
def test_an_unserved_request_is_refused(
    raw_client: RawClient, service: str | None, status: int, code: str, sentence: str
) -> None:
    answer = raw_client.ask("GET", "/nothing?a=b", signed=service)
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (status, code)
    assert sentence in answer.message


@pytest.mark.connect_mock(strict=False)
def test_an_unfaked_operation_is_answered_and_recorded(
    raw_client: RawClient, connect_mock: ConnectMock
) -> None:
    answer = raw_client.ask("GET", "/prompts-summary/x", signed="connect")

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (501, "UnfakedOperationError")
    assert "has no fake for ListPrompts" in answer.message
    assert "add a fake there, with connect_mock.fake('ListPrompts', ...) in Python" in answer.message
    assert "passthrough" not in answer.message
    assert connect_mock.unfaked_operations == ["connect.ListPrompts"]


STRICT = """
import urllib.error, urllib.request

def test_it(connect_server):
    try:
        urllib.request.urlopen(connect_server.url + "/prompts-summary/x")
    except urllib.error.HTTPError as error:
        error.close()
"""


def test_strict_fails_a_test_for_what_the_server_answered(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(STRICT)
    result = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*connect.ListPrompts was called, which connect_batchmock has no fake for*"])


@pytest.mark.connect_mock(unfaked="passthrough")
def test_a_server_cannot_pass_an_operation_through(raw_client: RawClient) -> None:
    answer = raw_client.ask("GET", "/prompts-summary/x?nextToken=secret", signed="connect")
    assert answer.status == 501
    assert "GET /prompts-summary/x passes through" in answer.message
    assert "connect_mock.fake()" in answer.message


@pytest.mark.connect_mock(strict=False)
def test_a_broken_plan_is_reported(raw_client: RawClient, connect_mock: ConnectMock) -> None:
    @connect_mock.fake("ListPrompts")
    def list_prompts(mock: ConnectMock, parameters: Any) -> Any:
        raise LookupError("nobody")

    answer = raw_client.ask("GET", "/prompts-summary/x", signed="connect")
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (500, "InternalFailure")
    assert answer.message == "The fake for ListPrompts raised LookupError: nobody"


def test_faults_are_real_statuses(raw_client: RawClient, connect_mock: ConnectMock) -> None:
    connect_mock.fail("ListInstances", "ThrottlingException", message="Slower.")
    connect_mock.fail("ListInstances", 503)
    connect_mock.limit_rate("ListInstances", per_second=1, burst=1)

    first, second, third, fourth = (raw_client.ask("GET", "/instance", signed="connect") for _ in range(4))

    assert (first.status, first.headers["x-amzn-errortype"]) == (429, "ThrottlingException")
    assert (second.status, second.headers["content-type"]) == (503, "text/html")
    assert third.status == 200
    assert fourth.status == 429
    throttled = fourth.headers["x-amzn-errortype"]
    assert [call.error for call in connect_mock.calls] == ["ThrottlingException", "503", None, throttled]


@pytest.mark.parametrize(
    ("fault", "felt"),
    [("refuse_connection", "reset"), ("lose_response", "closed"), ("reset_connection", "reset")],
)
def test_a_network_fault_is_applied_to_the_connection(fault: str, felt: str) -> None:
    mock = ConnectMock()
    mock.add_instance("sales")
    getattr(mock, fault)("ListInstances")

    with mock.serve() as server:
        raw_client = RawClient(server.url)
        with raw_client.connected() as connection:
            connection.sendall(request("GET", "/instance", signed="connect"))
            assert end_of(connection) == felt
        # botocore sees the same and retries.
        getattr(mock, fault)("ListInstances")
        assert aliases(client_of(server)) == ["sales"]

    assert [call.attempt for call in mock.calls] == [1, 1, 2]


def test_network_faults_apply_beside_a_waiting_function(
    raw_client: RawClient, connect_mock: ConnectMock
) -> None:
    connect_mock.on_event(lambda event: None)
    connect_mock.lose_response("ListInstances")
    with raw_client.connected() as connection:
        connection.sendall(request("GET", "/instance"))
        assert end_of(connection) == "closed"
    connect_mock.assert_called("ListInstances", times=1)


def test_time_is_the_mocks(
    raw_client: RawClient, connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    then = connect_mock.now().timestamp()
    connect_mock.advance(3600)
    connect_mock.add_instance("later")

    created = [
        instance["CreatedTime"] for instance in raw_client.ask("GET", "/instance").json["InstanceSummaryList"]
    ]

    # Times in responses are cut to milliseconds.
    assert created[1] - created[0] > 3600 - 0.001
    assert created[1] > then + 3600 - 0.001


def test_a_server_answers_and_stops_while_time_stands_still() -> None:
    mock = ConnectMock()
    mock.add_instance("sales")
    with freezegun.freeze_time("2030-01-01"), mock.serve() as server:
        assert RawClient(server.url).ask("GET", "/instance").json["InstanceSummaryList"][0]["CreatedTime"]
    assert has_stopped(server)


# Functions of a test


def test_a_slow_function_does_not_block_other_requests(
    raw_client: RawClient, connect_mock: ConnectMock, put: Callable[..., Any], an_item: Callable[..., Any]
) -> None:
    may_go_on = threading.Event()
    answered: list[int] = []

    @connect_mock.on_event
    def call_the_server(event: Any) -> None:
        # The listener takes as long as the response to another call.
        answered.append(raw_client.ask("GET", "/instance").status)
        may_go_on.wait(BOUND)

    caller = threading.Thread(target=put, args=(an_item(),))
    caller.start()
    try:
        assert raw_client.ask("GET", "/instance", signed="connect").status == 200
    finally:
        may_go_on.set()
        caller.join()
    assert set(answered) == {200}


def test_a_call_waits_for_a_function_that_decides_on_items(
    raw_client: RawClient, connect_mock: ConnectMock, put: Callable[..., Any], an_item: Callable[..., Any]
) -> None:
    has_begun = threading.Event()

    def is_meant(item: Any) -> bool:
        has_begun.set()
        # Shorter than the time after which the mock takes the function for one that never returns.
        time.sleep(0.2)
        return True

    connect_mock.reject_contacts("INTERNAL_ERROR", when=is_meant)
    caller = threading.Thread(target=put, args=(an_item(),))
    caller.start()
    has_begun.wait(BOUND)

    assert raw_client.ask("GET", "/instance").status == 200
    caller.join()
    assert [call.operation for call in connect_mock.calls] == ["BatchPutContact", "ListInstances"]


def test_waiting_calls_do_not_block_the_page(raw_client: RawClient, connect_mock: ConnectMock) -> None:
    has_begun, may_go_on = threading.Semaphore(0), threading.Event()

    @connect_mock.fake("ListPrompts")
    def list_prompts(mock: ConnectMock, parameters: Any) -> Any:
        has_begun.release()
        may_go_on.wait(BOUND)
        return {"PromptSummaryList": []}

    with raw_client.connected() as one, raw_client.connected() as other:
        try:
            one.sendall(request("GET", "/prompts-summary/x", signed="connect"))
            assert has_begun.acquire(timeout=BOUND)
            other.sendall(request("GET", "/instance", signed="connect"))
            assert raw_client.ask("GET", "/_mock/").status == 200
        finally:
            may_go_on.set()
        assert read(one).json == {"PromptSummaryList": []}
        assert read(other).status == 200


def test_a_stop_does_not_wait_for_a_function_that_never_returns() -> None:
    mock = ConnectMock()
    has_begun, may_go_on = threading.Event(), threading.Event()

    @mock.fake("ListPrompts")
    def list_prompts(_: ConnectMock, parameters: Any) -> Any:
        has_begun.set()
        may_go_on.wait()
        return {"PromptSummaryList": []}

    try:
        with mock.serve() as server, RawClient(server.url).connected() as connection:
            connection.sendall(request("GET", "/prompts-summary/x", signed="connect"))
            assert has_begun.wait(BOUND)
            since = time.monotonic()
            server.stop()
            assert time.monotonic() - since < BOUND
            assert is_closed(connection)
    finally:
        may_go_on.set()


# Starting and stopping


def has_stopped(server: Server) -> bool:
    """Whether the port is closed and the thread has ended."""
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.socket() as probe:
        is_refused = probe.connect_ex((host, int(port))) != 0
    return is_refused and server.url not in {getattr(thread, "url", None) for thread in threading.enumerate()}


def test_a_server_stops_with_its_context_and_again_is_the_same() -> None:
    with ConnectMock().serve() as server:
        assert not has_stopped(server)
    server.stop()
    assert has_stopped(server)


def test_a_server_stops_with_its_mock() -> None:
    with mock_connect():
        first, second = active_mock().serve(), active_mock().serve()
        assert first.url != second.url
    assert has_stopped(first)
    assert has_stopped(second)


def test_a_mock_is_served_on_after_a_reset(raw_client: RawClient, connect_mock: ConnectMock) -> None:
    connect_mock.add_instance("before")
    connect_mock.reset()
    connect_mock.add_instance("after")
    (instance,) = raw_client.ask("GET", "/instance").json["InstanceSummaryList"]
    assert instance["InstanceAlias"] == "after"


HALF_A_HEAD = b"GET /instance HTTP/1.1\r\nHost: 127"
HALF_A_BODY = b"PUT /instance HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
A_STREAM = b"GET /_mock/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD, HALF_A_BODY, A_STREAM, request("GET", "/instance")])
def test_a_client_that_does_not_go_keeps_no_server_from_stopping(sent: bytes) -> None:
    with ConnectMock().serve() as server, RawClient(server.url).connected() as connection:
        connection.sendall(sent)
        # It is there before the other client comes.
        assert RawClient(server.url).ask("GET", "/instance").status == 200
        since = time.monotonic()
        server.stop()
        assert time.monotonic() - since < BOUND
        while connection.recv(65_536):
            pass
    assert has_stopped(server)


def test_the_server_stops_despite_a_client_that_does_not_read() -> None:
    with ConnectMock().serve() as server, RawClient(server.url).connected() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(0.2)
        asked = request("GET", "/_mock/page.js") * 200
        with suppress(TimeoutError):
            connection.sendall(asked)
        since = time.monotonic()
        server.stop()
        assert time.monotonic() - since < BOUND
    assert has_stopped(server)


FORKED = """
import os, sys
from connect_batchmock import ConnectMock

server = ConnectMock().serve()
child = os.fork()
if child == 0:
    server.stop()
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
import urllib.request
print(urllib.request.urlopen(server.url + "/instance").status)
if sys.argv[1] == "stop":
    server.stop()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("end", ["stop", "leave to the end of the process"])
def test_a_forked_process_leaves_the_server_to_its_parent(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORKED, end], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "200\n", "")


# Requests


@pytest.mark.parametrize("port", [-1, 65536, "80", True])
def test_an_invalid_port_is_refused(port: Any) -> None:
    with pytest.raises(ValueError, match=rf"a port from 1 to 65535, or .*, not on {port!r}\."):
        ConnectMock().serve(port=port)


def test_a_port_that_is_taken_is_refused() -> None:
    with ConnectMock().serve() as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(
            OSError, match=rf"The server cannot listen on port {port} of '127.0.0.1': address"
        ):
            ConnectMock().serve(port=port)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "example.com"])
def test_an_address_that_others_reach_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="allow_remote=True"):
        ConnectMock().serve(host)


def test_a_wildcard_address_is_replaced_by_a_local_one() -> None:
    with ConnectMock().serve("0.0.0.0", allow_remote=True) as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert RawClient(server.url).ask("GET", "/instance").status == 200


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("host", ["::1", "::"])
def test_ipv6_has_brackets(host: str) -> None:
    with ConnectMock().serve(host, allow_remote=True) as server:
        assert server.url.startswith("http://[::1]:")
        assert RawClient(server.url).ask("GET", "/instance", host="[::1]:80").status == 200


def test_a_name_of_this_machine_is_listened_at() -> None:
    with ConnectMock().serve("localhost") as server:
        assert server.url.startswith("http://localhost:")
        assert RawClient(server.url).ask("GET", "/instance").status == 200


def test_the_environment_leads_around_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with ConnectMock().serve() as server:
        assert "NO_PROXY" not in server.environment
        monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
        assert server.environment["no_proxy"] == "127.0.0.1"
        monkeypatch.setenv("no_proxy", "example.com")
        assert server.environment["NO_PROXY"] == "example.com,127.0.0.1"


def test_the_environment_opens_nothing(connect_server: Server, connect_mock: ConnectMock) -> None:
    environment = connect_server.environment
    keys = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
    assert {environment[key] for key in keys} == {"connect-batchmock"}
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == connect_mock.settings.region
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("connect_batchmock.server.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn.config", None)
    with pytest.raises(ImportError, match=r"pip install 'connect-batchmock\[server\]'"):
        ConnectMock().serve()
