"""The cost of a whole test (enter, make a client, seed, call, assert, leave) and of starting pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3

from connect_batchmock import ConnectMock, mock_connect
from connect_batchmock.interception.botocore import new_session


def with_moto() -> None:
    from moto import mock_aws

    with mock_aws():
        client = boto3.client("connect", region_name="us-east-1")
        made = client.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias="sales",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )
        assert client.describe_instance(InstanceId=made["Id"])["Instance"]["InstanceAlias"] == "sales"


def seed_call_and_assert(mock: ConnectMock, client: Any) -> None:
    instance = mock.add_instance()
    queue = instance.add_queue()
    item = {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        "QueueId": queue.id,
        "Campaign": {"CampaignId": instance.add_campaign(queue=queue).id},
    }
    client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[item])
    mock.assert_contact_created(customer_address="+15555550100")


def with_a_fresh_client() -> None:
    with mock_connect() as mock:
        seed_call_and_assert(mock, boto3.client("connect", region_name="us-east-1"))


def test_a_whole_test(compare: Any) -> None:
    session = new_session("us-east-1")

    def with_the_client_of_a_fixture() -> None:
        # As the fixture ``connect_client`` does: one session for the run, a client for each test.
        with mock_connect() as mock:
            seed_call_and_assert(mock, mock.attach(session.create_client("connect", region_name="us-east-1")))

    contestants = {
        "moto, a fresh client": with_moto,
        "connect_batchmock, a fresh client": with_a_fresh_client,
        "connect_batchmock, connect_client": with_the_client_of_a_fixture,
    }
    compare("a whole test", 40, contestants)


def test_entering_and_leaving(compare: Any) -> None:
    def enter_and_leave() -> None:
        with mock_connect():
            pass

    from moto import mock_aws

    def enter_and_leave_moto() -> None:
        with mock_aws():
            pass

    contestants = {"moto": enter_and_leave_moto, "connect_batchmock": enter_and_leave}
    compare("entering and leaving the mock", 200, contestants)


def test_starting_pytest(compare: Any, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def start(*options: str) -> None:
        command = [sys.executable, "-m", "pytest", *options, "--version"]
        subprocess.run(command, check=True, capture_output=True, env=environment, cwd=tmp_path)

    contestants = {
        "without the plugin": start,
        "with the plugin, idle": lambda: start("-p", "connect_batchmock.pytest_plugin"),
    }
    compare("starting pytest --version", 40, contestants)
