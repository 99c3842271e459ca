"""Errors in the form in which AWS sends them: statuses, members and spelling come from the model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from botocore.model import OperationModel, ServiceModel, Shape

from connect_batchmock._text import listed
from connect_batchmock.domain.errors import ConnectBatchmockError
from connect_batchmock.protocol.model import SERVICES, operation_model, service_model, services_with
from connect_batchmock.protocol.restjson import body_of, headers_of
from connect_batchmock.protocol.validation import violations_at, violations_message

COMMON_ERRORS: Mapping[str, int] = {
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
    "IncompleteSignature": 403,
    "InternalFailure": 500,
    "MalformedHttpRequestException": 400,
    "MissingAuthenticationTokenException": 403,
    "NotAuthorized": 401,
    "OptInRequired": 403,
    "RequestAbortedException": 400,
    "RequestEntityTooLargeException": 413,
    "RequestExpired": 400,
    "RequestTimeoutException": 408,
    "SerializationException": 400,
    "ServiceUnavailable": 503,
    "ThrottlingException": 429,
    "UnknownOperationException": 404,
    "UnrecognizedClientException": 403,
    "ValidationError": 400,
}
"""The common errors, with their statuses: any operation can return them, though its model lists none of them.

Follows https://docs.aws.amazon.com/connect/latest/APIReference/CommonErrors.html. Throttling has the status
that the mocked services model for it.
"""

# Clients of this protocol drop the part of a code before a "#" or after a ":".
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_THROTTLED, _THROTTLED_BY_FRONT = "ThrottlingException", "TooManyRequestsException"
_THROTTLED_AS: Mapping[str, str] = {"BatchPutContact": "LimitExceededException"}
"""The operations that document another code for a rate."""
VIOLATED = ("InvalidParameterException", "InvalidRequestException", "ValidationException")
"""The codes for an invalid request; each operation models one of them."""


class ServiceError(ConnectBatchmockError):
    """An error of a service, which a client raises as its exception.

    Args:
        code: the name of the error's shape, such as ``ResourceNotFoundException``.
        message: the message of the client's exception.
        status: the HTTP status; by default that of the error's shape.
        members: the other members of the error's shape.
    """

    def __init__(self, code: str, message: str, *, status: int | None = None, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members


def modeled_errors(operation: OperationModel) -> list[str]:
    """Return the codes of the errors that the model lists for an operation."""
    return [shape.name for shape in operation.error_shapes]


def errors_by_service(
    operation: str, code: str, message: str | None, status: int | None, members: Mapping[str, Any]
) -> dict[str, ServiceError]:
    """Return the error for each service that has the operation and can return the code from it.

    The front of a service returns errors that an operation does not list, so that any error of the service
    counts.

    Args:
        operation: the operation as the model names it.
        code: a code of the service's model, one of ``COMMON_ERRORS``, or any code if ``status`` is given.
        message: the message; by default the model's documentation of the error.
        status: the HTTP status; by default the model's.
        members: other members of the error. A required member that is missing gets the model's first value.

    Raises:
        ValueError: no service has the operation, it cannot return the code, or a member is invalid.
    """
    if _CODE.fullmatch(code) is None:
        raise ValueError(f"The code of an error is a name such as 'LimitExceededException', not {code!r}.")
    models = {service: operation_model(service, operation) for service in services_with(operation)}
    models_with_code = {
        service: model
        for service, model in models.items()
        if status is not None or code in _errors_of_service(model.service_model)
    }
    if not models_with_code:
        raise ValueError(_unknown_code(operation, code, list(models.values())))
    return {
        service: _error(model.service_model, code, message, _error_status(status), members)
        for service, model in models_with_code.items()
    }


def _errors_of_service(service: ServiceModel) -> dict[str, int]:
    """Return the statuses of the errors that any operation of a service can return, by their codes."""
    modeled = {shape.name: shape.metadata["error"]["httpStatusCode"] for shape in service.error_shapes}
    return {**COMMON_ERRORS, **modeled}


def _unknown_code(operation: str, code: str, models: Sequence[OperationModel]) -> str:
    services = {model.service_model.service_name: model.service_model for model in models}
    statuses = {
        name: status for model in services.values() for name, status in _errors_of_service(model).items()
    }
    near = get_close_matches(code, statuses, n=2)
    advice = (
        f"; did you mean {' or '.join(f'{name!r} ({statuses[name]})' for name in near)}?" if near else "."
    )
    elsewhere = [_errors_of_service(service_model(name)).get(code) for name in SERVICES]
    status = next((status for status in elsewhere if status is not None), 400)
    return (
        f"{listed(list(services))} cannot return {code!r} from {operation}{advice} Any operation can return "
        f"{listed([f'{name} ({status})' for name, status in sorted(statuses.items())])}. To return this code "
        f"all the same, pass an HTTP status: status={status}."
    )


def _error_status(status: object) -> int | None:
    if status is None or (type(status) is int and is_error_status(status)):
        return status
    raise ValueError(not_an_error_status(status))


def is_error_status(status: int) -> bool:
    """Whether an HTTP status is an error."""
    return 400 <= status <= 599


def _error(
    service: ServiceModel, code: str, message: str | None, status: int | None, members: Mapping[str, Any]
) -> ServiceError:
    shape = service.shape_for_error_code(code)
    modeled, required = ({}, []) if shape is None else (_own_members(shape), shape.required_members)
    for name in members:
        if name not in modeled:
            valid = f"there are {listed(list(modeled))}" if modeled else "it has none beside its message"
            raise ValueError(f"The error {code} has no member {name!r}; {valid}.")
    violations = [
        text for name, value in members.items() for text in violations_at(modeled[name], value, name)
    ]
    if violations:
        raise ValueError(violations_message(violations))
    defaults = {name: modeled[name].enum[0] for name in modeled if name in required}
    text = _documentation(shape) if message is None else message
    return ServiceError(code, text, status=status, **{**defaults, **members})


def _own_members(shape: Shape) -> dict[str, Shape]:
    return {
        name: member
        for name, member in shape.members.items()
        if name.lower() != "message" and "location" not in member.serialization
    }


def _documentation(shape: Shape | None) -> str:
    text = "" if shape is None else re.sub(r"<[^>]+>", "", shape.documentation).strip()
    return text or "This error was planned by the test."


def first_modeled(codes: Sequence[str], operation: OperationModel) -> str:
    """Return the first of these codes that an operation models, or else the last code."""
    modeled = modeled_errors(operation)
    return next((code for code in codes if code in modeled), codes[-1])


def code_for_violations(operation: OperationModel) -> str:
    """Return the code that an operation returns for parameters that violate the model's constraints."""
    return first_modeled(VIOLATED, operation)


