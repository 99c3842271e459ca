"""The outcome of a phone call: whether it is answered, and how long each step takes."""

from __future__ import annotations

from dataclasses import dataclass

PREVIEW_DISCARDED = ("OUTBUND_PREVIEW_DISCARDED", "OUTBOUND_PREVIEW_DISCARDED")
"""The spellings of the disconnect reason of a discarded preview: that of AWS's pages, and the usual word."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of dialing a contact; all times are in seconds.

    Attributes:
        kind: ``answered``, ``voicemail``, ``no_answer``, ``busy``, ``invalid_number`` or
            ``preview_discarded``.
        ring: the time of ringing.
        talk: the time that the customer talks with the agent, or stays in the flow without an agent.
        preview: the time that the agent previews the contact, in preview mode.
        after_contact_work: the time of the agent's work after the phone call.
        patience: the time that the customer waits for an agent before hanging up; None for any time.
        disconnected_by: the party that ends the talk, ``customer`` or ``agent``; None for the customer with
            an agent, and for the flow without one.
        spelling: the disconnect reason of a discarded preview, in one of its two spellings.
    """

    kind: str
    ring: float = 5
    talk: float = 60
    preview: float = 5
    after_contact_work: float = 0
    patience: float | None = None
    disconnected_by: str | None = None
    spelling: str = PREVIEW_DISCARDED[0]


ANSWERED = Outcome("answered")
"""The default outcome."""
