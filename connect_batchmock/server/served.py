"""What the server needs of the mock that it serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from connect_batchmock.engine.engine import Engine
from connect_batchmock.engine.snapshot import Snapshot
from connect_batchmock.records.handles import Instance
from connect_batchmock.settings import Settings


class Mock(Protocol):
    """The part of a mock that the server uses; the HTTP API finds further methods by their names."""

    @property
    def settings(self) -> Settings: ...

    @property
    def instances(self) -> list[Instance]: ...

    @property
    def unfaked_operations(self) -> list[str]: ...

    def state(self) -> dict[str, Any]: ...

    def now(self) -> datetime: ...

    def add_instance(
        self, alias: str | None = None, *, id: str | None = None, region: str | None = None
    ) -> Instance: ...

    def snapshot(self) -> Snapshot: ...

    def restore(self, snapshot: Snapshot) -> None: ...


@dataclass(frozen=True)
class Served:
    """A mock that is served, with its engine.

    Args:
        mock: the mock.
        engine: the engine of the mock.
    """

    mock: Mock
    engine: Engine
