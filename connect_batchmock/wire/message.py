"""A request and its response as bytes, before and after anything is understood of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """An HTTP request as it would have gone out.

    Args:
        method: the HTTP method, upper case.
        url: the whole address; its path is still percent-encoded.
        headers: the headers, their names in lower case.
        body: the body, empty where there is none.
        service: the name under which botocore knows the service, where the way in knows it.
        region: the region that the client was made for, where the way in knows it.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    service: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Response:
    """An HTTP response as it comes back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
