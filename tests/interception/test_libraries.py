"""Every client is answered, whenever and however it was made, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any

import boto3
import botocore.endpoint
import botocore.handlers
import botocore.session
import botocore.signers
import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import ClientError

from connect_batchmock import ConnectMock, UnfakedOperationError, UnmockedCallError, mock_connect
from connect_batchmock.interception.loader_cache import SessionLoader

KEY = "AKIAIOSFODNN7EXAMPLE"


def session(**kwargs: Any) -> boto3.Session:
    # A usual session, except that all of these tests share the loaded service models.
    core = botocore.session.Session()
    core.register_component("data_loader", SessionLoader())
    return boto3.Session(
        KEY, "wJalrXUtnFEMI/K7MDENG", region_name="us-east-1", botocore_session=core, **kwargs
    )


def put(client: Any, instance_id: str = "11111111-1111-1111-1111-111111111111") -> Any:
    """Call BatchPutContact with one item that fails."""
    items = [{"RequestIdentifier": "a"}]
    return client.batch_put_contact(InstanceId=instance_id, ContactDataRequestList=items)


def put_in(mock: ConnectMock, client: Any) -> Any:
    """Call BatchPutContact in a new instance of the mock, and assert that this mock answered."""
    before = len(mock.calls)
    region = client.meta.region_name
    answer = put(client, mock.add_instance(region=region).id)
    assert [item["RequestIdentifier"] for item in answer["FailedRequestList"]] == ["a"]
    assert len(mock.calls) == before + 1
    return mock.calls[-1]


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_a_client_made_before_the_mock_is_answered() -> None:
    client = session().client("connect")
    with mock_connect() as mock:
        put_in(mock, client)


OLDER_CLIENT = """
import boto3

def test_an_older_client():
    client = boto3.client("connect", region_name="us-east-1")
    from connect_batchmock import mock_connect
    with mock_connect() as mock:
        mock.add_instance("sales")
        (instance,) = client.list_instances()["InstanceSummaryList"]
    assert instance["InstanceAlias"] == "sales"
