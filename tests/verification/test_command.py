"""The command ``connect-batchmock verify``: what it tries, what it prints, and when it cannot begin."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import botocore
import pytest
from checkout import DOCS, ROOT

from connect_batchmock import Call, ConnectMock, Instance
from connect_batchmock.cli import main
from connect_batchmock.server import application
from connect_batchmock.server.server import Server
from connect_batchmock.verification.catalog import SCENARIOS

READING = [scenario.id for scenario in SCENARIOS.values() if scenario.kind == "reads"]
WRITING = [scenario.id for scenario in SCENARIOS.values() if scenario.kind == "writes"]
UNKNOWN_INSTANCE = "6f2c1a52-7d0b-4b0e-9f4e-0c1d2e3f4a5b"
Verify = Callable[..., int]


@pytest.fixture
def verify_aws(connect_mock: ConnectMock, connect_instance: Instance) -> Verify:
    """Verify the mock in the place of AWS."""

    def run(*arguments: str, region: str = "us-east-1", instance_id: str | None = None) -> int:
        options = ["--aws", "--region", region, "--instance-id", instance_id or connect_instance.id]
        return main(["verify", *options, *arguments])

    return run


def refusal(capsys: pytest.CaptureFixture[str], run: Callable[[], object]) -> str:
    """Return the one line with which the command refuses to begin."""
    with pytest.raises(SystemExit) as ended:
        run()
    output, errors = capsys.readouterr()
    assert (ended.value.code, output, errors.count("\n")) == (2, "", 1)
    return errors


def test_aws_is_only_read_by_default(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_aws() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == (
        f"{len(READING)} hold, 0 differ, {len(WRITING)} could not be tried, of {len(SCENARIOS)}."
    )
    for call in connect_mock.calls:
        assert call.operation.startswith(("Describe", "Get", "List", "Search"))


def test_writes_are_tried_where_they_are_allowed(
    verify_aws: Verify, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_aws("--allow-writes") == 0
    assert capsys.readouterr().out.endswith(
        f"\n{len(SCENARIOS)} hold, 0 differ, 0 could not be tried, of {len(SCENARIOS)}.\n"
    )


def test_a_difference_is_shown_member_by_member(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    connect_mock.fail("DescribeQueue", "InvalidParameterException")
    assert verify_aws("--only", "unknown-queue-is-not-found") == 1
    assert capsys.readouterr().out == (
        "differs    unknown-queue-is-not-found\n"
        "           DescribeQueue fails with ResourceNotFoundException 404 for an unknown id.\n"
        "           DescribeQueue.Code: expected 'ResourceNotFoundException', observed\n"
        "               'InvalidParameterException'\n"
        "           DescribeQueue.Status: expected 404, observed 400\n"
        "0 hold, 1 differ, 0 could not be tried, of 1.\n"
    )


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        ("AccessDeniedException", 403, "DescribeQueue failed with AccessDeniedException."),
        ("InternalServiceException", 500, "DescribeQueue failed with status 500, InternalServiceException."),
        (
            "UnknownOperation",
            404,
            "The endpoint does not support DescribeQueue: status 404, UnknownOperation.",
        ),
    ],
)
def test_an_error_of_the_caller_shows_no_difference(
    verify_aws: Verify,
    connect_mock: ConnectMock,
    capsys: pytest.CaptureFixture[str],
    error: str,
    status: int,
    reason: str,
) -> None:
    connect_mock.fail("DescribeQueue", error, status=status, times=9)
    assert verify_aws("--only", "unknown-queue-is-not-found") == 0
    connect_mock.reset()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "not tried  unknown-queue-is-not-found"
    assert lines[1].strip() == reason


def test_a_lost_connection_shows_no_difference(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    connect_mock.refuse_connection("DescribeQueue", times=9)
    assert verify_aws("--only", "unknown-queue-is-not-found") == 0
    connect_mock.reset()
    assert "Could not connect to the endpoint URL" in capsys.readouterr().out


def test_an_unexpected_error_is_a_difference(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    connect_mock.fail("ListInstanceAttributes", "ResourceNotFoundException")
    assert verify_aws("--only", "instance-attributes-are-listed") == 1
    assert "ListInstanceAttributes.Code: expected None, observed" in capsys.readouterr().out


def test_a_success_is_a_difference_where_an_error_is_expected(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    connect_mock.fake("DescribeQueue", lambda context, parameters: {"Queue": {}})
    assert verify_aws("--only", "unknown-queue-is-not-found") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].strip() == ("DescribeQueue.Code: expected 'ResourceNotFoundException', observed None")


def test_an_instance_that_lacks_what_is_needed_shows_nothing(
    verify_aws: Verify,
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connectcampaignsv2_client: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    connect_mock.fake(
        "ListHoursOfOperations", lambda context, parameters: {"HoursOfOperationSummaryList": []}
    )
    connectcampaignsv2_client.delete_connect_instance_config(connectInstanceId=connect_instance.id)
    scenarios = ("queue-is-described-as-created", "new-campaign-is-initialized")
    assert verify_aws("--allow-writes", *(f"--only={scenario}" for scenario in scenarios)) == 0
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [
        "not tried  queue-is-described-as-created",
        "The instance has no hours of operation.",
        "not tried  new-campaign-is-initialized",
        "The instance is not onboarded to outbound campaigns.",
        "0 hold, 0 differ, 2 could not be tried, of 2.",
    ]


def test_scenarios_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(SCENARIOS) >= 40
    assert lines[0] == (
        "reads   instance-is-described  DescribeInstance returns the id, an ARN that ends with it, and a "
        "service-linked role."
    )


def test_a_report_holds_no_id_number_or_account(
    verify_aws: Verify, connect_mock: ConnectMock, connect_instance: Instance, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    connect_instance.add_queue("Sales")
    connect_mock.fail(
        "DescribeQueue",
        "ResourceNotFoundException",
        message="arn:aws:sts::123456789012:assumed-role/Admin/jane called +12065550100",
    )
    assert verify_aws("--allow-writes", "--output", str(path)) == 0
    text = path.read_text(encoding="utf-8")
    report = json.loads(text)

    assert report["endpoint"] == "aws"
    assert report["botocore"] == botocore.__version__
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", report["date"])
    assert [entry["id"] for entry in report["scenarios"]] == [*SCENARIOS]
    for entry in report["scenarios"]:
        assert entry["result"] == "holds"
        assert entry["expected"] == entry["observed"]
    for secret in (connect_instance.id, connect_mock.settings.account_id, "jane", "testing", "+1206"):
        assert secret not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|\b\d{12}\b|\+\d{7}", text)


def test_a_report_hides_what_an_error_says(
    verify_aws: Verify, connect_mock: ConnectMock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    connect_mock.refuse_connection("DescribeQueue", times=9)
    verify_aws("--only", "unknown-queue-is-not-found", "--output", str(path))
    connect_mock.reset()
    entry = json.loads(path.read_text(encoding="utf-8"))["scenarios"][0]
    assert entry["result"] == "not tried"
    assert "/queues/id-1/id-2" in entry["reason"]
    assert "/queues/id-1/id-2" in capsys.readouterr().out


# What keeps it from beginning


def test_aws_takes_a_region_and_an_instance(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--aws takes --region REGION and --instance-id ID" in refusal(
        capsys, lambda: main(["verify", "--aws", "--region", "us-east-1"])
    )


@pytest.mark.connect_mock(credentials="keep")
def test_aws_needs_credentials(
    verify_aws: Verify,
    connect_mock: ConnectMock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "absent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "--aws needs credentials, and boto3 finds none" in refusal(capsys, verify_aws)
    assert not connect_mock.calls


def test_a_wrong_region_is_refused(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refusal(capsys, lambda: verify_aws(region="mars-1"))
    assert "--region 'mars-1' is no region of AWS; Connect is in " in message
    assert "us-east-1" in message
    assert not connect_mock.calls


def test_an_unknown_instance_is_refused(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refusal(capsys, lambda: verify_aws("--allow-writes", instance_id=UNKNOWN_INSTANCE))
    assert f"AWS in us-east-1 has no instance {UNKNOWN_INSTANCE!r}: name one of its instances" in message
    assert [call.operation for call in connect_mock.calls] == ["DescribeInstance"]


def test_an_account_that_denies_everything_is_refused(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    connect_mock.fail("DescribeInstance", "AccessDeniedException")
    assert "AWS in us-east-1 cannot be verified: " in refusal(capsys, verify_aws)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name what to verify: --endpoint-url URL for an emulator, or --aws"),
        (["--aws", "--endpoint-url", "http://127.0.0.1:1"], "Name what to verify"),
        (["--endpoint-url", "localhost"], "--endpoint-url takes a URL such as http://127.0.0.1:4577, not"),
        (["--endpoint-url", "https://connect.eu-west-2.amazonaws.com"], "is a host of AWS: use --aws"),
        (["--list", "--only", "unknown-queue"], "The nearest are unknown-queue-is-not-found"),
        (["--list", "--only", "zzz"], "--only 'zzz' is no scenario. --list prints all."),
        (["--output", "absent/report.json", "--aws"], "--output 'absent/report.json' cannot be written"),
    ],
)
def test_invalid_options_are_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refusal(capsys, lambda: main(["verify", *arguments]))


def test_an_emulator_without_an_instance_is_refused(
    connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refusal(capsys, lambda: main(["verify", "--endpoint-url", "http://127.0.0.1:4577"]))
    assert (
        "http://127.0.0.1:4577 has no instance in us-east-1: create one, since no scenario does." in message
    )


def test_an_emulator_that_does_not_run_is_refused(
    connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    connect_mock.refuse_connection("ListInstances", times=9)
    message = refusal(capsys, lambda: main(["verify", "--endpoint-url", "http://127.0.0.1:4577"]))
    connect_mock.reset()
    assert "http://127.0.0.1:4577 cannot be verified: Could not connect" in message


def test_an_interrupt_prints_the_results_so_far(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    connect_mock.fake("DescribeQueue", interrupt)
    assert verify_aws("--only", "instance-is-described", "--only", "unknown-queue-is-not-found") == 130
    assert capsys.readouterr().out == (
        "holds      instance-is-described\n"
        "1 hold, 0 differ, 0 could not be tried, of 1.\n"
        "Interrupted; nothing that was created is left.\n"
    )


def test_an_interrupt_before_the_first_scenario_is_one_line(
    verify_aws: Verify, connect_mock: ConnectMock, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    connect_mock.fake("DescribeInstance", interrupt)
    assert verify_aws("--allow-writes") == 130
    assert capsys.readouterr() == ("", "connect-batchmock: interrupted\n")


# Over HTTP


def started(url: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "connect_batchmock", "verify", "--endpoint-url", url, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_all_scenarios_hold_over_http(
    connect_server: Server, connect_mock: ConnectMock, connect_instance: Instance, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    queues_before = list(connect_instance.queues)
    with started(connect_server.url, "--output", str(path)) as process:
        output, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    assert output.splitlines()[-1].startswith(f"{len(SCENARIOS)} hold, 0 differ, ")
    assert json.loads(path.read_text(encoding="utf-8"))["endpoint"] == "emulator"
    assert list(connect_instance.queues) == queues_before
    assert not connect_mock.contacts


@pytest.fixture
def held(connect_mock: ConnectMock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return a function that has the server hold the next response of an operation until the test is over."""
    released = threading.Event()
    monkeypatch.setattr(application, "sleep", lambda seconds: released.wait(20))
    yield lambda operation: connect_mock.delay(operation, 60)
    released.set()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize(
    ("scenario", "operation"),
    [("unknown-queue-is-not-found", "DescribeQueue"), ("queue-is-described-as-created", "CreateQueue")],
)
def test_a_signal_leaves_nothing(
    connect_server: Server,
    connect_mock: ConnectMock,
    connect_instance: Instance,
    held: Callable[[str], None],
    scenario: str,
    operation: str,
) -> None:
    queues_before = list(connect_instance.queues)
    held(operation)
    with started(connect_server.url, "--only", scenario) as process:
        # The operation is carried out, and its response is held back.
        connect_mock.wait_for_call(operation, timeout=20)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, "")
    assert output == (
        "0 hold, 0 differ, 0 could not be tried, of 0.\nInterrupted; nothing that was created is left.\n"
    )
    assert list(connect_instance.queues) == queues_before
    deleted = [call for call in connect_mock.calls if call.operation == "DeleteQueue"]
    assert len(deleted) == (operation == "CreateQueue")


