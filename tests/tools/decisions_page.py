"""Make docs/explanation/decisions/register.md from the decisions and the data beside them.

Run it with ``python tests/tools/decisions_page.py``. A test compares the page with what this makes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tools.decisions import FOLDER, Decision, decisions

PAGE = FOLDER / "register.md"
STATUSES = ("documented", "seen", "inferred", "unknown", "ours")

INTRODUCTION = """\
# Register of decisions

All decisions, by page. A script makes this page from the pages of decisions, from `decisions.toml` beside
them, from the functions behind the operations and from the scenarios of `connect-batchmock verify`; a test
fails when the page is stale.

- **Status** is the first one of the decision; its page says what it is about, and what has another.
- **Observable** says whether a customer of AWS can observe the behavior.
- **Shown by** names the scenarios with which [anybody can try it](../../how-to/verify-against-aws.md), or
  gives the reason for their absence.
- **Sources** are what AWS or others have published about it. *Model* is botocore's service model.

No decision rests on a report of `verify` [so far](../observations/index.md).
"""

SUBJECTS = {
    "agents.md": "dialing",
    "api-calls.md": "every operation",
    "batch-put-contact.md": "`BatchPutContact`",
    "contacts.md": "dialing",
    "mock.md": "the mock",
}
"""What the decisions of a page are about that no operation names."""

_GUIDE = "https://docs.aws.amazon.com/connect/latest/adminguide/"
_API = "https://docs.aws.amazon.com/connect/latest/APIReference/API_"
_LINKS = {
    "guide": ("Administrator guide, {}", _GUIDE),
    "api": ("{}", _API),
    "api-v1": ("{}, version 1", f"{_API}connect-outbound-campaigns_"),
    "api-v2": ("{}, version 2", f"{_API}connect-outbound-campaigns-v2_"),
}


def page() -> str:
    """Return the page."""
    all_decisions = decisions()
    parts = [INTRODUCTION, *_counts(all_decisions)]
    for name, group in groupby(all_decisions, key=lambda decision: decision.page):
        parts += _table(name, list(group))
    return "\n".join(parts)


def _counts(all_decisions: Sequence[Decision]) -> Iterator[str]:
    statuses = Counter(decision.status for decision in all_decisions)
    observable = Counter(decision.status for decision in all_decisions if decision.is_observable)
    shown = Counter(decision.status for decision in all_decisions if decision.scenarios)
    yield "## Numbers\n"
    yield "| status | decisions | observable | shown by scenarios |"
    yield "|---|---|---|---|"
    for status in STATUSES:
        yield f"| {status} | {statuses[status]} | {observable[status]} | {shown[status]} |"
    totals = " | ".join(str(counts.total()) for counts in (statuses, observable, shown))
    yield f"| all | {totals} |\n"


def _table(name: str, group: Sequence[Decision]) -> Iterator[str]:
    title = (FOLDER / name).read_text(encoding="utf-8").partition("\n")[0].partition(": ")[2]
    yield f"## {title[0].upper()}{title[1:]}\n"
    yield "| decision | status | observable | about | shown by | sources |"
    yield "|---|---|---|---|---|---|"
    for decision in group:
        yield _row(decision)
    yield ""


def _row(decision: Decision) -> str:
    operations = sorted({operation for _, operation in decision.operations})
    about = ", ".join(f"`{operation}`" for operation in operations) or SUBJECTS[decision.page]
    shown_by = ", ".join(f"`{scenario}`" for scenario in decision.scenarios) or decision.reason
    sources = "; ".join(map(_link, decision.sources))
    observable = "yes" if decision.is_observable else "no"
    cells = (
        f"[{decision.title}]({decision.page}#{decision.id})",
        decision.status,
        observable,
        about,
        shown_by,
        sources,
    )
    return f"| {' | '.join(cells)} |"


def _link(source: str) -> str:
    kind, _, name = source.partition(": ")
    if kind in _LINKS:
        text, address = _LINKS[kind]
        return f"[{text.format(name)}]({address}{name}.html)"
    if kind == "model":
        return f"model, `{name}`" if name else "model"
    return source


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
