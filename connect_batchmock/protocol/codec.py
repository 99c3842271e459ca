"""The codec of the mocked services: routes, decodes and validates requests, and encodes responses.

Every shape, path and constraint comes from botocore's model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from botocore.model import OperationModel, ServiceModel

from connect_batchmock.protocol import restjson
from connect_batchmock.protocol.errors import ServiceError, code_for_violations, serialize_error
from connect_batchmock.protocol.http import DelayCallback, Request, Response
from connect_batchmock.protocol.routing import route
from connect_batchmock.protocol.validation import violations, violations_message


# Each API call makes one, and a frozen dataclass takes three times as long to make.
@dataclass(slots=True)
class DecodedRequest:
    """A request to one operation.

    Args:
        service: the service that has the operation, as botocore names it.
        operation: the name of the operation.
        model: botocore's model of the operation.
        labels: the values in the path, by their names.
        parameters: the parameters as a client passes them.
        is_valid: whether the parameters are known to meet every constraint.
        decode_error: why the body cannot be decoded; None if it can.
    """

    service: str
    operation: str
    model: OperationModel
    labels: Mapping[str, str]
    parameters: Mapping[str, Any]
    is_valid: bool
    decode_error: str | None


def decode(request: Request, services: tuple[str, ...]) -> DecodedRequest:
    """Find the operation of a request and decode the parameters; the constraints are not checked yet.

    Args:
        request: the request.
        services: the services that it may be for.

    Raises:
        ServiceError: no operation of the services has the method and the path of the request.
    """
    found = route(services, request.method, request.url)
    if found is None:
        raise unknown_operation_error(request.method, urlsplit(request.url).path)
    model, decode_error = found.operation, None
    try:
        parsed = restjson.parse(request, found)
    except restjson.DecodeError as error:
        # The error waits in the result: a service authorizes the caller before it reads the body.
        parsed, decode_error = restjson.Parsed(found.labels), str(error)
    return DecodedRequest(
        model.service_model.service_name,
        model.name,
        model,
        found.labels,
        parsed.parameters,
        parsed.is_plain,
        decode_error,
    )


def validate(decoded: DecodedRequest) -> None:
    """Check a request against the model of its operation.

    Raises:
        ServiceError: the body cannot be decoded, or the parameters violate a constraint.
    """
    if decoded.decode_error is not None:
        raise ServiceError(
            "SerializationException", f"The body of the request cannot be read: {decoded.decode_error}"
        )
    if decoded.is_valid:
        return
    broken = violations(decoded.model.input_shape, decoded.parameters)
    if broken:
        raise ServiceError(code_for_violations(decoded.model), violations_message(broken))


def encode_result(
    operation: OperationModel, result: Mapping[str, Any], request_id: str, note_delay: DelayCallback | None
) -> Response:
    """Return the response that carries the result of an operation."""
    headers, body = restjson.serialize(operation, result)
    status = operation.http.get("responseCode", 200)
    return Response(status, _common_headers(request_id) | headers, body, note_delay)


def encode_error(
    service: ServiceModel, error: ServiceError, request_id: str, note_delay: DelayCallback | None = None
) -> Response:
    """Return the response that carries an error of a service."""
    status, headers, body = serialize_error(service, error)
    return Response(status, _common_headers(request_id) | headers, body, note_delay)


def _common_headers(request_id: str) -> dict[str, str]:
    return {"content-type": "application/json", "x-amzn-requestid": request_id}


def unknown_operation_error(method: str, path: str) -> ServiceError:
    """Return the error for a request whose method and path belong to no operation."""
    return ServiceError("UnknownOperationException", f"No operation of this service answers {method} {path}.")
