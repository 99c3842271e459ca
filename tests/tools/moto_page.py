"""Make docs/explanation/verify-moto.md by verifying moto's server.

Run it with ``python tests/tools/moto_page.py``; it needs the dependency group ``benchmark``.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3

sys.path.insert(0, str(Path(__file__).parent.parent))
from connect_batchmock._matching import exact_differences
from connect_batchmock.cli import main
from tools.decisions import decisions

PAGE = Path(__file__).parent.parent.parent / "docs" / "explanation" / "verify-moto.md"

INTRODUCTION = """\
# moto's server, verified

What [`connect-batchmock verify`](../how-to/verify-against-aws.md) says about `moto_server`, moto {moto}, with
botocore {botocore}, for an instance that moto has created and onboarded. Made by `tests/tools/moto_page.py`.

{holds} scenarios hold, {differs} differ, and {not_tried} could not be tried, of {all}. Most could not be
tried because moto has neither queues, hours of operation, flows and contacts nor outbound campaigns of
version 2, and scenarios about campaigns of version 1 create a queue and a flow first.
[Use it beside moto](../how-to/moto-and-localstack.md) shows how the mock adds them. Where a scenario
differs, moto has the operation, and the reason says what it does instead.

| scenario | decision | result | reason |
|---|---|---|---|"""

REASONS: Mapping[str, str] = {
    "tags-of-an-unknown-resource-are-not-found": (
        "moto returns the tags that it has for an ARN, and does not look whether the resource exists."
    ),
    "configuration-of-unknown-instance-is-not-found-by-version-1": (
        "moto makes a configuration for any instance that is asked for."
    ),
    "campaign-page-size-over-the-maximum-is-refused": "moto does not check the limits of the service model.",
}
"""What moto does instead, by the scenario that differs."""


def made_page() -> str:
    """Return the page, made by verifying moto's server now."""
    report = _report()
    entries = report["scenarios"]
    counts = Counter(entry["result"] for entry in entries)
    introduction = INTRODUCTION.format(
        moto=version("moto"),
        botocore=report["botocore"],
        holds=counts["holds"],
        differs=counts["differs"],
        not_tried=counts["not tried"],
        all=len(entries),
    )
    return "\n".join([introduction, *_rows(entries), ""])


def _rows(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    known = {decision.id: decision for decision in decisions()}
    for entry in entries:
        decision = known[entry["decision"]]
        link = f"[{decision.title}](decisions/{decision.page}#{decision.id})"
        yield f"| `{entry['id']}` | {link} | {entry['result']} | {_reason(entry)} |"


def _reason(entry: Mapping[str, Any]) -> str:
    if entry["result"] != "differs":
        return str(entry.get("reason", ""))
    differences = "; ".join(
        f"`{path}`: expected `{expected!r}`, observed `{observed!r}`"
        for path, expected, observed in exact_differences(entry["expected"], entry["observed"])
    )
    return f"{REASONS[entry['id']]} {differences}"


def _report() -> Any:
    with _moto_server() as url, tempfile.TemporaryDirectory() as folder:
        instance_id = _instance(url)
        path = Path(folder) / "report.json"
        main(["verify", "--endpoint-url", url, "--instance-id", instance_id, "--output", str(path)])
        return json.loads(path.read_text(encoding="utf-8"))


@contextmanager
def _moto_server() -> Iterator[str]:
    # Only the command needs the server of moto; the test of the page does not.
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def _instance(url: str) -> str:
    """Return the id of an instance of moto that is onboarded."""
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    response = session.client("connect", endpoint_url=url).create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="verified",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    session.client("connectcampaigns", endpoint_url=url).start_instance_onboarding_job(
        connectInstanceId=response["Id"], encryptionConfig={"enabled": False}
    )
    return str(response["Id"])


def listed_scenarios(text: str) -> list[str]:
    """Return the scenarios of the page, in its order."""
    return re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)


if __name__ == "__main__":
    PAGE.write_text(made_page(), encoding="utf-8")
