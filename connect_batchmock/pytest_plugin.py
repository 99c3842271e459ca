"""The pytest plugin: fixtures, the marker, and the sections of the report.

pytest loads this module in every run, even in one that never uses it: until a fixture is requested, it
imports the import hooks alone.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from argparse import ArgumentTypeError
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from connect_batchmock.activation.failure_coverage import FailureCoverage
    from connect_batchmock.activation.privileged_calls import PrivilegedCalls
    from connect_batchmock.activation.tallies import Tallies
    from connect_batchmock.clients import (
        ConnectCampaignServiceClient,
        ConnectCampaignServiceV2Client,
        ConnectClient,
    )
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.protocol.http import RefusedCall
    from connect_batchmock.records.calls import Calls
    from connect_batchmock.records.handles import Campaign, Instance, Queue
    from connect_batchmock.server.server import Server
    from connect_batchmock.settings import ConnectMockSettings

_MARKER = "connect_mock"
_GUARD = "connect_batchmock_guard"
_TALLIES = "connect_batchmock_tallies"
_mock_key = pytest.StashKey["ConnectMock"]()
_guard_key = pytest.StashKey["_RefusedCallReporter"]()
_problems_key = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("connect-batchmock", "Amazon Connect fake")
    group.addoption(
        "--connect-calls",
        type=_count,
        default=20,
        metavar="N",
        help="show at most N API calls of each mock with a failed test (default: 20; 0 shows none); see "
        "--markers for the settings of a mock",
    )
    group.addoption(
        "--connect-guard",
        action="store_true",
        help="refuse every API call to Amazon Connect while no mock is active, and fail the test that makes "
        "the call",
    )
    group.addoption(
        "--connect-coverage",
        nargs="?",
        const=0.0,
        type=_percentage,
        metavar="MIN",
        help="show which failures of the called operations and of the contacts the tests exercised, and fail "
        "the run if these are less than MIN percent",
    )
    group.addoption(
        "--connect-coverage-file",
        metavar="PATH",
        help="write the coverage of failures to a JSON file; implies --connect-coverage",
    )
    parser.addini("connect_guard", "enable --connect-guard in every run", type="bool", default=False)


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _percentage(text: str) -> float:
    try:
        percentage = float(text)
    except ValueError:
        percentage = -1
    if not 0 <= percentage <= 100:
        raise ArgumentTypeError(
            f"takes a percentage from 0 to 100, as in --connect-coverage=90, not {text!r}; without a "
            f"percentage, write it behind the paths of tests"
        )
    return percentage


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the reporters of mocks and of refused calls."""
    config.stash[_problems_key] = []
    config.stash[_guard_key] = _RefusedCallReporter(config)
    config.pluginmanager.register(config.stash[_guard_key], _GUARD)
    tallies = _TallyReporter(config)
    config.pluginmanager.register(tallies, _TALLIES)
    mocks = _MockReporter(config, tallies)
    config.pluginmanager.register(mocks, "connect_batchmock_mocks")
    with ExitStack() as observation:
        observation.enter_context(_observed(mocks))
        config.add_cleanup(observation.pop_all().close)
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(**settings): run the test with the fixture connect_mock, whose mock has these settings: "
        "region, account_id, caller, strict, unfaked, credentials, seed, quotas, concurrent_calls, "
        "pending_requests, requests_per_second, state. Where several markers name a setting, the closest one "
        "wins.",
    )


@contextmanager
def _observed(mocks: _MockReporter) -> Iterator[None]:
    from connect_batchmock.interception.import_hooks import when_imported

    def observe() -> None:
        from connect_batchmock.activation.mock_connect import observed

        observation.enter_context(observed(mocks))

    with ExitStack() as observation:
        observation.enter_context(when_imported("connect_batchmock.activation.mock_connect", observe))
        yield