"""


def test_an_older_client_is_answered_without_moto(
    pytester: pytest.Pytester, run_in_subprocess: Callable[..., pytest.RunResult]
) -> None:
    # Once moto is loaded, its handler is called before the request is sent, also for older clients.
    pytester.makepyfile(OLDER_CLIENT)
    run_in_subprocess().assert_outcomes(passed=1)


@pytest.mark.usefixtures("no_credentials")
@pytest.mark.parametrize("credentials", ["fake", "keep"])
def test_a_client_without_credentials_is_answered(credentials: str) -> None:
    before = boto3.Session(region_name="us-east-1").client("connect")
    with mock_connect(credentials=credentials) as mock:
        put_in(mock, before)
        put_in(mock, boto3.Session(region_name="us-east-1").client("connect"))


def test_a_real_key_does_not_sign_while_mocked() -> None:
    client = session().client("connect")
    signed: list[str] = []

    def note(request: Any, **_: Any) -> None:
        signed.append(str(request.headers["Authorization"]))

    client.meta.events.register("before-send", note)
    with mock_connect() as mock:
        put_in(mock, client)
    assert len(signed) == 1
    assert "Credential=connect-batchmock/" in signed[0]
    assert KEY not in signed[0]


def test_an_account_id_for_a_key_is_kept_as_the_account() -> None:
    client = boto3.Session("210987654321", "x", region_name="us-east-1").client("connect")
    with mock_connect() as mock, pytest.raises(ClientError, match="was not found"):
        put(client, mock.add_instance().id)
    assert mock.calls[-1].account_id == "210987654321"


def test_refreshable_credentials_are_not_refreshed() -> None:
    refreshed: list[bool] = []
    credentials = RefreshableCredentials.create_from_metadata(
        {"access_key": KEY, "secret_key": "x", "token": "x", "expiry_time": "2000-01-01T00:00:00Z"},
        refresh_using=lambda: refreshed.append(True),
        method="test",
    )
    core = botocore.session.Session()
    core._credentials = credentials
    client = boto3.Session(botocore_session=core, region_name="us-east-1").client("connect")
    with mock_connect() as mock:
        put_in(mock, client)
    assert refreshed == []


def test_the_default_session_is_fresh_inside_and_restored_after(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = session()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", mine)
    with mock_connect(region="eu-west-2") as mock:
        client = boto3.client("connect")
        assert client.meta.region_name == "eu-west-2"
        assert put_in(mock, client).region == "eu-west-2"
        assert boto3.DEFAULT_SESSION is not mine
    assert boto3.DEFAULT_SESSION is mine


def test_kept_credentials_keep_the_default_session_too(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = session()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", mine)
    with mock_connect(credentials="keep") as mock:
        assert boto3.DEFAULT_SESSION is mine
        put_in(mock, boto3.client("connect"))


def test_a_session_made_before_makes_clients_that_are_answered() -> None:
    made_before = session()
    with mock_connect() as mock:
        put_in(mock, made_before.client("connect"))


@pytest.mark.parametrize(
    "kwargs",
    [
        {"endpoint_url": "http://localhost:1"},
        {"config": Config(use_fips_endpoint=True)},
        {"config": Config(use_dualstack_endpoint=True)},
    ],
    ids=["endpoint_url", "fips", "dualstack"],
)
@pytest.mark.parametrize("inside", [True, False])
def test_a_client_with_another_endpoint_is_answered(kwargs: dict[str, Any], inside: bool) -> None:
    before = session().client("connect", **kwargs)
    with mock_connect() as mock:
        put_in(mock, session().client("connect", **kwargs) if inside else before)


def test_an_endpoint_from_the_environment_stays_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:1")
    with mock_connect() as mock:
        put_in(mock, session().client("connect"))


def test_a_client_is_refused_between_two_mocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Without the guard of this run, which fails the test.
    monkeypatch.setattr("connect_batchmock.activation.mock_connect._active.guards", ())
    with mock_connect() as first:
        client = session().client("connect", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(UnmockedCallError, match="after its mock had stopped"):
        put(client)
    with mock_connect() as second:
        put_in(second, client)
    assert len(first.calls) == 0


@pytest.mark.parametrize("made_inside", [True, False])
def test_other_services_pass_through(made_inside: bool) -> None:
    def answer(request: Any, **_: Any) -> AWSResponse:
        response = AWSResponse(request.url, 200, {}, None)
        response._content = b"<ListAllMyBucketsResult/>"
        return response

    before = session().client("s3")
    with mock_connect() as mock:
        client = session().client("s3") if made_inside else before
        client.meta.events.register("before-send.s3", answer)
        assert client.list_buckets()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert len(mock.calls) == 0


def test_older_clients_of_other_services_are_not_mocked(no_network: list[Any]) -> None:
    client = session().client("sts", config=Config(retries={"total_max_attempts": 1}))
    with mock_connect(), pytest.raises(BaseException, match="amazonaws"):
        client.get_caller_identity()
    assert no_network
    no_network.clear()


@pytest.mark.usefixtures("no_credentials")
def test_an_attached_client_needs_no_active_mock() -> None:
    mock = ConnectMock()
    client = boto3.Session(region_name="eu-west-2").client("connect")
    assert mock.attach(client) is client
    assert put_in(mock, client).region == "eu-west-2"


def test_a_client_attached_twice_is_recorded_once() -> None:
    mock = ConnectMock()
    put_in(mock, mock.attach(mock.attach(session().client("connect"))))


@pytest.mark.parametrize("made_inside", [True, False])
def test_the_attached_mock_answers_and_not_the_active_one(made_inside: bool) -> None:
    attached = ConnectMock()
    before = session().client("connect")
    with mock_connect() as active:
        put_in(attached, attached.attach(session().client("connect") if made_inside else before))
    assert len(active.calls) == 0


def test_a_client_of_another_service_cannot_be_attached() -> None:
    with pytest.raises(ValueError, match="does not mock 's3'; it mocks connect, "):
        ConnectMock().attach(session().client("s3"))


def test_a_mock_makes_clients_of_its_own() -> None:
    mock = ConnectMock(region="ap-southeast-2")
    assert put_in(mock, mock.client()).region == "ap-southeast-2"


@pytest.mark.parametrize("made_inside", [True, False])
def test_an_operation_without_a_fake_is_stopped(made_inside: bool) -> None:
    before = session().client("connect")
    with mock_connect(strict=False):
        client = session().client("connect") if made_inside else before
        with pytest.raises(UnfakedOperationError, match="ListPrompts of connect,"):
            client.list_prompts(InstanceId="i")


@pytest.mark.parametrize("service", ["connectcampaigns", "connectcampaignsv2"])
@pytest.mark.parametrize("made_inside", [True, False])
def test_the_campaign_services_are_answered(service: str, made_inside: bool) -> None:
    before = session().client(service)
    with mock_connect() as mock:
        client = session().client(service) if made_inside else before
        instance_id = mock.add_instance().id
        answer = client.get_connect_instance_config(connectInstanceId=instance_id)
    assert answer["connectInstanceConfig"]["connectInstanceId"] == instance_id
    assert [call.service for call in mock.calls] == [service]


def test_a_passed_through_operation_reaches_the_network(no_network: list[Any]) -> None:
    client = session().client("connect", config=Config(retries={"total_max_attempts": 1}))
    with mock_connect(unfaked="passthrough"), pytest.raises(BaseException, match="amazonaws"):
        client.list_prompts(InstanceId="i")
    assert no_network
    no_network.clear()


@pytest.mark.parametrize("service", ["connectcampaigns", "connectcampaignsv2"])
def test_a_faked_operation_can_be_passed_through(service: str, no_network: list[Any]) -> None:
    client = session().client(service, config=Config(retries={"total_max_attempts": 1}))
    with mock_connect() as mock:
        mock.passthrough("GetConnectInstanceConfig")
        with pytest.raises(BaseException, match="amazonaws"):
            client.get_connect_instance_config(connectInstanceId="x")
    assert no_network
    no_network.clear()
    assert len(mock.calls) == 0


@pytest.mark.parametrize("service", ["connect", "connectcampaigns", "connectcampaignsv2"])
@pytest.mark.parametrize("made_inside", [True, False])
def test_an_unsigned_request_is_refused_and_not_sent(service: str, made_inside: bool) -> None:
    config = Config(signature_version=UNSIGNED)
    before = session().client(service, config=config)
    with mock_connect():
        client = session().client(service, config=config) if made_inside else before
        with pytest.raises(ClientError) as refused:
            client.list_instances() if service == "connect" else client.list_campaigns()
    assert refused.value.response["Error"]["Code"] == "MissingAuthenticationTokenException"


def test_a_request_outside_of_the_model_is_refused_and_not_sent() -> None:
    client = session().client("connect")

    def lengthen(request: Any, **_: Any) -> None:
        request.url += "/more"

    client.meta.events.register("before-sign", lengthen)
    with mock_connect(), pytest.raises(ClientError) as refused:
        put(client)
    assert refused.value.response["Error"]["Code"] == "UnknownOperationException"


@pytest.mark.parametrize("body", ["text", b"bytes"])
def test_a_body_that_cannot_be_read_is_answered(body: str | bytes) -> None:
    client = session().client("connect")
    client.meta.events.register("before-sign", lambda request, **_: setattr(request, "data", body))
    with mock_connect() as mock, pytest.raises(ClientError) as refused:
        put(client, mock.add_instance().id)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_an_answer_can_be_read_and_awaited() -> None:
    mock = ConnectMock()
    client = mock.client()
    sent: list[Any] = []
    client.meta.events.register("before-send", lambda request, **_: sent.append(request))
    put_in(mock, client)
    _, answer = client.meta.events.emit_until_response("before-send.connect.BatchPutContact", request=sent[0])

    async def read() -> Any:
        return await answer.content

    assert asyncio.run(read()) == answer.content
    assert b"FailedRequestList" in answer.content


def test_a_mock_runs_where_boto3_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    client = session().client("connect")
    monkeypatch.delitem(sys.modules, "boto3")
    with mock_connect() as mock:
        put_in(mock, client)
    assert "boto3" not in sys.modules


def patched() -> tuple[Any, ...]:
    return (
        list(botocore.handlers.BUILTIN_HANDLERS),
        botocore.endpoint.Endpoint.__dict__["_send"],
        botocore.signers.RequestSigner.__dict__["get_auth_instance"],
        botocore.session.Session.__dict__["get_credentials"],
    )


@pytest.mark.parametrize("credentials", ["fake", "keep"])
def test_botocore_is_restored_also_after_an_exception(credentials: str) -> None:
    before = patched()

    @mock_connect(credentials=credentials)
    @mock_connect
    def fail() -> None:
        assert patched() != before
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        fail()
    assert patched() == before


def test_the_environment_is_restored_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    before = dict(os.environ)
    with mock_connect(region="eu-west-2"):
        assert "AWS_PROFILE" not in os.environ
        assert os.environ["AWS_DEFAULT_REGION"] == "eu-west-2"
        assert os.environ["AWS_ACCESS_KEY_ID"] != KEY
        os.environ["AWS_PROFILE"] = "changed"
        del os.environ["AWS_ACCESS_KEY_ID"]
    assert dict(os.environ) == before


def test_kept_credentials_leave_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    before = dict(os.environ)
    with mock_connect(credentials="keep"):
        assert dict(os.environ) == before
