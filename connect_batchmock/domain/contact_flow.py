"""Contact flows: what a caller goes through."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from connect_batchmock.domain.stateful import Stateful


@dataclass(eq=False)
class ContactFlow(Stateful):
    """A flow of an instance. Its content is kept and not carried out.

    ``type`` is a value of the model's ``ContactFlowType``, ``status`` of its ``ContactFlowStatus``.
    """

    id: str
    arn: str
    name: str
    type: str
    content: str
    updated_at: datetime
    status: str = "PUBLISHED"
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
