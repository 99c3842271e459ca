"""The pytest plugin, seen from the runs of its users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

# pytester forgets the modules that a run in this process was the first to import: these are to stay.
import boto3  # noqa: F401
import pytest

import connect_batchmock.activation.mock_connect
from connect_batchmock.settings import Settings

Run = Callable[..., pytest.RunResult]

INI = """
[pytest]
addopts = --strict-markers --strict-config
"""
ASYNCIO = "-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function"

HEAD = """
import pytest
from connect_batchmock import active_mock, mock_connect
def call(client, instance_id="unknown"):
    return client.batch_put_contact(InstanceId=instance_id, ContactDataRequestList=[{}])
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    def run(source: str, *args: str, conftest: str = "") -> pytest.RunResult:
        pytester.makeini(INI)
        pytester.makeconftest("import pytest\n" + conftest)
        pytester.makepyfile(HEAD + source)
        return pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:cacheprovider", *args)

    return run


def test_each_fixture_works(run: Run) -> None:
    result = run(
        """
        def test_backend(connect_mock, connect_instance, connect_queue, connect_campaign):
            assert [instance.id for instance in connect_mock.instances] == [connect_instance.id]
            assert [queue.id for queue in connect_instance.queues] == [connect_queue.id]
            assert [campaign.id for campaign in connect_instance.campaigns] == [connect_campaign.id]
            assert connect_campaign.queue.id == connect_queue.id

        @pytest.mark.connect_mock(region="eu-west-2")
        def test_clients(connect_mock, connect_client, connectcampaigns_client, connectcampaignsv2_client):
            clients = [connect_client, connectcampaigns_client, connectcampaignsv2_client]
            assert [one.meta.region_name for one in clients] == ["eu-west-2"] * 3
            names = [client.meta.service_model.service_name for client in clients]
            assert names == ["connect", "connectcampaigns", "connectcampaignsv2"]
            call(connect_client, connect_mock.add_instance().id)
            assert len(connect_mock.calls) == 1
    """.replace("\n        ", "\n")
    )
    result.assert_outcomes(passed=2)


def test_each_test_has_a_backend_of_its_own(run: Run) -> None:
    test = "    assert len(connect_mock.instances) == 0\n    connect_mock.add_instance()\n"
    run(f"def test_a(connect_mock):\n{test}\ndef test_b(connect_mock):\n{test}").assert_outcomes(passed=2)


def test_a_marker_alone_mocks_the_test_and_no_other(run: Run) -> None:
    result = run("""
@pytest.mark.connect_mock
def test_marked():
    assert active_mock().settings.region == "us-east-1"

@pytest.mark.parametrize("mocked", [pytest.param(True, marks=pytest.mark.connect_mock), False])
def test_parameter(mocked):
    if mocked:
        active_mock()
    else:
        with pytest.raises(RuntimeError):
            active_mock()
""")
    result.assert_outcomes(passed=3)


def test_the_marker_s_mock_excludes_fixtures_of_wider_scope(run: Run) -> None:
    result = run("""
@pytest.fixture(scope="session")
def wide():
    with pytest.raises(RuntimeError):
        active_mock()

@pytest.fixture
def narrow():
    return active_mock()

@pytest.mark.connect_mock
def test_it(narrow, wide):
    assert active_mock() is narrow
""")
    result.assert_outcomes(passed=1)


def test_the_closest_marker_wins_over_class_module_and_project(run: Run) -> None:
    result = run(
        """
pytestmark = pytest.mark.connect_mock(region="us-west-1", seed=1)

def settings():
    settings = active_mock().settings
    return settings.region, settings.seed, settings.caller

def test_module():
    assert settings() == ("us-west-1", 1, "customer")

@pytest.mark.connect_mock(region="us-west-2")
class TestClass:
    def test_class(self):
        assert settings() == ("us-west-2", 1, "customer")

    @pytest.mark.connect_mock(region="eu-west-2", caller="campaigns")
    def test_function(self, connect_mock):
        assert settings() == ("eu-west-2", 1, "campaigns")
""",
        conftest="""
@pytest.fixture(scope="session")
def connect_mock_settings():
    return {"region": "ap-southeast-2", "caller": "customer", "seed": 7}
""",
    )
    result.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        (
            "(regoin='x')",
            "*test_it: connect_mock has no setting 'regoin'; the settings are region, account_id, *",
        ),
        ("(caller='me')", "*test_it: *caller takes 'campaigns' or 'customer', not 'me'*"),
        ("('eu-west-2')", "*test_it: the marker connect_mock takes settings by keyword, not ('eu-west-2',)*"),
    ],
)
def test_a_wrong_marker_stops_the_run(run: Run, marker: str, message: str) -> None:
    result = run(f"@pytest.mark.connect_mock{marker}\ndef test_it(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert any("test_it" in line for line in [*result.outlines, *result.errlines])
    (result.stderr if result.errlines else result.stdout).fnmatch_lines([message])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("{'regoin': 'x'}", "*connect_mock_settings: connect_mock has no setting 'regoin'; *"),
        ("None", "*connect_mock_settings must return a dict of settings, not None.*"),
    ],
)
def test_wrong_settings_of_a_project_are_an_error_of_the_test(run: Run, settings: str, message: str) -> None:
    fixture = f"@pytest.fixture(scope='session')\ndef connect_mock_settings():\n    return {settings}\n"
    result = run("def test_it(connect_mock): pass", conftest=fixture)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])


def test_help_and_markers_show_the_plugin(run: Run) -> None:
    run("", "--help").stdout.fnmatch_lines(["Amazon Connect fake:", "*--connect-calls=N*"])
    run("", "--markers").stdout.fnmatch_lines(
        ["@pytest.mark.connect_mock([*][*]settings): run the test with *region, account_id, *"]
    )


