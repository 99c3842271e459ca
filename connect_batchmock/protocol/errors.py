"""Errors as AWS sends them: statuses, members and spellings come from the model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.model import OperationModel, ServiceModel, Shape

from connect_batchmock._text import listed
from connect_batchmock.domain.errors import ConnectBatchmockError
from connect_batchmock.protocol.model import operation_model, services_with
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
"""The errors of AWS's front that any operation can answer with, though its model does not list them.

Follows https://docs.aws.amazon.com/connect/latest/APIReference/CommonErrors.html; throttling has the status
that the mocked services give it where they model it.
"""

# What stands before a "#" or after a ":" is not part of a code, for the clients of this protocol.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_THROTTLED = ("ThrottlingException", "LimitExceededException", "ThrottlingException")
VIOLATED = ("InvalidParameterException", "InvalidRequestException", "ValidationException")
"""The errors for a request that is not as it has to be; each operation models one of them."""


class ServiceError(ConnectBatchmockError):
    """An answer that is an error.

    Args:
        code: the name of the error's shape, such as ``ResourceNotFoundException``.
        message: the sentence that the client's exception carries.
        status: the HTTP status; the one of the error's shape where none is given.
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
    """Return the error as each service gives it that has the operation and can answer it with this code.

    Args:
        operation: the operation as the model names it.
        code: a code that the operation models, one of ``COMMON_ERRORS``, or any code where a status is given.
        message: its sentence; the model's own about the error where none is given.
        status: the HTTP status; the model's where none is given.
        members: other members of the error; those that are required have the model's first value otherwise.

    Raises:
        ValueError: there is no such operation, it cannot give the error, or a member breaks the model.
    """
    if _CODE.fullmatch(code) is None:
        raise ValueError(f"The code of an error is a name such as 'LimitExceededException', not {code!r}.")
    models = {service: operation_model(service, operation) for service in services_with(operation)}
    able = {
        service: model
        for service, model in models.items()
        if status is not None or code in COMMON_ERRORS or code in modeled_errors(model)
    }
    if not able:
        modeled = {name: None for model in models.values() for name in modeled_errors(model)}
        raise ValueError(
            f"{operation} cannot answer with {code!r}. It models {listed(list(modeled))}; any operation "
            f"can answer with {listed(list(COMMON_ERRORS))}. To have this one all the same, give it an "
            f"HTTP status: status=400."
        )
    return {
        service: _error(model.service_model, code, message, _error_status(status), members)
        for service, model in able.items()
    }


def _error_status(status: object) -> int | None:
    if status is None or (type(status) is int and is_error_status(status)):
        return status
    raise ValueError(not_an_error_status(status))


def is_error_status(status: int) -> bool:
    """Whether an HTTP status says that something is wrong."""
    return 400 <= status <= 599


def _error(
    service: ServiceModel, code: str, message: str | None, status: int | None, members: Mapping[str, Any]
) -> ServiceError:
    shape = service.shape_for_error_code(code)
    known, needed = ({}, []) if shape is None else (_own_members(shape), shape.required_members)
    for name in members:
        if name not in known:
            raise ValueError(_no_such_error_member(code, name, list(known)))
    broken = [text for name, value in members.items() for text in violations_at(known[name], value, name)]
    if broken:
        raise ValueError(violations_message(broken))
    required = {name: known[name].enum[0] for name in known if name in needed}
    sentence = _sentence(shape) if message is None else message
    return ServiceError(code, sentence, status=status, **{**required, **members})


def _own_members(shape: Shape) -> dict[str, Shape]:
    return {
        name: member
        for name, member in shape.members.items()
        if name.lower() != "message" and "location" not in member.serialization
    }


def _sentence(shape: Shape | None) -> str:
    text = "" if shape is None else re.sub(r"<[^>]+>", "", shape.documentation).strip()
    return text or "This error was planned by the test."


def first_modeled(codes: Sequence[str], operation: OperationModel) -> str:
    """Return the first of these codes that an operation models, or the last of them."""
    modeled = modeled_errors(operation)
    return next((code for code in codes if code in modeled), codes[-1])


def code_for_violations(operation: OperationModel) -> str:
    """Return the code with which an operation refuses parameters that break the model's constraints."""
    return first_modeled(VIOLATED, operation)


def code_for_throttling(operation: OperationModel) -> str:
    """Return the code with which an operation refuses what comes too fast."""
    return first_modeled(_THROTTLED, operation)


def serialize_error(service: ServiceModel, error: ServiceError) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the body of an error."""
    shape = service.shape_for_error_code(error.code)
    headers = {"x-amzn-errortype": error.code}
    if shape is None:
        body = json.dumps({_message_member(service): error.message}).encode()
        return error.status or COMMON_ERRORS[error.code], headers, body
    # Some errors have no modeled message, yet the client's exception is to carry one.
    message = {_message_member(service): error.message}
    body = json.dumps(message | json.loads(body_of(shape, error.members))).encode()
    status = error.status or shape.metadata["error"]["httpStatusCode"]
    return status, {**headers_of(shape, error.members), **headers}, body


def _message_member(service: ServiceModel) -> str:
    # botocore fills an exception's own members only where they are spelt as this service spells them.
    members: list[str] = [name for shape in service.error_shapes for name in shape.members]
    return next(name for name in members if name.lower() == "message")


def _no_such_error_member(code: str, name: str, valid: Sequence[str]) -> str:
    there = f"there are {listed(valid)}" if valid else "it has none beside its message"
    return f"The error {code} has no member {name!r}; {there}."


def not_an_error_status(status: object) -> str:
    return f"connect_mock.fail takes an HTTP status from 400 to 599, not {status!r}."
