"""The option --connect-coverage: which failures the tests of a run exercised."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

# pytester forgets the modules that a run in this process was the first to import: it is to stay.
import boto3  # noqa: F401
import pytest
from checkout import DOCS

from connect_batchmock.engine.faults import CONTACTS
from connect_batchmock.protocol.errors import modeled_errors
from connect_batchmock.protocol.model import operation_model

QUIET = ("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider")
APPLICATION = """
    import boto3
    import pytest

    @pytest.fixture
    def dial(connect_instance, connect_queue, connect_campaign):
        def put(**members):
            item = {
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
                "QueueId": connect_queue.id,
                "Campaign": {"CampaignId": connect_campaign.id},
                **members,
            }
            client = boto3.client("connect")
            client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=[item])

        return put
"""
INVALID_QUEUE = """
    def test_queue(connect_queue, dial):
        connect_queue.disable()
        dial()
"""
PASSING = """
    def test_it():
        pass
"""


def run(pytester: pytest.Pytester, tests: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(APPLICATION + tests)
    return pytester.runpytest_inprocess(*QUIET, *options)


def coverage(pytester: pytest.Pytester, tests: str) -> dict[str, Any]:
    """Run tests that pass, and return the coverage in the file that they wrote."""
    assert run(pytester, tests, "--connect-coverage-file=coverage.json").ret == 0
    return read(pytester)


def read(pytester: pytest.Pytester) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((pytester.path / "coverage.json").read_text(encoding="utf-8"))
    return document


def reasons_in(document: dict[str, Any]) -> dict[str, int]:
    """Return how often each failure reason was exercised, for those that were."""
    times = document["operations"]["connect.BatchPutContact"]["failure_reasons"]
    return {name: count for name, count in times.items() if count}


def table(result: pytest.RunResult) -> list[str]:
    """Return the lines of the table."""
    lines = result.outlines
    start = next(number for number, line in enumerate(lines) if "= coverage of failures =" in line)
    end = next(number for number, line in enumerate(lines) if line.startswith("total "))
    return lines[start + 1 : end + 1]


def row(result: pytest.RunResult, kind: str) -> tuple[str, list[str]]:
    """Return how much of a kind of failure was exercised, and the names of the rest."""
    lines = "".join(f"{line}\n" for line in table(result))
    ((share, names),) = re.findall(rf"^  {kind} +(\d+ of \d+)(.*\n(?: {{20,}}.+\n)*)", lines, re.MULTILINE)
    return share, re.findall(r"\w+", names)


def test_the_table_shows_what_was_never_exercised(pytester: pytest.Pytester) -> None:
    tests = """
    def test_planned(connect_mock, dial):
        connect_mock.reject_contacts("INTERNAL_ERROR", times=1)
        connect_mock.lose_response("BatchPutContact")
        dial()
        connect_mock.fail("BatchPutContact", "InternalServiceException")
        dial()
    """
    result = run(pytester, INVALID_QUEUE + tests, "--connect-coverage")

    assert result.ret == 0
    assert table(result)[1] == "connect.BatchPutContact"
    reasons = [name for name in CONTACTS.reasons if name not in ("INTERNAL_ERROR", "INVALID_QUEUE")]
    assert row(result, "failure reasons") == (f"2 of {len(CONTACTS.reasons)}", reasons)
    errors = modeled_errors(operation_model("connect", "BatchPutContact"))
    others = [name for name in errors if name != "InternalServiceException"]
    assert row(result, "errors") == (f"1 of {len(errors)}", others)
    faults = ["refuse_connection", "reset_connection", "delay_beyond_timeout"]
    assert row(result, "network faults") == ("1 of 4", faults)
    assert row(result, "disconnect reasons")[0] == "0 of 17"
    assert max(map(len, table(result))) <= 90


def test_a_run_without_the_option_shows_no_table(pytester: pytest.Pytester) -> None:
    result = run(pytester, INVALID_QUEUE)

    assert result.ret == 0
    assert not [line for line in result.outlines if "coverage of failures" in line]


def test_the_file_counts_planned_failures_and_others(pytester: pytest.Pytester) -> None:
    tests = """
    def test_planned(connect_mock, dial):
        connect_mock.reject_contacts("INVALID_QUEUE", times=2)
        dial()
        dial()
    """
    document = coverage(pytester, INVALID_QUEUE + tests)

    kinds = document["operations"]["connect.BatchPutContact"]
    assert list(kinds["failure_reasons"]) == CONTACTS.reasons
    assert reasons_in(document) == {"INVALID_QUEUE": 3}
    possible = sum(len(times) for times in kinds.values())
    # No contact was created, which could end.
    assert (document["exercised"], document["possible"], document["contacts"]) == (1, possible, {})
    assert document["percent"] <= 100 / possible < document["percent"] + 0.01


def test_records_of_a_restored_snapshot_count_once(pytester: pytest.Pytester) -> None:
    tests = """
    def test_it(connect_mock, dial):
        dial(QueueId="unknown")
        snapshot = connect_mock.snapshot()
        for _ in range(2):
            dial(Attributes={"a key": "1"})
            connect_mock.restore(snapshot)
        connect_mock.reset()
    """
    assert reasons_in(coverage(pytester, tests)) == {"INVALID_QUEUE": 1, "INVALID_ATTRIBUTE_KEY": 2}


def test_a_mock_that_outlives_the_tests_counts(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest
        from connect_batchmock import mock_connect

        activation = mock_connect()

        @pytest.fixture
        def instances():
            return activation.start().attach(__import__("boto3").client("connect")).list_instances()

        def pytest_unconfigure():
            activation.stop()
        """
    )
    document = coverage(pytester, "\n    def test_it(instances):\n        pass\n")
    assert list(document["operations"]) == ["connect.ListInstances"]


