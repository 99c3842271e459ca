"""Whatever campaigns, agents, time and customers do, each contact takes one course, and one that is possible.

The test asks for calls in every way, and does to campaigns and agents what it likes. It listens to what is
dialed and what is told, and counts for itself.
"""

from __future__ import annotations

import math
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import cycle
from typing import Any

import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from older_models import HAS_PACING_STRATEGIES, HAS_PREVIEW_MODE

from connect_batchmock import Agent, Campaign, ConnectMock, Contact, Outcome, Queue, outcomes

CONCURRENT_CALLS = 6
NUMBER = "+15555550199"
START = datetime(2030, 1, 1, tzinfo=timezone.utc)
STATUSES = ["Available", "Offline", "Lunch"]
MODES = ["progressive", "predictive", *(["preview"] if HAS_PREVIEW_MODE else []), "agentless"]

COURSES = {
    "answered": [
        "INITIATED",
        "CONNECTED_TO_SYSTEM",
        "QUEUED",
        "CONNECTED_TO_AGENT",
        "DISCONNECTED",
        "COMPLETED",
    ],
    "abandoned": ["INITIATED", "CONNECTED_TO_SYSTEM", "QUEUED", "DISCONNECTED", "COMPLETED"],
    "flow or machine": ["INITIATED", "CONNECTED_TO_SYSTEM", "DISCONNECTED", "COMPLETED"],
    "not answered or not dialed": ["INITIATED", "DISCONNECTED", "COMPLETED"],
    "previewed": [
        "INITIATED",
        "QUEUED",
        "CONTACT_DATA_UPDATED",
        "CONNECTED_TO_SYSTEM",
        "CONNECTED_TO_AGENT",
        "DISCONNECTED",
        "COMPLETED",
    ],
    "previewed, not connected": ["INITIATED", "QUEUED", "CONTACT_DATA_UPDATED", "DISCONNECTED", "COMPLETED"],
    "previewed, stopped": [
        "INITIATED",
        "QUEUED",
        "CONTACT_DATA_UPDATED",
        "CONNECTED_TO_SYSTEM",
        "DISCONNECTED",
        "COMPLETED",
    ],
}

BUSY = ("ON_CALL", "AFTER_CONTACT_WORK")
IDLE = {"Available": "AVAILABLE", "Offline": "OFFLINE", "Lunch": "NON_PRODUCTIVE"}

CHANGES = {
    "start": {"Initialized": "Running"},
    "pause": {"Running": "Paused"},
    "resume": {"Paused": "Running"},
    "stop": {"Running": "Stopped", "Paused": "Stopped"},
}

seconds = st.floats(0, 90).map(lambda value: round(value, 1))
an_outcome = st.one_of(
    st.builds(
        outcomes.answered,
        ring=seconds,
        talk=seconds,
        preview=seconds,
        after_contact_work=seconds,
        patience=st.none() | seconds,
    ),
    st.builds(outcomes.voicemail, ring=seconds, talk=seconds),
    st.builds(outcomes.no_answer, ring=seconds),
    st.just(outcomes.busy()),
    st.just(outcomes.invalid_number()),
    st.builds(outcomes.failed, st.sampled_from(outcomes.DISCONNECT_REASONS)),
    st.builds(outcomes.answered, detected=st.sampled_from(outcomes.detection_statuses())),
    st.just(outcomes.voicemail(detected="HUMAN_ANSWERED")),
    st.just(outcomes.busy(detected="SIT_TONE_BUSY")),
    st.builds(outcomes.preview_discarded, preview=seconds),
)


@cache
def backend() -> tuple[ConnectMock, Any, Any, Any]:
    """Make the mock and the clients that every example begins anew with."""
    mock = ConnectMock(concurrent_calls=CONCURRENT_CALLS)
    return mock, mock.client(), mock.client("connectcampaigns"), mock.client("connectcampaignsv2")


