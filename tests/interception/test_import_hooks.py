"""Callbacks after an import: they run once the modules are complete, and never break the import."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from checkout import PACKAGE

from connect_batchmock import mock_connect
from connect_batchmock.interception import libraries
from connect_batchmock.interception.import_hooks import is_loaded, when_imported
from connect_batchmock.interception.patches import IncompatibleLibraryError

PATIENCE = 60


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


def test_callbacks_run_after_the_module_is_executed(module: str) -> None:
    notified: list[str] = []

    def do() -> None:
        notified.append(sys.modules[module].value)

    before = list(sys.meta_path)
    with when_imported(module, do), when_imported(module, do):
        importlib.import_module("beside_it")
        assert notified == []
        loaded = importlib.import_module(module)
        importlib.import_module(module)
        assert notified == ["there", "there"]
    assert sys.meta_path == before
    assert loaded.__spec__ is not None
    assert loaded.__loader__ is loaded.__spec__.loader is loaded.loader_while_loading
    assert type(loaded.__loader__).__name__ == "SourceFileLoader" or "Assertion" in str(loaded.__loader__)


def test_a_loaded_module_is_notified_immediately(module: str) -> None:
    importlib.import_module(module)
    notified: list[int] = []
    with when_imported(module, lambda: notified.append(1)):
        assert notified == [1]


def test_a_module_that_does_not_exist_is_missed_as_always() -> None:
    with when_imported("there_is_no_such_module", lambda: None), pytest.raises(ModuleNotFoundError):
        importlib.import_module("there_is_no_such_module")


def test_no_callback_runs_after_the_mock_has_stopped(module: str) -> None:
    notified: list[int] = []
    with when_imported(module, lambda: notified.append(1)):
        pass
    importlib.import_module(module)
    assert not notified


Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write a module that can be imported until the test ends."""
    written: list[str] = []

    def make(name: str, source: str) -> None:
        (tmp_path / f"{name}.py").write_text(source)
        importlib.invalidate_caches()
        written.append(name)

    monkeypatch.syspath_prepend(tmp_path)
    yield make
    for name in written:
        sys.modules.pop(name, None)


def test_nothing_is_done_while_a_needed_module_is_half_executed(write: Write) -> None:
    write("inner_library", "value = 1")
    write("outer_library", "import inner_library, sys\nsteps = sys.steps\nsteps.append('end of outer')")
    steps: list[str] = []
    sys.steps = steps  # type: ignore[attr-defined]
    try:
        with when_imported("inner_library", lambda: steps.append("done"), needs=["outer_library"]):
            importlib.import_module("outer_library")
            assert steps == ["end of outer", "done"]
    finally:
        del sys.steps  # type: ignore[attr-defined]


def test_a_needed_module_that_is_not_loaded_is_not_waited_for(write: Write) -> None:
    write("inner_library", "value = 1")
    write("outer_library", "import inner_library")
    steps: list[str] = []
    with when_imported("inner_library", lambda: steps.append("done"), needs=["outer_library"]):
        importlib.import_module("inner_library")
        assert steps == ["done"]


def test_a_mock_started_during_an_import_is_notified_at_its_end(write: Write) -> None:
    write("beginning", "import sys\nsys.begin()\nvalue = 'there'")
    notified: list[str] = []
    waiting = when_imported("beginning", lambda: notified.append(sys.modules["beginning"].value))
    sys.begin = waiting.__enter__  # type: ignore[attr-defined]
    try:
        module = importlib.import_module("beginning")
    finally:
        del sys.begin  # type: ignore[attr-defined]
    assert notified == ["there"]
    assert type(module.__spec__) is ModuleSpec
    waiting.__exit__(None, None, None)


def test_a_failing_import_hook_raises_on_exit(module: str) -> None:
    with pytest.raises(KeyError, match="mine"), when_imported(module, fail):
        assert importlib.import_module(module).value == "there"
    assert sys.modules[module].value == "there"


def fail() -> None:
    raise KeyError("mine")


def test_a_failing_callback_does_not_hide_a_failure(module: str) -> None:
    with pytest.raises(ValueError, match="the test's own"), when_imported(module, fail):  # noqa: PT012
        importlib.import_module(module)
        raise ValueError("the test's own")


def test_a_failed_callback_runs_after_the_next_import(write: Write) -> None:
    write("library", "value = 1")
    write("neighbor", "value = 2")
    notified: list[int] = []

    def do() -> None:
        notified.append(sys.modules["neighbor"].value)

    with when_imported("library", do, needs=["neighbor"]):
        importlib.import_module("library")
        assert not notified
        importlib.import_module("neighbor")
    assert notified == [2]


def test_a_failed_import_is_not_patched(write: Write) -> None:
    write("failing", "raise OSError('its own')")
    notified: list[int] = []
    with when_imported("failing", lambda: notified.append(1)):
        with pytest.raises(OSError, match="its own"):
            importlib.import_module("failing")
        assert not is_loaded("failing")
    assert not notified


def test_a_callback_can_import_watched_modules(write: Write) -> None:
    for name in ("library", "neighbor", "tool"):
        write(name, "value = 1")
    steps: list[str] = []

    def do() -> None:
        steps.append("begun")
        if len(steps) == 1:
            raise KeyError("not yet")
        importlib.import_module("tool")
        steps.append("done")

    with when_imported("library", do, needs=["neighbor.inner", "tool.inner"]):
        importlib.import_module("library")
        importlib.import_module("neighbor")
    assert steps == ["begun", "begun", "done"]


