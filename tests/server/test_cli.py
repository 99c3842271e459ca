"""The command: its output, its refusals and its exit status."""

from __future__ import annotations

import http.client
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from checkout import EXAMPLE, ROOT
from raw_client import RawClient

from connect_batchmock import ConnectMock, cli
from connect_batchmock.cli import main
from connect_batchmock.settings import Settings

PATIENCE = 60


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run the command, and yield the variables that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "connect_batchmock", "serve", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        exported = {}
        for line in process.stdout:
            if line.startswith("#"):
                break
            name, _, value = line.removeprefix("export ").strip().partition("=")
            exported[name] = value
        yield process, exported | {"page": line.rpartition(" ")[2].strip()}
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal(number: signal.Signals) -> None:
    with running("--port", "0", "--example") as (process, exported):
        url = exported["AWS_ENDPOINT_URL_CONNECT"]
        assert (
            exported["AWS_ENDPOINT_URL_CONNECTCAMPAIGNS"]
            == exported["AWS_ENDPOINT_URL_CONNECTCAMPAIGNSV2"]
            == url
        )
        assert exported["page"] == f"{url}/_mock/"
        raw_client = RawClient(url)
        assert raw_client.ask("GET", "/instance").json["InstanceSummaryList"][0]["InstanceAlias"] == "sales"
        assert raw_client.ask("GET", "/_mock/").status == 200

        # A client that stays does not keep it from ending.
        with raw_client.connected() as connection:
            connection.sendall(b"GET /_mock/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(10)
            process.send_signal(number)
            output, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, output, errors) == (0, "", "")


def test_it_posts_events_to_a_receiver() -> None:
    posted: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_error(500)

        def log_message(self, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as receiver:
        receiver.timeout = PATIENCE
        url = f"http://127.0.0.1:{receiver.server_port}/events"
        with running("--port", "0", "--example", "--deliver-events", url) as (process, exported):
            raw_client = RawClient(exported["AWS_ENDPOINT_URL_CONNECT"])
            plan = json.dumps({"duplicates": 1, "delay": 0.2}).encode()
            raw_client.ask("POST", "/_mock/delivery", plan, content_type="application/json")
            instance = raw_client.ask("GET", "/instance").json["InstanceSummaryList"][0]
            call = {"ContactFlowId": "any", "SourcePhoneNumber": "+15555550199"}
            call |= {"DestinationPhoneNumber": "+15555550100", "InstanceId": instance["Id"]}
            raw_client.ask("PUT", "/contact/outbound-voice", json.dumps(call).encode(), signed="connect")
            # No request follows: the server itself looks at the clock.
            receiver.handle_request()
            receiver.handle_request()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=PATIENCE)
    assert [event["detail"]["eventType"] for event in posted] == ["INITIATED", "INITIATED"]
    assert posted[0] == posted[1]
    (line,) = errors.splitlines()
    assert line.startswith(f"POST of one of the events to {url} failed: the response has the status 500. ")


