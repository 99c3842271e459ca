"""A strategy for the outcomes of dialed contacts."""

from __future__ import annotations

from hypothesis import strategies as st

from connect_batchmock import outcomes
from connect_batchmock.domain.outcome import COURSES, UNREACHED_STATUSES, Outcome

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
    statuses = st.sampled_from(outcomes.detection_statuses())
    talks = {"talk": seconds, "after_contact_work": seconds, "preview": seconds}
    answered = st.builds(
        outcomes.answered,
        ring=seconds,
        patience=st.none() | seconds,
        detected=st.just("HUMAN_ANSWERED") | statuses,
        disconnected_by=st.sampled_from([None, "customer", "agent"]),
        **talks,
    )
    voicemail = st.builds(
        outcomes.voicemail, ring=seconds, detected=st.just("VOICEMAIL_BEEP") | statuses, **talks
    )
    unheard = st.none() | st.sampled_from(sorted(UNREACHED_STATUSES))
    unanswered = [
        st.builds(outcomes.busy, ring=seconds, preview=seconds, detected=unheard),
        st.builds(outcomes.no_answer, ring=seconds, preview=seconds, detected=unheard),
        st.builds(outcomes.invalid_number, preview=seconds, detected=unheard),
    ]
    reasons = [reason for reason, course in COURSES.items() if course != "not_dialed"]
    failed = st.builds(outcomes.failed, st.sampled_from(reasons), preview=seconds)
    immediate = outcomes.answered(ring=0, talk=0, preview=0, after_contact_work=0)
    return st.one_of(st.just(immediate), answered, voicemail, *unanswered, failed)
