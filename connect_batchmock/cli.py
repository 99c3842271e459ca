"""The command ``connect-batchmock``: it serves a mock, verifies a service and prints a schema."""

from __future__ import annotations

import argparse
import json
import logging
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import Field, fields
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, NoReturn

from connect_batchmock import __version__
from connect_batchmock.settings import CHOICES, Settings

if TYPE_CHECKING:
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.server.server import Server

PORT = 4577
"""The default port of the command. A fixed port keeps the exported variables the same in every run."""

EXAMPLE = Path(__file__).parent / "state" / "example.toml"
"""The state file that ``--example`` serves."""

_SECONDS_BETWEEN_CHECKS = 0.5
"""How often the command checks for a signal."""

_SERVE = "Serve a fake Amazon Connect over HTTP until SIGINT or SIGTERM; print the environment of its clients"
_VERIFY = "Try on an emulator or on AWS whether a service behaves as the mock does"
_SCHEMA = "Print the JSON Schema of state files, by which an editor checks and completes them"
_FILE_OF_STATE = ""
"""The value of ``--save-on-exit`` without a file."""

_METAVARS = {"state": "FILE", "account_id": "DIGITS"}


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        _end(f"{message} (see {self.prog} --help)")


class _Version(argparse.Action):
    """Prints the version, and a line for each shortcut that an installed library does not have."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        # Imported here, because it loads the host libraries.
        from connect_batchmock.interception.shortcuts import left_out

        for line in (f"{parser.prog} {__version__}", *left_out()):
            sys.stdout.write(f"{line}\n")
        parser.exit()


def _end(message: str) -> NoReturn:
    sys.stderr.write(f"connect-batchmock: {' '.join(message.split())}\n")
    sys.exit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: the arguments after the name of the command; those of the process by default.

    Returns:
        The exit code: 0 when a signal has stopped the server; that of the command for ``verify``.

    Raises:
        SystemExit: an argument is invalid, or the command cannot begin; the code is 2.
    """
    options = _parser().parse_args(arguments)
    return int(options.run(options))


def _serve(options: argparse.Namespace) -> int:
    saved = _file_to_save(options)
    with _stopped_by_signal() as stopped, _request_log(options.verbose):
        mock = _mock(options)
        with _served(mock, options) as server:
            _print_environment(server)
            # A wait without a timeout is not interrupted by signals on every system.
            while not stopped.wait(_SECONDS_BETWEEN_CHECKS):
                pass
        # The server has stopped: no response that a client has received is missing in the file.
        return 0 if saved is None else _save(mock, saved)


def _file_to_save(options: argparse.Namespace) -> str | None:
    """Return the file to which ``--save-on-exit`` saves, or None without the option."""
    file: str | None = options.save_on_exit
    if file is None:
        return None
    if file == _FILE_OF_STATE:
        if options.state in (None, str(EXAMPLE)):
            _end("--save-on-exit takes a FILE, unless --state names one")
        file = str(options.state)
    # What would fail when the server has stopped fails before it starts.
    _check_file_to_save(Path(file))
    return file


def _check_file_to_save(file: Path) -> None:
    # Imported here, because --help needs none of it.
    from connect_batchmock.state.document import StateError, check_suffix

    try:
        check_suffix(file)
    except StateError as error:
        _end(str(error))
    if not file.absolute().parent.is_dir():
        _end(f"{file}: --save-on-exit takes a file in a folder that exists")


def _save(mock: ConnectMock, file: str) -> int:
    from connect_batchmock.state.document import StateError

    try:
        mock.save(file)
    except StateError as error:
        sys.stderr.write(f"connect-batchmock: {error} A former file is unchanged.\n")
        return 1
    return 0


def _schema(options: argparse.Namespace) -> int:
    # Imported here, because it loads the service models.
    from connect_batchmock.state.format import json_schema

    sys.stdout.write(f"{json.dumps(json_schema(), indent=2)}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="connect-batchmock", description="A fake Amazon Connect for other processes")
    parser.add_argument(
        "--version",
        action=_Version,
        nargs=0,
        help="print the version, and what is left out for the installed host libraries, and exit",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help=_SERVE, description=_SERVE)
    _add_address(serve)
    _add_targets(serve)
    _add_settings(serve)
    serve.set_defaults(run=_serve)
    serve.add_argument(
        "-v", "--verbose", action="store_true", help="log each request of a client to the standard error"
    )
    serve.add_argument(
        "--save-on-exit",
        nargs="?",
        const=_FILE_OF_STATE,
        metavar="FILE",
        help="write the state to this file when a signal has stopped the server (default: that of --state)",
    )
    schema = commands.add_parser("schema", help=_SCHEMA, description=_SCHEMA)
    schema.set_defaults(run=_schema)
    _add_verify(commands.add_parser("verify", help=_VERIFY, description=_VERIFY))
    return parser


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_verify)
    parser.add_argument("--endpoint-url", metavar="URL", help="the address of an emulator")
    parser.add_argument(
        "--aws", action="store_true", help="verify AWS, with the credentials that boto3 finds"
    )
    parser.add_argument("--region", help="the region (default for an emulator: us-east-1)")
    parser.add_argument(
        "--instance-id", metavar="ID", help="the instance (default for an emulator: its first one)"
    )
    parser.add_argument(
        "--allow-writes",
        action="store_true",
        help="on AWS, also try the scenarios that create queues, hours, flows and campaigns in the instance, "
        "and delete them again; none starts a campaign or places a phone call",
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="SCENARIO", help="try this scenario; may be repeated"
    )
    parser.add_argument("--list", action="store_true", help="list the scenarios, and try none")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write a report as JSON, without ids, numbers and accounts",
    )


