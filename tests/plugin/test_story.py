"""A failed test reports the calls of its mocks, in every form of mock and in every report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

# pytester forgets the modules that a run in this process was the first to import: these are to stay.
import boto3  # noqa: F401
import pytest
import requests  # noqa: F401
import responses  # noqa: F401

import connect_batchmock.activation.mock_connect  # noqa: F401

HEAD = """
import unittest
import boto3
import pytest
from connect_batchmock import ConnectMock, active_mock, mock_connect

def call():
    boto3.client("connect").list_instances()
    assert not "reached"
"""

WAYS = {
    "fixture": "def test_it(connect_mock):\n    call()",
    "marker": "@pytest.mark.connect_mock\ndef test_it():\n    call()",
    "with": "def test_it():\n    with mock_connect():\n        call()",
    "decorator": "@mock_connect\ndef test_it():\n    call()",
    "decorated class": "@mock_connect\nclass TestIt:\n    def test_it(self):\n        call()",
    "unittest": "@mock_connect\nclass TestIt(unittest.TestCase):\n    def test_it(self):\n        call()",
    "start": """
def test_it():
    mock = mock_connect()
    mock.start()
    try:
        call()
    finally:
        mock.stop()
""",
    "autouse fixture": """
@pytest.fixture(autouse=True)
def mocked():
    with mock_connect():
        yield

def test_it():
    call()
""",
    "module": """
@pytest.fixture(scope="module", autouse=True)
def mocked():
    with mock_connect():
        yield

def test_it():
    call()
""",
    "not active": """
@pytest.fixture
def mock():
    return ConnectMock()

def test_it(mock):
    mock.client().list_instances()
    assert not "reached"
""",
}

TITLE = "Amazon Connect calls"
STORY = "1. ListInstances in us-east-1"


def run(pytester: pytest.Pytester, tests: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(HEAD + tests)
    quiet = ["-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider", "--junit-xml=it.xml"]
    return pytester.runpytest_inprocess(*quiet, *options)


def failures_in(junit: Path) -> list[str]:
    """Return the texts of the failures and errors of a report in XML."""
    tree = ElementTree.parse(junit)
    return [str(found.text) for kind in ("failure", "error") for found in tree.iter(kind)]


def assert_told_once(text: str) -> None:
    assert (text.count(TITLE), text.count(STORY)) == (1, 1), text


@pytest.mark.parametrize("tests", [pytest.param(tests, id=way) for way, tests in WAYS.items()])
def test_each_way_of_holding_a_mock_reports_once(pytester: pytest.Pytester, tests: str) -> None:
    result = run(pytester, tests)
    result.assert_outcomes(failed=1)
    assert_told_once(result.stdout.str())
    (failure,) = failures_in(pytester.path / "it.xml")
    assert_told_once(failure)


def test_a_mock_is_known_that_is_the_first_to_load_the_package(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    pytester.makepyfile("""
import connect_batchmock

def test_it():
    with connect_batchmock.mock_connect():
        import boto3
        boto3.client("connect").list_instances()
        assert not "reached"
""")
    assert_told_once(run_in_subprocess().stdout.str())


def test_workers_send_the_story_with_the_failure(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    pytester.makepyfile(
        HEAD + WAYS["with"] + "\n\ndef test_brief():\n    with mock_connect() as mock:\n"
        "        mock.client().list_instances()\n        pytest.fail('brief', pytrace=False)\n"
    )
    result = run_in_subprocess("-p", "xdist", "-n", "1", "--junit-xml=it.xml")
    result.assert_outcomes(failed=2)
    assert result.stdout.str().count(STORY) == 2
    for failure in failures_in(pytester.path / "it.xml"):
        assert_told_once(failure)


@pytest.mark.parametrize("style", ["auto", "long", "short", "native", "line", "no"])
def test_junit_has_the_story_in_every_style_of_traceback(pytester: pytest.Pytester, style: str) -> None:
    result = run(pytester, WAYS["with"], f"--tb={style}")
    (failure,) = failures_in(pytester.path / "it.xml")
    assert_told_once(failure)
    # In one line, older versions of pytest show no representation of the failure.
    allowed = {"no": [0], "line": [0, 1]}.get(style, [1])
    assert result.stdout.str().count(STORY) in allowed


BRIEF = {
    "a failure without a traceback": """
def test_it(connect_mock):
    connect_mock.client().list_instances()
    pytest.fail("brief", pytrace=False)
""",
    "strict": """
def test_it(connect_mock):
    connect_mock.fail("ListInstances", 503)
    connect_mock.fail("BatchPutContact", 503)
    connect_mock.client().list_instances()
""",
    "a fixture that is not there": """
