"""moto beside this mock: each responds to its own services, and no call gets two responses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Any

import boto3
import botocore.handlers
import installed
import pytest
import requests
from moto import mock_aws
from moto.backends import get_backend
from moto.core.botocore_stubber import BotocoreStubber
from requests.adapters import HTTPAdapter
from requests_aws4auth import AWS4Auth

from connect_batchmock import ConnectMock, UnfakedOperationError, mock_connect

BEFORE = boto3.Session("x", "x", region_name="us-east-1").client("connect")
Stack = Callable[[ExitStack], ConnectMock]


def moto_outside(stack: ExitStack) -> ConnectMock:
    stack.enter_context(mock_aws())
    return stack.enter_context(mock_connect(strict=False))


def moto_inside(stack: ExitStack) -> ConnectMock:
    mock = stack.enter_context(mock_connect(strict=False))
    stack.enter_context(mock_aws())
    return mock


def moto_with_a_config_that_replaces_the_core_settings(stack: ExitStack) -> ConnectMock:
    mock = stack.enter_context(mock_connect(strict=False))
    stack.enter_context(mock_aws(config={"core": {"service_whitelist": None}}))
    return mock


def moto_without_credentials_of_its_own(stack: ExitStack) -> ConnectMock:
    config: Any = {"core": {"mock_credentials": False, "reset_boto3_session": False}}
    stack.enter_context(mock_aws(config=config))
    return stack.enter_context(mock_connect(strict=False))


def ours_inside_and_moto_s_twice(stack: ExitStack) -> ConnectMock:
    stack.enter_context(mock_aws())
    mock = stack.enter_context(mock_connect(strict=False))
    stack.enter_context(mock_aws())
    return mock


STACKS = [
    moto_outside,
    moto_inside,
    moto_with_a_config_that_replaces_the_core_settings,
    moto_without_credentials_of_its_own,
    ours_inside_and_moto_s_twice,
]


def put(client: Any, mock: ConnectMock) -> None:
    before = len(mock.calls)
    answer = client.batch_put_contact(InstanceId=mock.add_instance().id, ContactDataRequestList=[{}])
    assert answer["FailedRequestList"][0]["FailureReasonCode"] == "MISSING_CUSTOMER_ENDPOINT"
    assert len(mock.calls) == before + 1


def moto_backend() -> Any:
    return get_backend("connect")["123456789012"]["us-east-1"]


def moto_instances() -> Any:
    return {} if find_spec("moto.connect") is None else moto_backend().instances


def an_instance_of_moto() -> str:
    if find_spec("moto.connect") is None:
        return "none"
    return str(moto_backend().create_instance("SAML", True, True)["Id"])


def moto_data_sets() -> Any:
    return {} if find_spec("moto.connect") is None else moto_backend().analytics_data_associations


with_connect = pytest.mark.skipif(
    find_spec("moto.connect") is None, reason="this moto has no Amazon Connect of its own"
)


@pytest.mark.parametrize("neighbors", STACKS)
def test_each_answers_for_its_own(neighbors: Stack) -> None:
    with ExitStack() as stack:
        mock = neighbors(stack)
        put(boto3.client("connect", region_name="us-east-1"), mock)
        put(BEFORE, mock)
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="leads")
        s3.put_object(Bucket="leads", Key="1.csv", Body=b"a,b")
        assert s3.get_object(Bucket="leads", Key="1.csv")["Body"].read() == b"a,b"
        sqs = boto3.client("sqs", region_name="us-east-1")
        assert sqs.create_queue(QueueName="failed")["QueueUrl"].endswith("/failed")
        dynamodb = boto3.resource("dynamodb", region_name="us-east-1")
        assert list(dynamodb.tables.all()) == []
        assert not moto_instances()


@pytest.mark.parametrize("neighbors", STACKS)
def test_moto_does_not_answer_an_unfaked_operation(neighbors: Stack) -> None:
    with ExitStack() as stack:
        mock = neighbors(stack)
        instance_id = an_instance_of_moto()
        for client in (boto3.client("connect", region_name="us-east-1"), BEFORE):
            with pytest.raises(UnfakedOperationError, match="AssociateAnalyticsDataSet"):
                client.associate_analytics_data_set(InstanceId=instance_id, DataSetId="leads")
        assert not moto_data_sets()
        assert mock.unfaked_operations == ["connect.AssociateAnalyticsDataSet"] * 2


@with_connect
@pytest.mark.parametrize("made_before", [True, False])
def test_moto_answers_a_passed_through_call(made_before: bool) -> None:
    with mock_connect(unfaked="passthrough") as mock, mock_aws():
        mock.passthrough("CreateInstance")
        client = BEFORE if made_before else boto3.client("connect", region_name="us-east-1")
        made = client.create_instance(
            IdentityManagementType="SAML", InboundCallsEnabled=True, OutboundCallsEnabled=True
        )
        assert made["Id"] in moto_instances()
        client.associate_analytics_data_set(InstanceId=made["Id"], DataSetId="leads")
        assert list(moto_data_sets()[made["Id"]]) == ["leads"]
        assert mock.instances == []


@pytest.mark.parametrize("neighbors", STACKS)
def test_hand_signed_requests_reach_the_mock_of_their_service(neighbors: Stack) -> None:
    with ExitStack() as stack:
        mock = neighbors(stack)
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="leads")
        url = f"https://connect.us-east-1.amazonaws.com/contact/batch/{mock.add_instance().id}"
        auth = AWS4Auth("AKIA", "secret", "us-east-1", "connect")
        answer = requests.put(url, json={"ContactDataRequestList": [{}]}, auth=auth)
        assert len(answer.json()["FailedRequestList"]) == 1
        listed = requests.get("https://leads.s3.amazonaws.com/", auth=AWS4Auth("A", "s", "us-east-1", "s3"))
        assert b"<Name>leads</Name>" in listed.content


@mock_aws
def test_as_decorators_and_fixtures(connect_mock: ConnectMock) -> None:
    put(boto3.client("connect"), connect_mock)
    assert boto3.client("s3").list_buckets()["Buckets"] == []


@mock_connect(strict=False)
@mock_aws
def test_ours_as_the_outer_decorator() -> None:
    assert boto3.client("s3").list_buckets()["Buckets"] == []
    with pytest.raises(UnfakedOperationError):
        boto3.client("connect").list_analytics_data_associations(InstanceId="i")


@pytest.mark.parametrize("neighbors", STACKS)
def test_both_leave_no_trace(neighbors: Stack) -> None:
    def state() -> Any:
        return (
            dict(os.environ),
            list(botocore.handlers.BUILTIN_HANDLERS),
            boto3.DEFAULT_SESSION,
            HTTPAdapter.send,
            BotocoreStubber.__dict__["__call__"],
        )

    before = state()
    with ExitStack() as stack:
        mock = neighbors(stack)
        put(boto3.client("connect", region_name="us-east-1"), mock)
        assert state() != before
    assert state() == before


@with_connect
def test_moto_answers_a_client_made_in_our_mock() -> None:
    with mock_connect():
        client = boto3.client("connect")
    with mock_aws():
        assert client.list_instances()["InstanceSummaryList"] == []


@pytest.mark.asyncio
async def test_moto_does_not_disturb_async_clients() -> None:
    installed.aiobotocore()
    from aiobotocore import session

    with mock_aws(), mock_connect() as mock:
        async with session.get_session().create_client("connect", region_name="us-east-1") as client:
            answer = await client.batch_put_contact(
                InstanceId=mock.add_instance().id, ContactDataRequestList=[{}]
            )
        assert len(answer["FailedRequestList"]) == 1


# Operations without a fake, by unfaked="moto"


@with_connect
@pytest.mark.parametrize("made_before", [True, False])
def test_moto_answers_an_operation_without_a_fake(made_before: bool) -> None:
    with mock_connect(unfaked="moto") as mock, mock_aws():
        client = BEFORE if made_before else boto3.client("connect", region_name="us-east-1")
        instance_id = an_instance_of_moto()
        client.associate_analytics_data_set(InstanceId=instance_id, DataSetId="leads")
        assert list(moto_data_sets()[instance_id]) == ["leads"]
        assert client.list_instances()["InstanceSummaryList"] == []
        assert [call.operation for call in mock.calls] == ["ListInstances"]
        assert "analytics-data" in mock.describe_calls()
        assert mock.describe_calls().endswith("was answered by moto.")


@with_connect
def test_moto_answers_a_client_that_it_does_not_know() -> None:
    mock = ConnectMock(unfaked="moto")
    client = mock.client()
    with mock_aws():
        answer = client.list_analytics_data_associations(InstanceId=an_instance_of_moto())
    assert answer["Results"] == []
    with pytest.raises(UnfakedOperationError, match="and moto does not answer it, so the call was stopped"):
        client.list_analytics_data_associations(InstanceId="i")


@with_connect
def test_an_error_of_moto_is_the_client_s() -> None:
    with mock_connect(unfaked="moto"), mock_aws():
        client = boto3.client("connect", region_name="us-east-1")
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.list_analytics_data_associations(InstanceId="00000000-0000-4000-8000-000000000000")


@pytest.mark.connect_mock(unfaked="moto", strict=False)
@pytest.mark.parametrize("made_before", [True, False])
def test_without_moto_an_operation_without_a_fake_is_refused(
    connect_mock: ConnectMock, made_before: bool
) -> None:
    client = BEFORE if made_before else boto3.client("connect")
    with pytest.raises(UnfakedOperationError, match="ListPrompts of connect, and moto does not answer it"):
        client.list_prompts(InstanceId="i")
    assert connect_mock.unfaked_operations == ["connect.ListPrompts"]


@pytest.mark.connect_mock(unfaked="moto", strict=False)
@pytest.mark.parametrize("made_before", [True, False])
def test_what_moto_passes_through_is_refused(connect_mock: ConnectMock, made_before: bool) -> None:
    passthrough: Any = {"core": {"passthrough": {"services": [], "urls": [r"https://connect\..*"]}}}
    with mock_aws(config=passthrough):
        client = BEFORE if made_before else boto3.client("connect")
        with pytest.raises(UnfakedOperationError, match="moto does not answer it"):
            client.list_prompts(InstanceId="i")


@with_connect
@pytest.mark.connect_mock(unfaked="moto", strict=False)
def test_a_hand_signed_request_reaches_moto_or_nothing(connect_mock: ConnectMock) -> None:
    auth = AWS4Auth("AKIA", "secret", "us-east-1", "connect")
    with mock_aws():
        host = "https://connect.us-east-1.amazonaws.com"
        url = f"{host}/analytics-data/instance/{an_instance_of_moto()}/association"
        assert requests.get(url, auth=auth).json()["Results"] == []
    with pytest.raises(UnfakedOperationError):
        requests.get(url, auth=auth)


@with_connect
@pytest.mark.asyncio
async def test_moto_answers_async_clients() -> None:
    installed.aiobotocore()
    from aiobotocore import session

    with mock_aws(), mock_connect(unfaked="moto"):
        async with session.get_session().create_client("connect", region_name="us-east-1") as client:
            answer = await client.list_analytics_data_associations(InstanceId=an_instance_of_moto())
        assert answer["Results"] == []


@pytest.mark.connect_mock(unfaked="moto", strict=False)
def test_a_single_operation_is_passed_on_without_asking_moto(
    connect_mock: ConnectMock, send: Callable[..., Any]
) -> None:
    connect_mock.passthrough("ListPrompts")
    assert send("/prompts-summary/i", method="GET") is None


NO_MOTO = """
import sys
import boto3
import pytest
from connect_batchmock import UnfakedOperationError, mock_connect

with mock_connect(unfaked="moto", strict=False):
    with pytest.raises(UnfakedOperationError):
        boto3.client("connect").list_prompts(InstanceId="i")
assert "moto" not in sys.modules
print("done")
"""


def test_moto_is_not_imported_to_be_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_MOTO], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "done\n", done.stderr
