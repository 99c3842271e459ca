"""Agents of a queue."""

from __future__ import annotations

from dataclasses import dataclass

from connect_batchmock.domain.stateful import Stateful


@dataclass(eq=False)
class Agent(Stateful):
    """An agent takes the contacts of a queue, one at a time.

    ``activity`` is ``AVAILABLE``, ``ON_CALL`` (from the moment that a contact is dialed for the agent) or
    ``AFTER_CONTACT_WORK``.
    """

    id: str
    arn: str
    name: str
    activity: str = "AVAILABLE"
