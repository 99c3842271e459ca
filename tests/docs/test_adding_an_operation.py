"""An operation is added as the page for contributors says, by its steps, on a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import DOCS, ROOT
from doc_steps import steps_of, write

from connect_batchmock.services.registry import FAKES

PAGE = DOCS / "contributing.md"
OPERATION = "UpdateQueueOutboundEmailConfig"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the checkout; folders that others are made in are left out."""
    left_out = shutil.ignore_patterns("__pycache__", "_build", ".*")
    for name in ("connect_batchmock", "docs", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(command: str, checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the page on the copy, as if installed, and outside of this run's coverage."""
    python, *arguments = command.split()
    assert python == "python"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    # Only our plugin has a part in this, and loading the others takes longer than the tests do.
    plugins = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "connect_batchmock.pytest_plugin"}
    environment = {**inherited, **plugins, "PYTHONPATH": str(checkout)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=checkout, env=environment, capture_output=True, text=True
    )


def outcome(done: subprocess.CompletedProcess[str]) -> str:
    """Return the last line of a test run without its duration."""
    return re.sub(r"=* ?(.*) in [0-9.]+s.*", r"\1", done.stdout.splitlines()[-1])


def test_an_operation_is_added_as_the_page_says(checkout: Path) -> None:
    assert ("connect", OPERATION) not in FAKES, "it has a fake now: choose another operation for the page"
    first, second, third, last = [step.content for step in steps_of(PAGE) if step.kind == "console"]
    steps = [step for step in steps_of(PAGE) if step.kind == "file"]
    assert first == second

    write(steps[0], checkout)
    failed = run(first, checkout)
    assert outcome(failed) == "2 failed"
    assert len(re.findall(r"^E .*\.UnfakedOperationError: ", failed.stdout, re.MULTILINE)) == 2

    for step in steps[1:]:
        write(step, checkout)
    assert outcome(run(second, checkout)) == "2 passed"
    assert re.match(r"\d+ passed, \d+ deselected$", outcome(run(third, checkout)))

    run(last, checkout).check_returncode()
    page = (checkout / "docs" / "reference" / "operations.md").read_text(encoding="utf-8")
    assert f"| `{OPERATION}` | Set the email address of a queue, which has no effect on dialing. |" in page
