"""Hostile requests against a served mock, many of them: ``python tests/server/fuzzing.py --requests 100000``.

Each is drawn from a seed, so that a run with the same seed sends the same. Most are requests for an
operation with something wrong in them; one of ten is a connection that carries no good HTTP. The served mock
is a process of its own: it has to live, to answer each of them as judging.py demands, to log no exception,
to give back what it took, and to answer a good request at once at the end of every round.
"""

from __future__ import annotations

import argparse
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from random import Random

sys.path.append(str(Path(__file__).parent.parent))

from fuzzed_process import Gone, Server, Size, served
from hostile_connections import KINDS, Address, exchange
from hostile_requests import hostile
from http_response import HttpResponse
from invariants import is_refusal, violation_of
from signed_requests import Wire, signed

ROUND = 5_000
COURSE = 50
"""The requests that go to a mock before it is reset, since its resources are used up."""
CONTROLLED = 10
"""One of this many rounds sends requests to /_mock/."""
PATIENCE = 5.0
"""The seconds to wait for a response."""
MAX_WRONG = 50
MORE = Size(memory=64, threads=70, files=20)
"""How much a process may grow, for lazy imports and waiting threads."""
GOOD = signed("connect", "ListInstances", {})
_JSON = (("Host", "127.0.0.1"), ("Content-Type", "application/json"))
DIALING_ON = (
    Wire("POST", "/_mock/advance", _JSON, b'{"seconds": 40}'),
    Wire("GET", "/_mock/contacts?limit=50", _JSON, b""),
    Wire("GET", "/_mock/instances", _JSON, b""),
)
"""Requests that must succeed after any accepted request: contacts are dialed, and records are read."""


@dataclass
class Report:
    """The counts of a run: requests, responses and violations."""

    seed: int
    sent: int = 0
    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    slowest_good: float = 0.0

    def lines(self) -> Iterator[str]:
        """Yield the lines of the report."""
        rate = self.sent / self.seconds
        yield f"seed {self.seed}: {self.sent} requests in {self.seconds:.0f} s, {rate:.0f} per second"
        yield "statuses: " + ", ".join(f"{name} {count}" for name, count in sorted(self.statuses.items()))
        if self.sizes:
            yield f"before: {self.sizes[0]}; afterwards: {self.sizes[-1]}"
            memory = ", ".join(f"{size.memory:.0f}" for size in self.sizes)
            yield f"memory, at first and after each round: {memory} MiB"
        yield f"a good request after a round took {self.slowest_good * 1e3:.1f} ms at most"
        yield f"wrong: {len(self.wrong)}"
        yield from self.wrong[:20]


class Conversation:
    """A client that keeps its connection for as long as the server does."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._socket: socket.socket | None = None

    def ask(self, wire: Wire) -> HttpResponse | None:
        """Send a request and return the response, or None where the connection was closed without one."""
        kept = self._socket is not None
        answer = self._ask(wire)
        # The server may have closed a kept connection after an earlier request.
        return self._ask(wire) if answer is None and kept else answer

    def _ask(self, wire: Wire) -> HttpResponse | None:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # After an early refusal the rest of the request cannot be sent.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(wire.encoded())
        response = HTTPResponse(self._socket, method=wire.method)
        try:
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = HttpResponse(response.status, headers, response.read())
        except (HTTPException, ConnectionError):
            self.close()
            return None
        if response.will_close:
            self.close()
        return answer

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def fuzz(server: Server, report: Report, requests: int) -> None:
    """Send a number of requests in rounds, and report the violations."""
    random, begun = Random(report.seed), time.perf_counter()
    _measure(server, report)
    try:
        while report.sent < requests and len(report.wrong) < MAX_WRONG:
            _fuzz_for_a_round(server, random, report, min(ROUND, requests - report.sent))
    except (Gone, OSError) as error:
        report.wrong.append(f"after {report.sent} requests: {error!r}")
    report.seconds = time.perf_counter() - begun
    if report.sizes and report.sizes[-1].exceeds(report.sizes[0], MORE):
        report.wrong.append(f"grown from {report.sizes[0]} to {report.sizes[-1]}")
    if "Traceback" in server.log():
        report.wrong.append(f"an exception in the log: {server.log()[-3_000:]}")


def _fuzz_for_a_round(server: Server, random: Random, report: Report, requests: int) -> None:
    conversation = Conversation(server.address)
    for _ in range(requests):
        if report.sent % COURSE == 0:
            server.begin_again()
        report.sent += 1
        # Requests to /_mock/ have their own rounds, as they may plan faults for other requests.
        is_control = report.sent // COURSE % CONTROLLED == 0
        if random.random() < 0.1:
            # No request may outlive its round, where it could plan a fault for the next.
            _connect(server, random, random.choice(server.operations), report)
        else:
            wire = random.choice(server.control if is_control else server.operations)
            _ask(conversation, hostile(random, wire), report)
    conversation.close()
    _end_round(server, report)


def _ask(conversation: Conversation, wire: Wire, report: Report) -> None:
    try:
        answer = conversation.ask(wire)
    except TimeoutError:
        conversation.close()
        report.wrong.append(f"no answer within {PATIENCE} s to {_shown(wire)}")
        return
    if answer is None:
        report.wrong.append(f"closed without an answer to {_shown(wire)}")
        return
    report.statuses[str(answer.status)] += 1
    wrong = violation_of(wire, answer)
    if wrong is not None:
        report.wrong.append(f"{wrong}: {answer.status} {answer.body[:200]!r} to {_shown(wire)}")
    elif answer.status < 300 and "x-amzn-requestid" in answer.headers:
        _dial_on(conversation, wire, report)


def _dial_on(conversation: Conversation, accepted: Wire, report: Report) -> None:
    for wire in DIALING_ON:
        answer = conversation.ask(wire)
        if answer is None or answer.status != 200:
            report.wrong.append(f"{wire.target} got {answer} after {_shown(accepted)}")


def _shown(wire: Wire) -> str:
    return repr(wire.encoded()[:1_500])


def _connect(server: Server, random: Random, wire: Wire, report: Report) -> None:
    kind = random.choice(KINDS)
    planned = kind(random, wire)
    received = exchange(server.address, planned, PATIENCE)
    if received is None:
        report.wrong.append(f"left waiting by {kind.__name__}: {planned.pieces[0][:1_500]!r}")
        return
    status = received[9:12].decode("latin-1") if received.startswith(b"HTTP/1.") else ""
    report.statuses[status or "closed"] += 1
    if received and not (status.isdigit() and (int(status) < 400 or is_refusal(int(status)))):
        reported = f"{received[:200]!r} to {planned.pieces[0][:1_500]!r}"
        report.wrong.append(f"no refusal of {kind.__name__}: {reported}")


def _end_round(server: Server, report: Report) -> None:
    server.begin_again()
    since = time.perf_counter()
    answer = Conversation(server.address).ask(GOOD)
    report.slowest_good = max(report.slowest_good, time.perf_counter() - since)
    if answer is None or answer.status != 200:
        report.wrong.append(f"a good request after {report.sent} got {answer}")
    _measure(server, report)


def _measure(server: Server, report: Report) -> None:
    size = Size.of(server.process.pid)
    if size is not None:
        report.sizes.append(size)


def main() -> int:
    """Fuzz as the command line says, and print the report; 1 where something was wrong."""
    parser = argparse.ArgumentParser(description="Send hostile requests to a served mock.")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    report = Report(options.seed)
    with served() as server:
        fuzz(server, report, options.requests)
    sys.stdout.write("\n".join(report.lines()) + "\n")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
