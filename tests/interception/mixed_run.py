"""A project whose tests hold the mock in every way, with every verdict, beside other libraries that patch.

The suite runs a small one. By hand: ``python tests/interception/mixed_run.py 300``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

CONFTEST = '''
import boto3
import pytest
import requests
import responses
from contextlib import contextmanager, nullcontext
from faker import Faker
from freezegun import freeze_time
from moto import mock_aws

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}


@pytest.fixture
def calls_outside():
    """Call while no mock is active, as an application that swallows exceptions does."""
    call_outside()


def call_outside():
    try:
        boto3.client("connect", region_name="us-east-1", **KEYS).list_instances()
    except Exception:
        pass


@contextmanager
def with_moto():
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1", **KEYS)
        s3.create_bucket(Bucket="leads")
        yield
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["leads"]


@contextmanager
def with_responses():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get("https://example.com/", body="theirs")
        yield
        assert requests.get("https://example.com/").text == "theirs"


@contextmanager
def with_freezegun():
    with freeze_time("2026-01-05T09:00:00Z"):
        yield


@contextmanager
def with_faker():
    faker = Faker()
    faker.seed_instance(0)
    faker.uuid4()
    yield


alone = nullcontext


def passes(mock):
    instance = mock.add_instance()
    queue = instance.add_queue()
    item = {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        "QueueId": queue.id,
        "Campaign": {"CampaignId": instance.add_campaign(queue=queue).id},
    }
    boto3.client("connect").batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[item])
    mock.assert_contact_created(customer_address="+15555550100")


def fails(mock):
    passes(mock)
    assert len(mock.contacts) == 2


def strict(mock):
    passes(mock)
    mock.fail("BatchPutContact", "InternalServiceException")


def skips(mock):
    passes(mock)
    pytest.skip("enough")
'''

HEAD = "import pytest\nfrom conftest import *\nfrom connect_batchmock import active_mock, mock_connect\n\n"

WAYS = {
    "fixture": """
def test_{name}({fixtures}connect_mock, faker):
    with {neighbor}():
        {kind}(connect_mock)
""",
    "with": """
def test_{name}({fixtures}faker):
    with {neighbor}(), mock_connect() as mock:
        {kind}(mock)
""",
    "decorator": """
@mock_connect
def test_{name}({fixtures}faker):
    with {neighbor}():
        {kind}(active_mock())
""",
    "start": """
def test_{name}({fixtures}faker):
    mock = mock_connect()
    with {neighbor}():
        held = mock.start()
        try:
            {kind}(held)
        finally:
            mock.stop()
""",
}
NEIGHBORS = ("alone", "with_moto", "with_responses", "with_freezegun", "with_faker")
VERDICTS = {"passes": "passed", "fails": "failed", "strict": "failed", "skips": "skipped", "outside": "error"}
KINDS = tuple(VERDICTS)
HELD_STRICTLY = ("fixture", "with", "decorator", "start")
"""The forms of mock whose strict mode fails a test."""


@dataclass(frozen=True)
class Test:
    """A test of the project, and its expected verdict."""

    name: str
    source: str
    verdict: str


def test_number(number: int) -> Test:
    """Make a test; 20 of them combine each way with each kind, and 100 with each other library."""
    ways = tuple(WAYS)
    way, kind = ways[number % 4], KINDS[number // 4 % 5]
    neighbor = NEIGHBORS[(number // 20 + number) % 5]
    if kind == "strict" and way not in HELD_STRICTLY:
        kind = "fails"
    name = f"{number:03}_{way}_{kind}_{neighbor}"
    is_outside = kind == "outside"
    source = WAYS[way].format(
        name=name,
        neighbor=neighbor,
        kind="passes" if is_outside else kind,
        fixtures="calls_outside, " if is_outside else "",
    )
    return Test(f"test_{name}", source, VERDICTS[kind])


def generate(folder: Path, count: int) -> list[Test]:
    """Write a project with a number of tests into a folder."""
    tests = [test_number(number) for number in range(count)]
    (folder / "conftest.py").write_text(CONFTEST)
    modules = 4
    for module in range(modules):
        text = HEAD + "".join(test.source for test in tests[module::modules])
        (folder / f"test_{module}.py").write_text(text)
    return tests


@dataclass(frozen=True)
class Verdicts:
    """The outcomes of a run by test, as each report has them."""

    terminal: dict[str, str]
    junit: dict[str, str]
    exit_code: int
    output: str


def run(folder: Path, *options: str) -> Verdicts:
    """Run the project with two workers, in random order, with the plugins of its neighbors loaded."""
    plugins = ("connect_batchmock", "xdist", "randomly", "faker", "allure_pytest")
    command = [sys.executable, "-m", "pytest", "-rA", "-n", "2", "--tb=short", "--connect-guard"]
    command += [part for plugin in plugins for part in ("-p", plugin)]
    command += ["-p", "no:cacheprovider", "--junit-xml=it.xml", "--alluredir=allure", *options]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "300"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    terminal = {
        name: verdict.lower()
        for verdict, name in re.findall(r"^(PASSED|FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE)
    }
    return Verdicts(terminal, _in_junit(folder / "it.xml"), done.returncode, done.stdout + done.stderr)


def _in_junit(file: Path) -> dict[str, str]:
    words = {"failure": "failed", "error": "error", "skipped": "skipped"}
    return {
        case.attrib["name"]: next((words[child.tag] for child in case if child.tag in words), "passed")
        for case in ElementTree.parse(file).iter("testcase")
    }


def differing(tests: list[Test], verdicts: Verdicts) -> list[str]:
    """Return a line for each test whose verdict differs from the expected one in a report."""
    lines = []
    for test in tests:
        # The summary counts skipped tests by location and does not name them.
        terminal = verdicts.terminal.get(test.name, "skipped")
        junit = verdicts.junit.get(test.name)
        if not terminal == junit == test.verdict:
            lines.append(f"{test.name}: terminal {terminal}, JUnit {junit}")
    return lines


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        tests = generate(Path(folder), count)
        verdicts = run(Path(folder))
    lines = differing(tests, verdicts)
    wanted = dict(Counter(test.verdict for test in tests))
    summary = verdicts.output.rstrip().splitlines()[-1].strip("= ")
    sys.stdout.write("\n".join([summary, f"{wanted}, exit code {verdicts.exit_code}", *lines, ""]))
    return int(bool(lines) or verdicts.exit_code != pytest.ExitCode.TESTS_FAILED)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