class AnyCourse(RuleBasedStateMachine):
    queues = Bundle("queues")
    campaigns = Bundle("campaigns")
    agents = Bundle("agents")

    @initialize(target=queues)
    def begin(self) -> Any:
        self.mock, self.connect, self.version_1, self.version_2 = backend()
        self.mock.reset()
        self.outer_clock = time_machine.travel(START, tick=False)
        self.clock = self.outer_clock.start()
        self.instance = self.mock.add_instance()
        # The status of each agent, and of those who finish a contact first the status after it.
        self.statuses: dict[str, str] = {}
        self.next_statuses: dict[str, str] = {}
        self.modes: dict[str, str] = {}
        self.states: dict[str, str] = {}
        self.shares: dict[str, float] = {}
        self.asked = 0
        self.taken: set[str] = set()
        self.outcomes: list[Outcome] = []
        self.dialed: list[str] = []
        self.published: dict[str, list[str]] = {}
        self.mock.on_dial(self.decide)
        self.mock.on_event(self.listen)
        return multiple(self.instance.add_queue(), self.instance.add_queue())

    @initialize(target=agents, queue=queues)
    def begin_agents(self, queue: Queue) -> Any:
        return multiple(
            self.add_agent([queue], "Available"), self.add_agent(self.instance.queues, "Available")
        )

    @initialize(target=campaigns, queue=queues, other=queues)
    def begin_campaigns(self, queue: Queue, other: Queue) -> Any:
        modes = zip(MODES, cycle([queue, other]), strict=False)
        campaigns = [self.add_campaign(served, mode, 0.5, True) for mode, served in modes]
        for campaign in campaigns[:3]:
            self.change(campaign, "start")
        return multiple(*campaigns)

    # Responses of the mock while time passes

    def decide(self, contact: Contact) -> Outcome:
        assert contact.campaign is not None
        assert contact.id not in self.dialed, "dialed twice"
        assert contact.expires_at is None or self.mock.now() <= contact.expires_at, "dialed after its expiry"
        assert self.states[contact.campaign.id] in ("Initialized", "Running"), (
            "dialed for a campaign that rests"
        )
        on_the_way = [
            contact
            for contact in self.mock.contacts
            if contact.id in self.dialed and contact.state != "COMPLETED"
        ]
        calls = Counter(contact.campaign for contact in on_the_way if contact.disconnected_at is None)
        assert calls.total() < CONCURRENT_CALLS
        assert calls[contact.campaign] < self.capacity_of(contact.campaign)
        if contact.queue is not None:
            self.check_room(contact, on_the_way)
        self.dialed.append(contact.id)
        outcome = self.outcomes.pop(0) if self.outcomes else outcomes.answered()
        is_preview = self.modes[contact.campaign.id] == "preview"
        return outcome if is_preview or outcome.course != "not_dialed" else outcomes.answered()

    def capacity_of(self, campaign: Campaign) -> int:
        share = self.shares.get(campaign.id, 1)
        others = (
            contact.campaign.id
            for contact in self.mock.contacts
            if contact.campaign is not None
            and contact.campaign != campaign
            and contact.id not in self.dialed
            and contact.disconnected_at is None
        )
        is_alone = all(self.states[other] not in ("Initialized", "Running") for other in others)
        return CONCURRENT_CALLS if is_alone else max(1, int(CONCURRENT_CALLS * share))

    def check_room(self, contact: Contact, on_the_way: list[Contact]) -> None:
        assert contact.queue is not None
        agents = self.routable([contact.queue])
        of_queue = [other for other in on_the_way if other.queue == contact.queue]
        if self.mode_of(contact) == "predictive":
            assert len(of_queue) < math.ceil(1.5 * agents)
            return
        # A machine gets the flow and frees its agent; a predictive call starts without an agent.
        reserved = [
            other
            for other in on_the_way
            if other.queue is not None
            and other.state != "CONNECTED_TO_SYSTEM"
            and (self.mode_of(other) != "predictive" or other.connected_to_agent_at is not None)
        ]
        assert sum(other.queue == contact.queue for other in reserved) < agents
        assert len(reserved) < self.routable(self.instance.queues), "more contacts than agents"

    def routable(self, queues: list[Queue]) -> int:
        """Return how many agents of the queues are in a routable status, by what the test has set."""
        self.see_next_statuses()
        agents = {agent for queue in queues for agent in queue.agents}
        return sum(self.statuses[agent.id] == "Available" for agent in agents)

    def see_next_statuses(self) -> None:
        """Note the agents who got their next status since they finished a contact."""
        for agent in self.instance.agents:
            # Reading a status runs what is due, whose events are heard by ``listen``.
            status = agent.status
            if self.next_statuses.get(agent.id) == status:
                self.statuses[agent.id] = self.next_statuses.pop(agent.id)

    def mode_of(self, contact: Contact) -> str:
        assert contact.campaign is not None
        return self.modes[contact.campaign.id]

    def listen(self, event: dict[str, Any]) -> None:
        self.published.setdefault(event["detail"]["contactId"], []).append(event["detail"]["eventType"])

    # Actions

    @rule(
        target=campaigns,
        queue=queues,
        mode=st.sampled_from(MODES),
        allocation=st.sampled_from([0.1, 0.5, 1.0]),
        answer_machine_detection=st.booleans(),
    )
    def add_campaign(
        self, queue: Queue, mode: str, allocation: float, answer_machine_detection: bool
    ) -> Campaign:
        campaign = self.instance.add_campaign(
            queue=None if mode == "agentless" else queue,
            mode=mode,
            bandwidth_allocation=allocation,
            answer_machine_detection=answer_machine_detection,
        )
        self.modes[campaign.id] = mode
        self.states[campaign.id] = "Initialized"
        return campaign

    @rule(
        campaign=campaigns,
        share=st.sampled_from([0.01, 0.25, 0.5, 1.0]),
        rate=st.none() | st.sampled_from([0.0, 0.1, 0.5]),
        threshold=st.integers(1, 30),
    )
    def configure(self, campaign: Campaign, share: float, rate: float | None, threshold: int) -> None:
        telephony = self.version_2.describe_campaign(id=campaign.id)["campaign"]["channelSubtypeConfig"][
            "telephony"
        ]
        telephony["capacity"] = share
        # An agentless campaign that a test has added has no number.
        telephony["defaultOutboundConfig"]["connectSourcePhoneNumber"] = NUMBER
        predictive = telephony["outboundMode"].get("predictive", {})
        predictive.pop("pacingStrategies", None)
        if rate is not None and HAS_PACING_STRATEGIES:
            pacing = {
                "targetRate": rate,
                "connectionStartPoint": "GREETING_END",
                "connectionThresholdSeconds": threshold,
                "evaluationWindow": "PT1H",
            }
            predictive["pacingStrategies"] = [{"abandonmentRate": pacing}]
        self.let_happen_what_was_due()
        self.shares[campaign.id] = share
        self.version_2.update_campaign_channel_subtype_config(
            id=campaign.id, channelSubtypeConfig={"telephony": telephony}
        )

    @rule(target=agents, queue=queues, count=st.integers(1, 3))
    def add_agents(self, queue: Queue, count: int) -> Any:
        agents = queue.add_agents(count)
        self.statuses |= {agent.id: "Available" for agent in agents}
        return multiple(*agents)

    @rule(target=agents, served=st.lists(queues, min_size=1, max_size=3), status=st.sampled_from(STATUSES))
    def add_agent(self, served: list[Queue], status: str) -> Agent:
        agent = self.instance.add_agent(queues=served, status=status)
        self.statuses[agent.id] = status
        return agent

    @rule(agent=agents, status=st.sampled_from(STATUSES))
    def set_status(self, agent: Agent, status: str) -> None:
        self.let_happen_what_was_due()
        self.see_next_statuses()
        is_busy = agent.activity in BUSY
        agent.set_status(status)
        self.next_statuses.pop(agent.id, None)
        if not is_busy:
            self.statuses[agent.id] = status
        elif status != self.statuses[agent.id]:
            self.next_statuses[agent.id] = status

    @rule(campaign=campaigns, verb=st.sampled_from(sorted(CHANGES)))
    def change(self, campaign: Campaign, verb: str) -> None:
        self.let_happen_what_was_due()
        following = CHANGES[verb].get(self.states[campaign.id])
        if following is not None:
            self.states[campaign.id] = following
        with suppress(self.version_2.exceptions.InvalidCampaignStateException):
            getattr(self.version_2, f"{verb}_campaign")(id=campaign.id)
            assert following is not None
        assert campaign.state == self.states[campaign.id]

    @rule(drawn=st.lists(an_outcome, min_size=1, max_size=5))
    def expect(self, drawn: list[Outcome]) -> None:
        self.outcomes += drawn

    @rule(step=st.floats(0, 300))
    def let_the_outer_clock_go(self, step: float) -> None:
        self.clock.shift(step)

    def let_happen_what_was_due(self) -> None:
        assert self.mock.contacts is not None

    @rule(step=st.floats(0, 30) | st.floats(0, 300))
    def advance(self, step: float) -> None:
        self.mock.advance(step)

    @rule(campaign=campaigns, count=st.integers(1, 4), expires=st.integers(31, 900), repeat=st.booleans())
    def ask(self, campaign: Campaign, count: int, expires: int, repeat: bool) -> None:
        requests = []
        for _ in range(count):
            self.asked += 1
            requests.append(
                {
                    "clientToken": f"token-{self.asked}",
                    "expirationTime": self.mock.now() + timedelta(seconds=expires),
                    "channelSubtypeParameters": {
                        "telephony": {"destinationPhoneNumber": self.number(), "attributes": {}}
                    },
                }
            )
        for _ in range(2 if repeat else 1):
            with suppress(self.version_2.exceptions.InvalidCampaignStateException):
                answer = self.version_2.put_outbound_request_batch(id=campaign.id, outboundRequests=requests)
                assert self.states[campaign.id] == "Running"
                assert answer["failedRequests"] == []
                self.taken |= {request["id"] for request in answer["successfulRequests"]}

    @rule(campaign=campaigns, count=st.integers(1, 3))
    def put(self, campaign: Campaign, count: int) -> None:
        items: list[dict[str, Any]] = []
        for _ in range(count):
            self.asked += 1
            self.taken.add(f"item-{self.asked}")
            item: dict[str, Any] = {
                "RequestIdentifier": f"item-{self.asked}",
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": self.number()},
                "SystemEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": NUMBER},
                "Campaign": {"CampaignId": campaign.id},
            }
            items.append(item | ({} if campaign.queue is None else {"QueueId": campaign.queue.id}))
        self.connect.batch_put_contact(InstanceId=self.instance.id, ContactDataRequestList=items)

    def number(self) -> str:
        return f"+1555{self.asked:07}"

    @rule(number=st.integers(0, 50))
    def stop_contact(self, number: int) -> None:
        contacts = self.mock.contacts.where(disconnected_at=None) or self.mock.contacts
        if contacts:
            contact = contacts[number % len(contacts)]
            with suppress(self.connect.exceptions.ContactNotFoundException):
                self.connect.stop_contact(InstanceId=self.instance.id, ContactId=contact.id)
                assert contact.disconnected_at is None
            assert self.mock.contacts.one(id=contact.id).disconnected_at is not None

    # Invariants

    @invariant()
    def each_request_made_one_contact(self) -> None:
        identifiers = [contact.request_identifier for contact in self.mock.contacts]
        assert len(identifiers) == len(set(identifiers))
        assert set(identifiers) == self.taken

    @invariant()
    def each_contact_is_on_a_possible_course(self) -> None:
        for published in self.published.values():
            assert any(course[: len(published)] == published for course in COURSES.values()), published

    @invariant()
    def events_are_told_in_the_order_of_time(self) -> None:
        times = [event["time"] for event in self.mock.events]
        assert times == sorted(times)
        numbers = Counter(
            (event["detail"]["contactId"], event["detail"]["eventType"]) for event in self.mock.events
        )
        assert set(numbers.values()) <= {1}

    @invariant()
    def agents_have_one_contact_each(self) -> None:
        held = [
            contact
            for contact in self.mock.contacts
            if contact.agent is not None and contact.state != "COMPLETED"
        ]
        agents = [contact.agent for contact in held if contact.agent is not None]
        assert len(set(agents)) == len(agents), "an agent has two contacts"
        for contact, agent in zip(held, agents, strict=True):
            assert contact.queue in agent.queues
            assert agent.activity in BUSY

    @invariant()
    def agents_are_in_the_status_that_was_set(self) -> None:
        self.see_next_statuses()
        for agent in self.instance.agents:
            assert agent.status == self.statuses[agent.id]
            assert agent.activity in (*BUSY, IDLE[agent.status])
            # An agent who is not available has no contact; one who has a contact is still available.
            assert agent.activity not in BUSY or agent.status == "Available"
            assert agent.id not in self.next_statuses or agent.activity in BUSY

    def teardown(self) -> None:
        """Advance until every contact has ended."""
        if not hasattr(self, "mock"):
            return
        try:
            self.see_every_contact_end()
        finally:
            self.outer_clock.stop()

    def see_every_contact_end(self) -> None:
        self.add_agent(self.instance.queues, "Available")
        for campaign in self.instance.campaigns:
            if self.states[campaign.id] == "Paused":
                self.change(campaign, "resume")
        self.mock.advance(1_000_000)
        assert {contact.state for contact in self.mock.contacts} <= {"COMPLETED"}
        assert all(published in COURSES.values() for published in self.published.values())
        assert len(self.mock.contact_records) == len(self.mock.contacts)
        assert all(agent.activity == IDLE[agent.status] for agent in self.instance.agents)


TestAnyCourse = AnyCourse.TestCase
TestAnyCourse.settings = settings(
    max_examples=settings.default.max_examples // 2, stateful_step_count=40, deadline=None
)
