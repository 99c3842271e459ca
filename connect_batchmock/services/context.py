"""What an operation is given beside its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connect_batchmock.domain.region import Region
from connect_batchmock.faults import Faults
from connect_batchmock.recording import Journal
from connect_batchmock.settings import Settings


@dataclass(frozen=True)
class Context:
    """What surrounds a call.

    Args:
        service: the service that is called, as botocore names it.
        region: the region of the account that is called.
        now: the time of the call, on the mock's clock.
        journal: where it is noted what became of the items of a batch.
        faults: what goes wrong with them on purpose.
        settings: the settings of the mock.
    """

    service: str
    region: Region
    now: datetime
    journal: Journal
    faults: Faults
    settings: Settings
