"""The line at the end of a run about API calls that production denies to customers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

LINE = (
    "connect_batchmock: {} answered as the campaigns service principal; production denies such calls to "
    "customers. The setting caller decides."
)
PUT = """
    import boto3
    import pytest

    def put(instance):
        item = {"CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"}}
        client = boto3.client("connect")
        return client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[item])
"""


def summary(pytester: pytest.Pytester, tests: str) -> list[str]:
    """Run tests, and return the lines of the output that are about privileged calls."""
    pytester.makepyfile(PUT + tests)
    return lines_of(
        pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider")
    )


def lines_of(result: pytest.RunResult) -> list[str]:
    assert result.ret == 0
    return [line for line in result.outlines if "principal" in line]


def test_a_run_says_how_many_calls_production_denies(pytester: pytest.Pytester) -> None:
    tests = """
    def test_it(connect_instance):
        put(connect_instance)
        boto3.client("connect").list_queues(InstanceId=connect_instance.id)

    def test_again(connect_instance):
        put(connect_instance)
    """
    assert summary(pytester, tests) == [LINE.format("2 API calls were")]


def test_calls_before_a_reset_or_a_restore_count_once(pytester: pytest.Pytester) -> None:
    tests = """
    def test_it(connect_mock, connect_instance):
        put(connect_instance)
        snapshot = connect_mock.snapshot()
        connect_mock.restore(snapshot)
        connect_mock.restore(snapshot)
        connect_mock.reset()
    """
    assert summary(pytester, tests) == [LINE.format("1 API call was")]


@pytest.mark.parametrize("caller", ["campaigns", "customer"])
def test_a_run_that_has_chosen_its_caller_is_silent(pytester: pytest.Pytester, caller: str) -> None:
    tests = f"""
    def test_it(connect_instance):
        put(connect_instance)

    @pytest.mark.connect_mock(caller={caller!r})
    def test_chosen(connect_instance):
        pass
    """
    assert summary(pytester, tests) == []


def test_a_run_without_such_calls_is_silent(pytester: pytest.Pytester) -> None:
    tests = """
    def test_it(connect_instance):
        boto3.client("connect").list_queues(InstanceId=connect_instance.id)

    @pytest.mark.connect_mock(strict=False)
    def test_failed_calls(connect_mock, connect_instance):
        connect_mock.fail("BatchPutContact", "AccessDeniedException")
        with pytest.raises(boto3.client("connect").exceptions.ClientError):
            put(connect_instance)
    """
    assert summary(pytester, tests) == []


def test_the_calls_of_xdist_workers_are_added(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    tests = """
    @pytest.mark.parametrize("number", range(4))
    def test_it(connect_instance, number):
        put(connect_instance)
    """
    pytester.makepyfile(PUT + tests)
    assert lines_of(run_in_subprocess("-p", "xdist", "-n", "2")) == [LINE.format("4 API calls were")]
