"""What becomes of contacts that are dialed."""

from __future__ import annotations

from hypothesis import strategies as st

from connect_batchmock import outcomes
from connect_batchmock.domain.outcome import Outcome

_MAX_SECONDS = 600


def dial_outcomes() -> st.SearchStrategy[Outcome]:
    """Return what may become of any contact that is dialed, with times from 0 to 600 seconds.

    The simplest is that the customer answers at once. That the agent discards the contact is not among them,
    since not every contact may be discarded: add it with ``| st.builds(outcomes.preview_discarded)``.
    """
    seconds = st.integers(0, _MAX_SECONDS)
    answered = st.builds(
        outcomes.answered,
        ring=seconds,
        talk=seconds,
        preview=seconds,
        after_contact_work=seconds,
        patience=st.none() | seconds,
        disconnected_by=st.sampled_from([None, "customer", "agent"]),
    )
    voicemail = st.builds(
        outcomes.voicemail, ring=seconds, talk=seconds, preview=seconds, after_contact_work=seconds
    )
    never_answered = [
        st.builds(outcomes.busy, ring=seconds, preview=seconds),
        st.builds(outcomes.no_answer, ring=seconds, preview=seconds),
        st.builds(outcomes.invalid_number, preview=seconds),
    ]
    at_once = outcomes.answered(ring=0, talk=0, preview=0, after_contact_work=0)
    return st.one_of(st.just(at_once), answered, voicemail, *never_answered)
