"""The suite is collected without a usable aiobotocore, and tests that need it are skipped with the reason."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
FILES = [
    path
    for path in sorted(TESTS.rglob("test_*.py"))
    if "aiobotocore" in path.read_text(encoding="utf-8") and path != Path(__file__)
]

# Loading every plugin that is installed takes longer than the collection does.
PLUGINS = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "connect_batchmock.pytest_plugin,anyio.pytest_plugin,pytest_asyncio.plugin",
}
RUN = """
import importlib.metadata, sys
{before}
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""
MISSING = """
requires = importlib.metadata.requires
def without_aiobotocore(name):
    if name == "aiobotocore":
        raise importlib.metadata.PackageNotFoundError(name)
    return requires(name)
importlib.metadata.requires = without_aiobotocore
sys.modules["aiobotocore"] = None
"""
# A new botocore lacks names that the aiobotocore before it imports.
BOTOCORE_IS_NEWER = """
import botocore
botocore.__version__ = "99.0.0"
sys.modules["aiobotocore.session"] = None
"""


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (MISSING, "aiobotocore is not installed"),
        (BOTOCORE_IS_NEWER, "allows botocore <"),
    ],
    ids=["no aiobotocore", "a botocore that is newer than any aiobotocore"],
)
def test_tests_are_collected_without_a_usable_aiobotocore(before: str, reason: str) -> None:
    assert len(FILES) > 3
    options = ["--collect-only", "-q", "-rs", "-p", "no:cacheprovider"]

    done = subprocess.run(
        [sys.executable, "-c", RUN.format(before=before), *options, *map(str, FILES)],
        cwd=TESTS.parent,
        env=os.environ | PLUGINS,
        capture_output=True,
        text=True,
    )

    assert done.returncode == pytest.ExitCode.OK, done.stdout
    # Those that import it at their top; the others skip single tests when they run.
    assert re.findall(r"^SKIPPED \[(\d+)\] .*" + re.escape(reason), done.stdout, re.MULTILINE) == ["2"]
