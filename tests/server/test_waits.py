"""Waiting through a served mock: a request is held until something happens, and wakes no other up."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from factories import AnItem, Put
from raw_client import RawClient

from connect_batchmock import ConnectMock


def post(raw_client: RawClient, path: str, **body: Any) -> Any:
    data = json.dumps(body).encode()
    return raw_client.ask("POST", f"/_mock/{path}", data, content_type="application/json")


def test_a_held_request_is_answered_by_a_change(
    raw_client: RawClient, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    with ThreadPoolExecutor() as pool:
        held = pool.submit(post, raw_client, "wait_for_contact", timeout=60, request_identifier="lead-7")
        called = pool.submit(post, raw_client, "wait_for_call", timeout=60, operation="BatchPutContact")
        wait_for_waiters(connect_mock, 2)
        assert not held.done()
        put(an_item(RequestIdentifier="lead-7"))
        assert held.result(20).json["result"]["request_identifier"] == "lead-7"
        assert called.result(20).json["result"]["operation"] == "BatchPutContact"


def test_many_held_requests_leave_threads_for_the_others(
    raw_client: RawClient, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    with ThreadPoolExecutor(70) as pool:
        held = [pool.submit(post, raw_client, "wait_for_contact", timeout=60) for _ in range(70)]
        wait_for_waiters(connect_mock, 70)
        assert raw_client.ask("GET", "/_mock/now").status == 200
        put(an_item())
        assert {wait.result(20).status for wait in held} == {200}


def test_a_server_that_stops_waits_for_no_held_request(
    connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    server = connect_mock.serve()

    def hold() -> bool:
        try:
            post(RawClient(server.url), "wait_for_contact", timeout=3600)
        except ConnectionError:
            return True
        return False

    with ThreadPoolExecutor() as pool:
        held = pool.submit(hold)
        wait_for_waiters(connect_mock, 1)
        server.stop()
        assert held.result(20)
    # The thread that waited ends with the next contact.
    put(an_item())
    wait_for_waiters(connect_mock, 0)


def wait_for_waiters(connect_mock: ConnectMock, count: int) -> None:
    """Wait until this many requests are held."""
    for _ in range(2000):
        if len(connect_mock._engine.waiters._wake) == count:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{len(connect_mock._engine.waiters._wake)} requests are held, not {count}")
