"""The output of pytest for a failed comparison, and the calls that it shows with a failed test."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

# pytester forgets the modules that a run in this process was the first to import: these are to stay.
import boto3  # noqa: F401
import pytest

import connect_batchmock.records.comparison

Run = Callable[..., pytest.RunResult]

HEAD = """
from dataclasses import replace

import pytest
from dirty_equals import IsInstance, IsPartialDict

from connect_batchmock import Call, Contact

@pytest.fixture
def put(connect_client, connect_instance, connect_queue, connect_campaign):
    def put(*numbers, **members):
        items = [
            {
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": f"+1555555010{number}"},
                "QueueId": connect_queue.id,
                "Campaign": {"CampaignId": connect_campaign.id},
                "Attributes": {"lead": str(number)},
                **members,
            }
            for number in numbers
        ]
        connect_client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=items)
    return put

@pytest.fixture
def three(connect_mock, put):
    put(0, 1, 2)
    return list(connect_mock.contacts)

"""
QUIET = ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio"]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    # pytest cuts nothing where it believes to run for a machine.
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def run(source: str, *args: str) -> pytest.RunResult:
        pytester.makepyfile(HEAD + dedent(source))
        return pytester.runpytest_inprocess(*QUIET, *args)

    return run


def explanation(result: pytest.RunResult) -> str:
    """Return the lines that explain the failed assertion of the only test, without pytest's own mark."""
    lines = [line[2:].strip("\n") for line in result.outlines if line.startswith("E ")]
    return dedent("\n".join(lines)).rstrip()


def compared(run: Run, assertion: str, *args: str) -> str:
    result = run(f"def test_it(connect_mock, three):\n    {assertion}\n", *args)
    result.assert_outcomes(failed=1)
    return explanation(result)


def block(text: str) -> str:
    return dedent(text).strip("\n")


def test_an_entry_that_differs_is_shown_with_its_paths_alone(run: Run) -> None:
    output = compared(
        run,
        "three[1] = replace(three[1], attributes={'lead': 1, 'vip': 'yes'}); "
        "assert connect_mock.contacts == three",
    )
    assert output == block("""
        AssertionError: assert 3 contacts == wanted, but 1 differs
          number 2:
              attributes.lead  wanted 1      is '1'
              attributes.vip   wanted 'yes'  is absent
          attributes.lead is a str and the criterion an int: compare with '1'.
    """)


def test_an_extra_entry_is_shown_in_one_line(run: Run) -> None:
    assert compared(run, "assert connect_mock.contacts == three[:1]") == block("""
        AssertionError: assert 3 contacts == wanted, but 2 are extra
          extra, number 2: +15555550101, campaign 'Campaign 1', queue 'Queue 1', attributes {'lead':
              '1'}
          extra, number 3: +15555550102, campaign 'Campaign 1', queue 'Queue 1', attributes {'lead':
              '2'}
    """)


def test_a_missing_entry_does_not_shift_the_others(run: Run) -> None:
    output = compared(run, "assert connect_mock.contacts == [three[0], 'another', *three[1:]]")
    assert output == block("""
        AssertionError: assert 3 contacts == wanted, but 1 is missing
          missing, wanted as number 2: 'another'
    """)
    output = compared(run, "assert connect_mock.contacts == [three[0], three[2], 'one', 'two']")
    assert output == block("""
        AssertionError: assert 3 contacts == wanted, but 1 is extra, 2 are missing
          extra, number 2: +15555550101, campaign 'Campaign 1', queue 'Queue 1', attributes {'lead':
              '1'}
          missing, wanted as number 3: 'one'
          missing, wanted as number 4: 'two'
    """)


def test_another_order_is_called_that(run: Run) -> None:
    assert compared(run, "assert connect_mock.contacts == [three[2], three[0], three[1]]") == block("""
        assert 3 contacts == wanted, but for the order
          wanted in the order: 3, 1, 2
          If the order does not matter, compare contacts.in_any_order() with the list.
    """)


