"""The fakes that a test adds for further operations, validated by the service model."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from connect_batchmock._text import short
from connect_batchmock.domain.errors import ConnectBatchmockError
from connect_batchmock.protocol.errors import ServiceError, errors_by_service
from connect_batchmock.protocol.model import operation_model
from connect_batchmock.protocol.validation import (
    unknown_member,
    unknown_members,
    violations,
    violations_message,
)
from connect_batchmock.services.context import Context

Function = Callable[[Mapping[str, Any]], "Mapping[str, Any] | None"]


class FakeError(ConnectBatchmockError):
    """A fake that a test added raised an exception, or its result does not match the service model."""


def check_fake(function: object) -> None:
    """Check that an object can be a fake.

    Raises:
        TypeError: the object is not a plain function.
    """
    if not callable(function) or inspect.iscoroutinefunction(function):
        raise TypeError(
            f"A fake must be a plain function that takes the mock and the parameters, not {function!r}."
        )


def validated_by_model(
    service: str, operation: str, function: Function
) -> Callable[[Context, Mapping[str, Any]], Mapping[str, Any]]:
    """Return an operation that calls the function and checks its result and errors against the model."""
    output_shape = operation_model(service, operation).output_shape

    def call(context: Context, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        result = _result(operation, function, parameters)
        invalid = _unknown_members(output_shape, result) or violations(output_shape, result)
        if invalid:
            raise FakeError(
                f"The fake for {operation} returned a result that does not match the model: "
                f"{violations_message(invalid)}"
            )
        return result

    return call


def _unknown_members(output_shape: Any, result: Mapping[str, Any]) -> list[str]:
    if output_shape is None:
        return [unknown_member(name, []) for name in result]
    return list(unknown_members(output_shape, result))


def _result(operation: str, function: Function, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        result = function(copy.deepcopy(parameters))
    except ServiceError as error:
        raise _validated_error(operation, error) from error
    except Exception as error:
        raise FakeError(_fake_raised(operation, error)) from error
    if result is not None and not isinstance(result, Mapping):
        raise FakeError(
            f"The fake for {operation} must return a dict, the members of its output, not {short(result)}."
        )
    return copy.deepcopy(result) or {}


def _validated_error(operation: str, error: ServiceError) -> Exception:
    try:
        errors_by_service(operation, error.code, error.message, error.status, error.members)
    except ValueError as invalid:
        return FakeError(_fake_raised(operation, invalid))
    return ServiceError(error.code, error.message, status=error.status, **error.members)


def _fake_raised(operation: str, error: Exception) -> str:
    return f"The fake for {operation} raised {type(error).__name__}: {error}"
