"""Where things stand: every module in the import contracts, and every sentence in ``explain``."""

from __future__ import annotations

import ast
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
CONTRACTS = {one["name"]: one for one in PYPROJECT["tool"]["importlinter"]["contracts"]}
MODULES = {
    f"connect_batchmock.{path.stem}"
    for path in PACKAGE.iterdir()
    if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
}
OUTSIDE = [path for path in PACKAGE.rglob("*.py") if "explain" not in path.parts]


def test_only_the_plugin_is_free_to_import_pytest() -> None:
    assert set(CONTRACTS["Only the plugin imports pytest"]["source_modules"]) == MODULES - {
        "connect_batchmock.pytest_plugin"
    }


def test_every_module_has_its_place_in_the_layers() -> None:
    layers = CONTRACTS["Nothing below knows what is above"]["layers"]
    placed = {".".join(name.split(".")[:2]) for layer in layers for name in layer.split(" | ")}
    assert placed == MODULES


def texts(source: str) -> list[str]:
    """Return the texts of a module, without its docstrings and the reasons of its assertions."""
    tree = ast.parse(source)
    others = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    reasons = [node.msg for node in ast.walk(tree) if isinstance(node, ast.Assert) and node.msg]
    others |= {node for reason in reasons for node in ast.walk(reason) if isinstance(node, ast.expr)}
    return [text for node in ast.walk(tree) if node not in others and (text := text_of(node))]


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "it" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_a_sentence(text: str) -> bool:
    return len(text.split()) > 3 and (text.rstrip().endswith(".") or ". " in text)


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_sentences_stand_where_they_can_be_read_together(path: Path) -> None:
    found = [text for text in texts(path.read_text(encoding="utf-8")) if is_a_sentence(text)]
    # What pytest prints with --markers is a line of its own form.
    assert [text for text in found if "(*, " not in text] == []


def test_a_sentence_would_be_found() -> None:
    assert any(map(is_a_sentence, texts('raise ValueError(f"There is no {name!r} left. Give another.")')))
    assert not any(map(is_a_sentence, texts('"""It is a docstring of its own."""')))
