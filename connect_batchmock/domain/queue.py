"""Queues, in which the contacts of an instance wait for an agent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class Queue:
    """A queue of an instance; a disabled one takes no new contacts."""

    id: str
    arn: str
    name: str
    enabled: bool = True
