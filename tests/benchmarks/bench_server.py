"""How fast the served mock answers, beside moto_server: ``python tests/benchmarks/bench_server.py``.

Both are processes of their own, started here, and asked in turns by this one. A client keeps its connection
where the server lets it, sends the next request when the last is answered, and does no more with an answer
than to find its end. Both servers list one instance; ours also creates contacts, which moto cannot.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

EXAMPLE = Path(__file__).parent.parent.parent / "connect_batchmock" / "state" / "example.toml"
PATIENCE = 30.0
WARM_UP = 0.3
SIGNED = (
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20300101/us-east-1/connect/aws4_request, "
    f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}\r\nX-Amz-Date: 20300101T000000Z\r\n"
)
INSTANCE = {
    "IdentityManagementType": "CONNECT_MANAGED",
    "InstanceAlias": "sales",
    "InboundCallsEnabled": True,
    "OutboundCallsEnabled": True,
}
IDS = re.compile(r'^id = "([0-9a-f-]{36})"', re.MULTILINE)


def request(method: str, path: str, body: object = None) -> bytes:
    """Return a signed request."""
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{SIGNED}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


LIST_INSTANCES = request("GET", "/instance?maxResults=10")


def put_contacts(count: int) -> bytes:
    """Return a batch for the example's first instance."""
    instance, queue, campaign = IDS.findall(EXAMPLE.read_text(encoding="utf-8"))[:3]
    item = {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        "QueueId": queue,
        "Campaign": {"CampaignId": campaign},
    }
    return request("PUT", f"/contact/batch/{instance}", {"ContactDataRequestList": [item] * count})


@dataclass
class Client:
    """One connection that repeats one request."""

    port: int
    asked: bytes
    took: list[float] = field(default_factory=list)
    statuses: set[bytes] = field(default_factory=set)

    def open(self) -> socket.socket:
        """Connect and send the first request."""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ask()
        return self.socket

    def ask(self) -> None:
        """Send the request."""
        self._received = b""
        self._since = time.perf_counter()
        self.socket.sendall(self.asked)

    def read(self) -> bool:
        """Read; repeat the request after a complete response. Return whether the connection is open."""
        piece = self.socket.recv(65_536)
        self._received += piece
        if _is_whole(self._received):
            self.took.append(time.perf_counter() - self._since)
            self.statuses.add(self._received[9:12])
            if b"onnection: close\r\n" in self._received:
                return False
            self.ask()
        elif not piece:
            raise RuntimeError(f"the connection to port {self.port} ended: {self._received[:300]!r}")
        return True


def _is_whole(received: bytes) -> bool:
    # Looked for as both servers write it: a regular expression takes as long as all the rest.
    head, name = received.find(b"\r\n\r\n"), received.find(b"ontent-")
    while name >= 0 and not received.startswith((b"length: ", b"Length: "), name + 7):
        name = received.find(b"ontent-", name + 1)
    if not 0 <= name < head:
        return False
    length = int(received[received.index(b":", name) + 1 : received.index(b"\r", name)])
    return len(received) >= head + 4 + length


@dataclass(frozen=True)
class Figures:
    """The result of a run: requests per second, and the median and 99th percentile in milliseconds."""

    rate: float
    median: float
    p99: float


def drive(port: int, asked: bytes, connections: int, seconds: float) -> Figures:
    """Send requests over a number of connections for a number of seconds."""
    clients = [Client(port, asked) for _ in range(connections)]
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client.open(), selectors.EVENT_READ, client)
        _until(selector, time.perf_counter() + WARM_UP)
        for client in clients:
            client.took.clear()
        since = time.perf_counter()
        _until(selector, since + seconds)
        elapsed = time.perf_counter() - since
        for client in clients:
            client.socket.close()
    if any(client.statuses != {b"200"} for client in clients):
        raise RuntimeError(f"not every answer was 200: {[client.statuses for client in clients]}")
    took = sorted(seconds * 1e3 for client in clients for seconds in client.took)
    return Figures(len(took) / elapsed, statistics.median(took), took[int(len(took) * 0.99)])


def _until(selector: selectors.BaseSelector, end: float) -> None:
    while time.perf_counter() < end:
        for key, _ in selector.select(PATIENCE):
            client: Client = key.data
            if not client.read():
                selector.unregister(client.socket)
                client.socket.close()
                selector.register(client.open(), selectors.EVENT_READ, client)


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(*command: str) -> Iterator[int]:
    """Start a server on a port of its own, wait until it listens, and stop it at the end."""
    port = free_port()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    silent: int | IO[bytes] = subprocess.DEVNULL
    process = subprocess.Popen([*command, "--port", str(port)], stdout=silent, stderr=silent, env=environment)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} does not listen; it ended with {process.poll()}")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def seed_moto(port: int) -> None:
    """Create an instance in moto, as the state file seeds one in the mock."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request("PUT", "/instance", INSTANCE))
        answer = connection.recv(65_536)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"moto made no instance: {answer[:300]!r}")


def main() -> None:
    """Measure as the command line says, and print a table."""
    parser = argparse.ArgumentParser(description="Ask the served mock and moto_server in turns.")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each run, after a warm-up")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--moto-server", default=shutil.which("moto_server"), help="the program")
    options = parser.parse_args()
    if options.moto_server is None:
        parser.error("moto_server is not there: python -m pip install 'moto[server]'")
    with ExitStack() as running:
        ours = [sys.executable, "-m", "connect_batchmock", "serve", "--state", str(EXAMPLE)]
        mock = running.enter_context(started(*ours))
        moto = running.enter_context(started(options.moto_server))
        seed_moto(moto)
        asked = {
            "ListInstances, moto_server": (moto, LIST_INSTANCES),
            "ListInstances, served mock": (mock, LIST_INSTANCES),
            "BatchPutContact, 1 item": (mock, put_contacts(1)),
            "BatchPutContact, 25 items": (mock, put_contacts(25)),
        }
        for connections in options.connections:
            runs: dict[str, list[Figures]] = {name: [] for name in asked}
            for _ in range(options.repeats):
                for name, (port, sent) in asked.items():
                    runs[name].append(drive(port, sent, connections, options.seconds))
            compared = comparison(*(middle(runs[name]) for name in list(asked)[:2]))
            sys.stdout.write("\n".join([*table(connections, runs), *compared]) + "\n\n")


def table(connections: int, runs: dict[str, list[Figures]]) -> Iterator[str]:
    """Lay out the medians of the runs."""
    yield f"{connections} connection{'s' * (connections > 1)}"
    yield f"{'':28}{'per second':>12}{'median, ms':>12}{'p99, ms':>10}"
    for name, figures in runs.items():
        result = middle(figures)
        yield f"{name:28}{result.rate:>12.0f}{result.median:>12.2f}{result.p99:>10.2f}"


def comparison(theirs: Figures, ours: Figures) -> Iterator[str]:
    """Say how ours compares with moto's."""
    yield f"as many requests per second as moto_server, times {ours.rate / theirs.rate:.1f}"
    yield f"our p99 over moto_server's median: {ours.p99 / theirs.median:.2f}"


def middle(figures: list[Figures]) -> Figures:
    """Return the medians of several runs."""
    return Figures(
        *(
            statistics.median(getattr(figure, name) for figure in figures)
            for name in ("rate", "median", "p99")
        )
    )


if __name__ == "__main__":
    main()
