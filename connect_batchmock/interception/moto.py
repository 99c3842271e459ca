"""moto, and its names that are replaced. moto answers for the rest of AWS, never for a mocked service.

botocore calls moto's handler for every request, answered or not, and calls it first for a client made before
the mock. So moto's handler passes each request to the mock before it answers from moto's own backends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from inspect import unwrap
from typing import Any

import moto.core.models
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber

from connect_batchmock.interception.botocore import response_at_event
from connect_batchmock.interception.patches import needed, replaced
from connect_batchmock.protocol.http import Handler, Request, Response


@contextmanager
def intercept(handler: Handler) -> Iterator[None]:
    """Make moto pass each request to a mocked service to the handler before it answers."""
    with replaced(BotocoreStubber, "__call__", partial(_intercept_call, handler)):
        yield


def is_answering() -> bool:
    """Whether moto is active."""
    return bool(needed(needed(moto.core.models, "botocore_stubber"), "enabled"))


def answer(request: Request) -> Response | None:
    """Return moto's response to a request, from moto's own backends; None if moto does not answer it."""
    headers = HTTPHeaders()
    for name, value in request.headers.items():
        headers[name] = value
    prepared = AWSPreparedRequest(request.method, request.url, headers, request.body, stream_output=False)
    stubber = needed(moto.core.models, "botocore_stubber")
    response = unwrap(BotocoreStubber.__call__)(stubber, "before-send", prepared)
    if response is None:
        return None
    return Response(response.status_code, dict(response.headers), response.content)


def _intercept_call(handler: Handler, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(stubber: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
        response = response_at_event(event_name, handler, request)
        return original(stubber, event_name, request, **kwargs) if response is None else response

    return call
