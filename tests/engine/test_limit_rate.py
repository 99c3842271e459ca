"""limit_rate: the rate limit of an operation, by the clock of the mock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine
from botocore.config import Config
from botocore.exceptions import ClientError
from factories import START, AnItem, least

from connect_batchmock import ConnectMock, Instance, Quota, default_quota
from connect_batchmock.engine.faults import _QUOTAS
from connect_batchmock.protocol.model import SERVICES, service_model

ONCE = Config(retries={"total_max_attempts": 1})


def call_least(client: Any, operation: str) -> Any:
    """Call an operation with the least parameters that botocore sends."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    return client._make_api_call(operation, least(shape))


Passing = Callable[..., int]


@pytest.fixture
def passing(connect_mock: ConnectMock, make_client: Any) -> Passing:
    """Call BatchPutContact a number of times, and return how many calls were not throttled."""

    def call(calls: int, region: str = "us-east-1") -> int:
        client = make_client(config=ONCE, region_name=region)
        instance = connect_mock.add_instance(region=region)
        passed = 0
        for _ in range(calls):
            with suppress(client.exceptions.LimitExceededException):
                client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[{}])
                passed += 1
        return passed

    return call


@time_machine.travel(START, tick=False)
def test_a_burst_passes_and_time_brings_more(connect_mock: ConnectMock, passing: Passing) -> None:
    connect_mock.limit_rate("BatchPutContact", per_second=2, burst=3)
    assert passing(5) == 3
    connect_mock.advance(0.5)
    assert passing(2) == 1
    connect_mock.advance(3600)
    assert passing(5) == 3


@time_machine.travel(START, tick=False)
@pytest.mark.parametrize("steps", [1, 3, 7])
def test_a_token_is_whole_in_whatever_steps_the_time_came(
    connect_mock: ConnectMock, passing: Passing, steps: int
) -> None:
    connect_mock.limit_rate("BatchPutContact", per_second=10, burst=1)
    assert passing(1) == 1
    for _ in range(steps):
        assert passing(1) == 0
        connect_mock.advance(0.1 / steps)
    assert passing(2) == 1


def test_turning_the_clock_back_and_forth_grants_no_tokens(
    connect_mock: ConnectMock, passing: Passing
) -> None:
    connect_mock.limit_rate("BatchPutContact", per_second=1, burst=3)
    with time_machine.travel(START, tick=False):
        assert passing(1) == 1
    with time_machine.travel(START - timedelta(days=1), tick=False):
        assert passing(1) == 1
    with time_machine.travel(START, tick=False):
        assert passing(2) == 1


@time_machine.travel(START, tick=False)
def test_each_region_and_account_has_its_own(connect_mock: ConnectMock, passing: Passing) -> None:
    connect_mock.limit_rate("BatchPutContact", per_second=1, burst=2)
    assert passing(3) == passing(3, "eu-west-2") == 2
    other = boto3.Session("210987654321", "x", region_name="us-east-1").client("connect", config=ONCE)
    for _ in range(2):
        with pytest.raises(other.exceptions.ResourceNotFoundException):
            other.batch_put_contact(InstanceId="i", ContactDataRequestList=[{}])


@time_machine.travel(START, tick=False)
def test_the_documented_quota_is_the_one_without_numbers(connect_mock: ConnectMock, passing: Passing) -> None:
    connect_mock.limit_rate("BatchPutContact", per_second=1, burst=1)
    connect_mock.limit_rate("BatchPutContact")
    assert passing(20) == 15
    connect_mock.advance(1)
    assert passing(20) == 10


@time_machine.travel(START, tick=False)
def test_other_operations_have_their_own_error(connect_mock: ConnectMock, make_client: Any) -> None:
    connect_mock.limit_rate("TagResource")
    clients = [make_client(service, config=ONCE) for service in SERVICES]
    arn = "arn:aws:connect:us-east-1:123456789012:instance/i"
    names = ["resourceArn", "arn", "arn"]
    ends = []
    for client, name in zip(clients, names, strict=True):
        ends.append(Counter[str]())
        for _ in range(6):
            with pytest.raises(ClientError) as caught:
                client.tag_resource(**{name: arn, "tags": {"a": "b"}})
            ends[-1][type(caught.value).__name__] += 1
    # A call that is not throttled does not find the instance.
    passed = [5, 2, 2]
    assert ends == [{"ResourceNotFoundException": n, "ThrottlingException": 6 - n} for n in passed]


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("connect", "DescribeQueue", "ThrottlingException"),
        ("connect", "StartOutboundVoiceContact", "TooManyRequestsException"),
        ("connect", "ListInstances", "TooManyRequestsException"),
        ("connect", "BatchPutContact", "LimitExceededException"),
        ("connectcampaigns", "StartCampaign", "ThrottlingException"),
        ("connectcampaigns", "ListCampaigns", "ThrottlingException"),
    ],
)
def test_an_operation_has_the_error_of_its_page_or_of_the_front(
    connect_mock: ConnectMock, make_client: Any, service: str, operation: str, code: str
) -> None:
    connect_mock.limit_rate(operation, per_second=1, burst=1)
    client = make_client(service, config=ONCE)
    with suppress(ClientError):
        call_least(client, operation)
    with pytest.raises(ClientError) as caught:
        call_least(client, operation)
    assert type(caught.value).__name__ == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_a_rate_has_the_error_that_a_test_chooses(connect_mock: ConnectMock, make_client: Any) -> None:
    client = make_client(config=ONCE)
    connect_mock.limit_rate("ListInstances", per_second=1, burst=1, error="ServiceQuotaExceededException")
    client.list_instances()
    for _ in range(2):
        with pytest.raises(client.exceptions.ServiceQuotaExceededException, match="Rate exceeded"):
            client.list_instances()
    assert connect_mock.calls[-1].faults == (
        "connect_mock.limit_rate('ListInstances', per_second=1, burst=1, "
        "error='ServiceQuotaExceededException')",
    )


