"""Pagination: one page of a list, and the token of the next page."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from connect_batchmock.services.errors import InvalidRequestError

T = TypeVar("T")


def page(
    items: Sequence[T], parameters: Mapping[str, Any], *, default_size: int, token: str = "NextToken"
) -> tuple[Sequence[T], dict[str, str]]:
    """Return a page of a list, and the token of the next page as a member of the response.

    Args:
        items: the whole list, in its order.
        parameters: the parameters of the operation, with the size of a page and the token.
        default_size: the size of a page if the parameters have no size.
        token: the name of the token in the service model, ``NextToken`` or ``nextToken``.

    Raises:
        InvalidRequestError: the token is invalid.
    """
    size = parameters.get("MaxResults" if token == "NextToken" else "maxResults", default_size)
    start = _start(parameters.get(token), len(items))
    end = start + size
    next_token = {token: base64.b64encode(str(end).encode()).decode()} if end < len(items) else {}
    return items[start:end], next_token


def _start(token: str | None, length: int) -> int:
    if token is None:
        return 0
    try:
        start = int(base64.b64decode(token, validate=True))
    except ValueError:
        start = 0
    if not 0 < start <= length:
        raise InvalidRequestError(
            f"The token {token!r} is invalid; send the token of the previous page, or no token for the first."
        )
    return start
