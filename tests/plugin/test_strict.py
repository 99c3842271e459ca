"""strict fails a test for pending faults and unfaked calls, in every form of mock."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from connect_batchmock import UnfakedOperationError, active_mock, mock_connect

SWALLOWING = """
import pytest

def swallow(client):
    try:
        client.list_prompts(InstanceId="i")
    except Exception:
        pass
"""


def run(pytester: pytest.Pytester, test: str) -> pytest.RunResult:
    pytester.makepyfile(SWALLOWING + test)
    # Where CI is set, pytest prints each message once more in its summary.
    quiet = ("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider", "-rN")
    return pytester.runpytest_inprocess(*quiet)


def test_a_swallowed_unfaked_operation_fails_the_test_once(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_it(connect_client):
    swallow(connect_client)
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "The test passed, but its mock is strict; strict=False turns this check off.",
            "connect.ListPrompts was called, which connect_batchmock has no fake for, and the code",
        ]
    )


def test_a_failure_of_the_test_s_own_is_not_masked(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_it(connect_client):
    swallow(connect_client)
    assert 1 == 2
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*The test passed, but*")


def test_an_expected_failure_may_be_one_of_these(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
@pytest.mark.xfail(reason="the users are not faked", strict=True)
def test_it(connect_client):
    swallow(connect_client)
""",
    )
    result.assert_outcomes(xfailed=1)


