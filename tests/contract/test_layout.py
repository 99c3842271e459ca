"""The layout of the package: its layers, its root, the length of its modules, and no circle of imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
from checkout import PACKAGE, ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = "A package imports only packages below it"
PYTEST = "Only the plugin imports pytest"
PATHS = sorted(PACKAGE.rglob("*.py"))
MAX_PUBLIC_MODULES = 8
MAX_LINES = {"connect_mock.py": 1500}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path.read_text(encoding="utf-8") for path in PATHS}


def imported_by(source: str, modules: Mapping[str, str]) -> Iterator[str]:
    """Yield the modules that a source imports, at its top, in functions and for type checkers."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            qualified = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in modules else str(node.module) for name in qualified]
        yield from (name for name in names if name in modules)


def circle_in(modules: Mapping[str, str]) -> list[str]:
    """Return the modules of a circle of imports in their order, or an empty list."""
    graph = {name: set(imported_by(source, modules)) - {name} for name, source in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]
    return []


def test_one_contract_has_the_layers_and_one_names_pytest() -> None:
    contracts = {contract["name"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
    assert contracts.keys() == {LAYERS, PYTEST}
    assert contracts[LAYERS]["containers"] == ["connect_batchmock"]
    assert contracts[LAYERS]["exhaustive"] is True
    assert contracts[PYTEST]["source_modules"] == ["connect_batchmock"]


def test_the_root_has_at_most_eight_public_modules() -> None:
    public = {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")}
    assert len(public) <= MAX_PUBLIC_MODULES, sorted(public)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES.get(path.name, 800)


def test_no_module_imports_itself_round_a_circle() -> None:
    assert " imports ".join(circle_in(SOURCES)) == ""


@pytest.mark.parametrize(
    "back",
    [
        "from a import A",
        "import a",
        "if TYPE_CHECKING:\n    from a import A",
        "def late():\n    from a import A",
    ],
)
def test_a_circle_is_detected(back: str) -> None:
    circle = circle_in({"a": "from b import c", "b.c": f"import b.d\n{back}", "b.d": "", "b": ""})
    assert sorted(set(circle)) == ["a", "b.c"]
