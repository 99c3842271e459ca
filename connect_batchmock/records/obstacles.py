"""Why a contact waits, as the messages of assertions explain it."""

from __future__ import annotations

from collections.abc import Mapping

from connect_batchmock.domain.contact import Contact

_EXPLANATIONS: Mapping[str, str] = {
    "schedule": "It waits for the schedule of campaign {campaign!r}, which starts at {start}: {advance}.",
    "campaign": "It waits for campaign {campaign!r}, which is {state}: resume() of the campaign resumes it.",
    "capacity": (
        "It waits for another phone call of campaign {campaign!r} to end, which has as many as its capacity "
        "allows: {advance}."
    ),
    "concurrent_calls": (
        "It waits for another phone call of the instance to end, which has as many as the setting "
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
    "status": (
        "It waits for an agent of queue {queue!r}, whose agents are all in a status without phone calls: "
        "set_status('Available') of an agent makes the agent available."
    ),
    "pacing": (
        "It waits for another phone call of queue {queue!r} to end, which has as many as predictive dialing "
        "makes for its agents: {advance}, and add_agents(count) of the queue adds agents."
    ),
    "agent": (
        "It waits for an agent of queue {queue!r}, whose agents are all busy: {advance}, and "
        "add_agents(count) of the queue adds more."
    ),
}
"""The explanation and the remedy, by the obstacle."""


def explain_wait(contact: Contact) -> str | None:
    """Return what a contact waits for besides time, and the remedy; None if it waits for nothing."""
    backend = contact.instance.region.backend
    with backend.lock:
        obstacle = backend.waiting_for(contact.id)
        if obstacle is None:
            return None
        campaign, queue = contact.campaign, contact.queue
        schedule = None if campaign is None else campaign.schedule
        return _EXPLANATIONS[obstacle].format(
            advance="connect_mock.advance(seconds) advances the clock",
            campaign=None if campaign is None else campaign.name,
            state=None if campaign is None else campaign.state,
            start=None if schedule is None else schedule.start.isoformat(),
            queue=None if queue is None else queue.name,
        )
