"""The dialer: it chooses the contact to dial next, and carries each phone call through its outcome.

Everything runs as actions of a scheduler: nothing waits, nothing is random, and the same contacts, agents and
outcomes produce the same events every time.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, NamedTuple

from connect_batchmock.domain.abandonment import AbandonmentRate
from connect_batchmock.domain.agent import Staff
from connect_batchmock.domain.campaign import Campaign, Schedule
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.contact_store import ContactStore
from connect_batchmock.domain.errors import ContactEndedError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.outcome import UNANSWERED, Outcome
from connect_batchmock.domain.pacing import DialAttempt, DialQueue, mode_of
from connect_batchmock.domain.queue import Queue
from connect_batchmock.domain.scheduler import Scheduler
from connect_batchmock.domain.stateful import Stateful

CALLS_PER_AGENT = 1.5
"""The maximum number of phone calls per routable agent of a predictive campaign, ringing and answered."""

RING_TIMEOUT = 60.0
"""The default for the maximum seconds of ringing."""

Obstacle = Literal[
    "schedule",
    "campaign",
    "capacity",
    "concurrent_calls",
    "bandwidth",
    "staffing",
    "status",
    "pacing",
    "agent",
]
"""What a contact waits for, in the order of the checks:

- the schedule of its campaign, which has not started;
- the state of its campaign, which does not dial;
- the capacity of its campaign, which is used up: its share of the concurrent calls if another campaign dials;
- the concurrent calls of its instance, which are used up;
- the bandwidth allocation of its campaign, which is 0;
- the staffing of its queue, which has no agents;
- the status of the agents of its queue, which keeps all of them from phone calls;
- the pacing of a predictive campaign, whose queue has as many phone calls as its agents and its abandonment
  rate allow;
