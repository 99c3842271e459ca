"""Routing of a request to its operation, by its credential scope and its path."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.model import OperationModel

from connect_batchmock.protocol.http import Request
from connect_batchmock.protocol.model import SERVICES, domains, service_model

_CREDENTIAL = re.compile(r"Credential=([^/,\s]*)/[0-9]{8}/([^/]*)/([^/]*)/aws4_request")

_HOST = re.compile(
    r"(vpce-[^.]+\.)?(?P<prefix>[^.]+?)(-fips)?\.(?P<region>[^.]+)(\.vpce)?\.(?P<domain>[^.].*?)\.?"
)
"""A host name of AWS: a service in a region, by its public name or by that of a VPC endpoint."""


@dataclass(frozen=True)
class CredentialScope:
    """The credential scope of a signature: the access key, the region and the service that it is for."""

    access_key: str
    region: str
    signing_name: str


@dataclass(frozen=True)
class Route:
    """The operation that a request is for, and the values in its path."""

    operation: OperationModel
    labels: Mapping[str, str]


def credential_scope(request: Request) -> CredentialScope | None:
    """Return the credential scope of a request (Signature Version 4); None if it is unsigned."""
    match = _CREDENTIAL.search(request.headers.get("authorization", ""))
    if match is None:
        presigned = parse_qs(urlsplit(request.url).query).get("X-Amz-Credential", [""])[0]
        match = _CREDENTIAL.search(f"Credential={presigned}")
    return CredentialScope(*match.groups()) if match else None


@cache
def signing_name(service: str) -> str:
    """Return the signing name of a service."""
    return str(service_model(service).signing_name)


@lru_cache(maxsize=64)
def services_signed_for(name: str) -> tuple[str, ...]:
    """Return the mocked services with this signing name."""
    return tuple(service for service in SERVICES if signing_name(service) == name)


def services_of(request: Request) -> tuple[str, ...]:
    """Return the mocked services that a request may be for; none for a request to another service."""
    if request.service is not None:
        return (request.service,)
    scope = credential_scope(request)
    return () if scope is None else services_signed_for(scope.signing_name)


@lru_cache(maxsize=64)
def service_of_host(host: str) -> str | None:
    """Return a mocked service at a host of AWS, or None, for requests that nothing else tells apart."""
    parts = _HOST.fullmatch(host.lower())
    # Most hosts are not of AWS, and loading the models takes time.
    if parts is None or parts["domain"] not in domains():
        return None
    services = (service for service in SERVICES if service_model(service).endpoint_prefix == parts["prefix"])
    return next(services, None)


# Applications call the same few URLs repeatedly.
@lru_cache(maxsize=256)
def route(services: tuple[str, ...], method: str, url: str) -> Route | None:
    """Return the route of a request among the operations of the services, or None.

    The path is split before it is decoded: an ARN in a path has encoded slashes and stays one segment.
    """
    for segments in _paths(url):
        for service in services:
            for template in _templates(service).get((method, len(segments)), ()):
                labels = template.match(segments)
                if labels is not None:
                    return Route(service_model(service).operation_model(template.operation), labels)
    return None


def _paths(url: str) -> Iterator[tuple[str, ...]]:
    parts = urlsplit(url)
    segments = tuple(parts.path.strip("/").split("/"))
    yield segments
    # A custom endpoint, such as a gateway, may have a path prefix.
    if not (parts.hostname or "").endswith(tuple(domains())):
        yield from (segments[start:] for start in range(1, len(segments)))


@dataclass(frozen=True)
class _Template:
    """A modeled path, split into segments; a label is written ``{Name}``."""

    operation: str
    segments: tuple[str, ...]

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        labels: dict[str, str] = {}
        for expected, segment in zip(self.segments, segments, strict=True):
            if expected.startswith("{"):
                labels[expected[1:-1]] = unquote(segment)
            elif expected != segment:
                return None
        return labels

    def specificity(self) -> list[bool]:
        return [segment.startswith("{") for segment in self.segments]


@cache
def _templates(service: str) -> Mapping[tuple[str, int], list[_Template]]:
    # A cache, as the model is. A literal segment takes precedence over a label.
    templates: dict[tuple[str, int], list[_Template]] = defaultdict(list)
    model = service_model(service)
    for name in model.operation_names:
        http = model.operation_model(name).http
        segments = tuple(http["requestUri"].partition("?")[0].strip("/").split("/"))
        templates[http["method"], len(segments)].append(_Template(name, segments))
    for candidates in templates.values():
        candidates.sort(key=_Template.specificity)
    return templates
