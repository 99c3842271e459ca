"""Lists that are told page by page."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from connect_batchmock.services.errors import InvalidRequestError

T = TypeVar("T")


def page(
    items: Sequence[T], parameters: Mapping[str, Any], *, most: int, token: str = "NextToken"
) -> tuple[Sequence[T], dict[str, str]]:
    """Return a page of a list, and the token of the next one as a member of the answer.

    Args:
        items: the whole list, in its order.
        parameters: the operation's, with the size of a page and the token.
        most: the size of a page where the parameters name none.
        token: how the service spells the token, ``NextToken`` or ``nextToken``.

    Raises:
        Invalid: the token is none that was given.
    """
    size = parameters.get("MaxResults" if token == "NextToken" else "maxResults", most)
    start = _start(parameters.get(token), len(items))
    end = start + size
    following = {token: base64.b64encode(str(end).encode()).decode()} if end < len(items) else {}
    return items[start:end], following


def _start(token: str | None, length: int) -> int:
    if token is None:
        return 0
    try:
        start = int(base64.b64decode(token, validate=True))
    except ValueError:
        raise InvalidRequestError(_not_a_token(token)) from None
    if not 0 < start <= length:
        raise InvalidRequestError(_not_a_token(token))
    return start


def _not_a_token(token: str) -> str:
    return f"The token {token!r} is none that this operation has given."
