"""Outbound campaigns, on whose behalf contacts are created."""

from __future__ import annotations

from dataclasses import dataclass

from connect_batchmock.domain.queue import Queue


@dataclass(eq=False)
class Campaign:
    """A campaign of an instance; ``state`` is a value of the model's CampaignState."""

    id: str
    arn: str
    name: str
    queue: Queue | None
    state: str = "Initialized"
