"""Access to a server by the Host and Origin headers, and values that are never shown."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from raw_client import RawClient, read, request
from signed_requests import authorization

from connect_batchmock import ConnectMock

TARGETS = ["/instance", "/_mock/", "/_mock/contacts", "/_mock/events/stream"]
TOKEN = "the-token-of-somebody"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:1",
        "LOCALHOST",
        "localhost.:80",
        "tool.localhost:80",
        "192.168.1.5:80",
        "[::1]:80",
    ],
)
def test_loopback_host_names_are_answered(raw_client: RawClient, host: str) -> None:
    assert raw_client.ask("GET", "/instance", host=host).status == 200


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@x", ""]
)
def test_a_name_that_dns_could_give_is_refused(raw_client: RawClient, host: str, target: str) -> None:
    answer = raw_client.ask("GET", target, host=host)
    assert (answer.status, answer.headers["connection"]) == (421, "close")
    assert f"not known as {host!r}, but as localhost and by its IP addresses" in answer.message
    assert "--allow-host" in answer.message


def test_a_name_that_was_given_is_answered() -> None:
    with ConnectMock().serve(allow_hosts=["Host.Docker.Internal"]) as server:
        raw_client = RawClient(server.url)
        assert raw_client.ask("GET", "/instance", host="host.docker.internal:4577").status == 200
        refused = raw_client.ask("GET", "/instance", host="other.docker.internal")
        assert "as host.docker.internal, localhost and" in refused.message


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "https://127.0.0.1"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://127.0.0.1", "sec_fetch_site": "cross-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_page_of_another_site_neither_reads_nor_changes(
    raw_client: RawClient, method: str, headers: dict[str, str], target: str
) -> None:
    answer = raw_client.ask(method, target, content_type="application/json", **headers)
    assert answer.status == 403
    assert "from a page of another site" in answer.message
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://127.0.0.1"}, {"sec_fetch_site": "same-origin"}, {"sec_fetch_site": "none"}],
)
def test_the_page_itself_reads_and_changes(raw_client: RawClient, headers: dict[str, str]) -> None:
    assert raw_client.ask("GET", "/_mock/contacts", **headers).status == 200
    changed = raw_client.ask(
        "POST", "/_mock/reset", content_type="application/json; charset=utf-8", **headers
    )
    assert changed.status == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "x-application/json"]
)
def test_a_form_post_changes_nothing(
    raw_client: RawClient, connect_mock: ConnectMock, content_type: str
) -> None:
    connect_mock.add_instance()
    answer = raw_client.ask("POST", "/_mock/reset", b"{}", content_type=content_type)
    assert answer.status == 415
    assert "Content-Type: application/json" in answer.message
    assert connect_mock.instances


def test_a_browser_is_told_to_load_nothing_from_elsewhere(raw_client: RawClient) -> None:
    for target in ("/_mock/", "/_mock/contacts", "/_mock/nothing"):
        headers = raw_client.ask("GET", target).headers
        assert headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert not [name for name in headers if name.startswith("access-control-")]


def test_the_page_is_found_without_its_slash(raw_client: RawClient) -> None:
    answer = raw_client.ask("GET", "/_mock")
    assert (answer.status, answer.headers["location"]) == (308, "/_mock/")


@pytest.mark.connect_mock(strict=False)
def test_keys_and_tokens_are_nowhere_to_be_seen(
    raw_client: RawClient, connect_mock: ConnectMock, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    signed = authorization("connect", access_key="AKIDOFSOMEBODY").replace("0" * 64, "f00d" * 16)
    credential = "X-Amz-Credential=AKIDOFSOMEBODY/20300101/us-east-1/connect/aws4_request"
    query = f"?{credential}&X-Amz-Security-Token={TOKEN}&X-Amz-Signature={'f00d' * 16}"
    secret = {"authorization": signed, "x_amz_security_token": TOKEN}

    reported = [
        raw_client.ask("GET", "/instance", **secret),
        raw_client.ask("GET", f"/instance{query}"),
        raw_client.ask("GET", f"/nothing{query}"),
        raw_client.ask("GET", f"/nothing{query}", **secret),
        raw_client.ask("GET", f"/prompts-summary/x{query}", **secret),
        raw_client.ask("PUT", f"/instance{query}", b"{", **secret),
        raw_client.ask("GET", f"/instance{query}", host="evil.example", **secret),
        raw_client.ask(
            "GET", f"/instance{query}", **secret | {"authorization": signed.replace("/connect/", "/s3/")}
        ),
        raw_client.ask("GET", "/_mock/", **secret),
        raw_client.ask("GET", f"/_mock/nothing{query}", **secret),
    ]
    reported += [
        raw_client.ask("GET", f"/_mock/{name}") for name in ("calls", "events", "contacts", "changes")
    ]

    assert [answer.status for answer in reported[:3]] == [200, 200, 404]
    seen = "".join(f"{one.headers}{one.body!r}" for one in reported)
    seen += (
        repr(connect_mock.calls)
        + connect_mock.describe_calls()
        + repr([vars(call) for call in connect_mock.calls])
    )
    seen += caplog.text + "".join(capfd.readouterr())
    for secret_text in (TOKEN, "AKIDOFSOMEBODY", "f00d", "AWS4-HMAC"):
        assert secret_text not in seen


def test_a_connection_that_was_refused_is_closed(raw_client: RawClient) -> None:
    with raw_client.connected() as connection:
        connection.sendall(request("POST", "/_mock/reset", b"{}", host="evil.example") * 2)
        assert read(connection).status == 421
        assert connection.recv(1) == b""