def test_it_says_on_the_standard_error_what_it_refused() -> None:
    with running("--port", "0") as (process, exported):
        RawClient(exported["AWS_ENDPOINT_URL_CONNECT"]).ask("GET", "/prompts-summary/x", signed="connect")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    (line,) = errors.splitlines()
    assert line.startswith("501 UnfakedOperationError for GET /prompts-summary/x: ")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run the command in this process, and return its exit status and the result of a request."""

    def run(*arguments: str, ask: Callable[[dict[str, str]], Any]) -> tuple[int, Any]:
        before = signal.getsignal(signal.SIGINT)
        found: list[Any] = []

        def look(server: Any) -> None:
            print_environment(server)
            lines = capsys.readouterr().out.splitlines()
            found.append(ask(dict(line.removeprefix("export ").split("=", 1) for line in lines[:-1])))
            threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]).start()

        monkeypatch.setattr(cli, "_SECONDS_BETWEEN_CHECKS", 0.01)
        print_environment = cli._print_environment
        monkeypatch.setattr(cli, "_print_environment", look)
        code = main(["serve", *arguments])
        assert signal.getsignal(signal.SIGINT) is before
        return code, found[0]

    return run


SETTINGS = {
    "region": "eu-west-2",
    "account_id": "999999999999",
    "caller": "customer",
    "strict": False,
    "unfaked": "passthrough",
    "credentials": "keep",
    "seed": 7,
    "quotas": "aws",
    "concurrent_calls": 11,
    "pending_requests": 12,
    "requests_per_second": 13,
    "state": str(EXAMPLE),
}


def option_of(name: str, value: object) -> list[str]:
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{option}" if value else f"--no-{option}"]
    return [f"--{option}", str(value)]


def settings_of_the_server(exported: dict[str, str]) -> Any:
    return RawClient(exported["AWS_ENDPOINT_URL_CONNECT"]).ask("GET", "/_mock/settings").json["settings"]


def test_every_setting_is_an_option(served: Callable[..., Any]) -> None:
    options = [text for name, value in SETTINGS.items() for text in option_of(name, value)]
    assert set(SETTINGS) == {setting.name for setting in fields(Settings)}
    assert all(SETTINGS[setting.name] != setting.default for setting in fields(Settings))

    assert served("--port", "0", *options, ask=settings_of_the_server) == (0, SETTINGS)


def test_a_setting_without_its_option_has_its_default(served: Callable[..., Any]) -> None:
    assert served("--port", "0", ask=settings_of_the_server) == (0, asdict(Settings()))


def test_the_region_of_the_server_is_exported(served: Callable[..., Any]) -> None:
    def ask(exported: dict[str, str]) -> str:
        return exported["AWS_REGION"]

    assert served("--port", "0", "--region", "eu-west-2", ask=ask) == (0, "eu-west-2")


def test_every_option_is_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    page = (ROOT / "docs" / "reference" / "server.md").read_text(encoding="utf-8")

    assert len(options) > len(SETTINGS)
    assert [option for option in sorted(options) if f"`{option}" not in page] == []


def test_help_describes_each_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    text = " ".join(capsys.readouterr().out.split())

    assert "twelve digits (default: 123456789012)" in text
    assert "the path of a .toml or .json file" in text


def test_the_example_is_served(served: Callable[..., Any]) -> None:
    def ask(exported: dict[str, str]) -> Any:
        raw_client = RawClient(exported["AWS_ENDPOINT_URL_CONNECT"])
        return raw_client.ask("GET", "/instance").json["InstanceSummaryList"][0]["InstanceAlias"]

    assert served("--port", "0", "--example", ask=ask) == (0, "sales")


def create_an_instance(exported: dict[str, str]) -> None:
    created = {"IdentityManagementType": "SAML", "InstanceAlias": "created"}
    created |= {"InboundCallsEnabled": True, "OutboundCallsEnabled": True}
    raw_client = RawClient(exported["AWS_ENDPOINT_URL_CONNECT"])
    assert raw_client.ask("PUT", "/instance", json.dumps(created).encode(), signed="connect").status == 200


def test_the_state_is_saved_on_exit(served: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "connect.toml"
    arguments = ("--port", "0", "--example", "--save-on-exit", str(path))
    assert served(*arguments, ask=create_an_instance) == (0, None)

    aliases = [instance.alias for instance in ConnectMock(state=path).instances]
    assert aliases == ["sales", "created", "support"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_file_of_the_state_is_saved_by_default(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "connect.json"
    path.write_text("{}")
    with running("--port", "0", "--state", str(path), "--save-on-exit") as (process, exported):
        create_an_instance(exported)
        process.send_signal(number)
        output, errors = process.communicate(timeout=PATIENCE)

    assert (process.returncode, output, errors) == (0, "", "")
    assert [instance.alias for instance in ConnectMock(state=path).instances] == ["created"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_save_is_reported_with_exit_status_1(
    served: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "folder" / "connect.toml"
    path.parent.mkdir()

    def remove_the_folder(exported: dict[str, str]) -> None:
        path.parent.rmdir()

    arguments = ("--port", "0", "--save-on-exit", str(path))
    assert served(*arguments, ask=remove_the_folder) == (1, None)

    assert capsys.readouterr().err == (
        f"connect-batchmock: {path}: The state file {path} cannot be written: no such file or directory. "
        f"A former file is unchanged.\n"
    )


def test_requests_are_logged_where_that_is_asked_for() -> None:
    lines = requests_logged("--verbose")

    assert [line.partition(" ")[2] for line in lines] == [
        "GET /instance ListInstances 200",
        "GET /queues-summary/x ListQueues 404 ResourceNotFoundException",
        "GET /nothing/at/all - 404 UnknownOperationException",
    ]
    assert all(re.match(r"\d\d:\d\d:\d\d ", line) for line in lines)


def test_requests_are_not_logged_by_default() -> None:
    assert requests_logged() == []


def requests_logged(*options: str) -> list[str]:
    with running("--port", "0", *options) as (process, exported):
        raw_client = RawClient(exported["AWS_ENDPOINT_URL_CONNECT"])
        raw_client.ask("GET", "/instance?X-Amz-Security-Token=secret", signed="connect")
        raw_client.ask("GET", "/queues-summary/x", signed="connect")
        raw_client.ask("GET", "/nothing/at/all")
        raw_client.ask("GET", "/_mock/settings")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    return errors.splitlines()


def test_a_request_without_a_response_is_logged_as_such(
    connect_mock: ConnectMock, caplog: pytest.LogCaptureFixture
) -> None:
    connect_mock.lose_response("ListInstances")
    caplog.set_level(logging.INFO, "connect_batchmock.server.requests")
    with connect_mock.serve() as server, pytest.raises(http.client.HTTPException):
        RawClient(server.url).ask("GET", "/instance")

    assert caplog.messages == ["GET /instance ListInstances no response"]


def test_names_and_addresses_are_allowed(served: Callable[..., Any]) -> None:
    def ask(exported: dict[str, str]) -> Any:
        raw_client = RawClient(exported["AWS_ENDPOINT_URL_CONNECT"])
        return [
            raw_client.ask("GET", "/instance", host=name).status
            for name in ("one.example", "two.example", "three")
        ]

    names = ("--allow-host", "one.example", "--allow-host", "two.example")
    assert served("--host", "0.0.0.0", "--port", "0", "--allow-remote", *names, ask=ask) == (
        0,
        [200, 200, 421],
    )


@pytest.fixture
def a_taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield str(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["serve", "--port", "PORT"], " of '127.0.0.1': address already in use. Port 0 stands for"),
        (["serve", "--port", "70000"], "A server listens on a port from 1 to 65535"),
        (
            ["serve", "--port", "x"],
            "argument --port: a whole number is expected, not 'x' (see connect-batchmock serve",
        ),
        (["serve", "--host", "0.0.0.0"], "--allow-remote"),
        (["serve", "--state", "nothing.toml"], "cannot be read: no such file"),
        (["serve", "--state", "PYTHON"], "The name of a state file ends in"),
        (["serve", "--account-id", "12"], "account_id takes twelve digits, not '12'"),
        (["serve", "--region", ""], "region takes the name of a region"),
        (["serve", "--caller", "me"], "invalid choice: 'me'"),
        (["serve", "--concurrent-calls", "0"], "concurrent_calls takes an integer from 1 on"),
        (["serve", "--example", "--state", "x.toml"], "not allowed with argument --example"),
        (["serve", "--deliver-events", "x"], "takes deliver_events= as the URL of a receiver, such as"),
        (["serve", "--save-on-exit"], "--save-on-exit takes a FILE, unless --state names one"),
        (["serve", "--example", "--save-on-exit"], "--save-on-exit takes a FILE, unless --state names one"),
        (["serve", "--save-on-exit", "state.yaml"], "state.yaml: The name of a state file ends in .toml or"),
        (["serve", "--save-on-exit", "missing/state.toml"], "takes a file in a folder that exists"),
        (["serve", "--bogus"], "unrecognized arguments: --bogus (see connect-batchmock --help)"),
        ([], "COMMAND (see connect-batchmock --help)"),
    ],
)
def test_an_error_is_one_line_and_exit_status_2(
    arguments: list[str], sentence: str, a_taken_port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for_this_run = {"PORT": a_taken_port, "PYTHON": __file__}
    with pytest.raises(SystemExit) as ended:
        main([for_this_run.get(argument, argument) for argument in arguments])

    output, errors = capsys.readouterr()
    assert (ended.value.code, output) == (2, "")
    assert errors.startswith("connect-batchmock: ")
    assert errors.count("\n") == 1
    assert sentence in errors


def test_a_broken_state_file_is_reported_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('[[instances]]\nalias = "a"\nqueue = 1\n')
    with pytest.raises(SystemExit):
        main(["serve", "--state", str(path)])
    errors = capsys.readouterr().err
    assert f"{path}, line 3" in errors
    assert errors.count("\n") == 1


def test_a_missing_extra_is_reported_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def serve(*args: object, **options: object) -> None:
        raise ImportError("what is missing")

    monkeypatch.setattr(ConnectMock, "serve", serve)
    with pytest.raises(SystemExit) as ended:
        main(["serve"])
    assert (ended.value.code, capsys.readouterr().err) == (2, "connect-batchmock: what is missing\n")


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [(["--version"], "."), (["--help"], "serve"), (["serve", "--help"], "--state FILE")],
)
def test_help_is_printed(arguments: list[str], printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert (ended.value.code, printed in capsys.readouterr().out) == (0, True)


HEAVY = {"anyio", "boto3", "botocore", "h11", "requests", "responses", "starlette", "uvicorn"}


def test_help_loads_nothing_that_serves() -> None:
    code = f"""
import sys
from connect_batchmock.cli import main
try:
    main(["serve", "--help"])
except SystemExit:
    print(sorted({HEAVY} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_the_command_is_installed() -> None:
    command = Path(sys.executable).with_name("connect-batchmock")
    if not command.exists():
        command = command.with_suffix(".exe")
    done = subprocess.run(
        [command, "--help"], capture_output=True, text=True, timeout=PATIENCE, env=dict(os.environ)
    )
    assert done.stdout.startswith("usage: connect-batchmock ")
