"""The command: its output, its refusals and its exit status."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from checkout import EXAMPLE, ROOT
from raw_client import RawClient

from connect_batchmock import ConnectMock, cli
from connect_batchmock.cli import main

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
    with running("--port", "0", "--state", "docs/examples/connect.toml") as (process, exported):
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


def test_it_says_on_the_standard_error_what_it_refused() -> None:
    with running("--port", "0") as (process, exported):
        RawClient(exported["AWS_ENDPOINT_URL_CONNECT"]).ask("GET", "/users-summary/x", signed="connect")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    (line,) = errors.splitlines()
    assert line.startswith("501 UnfakedOperationError for GET /users-summary/x: ")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run the command in this process, and return its exit status and the result of a request."""

    def run(*arguments: str, ask: Callable[[dict[str, str]], Any]) -> tuple[int, Any]:
        before = signal.getsignal(signal.SIGINT)
        found: list[Any] = []

        def look(server: Any) -> None:
            tell_of(server)
            lines = capsys.readouterr().out.splitlines()
            found.append(ask(dict(line.removeprefix("export ").split("=", 1) for line in lines[:-1])))
            threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]).start()

        monkeypatch.setattr(cli, "_LOOK_EVERY", 0.01)
        tell_of = cli._tell_of
        monkeypatch.setattr(cli, "_tell_of", look)
        code = main(["serve", *arguments])
        assert signal.getsignal(signal.SIGINT) is before
        return code, found[0]

    return run


def test_its_options_are_settings_of_the_mock(served: Callable[..., Any]) -> None:
    def ask(exported: dict[str, str]) -> Any:
        raw_client = RawClient(exported["AWS_ENDPOINT_URL_CONNECT"])
        return exported["AWS_REGION"], raw_client.ask("GET", "/_mock/settings").json["settings"]

    code, (region, settings) = served(
        *("--port", "0", "--region", "eu-west-2", "--account-id", "999999999999", "--seed", "7"),
        *("--caller", "customer", "--state", str(EXAMPLE)),
        ask=ask,
    )

    assert (code, region) == (0, "eu-west-2")
    wanted = {"region": region, "account_id": "999999999999", "seed": 7, "caller": "customer"}
    assert {name: settings[name] for name in wanted} == wanted
    assert settings["state"] == str(EXAMPLE)


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
        (["serve", "--port", "PORT"], " of '127.0.0.1': address already in use. Port 0 is any"),
        (["serve", "--port", "70000"], "A server listens at a port from 1 to 65535"),
        (
            ["serve", "--port", "x"],
            "argument --port: a whole number is expected, not 'x' (see connect-batchmock serve",
        ),
        (["serve", "--host", "0.0.0.0"], "--allow-remote"),
        (["serve", "--state", "nothing.toml"], "nothing.toml: The state file cannot be read"),
        (["serve", "--state", "PYTHON"], "A state file is known by the end of its name"),
        (["serve", "--account-id", "12"], "account_id takes twelve digits, not '12'"),
        (["serve", "--region", ""], "region takes the name of a region"),
        (["serve", "--caller", "me"], "invalid choice: 'me'"),
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
