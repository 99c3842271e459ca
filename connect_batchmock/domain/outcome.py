"""The outcome of a phone call: how far it gets, how it ends, and how long each step takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Course = Literal["not_dialed", "not_ringing", "unanswered", "connected"]
"""How far a phone call gets:

- ``not_dialed``: the agent discards the preview;
- ``not_ringing``: the phone call fails at once;
- ``unanswered``: it rings, and nobody answers;
- ``connected``: a person or a machine answers.
"""

PREVIEW_DISCARDED = ("OUTBUND_PREVIEW_DISCARDED", "OUTBOUND_PREVIEW_DISCARDED")
"""The spellings of the disconnect reason of a discarded preview: that of AWS's pages, and the usual word."""

COURSES: Mapping[str, Course] = {
    "TELECOM_BUSY": "unanswered",
    "TELECOM_NUMBER_INVALID": "not_ringing",
    "TELECOM_POTENTIAL_BLOCKING": "not_ringing",
    "TELECOM_UNANSWERED": "unanswered",
    "TELECOM_TIMEOUT": "unanswered",
    "TELECOM_ORIGINATOR_CANCEL": "unanswered",
    "TELECOM_PROBLEM": "not_ringing",
    "THIRD_PARTY_DISCONNECT": "connected",
    "CUSTOMER_DISCONNECT": "connected",
    "AGENT_DISCONNECT": "connected",
    "BARGED": "connected",
    "CONTACT_FLOW_DISCONNECT": "connected",
    "OTHER": "connected",
    "OUTBOUND_DESTINATION_ENDPOINT_ERROR": "not_ringing",
    "OUTBOUND_RESOURCE_ERROR": "not_ringing",
    "OUTBOUND_ATTEMPT_FAILED": "not_ringing",
    **dict.fromkeys(PREVIEW_DISCARDED, "not_dialed"),
}
"""How far a phone call gets that ends with a disconnect reason, by each reason that an outcome can have.

The reasons are those of voice contacts and of outbound campaigns on
https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html; no service model has them.
"""

AGENT_STATUSES = frozenset(
    {
        "HUMAN_ANSWERED",
        "ANSWERED",
        "AMD_UNRESOLVED",
        "AMD_UNRESOLVED_SILENCE",
        "AMD_ERROR",
        "UNDETECTED",
        "ERROR",
    }
)
"""The statuses of answering machine detection with which a phone call gets an agent: a person answered, or
may have answered."""

UNREACHED_STATUSES = frozenset(
    {
        "SIT_TONE_BUSY",
        "SIT_TONE_INVALID_NUMBER",
        "SIT_TONE_DETECTED",
        "AMD_UNANSWERED",
        "AMD_NOT_APPLICABLE",
    }
)
"""The statuses of answering machine detection with which neither a person nor a machine has answered."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of dialing a contact; all times are in seconds.

    Attributes:
        disconnect_reason: the disconnect reason, which says how far the phone call gets; None for a phone
            call that is connected, and disconnected by a party.
        detected: the status of answering machine detection, if the contact is dialed with it; None if the
            detection does not hear the phone call.
        ring: the time of ringing.
        talk: the time that the customer talks with the agent, or stays in the flow without an agent.
        preview: the time that the agent previews the contact, in preview mode.
        after_contact_work: the time of the agent's work after the phone call.
        patience: the time that the customer waits for an agent before hanging up; None for any time.
        disconnected_by: the party that ends the talk, ``customer`` or ``agent``; None for the customer with
            an agent, and for the flow without one.
    """

    disconnect_reason: str | None = None
    detected: str | None = None
    ring: float = 5
    talk: float = 60
    preview: float = 5
    after_contact_work: float = 0
    patience: float | None = None
    disconnected_by: str | None = None

    @property
    def course(self) -> Course:
        """How far the phone call gets: ``not_dialed``, ``not_ringing``, ``unanswered`` or ``connected``."""
        return "connected" if self.disconnect_reason is None else COURSES[self.disconnect_reason]

    def gets_agent(self, status: str | None) -> bool:
        """Whether the flow passes the connected phone call on to an agent.

        Args:
            status: the status of answering machine detection; None without detection.
        """
        may_be_human = status is None or status in AGENT_STATUSES
        return may_be_human and self.disconnect_reason != "CONTACT_FLOW_DISCONNECT"

    @property
    def reason_with_agent(self) -> str:
        """The disconnect reason of a phone call that an agent took."""
        by_party = "AGENT_DISCONNECT" if self.disconnected_by == "agent" else "CUSTOMER_DISCONNECT"
        return self.disconnect_reason or by_party

    @property
    def reason_in_flow(self) -> str:
        """The disconnect reason of a connected phone call that stays in the flow."""
        by_party = "CUSTOMER_DISCONNECT" if self.disconnected_by == "customer" else "CONTACT_FLOW_DISCONNECT"
        return self.disconnect_reason or by_party


ANSWERED = Outcome(detected="HUMAN_ANSWERED")
"""The default outcome."""

UNANSWERED = Outcome("TELECOM_UNANSWERED")
"""The outcome of a phone call whose ring timeout ends."""
