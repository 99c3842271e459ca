"""The fuzzed process: a served mock with one resource of each kind, which resets on request.

It prints one line of JSON, the server's address with a good request for every operation, and then a line
for each line that it reads, when the mock is again as it was at first.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent.parent))

from factories import GOOD, Seeded, seed
from good_control import good_control
from signed_requests import Wire, signed

from connect_batchmock import ConnectMock
from connect_batchmock.engine.snapshot import Snapshot
from connect_batchmock.protocol.model import SERVICES, service_model

THEN = datetime(2030, 1, 1, tzinfo=timezone.utc)
"""The time that the requests name, so that they are the same in every run."""


def good_requests(mock: ConnectMock, seeded: Seeded, at_first: Snapshot) -> Iterator[Wire]:
    """Return a good request for each operation; some of them pause or stop a campaign to be good."""
    for service, operation in sorted(GOOD):
        if operation in service_model(service).operation_names:
            mock.restore(at_first)
            yield signed(service, operation, GOOD[service, operation](seeded))
    mock.restore(at_first)


def main() -> None:
    """Serve until the input ends."""
    logging.basicConfig(level=logging.WARNING)
    mock = ConnectMock()
    seeded = replace(seed(mock, {service: mock.client(service) for service in SERVICES}), now=THEN)
    at_first = mock.snapshot()
    operations, control = good_requests(mock, seeded, at_first), good_control(seeded)
    with mock.serve() as server:
        reported = {"url": server.url, "operations": _plain(operations), "control": _plain(control)}
        sys.stdout.write(json.dumps(reported) + "\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            mock.restore(at_first)
            sys.stdout.write("as at first\n")
            sys.stdout.flush()


def _plain(requests: Iterable[Wire]) -> list[dict[str, Any]]:
    return [asdict(request) | {"body": request.body.decode()} for request in requests]


if __name__ == "__main__":
    main()
