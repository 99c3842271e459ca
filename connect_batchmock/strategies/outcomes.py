"""A strategy for the outcomes of dialed contacts."""

from __future__ import annotations

from hypothesis import strategies as st

from connect_batchmock import outcomes
from connect_batchmock.domain.outcome import Outcome

_MAX_SECONDS = 600


def dial_outcomes() -> st.SearchStrategy[Outcome]:
    """Return a strategy for the outcomes that any dialed contact can have.

    The strategy does not generate ``outcomes.preview_discarded``, because an agent cannot discard every
    contact; add this outcome with ``| st.builds(outcomes.preview_discarded)``.

    Returns:
        A strategy for outcomes with times from 0 to 600 seconds. The simplest outcome is an immediate answer
        of the customer.
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
    unanswered = [
        st.builds(outcomes.busy, ring=seconds, preview=seconds),
        st.builds(outcomes.no_answer, ring=seconds, preview=seconds),
        st.builds(outcomes.invalid_number, preview=seconds),
    ]
    immediate = outcomes.answered(ring=0, talk=0, preview=0, after_contact_work=0)
    return st.one_of(st.just(immediate), answered, voicemail, *unanswered)