- an agent of its queue, since all are busy.
"""


class Waiting(NamedTuple):
    """The number of contacts that wait for the agents of a queue, and since when the first one waits."""

    contacts: int
    since: datetime | None


class Dialer(Stateful):
    """Dials the contacts of a backend.

    Args:
        scheduler: the clock and the actions that are due.
        contacts: the contacts.
        publish: receives each event of a contact.
        choose_outcome: returns the outcome of a contact that is dialed.
        concurrent_calls: the maximum number of concurrent phone calls of an instance.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        contacts: ContactStore,
        *,
        publish: Callable[[ContactEvent], None],
        choose_outcome: Callable[[Contact], Outcome],
        concurrent_calls: int,
    ) -> None:
        self._scheduler = scheduler
        self._contacts = contacts
        self._publish = publish
        self._choose_outcome = choose_outcome
        self._concurrent_calls = concurrent_calls
        self._dial_queues: dict[Instance, dict[Queue | None, DialQueue]] = defaultdict(dict)
        self._waiting: dict[str, DialQueue] = {}
        self._attempts: dict[str, DialAttempt] = {}
        self._connected: Counter[Instance | Campaign | None] = Counter()
        self._to_reschedule: dict[Instance, datetime] = {}

    # Operations

    def add(self, contact: Contact) -> None:
        """Add a contact, to be dialed in its turn."""
        self._start(contact)
        assert contact.campaign is not None, "a contact that waits has a campaign"
        dial_queue = self._dial_queue(contact)
        dial_queue.put(contact.campaign, contact.id)
        self._waiting[contact.id] = dial_queue
        contact.campaign.contacts_waiting += 1
        self.reschedule(contact.instance)

    def dial_now(self, contact: Contact) -> None:
        """Add a contact and dial it now, whether an agent is available or not."""
        self._start(contact)
        self._scheduler.call_soon(partial(self._dial_without_agent, contact.id))

    def configure(self, contact_id: str, *, expires_at: datetime | None, **changes: Any) -> None:
        """Change a contact that waits to be dialed, and set the time at which it expires."""
        if self._contacts[contact_id].preview is not None:
            # In preview mode, the agent hears who answers.
            changes.pop("answer_machine_detection", None)
        self._change(contact_id, expires_at=expires_at, **changes)
        if expires_at is not None:
            self._scheduler.schedule(expires_at, partial(self._abandon, contact_id, "EXPIRED"))

    def hang_up(self, contact_id: str, reason: str) -> None:
        """End a contact in any state.

        Raises:
            ContactEndedError: the contact has ended already.
        """
        if self._contacts[contact_id].has_ended:
            raise ContactEndedError(contact_id)
        attempt = self._attempts.get(contact_id)
        if attempt is None:
            self._abandon(contact_id, reason)
        else:
            self._disconnect(attempt, reason)

    def update(self, contact_id: str, updated: tuple[str, ...], **changes: Any) -> None:
        """Change properties of a contact, whether it has ended or not.

        Args:
            contact_id: the contact.
            updated: the properties that the contact event names; without any, no event is published.
            changes: the changed fields, by their names.
        """
        self._publish_change(contact_id, "CONTACT_DATA_UPDATED" if updated else None, updated, changes)

    def reschedule(self, instance: Instance) -> None:
        """Schedule a check of the contacts of an instance that can be dialed now, after a change."""
        now = self._scheduler.now
        if instance not in self._to_reschedule or now < self._to_reschedule[instance]:
            self._to_reschedule[instance] = now
            self._scheduler.call_soon(partial(self._reschedule, instance))

    def apply_schedule(self, instance: Instance, campaign: Campaign, schedule: Schedule) -> None:
        """Start and end a campaign on its schedule, unless it has another schedule by then."""
        # A start in the past takes effect now.
        start = max(schedule.start, self._scheduler.now)
        self._scheduler.schedule(start, partial(self.reschedule, instance))
        self._scheduler.schedule(schedule.end, partial(self._end_campaign, instance, campaign, schedule))

    def _end_campaign(self, instance: Instance, campaign: Campaign, schedule: Schedule) -> None:
        if campaign.schedule is schedule and campaign.state in ("Running", "Paused"):
            instance.change_campaign(campaign, "complete")

    def waiting_for_agents(self, queue: Queue) -> Waiting:
        """Return the number of contacts that need an agent of the queue and have none, and since when."""
        dial_queues = [
            dial_queues[queue] for dial_queues in self._dial_queues.values() if queue in dial_queues
        ]
        firsts = [
            self._contacts[names[0]]
            for dial_queue in dial_queues
            for names in self._prune(dial_queue).values()
        ]
        attempts = (
            attempt
            for attempt in self._attempts.values()
            if attempt.dial_queue.queue is queue and attempt.agent is None
        )
        # An answering machine hears the flow, and a phone call that has ended needs no agent.
        called = [self._contacts[attempt.contact_id] for attempt in attempts]
        called = [contact for contact in called if contact.state in ("INITIATED", "QUEUED")]
        return Waiting(
            sum(dial_queue.contacts for dial_queue in dial_queues) + len(called),
            min((contact.enqueued_at or contact.created_at for contact in [*firsts, *called]), default=None),
        )

    def first_waiting(self, instance: Instance, campaign: Campaign) -> Contact | None:
        """Return the contact of a campaign that is dialed next; None if none waits to be dialed."""
        for dial_queue in self._dial_queues[instance].values():
            waiting = self._prune(dial_queue)
            if campaign in waiting:
                return self._contacts[waiting[campaign][0]]
        return None

    def waiting_for(self, contact_id: str) -> Obstacle | None:
        """Return the obstacle that a contact waits for; None if it waits for time alone, or has ended."""
        dial_queue = self._waiting.get(contact_id)
        if dial_queue is None:
            return self._obstacle_of_attempt(contact_id)
        campaign = self._contacts[contact_id].campaign
        assert campaign is not None, "a contact that waits has a campaign"
        self._prune(dial_queue)
        return self._obstacle(dial_queue, campaign)

    def _obstacle_of_attempt(self, contact_id: str) -> Obstacle | None:
        attempt = self._attempts.get(contact_id)
        if attempt is None or not attempt.waits_for_agent or attempt.dial_queue.queue is None:
            return None
        return _obstacle_of_staff(attempt.dial_queue.queue.staff) or "agent"

    # Pacing

    def _dial_queue(self, contact: Contact) -> DialQueue:
        mode = mode_of(contact)
        queue = None if mode == "agentless" else contact.queue
        dial_queues = self._dial_queues[contact.instance]
        if queue not in dial_queues:
            dial_queues[queue] = DialQueue(queue)
        return dial_queues[queue]

    def _reschedule(self, instance: Instance) -> None:
        self._to_reschedule.pop(instance, None)
        dial_queues = list(self._dial_queues[instance].values())
        for dial_queue in dial_queues:
            self._connect_answered(dial_queue)
            for campaign in [campaign for campaign in dial_queue.waiting if campaign.has_ended]:
                self._discard(dial_queue, campaign)
        # Queues take turns, so that none uses up the concurrent calls of the instance.
        while dial_queues:
            dial_queues = [dial_queue for dial_queue in dial_queues if self._dial_next(dial_queue)]

    def _connect_answered(self, dial_queue: DialQueue) -> None:
        while dial_queue.answered and dial_queue.queue is not None and dial_queue.queue.staff.available:
            attempt = dial_queue.answered.popleft()
            if attempt.waits_for_agent:
                attempt.waits_for_agent = False
                attempt.agent = dial_queue.queue.staff.take_agent(attempt.contact_id)
                self._connect_to_agent(attempt)

    def _prune(self, dial_queue: DialQueue) -> dict[Campaign, deque[str]]:
        """Return the waiting contacts by campaign, after removing ended contacts from the front."""
        for campaign, waiting in list(dial_queue.waiting.items()):
            while waiting and waiting[0] not in self._waiting:
                waiting.popleft()
            if not waiting:
                del dial_queue.waiting[campaign]
        return dial_queue.waiting

    def _discard(self, dial_queue: DialQueue, campaign: Campaign) -> None:
        """End the contacts of a campaign that has ended."""
        for contact_id in dial_queue.waiting.pop(campaign):
            self._abandon(contact_id, "OTHER")

    def _dial_next(self, dial_queue: DialQueue) -> bool:
        waiting = self._prune(dial_queue)
        weights = {campaign: weight for campaign in waiting if (weight := self._weight(dial_queue, campaign))}
        if not weights:
            return False
        campaign = dial_queue.fair_queue.next(weights)
        contact = self._contacts[waiting[campaign].popleft()]
        self._stop_waiting(contact)
        is_ahead = mode_of(contact) == "predictive" and self._dials_ahead(campaign)
        self._dial(contact, dial_queue, with_agent=not is_ahead)
        return True

    def _weight(self, dial_queue: DialQueue, campaign: Campaign) -> float:
        """Return the weight of a campaign, or 0 if it cannot dial now."""
        if self._obstacle(dial_queue, campaign) is not None:
            return 0
        telephony = campaign.telephony
        if telephony is None or telephony.bandwidth_allocation is None or dial_queue.queue is None:
            return 1
        return telephony.bandwidth_allocation

    def _obstacle(self, dial_queue: DialQueue, campaign: Campaign) -> Obstacle | None:
        """Return the obstacle of the first contact of a campaign, or None if it can be dialed now."""
        if not campaign.has_begun(self._scheduler.now):
            return "schedule"
        if not campaign.is_dialing:
            return "campaign"
        first = self._contacts[dial_queue.waiting[campaign][0]]
        if self._connected[campaign] >= self._capacity_of(campaign, first.instance):
            return "capacity"
        if self._connected[first.instance] >= self._concurrent_calls:
            return "concurrent_calls"
        if dial_queue.queue is None:
            return None
        return self._obstacle_in_queue(first, dial_queue, dial_queue.queue, campaign)

    def _obstacle_in_queue(
        self, first: Contact, dial_queue: DialQueue, queue: Queue, campaign: Campaign
    ) -> Obstacle | None:
        """Return the obstacle of the first contact of a campaign that dials for a queue, or None."""
        telephony = campaign.telephony
        if telephony is not None and telephony.bandwidth_allocation == 0:
            return "bandwidth"
        staff = queue.staff
        if not staff.routable:
            return _obstacle_of_staff(staff)
        if mode_of(first) == "predictive":
            dials_ahead = self._dials_ahead(campaign)
            # Without dialing ahead, the phone calls that it dialed ahead before need an agent first.
            if dial_queue.attempts >= math.ceil(staff.routable * (CALLS_PER_AGENT if dials_ahead else 1)):
                return "pacing"
            if dials_ahead:
                return None
        return None if staff.available else "agent"

    def _dials_ahead(self, campaign: Campaign) -> bool:
        """Whether the predictive contacts of a campaign are dialed before an agent is available."""
        rate = campaign.abandonment
        return rate is None or not rate.has_reached_target(self._scheduler.now)

    def _capacity_of(self, campaign: Campaign, instance: Instance) -> int:
        """Return the maximum number of phone calls of a campaign: its share, if another campaign dials."""
        share = None if campaign.telephony is None else campaign.telephony.capacity
        if share is None or share == 1:
            return self._concurrent_calls
        capacity = max(1, math.floor(round(self._concurrent_calls * share, 6)))
        # A campaign within its share need not look at the others.
        is_shared = self._connected[campaign] < capacity or self._has_other_dialing(campaign, instance)
        return capacity if is_shared else self._concurrent_calls

    def _has_other_dialing(self, campaign: Campaign, instance: Instance) -> bool:
        now = self._scheduler.now
        return any(
            other is not campaign and other.has_contacts_to_dial(now)
            for dial_queue in self._dial_queues[instance].values()
            for other in dial_queue.waiting
        )

    # The course of a contact

    def _start(self, contact: Contact) -> None:
        self._contacts.add(contact)
        if contact.campaign is not None:
            address, customers = contact.customer_endpoint.address, contact.campaign.customers
            customers[address] = customers.get(address, 0) + 1
        self._publish(ContactEvent("INITIATED", contact))

    def _stop_waiting(self, contact: Contact) -> None:
        assert contact.campaign is not None
        contact.campaign.contacts_waiting -= 1
        self._waiting.pop(contact.id).contacts -= 1
        if contact.campaign.contacts_waiting == 0:
            # The other campaigns get its share of the concurrent phone calls.
            self.reschedule(contact.instance)

    def _abandon(self, contact_id: str, reason: str) -> None:
        """End a contact that waits to be dialed; one that is being dialed goes on."""
        contact = self._contacts[contact_id]
        if contact_id in self._waiting:
            self._stop_waiting(contact)
        elif contact.has_ended or contact_id in self._attempts:
            return
        self._end_undialed(contact_id, reason)

    def _end(self, contact: Contact, **changes: Any) -> None:
        if contact.campaign is not None:
            contact.campaign.customers[contact.customer_endpoint.address] -= 1
        self._set_state(contact.id, "DISCONNECTED", disconnected_at=self._scheduler.now, **changes)

    def _end_undialed(self, contact_id: str, reason: str) -> None:
        self._end(self._contacts[contact_id], disconnect_reason=reason)
        self._set_state(contact_id, "COMPLETED")

    def _dial_without_agent(self, contact_id: str) -> None:
        contact = self._contacts[contact_id]
        if not contact.has_ended:
            self._dial(contact, self._dial_queue(contact), with_agent=False)

    def _dial(self, contact: Contact, dial_queue: DialQueue, *, with_agent: bool) -> None:
        if not contact.instance.outbound_calls:
            self._end_undialed(contact.id, "OUTBOUND_RESOURCE_ERROR")
            return
        try:
            outcome = self._choose_outcome(contact)
        except BaseException:
            self._end_undialed(contact.id, "OUTBOUND_ATTEMPT_FAILED")
            self.reschedule(contact.instance)
            raise
        attempt = DialAttempt(contact.id, contact.instance, dial_queue, outcome)
        self._attempts[contact.id] = attempt
        dial_queue.attempts += 1
        self._connected[contact.instance] += 1
        self._connected[contact.campaign] += 1
        if with_agent and dial_queue.queue is not None:
            attempt.agent = dial_queue.queue.staff.take_agent(contact.id)
        if contact.preview is not None and attempt.agent is not None:
            self._preview(attempt, contact.preview.timeout)
        else:
            self._ring(attempt)

    def _preview(self, attempt: DialAttempt, timeout: float) -> None:
        now = self._scheduler.now
        self._set_state(attempt.contact_id, "QUEUED", enqueued_at=now)
        accepted = {"agent": attempt.agent, "accepted_at": now, "dequeued_at": now}
        self._publish_change(attempt.contact_id, "CONTACT_DATA_UPDATED", (), accepted)
        self._schedule_next(attempt, min(attempt.outcome.preview, timeout), self._end_preview)

    def _end_preview(self, attempt: DialAttempt) -> None:
        self._change(attempt.contact_id, preview_ended_at=self._scheduler.now)
        if attempt.outcome.course == "not_dialed":
            self._disconnect(attempt, attempt.outcome.reason_with_agent)
        else:
            self._ring(attempt)

    def _ring(self, attempt: DialAttempt) -> None:
        now, outcome = self._scheduler.now, attempt.outcome
        course = outcome.course
        if course == "not_ringing":
            self._change(attempt.contact_id, dialed_at=now)
            self._end_unanswered(attempt)
            return
        contact = self._change(attempt.contact_id, dialed_at=now, ring_started_at=now)
        timeout = contact.ring_timeout or RING_TIMEOUT
        is_answered = course == "connected" and outcome.ring <= timeout
        if course == "connected" and not is_answered:
            attempt.outcome = UNANSWERED
        self._schedule_next(
            attempt, min(outcome.ring, timeout), self._answer if is_answered else self._end_unanswered
        )

    def _end_unanswered(self, attempt: DialAttempt) -> None:
        outcome = attempt.outcome
        if outcome.detected is not None and self._contacts[attempt.contact_id].answer_machine_detection:
            # The detection has heard a tone, which the system was connected to.
            self._connect_to_system(attempt, outcome.detected)
        self._disconnect(attempt, outcome.reason_in_flow)

    def _answer(self, attempt: DialAttempt) -> None:
        outcome, contact = attempt.outcome, self._contacts[attempt.contact_id]
        status = outcome.detected if contact.answer_machine_detection else None
        self._connect_to_system(attempt, status)
        if attempt.dial_queue.queue is None or not outcome.gets_agent(status):
            self._release(attempt)
            self._schedule_next(attempt, outcome.talk, self._disconnect, outcome.reason_in_flow)
            return
        if contact.enqueued_at is None:
            self._set_state(attempt.contact_id, "QUEUED", enqueued_at=self._scheduler.now)
        if attempt.agent is not None:
            self._connect_to_agent(attempt)
        else:
            self._wait_for_agent(attempt)

    def _connect_to_system(self, attempt: DialAttempt, status: str | None) -> None:
        self._set_state(
            attempt.contact_id,
            "CONNECTED_TO_SYSTEM",
            connected_to_system_at=self._scheduler.now,
            answering_machine_detection_status=status,
        )

    def _wait_for_agent(self, attempt: DialAttempt) -> None:
        attempt.waits_for_agent = True
        attempt.dial_queue.answered.append(attempt)
        if attempt.outcome.patience is not None:
            self._schedule_next(attempt, attempt.outcome.patience, self._disconnect, "CUSTOMER_DISCONNECT")
        rate = self._abandonment_of(attempt)
        if rate is not None:
            # This is no step of the attempt, whose customer goes on waiting.
            self._scheduler.schedule(
                self._scheduler.now + rate.threshold, partial(self._count_abandoned, attempt)
            )
        self._connect_answered(attempt.dial_queue)

    def _abandonment_of(self, attempt: DialAttempt) -> AbandonmentRate | None:
        """Return the abandonment rate that does not count the phone call yet, or None."""
        campaign = self._contacts[attempt.contact_id].campaign
        return None if campaign is None or attempt.is_counted else campaign.abandonment

    def _count_abandoned(self, attempt: DialAttempt) -> None:
        """Count a phone call whose customer waits for an agent, if it is not counted yet."""
        rate = self._abandonment_of(attempt)
        if rate is not None and attempt.waits_for_agent:
            attempt.is_counted = True
            now, instance = self._scheduler.now, attempt.instance
            rate.count(now, is_abandoned=True)
            # The rate falls when the phone call has left the window.
            self._scheduler.schedule(now + rate.window, partial(self.reschedule, instance))

    def _count_connected(self, attempt: DialAttempt) -> None:
        """Count a phone call that an agent takes, if it is not counted yet."""
        rate = self._abandonment_of(attempt)
        if rate is not None:
            attempt.is_counted = True
            rate.count(self._scheduler.now, is_abandoned=False)
            self.reschedule(attempt.instance)

    def _connect_to_agent(self, attempt: DialAttempt) -> None:
        self._count_connected(attempt)
        now = self._scheduler.now
        self._set_state(
            attempt.contact_id,
            "CONNECTED_TO_AGENT",
            agent=attempt.agent,
            connected_to_agent_at=now,
            dequeued_at=now,
        )
        outcome = attempt.outcome
        self._schedule_next(attempt, outcome.talk, self._disconnect, outcome.reason_with_agent)

    def _disconnect(self, attempt: DialAttempt, reason: str) -> None:
        now = self._scheduler.now
        contact = self._contacts[attempt.contact_id]
        changes: dict[str, Any] = {"disconnect_reason": reason}
        if contact.enqueued_at is not None and contact.dequeued_at is None:
            changes["dequeued_at"] = now
        self._end(contact, **changes)
        self._count_abandoned(attempt)
        attempt.waits_for_agent = False
        self._connected[contact.instance] -= 1
        self._connected[contact.campaign] -= 1
        work = attempt.outcome.after_contact_work
        if contact.connected_to_agent_at is None or not work:
            self._complete(attempt)
            return
        assert attempt.agent is not None, "a contact that was connected to an agent has one"
        attempt.agent.is_in_after_contact_work = True
        self._change(attempt.contact_id, after_contact_work_started_at=now)
        self._schedule_next(attempt, work, self._end_work)
        self.reschedule(contact.instance)

    def _end_work(self, attempt: DialAttempt) -> None:
        self._change(attempt.contact_id, after_contact_work_ended_at=self._scheduler.now)
        self._complete(attempt)

    def _complete(self, attempt: DialAttempt) -> None:
        attempt.step += 1
        del self._attempts[attempt.contact_id]
        attempt.dial_queue.attempts -= 1
        self._release(attempt)
        self._set_state(attempt.contact_id, "COMPLETED")
        self.reschedule(attempt.instance)

    def _release(self, attempt: DialAttempt) -> None:
        if attempt.agent is not None:
            attempt.agent.release(self._scheduler.now)
            attempt.agent = None
            self.reschedule(attempt.instance)

    # Actions and events

    def _schedule_next(
        self, attempt: DialAttempt, seconds: float, action: Callable[..., None], *args: str
    ) -> None:
        """Schedule the next action of an attempt, which replaces an earlier one."""
        attempt.step += 1
        at = self._scheduler.now + timedelta(seconds=seconds)
        self._scheduler.schedule(at, partial(_run_if_current, attempt, attempt.step, action, *args))

    def _change(self, contact_id: str, **changes: Any) -> Contact:
        return self._replace(self._contacts[contact_id], changes)

    def _set_state(self, contact_id: str, state: str, **changes: Any) -> None:
        changes["state"] = state
        self._publish_change(contact_id, state, (), changes)

    def _publish_change(
        self, contact_id: str, type: str | None, updated: tuple[str, ...], changes: dict[str, Any]
    ) -> None:
        before = self._contacts[contact_id]
        changes["event_count"] = before.event_count + 1
        self._publish(ContactEvent(type, self._replace(before, changes), updated))

    def _replace(self, before: Contact, changes: dict[str, Any]) -> Contact:
        changes["updated_at"] = self._scheduler.now
        contact = before.changed(changes)
        self._contacts.replace(contact)
        return contact


def _obstacle_of_staff(staff: Staff) -> Obstacle | None:
    """Return why no agent of a queue takes phone calls at all, or None if an agent does."""
    if not staff.agents:
        return "staffing"
    return None if staff.routable else "status"


def _run_if_current(attempt: DialAttempt, step: int, action: Callable[..., None], *args: str) -> None:
    """Run an action of an attempt, unless the attempt has taken another step since."""
    if attempt.step == step:
        action(attempt, *args)
