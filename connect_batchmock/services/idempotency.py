"""ClientTokens: a call that is repeated with its token is answered as it was, and does nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connect_batchmock.services.context import Context


def idempotent(
    context: Context,
    operation: str,
    scope: str,
    parameters: Mapping[str, Any],
    make: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Return the answer that was given to the call's ClientToken, or make, keep and return one.

    Args:
        context: what surrounds the call.
        operation: the name of the operation.
        scope: the id of what the token counts for; empty where that is the whole region.
        parameters: the operation's, with the token; without one, or with an empty one, nothing is kept.
        make: carries the call out.

    Raises:
        IdempotencyConflictError: the token was used for other parameters.
    """
    token = parameters.get("ClientToken")
    if not token:
        return make()
    meant = {name: value for name, value in parameters.items() if name != "ClientToken"}
    key = (operation, scope, token)
    answer: dict[str, Any] = context.region.once.get_or_compute(key, meant, context.now, make)
    return answer
