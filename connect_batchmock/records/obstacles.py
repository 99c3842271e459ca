"""Why a contact waits: the words of ``Contact.waiting_for`` and of the messages of assertions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from connect_batchmock.domain.contact import Contact


class Wait(NamedTuple):
    """The wait of a contact: ``It waits {conjunction} {cause}{detail}: {remedy}.``

    The parts are templates in the table below, and hold the names of the resources otherwise.
    """

    conjunction: str
    cause: str
    detail: str
    remedy: str


_ADVANCE = "connect_mock.advance(seconds) advances the clock"

_WAITS: Mapping[str, Wait] = {
    "schedule": Wait("because", "its schedule starts at {start}", ", set by campaign {campaign!r}", _ADVANCE),
    "campaign": Wait(
        "because", "campaign {campaign!r} is {state}", "", "resume() of the campaign resumes it"
    ),
    "capacity": Wait(
        "for",
        "another phone call of campaign {campaign!r} to end",
        ", which has as many as its capacity allows",
        _ADVANCE,
    ),
    "concurrent_calls": Wait(
        "for",
        "another phone call of the instance to end",
        ", which has as many as the setting concurrent_calls allows",
        _ADVANCE,
    ),
    "bandwidth": Wait(
        "because",
        "the bandwidth allocation of campaign {campaign!r} is 0",
        "",
        "UpdateCampaignDialerConfig changes it",
    ),
    "staffing": Wait(
        "for",
        "an agent of queue {queue!r}",
        ", which has no agents",
        "add_agents(count) of the queue adds some",
    ),
    "status": Wait(
        "for",
        "an agent of queue {queue!r}",
        ", whose agents are all in a status without phone calls",
        "set_status('Available') of an agent makes the agent available",
    ),
    "pacing": Wait(
        "for",
        "another phone call of queue {queue!r} to end",
        ", which has as many as predictive dialing makes for its agents",
        f"{_ADVANCE}, and add_agents(count) of the queue adds agents",
    ),
    "agent": Wait(
        "for",
        "an agent of queue {queue!r}",
        ", whose agents are all busy",
        f"{_ADVANCE}, and add_agents(count) of the queue adds more",
    ),
}
"""The wait for each obstacle."""


def wait_of(contact: Contact) -> Wait | None:
    """Return what a contact waits for besides time; None if it waits for nothing, or has ended."""
    backend = contact.instance.region.backend
    with backend.lock:
        obstacle = backend.waiting_for(contact.id)
        if obstacle is None:
            return None
        campaign, queue = contact.campaign, contact.queue
        schedule = None if campaign is None else campaign.schedule
        names = {
            "campaign": None if campaign is None else campaign.name,
            "state": None if campaign is None else campaign.state.lower(),
            "start": None if schedule is None else schedule.start.isoformat(),
            "queue": None if queue is None else queue.name,
        }
    return Wait(*(part.format(**names) for part in _WAITS[obstacle]))


def explain_wait(contact: Contact) -> str | None:
    """Return a sentence with what a contact waits for besides time, and the remedy; None if for nothing."""
    wait = wait_of(contact)
    if wait is None:
        return None
    return f"It waits {wait.conjunction} {wait.cause}{wait.detail}: {wait.remedy}."