def test_only_a_service_with_the_error_has_the_rate(connect_mock: ConnectMock, make_client: Any) -> None:
    connect_mock.limit_rate("TagResource", per_second=1, burst=1, error="TooManyRequestsException")
    ends = []
    for service in SERVICES[:2]:
        client = make_client(service, config=ONCE)
        for _ in range(2):
            with pytest.raises(ClientError) as caught:
                call_least(client, "TagResource")
        ends.append(caught.value.response["Error"]["Code"])
    assert ends[0] == "TooManyRequestsException"
    assert ends[1] != "TooManyRequestsException"


@pytest.mark.parametrize(
    ("error", "raised", "message"),
    [
        ("TooMany", ValueError, "connect cannot return 'TooMany' from ListInstances"),
        (429, TypeError, r"error= of connect_mock\.limit_rate takes the code of an error, not 429"),
    ],
)
def test_an_invalid_error_of_a_rate_is_refused(
    connect_mock: ConnectMock, error: Any, raised: type[Exception], message: str
) -> None:
    with pytest.raises(raised, match=message):
        connect_mock.limit_rate("ListInstances", error=error)


def test_botocore_retries_a_throttled_call_at_the_same_time(
    connect_mock: ConnectMock, connect_instance: Instance, make_client: Any, an_item: AnItem
) -> None:
    client = make_client(config=Config(retries={"mode": "legacy"}))
    batch = {"InstanceId": connect_instance.id, "ContactDataRequestList": [an_item()]}
    with time_machine.travel(START, tick=False):
        connect_mock.limit_rate("BatchPutContact", per_second=1, burst=1)
        client.batch_put_contact(**batch)
        with pytest.raises(client.exceptions.LimitExceededException, match="Rate exceeded") as caught:
            client.batch_put_contact(**batch)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
        assert len(connect_mock.calls.where(error="LimitExceededException")) == 5
        assert connect_mock.now() == START


@pytest.mark.parametrize(
    ("per_second", "burst"),
    [
        (10, None),
        (None, 15),
        (0, 1),
        (-1, 1),
        (float("nan"), 1),
        (float("inf"), 1),
        (1, 0),
        (1, 1.5),
        ("1", 1),
        (1, True),
        (True, 1),
    ],
)
def test_an_invalid_rate_is_refused(connect_mock: ConnectMock, per_second: Any, burst: Any) -> None:
    with pytest.raises(ValueError, match=r"limit_rate takes per_second, .* without both"):
        connect_mock.limit_rate("BatchPutContact", per_second=per_second, burst=burst)


def test_an_unknown_operation_is_refused(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match="did you mean 'BatchPutContact'"):
        connect_mock.limit_rate("BatchPutContacts")


@pytest.mark.parametrize(
    ("operation", "service", "quota"),
    [
        ("BatchPutContact", None, Quota(per_second=10, burst=15)),
        ("ListUsers", None, Quota(2, 5)),
        ("CreateInstance", None, Quota(0.1, 1)),
        ("DeleteInstance", None, Quota(0.1, 1)),
        ("ListQueues", None, Quota(10, 15)),
        ("DescribeQueue", None, Quota(10, 15)),
        ("ListHoursOfOperations", None, Quota(10, 15)),
        ("DescribeHoursOfOperation", None, Quota(10, 15)),
        ("SearchContacts", "connect", Quota(0.5, 1)),
        ("PutDialRequestBatch", None, Quota(10, 10)),
        ("CreateCampaign", "connectcampaignsv2", Quota(1, 2)),
        ("UpdateCampaignName", None, Quota(1, 2)),
        ("GetConnectInstanceConfig", None, Quota(2, 5)),
        ("TagResource", None, Quota(2, 5)),
        ("TagResource", "connectcampaigns", Quota(1, 2)),
        ("UpdateContact", None, Quota(10, 15)),
        ("UpdateQueueName", None, Quota(2, 5)),
    ],
)
def test_the_documented_quotas_have_names(operation: str, service: str | None, quota: Quota) -> None:
    assert default_quota(operation, service) == quota


def test_every_quota_is_one_of_an_operation() -> None:
    for service, quotas in _QUOTAS.items():
        services = {"connect": ["connect"]}.get(service, ["connectcampaigns", "connectcampaignsv2"])
        names = {name for other in services for name in service_model(other).operation_names}
        assert set(quotas) <= names


def test_a_quota_needs_a_service_with_the_operation() -> None:
    with pytest.raises(
        ValueError, match="'connect' has no CreateCampaign; it belongs to connectcampaigns, conn"
    ):
        default_quota("CreateCampaign", "connect")
    with pytest.raises(ValueError, match="named 'Nothing'"):
        default_quota("Nothing")