def test_an_import_after_the_mock_patches_nothing() -> None:
    entered: list[str] = []

    @contextmanager
    def context() -> Iterator[None]:
        entered.append("entered")
        yield

    with libraries._Contexts() as contexts:
        contexts.enter(context())
    contexts.enter(context())
    assert entered == ["entered"]


def test_a_callback_can_import_its_own_module(write: Write) -> None:
    write("library", "value = 1")
    write("library_tools", "import library")
    notified: list[int] = []

    def do() -> None:
        importlib.import_module("library_tools")
        notified.append(importlib.import_module("library").value)

    with when_imported("library", do, needs=["library_tools"]):
        importlib.import_module("library")
    assert notified == [1]


def test_a_specification_of_another_class_is_left_as_it_is(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OfAnotherClass(ModuleSpec):
        pass

    class Finder:
        @staticmethod
        def find_spec(name: str, path: Any, target: Any = None) -> ModuleSpec | None:
            return OfAnotherClass(name, None) if name == module else None

    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
    with when_imported(module, lambda: None):
        assert type(importlib.util.find_spec(module)) is OfAnotherClass


def test_a_stand_in_for_a_module_is_not_patched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", ModuleType("requests"))
    with mock_connect() as mock:
        assert mock.client().list_instances()["InstanceSummaryList"] == []


# Threads


def test_threads_that_import_each_other_s_modules_end(write: Write) -> None:
    write("one_library", "import sys\nsys.meet()\nimport other_library\nvalue = 1")
    write("other_library", "import sys\nsys.meet()\nimport one_library\nvalue = 2")
    meeting = threading.Barrier(2, timeout=PATIENCE)
    notified: list[str] = []

    def do() -> None:
        notified.append(importlib.import_module("other_library").__name__)

    sys.meet = meeting.wait  # type: ignore[attr-defined]
    try:
        with when_imported("one_library", do, needs=["other_library"]):
            threads = [
                threading.Thread(target=importlib.import_module, args=[name], daemon=True)
                for name in ("one_library", "other_library")
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)
            assert notified == ["other_library"]
    finally:
        del sys.meet  # type: ignore[attr-defined]


def test_a_mock_that_ends_within_an_import_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    adapters = importlib.import_module("requests.adapters")
    before = adapters.HTTPAdapter.send
    mock = mock_connect()
    with monkeypatch.context() as as_if_new:
        # The library is loaded late, and the mock stops before the adapter is loaded.
        as_if_new.delitem(sys.modules, "requests")
        as_if_new.delitem(sys.modules, libraries.REQUESTS.adapter, raising=False)
        mock.start()
        as_if_new.setattr(
            sys, "meta_path", [FindsAdapter(libraries.REQUESTS.adapter, mock.stop), *sys.meta_path]
        )
        importlib.import_module("requests")
        assert not mock.is_started
    assert adapters.HTTPAdapter.send is before


class FindsAdapter:
    """Calls a function when the adapter of a library is looked up."""

    def __init__(self, module: str, do: Callable[[], None]) -> None:
        self.module = module
        self.do = do

    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        if name == self.module:
            self.do()


# The libraries


LATE_IMPORTS = Path(__file__).with_name("late_imports.py")
WITHIN_A_MOCK = ["requests", "responses", "moto", "aiobotocore.credentials"]
WITHIN_A_GUARD = [
    "boto3",
    "responses",
    "aiobotocore.session",
    "connect_batchmock.interception.botocore",
    "connect_batchmock.interception.requests",
    "connect_batchmock.interception.loader_cache",
]


@pytest.mark.parametrize(
    ("way", "orders"), [("within_a_mock", WITHIN_A_MOCK), ("within_a_guard", WITHIN_A_GUARD)]
)
def test_libraries_can_be_imported_in_any_order(way: str, orders: list[str]) -> None:
    command = [sys.executable, str(LATE_IMPORTS), way, *orders]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


LIBRARIES = [libraries.BOTOCORE, libraries.AIOBOTOCORE, libraries.REQUESTS, libraries.MOTO]


def imported_by(module: str) -> set[str]:
    """Return the foreign modules that a module of the package imports, directly or indirectly."""
    path = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module))
    ours = {name for name in imported if name.startswith("connect_batchmock.")}
    return (imported - ours).union(*map(imported_by, ours & REACHED))


REACHED = {
    *(library.adapter for library in LIBRARIES),
    *(
        "connect_batchmock.interception.client_setup",
        "connect_batchmock.interception.event_handlers",
        "connect_batchmock.interception.http_sessions",
        "connect_batchmock.interception.loader_cache",
        "connect_batchmock.protocol.routing",
        "connect_batchmock.protocol.model",
    ),
}


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_all_that_ours_imports_is_known_to_be_needed(library: libraries.Library) -> None:
    not_needed = {*sys.stdlib_module_names, "connect_batchmock"}
    imported = {name for name in imported_by(library.adapter) if name.partition(".")[0] not in not_needed}
    assert imported
    assert imported <= {library.module, *library.needs}


def test_an_incompatible_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("requests")
    monkeypatch.setitem(sys.modules, libraries.REQUESTS.adapter, ModuleType("without_intercept"))
    with pytest.raises(IncompatibleLibraryError, match=r"does not work with requests \d"), mock_connect():
        pass