@contextmanager
def _contained(config: pytest.Config, hook: str) -> Iterator[None]:
    """Report an exception in a hook of this plugin in the summary, instead of ending the run with it.

    Exceptions that a hook raises for pytest, failures and usage errors, propagate.
    """
    try:
        yield
    except pytest.UsageError:
        raise
    except Exception as error:
        *_, frame = traceback.extract_tb(error.__traceback__)
        message = " ".join(traceback.format_exception_only(error)[-1].split())
        problem = f"{hook} raised {message} at {frame.filename}:{frame.lineno}"
        config.stash[_problems_key].append(problem)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check the settings of all markers before any test runs."""
    with _contained(config, "pytest_collection_modifyitems"):
        for item in items:
            if item.get_closest_marker(_MARKER) is not None:
                _check_settings(_marked_settings(item), item.nodeid)


@pytest.fixture(autouse=True)
def _connect_mock_of_marker(request: pytest.FixtureRequest) -> None:
    """Use the fixture in marked tests; fixtures of wider scope are set up before it, outside of the mock."""
    if request.node.get_closest_marker(_MARKER) is not None:
        request.getfixturevalue("_mock_in_use")


def _marked_settings(item: pytest.Item) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for marker in item.iter_markers(_MARKER):
        if marker.args:
            raise pytest.UsageError(
                f"{item.nodeid}: the marker connect_mock takes settings by keyword, not {marker.args!r}."
            )
        settings = {**marker.kwargs, **settings}
    return settings


def _check_settings(settings: Any, where: str) -> None:
    from connect_batchmock.settings import Settings

    if not isinstance(settings, Mapping):
        raise pytest.UsageError(f"{where} must return a dict of settings, not {settings!r}.")
    try:
        Settings.of(settings)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"{where}: {error}") from None


@pytest.fixture(scope="session")
def connect_mock_settings() -> ConnectMockSettings:
    """The settings of the project's mocks, a dict: override this fixture in a conftest.py."""
    return {}


@pytest.fixture
def _connect_mock(
    _connect_guard: None, request: pytest.FixtureRequest, connect_mock_settings: Mapping[str, Any]
) -> Iterator[ConnectMock]:
    from connect_batchmock.activation.mock_connect import mock_connect

    _check_settings(connect_mock_settings, "connect_mock_settings")
    settings = {**connect_mock_settings, **_marked_settings(request.node)}
    activation = mock_connect(**_with_state_in(request.config.rootpath, settings))
    mock = request.node.stash[_mock_key] = activation.start()
    try:
        yield mock
    finally:
        # pytest_runtest_call has asserted what the setting strict asserts.
        activation.release()


@pytest.fixture
def connect_mock(_connect_mock: ConnectMock) -> ConnectMock:
    """A fake Amazon Connect that answers all boto3 clients while the test runs."""
    return _connect_mock


