"""Dialing: who is called next, and what becomes of the call.

Everything here happens on a timeline: nothing waits, nothing is random, and the same contacts, agents and
outcomes take the same course every time.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, NamedTuple

from connect_batchmock.domain.campaign import Campaign, Schedule
from connect_batchmock.domain.contact import Contact, ContactEvent
from connect_batchmock.domain.contact_store import ContactStore
from connect_batchmock.domain.errors import ContactEndedError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.outcome import Outcome
from connect_batchmock.domain.pacing import DialAttempt, DialQueue, mode_of
from connect_batchmock.domain.queue import Queue
from connect_batchmock.domain.scheduler import Scheduler
from connect_batchmock.domain.stateful import Stateful

CALLS_PER_AGENT = 1.5
"""How many calls a predictive campaign has at most, ringing and answered, for each agent of its queue."""

RING_TIMEOUT = 60.0
"""The seconds for which a call rings at most where nothing else was said."""

_NEVER_ANSWERED = {
    "no_answer": ("TELECOM_UNANSWERED", "AMD_UNANSWERED"),
    "busy": ("TELECOM_BUSY", "SIT_TONE_BUSY"),
    "invalid_number": ("TELECOM_NUMBER_INVALID", "SIT_TONE_INVALID_NUMBER"),
}
"""The disconnect reason of a call that nobody took, and what the detection of answering machines says."""

Obstacle = Literal[
    "schedule", "campaign", "capacity", "concurrent_calls", "bandwidth", "staffing", "pacing", "agent"
]
"""What keeps a contact from going on, in the order in which it is looked for:

