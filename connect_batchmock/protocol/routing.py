"""Which operation a request is for: by its credential scope and its path, never by its host name alone."""

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
"""A host of AWS's: a service in a region, by its public name or by that of a VPC endpoint."""


@dataclass(frozen=True)
class CredentialScope:
    """What a signature says: whose key it is, and the region and service that it was made for."""

    access_key: str
    region: str
    signing_name: str


@dataclass(frozen=True)
class Route:
    """The operation that a request is for, and the values in its path."""

    operation: OperationModel
    labels: Mapping[str, str]


def credential_scope(request: Request) -> CredentialScope | None:
    """Return the scope that the request was signed for (Signature Version 4), or None for an unsigned one."""
    found = _CREDENTIAL.search(request.headers.get("authorization", ""))
    if found is None:
        presigned = parse_qs(urlsplit(request.url).query).get("X-Amz-Credential", [""])[0]
        found = _CREDENTIAL.search(f"Credential={presigned}")
    return CredentialScope(*found.groups()) if found else None


@cache
def signing_name(service: str) -> str:
    """Return the name that a service is signed for."""
    return str(service_model(service).signing_name)


@lru_cache(maxsize=64)
def services_signed_for(name: str) -> tuple[str, ...]:
    """Return the mocked services that are signed under this name."""
    return tuple(service for service in SERVICES if signing_name(service) == name)


def services_of(request: Request) -> tuple[str, ...]:
    """Return the mocked services that a request may be for; none for one that is nobody's business here."""
    if request.service is not None:
        return (request.service,)
    scope = credential_scope(request)
    return () if scope is None else services_signed_for(scope.signing_name)


@lru_cache(maxsize=64)
def service_of_host(host: str) -> str | None:
    """Return a mocked service that AWS has at this host, for what says nothing else."""
    parts = _HOST.fullmatch(host.lower())
    # The models are large, and most hosts are elsewhere.
    if parts is None or parts["domain"] not in domains():
        return None
    services = (service for service in SERVICES if service_model(service).endpoint_prefix == parts["prefix"])
    return next(services, None)


# Applications call the same few addresses again and again.
@lru_cache(maxsize=256)
def route(services: tuple[str, ...], method: str, url: str) -> Route | None:
    """Return the route of a request among the operations of the services, or None if there is none.

    The path is split before it is decoded: an ARN in a path has its slashes encoded and stays one segment.
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
    # An address of one's own, such as a gateway's, may have a path before that of the service.
    if not (parts.hostname or "").endswith(tuple(domains())):
        yield from (segments[start:] for start in range(1, len(segments)))


@dataclass(frozen=True)
class _Template:
    """A modeled path, split into its segments; a label is written ``{Name}``."""

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
    # Read from the model once, like the model itself. A literal segment goes before a label.
    found: dict[tuple[str, int], list[_Template]] = defaultdict(list)
    model = service_model(service)
    for name in model.operation_names:
        http = model.operation_model(name).http
        segments = tuple(http["requestUri"].partition("?")[0].strip("/").split("/"))
        found[http["method"], len(segments)].append(_Template(name, segments))
    for templates in found.values():
        templates.sort(key=_Template.specificity)
    return found
