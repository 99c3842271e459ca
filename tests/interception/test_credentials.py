"""A mock needs and uses none of the machine's credentials and configuration."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError, NoRegionError, ProfileNotFound

from connect_batchmock import ConnectMock, mock_connect
from connect_batchmock.interception import botocore as wire
from connect_batchmock.protocol.http import Request, Response

SSO = """
[default]
sso_session = work
sso_account_id = 123456789012
sso_role_name = Developer

[profile production]
sso_session = work
sso_account_id = 210987654321
sso_role_name = Developer
region = ap-southeast-2

[profile chained]
role_arn = arn:aws:iam::210987654321:role/Dialer
source_profile = production

[profile by_command]
credential_process = /bin/false

[sso-session work]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
"""


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with an SSO configuration, without credentials, and with a metadata endpoint to query."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(SSO)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def put(mock: ConnectMock, client: Any) -> None:
    instance = mock.add_instance(region=client.meta.region_name)
    client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[{}])
    assert mock.calls[-1].account_id == "123456789012"


@pytest.mark.parametrize("profile", [None, "default", "production", "chained", "by_command", "nowhere"])
def test_a_session_with_any_profile_is_answered(profile: str | None) -> None:
    with mock_connect() as mock:
        session = boto3.Session(profile_name=profile)
        put(mock, session.client("connect"))
        put(mock, session.client("connect", region_name="eu-west-2"))


@pytest.mark.parametrize("profile", ["default", "production", "chained", "by_command"])
def test_a_client_made_before_with_any_profile_is_answered(profile: str) -> None:
    session = boto3.Session(profile_name=profile, region_name="us-east-1")
    with mock_connect() as mock:
        put(mock, session.client("connect"))


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
@pytest.mark.parametrize("profile", ["production", "nowhere"])
def test_a_profile_of_the_environment_is_hidden(
    monkeypatch: pytest.MonkeyPatch, variable: str, profile: str
) -> None:
    monkeypatch.setenv(variable, profile)
    with mock_connect() as mock:
        client = boto3.client("connect")
        assert client.meta.region_name == "us-east-1"
        put(mock, client)
    assert os.environ[variable] == profile


def test_a_profile_that_is_missing_is_missed_outside_of_the_mock() -> None:
    with mock_connect():
        pass
    with pytest.raises(ProfileNotFound):
        boto3.Session(profile_name="nowhere").client("connect")


def test_no_home_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    with mock_connect() as mock:
        put(mock, boto3.client("connect"))


def test_a_web_identity_is_not_assumed(monkeypatch: pytest.MonkeyPatch, machine: Path) -> None:
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::210987654321:role/Dialer")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(machine / "token"))
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/credentials")
    with mock_connect() as mock:
        put(mock, boto3.client("connect"))


def test_kept_credentials_are_there_for_other_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAUSER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-2")
    with mock_connect(credentials="keep") as mock:
        credentials = boto3.Session().get_credentials()
        assert credentials is not None
        assert credentials.access_key == "AKIAUSER"
        assert boto3.client("s3").meta.region_name == "ap-southeast-2"
        put(mock, boto3.client("connect"))
        assert boto3.Session(profile_name="production", region_name="us-east-1").profile_name == "production"


def test_without_kept_credentials_other_services_have_none(
    monkeypatch: pytest.MonkeyPatch, machine: Path
) -> None:
    (machine / ".aws" / "config").write_text("")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    session = boto3.Session(region_name="us-east-1")
    with mock_connect(credentials="keep") as mock:
        put(mock, session.client("connect"))
        with pytest.raises(NoCredentialsError):
            session.client("sqs").list_queues()


def test_a_missing_region_is_the_mock_s_own() -> None:
    with mock_connect(region="eu-central-1") as mock:
        client = boto3.client("connect")
        assert client.meta.region_name == "eu-central-1"
        put(mock, client)
        put(mock, mock.client())
        assert mock.instances[-1].region == "eu-central-1"


def test_a_missing_region_raises_with_kept_credentials(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (machine / ".aws" / "config").write_text("")
    with mock_connect(credentials="keep"), pytest.raises(NoRegionError):
        boto3.client("connect")


def test_the_mock_s_own_clients_need_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    mock = ConnectMock()
    put(mock, mock.client())


def test_a_request_names_its_scope_and_is_not_signed() -> None:
    seen: list[dict[str, str]] = []
    with mock_connect(region="eu-west-2") as mock:
        client = boto3.client("connect")
        client.meta.events.register_first(
            "before-send.connect", lambda request, **_: seen.append(dict(request.headers))
        )
        put(mock, client)

    authorization = seen[0]["Authorization"].decode()
    assert re.match(
        r"AWS4-HMAC-SHA256 Credential=connect-batchmock/[0-9]{8}/eu-west-2/connect/aws4_request, ",
        authorization,
    )
    assert authorization.endswith(f"Signature={'0' * 64}")
    assert re.fullmatch(rb"[0-9]{8}T[0-9]{6}Z", seen[0]["X-Amz-Date"])


def test_an_address_can_be_signed_in_advance() -> None:
    with mock_connect():
        url = boto3.client("connect").generate_presigned_url("describe_instance", {"InstanceId": "x"})

    assert re.search(r"X-Amz-Credential=connect-batchmock%2F[0-9]{8}%2Fus-east-1%2Fconnect", url)
    assert re.search(r"X-Amz-Signature=(?!0{64})[0-9a-f]{64}$", url)


def test_request_headers_ignore_case() -> None:
    asked: list[Request] = []
    client = boto3.Session("key", "secret", region_name="us-east-1").client("connect")
    wire.attach(client, lambda request: asked.append(request) or Response(200, {}, b"{}"))

    client.list_instances()

    headers = asked[0].headers
    assert headers["user-agent"] == headers["User-Agent"]
    assert {"user-agent", "amz-sdk-request"} <= set(headers)
    assert len(headers) == len(list(headers))
    assert headers.get("x-missing") is None
