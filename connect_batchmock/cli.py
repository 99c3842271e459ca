"""The command ``connect-batchmock``: it serves a mock until a signal stops it."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, NoReturn

from connect_batchmock import __version__
from connect_batchmock.settings import CHOICES, Settings

if TYPE_CHECKING:
    from connect_batchmock.server.server import Server

PORT = 4577
"""The default port of the command: it is fixed, while a test gets any free port."""

_POLL_INTERVAL = 0.5
"""The seconds between two checks for a signal."""

_SETTINGS = ("state", "seed", "caller", "region", "account_id")
_SERVE = "Serve a fake Amazon Connect over HTTP until SIGINT or SIGTERM; print the environment of its clients"


class _Parser(argparse.ArgumentParser):
    """A parser that prints an error in one line."""

    def error(self, message: str) -> NoReturn:
        _end(f"{message} (see {self.prog} --help)")


class _Version(argparse.Action):
    """Prints the version, and a line for each shortcut that the installed libraries do not support."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        # Imported here, because it loads the client libraries, which no other option needs.
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
        arguments: the arguments after the name of the command; by default those of the process.

    Returns:
        The exit code: 0 after a signal has stopped the server.

    Raises:
        SystemExit: an argument is invalid, or the server cannot start; the exit code is 2.
    """
    options = _parser().parse_args(arguments)
    with _stopped_by_signal() as stopped, _served(options) as server:
        _print_environment(server)
        # Signals do not interrupt a wait without a timeout on every system.
        while not stopped.wait(_POLL_INTERVAL):
            pass
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="connect-batchmock", description="A fake Amazon Connect for other processes")
    parser.add_argument(
        "--version",
        action=_Version,
        nargs=0,
        help="print the version and the features that the installed libraries do not support, and exit",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help=_SERVE, description=_SERVE)
    _add_address(serve)
    _add_settings(serve)
    return parser


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_whole, default=PORT, help="the port; 0 for any free port (default: %(default)s)"
    )
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="allow an address that other machines can reach; all of them control the mock then",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a host name of this machine for other clients, such as host.docker.internal; can be repeated",
    )


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", metavar="FILE", help="a .toml or .json file with the resources to seed")
    parser.add_argument(
        "--seed", type=_whole, default=Settings.seed, help="the seed of the ids (default: %(default)s)"
    )
    parser.add_argument(
        "--caller",
        choices=CHOICES["caller"],
        default=Settings.caller,
        help="the caller: the campaigns service, or a customer, which gets AccessDeniedException from "
        "BatchPutContact (default: %(default)s)",
    )
    parser.add_argument(
        "--region", default=Settings.region, help="the region of instances and clients (default: %(default)s)"
    )
    parser.add_argument(
        "--account-id",
        default=Settings.account_id,
        metavar="DIGITS",
        help="the account of every caller (default: %(default)s)",
    )


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a whole number is expected, not {text!r}") from None


@contextmanager
def _stopped_by_signal() -> Iterator[Event]:
    """Yield an event that SIGINT and SIGTERM set, instead of ending the process."""
    stopped = Event()
    before = {
        number: signal.signal(number, lambda number, frame: stopped.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _served(options: argparse.Namespace) -> Iterator[Server]:
    # Imported here, because --help needs neither the mock nor the server.
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.state.document import StateError

    try:
        mock = ConnectMock(**{name: getattr(options, name) for name in _SETTINGS})
        server = mock.serve(
            options.host, options.port, allow_remote=options.allow_remote, allow_hosts=options.allow_host
        )
    except OSError as error:
        _end(str(error.strerror))
    except (ImportError, StateError, ValueError) as error:
        _end(str(error))
    with server:
        yield server


def _print_environment(server: Server) -> None:
    for name, value in server.environment.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    # A comment, so that a shell can evaluate all lines.
    sys.stdout.write(f"# Live page: {server.url}/_mock/\n")
    sys.stdout.flush()