def code_for_throttling(operation: OperationModel) -> str:
    """Return the code that an operation returns when it is called too fast.

    An operation that does not model a throttling error gets that of the front of its service.
    """
    if operation.name in _THROTTLED_AS:
        return _THROTTLED_AS[operation.name]
    has_front = operation.service_model.shape_for_error_code(_THROTTLED_BY_FRONT) is not None
    return _THROTTLED_BY_FRONT if has_front and _THROTTLED not in modeled_errors(operation) else _THROTTLED


def serialize_error(service: ServiceModel, error: ServiceError) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the body of an error."""
    shape = service.shape_for_error_code(error.code)
    headers = {"x-amzn-errortype": error.code}
    if shape is None:
        body = json.dumps({_message_member(service): error.message}).encode()
        return error.status or COMMON_ERRORS[error.code], headers, body
    # The client's exception needs a message, which the model of some errors lacks.
    message = {_message_member(service): error.message}
    body = json.dumps(message | json.loads(body_of(shape, error.members))).encode()
    status = error.status or shape.metadata["error"]["httpStatusCode"]
    return status, {**headers_of(shape, error.members), **headers}, body


def _message_member(service: ServiceModel) -> str:
    # botocore finds a member only in the spelling of this service.
    members: list[str] = [name for shape in service.error_shapes for name in shape.members]
    return next(name for name in members if name.lower() == "message")


def not_an_error_status(status: object) -> str:
    """Return the message for a status that is not that of an error."""
    return f"connect_mock.fail takes an HTTP status from 400 to 599, not {status!r}."
