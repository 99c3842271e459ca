"""HTTP as clients speak it, and as they should not."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from raw_client import RawClient, end_of, is_closed, read, request

from connect_batchmock import ConnectMock, Instance
from connect_batchmock.server import connections

MIB = 1024 * 1024
INSTANCE = (
    b'{"IdentityManagementType": "CONNECT_MANAGED", "InstanceAlias": "sales", '
    b'"InboundCallsEnabled": true, "OutboundCallsEnabled": true'
)
TOO_LONG = "longer than 1,048,576 bytes"


def instance_of(size: int) -> bytes:
    """Return the body of CreateInstance, padded to a length."""
    return INSTANCE.ljust(size - 1) + b"}"


def in_chunks(body: bytes, size: int = 65_536) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


CHUNKED = b"PUT /instance HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_connection_is_kept_alive_and_pipelined(raw_client: RawClient, connect_instance: Instance) -> None:
    with raw_client.connected() as connection:
        for _ in range(2):
            connection.sendall(request("GET", "/instance"))
            assert read(connection).status == 200
        connection.sendall(
            request("GET", "/instance") + request("GET", "/nothing") + request("GET", "/_mock/now")
        )
        received = b""
        while b'"now"' not in received:
            piece = connection.recv(65_536)
            assert piece, "the connection was closed"
            received += piece
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200", b"404", b"200"]


def test_a_client_that_wants_the_connection_closed_gets_that(raw_client: RawClient) -> None:
    with raw_client.connected() as connection:
        connection.sendall(request("GET", "/instance", connection="close"))
        assert read(connection).headers["connection"] == "close"
        assert is_closed(connection)


def test_http_1_0_is_answered(raw_client: RawClient) -> None:
    with raw_client.connected() as connection:
        connection.sendall(b"GET /instance HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert read(connection).status == 200
        assert is_closed(connection)


def test_an_answer_has_a_date_and_a_length(raw_client: RawClient) -> None:
    answer = raw_client.ask("GET", "/instance")
    assert answer.headers["date"].endswith(" GMT")
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_head_and_options_are_not_operations(raw_client: RawClient) -> None:
    head, options = raw_client.ask("HEAD", "/instance"), raw_client.ask("OPTIONS", "/instance")
    assert (head.status, head.body, options.status) == (404, b"", 404)
    assert "OPTIONS /instance" in options.message
    assert int(head.headers["content-length"]) > 0


def test_head_has_the_headers_of_the_page(raw_client: RawClient) -> None:
    head, get = raw_client.ask("HEAD", "/_mock/"), raw_client.ask("GET", "/_mock/")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize("size", [1_000, MIB])
def test_a_body_may_come_in_chunks(raw_client: RawClient, connect_mock: ConnectMock, size: int) -> None:
    with raw_client.connected() as connection:
        connection.sendall(CHUNKED + in_chunks(instance_of(size)))
        assert read(connection).status == 200
    assert len(connect_mock.instances) == 1


@pytest.mark.parametrize("size", [MIB + 1, 3 * MIB])
@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_body_that_is_too_long_is_refused(
    raw_client: RawClient, connect_mock: ConnectMock, size: int, is_chunked: bool
) -> None:
    body = instance_of(size)
    with raw_client.connected() as connection:
        connection.sendall(CHUNKED + in_chunks(body) if is_chunked else request("PUT", "/instance", body))
        answer = read(connection)
        assert (answer.status, answer.headers["connection"]) == (413, "close")
        assert TOO_LONG in answer.message
        assert is_closed(connection)
    assert connect_mock.instances == []


def test_a_body_without_an_end_is_not_waited_for(raw_client: RawClient) -> None:
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with raw_client.connected() as connection:
        connection.sendall(CHUNKED)
        for _ in range(200):
            with suppress(ConnectionError):
                connection.sendall(chunk)
        assert end_of(connection) in ("closed", "reset")


def test_expect_100_continue_is_answered(raw_client: RawClient, connect_mock: ConnectMock) -> None:
    body = instance_of(200)
    head = request("PUT", "/instance", expect="100-continue", content_length=str(len(body)))
    with raw_client.connected() as connection:
        connection.sendall(head)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert read(connection).status == 200
    assert len(connect_mock.instances) == 1


def test_expect_100_continue_is_refused_for_a_large_body(raw_client: RawClient) -> None:
    head = request("PUT", "/instance", expect="100-continue", content_length=str(2 * MIB))
    with raw_client.connected() as connection:
        connection.sendall(head)
        answer = read(connection)
        assert answer.status == 413
        assert TOO_LONG in answer.message


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /instance HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"GET /instance HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: x\r\n" * 40_000 + b"\r\n",
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /instance HTTP/1.1\r\n\r\n",
        b"GET /instance HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET instance HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        CHUNKED + b"zz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=[
        "a long header",
        "many headers",
        "a long path",
        "no host",
        "two hosts",
        "no path",
        "for a proxy",
        "a star",
        "no chunk",
        "TLS",
    ],
)
def test_a_malformed_request_is_refused(raw_client: RawClient, sent: bytes) -> None:
    with raw_client.connected() as connection:
        connection.sendall(sent)
        try:
            assert read(connection).status == 400
        except ConnectionResetError:
            # The response can be lost while the request is still being sent.
            assert len(sent) > 100_000
    assert raw_client.ask("GET", "/instance").status == 200


def test_an_upgrade_header_is_ignored(raw_client: RawClient) -> None:
    answer = raw_client.ask("GET", "/instance", connection="Upgrade", upgrade="websocket")
    assert answer.status == 200


def test_a_client_that_has_gone_is_not_missed(raw_client: RawClient, connect_mock: ConnectMock) -> None:
    whole = request("PUT", "/instance", instance_of(300))
    for sent in (b"", whole[:30], whole[:-20]):
        with raw_client.connected() as connection:
            connection.sendall(sent)
    assert raw_client.ask("GET", "/instance").status == 200
    assert connect_mock.instances == []


@pytest.mark.parametrize(
    "sent", [b"", b"GET /inst", CHUNKED + b"1\r\n{\r\n", request("GET", "/instance") + b"GET /"]
)
def test_an_incomplete_request_times_out(
    connect_mock: ConnectMock, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_REQUEST_TIMEOUT", 0.05)
    monkeypatch.setattr(connections, "_KEEP_ALIVE", 0.05)
    with connect_mock.serve() as server, RawClient(server.url).connected() as connection:
        connection.sendall(sent)
        # Other requests do not wait.
        assert RawClient(server.url).ask("GET", "/instance").status == 200
        assert end_of(connection) == "closed"


def test_a_client_is_waited_for_anew_with_each_request(
    raw_client: RawClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw_client.connected() as connection:
        connection.sendall(request("GET", "/instance"))
        assert read(connection).status == 200
        monkeypatch.setattr(connections, "_REQUEST_TIMEOUT", 0.05)
        connection.sendall(b"GET /inst")
        assert is_closed(connection)


def test_a_stopping_server_closes_new_connections(
    connect_mock: ConnectMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect_mock.serve() as server:
        monkeypatch.setattr(server._connections, "is_ending", True)
        with RawClient(server.url).connected() as connection:
            assert is_closed(connection)
