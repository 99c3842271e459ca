"""What keeps a contact from going on, as messages say it."""

from __future__ import annotations

from collections.abc import Mapping

from connect_batchmock.domain.contact import Contact

_WAITS_FOR: Mapping[str, str] = {
    "schedule": "It waits for the schedule of campaign {campaign!r}, which starts at {start}: {advance}.",
    "campaign": "It waits for campaign {campaign!r}, which is {state}: resume() of the campaign resumes it.",
    "capacity": (
        "It waits for another call of campaign {campaign!r} to end, which has as many as its capacity "
        "allows: {advance}."
    ),
    "concurrent_calls": (
        "It waits for another call of the instance to end, which has as many as the setting "
        "concurrent_calls allows: {advance}."
    ),
    "bandwidth": (
        "It waits for campaign {campaign!r}, whose bandwidth allocation is 0: UpdateCampaignDialerConfig "
        "changes it."
    ),
    "staffing": (
        "It waits for an agent of queue {queue!r}, which has no agents: add_agents(count) of the queue adds "
        "some."
    ),
    "pacing": (
        "It waits for another call of queue {queue!r} to end, which has as many as predictive dialing makes "
        "for its agents: {advance}, and add_agents(count) of the queue adds agents."
    ),
    "agent": (
        "It waits for an agent of queue {queue!r}, whose agents are all busy: {advance}, and "
        "add_agents(count) of the queue adds more."
    ),
}
"""What a contact waits for, and what helps, by what keeps it."""


def why_it_waits(contact: Contact) -> str | None:
    """Return what keeps a contact where it is now, other than time; None where nothing does."""
    backend = contact.instance.region.backend
    with backend.lock:
        obstacle = backend.waiting_for(contact.id)
        if obstacle is None:
            return None
        campaign, queue = contact.campaign, contact.queue
        schedule = None if campaign is None else campaign.schedule
        return _WAITS_FOR[obstacle].format(
            advance="connect_mock.advance(seconds) lets time pass",
            campaign=None if campaign is None else campaign.name,
            state=None if campaign is None else campaign.state,
            start=None if schedule is None else schedule.start.isoformat(),
            queue=None if queue is None else queue.name,
        )