# What the documentation says

HOW_TO = DOCS / "how-to" / "verify-against-aws.md"


def actions_of(calls: Iterable[Call]) -> set[str]:
    """Return the actions of IAM policies that the API calls need."""
    prefixes = {"connect": "connect"}
    return {f"{prefixes.get(call.service, 'connect-campaigns')}:{call.operation}" for call in calls}


def test_the_how_to_lists_the_actions_that_are_needed(verify_aws: Verify, connect_mock: ConnectMock) -> None:
    blocks = re.findall(r"^```json\n(.*?)^```$", HOW_TO.read_text(encoding="utf-8"), re.DOTALL | re.M)
    policy, writing = map(json.loads, blocks)
    reading = policy["Statement"][0]["Action"]
    verify_aws()
    assert sorted(reading) == sorted(actions_of(connect_mock.calls))
    verify_aws("--allow-writes")
    assert sorted(reading + writing) == sorted(actions_of(connect_mock.calls))


def test_every_option_is_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["verify", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    page = (DOCS / "reference" / "server.md").read_text(encoding="utf-8")
    assert len(options) == 8
    assert [option for option in sorted(options) if f"\n| `{option}" not in page] == []


def test_the_report_of_the_page_has_the_members_of_a_report(verify_aws: Verify, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    verify_aws("--only", "unknown-queue-is-not-found", "--output", str(path))
    page = (DOCS / "reference" / "server.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```json\n(.*?)^```$", page, re.DOTALL | re.M)
    report = json.loads(path.read_text(encoding="utf-8"))
    assert list(json.loads(shown)) == list(report)
    assert json.loads(shown)["scenarios"] == report["scenarios"]
