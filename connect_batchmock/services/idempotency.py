"""Idempotency by ClientToken: a repeated request returns the first response and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connect_batchmock.services.context import Context


def idempotent(
    context: Context,
    operation: str,
    scope: str,
    parameters: Mapping[str, Any],
    carry_out: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Return the response that is stored for a ClientToken, or carry out the request and store the response.

    Args:
        context: the context of the call.
        operation: the name of the operation.
        scope: the id of the resource that the token is unique in; empty for the whole region.
        parameters: the parameters of the operation. Without a token, or with an empty one, the request is
            carried out and nothing is stored.
        carry_out: carries out the request and returns its response.

    Raises:
        IdempotencyConflictError: the token was used with other parameters.
    """
    token = parameters.get("ClientToken")
    if not token:
        return carry_out()
    others = {name: value for name, value in parameters.items() if name != "ClientToken"}
    key = (operation, scope, token)
    response: dict[str, Any] = context.region.once.get_or_compute(key, others, context.now, carry_out)
    return response
