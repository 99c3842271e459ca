"""What an operation is given beside its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connect_batchmock.domain.world import Region
from connect_batchmock.recording import Journal


@dataclass(frozen=True)
class Context:
    """The region of the account that is called, the time of the call, and where failed items are noted."""

    region: Region
    now: datetime
    journal: Journal
