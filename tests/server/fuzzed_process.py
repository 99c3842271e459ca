"""The fuzzed process as the fuzzer sees it: its address, its requests, its size and its log."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, Any
from urllib.parse import urlsplit

from hostile_connections import Address
from signed_requests import Wire

SERVER = Path(__file__).with_name("fuzzed_server.py")
HANGING = 60.0
"""The seconds after which it is ended, if it does not begin again."""
ENDING = 10.0


@dataclass(frozen=True)
class Size:
    """The size of a process: memory in MiB, threads and open files."""

    memory: float
    threads: int
    files: int

    @classmethod
    def of(cls, pid: int) -> Size | None:
        """Measure a process, or return None where the system has no ``/proc``."""
        proc = Path(f"/proc/{pid}")
        if not proc.exists():
            return None
        lines = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
        files = len(list((proc / "fd").iterdir()))
        return cls(int(lines["VmRSS"].split()[0]) / 1024, int(lines["Threads"]), files)

    def exceeds(self, other: Size, by: Size) -> bool:
        """Whether it is larger than another by more than so much, in anything."""
        return (
            self.memory - other.memory > by.memory
            or self.threads - other.threads > by.threads
            or self.files - other.files > by.files
        )


class Gone(Exception):
    """The server has ended."""


class Server:
    """The process that is fuzzed."""

    def __init__(self, process: subprocess.Popen[str], log: IO[str]) -> None:
        self.process = process
        self._log = log
        reported = json.loads(self._line())
        parts = urlsplit(reported["url"])
        self.address: Address = (str(parts.hostname), int(parts.port or 0))
        self.operations = [_wire(operation) for operation in reported["operations"]]
        self.control = [_wire(one) for one in reported["control"]]

    def _line(self) -> str:
        assert self.process.stdout is not None
        # One that hangs is ended, and says nothing any more.
        overdue = Timer(HANGING, self.process.kill)
        overdue.start()
        line = self.process.stdout.readline()
        overdue.cancel()
        if not line:
            raise Gone(f"the server has hung or ended, with {self.process.wait()}: {self.log()[-3_000:]}")
        return line

    def begin_again(self) -> None:
        """Restore the first state of the mock."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self._line()

    def log(self) -> str:
        """Return the log of the server."""
        self._log.seek(0)
        return self._log.read()


def _wire(reported: dict[str, Any]) -> Wire:
    headers = tuple((name, value) for name, value in reported["headers"])
    return Wire(reported["method"], reported["target"], headers, reported["body"].encode())


@contextmanager
def served() -> Iterator[Server]:
    """Start a server, and stop it at the end."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        with process:
            try:
                yield Server(process, log)
                assert process.stdin is not None
                process.stdin.close()
                process.wait(ENDING)
            finally:
                process.kill()