def test_strict_is_turned_off_by_the_marker(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
@pytest.mark.connect_mock(strict=False)
def test_it(connect_client):
    swallow(connect_client)
""",
    )
    result.assert_outcomes(passed=1)


LEFT_OVER = """
import pytest

def test_it(connect_mock, connect_client, connect_instance):
    connect_mock.{plan}
    {rest}
"""
PLANS = [
    "fail('BatchPutContact', 'LimitExceededException', times=2)",
    "fail('BatchPutContact', 'Teapot', message='Hm.', status=418, times=None)",
    "fail('PauseCampaign', 'InvalidCampaignStateException', state='Stopped', times=1)",
    "fail('BatchPutContact', 503, times=1)",
    "lose_response('BatchPutContact', times=1)",
    "refuse_connection('ListPrompts', times=None)",
    "reset_connection('BatchPutContact', times=3)",
    "reject_contacts('INTERNAL_ERROR', when={'RequestIdentifier': 'a'}, times=None)",
]


def leave_over(pytester: pytest.Pytester, plan: str, rest: str = "", marker: str = "") -> pytest.RunResult:
    test = LEFT_OVER.format(plan=plan, rest=rest)
    return run(pytester, test.replace("def test_it", f"{marker}\ndef test_it"))


@pytest.mark.parametrize("plan", PLANS)
def test_a_pending_fault_fails_the_test_once(pytester: pytest.Pytester, plan: str) -> None:
    result = leave_over(pytester, plan)
    result.assert_outcomes(failed=1)
    output = result.stdout.str()
    assert "What was planned to go wrong never happened" in output
    assert f"connect_mock.{plan}" in output
    assert "ERROR at teardown" not in output


def test_a_fault_that_fired_once_is_not_left_over(pytester: pytest.Pytester) -> None:
    call = "connect_client.batch_put_contact(InstanceId=connect_instance.id, ContactDataRequestList=[{}])"
    rest = f"connect_mock.fail('BatchPutContact', 500, times=2)\n    {call}"
    leave_over(pytester, "limit_rate('BatchPutContact')", rest).assert_outcomes(passed=1)


def test_a_fault_that_never_fired_does_not_mask_a_failure(pytester: pytest.Pytester) -> None:
    result = leave_over(pytester, "fail('BatchPutContact', 503)", "assert 1 == 2")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*never happened*")


def test_a_fault_that_never_fired_does_not_mask_a_skip(pytester: pytest.Pytester) -> None:
    leave_over(pytester, "fail('BatchPutContact', 503)", "pytest.skip('no')").assert_outcomes(skipped=1)


def test_an_unused_fault_can_be_expected(pytester: pytest.Pytester) -> None:
    marker = "@pytest.mark.xfail(strict=True, reason='nothing is called')"
    leave_over(pytester, "fail('BatchPutContact', 503)", marker=marker).assert_outcomes(xfailed=1)


def test_a_marker_or_a_setting_turns_strict_off(pytester: pytest.Pytester) -> None:
    marker = "@pytest.mark.connect_mock(strict=False)"
    leave_over(pytester, "fail('BatchPutContact', 503)", marker=marker).assert_outcomes(passed=1)
    pytester.makeconftest(
        """
import pytest

@pytest.fixture(scope="session")
def connect_mock_settings():
    return {"strict": False}
"""
    )
    leave_over(pytester, "fail('BatchPutContact', 503)").assert_outcomes(passed=1)


def test_both_kinds_are_reported_together(pytester: pytest.Pytester) -> None:
    result = leave_over(pytester, "fail('BatchPutContact', 503)", "swallow(connect_client)")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["connect.ListPrompts was called,*", "*never happened*"])


def test_a_swallowed_error_of_a_plan_fails_the_test(
    pytester: pytest.Pytester,
) -> None:
    rest = """
    try:
        connect_client.batch_put_contact(
            InstanceId=connect_instance.id, ContactDataRequestList=[connect_item]
        )
    except Exception:
        pass
"""
    item = """
@pytest.fixture
def connect_item(connect_queue, connect_campaign):
    return {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        "QueueId": connect_queue.id,
        "Campaign": {"CampaignId": connect_campaign.id},
    }
"""
    test = LEFT_OVER.format(
        plan="reject_contacts('INTERNAL_ERROR', when=lambda item: item['Name'])", rest=rest
    )
    result = run(pytester, item + test.replace("connect_instance)", "connect_instance, connect_item)"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*raised KeyError: 'Name'*"])


# Without the fixture: every exit without an exception


NEVER_HAPPENED = (
    r"What was planned to go wrong never happened(.|\n)*connect_mock\.fail\('BatchPutContact', 503"
)


def leave_something_over() -> None:
    active_mock().fail("BatchPutContact", 503)


def swallow_an_unfaked_call() -> None:
    with suppress(UnfakedOperationError):
        active_mock().client().list_prompts(InstanceId="i")


def by_with() -> None:
    with mock_connect():
        leave_something_over()


def by_start_and_stop() -> None:
    mock = mock_connect()
    mock.start()
    leave_something_over()
    mock.stop()


@mock_connect
def by_function() -> None:
    leave_something_over()


@mock_connect
async def in_coroutine() -> None:
    leave_something_over()


def by_coroutine() -> None:
    asyncio.run(in_coroutine())


@mock_connect
def in_generator() -> Iterator[None]:
    leave_something_over()
    yield


def by_generator() -> None:
    assert list(in_generator()) == [None]


@mock_connect
async def in_async_generator() -> AsyncIterator[None]:
    leave_something_over()
    yield


def by_async_generator() -> None:
    async def use() -> None:
        assert [value async for value in in_async_generator()] == [None]

    asyncio.run(use())


@mock_connect
class Decorated:
    def test_it(self) -> None:
        leave_something_over()


def by_method() -> None:
    Decorated().test_it()


WAYS = [by_with, by_start_and_stop, by_function, by_coroutine, by_generator, by_async_generator, by_method]


@pytest.mark.parametrize("leave", WAYS)
def test_leftovers_are_reported_on_exit(leave: Callable[[], None]) -> None:
    with pytest.raises(AssertionError, match=NEVER_HAPPENED):
        leave()
    with pytest.raises(RuntimeError, match="No mock_connect is active"):
        active_mock()


def test_a_swallowed_unfaked_call_is_reported_on_exit() -> None:
    with pytest.raises(AssertionError, match=r"connect\.ListPrompts was called, which"), mock_connect():
        swallow_an_unfaked_call()


def test_without_strict_nothing_is_reported_on_exit() -> None:
    with mock_connect(strict=False):
        leave_something_over()
        swallow_an_unfaked_call()


@pytest.mark.parametrize("way", ["with", "function", "stop in finally"])
def test_nothing_is_added_to_an_exception(way: str) -> None:
    def raising() -> None:
        leave_something_over()
        raise KeyError("mine")

    def by_with() -> None:
        with mock_connect():
            raising()

    def by_stop() -> None:
        mock = mock_connect()
        mock.start()
        try:
            raising()
        finally:
            mock.stop()

    ways = {"with": by_with, "function": mock_connect(raising), "stop in finally": by_stop}
    with pytest.raises(KeyError, match="mine") as caught:
        ways[way]()
    assert caught.value.__context__ is None


def test_a_generator_closed_early_reports_nothing() -> None:
    generator: Any = in_generator()
    next(generator)
    generator.close()


def test_with_reports_inside_an_exception_handler() -> None:
    try:
        raise KeyError("handled")
    except KeyError:
        with pytest.raises(AssertionError, match=NEVER_HAPPENED), mock_connect():
            leave_something_over()


CLASSES = """
import unittest
import pytest
from connect_batchmock import active_mock, mock_connect

def leave_something_over():
    active_mock().fail("BatchPutContact", 503)

@mock_connect
class TestPlain:
    def test_left_over(self):
        leave_something_over()

    def test_nothing(self):
        pass

    def test_failing(self):
        leave_something_over()
        assert 1 == 2

    def test_skipped(self):
        leave_something_over()
        pytest.skip("no")

    @pytest.mark.xfail(reason="leaves something over", strict=True)
    def test_expected(self):
        leave_something_over()

class TestInheriting(TestPlain):
    def test_added(self):
        leave_something_over()
"""


def test_a_test_of_a_class_fails_once(pytester: pytest.Pytester) -> None:
    result = run(pytester, CLASSES)
    result.assert_outcomes(passed=2, failed=5, skipped=2, xfailed=2)
    error = "E * AssertionError: What was planned to go wrong never happened:"
    result.stdout.fnmatch_lines(["*TestPlain.test_left_over*", error, "*TestInheriting.test_added*", error])
    assert result.stdout.str().count("never happened:") == 3


CASES = """
import unittest
from connect_batchmock import active_mock, mock_connect

def leave_something_over():
    active_mock().fail("BatchPutContact", 503)

class Plain(unittest.TestCase):
    def test_left_over(self):
        leave_something_over()

    def test_nothing(self):
        pass

    def test_failing(self):
        leave_something_over()
        assert 1 == 2

    def test_skipped(self):
        leave_something_over()
        self.skipTest("no")

    @unittest.expectedFailure
    def test_expected(self):
        leave_something_over()
        assert 1 == 2

    @unittest.expectedFailure
    def test_expected_to_leave_something_over(self):
        leave_something_over()

Plain = mock_connect(Plain)

@mock_connect
class Async(unittest.IsolatedAsyncioTestCase):
    async def test_left_over(self):
        leave_something_over()
"""


def test_a_test_case_fails_once_and_the_run_goes_on(pytester: pytest.Pytester) -> None:
    result = run(pytester, CASES)
    result.assert_outcomes(passed=1, failed=3, skipped=1, xfailed=2)
    assert result.stdout.str().count("never happened:") == 2


def test_a_test_case_fails_once_without_pytest(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile(CASES)
    result = pytester.run(sys.executable, "-m", "unittest", path.stem)
    error = result.stderr.str()
    assert "FAILED (failures=3, skipped=1, expected failures=2)" in error
    assert error.count("never happened:") == 2
    assert "FAIL: test_left_over" in error


OWN_FIXTURE = """
import pytest
from connect_batchmock import mock_connect

@pytest.fixture
def own():
    with mock_connect() as mock:
        mock.fail("BatchPutContact", 503)
        yield mock

@pytest.fixture
def broken(own):
    raise KeyError("mine")
"""


@pytest.mark.parametrize(
    ("test", "outcomes"),
    [
        ("def test_it(own): pass", {"passed": 1, "errors": 1}),
        ("def test_it(own): assert 1 == 2", {"failed": 1}),
        ("def test_it(own): pytest.skip('no')", {"skipped": 1}),
        ("def test_it(own, broken): pass", {"errors": 1}),
        ("def test_it(own, connect_client): swallow(connect_client)", {"failed": 1}),
    ],
)
def test_a_mock_of_a_project_s_fixture_adds_nothing_to_a_failure(
    pytester: pytest.Pytester, test: str, outcomes: dict[str, int]
) -> None:
    run(pytester, f"{OWN_FIXTURE}\n{test}\n").assert_outcomes(**outcomes)


def test_a_failure_in_a_run_without_mocks_loads_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "connect_batchmock.activation.mock_connect")
    pytester.makepyfile("def test_it(): assert 1 == 2")
    result = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    assert "connect_batchmock.activation.mock_connect" not in sys.modules


def test_a_subclass_can_have_another_constructor() -> None:
    made: list[tuple[type, str]] = []

    @mock_connect
    class Base:
        def __init_subclass__(cls, *, word: str) -> None:
            made.append((cls, word))

        def test_it(self) -> None:
            """Do nothing."""

    class Sub(Base, word="hello"):
        def test_more(self) -> None:
            leave_something_over()

    assert made == [(Sub, "hello")]
    with pytest.raises(AssertionError, match=NEVER_HAPPENED):
        Sub().test_more()
