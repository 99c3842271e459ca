"""Late responses of a served mock: they are really late, and hold nothing else up."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from raw_client import RawClient, end_of, read, request

from connect_batchmock import ConnectMock, Instance
from connect_batchmock.server import application
from connect_batchmock.server.server import Server


class Sleeps:
    """Stands in for ``time.sleep`` of the server: it lists the seconds, and sleeps until it is released."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.began, self.released = threading.Event(), threading.Event()

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.began.set()
        assert self.released.wait(20)


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sleeps]:
    sleeps = Sleeps()
    monkeypatch.setattr(application, "sleep", sleeps)
    yield sleeps
    sleeps.released.set()


def test_a_late_response_holds_no_other_connection_up(
    raw_client: RawClient, connect_mock: ConnectMock, connect_instance: Instance, sleeps: Sleeps
) -> None:
    connect_mock.delay("ListInstances", 90)
    with raw_client.connected() as connection:
        connection.sendall(request("GET", "/instance"))
        assert sleeps.began.wait(20)
        assert raw_client.ask("GET", "/instance").status == 200
        assert raw_client.ask("GET", "/_mock/now").status == 200
        sleeps.released.set()
        assert read(connection).json["InstanceSummaryList"][0]["Id"] == connect_instance.id
    assert sleeps.seconds == [90]
    assert [(call.delay, call.error) for call in connect_mock.calls] == [(90, None), (None, None)]


def test_the_clock_of_a_served_mock_is_the_real_one(
    raw_client: RawClient, connect_mock: ConnectMock, frozen_time: Any, sleeps: Sleeps
) -> None:
    connect_mock.delay("ListInstances", 90)
    sleeps.released.set()
    raw_client.ask("GET", "/instance")
    assert connect_mock.now() == frozen_time


def test_many_late_responses_leave_threads_for_the_others(
    raw_client: RawClient, connect_mock: ConnectMock, connect_instance: Instance, sleeps: Sleeps
) -> None:
    connect_mock.delay("ListInstances", 90, times=70)
    connect_mock.on_event(lambda event: None)
    with ExitStack() as open_connections:
        connections = [open_connections.enter_context(raw_client.connected()) for _ in range(70)]
        for connection in connections:
            connection.sendall(request("GET", "/instance"))
        connect_mock.wait_for_call("ListInstances", times=70, timeout=20)
        # A mock with a listener is called in a thread.
        assert raw_client.ask("GET", "/instance").status == 200
        sleeps.released.set()
        assert {read(connection).status for connection in connections} == {200}


def test_a_server_that_stops_waits_for_no_late_response(connect_mock: ConnectMock, sleeps: Sleeps) -> None:
    connect_mock.delay("ListInstances", 3600)
    server = connect_mock.serve()
    with RawClient(server.url).connected() as connection:
        connection.sendall(request("GET", "/instance"))
        assert sleeps.began.wait(20)
        server.stop()
        assert end_of(connection) in ("closed", "reset")


def test_the_http_api_plans_a_delay(raw_client: RawClient, connect_mock: ConnectMock, sleeps: Sleeps) -> None:
    body = b'{"operation": "ListInstances", "seconds": 2.5, "times": 2}'
    planned = raw_client.ask("POST", "/_mock/delay", body, content_type="application/json")
    assert planned.json == {"result": None}
    (fault,) = raw_client.ask("GET", "/_mock/faults").json["faults"]
    assert fault["plan"] == "connect_mock.delay('ListInstances', 2.5, times=2)"
    sleeps.released.set()
    raw_client.ask("GET", "/instance")
    assert raw_client.ask("GET", "/_mock/calls").json["calls"][0]["delay"] == 2.5
    connect_mock.assert_no_pending_faults()


DIALER = """
import boto3
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

client = boto3.client("connect", config=Config(read_timeout=0.2, retries={"total_max_attempts": 2}))
print(len(client.list_instances()["InstanceSummaryList"]))
"""


def test_another_process_runs_into_its_own_timeout(
    connect_server: Server, connect_mock: ConnectMock, connect_instance: Instance
) -> None:
    connect_mock.delay("ListInstances", 1)
    done = subprocess.run(
        [sys.executable, "-c", DIALER],
        env={**os.environ, **connect_server.environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "1\n", done.stderr
    # botocore in that process gave the first attempt up, which had been carried out.
    first, second = connect_mock.calls
    assert (first.delay, first.error, first.attempt) == (1, None, 1)
    assert (second.delay, second.error, second.attempt) == (None, None, 2)