# The run


@pytest.mark.parametrize(
    ("tests", "minimum", "is_covered"),
    [(INVALID_QUEUE, "4", True), (INVALID_QUEUE, "99.5", False), (PASSING, "1", False)],
    ids=["enough", "too little", "no mock"],
)
def test_a_run_that_covers_too_little_fails(
    pytester: pytest.Pytester, tests: str, minimum: str, is_covered: bool
) -> None:
    result = run(pytester, tests, f"--connect-coverage={minimum}")

    assert result.ret == (pytest.ExitCode.OK if is_covered else pytest.ExitCode.TESTS_FAILED)
    percent = table(result)[-1].split()[-2]
    message = f"FAIL --connect-coverage={minimum}: the tests exercised {percent} % of the failures."
    assert [line for line in result.outlines if line.startswith("FAIL")] == [message] * (not is_covered)


def test_a_run_that_only_collects_has_no_coverage(pytester: pytest.Pytester) -> None:
    result = run(pytester, PASSING, "--collect-only", "--connect-coverage=9", "--connect-coverage-file=it")

    assert result.ret == 0
    assert not [line for line in result.outlines if "coverage of failures" in line]
    assert not (pytester.path / "it").exists()


@pytest.mark.parametrize("minimum", ["100.1", "test_it.py"])
def test_an_invalid_minimum_is_a_usage_error(pytester: pytest.Pytester, minimum: str) -> None:
    result = run(pytester, PASSING, "--connect-coverage", minimum)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*takes a percentage from 0 to 100, *=90, not '{minimum}'; *"])


def test_the_file_is_written_into_a_new_folder(pytester: pytest.Pytester) -> None:
    assert run(pytester, PASSING, "--connect-coverage-file=new/it.json").ret == 0
    assert json.loads((pytester.path / "new" / "it.json").read_text(encoding="utf-8"))["possible"] == 0


def test_a_run_fails_whose_file_cannot_be_written(pytester: pytest.Pytester) -> None:
    result = run(pytester, PASSING, "--connect-coverage-file=.")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*problems of connect_batchmock*", "pytest_sessionfinish raised *"])


def test_a_run_inside_a_test_has_coverage_of_its_own(pytester: pytest.Pytester) -> None:
    tests = """
    def test_it(pytester, connect_queue, dial):
        pytester.makepyfile("def test_inner(connect_client): connect_client.list_instances()")
        options = ["-p", "connect_batchmock.pytest_plugin", "--connect-coverage-file=inner.json"]
        assert pytester.runpytest_inprocess(*options).ret == 0
        assert "connect.ListInstances" in (pytester.path / "inner.json").read_text(encoding="utf-8")
        connect_queue.disable()
        dial()
    """
    result = run(pytester, tests, "-p", "pytester", "--connect-coverage-file=coverage.json")

    assert result.ret == 0
    assert list(read(pytester)["operations"]) == ["connect.BatchPutContact"]


def test_the_coverage_of_xdist_workers_is_merged(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    tests = """
    @pytest.mark.parametrize("reason", ["INTERNAL_ERROR", "INVALID_QUEUE", "MISSING_CAMPAIGN"])
    def test_it(connect_mock, dial, reason):
        connect_mock.reject_contacts(reason, times=1)
        dial()
        dial(Attributes={"a key": "1"})
    """
    pytester.makepyfile(APPLICATION + tests)
    options = ("-p", "xdist", "-n", "2", "--connect-coverage=99", "--connect-coverage-file=coverage.json")
    result = run_in_subprocess(*options)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"  failure reasons * 4 of {len(CONTACTS.reasons)} *", "FAIL *"])
    document = read(pytester)
    assert list(document["operations"]["connect.BatchPutContact"]["failure_reasons"]) == CONTACTS.reasons
    once = dict.fromkeys(["INTERNAL_ERROR", "INVALID_QUEUE", "MISSING_CAMPAIGN"], 1)
    assert reasons_in(document) == {"INVALID_ATTRIBUTE_KEY": 3, **once}


@pytest.mark.parametrize(
    ("removed", "missing"),
    [(None, []), ("test_an_unknown_campaign_fails_every_lead", ["MISSING_CAMPAIGN"])],
)
def test_a_test_taken_out_of_the_example_is_missed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, removed: str | None, missing: list[str]
) -> None:
    # The example makes its client at import, which would look for credentials.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    example = DOCS / "examples" / "dialer"
    for name in ("dialer.py", "leads.csv"):
        (pytester.path / name).write_bytes((example / name).read_bytes())
    text = (example / "test_example_dialer.py").read_text(encoding="utf-8")
    functions = re.split(r"^(?=def |@pytest)", text, flags=re.MULTILINE)
    kept = [function for function in functions if not function.startswith(f"def {removed}(")]
    assert len(kept) == len(functions) - (removed is not None)
    # The suite may have imported the module of the example, which has another name.
    (pytester.path / "test_copy.py").write_text("".join(kept), encoding="utf-8")

    # The tests of the file's content and of the network take longer, and meet no failure reason.
    meets_reason = "reason or fails_every or fails_its or refuses or second_lead or throttled_leads"
    result = pytester.runpytest_inprocess(*QUIET, "--connect-coverage", "-k", meets_reason)

    count = len(CONTACTS.reasons)
    assert row(result, "failure reasons") == (f"{count - len(missing)} of {count}", missing)
