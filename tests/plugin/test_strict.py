"""What a test left unnoticed fails it."""

from __future__ import annotations

import pytest

SWALLOWING = """
import pytest

def swallow(client):
    try:
        client.list_queues(InstanceId="i")
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
        ["The test passed, but it called connect.ListQueues, which connect_batchmock has no fake for;*"]
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
@pytest.mark.xfail(reason="the queues are not faked", strict=True)
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
