"""Errors as AWS sends them: statuses, members and spellings come from the model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, ServiceModel

from connect_batchmock.protocol.restjson import body_of, headers_of

COMMON_ERRORS: Mapping[str, int] = {
    "MissingAuthenticationTokenException": 403,
    "SerializationException": 400,
    "UnknownOperationException": 404,
}
"""The errors of AWS's front that any operation can answer with, though its model does not list them."""

_VIOLATED = ("InvalidRequestException", "InvalidParameterException", "ValidationException")


class ServiceError(Exception):
    """An answer that is an error.

    Args:
        code: the name of the error's shape, such as ``ResourceNotFoundException``.
        message: the sentence that the client's exception carries.
        members: the other members of the error's shape.
    """

    def __init__(self, code: str, message: str, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.members = members


def code_for_violations(operation: OperationModel) -> str:
    """Return the code with which an operation refuses parameters that break the model's constraints."""
    modelled = {shape.name for shape in operation.error_shapes}
    return next(code for code in _VIOLATED if code in modelled or code == _VIOLATED[-1])


def serialize_error(service: ServiceModel, error: ServiceError) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the body of an error."""
    shape = service.shape_for_error_code(error.code)
    headers = {"x-amzn-errortype": error.code}
    if shape is None:
        body = json.dumps({_message_member(service): error.message}).encode()
        return COMMON_ERRORS[error.code], headers, body
    # Some errors have no modelled message, yet the client's exception is to carry one.
    message = {_message_member(service): error.message}
    body = json.dumps(message | json.loads(body_of(shape, error.members))).encode()
    status = shape.metadata["error"]["httpStatusCode"]
    return status, {**headers_of(shape, error.members), **headers}, body


def _message_member(service: ServiceModel) -> str:
    # botocore fills an exception's own members only where they are spelt as this service spells them.
    members: list[str] = [name for shape in service.error_shapes for name in shape.members]
    return next(name for name in members if name.lower() == "message")
