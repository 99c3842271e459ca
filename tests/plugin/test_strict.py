"""What a test left unnoticed fails it."""

from __future__ import annotations

import pytest

SWALLOWING = """
import pytest

def swallow(client):
    try:
        client.list_users(InstanceId="i")
    except Exception:
        pass
"""


def run(pytester: pytest.Pytester, test: str) -> pytest.RunResult:
    pytester.makepyfile(SWALLOWING + test)
    return pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider")


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
            "The test passed, but something is left over. Where that is meant, set strict=False.",
            "connect.ListUsers was called, which connect_batchmock has no fake for:*",
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
    "lose_answer('BatchPutContact', times=1)",
    "refuse_connection('ListUsers', times=None)",
    "reset_connection('BatchPutContact', times=3)",
    "reject_contacts('INTERNAL_ERROR', when={'RequestIdentifier': 'a'}, times=None)",
]


def leave_over(pytester: pytest.Pytester, plan: str, rest: str = "", marker: str = "") -> pytest.RunResult:
    test = LEFT_OVER.format(plan=plan, rest=rest)
    return run(pytester, test.replace("def test_it", f"{marker}\ndef test_it"))


@pytest.mark.parametrize("plan", PLANS)
def test_a_fault_that_never_fired_fails_the_test_once_and_is_named(
    pytester: pytest.Pytester, plan: str
) -> None:
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


def test_a_fault_that_never_fired_may_be_expected(pytester: pytest.Pytester) -> None:
    marker = "@pytest.mark.xfail(strict=True, reason='nothing is called')"
    leave_over(pytester, "fail('BatchPutContact', 503)", marker=marker).assert_outcomes(xfailed=1)


def test_strict_is_turned_off_for_faults_by_marker_and_by_setting(pytester: pytest.Pytester) -> None:
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


def test_both_kinds_are_told_together(pytester: pytest.Pytester) -> None:
    result = leave_over(pytester, "fail('BatchPutContact', 503)", "swallow(connect_client)")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["connect.ListUsers was called,*", "*never happened*"])


def test_a_function_of_a_plan_that_raises_fails_the_test_although_the_error_was_swallowed(
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