def _verify(options: argparse.Namespace) -> int:
    # Imported here, because it loads boto3.
    from connect_batchmock.verification.command import INTERRUPTED, CannotBeginError, run

    try:
        return run(options)
    except CannotBeginError as error:
        _end(str(error))
    except KeyboardInterrupt:
        # No scenario runs: an interrupt of one ends in its report.
        sys.stderr.write("connect-batchmock: interrupted\n")
        return INTERRUPTED


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_whole, default=PORT, help="the port; 0 for any free port (default: %(default)s)"
    )
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="accept an address that other machines can reach; they can then change the mock",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which clients call this machine, such as host.docker.internal; may be repeated",
    )


def _add_targets(parser: argparse.ArgumentParser) -> None:
    """Add the options for the receivers of what the mock publishes."""
    for noun, option in (("contact event", "events"), ("contact record", "records")):
        parser.add_argument(
            f"--deliver-{option}", metavar="URL", help=f"post each {noun} to this URL, as JSON"
        )


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting, described as in the docstring of the settings."""
    descriptions = _descriptions()
    states = parser.add_mutually_exclusive_group()
    states.add_argument(
        "--example",
        dest="state",
        action="store_const",
        const=str(EXAMPLE),
        help="start with an example: two instances with queues, campaigns, agents and phone numbers",
    )
    for setting in fields(Settings):
        group = states if setting.name == "state" else parser
        description = descriptions.get(setting.name, "").replace("%", "%%")
        default = "" if setting.default is None else " (default: %(default)s)"
        group.add_argument(
            f"--{setting.name.replace('_', '-')}",
            default=setting.default,
            help=f"{description}{default}",
            **_kind_of_option(setting),
        )


def _kind_of_option(setting: Field[Any]) -> dict[str, Any]:
    if isinstance(setting.default, bool):
        return {"action": argparse.BooleanOptionalAction}
    if setting.name in CHOICES:
        return {"choices": CHOICES[setting.name]}
    metavar = {"metavar": _METAVARS[setting.name]} if setting.name in _METAVARS else {}
    return {"type": _whole if isinstance(setting.default, int) else str, **metavar}


def _descriptions() -> dict[str, str]:
    """Return the description of each setting in plain text, from the docstring of the settings."""
    # Python's -OO strips docstrings; the options then have no description.
    entries = re.findall(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", Settings.__doc__ or "", re.MULTILINE)
    return {name: _plain(text) for name, text in entries}


def _plain(text: str) -> str:
    """Return a reStructuredText description as one line without markup."""
    without_roles = re.sub(r":\w+:`~?(?:\w+\.)*(\w+)`", r"\1", text)
    return " ".join(without_roles.replace("``", "").split()).removesuffix(".")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a whole number is expected, not {text!r}") from None


@contextmanager
def _stopped_by_signal() -> Iterator[Event]:
    """Return the event that SIGINT and SIGTERM set, instead of ending the process."""
    stopped = Event()
    handlers = {
        number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


@contextmanager
def _request_log(is_wanted: bool) -> Iterator[None]:
    """Write the requests that the server logs to the standard error, if that is wanted."""
    logger = logging.getLogger("connect_batchmock.server.requests")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    if is_wanted:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def _mock(options: argparse.Namespace) -> ConnectMock:
    # Imported here, because --help needs none of it.
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.state.document import StateError

    try:
        return ConnectMock(**{setting.name: getattr(options, setting.name) for setting in fields(Settings)})
    except (StateError, ValueError) as error:
        _end(str(error))


@contextmanager
def _served(mock: ConnectMock, options: argparse.Namespace) -> Iterator[Server]:
    try:
        server = mock.serve(
            options.host,
            options.port,
            allow_remote=options.allow_remote,
            allow_hosts=options.allow_host,
            deliver_events=options.deliver_events,
            deliver_records=options.deliver_records,
        )
    except OSError as error:
        _end(str(error.strerror))
    except (ImportError, ValueError) as error:
        _end(str(error))
    with server:
        yield server


def _print_environment(server: Server) -> None:
    from connect_batchmock.server.environment import export_lines

    for line in export_lines(server.environment):
        sys.stdout.write(f"{line}\n")
    # A comment, so that a shell can evaluate the whole output.
    sys.stdout.write(f"# Live page: {server.url}/_mock/\n")
    sys.stdout.flush()
