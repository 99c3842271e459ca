"""The pytest plugin: fixtures, the marker, and what a failed test shows.

pytest loads this module in every run, also in those that never use it: it imports nothing else until a
fixture is asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from connect_batchmock.clients import (
        ConnectCampaignServiceClient,
        ConnectCampaignServiceV2Client,
        ConnectClient,
    )
    from connect_batchmock.connect_mock import ConnectMock
    from connect_batchmock.guarding import Refused
    from connect_batchmock.seeding import Campaign, Instance, Queue
    from connect_batchmock.server.running import Server
    from connect_batchmock.settings import ConnectMockSettings

_MARKER = "connect_mock"
_REFUSED = "connect_batchmock_refused"
_mock_key = pytest.StashKey["ConnectMock"]()
_refused_key = pytest.StashKey[list[tuple[str, str, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Show the plugin in ``pytest --help``."""
    group = parser.getgroup("connect-batchmock", "Amazon Connect fake")
    group.addoption(
        "--connect-calls",
        type=_count,
        default=20,
        metavar="N",
        help="how many of the calls that a mock answered are shown with a failed test (default: 20); "
        "the marker connect_mock gives a test's mock its settings, see --markers",
    )
    group.addoption(
        "--connect-guard",
        action="store_true",
        help="refuse every call of Amazon Connect that is made while no mock is active, and fail the run",
    )
    parser.addini("connect_guard", "do what --connect-guard does, in every run", type="bool", default=False)


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and make room for what is refused."""
    config.stash[_refused_key] = []
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(*, region, account_id, caller, strict, unfaked, credentials, seed, concurrent_calls, "
        "pending_requests, requests_per_second, state): "
        "run the test with the connect_mock fixture, made with these settings; the closest marker wins.",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a marker that says something else than settings, before any test runs."""
    for item in items:
        if item.get_closest_marker(_MARKER) is not None:
            _check_settings(_marked_settings(item), item.nodeid)


@pytest.fixture(autouse=True)
def _connect_mock_of_marker(request: pytest.FixtureRequest) -> None:
    """Run marked tests with the fixture; those of wider scope are made before it, outside of the mock."""
    if request.node.get_closest_marker(_MARKER) is not None:
        request.getfixturevalue("_mock_in_use")


def _marked_settings(item: pytest.Item) -> dict[str, Any]:
    from connect_batchmock import explain

    settings: dict[str, Any] = {}
    for marker in item.iter_markers(_MARKER):
        if marker.args:
            raise pytest.UsageError(explain.marker_with_positional_settings(item.nodeid, marker.args))
        settings = {**marker.kwargs, **settings}
    return settings


def _check_settings(settings: Any, where: str) -> None:
    from connect_batchmock import explain
    from connect_batchmock.settings import Settings

    if not isinstance(settings, Mapping):
        raise pytest.UsageError(explain.settings_not_a_dict(where, settings))
    try:
        Settings.of(settings)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"{where}: {error}") from None


@pytest.fixture(scope="session")
def connect_mock_settings() -> ConnectMockSettings:
    """The settings of this project's mocks: override it in a conftest.py, and return a dict."""
    return {}


@pytest.fixture
def _connect_mock(
    _connect_guard: None, request: pytest.FixtureRequest, connect_mock_settings: Mapping[str, Any]
) -> Iterator[ConnectMock]:
    from connect_batchmock.activation import mock_connect

    _check_settings(connect_mock_settings, "connect_mock_settings")
    settings = {**connect_mock_settings, **_marked_settings(request.node)}
    with mock_connect(**_with_state_in(request.config.rootpath, settings)) as mock:
        request.node.stash[_mock_key] = mock
        yield mock


@pytest.fixture
def connect_mock(_connect_mock: ConnectMock) -> ConnectMock:
    """A fake Amazon Connect that answers every boto3 client while the test runs."""
    return _connect_mock


