"""Make docs/reference/operations.md from the registry of fakes and botocore's service models.

Run it with ``python tests/tools/operations_page.py``. A test compares the page with what this makes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import botocore

from connect_batchmock.protocol.errors import modeled_errors
from connect_batchmock.protocol.model import SERVICES, operation_model, service_model
from connect_batchmock.services.registry import FAKES, Fake

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = DOCS / "reference" / "operations.md"
DECISIONS = sorted((DOCS / "explanation" / "decisions").glob("*.md"))

MADE_FROM = "<!-- Made by tests/tools/operations_page.py from the models of botocore {version}. -->"

INTRODUCTION = """\
# Operations

The operations that have a fake, by service. A script makes this page from the functions behind the
operations and from botocore's service models, and a test fails when the page is stale.

- **What is faked** quotes the function.
- **Errors** are the errors that the service model lists for the operation, without the word `Exception`.
  The client raises the exception of that name when the fake returns the error, or when a test plans it
  with `fail`. A test can plan the other errors of the service and AWS's common errors for any operation.
- **Decisions** says how the fake behaves where AWS documents nothing.

Routes, limits, enums and patterns of all operations come from the service models. Every other operation
raises `UnfakedOperationError`, unless `connect_mock.fake`, `connect_mock.passthrough` or the setting
`unfaked` says otherwise.
"""

TITLES = {
    "connect": "Amazon Connect (`connect`)",
    "connectcampaigns": "Outbound campaigns, version 1 (`connectcampaigns`)",
    "connectcampaignsv2": "Outbound campaigns, version 2 (`connectcampaignsv2`)",
}


def page() -> str:
    """Return the page, without its last line, which names the version of botocore."""
    return "\n".join([INTRODUCTION, *(part for service in SERVICES for part in _service(service))])


def _service(service: str) -> Iterator[str]:
    known = service_model(service).operation_names
    yield f"## {TITLES[service]}\n"
    yield "| operation | what is faked | errors | decisions |"
    yield "|---|---|---|---|"
    for (faked_service, operation), fake in sorted(FAKES.items()):
        if faked_service == service and operation in known:
            yield _row(service, operation, fake)
    yield ""


def _row(service: str, operation: str, fake: Fake) -> str:
    errors = ", ".join(
        name.removesuffix("Exception") for name in modeled_errors(operation_model(service, operation))
    )
    caller = " Only the campaign service may call it." if fake.for_campaigns_only else ""
    decisions = "; ".join(f"[{title}]({_address(title)})" for title in decisions_of(fake))
    return f"| `{operation}` | {_summary(fake)}{caller} | {errors} | {decisions} |"


def _summary(fake: Fake) -> str:
    first, _, _ = (inspect.getdoc(fake.function) or "").partition("\n\n")
    return " ".join(first.split()).replace("``", "`")


def decisions_of(fake: Fake) -> list[str]:
    """Return the titles of the decisions that the function behind a fake names."""
    said = re.search(r"^Ours: (.*?)\.$", inspect.getdoc(fake.function) or "", re.MULTILINE | re.DOTALL)
    return re.split(r";\s+", " ".join(said[1].split())) if said else []


def slug_of(title: str) -> str:
    """Return the id of a decision, which is the anchor of its heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _address(title: str) -> str:
    for path in DECISIONS:
        if f"\n### {title}\n" in path.read_text(encoding="utf-8"):
            return f"../explanation/decisions/{path.name}#{slug_of(title)}"
    pages = ", ".join(path.name for path in DECISIONS)
    raise ValueError(f"No page of decisions has the heading {title!r}. The pages are {pages}.")


if __name__ == "__main__":
    made_from = MADE_FROM.format(version=botocore.__version__)
    PAGE.write_text(f"{page()}\n{made_from}\n", encoding="utf-8")
