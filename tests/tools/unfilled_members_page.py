"""Make docs/reference/unfilled-members.md from botocore's service models and the story of output members.

Run it with ``python tests/tools/unfilled_members_page.py``. A test compares the page with what this makes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import botocore

sys.path.insert(0, str(Path(__file__).parent.parent))
import output_members

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "unfilled-members.md"

MADE_FROM = "<!-- Made by tests/tools/unfilled_members_page.py from the models of botocore {version}. -->"

INTRODUCTION = """\
# Members that are never filled

The output members of the faked operations that no response of the mock has, by operation, with the reason.
Responses fill every other member of the [operations](operations.md) where it applies. `[]` stands for the
entries of a list. The members of a structure that is never filled are not listed again.

A script makes this page from botocore's service models and from API calls that fill what they can; a test
fails when a member is neither filled nor listed, and when the page is stale.
"""


def page(unfilled: Mapping[str, Sequence[str]]) -> str:
    """Return the page, without its last line, which names the version of botocore.

    Args:
        unfilled: the paths of the members that no response had, by service.
    """
    return "\n".join(
        [INTRODUCTION, *(part for service in unfilled for part in _service(service, unfilled[service]))]
    )


def _service(service: str, paths: Sequence[str]) -> Iterator[str]:
    yield f"## `{service}`\n"
    yield "| operation | member | reason |"
    yield "|---|---|---|"
    for path in paths:
        operation, _, member = path.partition(".")
        yield f"| `{operation}` | `{member}` | {output_members.reason_for(service, path)} |"
    yield ""


if __name__ == "__main__":
    made_from = MADE_FROM.format(version=botocore.__version__)
    PAGE.write_text(f"{page(output_members.completed_story().unfilled)}\n{made_from}\n", encoding="utf-8")