- the schedule of its campaign, which has not begun;
- the state of its campaign;
- the capacity of its campaign, which has as many calls as it may have at once;
- the concurrent calls of its instance, which has as many as it may have at once;
- the bandwidth allocation of its campaign, which is 0;
- the staffing of its queue, which has no agents;
- the pacing of a predictive campaign, whose queue has as many calls as its agents allow;
- an agent of its queue, all of whom are busy.
"""


class Waiting(NamedTuple):
    """The contacts that wait for the agents of a queue: how many, and since when the first of them does."""

    contacts: int
    since: datetime | None


class Dialer(Stateful):
    """Dials the contacts of a world.

    Args:
        timeline: when things happen.
        contacts: the contacts.
        tell: is told of each event of a contact's life.
        decide: says what becomes of a contact when it is dialed.
        concurrent_calls: how many calls an instance may have at once.
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
        self._tell = publish
        self._decide = choose_outcome
        self._concurrent_calls = concurrent_calls
        self._lines: dict[Instance, dict[Queue | None, DialQueue]] = defaultdict(dict)
        self._waiting: dict[str, DialQueue] = {}
        self._calls: dict[str, DialAttempt] = {}
        self._connected: Counter[Instance | Campaign | None] = Counter()
        self._to_review: dict[Instance, datetime] = {}

    # What others ask for

    def add(self, contact: Contact) -> None:
        """Take a new contact; it is dialed when its turn comes."""
        self._begin_life(contact)
        assert contact.campaign is not None, "a contact that waits was put for a campaign"
        line = self._line(contact)
        line.put(contact.campaign, contact.id)
        self._waiting[contact.id] = line
        contact.campaign.contacts_waiting += 1
        self.reschedule(contact.instance)

    def dial_now(self, contact: Contact) -> None:
        """Take a new contact and dial it at once, whoever is free."""
        self._begin_life(contact)
        self._scheduler.call_soon(partial(self._dial_waiting_for_nobody, contact.id))

    def configure(self, contact_id: str, *, expires_at: datetime | None, **changes: Any) -> None:
        """Say more of a contact that is still to be dialed: when it ends if it has not been by then."""
        if self._contacts[contact_id].preview is not None:
            # Whoever sees the contact first hears for themselves who answers.
            changes.pop("answer_machine_detection", None)
        self._change(contact_id, expires_at=expires_at, **changes)
        if expires_at is not None:
            self._scheduler.schedule(expires_at, partial(self._abandon, contact_id, "EXPIRED"))

    def hang_up(self, contact_id: str, reason: str) -> None:
        """End a contact, whatever it is doing.

        Raises:
            ContactEndedError: it has ended already.
        """
        if self._contacts[contact_id].has_ended:
            raise ContactEndedError(contact_id)
        call = self._calls.get(contact_id)
        if call is None:
            self._abandon(contact_id, reason)
        else:
            self._disconnect(call, reason)

    def update(self, contact_id: str, updated: tuple[str, ...], **changes: Any) -> None:
        """Write something on a contact, whether it has ended or not."""
        self._happen(contact_id, "CONTACT_DATA_UPDATED", updated, changes)

    def reschedule(self, instance: Instance) -> None:
        """See soon who can be dialed now, since something has changed."""
        now = self._scheduler.now
        if instance not in self._to_review or now < self._to_review[instance]:
            self._to_review[instance] = now
            self._scheduler.call_soon(partial(self._reschedule, instance))

    def apply_schedule(self, instance: Instance, campaign: Campaign, schedule: Schedule) -> None:
        """Let a campaign begin and end as its schedule says, as long as it has that schedule."""
        # A beginning that lies in the past is made up for now: nothing happens before it was decided.
        start = max(schedule.start, self._scheduler.now)
        self._scheduler.schedule(start, partial(self.reschedule, instance))
        self._scheduler.schedule(schedule.end, partial(self._end_campaign, instance, campaign, schedule))

    def _end_campaign(self, instance: Instance, campaign: Campaign, schedule: Schedule) -> None:
        if campaign.schedule is schedule and campaign.state in ("Running", "Paused"):
            instance.change_campaign(campaign, "complete")

    def waiting_for_agents(self, queue: Queue) -> Waiting:
        """Return how many contacts need an agent of the queue and have none yet, and since when."""
        lines = [lines[queue] for lines in self._lines.values() if queue in lines]
        firsts = [self._contacts[names[0]] for line in lines for names in self._who_waits(line).values()]
        calls = (call for call in self._calls.values() if call.line.queue is queue and call.agent is None)
        # A machine hears the flow, and a call that has ended waits for nobody.
        called = [self._contacts[call.contact_id] for call in calls]
        called = [contact for contact in called if contact.state in ("INITIATED", "QUEUED")]
        return Waiting(
            sum(line.contacts for line in lines) + len(called),
            min((one.enqueued_at or one.created_at for one in [*firsts, *called]), default=None),
        )

    def waiting_for(self, contact_id: str) -> Obstacle | None:
        """Return what keeps a contact where it is; None for one that goes on as time passes, or has ended."""
        line = self._waiting.get(contact_id)
        if line is None:
            return self._obstacle_of_call(contact_id)
        campaign = self._contacts[contact_id].campaign
        assert campaign is not None, "a contact that waits was put for a campaign"
        self._who_waits(line)
        return self._obstacle(line, campaign)

    def _obstacle_of_call(self, contact_id: str) -> Obstacle | None:
        call = self._calls.get(contact_id)
        if call is None or not call.waits_for_agent or call.line.queue is None:
            return None
        return "agent" if call.line.queue.agents else "staffing"

    # Whose turn it is

    def _line(self, contact: Contact) -> DialQueue:
        mode = mode_of(contact)
        queue = None if mode == "agentless" else contact.queue
        lines = self._lines[contact.instance]
        if queue not in lines:
            lines[queue] = DialQueue(queue)
        return lines[queue]

    def _reschedule(self, instance: Instance) -> None:
        self._to_review.pop(instance, None)
        lines = list(self._lines[instance].values())
        for line in lines:
            self._connect_answered(line)
            for campaign in [campaign for campaign in line.waiting if campaign.has_ended]:
                self._discard(line, campaign)
        # Queues take turns, so that none has all the calls that the instance may have at once.
        while lines:
            lines = [line for line in lines if self._dial_next(line)]

    def _connect_answered(self, line: DialQueue) -> None:
        while line.answered and line.queue is not None and line.queue.available:
            call = line.answered.popleft()
            if call.waits_for_agent:
                call.waits_for_agent = False
                call.agent = line.queue.take_agent()
                self._connect_to_agent(call)

    def _who_waits(self, line: DialQueue) -> dict[Campaign, deque[str]]:
        """Return the contacts of a line by campaign, of which the first one waits."""
        for campaign, waiting in list(line.waiting.items()):
            while waiting and waiting[0] not in self._waiting:
                waiting.popleft()
            if not waiting:
                del line.waiting[campaign]
        return line.waiting

    def _discard(self, line: DialQueue, campaign: Campaign) -> None:
        """End the contacts of a campaign that has ended."""
        for contact_id in line.waiting.pop(campaign):
            self._abandon(contact_id, "DISCARDED")

    def _dial_next(self, line: DialQueue) -> bool:
        waiting = self._who_waits(line)
        weights = {campaign: weight for campaign in waiting if (weight := self._weight(line, campaign))}
        if not weights:
            return False
        campaign = line.sharing.next(weights)
        contact = self._contacts[waiting[campaign].popleft()]
        self._stop_waiting(contact)
        self._dial(contact, line, with_agent=mode_of(contact) in ("progressive", "preview"))
        return True

    def _weight(self, line: DialQueue, campaign: Campaign) -> float:
        """Return how much a campaign weighs that can dial now, and 0 for one that cannot."""
        if self._obstacle(line, campaign) is not None:
            return 0
        telephony = campaign.telephony
        if telephony is None or telephony.bandwidth_allocation is None or line.queue is None:
            return 1
        return telephony.bandwidth_allocation

    def _obstacle(self, line: DialQueue, campaign: Campaign) -> Obstacle | None:
        """Return what keeps the first contact of a campaign from being dialed now, or None."""
        if not campaign.has_begun(self._scheduler.now):
            return "schedule"
        if not campaign.is_dialing:
            return "campaign"
        if self._connected[campaign] >= self._calls_of(campaign):
            return "capacity"
        if self._connected[self._contacts[line.waiting[campaign][0]].instance] >= self._concurrent_calls:
            return "concurrent_calls"
        return None if line.queue is None else self._obstacle_before(line, line.queue, campaign)

    def _obstacle_before(self, line: DialQueue, queue: Queue, campaign: Campaign) -> Obstacle | None:
        """Return what keeps the first contact of a campaign from the agents of a queue, or None."""
        telephony = campaign.telephony
        if telephony is not None and telephony.bandwidth_allocation == 0:
            return "bandwidth"
        if not queue.agents:
            return "staffing"
        if mode_of(self._contacts[line.waiting[campaign][0]]) == "predictive":
            return "pacing" if line.calls >= math.ceil(len(queue.agents) * CALLS_PER_AGENT) else None
        return None if queue.available else "agent"

    def _calls_of(self, campaign: Campaign) -> int:
        """Return how many calls a campaign may have at once."""
        share = None if campaign.telephony is None else campaign.telephony.capacity
        if share is None or share == 1:
            return self._concurrent_calls
        return max(1, math.floor(round(self._concurrent_calls * share, 6)))

    # The life of a contact

    def _begin_life(self, contact: Contact) -> None:
        self._contacts.put(contact)
        if contact.campaign is not None:
            address, customers = contact.customer_endpoint.address, contact.campaign.customers
            customers[address] = customers.get(address, 0) + 1
        self._tell(ContactEvent("INITIATED", contact))

    def _stop_waiting(self, contact: Contact) -> None:
        assert contact.campaign is not None
        contact.campaign.contacts_waiting -= 1
        self._waiting.pop(contact.id).contacts -= 1

    def _abandon(self, contact_id: str, reason: str) -> None:
        """End a contact that is still to be dialed; one that is dialed goes on."""
        contact = self._contacts[contact_id]
        if contact_id in self._waiting:
            self._stop_waiting(contact)
        elif contact.has_ended or contact_id in self._calls:
            return
        self._end_without_a_call(contact_id, reason)

    def _end(self, contact: Contact, **changes: Any) -> None:
        if contact.campaign is not None:
            contact.campaign.customers[contact.customer_endpoint.address] -= 1
        self._note(contact.id, "DISCONNECTED", disconnected_at=self._scheduler.now, **changes)

    def _end_without_a_call(self, contact_id: str, reason: str) -> None:
        self._end(self._contacts[contact_id], disconnect_reason=reason)
        self._note(contact_id, "COMPLETED")

    def _dial_waiting_for_nobody(self, contact_id: str) -> None:
        contact = self._contacts[contact_id]
        if not contact.has_ended:
            self._dial(contact, self._line(contact), with_agent=False)

    def _dial(self, contact: Contact, line: DialQueue, *, with_agent: bool) -> None:
        try:
            outcome = self._decide(contact)
        except BaseException:
            self._end_without_a_call(contact.id, "OUTBOUND_ATTEMPT_FAILED")
            self.reschedule(contact.instance)
            raise
        call = DialAttempt(contact.id, line, outcome)
        self._calls[contact.id] = call
        line.calls += 1
        self._connected[contact.instance] += 1
        self._connected[contact.campaign] += 1
        if with_agent and line.queue is not None:
            call.agent = line.queue.take_agent()
        if contact.preview is not None and call.agent is not None:
            self._preview(call, contact.preview.timeout)
        else:
            self._ring(call)

    def _preview(self, call: DialAttempt, timeout: float) -> None:
        now = self._scheduler.now
        self._note(call.contact_id, "QUEUED", enqueued_at=now)
        self._change(call.contact_id, agent=call.agent, accepted_at=now, dequeued_at=now)
        self._later(call, min(call.outcome.preview, timeout), self._end_preview)

    def _end_preview(self, call: DialAttempt) -> None:
        self._change(call.contact_id, preview_ended_at=self._scheduler.now)
        if call.outcome.kind == "preview_discarded":
            self._disconnect(call, "OUTBOUND_PREVIEW_DISCARDED")
        else:
            self._ring(call)

    def _ring(self, call: DialAttempt) -> None:
        now, outcome = self._scheduler.now, call.outcome
        if outcome.kind == "invalid_number":
            self._change(call.contact_id, dialed_at=now)
            self._give_up(call)
            return
        contact = self._change(call.contact_id, dialed_at=now, ring_started_at=now)
        most = contact.ring_timeout or RING_TIMEOUT
        if outcome.ring > most:
            call.outcome = replace(outcome, kind="no_answer")
        is_answered = call.outcome.kind in ("answered", "voicemail")
        self._later(call, min(outcome.ring, most), self._answer if is_answered else self._give_up)

    def _give_up(self, call: DialAttempt) -> None:
        reason, status = _NEVER_ANSWERED[call.outcome.kind]
        self._disconnect(call, reason, detected=status)

    def _answer(self, call: DialAttempt) -> None:
        contact = self._contacts[call.contact_id]
        is_machine = call.outcome.kind == "voicemail" and contact.answer_machine_detection
        detected = "VOICEMAIL_BEEP" if is_machine else "HUMAN_ANSWERED"
        self._note(
            call.contact_id,
            "CONNECTED_TO_SYSTEM",
            connected_to_system_at=self._scheduler.now,
            answering_machine_detection_status=detected if contact.answer_machine_detection else None,
        )
        if is_machine or call.line.queue is None:
            self._release(call)
            hangs_up = call.outcome.disconnected_by == "customer" and not is_machine
            reason = "CUSTOMER_DISCONNECT" if hangs_up else "CONTACT_FLOW_DISCONNECT"
            self._end_later(call, call.outcome.talk, reason)
            return
        if contact.enqueued_at is None:
            self._note(call.contact_id, "QUEUED", enqueued_at=self._scheduler.now)
        if call.agent is not None:
            self._connect_to_agent(call)
        else:
            self._wait_for_agent(call)

    def _wait_for_agent(self, call: DialAttempt) -> None:
        call.waits_for_agent = True
        call.line.answered.append(call)
        if call.outcome.patience is not None:
            self._end_later(call, call.outcome.patience, "CUSTOMER_DISCONNECT")
        self._connect_answered(call.line)

    def _connect_to_agent(self, call: DialAttempt) -> None:
        now = self._scheduler.now
        self._note(
            call.contact_id,
            "CONNECTED_TO_AGENT",
            agent=call.agent,
            connected_to_agent_at=now,
            dequeued_at=now,
        )
        reason = "AGENT_DISCONNECT" if call.outcome.disconnected_by == "agent" else "CUSTOMER_DISCONNECT"
        self._end_later(call, call.outcome.talk, reason)

    def _disconnect(self, call: DialAttempt, reason: str, *, detected: str | None = None) -> None:
        now = self._scheduler.now
        contact = self._contacts[call.contact_id]
        changes: dict[str, Any] = {"disconnect_reason": reason}
        if detected is not None and contact.answer_machine_detection:
            changes["answering_machine_detection_status"] = detected
        if contact.enqueued_at is not None and contact.dequeued_at is None:
            changes["dequeued_at"] = now
        self._end(contact, **changes)
        call.waits_for_agent = False
        self._connected[contact.instance] -= 1
        self._connected[contact.campaign] -= 1
        work = call.outcome.after_contact_work
        if contact.connected_to_agent_at is None or not work:
            self._complete(call)
            return
        assert call.agent is not None, "whoever was connected has an agent"
        call.agent.activity = "AFTER_CONTACT_WORK"
        self._change(call.contact_id, after_contact_work_started_at=now)
        self._later(call, work, self._end_work)
        self.reschedule(contact.instance)

    def _end_work(self, call: DialAttempt) -> None:
        self._change(call.contact_id, after_contact_work_ended_at=self._scheduler.now)
        self._complete(call)

    def _complete(self, call: DialAttempt) -> None:
        call.turn += 1
        del self._calls[call.contact_id]
        call.line.calls -= 1
        self._release(call)
        self._note(call.contact_id, "COMPLETED")
        self.reschedule(self._contacts[call.contact_id].instance)

    def _release(self, call: DialAttempt) -> None:
        if call.agent is not None and call.line.queue is not None:
            call.line.queue.release(call.agent)
            call.agent = None
            self.reschedule(self._contacts[call.contact_id].instance)

    # How things are noted

    def _later(self, call: DialAttempt, seconds: float, action: Callable[[DialAttempt], None]) -> None:
        """Let an action happen, unless something else happens to the call before."""
        call.turn += 1
        at = self._scheduler.now + timedelta(seconds=seconds)
        self._scheduler.schedule(at, partial(_act, call, call.turn, action))

    def _end_later(self, call: DialAttempt, seconds: float, reason: str) -> None:
        self._later(call, seconds, partial(self._disconnect, reason=reason))

    def _change(self, contact_id: str, **changes: Any) -> Contact:
        return self._replace(self._contacts[contact_id], changes)

    def _note(self, contact_id: str, state: str, **changes: Any) -> None:
        changes["state"] = state
        self._happen(contact_id, state, (), changes)

    def _happen(self, contact_id: str, type: str, updated: tuple[str, ...], changes: dict[str, Any]) -> None:
        before = self._contacts[contact_id]
        changes["event_count"] = before.event_count + 1
        self._tell(ContactEvent(type, self._replace(before, changes), updated))

    def _replace(self, before: Contact, changes: dict[str, Any]) -> Contact:
        changes["updated_at"] = self._scheduler.now
        contact = before.changed(changes)
        self._contacts.put(contact)
        return contact


def _act(call: DialAttempt, turn: int, action: Callable[[DialAttempt], None]) -> None:
    """Let an action happen to a call, whose turn it is if nothing has happened to it meanwhile."""
    if call.turn == turn:
        action(call)
