"""A client with any endpoint is answered for its service, region and account."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

from connect_batchmock import ConnectMock, mock_connect
from connect_batchmock.protocol.model import SERVICES

CONNECT = boto3.Session("x", "x", region_name="us-east-1")
REGIONS = sorted(
    {
        region
        for service in SERVICES
        for partition in CONNECT.get_available_partitions()
        for region in CONNECT.get_available_regions(service, partition, allow_non_regional=True)
    }
)
WITHOUT_CONNECT = ["sa-east-1", "cn-north-1", "cn-northwest-1", "us-gov-east-1"]


def put_in(mock: ConnectMock, client: Any) -> Any:
    instance = mock.add_instance(region=client.meta.region_name)
    client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[{}])
    return mock.calls[-1]


@pytest.mark.parametrize("region", [*REGIONS, *WITHOUT_CONNECT])
def test_every_region_is_answered_with_connect_or_without(
    connect_mock: ConnectMock, shared_session: Any, region: str
) -> None:
    client = shared_session.create_client("connect", region_name=region)
    # Older names of regions say that their endpoint in a FIPS endpoint; the region in the rest of the name.
    region = region.removeprefix("fips-").removesuffix("-fips")
    assert put_in(connect_mock, client).region == region
    arn = connect_mock.instances[-1].arn
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if "-gov-" in region else "aws"
    assert arn.startswith(f"arn:{partition}:connect:{region}:123456789012:instance/")


def test_a_region_that_botocore_does_not_know_is_answered(
    connect_mock: ConnectMock, shared_session: Any
) -> None:
    client = shared_session.create_client("connect", region_name="mars-north-1")
    instance = connect_mock.add_instance()
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[{}])
    assert connect_mock.calls.one().region == "mars-north-1"


ADDRESSES = {
    "FIPS": {"config": Config(use_fips_endpoint=True)},
    "dual-stack": {"config": Config(use_dualstack_endpoint=True)},
    "FIPS and dual-stack": {"config": Config(use_fips_endpoint=True, use_dualstack_endpoint=True)},
    "GovCloud": {"region_name": "us-gov-west-1"},
    "GovCloud with FIPS": {"region_name": "us-gov-west-1", "config": Config(use_fips_endpoint=True)},
    "China": {"region_name": "cn-north-1"},
    "a VPC endpoint": {"endpoint_url": "https://vpce-0a1b-2c3d.connect.us-east-1.vpce.amazonaws.com"},
    "an address of one's own": {"endpoint_url": "http://localhost:4566"},
    "an address with a path": {"endpoint_url": "https://gateway.example/amazon/connect/"},
    "an IPv6 address": {"endpoint_url": "http://[::1]:4566"},
}


@pytest.mark.parametrize("made_before", [True, False])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_kind_of_address_is_answered(shared_session: Any, address: str, made_before: bool) -> None:
    options = {"region_name": "us-east-1", **ADDRESSES[address]}
    before = shared_session.create_client("connect", **options)
    with mock_connect() as mock:
        client = before if made_before else boto3.client("connect", **options)
        call = put_in(mock, client)
    assert (call.service, call.region) == ("connect", options["region_name"])


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CONNECT"])
def test_an_address_of_the_environment_is_answered(
    connect_mock: ConnectMock, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://localhost:4566/connect")
    client = boto3.client("connect")
    assert client.meta.endpoint_url == "http://localhost:4566/connect"
    put_in(connect_mock, client)


@pytest.mark.parametrize("service", ["connectcampaigns", "connectcampaignsv2"])
@pytest.mark.parametrize(
    "options", [{}, {"config": Config(use_fips_endpoint=True)}, {"endpoint_url": "http://localhost:1/x"}]
)
def test_both_versions_of_the_campaign_service_share_an_address(
    connect_mock: ConnectMock, service: str, options: Any
) -> None:
    connect_mock.fail("DescribeCampaign", "ResourceNotFoundException")
    client = boto3.client(service, **options)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_campaign(id="c")
    assert connect_mock.calls.one().service == service


def test_a_path_prefix_is_for_custom_endpoints(connect_mock: ConnectMock) -> None:
    client = boto3.client("connect", endpoint_url="https://connect.us-east-1.amazonaws.com/more")
    with pytest.raises(client.exceptions.ClientError, match="UnknownOperationException"):
        put_in(connect_mock, client)


def test_a_region_does_not_see_the_state_of_another(connect_mock: ConnectMock) -> None:
    instance = connect_mock.add_instance(region="us-east-1")
    other = boto3.client("connect", region_name="eu-west-2")
    with pytest.raises(other.exceptions.ResourceNotFoundException):
        other.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[{}])


def test_an_account_does_not_see_the_state_of_another(connect_mock: ConnectMock) -> None:
    instance = connect_mock.add_instance()
    other = boto3.Session("210987654321", "x", region_name="us-east-1").client("connect")
    with pytest.raises(other.exceptions.ResourceNotFoundException):
        other.batch_put_contact(InstanceId=instance.id, ContactDataRequestList=[{}])
