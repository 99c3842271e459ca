"""What a mock replaces for the whole process: variables of the environment, and boto3's default session.

Mocks overlap, so their layers do not always go in the reverse order in which they came. A layer that goes
from below another one hands over to it what was there before; the last one restores what was there before
the first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connect_batchmock.settings import ACCESS_KEY, SECRET_KEY

Variables = Mapping[str, str | None]
"""Variables with their values; None where there is no such variable."""

_HIDDEN = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


@dataclass(eq=False)
class Layer:
    """What was there before a mock.

    Args:
        variables: the variables of the environment that the mock has set or hidden.
        session: boto3's default session.
    """

    variables: dict[str, str | None]
    session: Any


class Environment:
    """The layers of the active mocks, the innermost last."""

    def __init__(self) -> None:
        self._layers: list[Layer] = []

    def keep(self) -> Layer:
        """Remember the default session, and leave the user's credentials and configuration in force."""
        return self._add({})

    def fake(self, region: str) -> Layer:
        """Hide the user's credentials, configuration and default session behind the mock's."""
        layer = self._add(_variables(region))
        # A session of the mock's own for ``boto3.client``: the user's has his region and profile.
        _set_default_session(None)
        return layer

    def _add(self, variables: Variables) -> Layer:
        layer = Layer(_exchange(variables), _default_session())
        self._layers.append(layer)
        return layer

    def remove(self, layer: Layer) -> None:
        """Restore what was there before a layer, once no layer is left that lies above it."""
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
    hidden: dict[str, str | None] = dict.fromkeys(_HIDDEN)
    return {
        **hidden,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": SECRET_KEY,
        "AWS_DEFAULT_REGION": region,
        # botocore does not read it. Lambda sets it, and handlers do.
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _exchange(variables: Variables) -> dict[str, str | None]:
    """Set variables, and return what they were."""
    before = {name: os.environ.pop(name, None) for name in variables}
    os.environ.update({name: value for name, value in variables.items() if value is not None})
    return before


def _default_session() -> Any:
    return getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)


def _set_default_session(session: Any) -> None:
    boto3 = sys.modules.get("boto3")
    if boto3 is not None:
        boto3.DEFAULT_SESSION = session  # type: ignore[attr-defined]  # boto3 keeps it there
