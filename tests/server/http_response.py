"""The response of a server, as the clients of these tests return it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass
class HttpResponse:
    """A status, the headers by their names in lower case, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        # Services spell it differently.
        return str(self.json.get("message") or self.json["Message"])