def test_the_list_may_stand_on_the_left(run: Run) -> None:
    output = compared(run, "assert [three[0], IsInstance(Call), three[2]] == connect_mock.contacts")
    assert output.startswith("AssertionError: assert 3 contacts == wanted, but 1 differs\n  number 2:\n")
    assert "      itself\n          wanted IsInstance(" in output.replace("        itself", "      itself")


def test_two_sequences_of_ours_are_compared_too(run: Run) -> None:
    output = compared(run, "assert connect_mock.contacts[:2] == connect_mock.contacts[1:]")
    assert output.startswith("AssertionError: assert 2 contacts == wanted, but 1 is extra, 1 is missing\n")


def test_every_kind_of_record_is_compared_like_contacts(run: Run) -> None:
    output = compared(
        run, "assert connect_mock.calls == [replace(connect_mock.calls[0], region='eu-west-2')]"
    )
    assert output == block("""
        AssertionError: assert 1 call == wanted, but 1 differs
          number 1:
              region  wanted 'eu-west-2'  is 'us-east-1'
    """)
    output = compared(
        run, "assert connect_mock.events[:1] == [{**connect_mock.events[0], 'account': 7, 'more': 1}]"
    )
    assert output == block("""
        AssertionError: assert 1 event == wanted, but 1 differs
          number 1:
              account  wanted 7  is '123456789012'
              more     wanted 1  is absent
    """)
    assert compared(run, "assert connect_mock.failed_requests == ['one']") == block("""
        AssertionError: assert 0 failed requests == wanted, but 1 is missing
          missing, wanted as number 1: 'one'
    """)


def test_items_of_a_call_are_compared_item_by_item(run: Run) -> None:
    output = compared(
        run,
        "call = connect_mock.calls[0]; parameters = connect_mock.calls[0].parameters; "
        "parameters['ContactDataRequestList'].pop(); parameters['InstanceId'] = ('x',); "
        "assert call == replace(call, parameters=parameters)",
    )
    lines = output.splitlines()
    assert lines[0] == (
        "AssertionError: assert Call == wanted, but for parameters.InstanceId, "
        "parameters.ContactDataRequestList[2]"
    )
    assert "      parameters.ContactDataRequestList[2]" in lines
    assert "          wanted nothing" in lines


def test_a_list_is_no_tuple(run: Run) -> None:
    output = compared(
        run,
        "call = connect_mock.calls[0]; assert call == replace(call, faults=['x'])",
    )
    assert output == block("""
        AssertionError: assert Call == wanted, but for faults
              faults  wanted ['x']  is ()
    """)


def test_two_contacts_show_where_they_differ(run: Run) -> None:
    output = compared(
        run, "assert three[0] == replace(three[0], attributes={}, state='QUEUED', id='a', arn='b')"
    )
    lines = output.splitlines()
    assert lines[0] == "AssertionError: assert Contact == wanted, but for id, arn, attributes.lead, 1 more"
    assert "      attributes.lead  wanted nothing   is '0'" in lines
    assert "      state            wanted 'QUEUED'  is 'INITIATED'" in lines


def test_more_than_can_be_read_is_shown_with_v(run: Run) -> None:
    many = "assert connect_mock.contacts == ['a', 'b', 'c', 'd', *three]"
    brief, full = compared(run, many), compared(run, many, "-vv")
    assert brief.splitlines()[-1] == "  Some entries are not shown; -vv shows all."
    assert "'d'" not in brief
    assert full.splitlines()[-1] == "  missing, wanted as number 4: 'd'"
    paths = "assert three[0] == replace(three[0], attributes={str(n): 'x' for n in range(7)})"
    brief, full = compared(run, paths), compared(run, paths, "-vv")
    assert "and 3 more" in brief
    assert "attributes.6" in full
    assert "more" not in full.partition("\n")[2]


