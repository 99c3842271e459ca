"""Where things stand: every module in the import contracts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

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


def test_only_the_plugin_is_free_to_import_pytest() -> None:
    assert set(CONTRACTS["Only the plugin imports pytest"]["source_modules"]) == MODULES - {
        "connect_batchmock.pytest_plugin"
    }


def test_every_module_has_its_place_in_the_layers() -> None:
    layers = CONTRACTS["Nothing below knows what is above"]["layers"]
    placed = {".".join(name.split(".")[:2]) for layer in layers for name in layer.split(" | ")}
    assert placed == MODULES
