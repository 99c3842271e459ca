"""What becomes of a call: whether somebody answers, and how long everything takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What happens when a contact is dialed; all times are in seconds.

    Attributes:
        kind: ``answered``, ``voicemail``, ``no_answer``, ``busy``, ``invalid_number`` or
            ``preview_discarded``.
        ring: how long it rings before anything else happens.
        talk: how long the customer stays on the line once an agent, or without an agent the flow, has them.
        preview: how long an agent looks at the contact before it is dialed or discarded, in preview mode.
        after_contact_work: how long the agent is busy with the contact when the call has ended.
        patience: how long the customer waits for an agent before hanging up; None for as long as it takes.
        disconnected_by: who ends the talk, ``customer`` or ``agent``; None for the customer where there is an
            agent, and for the flow where there is none.
    """

    kind: str
    ring: float = 5
    talk: float = 60
    preview: float = 5
    after_contact_work: float = 0
    patience: float | None = None
    disconnected_by: str | None = None


ANSWERED = Outcome("answered")
"""What happens where nobody says otherwise."""