def test_entries_in_any_order_show_what_has_no_counterpart(run: Run) -> None:
    wanted = "[IsInstance(Contact), three[0], 'another']"
    for assertion in (
        f"assert connect_mock.contacts.in_any_order() == {wanted}",
        f"assert {wanted} == connect_mock.contacts.in_any_order()",
    ):
        output = compared(run, assertion)
        assert output.startswith(
            "AssertionError: assert 3 contacts == wanted, but 1 is extra, 1 is missing\n"
        )
        assert output.endswith("\n  missing, wanted as number 3: 'another'")
    both = "assert connect_mock.contacts.in_any_order() == connect_mock.contacts[:2].in_any_order()"
    assert compared(run, both).startswith("AssertionError: assert 3 contacts == wanted, but 1 is extra\n")


def test_long_lists_are_compared_in_their_order(run: Run) -> None:
    output = compared(run, "assert connect_mock.contacts == [three[0], *['x'] * 250, three[1]]")
    assert output.startswith("AssertionError: assert 3 contacts == wanted, but 2 differ, 249 are missing\n")


@pytest.mark.parametrize(
    ("assertion", "output"),
    [
        ("assert connect_mock.contacts == 3", "== 3"),
        ("assert connect_mock.contacts.in_any_order() == 'x'", "== 'x'"),
        ("assert three[0] == 3", "== 3"),
        ("assert three[0].queue == three[0].campaign", "AssertionError: assert <Queue name="),
        ("assert connect_mock.contacts != three", "!= [Contact("),
        ("assert three[0].attributes == {'lead': '7'}", "{'lead': '0'} != {'lead': '7'}"),
        ("assert three[0].queue is None", " is None"),
    ],
)
def test_other_comparisons_are_left_to_pytest(run: Run, assertion: str, output: str) -> None:
    explained = compared(run, assertion)
    assert output in explained
    assert "wanted" not in explained


def test_two_queues_show_their_names_and_ids(run: Run) -> None:
    output = compared(run, "assert three[0].queue == three[0].instance.add_queue('Other')")
    first = output.splitlines()[0]
    assert re.search(r"assert <Queue name='Queue 1' id='.{36}'> == <Queue name='Other' id='.{36}'>$", first)
    assert "_queue:" not in output


def test_other_comparisons_load_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert [1, {'a': 2}] == [1, {'a': 3}]\n")
    code = """
import os, sys, pytest
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
code = pytest.main(["-p", "connect_batchmock.pytest_plugin", "-p", "no:cacheprovider"])
ours = sorted(name for name in sys.modules if name.startswith("connect_batchmock"))
print(int(code), *ours, "botocore" in sys.modules)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    waiting = ("interception", "interception.import_hooks")
    loaded = ["connect_batchmock", *(f"connect_batchmock.{name}" for name in (*waiting, "pytest_plugin"))]
    assert done.stdout.splitlines()[-1] == f"1 {' '.join(loaded)} False"


def test_a_dict_is_compared_with_a_contact_by_attribute(run: Run) -> None:
    output = compared(run, "assert three[0] == {'customer_address': '+1', 'state': 'INITIATED', 'adress': 1}")
    assert output == block("""
        AssertionError: assert Contact == wanted, which is a dict
              customer_address  wanted '+1'  is '+15555550100'
              adress            wanted 1     is absent (did you mean 'system_address'?)
          A Contact equals only another Contact: compare its attributes, or search by them with
          where(...) or one(...).
    """)
    output = compared(run, "assert {'operation': 'BatchPutContact'} == connect_mock.calls[0]")
    assert output.splitlines()[:2] == [
        "assert Call == wanted, which is a dict",
        "  A Call equals only another Call: compare its attributes, or search by them with where(...)",
    ]
    output = compared(run, "assert connect_mock.contacts == [*three[:2], {'state': 'QUEUED'}]")
    assert output == block("""
        AssertionError: assert 3 contacts == wanted, but 1 differs
          number 3:
              its type  wanted 'dict'    is 'Contact'
              state     wanted 'QUEUED'  is 'INITIATED'
    """)


def test_an_id_is_no_contact(run: Run) -> None:
    output = compared(run, "assert three[0] == three[0].id")
    assert output.startswith("assert Contact == wanted, which is a str\n  A Contact equals only another")
    assert "wanted" not in compared(run, "assert three[0] == 3")


# The calls, with a failed test

STORY = """
def test_it(connect_mock, put):
    connect_mock.fail("BatchPutContact", "InternalServiceException", message="Not now.")
    put(0, QueueId="gone")
    put(1)
    assert {outcome}
