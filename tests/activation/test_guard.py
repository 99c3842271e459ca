"""The guard: an API call without an active mock calls refused and fails its test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import boto3
import installed
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from connect_batchmock import UnmockedCallError, mock_connect

CALLS = """
import boto3
import pytest
from connect_batchmock import UnmockedCallError, mock_connect

client = boto3.client("connect", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
campaigns = boto3.client(
    "connectcampaigns", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
)

def swallow(function):
    try:
        function()
    except Exception as error:
        return error
"""


def run(pytester: pytest.Pytester, tests: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(CALLS + tests)
    return pytester.runpytest_inprocess(
        "-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider", *options
    )


WITHOUT = """
def test_it():
    error = swallow(client.list_instances)
    assert isinstance(error, UnmockedCallError)
    assert "connect.ListInstances was called while no mock was active" in str(error)

def test_another():
    swallow(lambda: campaigns.describe_campaign(id="c"))
"""


@pytest.mark.parametrize("by", ["option", "ini"])
def test_a_swallowed_call_fails_the_test_that_made_it(pytester: pytest.Pytester, by: str) -> None:
    if by == "ini":
        pytester.makeini("[pytest]\nconnect_guard = true\n")
    result = run(pytester, WITHOUT, *(["--connect-guard"] if by == "option" else []))
    result.assert_outcomes(failed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    name = "test_a_swallowed_call_fails_the_test_that_made_it.py"
    result.stdout.fnmatch_lines(
        [
            "*_ test_it _*",
            "connect_batchmock refused 1 API call to Amazon Connect, because no mock was active:",
            f"    1. connect.ListInstances at *{name}:12",
            "*_ test_another _*",
            "connect_batchmock refused 1 API call to Amazon Connect, because no mock was active:",
            f"    1. connectcampaigns.DescribeCampaign at *{name}:*",
        ]
    )
    result.stdout.no_fnmatch_line("*=== Amazon Connect called without a mock ===*")


def test_the_guard_allows_calls_that_a_mock_answers(pytester: pytest.Pytester) -> None:
    tests = """
from moto import mock_aws

def test_ours(connect_mock):
    client.batch_put_contact(InstanceId=connect_mock.add_instance().id, ContactDataRequestList=[{}])

@mock_connect(strict=False)
def test_decorated():
    with pytest.raises(Exception, match="no fake for ListPrompts"):
        client.list_prompts(InstanceId="i")

@mock_aws
def test_moto():
    # An older moto lacks Amazon Connect and responds with that.
    answer = swallow(boto3.client("connect", region_name="us-east-1").list_instances)
    assert answer is None or "Not yet implemented" in str(answer)

def test_stubber():
    from botocore.stub import Stubber
    with Stubber(client) as stubber:
        stubber.add_response("list_instances", {"InstanceSummaryList": []})
        client.list_instances()

def test_another_service():
    from botocore.awsrequest import AWSResponse
    sqs = boto3.client("sqs", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    def answer(request, **_):
        response = AWSResponse(request.url, 200, {}, None)
        response._content = b"{}"
        return response
    sqs.meta.events.register("before-send.sqs", answer)
    sqs.list_queues()
"""
    result = run(pytester, tests, "--connect-guard")
    result.assert_outcomes(passed=5)
    assert result.ret == 0


def test_requests_are_guarded(pytester: pytest.Pytester) -> None:
    tests = """
import requests

SCOPE = "A/20260101/us-east-1/connect/aws4_request"

def test_it():
    with pytest.raises(UnmockedCallError, match="connect.ListInstances"):
        requests.get(
            "https://connect.us-east-1.amazonaws.com/instance",
            headers={"Authorization": f"AWS4-HMAC-SHA256 Credential={SCOPE}"},
        )
    with pytest.raises(UnmockedCallError, match="GET /nothing"):
        requests.get("https://connect.us-east-1.amazonaws.com/nothing")
"""
    result = run(pytester, tests, "--connect-guard")
    result.assert_outcomes(failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_the_guard_passes_other_requests_through(pytester: pytest.Pytester) -> None:
    installed.aiobotocore()
    tests = """
import asyncio
import aiobotocore.httpsession
import requests
from requests.adapters import HTTPAdapter

class Sent(Exception):
    pass

def send(*args, **kwargs):
    raise Sent

async def send_async(*args, **kwargs):
    raise Sent

def test_requests(monkeypatch):
    monkeypatch.setattr(HTTPAdapter, "get_connection_with_tls_context", send, raising=False)
    monkeypatch.setattr(HTTPAdapter, "get_connection", send)
    with pytest.raises(Sent):
        requests.get("https://example.com/")

async def call():
    from aiobotocore.session import get_session
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    async with get_session().create_client("sqs", region_name="us-east-1", **keys) as client:
        await client.list_queues()

def test_async(monkeypatch):
    monkeypatch.setattr(aiobotocore.httpsession.AIOHTTPSession, "send", send_async)
    with pytest.raises(Sent):
        asyncio.run(call())
"""
    result = run(pytester, tests, "--connect-guard")
    result.assert_outcomes(passed=2)
    assert result.ret == 0


def test_a_call_without_a_frame_of_the_test_has_no_line(pytester: pytest.Pytester) -> None:
    tests = """
from threading import Thread

def test_it(monkeypatch):
    errors = []
    monkeypatch.setattr("threading.excepthook", lambda args: errors.append(args.exc_value))
    thread = Thread(target=client.list_instances)
    thread.start()
    thread.join()
    assert isinstance(errors[0], UnmockedCallError)
"""
    result = run(pytester, tests, "--connect-guard", "-p", "no:threadexception")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*connect.ListInstances at an unknown line"])


def test_async_clients_are_guarded(pytester: pytest.Pytester) -> None:
    installed.aiobotocore()
    tests = """
import asyncio

async def call():
    from aiobotocore.session import get_session
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    async with get_session().create_client("connect", region_name="us-east-1", **keys) as client:
        await client.list_instances()

def test_it():
    with pytest.raises(UnmockedCallError, match=r"connect.ListInstances .*clients_are_guarded.py:"):
        asyncio.run(call())
"""
    result = run(pytester, tests, "--connect-guard")
    result.assert_outcomes(failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


LATE = """
from threading import Event, Thread

started, go_on, done = Event(), Event(), Event()
errors = []
threads = []

def work(make):
    mine = make()
    started.set()
    assert go_on.wait(10)
    errors.append(swallow(mine.list_instances))
    done.set()

def test_leaves_a_thread_behind(connect_mock):
    threads.append(Thread(target=work, args=[lambda: {client}]))
    threads[0].start()
    assert started.wait(10)

def test_another():
    go_on.set()
    assert done.wait(10)
    threads[0].join()
    assert isinstance(errors[0], UnmockedCallError), errors
    assert "after its mock had stopped" in str(errors[0])
"""


@pytest.mark.parametrize("client", ["client", "boto3.client('connect')"])
@pytest.mark.parametrize("option", [[], ["--connect-guard"]])
def test_a_thread_that_outlives_its_test_is_refused_and_reported(
    pytester: pytest.Pytester, client: str, option: list[str]
) -> None:
    result = run(pytester, LATE.replace("{client}", client), *option)
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*_ test_another _*", "*1. connect.ListInstances at *:12"])


def test_a_client_that_was_made_in_a_mock_is_refused_afterwards(pytester: pytest.Pytester) -> None:
    tests = """
made = []

def test_making(connect_mock):
    made.append(boto3.client("connect"))
    made.append(boto3.client("connect", aws_access_key_id="x", aws_secret_access_key="x"))

@pytest.mark.parametrize("number", [0, 1])
def test_using(number):
    with pytest.raises(UnmockedCallError, match="after its mock had stopped"):
        made[number].list_instances()
"""
    result = run(pytester, tests)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["connect_batchmock refused 1 API call to Amazon Connect*"] * 2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_without_the_option_other_clients_are_not_guarded(pytester: pytest.Pytester) -> None:
    tests = """
from botocore.awsrequest import AWSResponse

def test_mocked(connect_mock):
    client.batch_put_contact(InstanceId=connect_mock.add_instance().id, ContactDataRequestList=[{}])

def test_real(monkeypatch):
    def send(session, request):
        response = AWSResponse(request.url, 200, {}, None)
        response._content = b"{}"
        return response
    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)
    client.list_instances()
"""
    result = run(pytester, tests)
    result.assert_outcomes(passed=2)
    assert result.ret == 0


def test_a_failed_run_keeps_its_own_exit_status(pytester: pytest.Pytester) -> None:
    result = run(pytester, WITHOUT + "    pytest.exit('enough', returncode=42)\n", "--connect-guard")
    assert result.ret == 42


def test_workers_of_xdist_fail_their_tests_and_report_the_rest(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    pytester.makepyfile(CALLS + WITHOUT + SKIPPED)
    result = run_in_subprocess("-p", "xdist", "-n", "1", "--connect-guard", "--junit-xml=it.xml")
    result.assert_outcomes(failed=2, skipped=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*=== Amazon Connect called without a mock ===*",
            "connect_batchmock refused 1 API call to Amazon Connect*",
            "    1. connect.ListInstances in *::test_skipped, at *",
        ]
    )
    assert counts_in(pytester.path / "it.xml") == {"failures": 2, "errors": 0, "skipped": 1}


SKIPPED = """
def test_skipped():
    swallow(client.list_instances)
    pytest.skip("enough")
"""


def counts_in(junit: Path) -> dict[str, int]:
    (suite,) = ElementTree.parse(junit).iter("testsuite")
    return {name: int(suite.attrib[name]) for name in ("failures", "errors", "skipped")}


# The test that a call is reported for


def test_a_phase_that_passed_fails_and_junit_and_lf_know(pytester: pytest.Pytester) -> None:
    tests = """
@pytest.fixture
def in_setup():
    swallow(client.list_instances)

@pytest.fixture
def in_teardown():
    yield
    swallow(client.list_instances)

@pytest.fixture(scope="module", autouse=True)
def at_the_end_of_the_module():
    yield
    swallow(campaigns.list_campaigns)

def test_setup(in_setup): pass
def test_teardown(in_teardown): pass
def test_call(): swallow(client.list_instances)
def test_nothing(): pass
def test_last(): pass
"""
    pytester.makepyfile(CALLS + tests)
    options = ["-p", "no:asyncio", "-p", "no:randomly", "--connect-guard", "--junit-xml=it.xml"]
    result = pytester.runpytest_inprocess(*options)
    result.assert_outcomes(passed=3, failed=1, errors=3)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert counts_in(pytester.path / "it.xml") == {"failures": 1, "errors": 3, "skipped": 0}
    result.stdout.fnmatch_lines(
        [
            "*ERROR at setup of test_setup*",
            "    1. connect.ListInstances at *",
            "*ERROR at teardown of test_teardown*",
            "    1. connect.ListInstances at *",
            "*ERROR at teardown of test_last*",
            "    1. connectcampaigns.ListCampaigns at *",
            "*_ test_call _*",
        ]
    )
    assert result.stdout.str().count("API call") - result.stdout.str().count(" - Failed: ") == 4
    again = pytester.runpytest_inprocess(*options, "--lf", "--collect-only", "-q")
    assert [line.rpartition("::")[2] for line in again.outlines[:4]] == [
        "test_setup",
        "test_teardown",
        "test_call",
        "test_last",
    ]


def test_a_failed_test_reports_the_call_as_well(pytester: pytest.Pytester) -> None:
    result = run(
        pytester, "def test_it():\n    swallow(client.list_instances)\n    assert 1 == 2\n", "--connect-guard"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E *assert 1 == 2",
            "*- Amazon Connect called without a mock -*",
            "    1. connect.ListInstances at *:12",
        ]
    )
    result.stdout.no_fnmatch_line("*=== Amazon Connect called without a mock ===*")


def test_an_expected_failure_is_not_reported(pytester: pytest.Pytester) -> None:
    tests = """
@pytest.mark.xfail(reason="it calls", strict=True)
def test_swallowing():
    swallow(client.list_instances)

@pytest.mark.xfail(reason="it calls", strict=True)
def test_raising():
    client.list_instances()
"""
    result = run(pytester, tests, "--connect-guard")
    result.assert_outcomes(xfailed=2)
    assert result.ret == 0


def test_the_run_answers_for_calls_outside_of_tests(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("""
import boto3

def pytest_runtest_logfinish():
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    try:
        boto3.client("connect", region_name="us-east-1", **keys).list_instances()
    except Exception:
        pass
""")
    result = run(pytester, "def test_it(): pass\n", "--connect-guard")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["    1. connect.ListInstances in no test, at *conftest.py:*"])


def test_a_rerun_reports_only_its_own_calls(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    tests = """
runs = []

def test_it():
    runs.append(1)
    if len(runs) == 1:
        swallow(client.list_instances)
"""
    pytester.makepyfile(CALLS + tests)
    result = run_in_subprocess("-p", "pytest_rerunfailures", "--reruns=1", "--connect-guard")
    assert result.parseoutcomes() == {"passed": 1, "rerun": 1}
    assert result.ret == 0


def test_the_guard_costs_nothing_until_something_is_called(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n")
    code = """
import os, sys, pytest
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
options = ["-p", "connect_batchmock.pytest_plugin", "-p", "no:cacheprovider", "--connect-guard", "-q"]
assert pytest.main(options) == 0
print(sorted({"boto3", "botocore", "requests", "responses"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


OUTSIDE_PYTEST = """
import boto3
from connect_batchmock import UnmockedCallError, mock_connect

with mock_connect():
    client = boto3.client("connect")
try:
    client.list_instances()
except UnmockedCallError as error:
    print("refused", "connect.ListInstances" in str(error), "it.py:8" in str(error))
"""


def test_outside_pytest_a_client_made_in_a_mock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(OUTSIDE_PYTEST)
    done = subprocess.run(
        [sys.executable, "it.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "refused True True\n", done.stderr


def test_outside_pytest_moto_may_answer_such_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without the guard of this run, which decides in the last step before the network.
    monkeypatch.setattr("connect_batchmock.activation.mock_connect._active.guards", ())
    with mock_connect():
        client = boto3.client("connect")
    with mock_aws(), suppress(ClientError):  # an older moto has no Connect, and says so
        client.list_instances()
    with pytest.raises(UnmockedCallError, match="after its mock had stopped"):
        client.list_instances()


# Connections of libraries that no mock intercepts

SOCKETS = """
from threading import Event, Thread
import urllib3

HOST = "connect.us-east-1.amazonaws.com"

def get():
    return urllib3.PoolManager().request("GET", f"https://{HOST}/instance")
"""


def test_a_connection_without_a_mock_fails_its_test(pytester: pytest.Pytester, resolved: list[str]) -> None:
    tests = """
def test_it():
    error = swallow(get)
    assert isinstance(error, UnmockedCallError)
    assert f"A connection to {HOST!r} was opened while no mock was active" in str(error)
"""
    result = run(pytester, SOCKETS + tests, "--connect-guard")
    result.assert_outcomes(failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["    1. a connection to connect.us-east-1.amazonaws.com at *_its_test.py:*"])
    assert resolved == []


def test_a_connection_in_a_mock_is_that_of_the_mock(pytester: pytest.Pytester, resolved: list[str]) -> None:
    tests = """
@pytest.mark.connect_mock(strict=False)
def test_it(connect_mock):
    assert "The mock stopped a connection" in str(swallow(get))

def test_strict(connect_mock):
    swallow(get)
"""
    result = run(pytester, SOCKETS + tests, "--connect-guard")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["The mock stopped a connection to connect.us-east-1.amazonaws.com, opened at *"]
    )
    result.stdout.no_fnmatch_line("*called without a mock*")
    assert resolved == []


def test_a_mock_started_before_the_guard_refuses_calls(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    tests = """
mock_connect(strict=False).start()

def test_it():
    assert "The mock stopped a connection" in str(swallow(get))
"""
    pytester.makepyfile(CALLS + SOCKETS + tests)
    result = run_in_subprocess("--connect-guard")
    result.assert_outcomes(passed=1)
    assert result.ret == 0


def test_a_connection_of_a_thread_that_is_left_behind_is_refused(
    pytester: pytest.Pytester, resolved: list[str]
) -> None:
    tests = """
started, go_on = Event(), Event()
threads, errors = [], []

def work():
    started.set()
    assert go_on.wait(10)
    errors.append(swallow(get))

def test_leaves_a_thread_behind(connect_mock):
    threads.append(Thread(target=work))
    threads[0].start()
    assert started.wait(10)

def test_another():
    go_on.set()
    threads[0].join()
    assert isinstance(errors[0], UnmockedCallError), errors
    assert "by a thread that outlived its mock" in str(errors[0])
"""
    result = run(pytester, SOCKETS + tests)
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["*_ test_another _*", "    1. a connection to connect.us-east-1.amazonaws.com at *_is_refused.py:*"]
    )
    assert resolved == []


def test_without_the_option_a_connection_after_a_mock_is_opened(
    pytester: pytest.Pytester, resolved: list[str]
) -> None:
    tests = """
import botocore.config, botocore.exceptions, requests

def test_mocked(connect_mock):
    pass

def test_connection():
    assert isinstance(swallow(get), urllib3.exceptions.MaxRetryError)

def test_client():
    config = botocore.config.Config(retries={"total_max_attempts": 1})
    mine = boto3.client(
        "connect", "us-east-1", config=config, aws_access_key_id="x", aws_secret_access_key="x"
    )
    assert isinstance(swallow(mine.list_instances), botocore.exceptions.EndpointConnectionError)

def test_requests():
    assert isinstance(swallow(lambda: requests.get(f"https://{HOST}/instance")), requests.ConnectionError)
"""
    result = run(pytester, SOCKETS + tests)
    result.assert_outcomes(passed=4)
    assert result.ret == 0
    assert set(resolved) == {"connect.us-east-1.amazonaws.com"}
