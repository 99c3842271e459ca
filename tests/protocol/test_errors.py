"""Errors have the status, the header and the spelling of the model."""

from __future__ import annotations

import json

import pytest
from botocore.model import OperationModel, ServiceModel

from connect_batchmock.protocol import restjson
from connect_batchmock.protocol.errors import (
    COMMON_ERRORS,
    ServiceError,
    code_for_violations,
    serialize_error,
)
from connect_batchmock.protocol.http import Request
from connect_batchmock.protocol.model import operation_model, service_model
from connect_batchmock.protocol.routing import Route


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("connect", "BatchPutContact", "InvalidRequestException"),
        ("connect", "StartOutboundVoiceContact", "InvalidParameterException"),
        ("connect", "AssociateFlow", "InvalidParameterException"),
        ("connect", "ClaimPhoneNumber", "InvalidParameterException"),
        ("connectcampaigns", "CreateCampaign", "ValidationException"),
        ("connectcampaignsv2", "PutOutboundRequestBatch", "ValidationException"),
    ],
)
def test_violations_are_refused_with_an_error_of_the_operation(
    service: str, operation: str, code: str
) -> None:
    modeled = {shape.name for shape in operation_model(service, operation).error_shapes}
    expected = next(
        name
        for name in ("InvalidParameterException", "InvalidRequestException", "ValidationException")
        if name in modeled
    )
    assert code_for_violations(operation_model(service, operation)) == expected == code


@pytest.mark.parametrize(
    ("service", "member"),
    [("connect", "Message"), ("connectcampaigns", "message"), ("connectcampaignsv2", "message")],
)
def test_a_common_error_is_spelt_as_the_service_spells_its_own(service: str, member: str) -> None:
    error = ServiceError("SerializationException", "It cannot be read.")
    status, headers, body = serialize_error(service_model(service), error)
    assert (status, headers) == (400, {"x-amzn-errortype": "SerializationException"})
    assert json.loads(body) == {member: "It cannot be read."}


def test_a_modeled_error_has_its_members_and_its_own_status() -> None:
    error = ServiceError("InvalidCampaignStateException", "It is paused.", state="Paused")
    status, headers, body = serialize_error(service_model("connectcampaigns"), error)
    assert (status, headers["x-amzn-errortype"]) == (409, "InvalidCampaignStateException")
    assert json.loads(body) == {"state": "Paused", "message": "It is paused."}


def test_the_common_errors_are_those_of_aws_s_front() -> None:
    assert COMMON_ERRORS["MissingAuthenticationTokenException"] == 403
    assert COMMON_ERRORS["UnknownOperationException"] == 404


def test_an_operation_without_input_has_no_parameters() -> None:
    operation = {"name": "Ping", "http": {"method": "GET", "requestUri": "/ping"}}
    metadata = {"protocol": "rest-json"}
    model = ServiceModel({"metadata": metadata, "operations": {"Ping": operation}, "shapes": {}})
    route = Route(OperationModel(operation, model, "Ping"), {})
    assert restjson.parse(Request("GET", "https://any.example/ping", {}, b""), route).parameters == {}
