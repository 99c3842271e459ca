"""The name of a test is a sentence that a line of output can show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from checkout import DOCS, ROOT

PATHS = [*sorted((ROOT / "tests").rglob("*.py")), *sorted((DOCS / "examples").rglob("*.py"))]
TEST = re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE)
MAX_LENGTH = 60


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_name_of_a_test_has_at_most_60_characters(path: Path) -> None:
    names = TEST.findall(path.read_text(encoding="utf-8"))
    assert [name for name in names if len(name) > MAX_LENGTH] == []
