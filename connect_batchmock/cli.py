"""The command ``connect-batchmock``: a mock that is served until somebody stops it."""

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
"""The port of the command, so that it is the same each time; in tests it is any that is free."""

_LOOK_EVERY = 0.5
"""The seconds between two looks whether a signal has come."""

_SETTINGS = ("state", "seed", "caller", "region", "account_id")
_SERVE = "Serve a fake Amazon Connect by HTTP until SIGINT or SIGTERM, and print what lets a shell call it"


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        _end(f"{message} (see {self.prog} --help)")


class _Version(argparse.Action):
    """Prints the version, and a line for each shortcut that an installed library does not have."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        # Loads the host libraries, which nobody waits for who asks for something else.
        from connect_batchmock.interception.shortcuts import left_out

        for line in (f"{parser.prog} {__version__}", *left_out()):
            sys.stdout.write(f"{line}\n")
        parser.exit()


def _end(message: str) -> NoReturn:
    sys.stderr.write(f"connect-batchmock: {' '.join(message.split())}\n")
    sys.exit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says.

    Args:
        arguments: what stands after the command's name; the process's own where nothing is given.

    Returns:
        The exit code: 0 when a signal has stopped the server.

    Raises:
        SystemExit: something is wrong with what was said, with the code 2.
    """
    given = _parser().parse_args(arguments)
    with _until_a_signal() as stopped, _served(given) as server:
        _tell_of(server)
        # A wait without end is not interrupted by signals on every system.
        while not stopped.wait(_LOOK_EVERY):
            pass
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
    _add_settings(serve)
    return parser


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    parser.add_argument(
        "--port", type=_whole, default=PORT, help="the port; 0 for any that is free (default: %(default)s)"
    )
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="let the address be one that other machines reach, who can then do what they like with the mock",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which others call this machine, such as host.docker.internal; may be repeated",
    )


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", metavar="FILE", help="a .toml or .json file that says what is there")
    parser.add_argument(
        "--seed", type=_whole, default=Settings.seed, help="where the ids begin (default: %(default)s)"
    )
    parser.add_argument(
        "--caller",
        choices=CHOICES["caller"],
        default=Settings.caller,
        help="who calls: the campaigns, or a customer, whom BatchPutContact refuses (default: %(default)s)",
    )
    parser.add_argument(
        "--region", default=Settings.region, help="where instances are added (default: %(default)s)"
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
def _until_a_signal() -> Iterator[Event]:
    """Return what SIGINT and SIGTERM set, instead of ending the process."""
    stopped = Event()
    before = {
        one: signal.signal(one, lambda number, frame: stopped.set())
        for one in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _served(given: argparse.Namespace) -> Iterator[Server]:
    # What answers and what it needs is loaded now: nobody waits for it who only asks for help.
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.state.document import StateError

    try:
        mock = ConnectMock(**{name: getattr(given, name) for name in _SETTINGS})
        server = mock.serve(
            given.host, given.port, allow_remote=given.allow_remote, allow_hosts=given.allow_host
        )
    except OSError as error:
        _end(str(error.strerror))
    except (ImportError, StateError, ValueError) as error:
        _end(str(error))
    with server:
        yield server


def _tell_of(server: Server) -> None:
    for name, value in server.environment.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    # A comment, so that a shell may read it all.
    sys.stdout.write(f"# The page to watch it: {server.url}/_mock/\n")
    sys.stdout.flush()
