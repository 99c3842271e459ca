"""The process-wide state that a mock replaces: environment variables and boto3's default session.

Mocks overlap, so their layers may be removed in any order. A layer that is removed from below another passes
its saved values to that one; the last layer restores the values from before the first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connect_batchmock.settings import ACCESS_KEY, SECRET_KEY

Variables = Mapping[str, str | None]
"""Environment variables with their values; None for a variable that is not set."""

_MASKED_ENV = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


@dataclass(eq=False)
class Layer:
    """The values that a mock replaced.

    Args:
        variables: the environment variables that the mock set or masked, with their previous values.
        session: boto3's previous default session.
    """

    variables: dict[str, str | None]
    session: Any


class Environment:
    """The layers of the active mocks, the innermost last."""

    def __init__(self) -> None:
        self._layers: list[Layer] = []

    def keep(self) -> Layer:
        """Save the default session, and leave the user's credentials and configuration as they are."""
        return self._add({})

    def fake(self, region: str) -> Layer:
        """Replace the user's credentials, configuration and default session."""
        layer = self._add(_variables(region))
        # ``boto3.client`` makes a new default session; the user's has the user's region and profile.
        _set_default_session(None)
        return layer

    def _add(self, variables: Variables) -> Layer:
        layer = Layer(_exchange(variables), _default_session())
        self._layers.append(layer)
        return layer

    def remove(self, layer: Layer) -> None:
        """Remove a layer: restore its saved values, or pass them to the layer above it."""
        position = self._layers.index(layer)
        self._layers.remove(layer)
        if position < len(self._layers):
            above = self._layers[position]
            above.variables.update(layer.variables)
            above.session = layer.session
        else:
            _exchange(layer.variables)
            _set_default_session(layer.session)


def _variables(region: str) -> Variables:
    masked: dict[str, str | None] = dict.fromkeys(_MASKED_ENV)
    return {
        **masked,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": SECRET_KEY,
        "AWS_DEFAULT_REGION": region,
        # AWS Lambda sets it and handlers read it; botocore does not.
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _exchange(variables: Variables) -> dict[str, str | None]:
    """Set environment variables, and return their previous values."""
    before = {name: os.environ.pop(name, None) for name in variables}
    os.environ.update({name: value for name, value in variables.items() if value is not None})
    return before


def _default_session() -> Any:
    return getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)


def _set_default_session(session: Any) -> None:
    boto3 = sys.modules.get("boto3")
    if boto3 is not None:
        boto3.DEFAULT_SESSION = session  # type: ignore[attr-defined]  # boto3 keeps it there
