"""The limits of a server hold under load, block no client, and name themselves."""

from __future__ import annotations

import logging
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from http_response import HttpResponse
from raw_client import RawClient, is_closed, read, request

from connect_batchmock import ConnectMock, Instance
from connect_batchmock.server import connections
from connect_batchmock.server.control.streams import MAX_STREAMS

CROWD = 100
A_STREAM = request("GET", "/_mock/changes/stream")


@contextmanager
def open_connections(raw_client: RawClient, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(raw_client.connected()) for _ in range(count)]


def head_of(connection: socket.socket) -> bytes:
    """Return the bytes up to the end of the headers."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(1)
        assert piece, f"the connection was closed after {received!r}"
        received += piece
    return received


def statuses(streams: list[socket.socket]) -> Counter[str]:
    return Counter(head_of(stream).split()[1].decode() for stream in streams)


def test_concurrent_streams_share_the_free_places(raw_client: RawClient) -> None:
    with open_connections(raw_client, CROWD) as streams:
        for stream in streams:
            stream.sendall(A_STREAM)
        assert statuses(streams) == {"200": MAX_STREAMS, "503": CROWD - MAX_STREAMS}


def test_streams_without_readers_are_closed(raw_client: RawClient) -> None:
    for _ in range(3):
        with open_connections(raw_client, CROWD) as streams:
            for stream in streams:
                stream.sendall(A_STREAM)
    for _ in range(MAX_STREAMS + 1):
        # A HEAD request releases its place immediately.
        wait_for_a_place(raw_client, request("HEAD", "/_mock/changes/stream")).close()
    with ExitStack() as stack:
        for _ in range(MAX_STREAMS):
            stack.enter_context(wait_for_a_place(raw_client, A_STREAM))


def wait_for_a_place(raw_client: RawClient, asked: bytes) -> socket.socket:
    """Return a connection with a stream; a reader that has gone is noticed within a look or two."""
    for _ in range(1000):
        stream = socket.create_connection(raw_client.address)
        stream.sendall(asked)
        if head_of(stream).startswith(b"HTTP/1.1 200"):
            return stream
        stream.close()
    raise AssertionError("no place became free")


@pytest.fixture
def three_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 3)


def is_answered(connection: socket.socket) -> bool:
    connection.sendall(request("GET", "/instance"))
    return read(connection).status == 200


@pytest.mark.usefixtures("three_places")
def test_idle_connections_make_room_the_longest_idle_first(raw_client: RawClient) -> None:
    with raw_client.connected() as first, raw_client.connected() as second, raw_client.connected() as third:
        assert all(is_answered(connection) for connection in (first, second, third, first))
        assert is_answered_anew(raw_client)
        assert is_closed(second)
        assert is_answered_anew(raw_client)
        # The connection in between was closed by its client, so the server closes no other.
        assert is_answered(third)
        assert is_answered(first)


def is_answered_anew(raw_client: RawClient) -> bool:
    with raw_client.connected() as connection:
        return is_answered(connection)


@pytest.mark.usefixtures("three_places")
def test_unused_connections_make_room(raw_client: RawClient) -> None:
    with open_connections(raw_client, 10) as silent:
        assert is_answered_anew(raw_client)
        assert [is_closed(connection) for connection in silent[:7]] == [True] * 7


@pytest.mark.usefixtures("three_places")
def test_half_a_request_is_waited_for_before_silence(raw_client: RawClient) -> None:
    with raw_client.connected() as half, raw_client.connected() as silent, raw_client.connected() as other:
        assert is_answered(other)
        whole = request("GET", "/instance")
        half.sendall(whole[:10])
        assert is_answered(other)
        assert is_answered_anew(raw_client)
        assert is_closed(silent)
        half.sendall(whole[10:])
        assert read(half).status == 200


@pytest.mark.usefixtures("three_places")
def test_answered_connections_stay_open_beside_a_503(
    raw_client: RawClient, caplog: pytest.LogCaptureFixture
) -> None:
    with open_connections(raw_client, 3) as streams:
        for stream in streams:
            stream.sendall(A_STREAM)
        assert statuses(streams) == {"200": 3}
        for stream in streams:
            # The next request can come before this response.
            stream.sendall(b"GET /inst")
        with raw_client.connected() as refused:
            refused.sendall(request("GET", "/instance", signed="connect"))
            says_whose_it_is(read(refused))
            assert is_closed(refused)
        assert all(stream.recv(1) for stream in streams)
    assert "503 TooManyConnections for GET /instance" in caplog.text


def says_whose_it_is(answer: HttpResponse) -> None:
    assert answer.status == 503
    assert answer.headers["server"] == "connect-batchmock"
    assert answer.headers["x-amzn-errortype"] == "TooManyConnections"
    assert answer.message.startswith("connect-batchmock answers on 3 connections")


def test_refusals_of_the_server_itself_are_signed(raw_client: RawClient, connect_instance: Instance) -> None:
    assert raw_client.ask("GET", "/nothing").headers["server"] == "connect-batchmock"
    # The response of a service has no such header.
    assert "server" not in raw_client.ask("GET", "/instance").headers


# The server logs what it refuses


@pytest.mark.connect_mock(strict=False)
def test_a_refused_operation_is_logged(raw_client: RawClient, caplog: pytest.LogCaptureFixture) -> None:
    raw_client.ask("GET", "/prompts-summary/x?nextToken=secret", signed="connect")
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("connect_batchmock.server", logging.WARNING)
    said = record.getMessage()
    assert said.startswith("501 UnfakedOperationError for GET /prompts-summary/x: ")
    assert "no fake for ListPrompts" in said
    assert "secret" not in said


@pytest.mark.connect_mock(unfaked="passthrough")
def test_an_operation_that_cannot_pass_through_is_logged(
    raw_client: RawClient, caplog: pytest.LogCaptureFixture
) -> None:
    raw_client.ask("GET", "/prompts-summary/x", signed="connect")
    assert "501 UnfakedOperationError for GET /prompts-summary/x: " in caplog.text
    assert "a server does not forward" in caplog.text


@pytest.mark.connect_mock(strict=False)
def test_a_function_of_the_test_that_fails_is_logged(
    raw_client: RawClient, connect_mock: ConnectMock, caplog: pytest.LogCaptureFixture
) -> None:
    connect_mock.fake("ListPrompts", lambda mock, parameters: 1 / 0)
    raw_client.ask("GET", "/prompts-summary/x", signed="connect")
    assert "500 InternalFailure for GET /prompts-summary/x: The fake for ListPrompts raised" in caplog.text


def test_client_errors_are_not_logged(raw_client: RawClient, caplog: pytest.LogCaptureFixture) -> None:
    raw_client.ask("GET", "/nothing", signed="connect")
    raw_client.ask("GET", "/instance", signed="s3")
    with raw_client.connected() as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        assert read(connection).status == 400
    assert caplog.records == []
