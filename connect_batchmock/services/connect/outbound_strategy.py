"""Outbound strategies: an agent sees the contact before it is dialled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.campaign import Preview


def preview_of(strategy: Mapping[str, Any] | None) -> Preview | None:
    """Return what an agent may do before the contact is dialled, or None where nobody sees it before.

    Follows the ``OutboundStrategy`` shape of the Amazon Connect model.
    """
    if strategy is None:
        return None
    preview = strategy["Config"]["AgentFirst"]["Preview"]
    timeout = preview["PostAcceptTimeoutConfig"]["DurationInSeconds"]
    return Preview(timeout, may_discard="DISCARD" in preview["AllowedUserActions"])


def strategy_of(preview: Preview) -> dict[str, Any]:
    """Return the strategy with which the campaign service creates the contacts of a preview campaign."""
    actions = ["CALL", "DISCARD"] if preview.may_discard else ["CALL"]
    timeout = {"DurationInSeconds": int(preview.timeout)}
    config = {"PostAcceptTimeoutConfig": timeout, "AllowedUserActions": actions}
    return {"Type": "AGENT_FIRST", "Config": {"AgentFirst": {"Preview": config}}}