def _with_state_in(directory: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Let a state file be the one of this directory, if there is one, wherever pytest was started."""
    path = directory / (settings.get("state") or "")
    return {**settings, "state": path} if path.is_file() else settings


# A project may have fixtures of its own with the names of ours. One that returns what ours returns takes its
# place for the fixtures that rest on it; any other is the project's business, and ours rest on a private one.


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
    from connect_batchmock.seeding import Instance

    if isinstance(connect_instance, Instance):
        return connect_instance
    instance: Instance = request.getfixturevalue("_connect_instance")
    return instance


@pytest.fixture
def _connect_queue(_instance_in_use: Instance) -> Queue:
    return _instance_in_use.add_queue()


@pytest.fixture
def _queue_in_use(request: pytest.FixtureRequest, _instance_in_use: Instance, connect_queue: object) -> Queue:
    from connect_batchmock.seeding import Queue

    if isinstance(connect_queue, Queue) and connect_queue in _instance_in_use.queues:
        return connect_queue
    queue: Queue = request.getfixturevalue("_connect_queue")
    return queue


@pytest.fixture
def connect_server(_mock_in_use: ConnectMock) -> Iterator[Server]:
    """A server that answers other processes for the test's fake Amazon Connect."""
    with _mock_in_use.serve() as server:
        yield server


@pytest.fixture
def connect_instance(_connect_instance: Instance) -> Instance:
    """An instance of the test's fake Amazon Connect."""
    return _connect_instance


@pytest.fixture
def connect_queue(_connect_queue: Queue) -> Queue:
    """A queue of ``connect_instance``."""
    return _connect_queue


@pytest.fixture
def connect_campaign(_instance_in_use: Instance, _queue_in_use: Queue) -> Campaign:
    """A campaign of ``connect_instance`` that dials for ``connect_queue``."""
    return _instance_in_use.add_campaign(queue=_queue_in_use)


@pytest.fixture(scope="session")
def _connect_session() -> Any:
    """A session for the whole run: making a client from it costs next to nothing."""
    # Loads botocore before our own module about it, which the guard of the run waits for.
    import connect_batchmock.connect_mock  # noqa: F401
    from connect_batchmock.wire.botocore import new_session

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
    """With the option, guard the whole run from its first test on."""
    config = session.config
    if not (config.getoption("connect_guard") or config.getini("connect_guard")):
        return (yield)
    with _guarded(config, refuses_all=True):
        return (yield)


@pytest.fixture(scope="session")
def _connect_guard(pytestconfig: pytest.Config) -> Iterator[None]:
    """From the first mock on, guard the run against calls that come after one."""
    with _guarded(pytestconfig, refuses_all=False):
        yield


@contextmanager
def _guarded(config: pytest.Config, *, refuses_all: bool) -> Iterator[None]:
    from connect_batchmock.guarding import Guard
    from connect_batchmock.wire import doors
    from connect_batchmock.wire.imports import when_imported

    def report(refused: Refused) -> None:
        # The variable is pytest's own, and says "path::test (call)".
        test = os.environ.get("PYTEST_CURRENT_TEST", "no test").rpartition(" ")[0] or "no test"
        config.stash[_refused_key].append((refused.operation, test, refused.where))

    def watch() -> None:
        from connect_batchmock.activation import watched

        restore.enter_context(watched(guard))

    guard = Guard(report, refuses_all=refuses_all)
    with ExitStack() as restore:
        restore.enter_context(doors.refuse(guard.refuse))
        restore.enter_context(when_imported("connect_batchmock.activation", watch))
        yield


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which a call was refused, whatever the application made of it."""
    refused = session.config.stash[_refused_key]
    workeroutput = getattr(session.config, "workeroutput", None)
    if workeroutput is not None:
        workeroutput[_REFUSED] = list(refused)
    elif refused and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect what was refused in a worker of pytest-xdist."""
    refused = getattr(node, "workeroutput", {}).get(_REFUSED, [])
    node.config.stash[_refused_key].extend(tuple(one) for one in refused)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List the calls that were refused."""
    refused = config.stash[_refused_key]
    if refused:
        from connect_batchmock import explain

        terminalreporter.section("Amazon Connect called without a mock", red=True)
        lines = [explain.refused_line(*one) for one in refused]
        terminalreporter.line(explain.refused_calls(lines))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget the mock of a run before, where a test is run again."""
    if _mock_key in item.stash:
        del item.stash[_mock_key]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a strict test that passed although something was left over that it did not notice.

    A test that fails by itself keeps its own failure: its exception goes through here.
    """
    result = yield
    mock = item.stash.get(_mock_key, None)
    left_over = "" if mock is None or not mock.settings.strict else _left_over(mock)
    if left_over:
        from connect_batchmock import explain

        pytest.fail(explain.passed_but(left_over), pytrace=False)
    return result


def _left_over(mock: ConnectMock) -> str:
    try:
        mock.assert_nothing_left_over()
    except AssertionError as error:
        return str(error)
    return ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failed test the calls that its mock answered."""
    report = yield
    shown = item.config.getoption("connect_calls")
    if report.failed and shown:
        for name, mock in _mocks_of(item):
            of = "" if name == _MARKER else f" of {name}"
            if mock.calls:
                report.sections.append((f"Amazon Connect calls{of}", mock.describe_calls(shown)))
    return report


def _mocks_of(item: pytest.Item) -> Iterator[tuple[str, ConnectMock]]:
    """Yield the mocks of a test with their fixtures: the plugin's own, and those that a project has made."""
    module = sys.modules.get("connect_batchmock.connect_mock")
    values = {_MARKER: item.stash.get(_mock_key, None), **getattr(item, "funcargs", {})}
    seen: set[int] = set()
    for name, value in values.items():
        # A fixture that hands on what another one made has the same mock.
        if module is not None and isinstance(value, module.ConnectMock) and id(value) not in seen:
            seen.add(id(value))
            yield name, value


def pytest_assertrepr_compare(
    config: pytest.Config, op: str, left: object, right: object
) -> list[str] | None:
    """Show of contacts, calls and the like that are not equal what differs, instead of all they have."""
    if op != "==" or not (_is_ours(left) or _is_ours(right)):
        return None
    from connect_batchmock.comparing import why_unequal

    return why_unequal(left, right, in_full=config.get_verbosity(pytest.Config.VERBOSITY_ASSERTIONS) > 0)


def _is_ours(value: object) -> bool:
    return str(type(value).__module__).startswith("connect_batchmock.")