def test_the_plugin_can_be_left_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # pytest loads what is installed, as it does for a user.
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_ADDOPTS")
    left_out = ("-p", "no:connect_batchmock", "-p", "no:asyncio")
    run("def test_it(connect_mock): pass", *left_out).assert_outcomes(errors=1)


FAILING = """
def test_it(connect_mock, connect_client):
    instance = connect_mock.add_instance()
    for _ in range(3):
        call(connect_client, instance.id)
    assert {outcome}
"""


def test_a_failed_test_shows_its_calls_numbered(run: Run) -> None:
    result = run(FAILING.format(outcome=False))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*- Amazon Connect calls -*", "  1. BatchPutContact in us-east-1, *", "  2. *", "  3. *"]
    )


def test_more_calls_than_wanted_are_counted(run: Run) -> None:
    result = run(FAILING.format(outcome=False), "--connect-calls", "2")
    result.stdout.fnmatch_lines(["  1. BatchPutContact*", "     … 1 more call …", "  3. BatchPutContact*"])
    result.stdout.no_fnmatch_line("  2. *")


@pytest.mark.parametrize(
    ("source", "args"),
    [
        (FAILING.format(outcome=True), ["-rA"]),
        (FAILING.format(outcome=False), ["--connect-calls", "0"]),
        ("def test_it(connect_mock): assert False", []),
        ("def test_it(): assert False", []),
    ],
    ids=["passed", "none wanted", "no calls", "no mock"],
)
def test_no_section_without_something_to_show(run: Run, source: str, args: list[str]) -> None:
    result = run(source, *args)
    assert sum(result.parseoutcomes().values()) == 1
    result.stdout.no_fnmatch_line("*Amazon Connect calls*")


def test_the_mocks_of_custom_fixtures_report_their_calls(run: Run) -> None:
    result = run("""
import boto3

@pytest.fixture
def connect_mock():
    with mock_connect() as mock:
        yield mock

@pytest.fixture
def seeded(connect_mock):
    connect_mock.add_instance()
    return connect_mock

@pytest.fixture
def other():
    with mock_connect() as mock:
        yield mock

def test_overridden(connect_mock):
    boto3.client("connect").list_instances()
    assert False

def test_handed_on(seeded):
    boto3.client("connect").list_instances()
    assert False

def test_two_of_them(connect_mock, other):
    boto3.client("connect").list_instances()
    connect_mock.client().list_instances()
    assert False
""")
    result.assert_outcomes(failed=3)
    sections = [line.strip("- ") for line in result.outlines if "Amazon Connect calls" in line]
    assert sections == ["Amazon Connect calls"] * 3 + ["Amazon Connect calls of other"]


@pytest.mark.parametrize("number", ["-1", "many"])
def test_an_invalid_number_of_calls_is_refused(run: Run, number: str) -> None:
    result = run("def test_it(): pass", f"--connect-calls={number}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--connect-calls: invalid * value: '{number}'*"])


def test_the_section_survives_xdist(run: Run, run_in_subprocess: Callable[..., pytest.RunResult]) -> None:
    run(FAILING.format(outcome=False), "--collect-only")
    result = run_in_subprocess("-p", "xdist", "-n", "1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- Amazon Connect calls -*", "  1. BatchPutContact*"])


def test_async_tests(run: Run, run_in_subprocess: Callable[..., pytest.RunResult]) -> None:
    source = """
import asyncio

@pytest.mark.asyncio
async def test_fixture(connect_mock):
    await asyncio.sleep(0)
    assert active_mock() is connect_mock

@pytest.mark.asyncio
@pytest.mark.connect_mock(region="eu-west-2")
async def test_marker():
    assert active_mock().settings.region == "eu-west-2"

@pytest.mark.asyncio
@mock_connect(region="eu-west-2")
async def test_decorated():
    assert active_mock().settings.region == "eu-west-2"
"""
    run(source, *ASYNCIO, "--collect-only")
    run_in_subprocess(*ASYNCIO).assert_outcomes(passed=3)


def test_decorated_tests_and_unittest(run: Run) -> None:
    result = run("""
import unittest

@mock_connect
class TestPlain:
    def setup_method(self):
        self.mock = active_mock()

    @pytest.mark.parametrize("number", [1, 2])
    def test_it(self, number, tmp_path):
        assert active_mock() is self.mock

@mock_connect
class Case(unittest.TestCase):
    def setUp(self):
        self.mock = active_mock()

    def test_it(self):
        assert active_mock() is self.mock

@pytest.mark.connect_mock(region="eu-west-2")
class MarkedCase(unittest.TestCase):
    def test_it(self):
        assert active_mock().settings.region == "eu-west-2"
""")
    result.assert_outcomes(passed=4)
    assert not connect_batchmock.activation.mock_connect.is_mocked()


def test_the_marker_s_description_names_every_setting(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess("--markers", "-p", "no:asyncio", "-p", "no:randomly")
    (described,) = [line for line in result.outlines if line.startswith("@pytest.mark.connect_mock")]
    assert [field.name for field in fields(Settings) if field.name not in described] == []


@pytest.mark.parametrize("options", [(), ("--connect-guard",)])
def test_a_run_whose_tests_import_nothing_at_all(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult], options: tuple[str, ...]
) -> None:
    pytester.makepyfile(
        """
        def test_it(connect_client, connect_instance):
            assert len(connect_client.list_queues(InstanceId=connect_instance.id)["QueueSummaryList"]) == 1

        def test_the_mock(connect_mock):
            assert connect_mock.contacts == []
        """
    )
    run_in_subprocess(*options).assert_outcomes(passed=2)
