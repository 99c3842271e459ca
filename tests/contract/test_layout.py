"""The layout: the modules at the root of the package, and the length of each module."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "connect_batchmock"
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["name"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = {"connect_mock.py": 1200}


def test_the_contracts_hold_for_every_module() -> None:
    layers = CONTRACTS["A package imports only packages below it"]
    assert layers["containers"] == ["connect_batchmock"]
    assert layers["exhaustive"] is True
    assert CONTRACTS["Only the plugin imports pytest"]["source_modules"] == ["connect_batchmock"]


def test_the_root_holds_at_most_eight_public_modules() -> None:
    at_root = {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")}
    assert len(at_root) <= 8, sorted(at_root)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_can_be_read_at_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST.get(path.name, 800)
