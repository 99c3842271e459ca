"""The imports have no circle, including those for type checkers and those within functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import connect_batchmock

PACKAGE = Path(connect_batchmock.__file__).parent


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}


def imported_by(source: str, modules: Mapping[str, str]) -> Iterator[str]:
    """Yield the modules that a source imports, at any level."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in modules else str(node.module) for name in imported]
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
def test_a_circle_would_be_found(back: str) -> None:
    circle = circle_in({"a": "from b import c", "b.c": f"import b.d\n{back}", "b.d": "", "b": ""})
    assert sorted(set(circle)) == ["a", "b.c"]
