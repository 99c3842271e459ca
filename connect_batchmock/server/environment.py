"""The environment variables with which the AWS clients of another process call a server."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from connect_batchmock.protocol.model import SERVICES, service_model
from connect_batchmock.settings import ACCESS_KEY, SECRET_KEY


def environment_of(url: str, region: str) -> dict[str, str]:
    """Return the environment variables for the clients of a server.

    The credentials are invalid, so that an API call of another service fails at AWS.

    Args:
        url: the address of the server.
        region: the region of the clients.
    """
    services = [service_model(name).service_id.replace(" ", "_").upper() for name in SERVICES]
    return {
        **{f"AWS_ENDPOINT_URL_{service}": url for service in services},
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": SECRET_KEY,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        **_without_proxy(urlsplit(url).hostname or ""),
    }


def _without_proxy(host: str) -> Mapping[str, str]:
    """Return the environment variables with which clients call a host without a proxy."""
    proxies = getproxies_environment()
    if not proxies:
        return {}
    names = ",".join(filter(None, (proxies.get("no"), host)))
    # Some libraries read the upper-case variable, and some the lower-case one.
    return {"NO_PROXY": names, "no_proxy": names}


def export_lines(environment: Mapping[str, str]) -> list[str]:
    """Return the lines that export the variables in a shell."""
    return [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
