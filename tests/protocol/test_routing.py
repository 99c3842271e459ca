"""A request is routed to its operation by its credential scope and its path."""

from __future__ import annotations

import pytest

from connect_batchmock.protocol.http import Request
from connect_batchmock.protocol.model import partition_of
from connect_batchmock.protocol.routing import CredentialScope, credential_scope, route, services_signed_for

CAMPAIGNS = ("connectcampaigns", "connectcampaignsv2")


def routed(services: tuple[str, ...], method: str, path: str) -> tuple[str, str, dict[str, str]] | None:
    match = route(services, method, f"https://any.example{path}")
    if match is None:
        return None
    return match.operation.service_model.service_name, match.operation.name, dict(match.labels)


def test_an_arn_in_a_path_stays_one_segment() -> None:
    path = "/contact/batch/arn%3Aaws%3Aconnect%3Aus-east-1%3A123456789012%3Ainstance%2Fi"
    labels = {"InstanceId": "arn:aws:connect:us-east-1:123456789012:instance/i"}
    assert routed(("connect",), "PUT", path) == ("connect", "BatchPutContact", labels)


def test_a_label_is_decoded_as_it_was_encoded() -> None:
    assert routed(("connect",), "PUT", "/contact/batch/a%20%2B%25%C3%A9") == (
        "connect",
        "BatchPutContact",
        {"InstanceId": "a +%é"},
    )


def test_a_literal_segment_goes_before_a_label() -> None:
    assert routed(("connect",), "POST", "/contact/stop") == ("connect", "StopContact", {})
    assert routed(("connect",), "PUT", "/contact/outbound-voice") == (
        "connect",
        "StartOutboundVoiceContact",
        {},
    )


@pytest.mark.parametrize(("path", "service"), [("/campaigns", CAMPAIGNS[0]), ("/v2/campaigns", CAMPAIGNS[1])])
def test_the_path_decides_the_version_of_the_campaign_service(path: str, service: str) -> None:
    assert routed(CAMPAIGNS, "PUT", path) == (service, "CreateCampaign", {})


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/nothing/here"), ("GET", "/contact/batch/i"), ("GET", "")]
)
def test_a_path_without_an_operation_is_not_routed(method: str, path: str) -> None:
    assert routed(("connect",), method, path) is None


def test_the_scope_is_read_from_the_signature() -> None:
    header = "AWS4-HMAC-SHA256 Credential=AKID/20300101/eu-west-2/connect/aws4_request, SignedHeaders=host"
    request = Request("GET", "https://any.example/", {"authorization": header}, b"")
    assert credential_scope(request) == CredentialScope("AKID", "eu-west-2", "connect")


def test_the_scope_is_read_from_a_presigned_address() -> None:
    url = "https://any.example/?X-Amz-Credential=AKID%2F20300101%2Feu-west-2%2Fconnect%2Faws4_request"
    assert credential_scope(Request("GET", url, {}, b"")) == CredentialScope("AKID", "eu-west-2", "connect")


@pytest.mark.parametrize("authorization", ["", "Bearer token", "AWS4-HMAC-SHA256 Credential=AKID"])
def test_without_a_signature_there_is_no_scope(authorization: str) -> None:
    request = Request("GET", "https://x.example/", {"authorization": authorization}, b"")
    assert credential_scope(request) is None


def test_both_campaign_services_are_signed_under_one_name() -> None:
    assert services_signed_for("connect-campaigns") == CAMPAIGNS
    assert services_signed_for("connect") == ("connect",)
    assert services_signed_for("s3") == ()


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("moon-1", "aws")],
)
def test_a_region_lies_in_its_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition
