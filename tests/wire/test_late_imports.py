"""What waits for a module is told when it is there, and the module looks as always."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connect_batchmock.wire.imports import when_imported


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = "awaited_by_a_test"
    (tmp_path / "beside_it.py").write_text("")
    (tmp_path / f"{name}.py").write_text(
        "import sys\nvalue = 'there'\nloader_while_loading = __spec__.loader\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    sys.modules.pop(name, None)
    sys.modules.pop("beside_it", None)


def test_those_who_wait_are_told_once_the_module_is_executed(module: str) -> None:
    told: list[str] = []

    def do() -> None:
        told.append(sys.modules[module].value)

    before = list(sys.meta_path)
    with when_imported(module, do), when_imported(module, do):
        importlib.import_module("beside_it")
        assert told == []
        loaded = importlib.import_module(module)
        importlib.import_module(module)
        assert told == ["there", "there"]
    assert sys.meta_path == before
    assert loaded.__spec__ is not None
    assert loaded.__loader__ is loaded.__spec__.loader is loaded.loader_while_loading
    assert type(loaded.__loader__).__name__ == "SourceFileLoader" or "Assertion" in str(loaded.__loader__)


def test_a_module_that_is_there_already_is_told_at_once(module: str) -> None:
    importlib.import_module(module)
    told: list[int] = []
    with when_imported(module, lambda: told.append(1)):
        assert told == [1]


def test_a_module_that_does_not_exist_is_missed_as_always() -> None:
    with when_imported("there_is_no_such_module", lambda: None), pytest.raises(ModuleNotFoundError):
        importlib.import_module("there_is_no_such_module")


def test_nobody_is_told_afterwards(module: str) -> None:
    told: list[int] = []
    with when_imported(module, lambda: told.append(1)):
        pass
    importlib.import_module(module)
    assert not told
