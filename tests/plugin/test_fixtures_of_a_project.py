"""A fixture of a project that is named like one of ours: ours rest on it only where it is of our kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]

NAMES = (
    "connect_mock",
    "connect_instance",
    "connect_queue",
    "connect_campaign",
    "connect_server",
    "connect_client",
    "connectcampaigns_client",
    "connectcampaignsv2_client",
)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Callable[[str], pytest.RunResult]:
    def run(source: str) -> pytest.RunResult:
        pytester.makepyfile(
            "import pytest\nfrom connect_batchmock import active_mock, mock_connect\n" + source
        )
        return pytester.runpytest_inprocess("-p", "no:cacheprovider")

    return run


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_of_another_kind_breaks_no_other(name: str, run: Run) -> None:
    others = [other for other in NAMES if other != name]
    tests = "".join(f"\ndef test_{other}({other}):\n    assert {other} != 'theirs'\n" for other in others)

    result = run(f"@pytest.fixture\ndef {name}():\n    return 'theirs'\n" + tests)

    result.assert_outcomes(passed=len(others))


def test_overridden_fixtures_are_used_by_the_others(run: Run) -> None:
    result = run("""
@pytest.fixture
def connect_mock(connect_mock):
    connect_mock.add_instance("seeded")
    return connect_mock

@pytest.fixture
def connect_instance(connect_mock):
    return connect_mock.instances[0]

@pytest.fixture
def connect_queue(connect_instance):
    return connect_instance.add_queue("Outbound sales")

def test_it(connect_campaign, connect_client):
    (instance,) = active_mock().instances
    assert instance.alias == "seeded"
    assert connect_campaign.queue.name == "Outbound sales"
    assert instance.campaigns == [connect_campaign]
    connect_client.list_queues(InstanceId=instance.id)
""")
    result.assert_outcomes(passed=1)


def test_a_queue_of_another_instance_is_not_used(run: Run) -> None:
    result = run("""
@pytest.fixture
def connect_queue(connect_mock):
    return connect_mock.add_instance("theirs").add_queue("theirs")

def test_it(connect_queue, connect_campaign, connect_instance):
    assert connect_campaign.queue != connect_queue
    assert connect_campaign.queue in connect_instance.queues
""")
    result.assert_outcomes(passed=1)


def test_a_marker_mocks_though_connect_mock_is_theirs(run: Run) -> None:
    result = run("""
@pytest.fixture
def connect_mock():
    return "theirs"

@pytest.mark.connect_mock(region="eu-west-2")
def test_it(connect_mock, connect_instance):
    assert connect_mock == "theirs"
    assert connect_instance.region == active_mock().settings.region == "eu-west-2"
""")
    result.assert_outcomes(passed=1)


def test_a_marker_uses_a_connect_mock_that_extends_ours(run: Run) -> None:
    result = run("""
@pytest.fixture
def connect_mock(connect_mock):
    connect_mock.add_instance("seeded")
    return connect_mock

@pytest.mark.connect_mock
def test_it():
    assert [instance.alias for instance in active_mock().instances] == ["seeded"]
""")
    result.assert_outcomes(passed=1)


def test_a_strict_mock_works_under_an_overridden_connect_mock(run: Run) -> None:
    result = run("""
@pytest.fixture
def connect_mock():
    return "theirs"

def test_it(connect_mock, connect_instance):
    active_mock().fail("BatchPutContact", "LimitExceededException")
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*never happened*"])
