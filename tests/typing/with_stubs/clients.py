"""Clients have the types of the stubs that are installed."""

from __future__ import annotations

from mypy_boto3_connect import ConnectClient
from mypy_boto3_connectcampaigns import ConnectCampaignServiceClient
from mypy_boto3_connectcampaignsv2 import ConnectCampaignServiceV2Client
from typing_extensions import assert_type

from connect_batchmock import ConnectMock


def made_by_the_mock(connect_mock: ConnectMock, service: str) -> None:
    assert_type(connect_mock.client(), ConnectClient)
    assert_type(connect_mock.client("connect", region_name="eu-west-2"), ConnectClient)
    assert_type(connect_mock.client("connectcampaigns"), ConnectCampaignServiceClient)
    assert_type(connect_mock.client(service="connectcampaignsv2"), ConnectCampaignServiceV2Client)
    client = connect_mock.client()
    answer = client.batch_put_contact(InstanceId="7", ContactDataRequestList=[{"QueueId": "7"}])
    assert_type([created.get("ContactId") for created in answer["SuccessfulRequestList"]], list[str | None])
    client.batch_put_contact(Instance="7")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def made_elsewhere(connect_mock: ConnectMock, client: ConnectClient) -> None:
    assert_type(connect_mock.attach(client), ConnectClient)
