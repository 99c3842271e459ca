"""The onboarding of an instance to outbound campaigns, in both versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from campaigns_model import VERSIONS, assert_all_modeled, code, refusal
from factories import UNKNOWN

from connect_batchmock import Campaign, ConnectMock, Instance
from connect_batchmock.protocol.model import service_model

MakeClient = Callable[..., Any]
PLAIN = {"enabled": False}
BY_KEY = {"enabled": True, "encryptionType": "KMS", "keyArn": "arn:aws:kms:us-east-1:123456789012:key/k"}
JOB = "connectInstanceOnboardingJobStatus"


@pytest.fixture(params=VERSIONS)
def client(request: pytest.FixtureRequest, make_client: MakeClient) -> Any:
    """A client of either version."""
    return make_client(request.param)


@pytest.fixture(autouse=True)
def _all_is_modeled(connect_mock: ConnectMock) -> Iterator[None]:
    yield
    assert_all_modeled(connect_mock)


@pytest.fixture
def new_instance(connect_mock: ConnectMock, connect_client: Any) -> str:
    """The id of an instance that an application has created, which is not onboarded."""
    created = connect_client.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="new",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    return str(created["Id"])


@pytest.fixture
def start(client: Any, new_instance: str) -> Callable[[], dict[str, Any]]:
    """Start the onboarding of ``new_instance``."""
    return lambda: dict(
        client.start_instance_onboarding_job(connectInstanceId=new_instance, encryptionConfig=BY_KEY)[JOB]
    )


@pytest.fixture
def status(client: Any, new_instance: str) -> Callable[[], dict[str, Any]]:
    """Return the status of the onboarding job of ``new_instance``."""
    return lambda: dict(client.get_instance_onboarding_job_status(connectInstanceId=new_instance)[JOB])


@pytest.fixture
def new_handle(connect_mock: ConnectMock, new_instance: str) -> Instance:
    """The instance with the id ``new_instance``."""
    return next(instance for instance in connect_mock.instances if instance.id == new_instance)


def test_an_instance_is_onboarded_whatever_its_attributes(
    client: Any, connect_client: Any, new_instance: str, start: Callable[[], dict[str, Any]]
) -> None:
    attribute = connect_client.describe_instance_attribute(
        InstanceId=new_instance, AttributeType="HIGH_VOLUME_OUTBOUND"
    )
    assert attribute["Attribute"]["Value"] == "false"

    assert start() == {"connectInstanceId": new_instance, "status": "IN_PROGRESS"}
    status_of = client.get_instance_onboarding_job_status
    assert status_of(connectInstanceId=new_instance)[JOB] == {
        "connectInstanceId": new_instance,
        "status": "SUCCEEDED",
    }
    config = client.get_connect_instance_config(connectInstanceId=new_instance)["connectInstanceConfig"]
    assert config["encryptionConfig"] == BY_KEY


def test_a_seeded_instance_is_onboarded(client: Any, connect_instance: Instance) -> None:
    answer = client.get_connect_instance_config(connectInstanceId=connect_instance.id)

    role = "role/aws-service-role/connect-campaigns.amazonaws.com/AWSServiceRoleForConnectCampaigns"
    # Seen in public code and records; no page describes the suffix.
    suffix = connect_instance.id.replace("-", "")[:20]
    assert answer["connectInstanceConfig"] == {
        "connectInstanceId": connect_instance.id,
        "serviceLinkedRoleArn": f"arn:aws:iam::123456789012:{role}_{suffix}",
        "encryptionConfig": {"enabled": False},
    }
    status = client.get_instance_onboarding_job_status(connectInstanceId=connect_instance.id)
    assert status[JOB]["status"] == "SUCCEEDED"


@pytest.mark.parametrize("encryption", [PLAIN, BY_KEY], ids=["the same", "another"])
def test_an_instance_is_onboarded_once(
    client: Any, connect_instance: Instance, encryption: dict[str, Any]
) -> None:
    found, status, message = refusal(
        lambda: client.start_instance_onboarding_job(
            connectInstanceId=connect_instance.id, encryptionConfig=encryption
        )
    )

    assert (found, status) == ("ConflictException", 409)
    assert "is already onboarded; GetConnectInstanceConfig returns" in message


FAILURES = service_model("connectcampaignsv2").shape_for("InstanceOnboardingJobFailureCode").enum


@pytest.mark.parametrize("failure", FAILURES)
def test_a_job_fails_with_each_code(
    client: Any,
    new_instance: str,
    new_handle: Instance,
    start: Callable[[], dict[str, Any]],
    status: Callable[[], dict[str, Any]],
    failure: str,
) -> None:
    new_handle.fail_onboarding(failure)

    assert start()["status"] == "IN_PROGRESS"
    assert status() == {"connectInstanceId": new_instance, "status": "FAILED", "failureCode": failure}
    config = client.get_connect_instance_config
    assert code(lambda: config(connectInstanceId=new_instance)) == "ResourceNotFoundException"


def test_a_failed_job_blocks_until_it_is_deleted(
    client: Any,
    new_instance: str,
    new_handle: Instance,
    start: Callable[[], dict[str, Any]],
    status: Callable[[], dict[str, Any]],
) -> None:
    new_handle.fail_onboarding("KMS_KEY_NOT_FOUND")
    start()

    found, _, message = refusal(start)
    assert found == "ConflictException"
    assert "has failed with KMS_KEY_NOT_FOUND; delete the job with DeleteInstanceOnboardingJob" in message

    client.delete_instance_onboarding_job(connectInstanceId=new_instance)
    assert start()["status"] == "IN_PROGRESS"
    assert status()["status"] == "SUCCEEDED"


def test_an_onboarded_instance_becomes_a_failed_one(client: Any, connect_instance: Instance) -> None:
    name = {"connectInstanceId": connect_instance.id}

    connect_instance.fail_onboarding("IAM_ACCESS_DENIED")

    status = client.get_instance_onboarding_job_status(**name)[JOB]
    assert status == name | {"status": "FAILED", "failureCode": "IAM_ACCESS_DENIED"}
    assert code(lambda: client.get_connect_instance_config(**name)) == "ResourceNotFoundException"


def test_a_failed_job_is_forgotten_after_two_weeks(
    connect_mock: ConnectMock,
    new_handle: Instance,
    start: Callable[[], dict[str, Any]],
    status: Callable[[], dict[str, Any]],
) -> None:
    new_handle.fail_onboarding("INTERNAL_FAILURE")
    start()

    connect_mock.advance(timedelta(days=14, seconds=-60))
    assert status()["status"] == "FAILED"
    connect_mock.advance(timedelta(seconds=60))
    assert code(status) == "ResourceNotFoundException"
    assert start()["status"] == "IN_PROGRESS"
    assert status()["status"] == "SUCCEEDED"


def test_a_succeeded_job_is_forgotten_after_15_days(
    connect_mock: ConnectMock, client: Any, connect_instance: Instance
) -> None:
    name = {"connectInstanceId": connect_instance.id}

    connect_mock.advance(timedelta(days=15, seconds=-60))
    assert client.get_instance_onboarding_job_status(**name)[JOB]["status"] == "SUCCEEDED"
    connect_mock.advance(timedelta(seconds=60))
    assert refusal(lambda: client.get_instance_onboarding_job_status(**name))[1] == 404
    assert client.get_connect_instance_config(**name)["connectInstanceConfig"]


def test_an_unknown_failure_code_is_refused(connect_instance: Instance) -> None:
    with pytest.raises(ValueError, match="no failure code 'KMS_DENIED'; the codes are EVENT_BRIDGE"):
        connect_instance.fail_onboarding("KMS_DENIED")


def test_a_job_is_deleted_and_the_instance_stays_onboarded(client: Any, connect_instance: Instance) -> None:
    name = {"connectInstanceId": connect_instance.id}

    client.delete_instance_onboarding_job(**name)

    assert code(lambda: client.get_instance_onboarding_job_status(**name)) == "ResourceNotFoundException"
    assert code(lambda: client.delete_instance_onboarding_job(**name)) == "ResourceNotFoundException"
    assert client.get_connect_instance_config(**name)["connectInstanceConfig"]["encryptionConfig"] == PLAIN


def test_the_job_and_then_the_configuration_are_deleted(
    client: Any, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    # https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_DeleteInstanceOnboardingJob.html
    # and its page for version 1: the job is deleted, and the configuration has an operation of its own.
    name = {"connectInstanceId": connect_instance.id}
    client.delete_instance_onboarding_job(**name)
    assert client.get_connect_instance_config(**name)["connectInstanceConfig"]["connectInstanceId"]

    client.delete_connect_instance_config(**name)

    assert code(lambda: client.get_connect_instance_config(**name)) == "ResourceNotFoundException"
    again = client.start_instance_onboarding_job(**name, encryptionConfig=BY_KEY)
    assert again[JOB]["status"] == "IN_PROGRESS"


ABOUT_AN_ONBOARDED_INSTANCE = [
    "get_instance_onboarding_job_status",
    "delete_instance_onboarding_job",
    "get_connect_instance_config",
    "delete_connect_instance_config",
]


@pytest.mark.parametrize("operation", ABOUT_AN_ONBOARDED_INSTANCE)
def test_an_instance_that_is_not_onboarded_is_not_found(
    client: Any, new_instance: str, operation: str
) -> None:
    found, status, message = refusal(lambda: getattr(client, operation)(connectInstanceId=new_instance))

    assert (found, status) == ("ResourceNotFoundException", 404)
    assert message.startswith(f"The instance '{new_instance}' is not onboarded")
    assert "StartInstanceOnboardingJob" in message


@pytest.mark.parametrize("operation", [*ABOUT_AN_ONBOARDED_INSTANCE, "start_instance_onboarding_job"])
def test_an_unknown_instance_is_not_found(client: Any, operation: str) -> None:
    more = {"encryptionConfig": PLAIN} if operation.startswith("start") else {}

    assert refusal(lambda: getattr(client, operation)(connectInstanceId=UNKNOWN, **more)) == (
        "ResourceNotFoundException",
        404,
        f"The instance '{UNKNOWN}' was not found in this account and region.",
    )


def test_an_offboarded_instance_keeps_its_campaigns(
    client: Any, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    name = {"connectInstanceId": connect_instance.id}

    client.delete_connect_instance_config(**name)

    assert code(lambda: client.get_connect_instance_config(**name)) == "ResourceNotFoundException"
    assert code(lambda: client.get_instance_onboarding_job_status(**name)) == "ResourceNotFoundException"
    assert client.describe_campaign(id=connect_campaign.id)["campaign"]["name"] == connect_campaign.name
    started = client.start_instance_onboarding_job(**name, encryptionConfig=BY_KEY)
    assert started[JOB]["status"] == "IN_PROGRESS"


@pytest.mark.parametrize("verbs", [["start"], ["start", "pause"]], ids=["running", "paused"])
def test_an_instance_with_active_campaigns_stays_onboarded(
    client: Any, connect_instance: Instance, connect_campaign: Campaign, verbs: list[str]
) -> None:
    for verb in verbs:
        getattr(connect_campaign, verb)()

    found, status, message = refusal(
        lambda: client.delete_connect_instance_config(connectInstanceId=connect_instance.id)
    )

    assert (found, status) == ("InvalidStateException", 409)
    assert connect_campaign.name in message
    assert client.get_connect_instance_config(connectInstanceId=connect_instance.id)


@pytest.mark.parametrize(("policy", "left"), [("RETAIN_ALL", 2), ("DELETE_ALL", 0)])
def test_campaigns_can_be_deleted_with_the_configuration(
    connectcampaignsv2_client: Any, connect_instance: Instance, policy: str, left: int
) -> None:
    connect_instance.add_campaign()
    connect_instance.add_campaign()

    connectcampaignsv2_client.delete_connect_instance_config(
        connectInstanceId=connect_instance.id, campaignDeletionPolicy=policy
    )

    assert len(connect_instance.campaigns) == left


def test_encryption_needs_a_key(client: Any, connect_instance: Instance) -> None:
    with pytest.raises(client.exceptions.ValidationException, match="is enabled but has no keyArn"):
        client.start_instance_onboarding_job(
            connectInstanceId=connect_instance.id, encryptionConfig={"enabled": True}
        )
