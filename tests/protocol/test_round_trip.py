"""botocore and this package decode what the other encodes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from botocore.awsrequest import HeadersDict, create_request_object, prepare_request_dict
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from older_models import needs_typed_uris

from connect_batchmock.protocol import restjson
from connect_batchmock.protocol.errors import ServiceError, serialize_error
from connect_batchmock.protocol.http import Request
from connect_batchmock.protocol.model import SERVICES, operation_model, service_model
from connect_batchmock.protocol.routing import Route, route, services_signed_for, signing_name
from connect_batchmock.strategies.shapes import instances

SERIALIZER = create_serializer("rest-json", include_validation=False)
PARSER = create_parser("rest-json")
OPERATIONS = [(service, name) for service in SERVICES for name in service_model(service).operation_names]
ERRORS = [(service, shape.name) for service in SERVICES for shape in service_model(service).error_shapes]

few_examples = settings(
    max_examples=2, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def written_by_botocore(operation: OperationModel, parameters: dict[str, Any]) -> Request:
    unprepared = SERIALIZER.serialize_to_request(parameters, operation)
    prepare_request_dict(unprepared, "https://service.us-east-1.amazonaws.com", context={})
    prepared = create_request_object(unprepared).prepare()
    headers = {name.lower(): value for name, value in prepared.headers.items()}
    return Request(prepared.method, prepared.url, headers, prepared.body or b"")


def read_by_botocore(
    status: int, headers: dict[str, str], body: bytes, shape: Shape | None
) -> dict[str, Any]:
    response = {"status_code": status, "headers": HeadersDict(headers), "body": body}
    parsed = dict(PARSER.parse(response, shape))
    parsed.pop("ResponseMetadata", None)
    return parsed


@pytest.mark.parametrize(("service", "name"), OPERATIONS)
@few_examples
@given(data=st.data())
def test_a_request_is_read_as_the_parameters_it_was_written_from(
    service: str, name: str, data: st.DataObject
) -> None:
    operation = operation_model(service, name)
    parameters = data.draw(instances(operation.input_shape)) if operation.input_shape else {}

    request = written_by_botocore(operation, parameters)
    matched = route(services_signed_for(signing_name(service)), request.method, request.url)

    assert matched is not None
    assert (matched.operation.service_model.service_name, matched.operation.name) == (service, name)
    assert restjson.parse(request, matched).parameters == parameters


@pytest.mark.parametrize(("service", "name"), OPERATIONS)
@few_examples
@given(data=st.data())
def test_a_result_is_read_by_the_client_as_it_was_given(service: str, name: str, data: st.DataObject) -> None:
    operation = operation_model(service, name)
    result = data.draw(instances(operation.output_shape)) if operation.output_shape else {}

    assert read_by_botocore(200, *restjson.serialize(operation, result), operation.output_shape) == result


@pytest.mark.parametrize(("service", "code"), ERRORS)
@few_examples
@given(data=st.data())
def test_an_error_is_read_by_the_client_with_its_members(
    service: str, code: str, data: st.DataObject
) -> None:
    model = service_model(service)
    shape = model.shape_for(code)
    members = {
        name: value
        for name, value in data.draw(instances(shape)).items()
        if name.lower() != "message" and name != "xAmzErrorType"
    }

    status, headers, body = serialize_error(model, ServiceError(code, "What went wrong.", **members))

    assert status == shape.metadata["error"]["httpStatusCode"]
    error = {"Code": code, "Message": "What went wrong."}
    assert read_by_botocore(status, headers, body, None) == {"Error": error}
    described = dict.fromkeys(("Message", "message"), "What went wrong.") | {"xAmzErrorType": code} | members
    expected = {name: described[name] for name in shape.members if name in described}
    assert read_by_botocore(status, headers, body, shape) == expected


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_has_only_errors_that_its_service_lists(service: str) -> None:
    model = service_model(service)
    operations = [model.operation_model(name) for name in model.operation_names]
    of_operations = {shape.name for operation in operations for shape in operation.error_shapes}
    assert of_operations <= {code for of, code in ERRORS if of == service}


FORMATS = ("iso8601", "rfc822", "unixTimestamp")
LOCATIONS = ("header", "querystring", "uri", None)


def placed(shape: str, name: str, location: str | None, **traits: str) -> dict[str, str]:
    where = {} if location is None else {"location": location, "locationName": name.lower()}
    return {"shape": shape, **where, **traits}


def made_up_model() -> ServiceModel:
    scalars = ("String", "Integer", "Long", "Float", "Double", "Boolean", "Timestamp")
    input_members = {
        f"{location}{scalar}": placed(scalar, f"{location}{scalar}", location)
        for scalar in scalars
        for location in LOCATIONS
    } | {
        f"{location}{form}": placed("Timestamp", f"{location}{form}", location, timestampFormat=form)
        for form in FORMATS
        for location in LOCATIONS
    }
    for scalar in scalars:
        input_members[f"queried{scalar}s"] = placed(f"{scalar}s", f"queried{scalar}s", "querystring")
    input_members |= {"Blob": {"shape": "Blob"}, "Renamed": {"shape": "String", "locationName": "otherName"}}
    in_body = {"Blob", "Renamed", *(name for name in input_members if name.startswith("None"))}
    output_members = {
        name: member
        for name, member in input_members.items()
        if name in in_body or member.get("location") == "header"
    }
    nested = {name: input_members[name] for name in in_body}
    labels = [name for name, member in input_members.items() if member.get("location") == "uri"]
    shapes: dict[str, Any] = {scalar: {"type": scalar.lower()} for scalar in (*scalars, "Blob")}
    shapes |= {f"{scalar}s": {"type": "list", "member": {"shape": scalar}} for scalar in (*scalars, "Blob")}
    shapes["Nested"] = {"type": "structure", "members": nested}
    shapes["Nesteds"] = {"type": "map", "key": {"shape": "String"}, "value": {"shape": "Nested"}}
    more = {"Nested": {"shape": "Nested"}, "Nesteds": {"shape": "Nesteds"}, "Blobs": {"shape": "Blobs"}}
    shapes["Input"] = {"type": "structure", "members": input_members | more, "required": labels}
    shapes["Output"] = {"type": "structure", "members": output_members | more}
    uri = "/".join(f"{{{label.lower()}}}" for label in labels)
    operation = {
        "name": "Try",
        "http": {"method": "POST", "requestUri": f"/try/{uri}"},
        "input": {"shape": "Input"},
        "output": {"shape": "Output"},
    }
    metadata = {"protocol": "rest-json", "serviceId": "Made Up", "endpointPrefix": "made-up"}
    return ServiceModel({"metadata": metadata, "operations": {"Try": operation}, "shapes": shapes}, "made-up")


TRY = made_up_model().operation_model("Try")
many_examples = settings(few_examples, max_examples=40)


def routed_to_try(request: Request) -> Route:
    names = [name[1:-1] for name in TRY.http["requestUri"].split("/")[2:]]
    values = [unquote(segment) for segment in urlsplit(request.url).path.split("/")[2:]]
    return Route(TRY, dict(zip(names, values, strict=True)))


@needs_typed_uris
@many_examples
@given(instances(TRY.input_shape))
def test_every_type_is_read_wherever_it_can_stand(parameters: dict[str, Any]) -> None:
    request = written_by_botocore(TRY, parameters)
    assert restjson.parse(request, routed_to_try(request)).parameters == parameters


@needs_typed_uris
@many_examples
@given(instances(TRY.output_shape))
def test_every_type_is_written_wherever_it_can_stand(result: dict[str, Any]) -> None:
    assert read_by_botocore(200, *restjson.serialize(TRY, result), TRY.output_shape) == result


@pytest.mark.parametrize("member", ["Noneiso8601", "Nonerfc822", "NoneunixTimestamp", "headerrfc822"])
def test_a_moment_of_another_zone_is_written_as_the_same_moment(member: str) -> None:
    moment = datetime(2024, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    parsed = read_by_botocore(200, *restjson.serialize(TRY, {member: moment}), TRY.output_shape)
    assert parsed == {member: moment}


def test_an_iso8601_moment_without_a_zone_is_in_utc() -> None:
    parsed = restjson.parse(body_for_try(b'{"Noneiso8601": "2024-07-01T09:30:00"}'), LABELLED).parameters
    assert parsed["Noneiso8601"] == datetime(2024, 7, 1, 9, 30, tzinfo=timezone.utc)


LABELLED = Route(TRY, {name[1:-1]: "x" for name in TRY.http["requestUri"].split("/")[2:]})


def body_for_try(body: bytes, query: str = "") -> Request:
    return Request("POST", f"https://service/try?{query}", {}, body)


@pytest.mark.parametrize(
    "member", ["Noneiso8601", "Nonerfc822", "NoneunixTimestamp", "Blob", "Blobs", "Nested", "Nesteds"]
)
@pytest.mark.parametrize("value", [True, "never", {}, [], 10**400, "é"])
def test_a_value_of_another_type_is_kept_as_it_came(member: str, value: Any) -> None:
    parsed = restjson.parse(body_for_try(json.dumps({member: value}).encode()), LABELLED).parameters
    assert parsed[member] == value


@pytest.mark.parametrize("scalar", ["Integer", "Double", "Boolean", "Timestamp"])
def test_an_invalid_value_stays_text(scalar: str) -> None:
    parsed = restjson.parse(body_for_try(b"", f"querystring{scalar.lower()}=some"), LABELLED).parameters
    assert parsed[f"querystring{scalar}"] == "some"


def test_null_is_an_absent_member_at_any_depth() -> None:
    parsed = restjson.parse(
        body_for_try(b'{"NoneString": null, "Nested": {"NoneLong": null}}'), LABELLED
    ).parameters
    assert "NoneString" not in parsed
    assert parsed["Nested"] == {}


@pytest.mark.parametrize(
    "body",
    [
        b"not JSON",
        b"[]",
        b'"text"',
        b"null",
        b'{"NoneString": "\xff"}',
        "{}".encode("utf-16"),
        b'{"a":' * 100_000,
        b'{"a":' * 65 + b"0" + b"}" * 65,
        b'{"a":' + b"[" * 900 + b"]" * 900 + b"}",
    ],
    ids=[
        *("not JSON", "list", "text", "null", "not UTF-8", "UTF-16"),
        *("nested without end", "nested too deep", "lists nested too deep"),
    ],
)
def test_a_body_that_is_not_a_json_object_raises(body: bytes) -> None:
    with pytest.raises(restjson.DecodeError, match=r"."):
        restjson.parse(body_for_try(body), LABELLED)


@pytest.mark.parametrize("body", [b'{"a":' * 64 + b"0" + b"}" * 64, b'{"a": [' + b"{}, " * 200 + b"{}]}"])
def test_a_deeply_nested_body_is_decoded(body: bytes) -> None:
    assert "a" not in restjson.parse(body_for_try(body), LABELLED).parameters