"""


COLOURS = re.compile("\x1b\\[[0-9;]*m")


def section(result: pytest.RunResult) -> list[str]:
    lines: list[str] = result.outlines
    (start,) = (n for n, line in enumerate(lines) if " Amazon Connect calls " in line)
    ends = ("=", "connect_batchmock:")
    end = next(n for n, line in enumerate(lines) if n > start and COLOURS.sub("", line).startswith(ends))
    # A busy machine takes its time between two calls.
    return [re.sub(r"\+\d+\.\d s", "+0.0 s", line.rstrip()) for line in lines[start + 1 : end]]


@pytest.mark.parametrize("args", [[], ["--tb=short"], ["-q"], ["--color=yes"], ["--tb=native"]])
def test_a_failed_test_reports_its_calls(run: Run, args: list[str]) -> None:
    lines = section(run(STORY.format(outcome=False), *args))
    summary, *rest = lines
    assert summary.startswith("2 calls, 3 attempts, 1 contact, 1 failed item, since 20")
    assert [line for line in rest if line and "skipped a retry delay" not in line] == [
        "  1. BatchPutContact in us-east-1, +0.0 s: 2 attempts",
        "       as the campaigns service principal: production denies this call to customers",
        "       1. InternalServiceException: Not now.",
        "            fault: connect_mock.fail('BatchPutContact', 'InternalServiceException',",
        "                message='Not now.', times=1)",
        "       2. 0 created, 1 failed",
        "            +15555550100: INVALID_QUEUE: The queue 'gone' is unknown in this instance.",
        "  3. BatchPutContact in us-east-1, +0.0 s: 1 created, 0 failed",
    ]
    assert max(map(len, lines)) <= 100
    assert "\x1b" not in "".join(lines)


def test_the_story_comes_back_from_a_worker(
    run: Run, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    run(STORY.format(outcome=False), "--collect-only")
    lines = section(run_in_subprocess("-p", "xdist", "-n", "1"))
    assert "  3. BatchPutContact in us-east-1, +0.0 s: 1 created, 0 failed" in lines


def test_a_long_story_is_cut_in_the_middle(run: Run) -> None:
    many = "def test_it(connect_mock, put):\n    for _ in range(300): put(1)\n    assert False\n"
    lines = section(run(many, "--connect-calls=4"))
    assert lines[0].startswith("300 calls, 300 attempts, 300 contacts, 0 failed items, since ")
    numbers = [line.split(".")[0].strip() for line in lines[2:] if "principal" not in line]
    assert numbers == ["1", "2", "… 296 more calls …", "299", "300"]


def test_the_report_runs_no_function_of_the_test(run: Run) -> None:
    result = run("""
        from connect_batchmock import outcomes
        import time_machine

        def broken(contact):
            raise RuntimeError("never to be asked")

        @pytest.mark.connect_mock(strict=False)
        def test_it(connect_mock, connect_queue, connect_campaign, put):
            with time_machine.travel(0, tick=False) as clock:
                connect_mock.on_dial(broken)
                connect_mock.on_event(broken)
                connect_queue.add_agents(1)
                try:
                    connect_campaign.start()
                    put(1)
                except Exception:
                    pass
                clock.shift(3600)
            raise SystemError("the test's own")
    """)
    result.assert_outcomes(failed=1)
    output = result.stdout.str()
    assert "INTERNALERROR" not in output
    assert "SystemError: the test's own" in output
    assert section(result)[0].startswith("1 call, 1 attempt, ")


def test_equal_values_have_no_difference() -> None:
    values: list[Any] = [3, [3], "x", None]
    assert [
        connect_batchmock.records.comparison.why_unequal(value, value, in_full=True) for value in values
    ] == [None] * 4