def _with_state_in(directory: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Resolve the setting ``state`` relative to this directory, if the file exists there."""
    path = directory / (settings.get("state") or "")
    return {**settings, "state": path} if path.is_file() else settings


# A project may override these fixtures. If its fixture returns an object of the same type, the other fixtures
# of the plugin use it; otherwise they use a private fixture.


@pytest.fixture
def _mock_in_use(request: pytest.FixtureRequest, connect_mock: object) -> ConnectMock:
    from connect_batchmock.connect_mock import ConnectMock

    if isinstance(connect_mock, ConnectMock):
        return connect_mock
    mock: ConnectMock = request.getfixturevalue("_connect_mock")
    return mock


@pytest.fixture
def _connect_instance(_mock_in_use: ConnectMock) -> Instance:
    return _mock_in_use.add_instance()


@pytest.fixture
def _instance_in_use(request: pytest.FixtureRequest, connect_instance: object) -> Instance:
    from connect_batchmock.records.handles import Instance

    if isinstance(connect_instance, Instance):
        return connect_instance
    instance: Instance = request.getfixturevalue("_connect_instance")
    return instance


@pytest.fixture
def _connect_queue(_instance_in_use: Instance) -> Queue:
    return _instance_in_use.add_queue()


@pytest.fixture
def _queue_in_use(request: pytest.FixtureRequest, _instance_in_use: Instance, connect_queue: object) -> Queue:
    from connect_batchmock.records.handles import Queue

    if isinstance(connect_queue, Queue) and connect_queue in _instance_in_use.queues:
        return connect_queue
    queue: Queue = request.getfixturevalue("_connect_queue")
    return queue


@pytest.fixture
def connect_server(_mock_in_use: ConnectMock) -> Iterator[Server]:
    """An HTTP server through which other processes call the mock of the test."""
    with _mock_in_use.serve() as server:
        yield server


@pytest.fixture
def connect_instance(_connect_instance: Instance) -> Instance:
    """An Amazon Connect instance of the mock."""
    return _connect_instance


@pytest.fixture
def connect_queue(_connect_queue: Queue) -> Queue:
    """A queue of ``connect_instance``."""
    return _connect_queue


@pytest.fixture
def connect_campaign(_instance_in_use: Instance, _queue_in_use: Queue) -> Campaign:
    """A campaign of ``connect_instance`` with the queue ``connect_queue``."""
    return _instance_in_use.add_campaign(queue=_queue_in_use)


@pytest.fixture(scope="session")
def _connect_session() -> Any:
    """A session for the whole run: its clients share the loaded models, and are cheap to make."""
    # Imports botocore before interception.botocore, for whose import the guard of the run waits.
    import connect_batchmock.connect_mock  # noqa: F401
    from connect_batchmock.interception.botocore import new_session

    return new_session("us-east-1")


@pytest.fixture
def connect_client(_mock_in_use: ConnectMock, _connect_session: Any) -> ConnectClient:
    """A boto3 client of Amazon Connect in the mock's region."""
    return _client(_mock_in_use, _connect_session, "connect")


@pytest.fixture
def connectcampaigns_client(_mock_in_use: ConnectMock, _connect_session: Any) -> ConnectCampaignServiceClient:
    """A boto3 client of the outbound campaigns service, version 1, in the mock's region."""
    return _client(_mock_in_use, _connect_session, "connectcampaigns")


@pytest.fixture
def connectcampaignsv2_client(
    _mock_in_use: ConnectMock, _connect_session: Any
) -> ConnectCampaignServiceV2Client:
    """A boto3 client of the outbound campaigns service, version 2, in the mock's region."""
    return _client(_mock_in_use, _connect_session, "connectcampaignsv2")


def _client(mock: ConnectMock, session: Any, service: str) -> Any:
    return mock.attach(session.create_client(service, region_name=mock.settings.region))


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """With ``--connect-guard``, guard the whole run."""
    config = session.config
    if not (config.getoption("connect_guard") or config.getini("connect_guard")):
        return (yield)
    with ExitStack() as guard:
        with _contained(config, "pytest_runtestloop"):
            config.stash[_guard_key].is_missing = True
            guard.enter_context(_guarded(config, refuses_all=True))
            config.stash[_guard_key].is_missing = False
        return (yield)


@pytest.fixture(scope="session")
def _connect_guard(pytestconfig: pytest.Config) -> Iterator[None]:
    """From the first mock on, guard the run against API calls after a mock has stopped."""
    with _guarded(pytestconfig, refuses_all=False):
        yield


@contextmanager
def _guarded(config: pytest.Config, *, refuses_all: bool) -> Iterator[None]:
    from connect_batchmock.activation.guard import Guard
    from connect_batchmock.interception import libraries
    from connect_batchmock.interception.import_hooks import when_imported

    def watch() -> None:
        from connect_batchmock.activation.mock_connect import watched

        restore.enter_context(watched(guard))

    guard = Guard(config.stash[_guard_key].add, refuses_all=refuses_all)
    with ExitStack() as restore:
        restore.enter_context(libraries.refuse(guard.refuse, guard.refuse_connection))
        restore.enter_context(when_imported("connect_batchmock.activation.mock_connect", watch))
        yield


class _RefusedCallReporter:
    """Reports refused API calls: a call in a phase of a test fails the test, any other call fails the run."""

    def __init__(self, config: pytest.Config) -> None:
        self.is_missing = False
        """Whether the guard of the whole run failed to start."""
        self._config = config
        self._of_run: list[str] = []
        self._of_phase: list[RefusedCall] | None = None

    def add(self, refused: RefusedCall) -> None:
        """Add a refused API call."""
        if self._of_phase is None:
            self._of_run.append(_line_in_run(refused))
        else:
            self._of_phase.append(refused)

    # Setup, call and teardown of a test. These wrappers enclose other plugins, which may make API calls, too.

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        return (yield from self._phase())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        return (yield from self._phase())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        return (yield from self._phase())

    def _phase(self) -> Generator[None, object, object]:
        """Fail a phase in which an API call was refused, even if the application swallows the exception.

        A phase that raises an exception fails with that one.
        """
        refused: list[RefusedCall] = []
        self._of_phase = refused
        result = yield
        if refused:
            self._of_phase = None
            pytest.fail(_refused_calls([_line_in_test(call) for call in refused]), pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show the refused API calls with a phase that failed for another reason."""
        report = yield
        with _contained(self._config, f"pytest_runtest_makereport of {report.nodeid}"):
            refused, self._of_phase = self._of_phase or [], None
            if not (report.failed or hasattr(report, "wasxfail")):
                self._of_run.extend(map(_line_in_run, refused))
            elif refused:
                lines = [_line_in_test(call) for call in refused]
                _add_section(report, "Amazon Connect called without a mock", _refused_calls(lines))
        return report

    # End of the run

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run if an API call was refused outside of tests, or if the guard failed to start."""
        with _contained(self._config, "pytest_sessionfinish"):
            workeroutput = getattr(self._config, "workeroutput", None)
            if workeroutput is not None:
                problems = self._config.stash[_problems_key]
                workeroutput[_GUARD] = [self._of_run, self.is_missing, problems]
            elif (self._of_run or self.is_missing) and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Collect the refused API calls and the problems of a pytest-xdist worker."""
        with _contained(self._config, "pytest_testnodedown"):
            refused, is_missing, problems = getattr(node, "workeroutput", {}).get(_GUARD, ([], False, []))
            self._of_run.extend(refused)
            self.is_missing |= is_missing
            self._config.stash[_problems_key].extend(problems)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """List the API calls that were refused outside of tests, and the problems of this plugin."""
        with _contained(self._config, "pytest_terminal_summary"):
            if self._of_run:
                terminalreporter.section("Amazon Connect called without a mock", red=True)
                terminalreporter.line(_refused_calls(self._of_run))
        problems = self._config.stash[_problems_key]
        if problems:
            terminalreporter.section("problems of connect_batchmock", yellow=True)
            for problem in problems:
                terminalreporter.line(problem)


def _refused_calls(lines: Sequence[str]) -> str:
    calls = f"{len(lines):,} API call{'' if len(lines) == 1 else 's'} to Amazon Connect"
    listed = "\n".join(f"  {number:>3}. {line}" for number, line in enumerate(lines, 1))
    return f"connect_batchmock refused {calls}, because no mock was active:\n{listed}"


def _line_in_test(refused: RefusedCall) -> str:
    return f"{refused.operation} at {refused.where}"


def _line_in_run(refused: RefusedCall) -> str:
    # pytest sets the variable to "path::test (call)".
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0] or "no test"
    return f"{refused.operation} in {test}, at {refused.where}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Forget the mock of the previous run of a test that is run again."""
    with _contained(item.config, f"pytest_runtest_setup of {item.nodeid}"):
        if _mock_key in item.stash:
            del item.stash[_mock_key]
    with _excusing_mocks():
        return (yield)


@contextmanager
def _excusing_mocks() -> Iterator[None]:
    """Excuse the active mocks from ``strict`` if a test fails or is skipped: it explains pending faults."""
    try:
        yield
    except BaseException:
        activation = sys.modules.get("connect_batchmock.activation.mock_connect")
        if activation is not None:
            activation.excuse_active_mocks()
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Assert what the setting ``strict`` asserts, after a test that passed."""
    with _excusing_mocks():
        result = yield
        violation = ""
        with _contained(item.config, f"pytest_runtest_call of {item.nodeid}"):
            mock = item.stash.get(_mock_key, None)
            violation = "" if mock is None else _strict_violation(mock)
        if violation:
            pytest.fail(
                f"The test passed, but its mock is strict; strict=False turns this check off.\n{violation}",
                pytrace=False,
            )
    return result


def _strict_violation(mock: ConnectMock) -> str:
    from connect_batchmock.activation.mock_connect import assert_strict

    try:
        assert_strict(mock)
    except AssertionError as error:
        return str(error)
    return ""


class _RunTallies:
    """The tallies of a run. It is no plugin: older versions of pytest read all attributes of plugins.

    Args:
        covers_failures: whether the run asks for the coverage of failures.
    """

    def __init__(self, covers_failures: bool) -> None:
        self._covers_failures = covers_failures

    @property
    def are_used(self) -> bool:
        """Whether the run has had mocks, or asks for the coverage of failures."""
        return self._covers_failures or "of_mocks" in vars(self)

    @cached_property
    def of_mocks(self) -> Tallies:
        """The tallies of all mocks; a run without mocks does not import them."""
        from connect_batchmock.activation.tallies import Tallies

        coverage = {"failure_coverage": self.failure_coverage} if self._covers_failures else {}
        return Tallies({"privileged_calls": self.privileged_calls, **coverage})

    @cached_property
    def privileged_calls(self) -> PrivilegedCalls:
        """The tally of privileged calls."""
        from connect_batchmock.activation.privileged_calls import PrivilegedCalls

        return PrivilegedCalls()

    @cached_property
    def failure_coverage(self) -> FailureCoverage:
        """The tally of failures."""
        from connect_batchmock.activation.failure_coverage import FailureCoverage

        return FailureCoverage()


class _TallyReporter:
    """Reports at the end of a run what all its mocks recorded, those of pytest-xdist workers included."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._minimum: float | None = config.getoption("connect_coverage")
        self._file: str | None = config.getoption("connect_coverage_file")
        is_requested = self._minimum is not None or self._file is not None
        self._covers_failures = is_requested and not config.option.collectonly
        self.of_run = _RunTallies(self._covers_failures)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the tallies of a pytest-xdist worker to the run, or fail a run that covers too little."""
        if not self.of_run.are_used:
            return
        workeroutput = getattr(self._config, "workeroutput", None)
        # A run whose coverage cannot be reported fails, too.
        must_fail = self._covers_failures and workeroutput is None
        with _contained(self._config, "pytest_sessionfinish"):
            self.of_run.of_mocks.collect()
            if workeroutput is not None:
                workeroutput[_TALLIES] = self.of_run.of_mocks.as_json()
            else:
                self._write_file()
                must_fail = self._is_below_minimum()
        if must_fail and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _is_below_minimum(self) -> bool:
        return self._covers_failures and self.of_run.failure_coverage.percent < (self._minimum or 0)

    def _write_file(self) -> None:
        if self._covers_failures and self._file is not None:
            path = self._config.invocation_params.dir / self._file
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self.of_run.failure_coverage.as_json(), indent=2)
            path.write_text(f"{text}\n", encoding="utf-8")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Collect the tallies of a pytest-xdist worker."""
        with _contained(self._config, "pytest_testnodedown"):
            output = getattr(node, "workeroutput", {})
            if _TALLIES in output:
                self.of_run.of_mocks.merge(output[_TALLIES])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show which failures the tests exercised, and say how many API calls production would deny."""
        with _contained(self._config, "pytest_terminal_summary"):
            if self._covers_failures:
                terminalreporter.section("coverage of failures")
                terminalreporter.line(self.of_run.failure_coverage.table())
            if self._is_below_minimum():
                terminalreporter.line(
                    f"FAIL --connect-coverage={self._minimum:g}: the tests exercised "
                    f"{self.of_run.failure_coverage.percent:g} % of the failures.",
                    red=True,
                )
            summary = self.of_run.privileged_calls.summary() if self.of_run.are_used else None
            if summary is not None:
                terminalreporter.line(summary)


class _MockReporter:
    """Reports the API calls that mocks answered with a failed test."""

    def __init__(self, config: pytest.Config, tallies: _TallyReporter) -> None:
        self._config = config
        self._tallies = tallies
        self._active: list[ConnectMock] = []
        self._started: list[ConnectMock] = []
        self._outlived: list[tuple[ConnectMock, Calls, str]] = []

    def mock_started(self, mock: ConnectMock) -> None:
        self._active.append(mock)
        self._started.append(mock)
        self._tallies.of_run.of_mocks.mock_started(mock)

    def mock_stopped(self, mock: ConnectMock) -> None:
        self._active.remove(mock)
        with _contained(self._config, "mock_stopped"):
            self._tallies.of_run.of_mocks.mock_stopped(mock)

    def replacing_records(self, mock: ConnectMock) -> AbstractContextManager[None]:
        return self._tallies.of_run.of_mocks.replacing_records(mock)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Forget the mocks of the previous test, except those that are still active, such as a module's."""
        with _contained(item.config, f"pytest_runtest_setup of {item.nodeid}"):
            self._started = []
            self._outlived = [(mock, mock.calls, mock.describe_calls()) for mock in self._active]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show the API calls of its mocks with a failed test."""
        report = yield
        with _contained(item.config, f"pytest_runtest_makereport of {item.nodeid}"):
            limit = item.config.getoption("connect_calls")
            if report.failed and limit:
                for title, story in self._stories(item, limit):
                    _add_section(report, title, story)
                    _attach_to_allure(item.config, title, story)
        return report

    def _stories(self, item: pytest.Item, limit: int) -> list[tuple[str, str]]:
        """Return what happened in the mocks of a test, each with its title; nothing of an unused mock."""
        used = [(name, mock) for name, mock in self._named(item) if self._is_used(mock)]
        return [
            (f"Amazon Connect calls{_owner(name, number, len(used))}", mock.describe_calls(limit))
            for number, (name, mock) in enumerate(used, 1)
        ]

    def _named(self, item: pytest.Item) -> list[tuple[str | None, ConnectMock]]:
        """Return the mocks of a test, without duplicates, each with the name of its fixture, if any."""
        fixtures = {_MARKER: item.stash.get(_mock_key, None), **getattr(item, "funcargs", {})}
        named = [(name, value) for name, value in fixtures.items() if _is_mock(value)]
        others = [(None, mock) for mock in (*(mock for mock, *_ in self._outlived), *self._started)]
        by_id: dict[int, tuple[str | None, ConnectMock]] = {}
        for name, mock in (*named, *others):
            by_id.setdefault(id(mock), (name, mock))
        return list(by_id.values())

    def _is_used(self, mock: ConnectMock) -> bool:
        """Whether the story of a mock has something that happened since the test began."""
        from connect_batchmock.records.report import NO_CALLS

        # Calls as well as the story: after a reset, the same calls have the same story.
        now = mock.calls, mock.describe_calls()
        before = [(calls, story) for outlived, calls, story in self._outlived if outlived is mock]
        return now[1] != NO_CALLS and now not in before


def _owner(name: str | None, number: int, count: int) -> str:
    if name == _MARKER or (name is None and count == 1):
        return ""
    return f" of {name or f'mock {number}'}"


def _is_mock(value: object) -> bool:
    module = sys.modules.get("connect_batchmock.connect_mock")
    return module is not None and isinstance(value, module.ConnectMock)


def _add_section(report: pytest.TestReport, title: str, text: str) -> None:
    """Add a section to the representation of the failure, which JUnit XML, JSON and xdist workers carry."""
    longrepr: Any = report.longrepr
    if hasattr(longrepr, "addsection"):
        longrepr.addsection(title, text)
    else:
        failure = "" if longrepr is None else f"{longrepr}\n"
        report.longrepr = f"{failure}{f' {title} ':-^80}\n{text}"


def _attach_to_allure(config: pytest.Config, title: str, text: str) -> None:
    if config.pluginmanager.has_plugin("allure_listener"):
        allure = import_module("allure")
        allure.attach(text, name=title, attachment_type=allure.attachment_type.TEXT)


def pytest_assertrepr_compare(
    config: pytest.Config, op: str, left: object, right: object
) -> list[str] | None:
    """Show only the differences of contacts, calls and other records that are not equal."""
    if op != "==" or not (_is_ours(left) or _is_ours(right)):
        return None
    lines: list[str] | None = None
    with _contained(config, "pytest_assertrepr_compare"):
        from connect_batchmock.records.comparison import why_unequal

        in_full = config.get_verbosity(pytest.Config.VERBOSITY_ASSERTIONS) > 0
        lines = why_unequal(left, right, in_full=in_full)
    return lines


def _is_ours(value: object) -> bool:
    return str(type(value).__module__).startswith("connect_batchmock.")
