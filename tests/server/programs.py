"""The programs that tests of the server start, which are no Python packages."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRED = "CONNECT_BATCHMOCK_REQUIRE_TOOLS"
"""The variable that makes a missing program a failure: where every program is to be there."""


def tool(name: str, variable: str | None = None) -> str:
    """Return the path of a program, or skip the test that wants it.

    Args:
        name: its name, which is looked for in the PATH.
        variable: the variable that says where it is instead.
    """
    path = os.environ.get(variable or "") or shutil.which(name)
    if path is None:
        missing(f"{name} is not installed")
    return path


def missing(what: str) -> None:
    """Skip a test for a missing program, or fail it where every program is required."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{what}, and {REQUIRED} is set")
    pytest.skip(what)