@pytest.fixture
def called(connect_mock):
    connect_mock.client().list_instances()

def test_it(called, missing):
    pass
""",
    "an item that says itself what failed": "",
    "nothing": "",
}
CONFTEST = {
    "an item that says itself what failed": """
class Item(pytest.Item):
    def runtest(self):
        self.mock.client().list_instances()
        raise RuntimeError

    def repr_failure(self, excinfo):
        return "said itself"
""",
    "nothing": """
class Item(pytest.Item):
    def runtest(self):
        self.mock.client().list_instances()
        raise RuntimeError

    def repr_failure(self, excinfo):
        return None
""",
}
COLLECTED = """
import pytest
from connect_batchmock import ConnectMock

def pytest_collection_modifyitems(session, items):
    items[:] = [Item.from_parent(session, name="item")]
    items[0].mock = ConnectMock()
    items[0].funcargs = {"mock": items[0].mock}
"""


@pytest.mark.parametrize("name", BRIEF)
def test_failures_without_a_traceback_report_the_calls(pytester: pytest.Pytester, name: str) -> None:
    if name in CONFTEST:
        pytester.makeconftest(COLLECTED + CONFTEST[name])
    result = run(pytester, BRIEF[name] or "def test_it(): pass")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    output = result.stdout.str()
    assert "INTERNALERROR" not in output
    assert (TITLE in output, STORY in output) == (True, True)
    (failure,) = failures_in(pytester.path / "it.xml")
    assert STORY in failure


def titles(text: str) -> list[str]:
    return [line.strip("- ") for line in text.splitlines() if TITLE in line]


def test_several_mocks_are_numbered(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
@pytest.fixture
def other():
    return ConnectMock()

def test_it(connect_mock, other):
    connect_mock.client().list_instances()
    other.client().list_instances()
    with mock_connect():
        boto3.client("connect").list_instances()
    with mock_connect():
        pass
    with mock_connect():
        call()
""",
    )
    assert titles(result.stdout.str()) == [
        TITLE,
        *(f"{TITLE} of {name}" for name in ("other", "mock 3", "mock 4")),
    ]


def test_a_longer_mock_reports_only_in_tests_that_call_it(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
@pytest.fixture(scope="module", autouse=True)
def mock():
    with mock_connect() as mock:
        yield mock

def test_first():
    call()

def test_without():
    assert not "reached"

def test_again(mock):
    mock.reset()
    call()

def test_asking(mock):
    assert not mock.calls

@pytest.mark.xfail
def test_expected():
    call()

def test_passing(mock):
    mock.client().list_instances()
""",
    )
    result.assert_outcomes(failed=4, passed=1, xfailed=1)
    reported = [STORY in failure for failure in failures_in(pytester.path / "it.xml")]
    assert reported == [True, False, True, False]


ELSEWHERE = """
import socket
import requests
import responses
from contextlib import suppress

URL = "https://connect.us-east-1.amazonaws.com/instance"

def connect():
    with suppress(Exception), socket.socket() as sock:
        sock.connect(("connect.us-east-1.amazonaws.com", 443))

def ask_responses():
    with responses.RequestsMock() as theirs:
        theirs.get(URL, body="theirs")
        requests.get(URL)

@pytest.fixture(scope="module")
def wide():
    with mock_connect(strict=False) as mock:
        yield mock
"""


@pytest.mark.parametrize("mock", ["connect_mock", "wide"])
@pytest.mark.parametrize(
    ("call", "line"),
    [
        ("connect", "Stopped before the network: a connection to connect.us-east-1.amazonaws.com, opened at"),
        ("ask_responses", "Not answered by the mock: GET https://connect.us-east-1.amazonaws.com/instance"),
    ],
)
def test_a_story_without_calls_is_told(pytester: pytest.Pytester, mock: str, call: str, line: str) -> None:
    tests = f"""
def test_it({mock}):
    {call}()
    assert not "reached"

def test_after(wide):
    assert not "reached"
"""
    result = run(pytester, ELSEWHERE + tests)
    result.assert_outcomes(failed=2)
    it, after = failures_in(pytester.path / "it.xml")
    assert (TITLE in it, line in it) == (True, True)
    assert TITLE not in after


def test_allure_gets_the_story_as_an_attachment(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    pytester.makepyfile(HEAD + WAYS["with"])
    run_in_subprocess("-p", "allure_pytest.plugin", "--alluredir=allure").assert_outcomes(failed=1)
    (found,) = (pytester.path / "allure").glob("*-result.json")
    (attachment,) = json.loads(found.read_text())["attachments"]
    assert (attachment["name"], attachment["type"]) == (TITLE, "text/plain")
    assert STORY in (pytester.path / "allure" / attachment["source"]).read_text()
