"""The decisions: their pages, the data beside them, the operations and the scenarios that name them."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

sys.path.insert(0, str(Path(__file__).parent.parent))
from connect_batchmock.services.registry import FAKES
from connect_batchmock.verification.catalog import SCENARIOS
from tools.operations_page import DECISIONS, decisions_of, slug_of

FOLDER = DECISIONS[0].parent
DATA: Mapping[str, Mapping[str, Any]] = tomllib.loads((FOLDER / "decisions.toml").read_text(encoding="utf-8"))
"""What stands nowhere else about each decision, by its id."""

SECTION = re.compile(r"^### ([^\n]+)\n\n(.*?)(?=^##+ |\Z)", re.MULTILINE | re.DOTALL)
STATUS = re.compile(r"^\*\*Status: (documented|seen|inferred|unknown|ours)\b", re.MULTILINE)


@dataclass(frozen=True)
class Decision:
    """A decision.

    Args:
        title: its heading.
        page: the name of its page.
        text: what the page says about it, without the heading.
        operations: the operations whose functions name it, each as service and operation.
        scenarios: the ids of the scenarios that show it.
    """

    title: str
    page: str
    text: str
    operations: Sequence[tuple[str, str]]
    scenarios: Sequence[str]

    @property
    def id(self) -> str:
        return slug_of(self.title)

    @property
    def status(self) -> str:
        """The first status: what follows it on the page is about parts of the decision."""
        return STATUS.findall(self.text)[0]

    @property
    def data(self) -> Mapping[str, Any]:
        return DATA.get(self.id, {})

    @property
    def is_observable(self) -> bool:
        """Whether a customer of AWS can observe it."""
        return bool(self.data.get("observable"))

    @property
    def sources(self) -> Sequence[str]:
        return self.data.get("sources", ())

    @property
    def reason(self) -> str:
        """Why no scenario shows it."""
        return self.data.get("reason", "")


def decisions() -> list[Decision]:
    """Return all decisions, in the order of their pages."""
    operations = defaultdict(list)
    for address, fake in sorted(FAKES.items()):
        for title in decisions_of(fake):
            operations[title].append(address)
    scenarios = defaultdict(list)
    for scenario in SCENARIOS.values():
        scenarios[scenario.decision].append(scenario.id)
    return [
        Decision(title, page.name, text, operations[title], scenarios[slug_of(title)])
        for page in DECISIONS
        for title, text in SECTION.findall(page.read_text(encoding="utf-8"))
    ]
