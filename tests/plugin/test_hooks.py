"""An exception in a hook of the plugin is a line of the report: the run goes on, and its verdicts stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

# pytester forgets the modules that a run in this process was the first to import: these are to stay.
import boto3  # noqa: F401
import pytest

import connect_batchmock.activation.mock_connect
import connect_batchmock.records.comparison  # noqa: F401
from connect_batchmock import pytest_plugin

CONFTEST = """
import pytest
from connect_batchmock import ConnectMock, pytest_plugin
from connect_batchmock.interception import libraries
from connect_batchmock.records import comparison

raised = []

def broken_once(owner, name):
    original = getattr(owner, name)

    def function(*args, **options):
        if not raised:
            raised.append(name)
            raise RuntimeError("broken")
        return original(*args, **options)

    patch.setattr(owner, name, function)

patch = pytest.MonkeyPatch()

def pytest_unconfigure():
    patch.undo()

@pytest.fixture(scope="session")
def wide():
    from connect_batchmock import mock_connect
    with mock_connect() as mock:
        yield mock

def refused():
    import boto3
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    try:
        boto3.client("connect", region_name="us-east-1", **keys).list_instances()
    except Exception:
        pass

@pytest.fixture
def a_refused_call():
    return refused
"""

PASSING = "def test_it(connect_mock):\n    connect_mock.client().list_instances()\n"
FAILING = PASSING + "    assert 1 == 2\n"
OUTLIVED = "def test_one(wide): pass\n\ndef test_it(): pass\n"
SKIPPED = "import pytest\n\ndef test_it(a_refused_call):\n    a_refused_call()\n    pytest.skip('enough')\n"
REFUSED = "def test_it(a_refused_call):\n    a_refused_call()\n    assert 1 == 2\n"
NODE_DOWN = """
def pytest_sessionfinish(session):
    node = type("Node", (), {"workeroutput": {pytest_plugin._GUARD: 3}, "config": session.config})
    session.config.hook.pytest_testnodedown(node=node, error=None)
"""
BROKEN_LIST = """
class Broken(list):
    is_broken = True

    def __bool__(self):
        if self.is_broken:
            self.is_broken = False
            raise RuntimeError("broken")
        return False


def pytest_sessionstart(session):
    session.config.stash[pytest_plugin._guard_key]._of_run = Broken()
"""
BROKEN_CALLS = """
def broken(mock):
    raise RuntimeError("broken")

patch.setattr(ConnectMock, "calls", property(broken))
"""

# The hook, the code that breaks it, the test, its options, its outcome and the exit code.
BROKEN: list[tuple[str, str, str, list[str], dict[str, int], int]] = [
    (
        "pytest_collection_modifyitems",
        "broken_once(pytest_plugin, '_check_settings')",
        "import pytest\n\n@pytest.mark.connect_mock\ndef test_it(): pass\n",
        [],
        {"passed": 1},
        0,
    ),
    (
        "pytest_runtestloop",
        "broken_once(libraries, 'refuse')",
        PASSING,
        ["--connect-guard"],
        {"passed": 1},
        1,
    ),
    ("pytest_runtest_setup of *::test_it", BROKEN_CALLS, OUTLIVED, [], {"passed": 2}, 0),
    (
        "pytest_runtest_call of *::test_it",
        "broken_once(ConnectMock, 'assert_no_pending_faults')",
        PASSING,
        [],
        {"passed": 1},
        0,
    ),
    (
        "pytest_runtest_makereport of *::test_it",
        "broken_once(ConnectMock, 'describe_calls')",
        FAILING,
        [],
        {"failed": 1},
        1,
    ),
    (
        "pytest_runtest_makereport of *::test_it",
        "broken_once(pytest_plugin, '_refused_calls')",
        REFUSED,
        ["--connect-guard"],
        {"failed": 1},
        1,
    ),
    (
        "pytest_sessionfinish",
        BROKEN_LIST,
        PASSING,
        [],
        {"passed": 1},
        0,
    ),
    ("pytest_testnodedown", NODE_DOWN, PASSING, [], {"passed": 1}, 0),
    (
        "pytest_terminal_summary",
        "broken_once(pytest_plugin, '_refused_calls')",
        SKIPPED,
        ["--connect-guard"],
        {"skipped": 1},
        1,
    ),
    (
        "pytest_assertrepr_compare",
        "broken_once(comparison, 'why_unequal')",
        "def test_it(connect_mock):\n    assert connect_mock.calls == [1]\n",
        [],
        {"failed": 1},
        1,
    ),
]


@pytest.mark.parametrize(("hook", "breaking", "tests", "options", "outcomes", "code"), BROKEN)
def test_a_hook_that_breaks_is_a_line_of_the_report(
    pytester: pytest.Pytester,
    hook: str,
    breaking: str,
    tests: str,
    options: list[str],
    outcomes: dict[str, int],
    code: int,
) -> None:
    pytester.makeconftest(CONFTEST + breaking)
    pytester.makepyfile(tests)
    quiet = ["-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider"]
    result = pytester.runpytest_inprocess(*quiet, *options)
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    result.assert_outcomes(**outcomes)
    assert result.ret == code
    result.stdout.fnmatch_lines(["*= problems of connect_batchmock =*", f"{hook} raised *Error: * at *.py:*"])


def hooks_of(owner: Any) -> Iterator[str]:
    for name, value in vars(owner).items():
        if name.startswith("pytest_"):
            yield name
        if isinstance(value, type) and value.__module__ == pytest_plugin.__name__:
            yield from hooks_of(value)


def test_each_hook_is_made_to_break() -> None:
    tried = {hook.partition(" ")[0] for hook, *_ in BROKEN}
    # The other hooks depend on these. The teardown fails only a test.
    assert set(hooks_of(pytest_plugin)) - tried == {
        "pytest_addoption",
        "pytest_configure",
        "pytest_runtest_teardown",
    }


def test_a_worker_s_problem_is_reported_by_the_run(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    pytester.makeconftest(CONFTEST + "broken_once(ConnectMock, 'describe_calls')")
    pytester.makepyfile(FAILING)
    result = run_in_subprocess("-p", "xdist", "-n", "1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["pytest_runtest_makereport of *::test_it raised RuntimeError: broken at *"])
