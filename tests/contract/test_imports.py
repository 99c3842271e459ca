"""Importing the package loads no other library, and every public name resolves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import connect_batchmock

LIBRARIES = {"boto3", "botocore", "h11", "requests", "responses", "starlette", "uvicorn"}
HEAVY = f"print(sorted({LIBRARIES} & set(sys.modules)))"


def run(code: str, folder: Path) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("module", ["connect_batchmock", "connect_batchmock.pytest_plugin"])
def test_importing_loads_no_host_library(module: str, tmp_path: Path) -> None:
    assert run(f"import sys, {module}; {HEAVY}", tmp_path) == "[]"


def test_a_run_without_the_fixture_loads_no_host_library(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n")
    code = f"""
import os, sys, pytest
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
code = pytest.main(["-p", "connect_batchmock.pytest_plugin", "-p", "no:cacheprovider"])
assert code == 0, code
{HEAVY}
"""
    assert run(code, tmp_path) == "[]"


LATER = (
    "connect_batchmock.records.audit",
    "connect_batchmock.records.calling_",
    "connect_batchmock.server",
    "connect_batchmock.services.campaigns",
    "connect_batchmock.services.registry",
    "connect_batchmock.state",
    "connect_batchmock.verification",
)


def test_the_first_client_loads_only_what_it_needs(tmp_path: Path) -> None:
    code = f"""
import sys
import boto3
from connect_batchmock import mock_connect

def loaded():
    return [name for name in sys.modules if name.startswith({LATER})]

with mock_connect() as mock:
    client = boto3.client("connect", region_name="us-east-1")
    early = loaded()
    client.list_instances()
    assert "connect_batchmock.services.registry" in loaded()
print(early)
"""
    assert run(code, tmp_path) == "[]"


@pytest.mark.parametrize("name", connect_batchmock.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(connect_batchmock, name).__name__ == name
    assert name in dir(connect_batchmock)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'connect_batchmock' has no attribute 'nothing'"):
        connect_batchmock.nothing  # noqa: B018
