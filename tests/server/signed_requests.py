"""Requests as they go over the wire: with the form of a signature, for any operation, exact in every byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.serialize import create_serializer

from connect_batchmock.protocol.model import operation_model

SCOPE = "AWS4-HMAC-SHA256 Credential={}/20300101/{}/{}/aws4_request, SignedHeaders=host, Signature={}"


@dataclass(frozen=True)
class Wire:
    """A request in the bytes that are sent.

    Args:
        method: the method.
        target: the path and query as they stand in the first line.
        headers: the headers, without ``Content-Length``, which :meth:`encoded` adds.
        body: the body.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def encoded(self) -> bytes:
        """Return the whole request; text that is not Latin-1 goes as UTF-8."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + self.body


def authorization(signing_name: str, region: str = "us-east-1", access_key: str = "AKIA") -> str:
    """Return a header with a credential scope and a dummy signature."""
    return SCOPE.format(access_key, region, signing_name, "0" * 64)


def signed(service: str, operation: str, parameters: Mapping[str, Any], host: str = "127.0.0.1") -> Wire:
    """Return the request that a client would send, with a scope that is the same in every run."""
    model = operation_model(service, operation)
    request = create_serializer("rest-json", include_validation=False).serialize_to_request(parameters, model)
    prepare_request_dict(request, f"http://{host}")
    prepared = create_request_object(request).prepare()
    headers = {str(name): _text(value) for name, value in prepared.headers.items()}
    headers.pop("Content-Length", None)
    body = prepared.body or b""
    return Wire(
        method=prepared.method,
        target=prepared.url.partition(host)[2],
        headers=(
            ("Host", host),
            *headers.items(),
            ("Authorization", authorization(model.service_model.signing_name)),
        ),
        body=body if isinstance(body, bytes) else body.encode(),
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
