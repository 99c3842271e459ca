"""Amazon Connect instances, with their queues, campaigns, phone numbers, hours, flows and profiles."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Protocol

from connect_batchmock.domain.agent import ROUTABLE, Agent, AgentStatus, RoutingProfile
from connect_batchmock.domain.campaign import Campaign, CustomerProfile, Schedule, Telephony
from connect_batchmock.domain.errors import (
    CampaignNotFoundError,
    NameConflictError,
    NotFoundError,
    QueueNotFoundError,
)
from connect_batchmock.domain.ids import IdSource, id_of_default
from connect_batchmock.domain.locks import Lock
from connect_batchmock.domain.phone_numbers import PhoneNumber, type_of
from connect_batchmock.domain.queue import HoursOfOperation, Queue
from connect_batchmock.domain.scheduler import Scheduler
from connect_batchmock.domain.stateful import Stateful

_ROUND_THE_CLOCK = [
    {"Day": day, "StartTime": {"Hours": 0, "Minutes": 0}, "EndTime": {"Hours": 23, "Minutes": 59}}
    for day in ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
]

_BASIC_HOURS, _BASIC_QUEUE = "Basic Hours", "BasicQueue"

_DEFAULT_FLOWS = {
    "Default agent hold": "AGENT_HOLD",
    "Default agent transfer": "AGENT_TRANSFER",
    "Default customer queue": "CUSTOMER_QUEUE",
    "Default customer whisper": "CUSTOMER_WHISPER",
    "Default agent whisper": "AGENT_WHISPER",
    "Default customer hold": "CUSTOMER_HOLD",
    "Default outbound": "OUTBOUND_WHISPER",
    "Default queue transfer": "QUEUE_TRANSFER",
}
"""The type of each flow that every instance has from the start, by its name."""

_DEFAULT_CONTENT = (
    '{"Version":"2019-10-30","StartAction":"end","Metadata":{},"Actions":[{"Identifier":"end",'
    '"Type":"EndFlowExecution","Parameters":{},"Transitions":{}}]}'
)
"""The content of the default flows, a flow that ends at once."""

AVAILABLE = "Available"
"""The name of the status that new agents have."""

_MADE_UP_NUMBER = "+18005550199"
"""The number that phone calls come from while an instance has claimed no number."""

_SUCCEEDED_JOB_LIFETIME, _FAILED_JOB_LIFETIME = timedelta(days=15), timedelta(days=14)
"""For how long the status of an onboarding job can be read.

Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_GetInstanceOnboardingJobStatus.html.
"""


class Named(Protocol):
    """A resource with a name."""

    @property
    def name(self) -> str: ...


class BackendOfInstance(Protocol):
    """The backend, as an instance uses it."""

    @property
    def lock(self) -> Lock: ...

    @property
    def scheduler(self) -> Scheduler: ...

    @property
    def ids(self) -> IdSource: ...

    @property
    def secondary_ids(self) -> IdSource: ...

    def run_due(self) -> None: ...

    def transaction(self) -> AbstractContextManager[None]: ...

    def contacts_having(self, name: str, value: str) -> Sequence[Any]: ...

    def reschedule(self, instance: Instance) -> None: ...

    def waiting_for(self, contact_id: str) -> str | None: ...

    def holder_of(self, kind: str, id: str) -> Instance | None: ...

    def follow(self, instance: Instance, campaign: Campaign, schedule: Schedule) -> None: ...


class RegionOfInstance(Protocol):
    """The region, as its instances use it."""

    @property
    def partition(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def account_id(self) -> str: ...

    @property
    def backend(self) -> BackendOfInstance: ...

    def arn(self, service: str, resource: str) -> str: ...

    def may_claim(self, number: str) -> bool: ...

    def campaigns(self) -> list[Campaign]: ...


@dataclass(eq=False, repr=False)
class Instance(Stateful):
    """An instance with its resources, each kind by its ids.

    Every instance has hours, a queue and flows from the start. ``basic_queue`` is that queue, or None once a
    test has claimed it as its own. ``flows`` holds the flows that were added.

    ``identity_management_type`` is a value of the model's ``DirectoryType``. ``attributes`` holds the
    attributes that were changed. ``integrations`` and ``communication_limits`` hold what version 2 of the
    campaign service stores about an instance.
    """

    id: str
    arn: str
    alias: str
    region: RegionOfInstance
    created_at: datetime
    identity_management_type: str = "CONNECT_MANAGED"
    inbound_calls: bool = True
    outbound_calls: bool = True
    onboarding: Onboarding | None = field(default_factory=lambda: Onboarding({"enabled": False}))
    onboarding_job: OnboardingJob | None = None
    onboarding_failure: str | None = None
    """The failure code of the next onboarding job, or None if it succeeds."""
    attributes: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    phone_numbers: dict[str, PhoneNumber] = field(default_factory=dict)
    hours: dict[str, HoursOfOperation] = field(default_factory=dict)
    flows: dict[str, ContactFlow] = field(default_factory=dict)
    flows_of_numbers: dict[str, str] = field(default_factory=dict)
    """The id of the flow that answers a claimed number, by the id of the number."""
    agents: dict[str, Agent] = field(default_factory=dict)
    agent_statuses: dict[str, AgentStatus] = field(default_factory=dict)
    routing_profiles: dict[str, RoutingProfile] = field(default_factory=dict)
    profiles: dict[str, CustomerProfile] = field(default_factory=dict)
    integrations: dict[str, Any] = field(default_factory=dict)
    communication_limits: Mapping[str, Any] | None = None
    basic_queue: Queue | None = field(init=False)
    _default_flows: dict[str, ContactFlow] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Add the resources that every instance has from the start."""
        hours = self._add_basic_hours()
        queue_id = id_of_default(self.id, _BASIC_QUEUE)
        self.basic_queue = Queue(queue_id, self._queue_arn(queue_id), _BASIC_QUEUE, hours, self._now)
        self.queues[queue_id] = self.basic_queue
        self.add_routing_profile("Basic Routing Profile", queues=[self.basic_queue])
        self.add_agent_status(AVAILABLE, type=ROUTABLE, display_order=1)
        self.add_agent_status("Offline", type="OFFLINE", display_order=2)
        if self.onboarding is not None:
            self.onboarding_job = OnboardingJob(self.created_at)

    # Lookup

    def queue(self, queue_id: str) -> Queue:
        """Return the queue with this id, or raise ``QueueNotFoundError``."""
        try:
            return self.queues[queue_id]
        except KeyError:
            raise QueueNotFoundError(queue_id) from None

    def campaign(self, campaign_id: str) -> Campaign:
        """Return the campaign with this id, or raise ``CampaignNotFoundError``."""
        try:
            return self.campaigns[campaign_id]
        except KeyError:
            raise CampaignNotFoundError(campaign_id) from None

    def hours_of_operation(self, hours_id: str) -> HoursOfOperation:
        """Return the hours of operation with this id, or raise ``NotFoundError``."""
        try:
            return self.hours[hours_id]
        except KeyError:
            raise NotFoundError("hours of operation", hours_id) from None

    def flow(self, flow_id: str) -> ContactFlow:
        """Return the contact flow with this id, or raise ``NotFoundError``."""
        flow = self.flows.get(flow_id) or self.default_flows.get(flow_id)
        if flow is None:
            raise NotFoundError("contact flow", flow_id)
        return flow

    @property
    def default_flows(self) -> Mapping[str, ContactFlow]:
        """The flows that every instance has from the start, which are made when they are first needed."""
        if not self._default_flows:
            for name, type in _DEFAULT_FLOWS.items():
                flow_id = id_of_default(self.id, name)
                arn = self._flow_arn(flow_id)
                flow = ContactFlow(flow_id, arn, name, type, _DEFAULT_CONTENT, self.created_at)
                self._default_flows[flow_id] = flow
        return self._default_flows

    @property
    def all_flows(self) -> Mapping[str, ContactFlow]:
        """The default flows, and the flows that were added."""
        return {**self.default_flows, **self.flows}

    @property
    def own_queues(self) -> list[Queue]:
        """The queues that were added: all but the one that every instance has from the start."""
        return [queue for queue in self.queues.values() if queue is not self.basic_queue]

    def agent(self, user_id: str) -> Agent:
        """Return the agent with this id, or raise ``NotFoundError``."""
        try:
            return self.agents[user_id]
        except KeyError:
            raise NotFoundError("user", user_id) from None

    def agent_status(self, status_id: str) -> AgentStatus:
        """Return the agent status with this id, or raise ``NotFoundError``."""
        try:
            return self.agent_statuses[status_id]
        except KeyError:
            raise NotFoundError("agent status", status_id) from None

    def routing_profile(self, profile_id: str) -> RoutingProfile:
        """Return the routing profile with this id, or raise ``NotFoundError``."""
        try:
            return self.routing_profiles[profile_id]
        except KeyError:
            raise NotFoundError("routing profile", profile_id) from None

    def queues_of(self, profile: RoutingProfile) -> list[Queue]:
        """Return the queues of a routing profile, without those that were deleted."""
        return [self.queues[queue_id] for queue_id in profile.staff if queue_id in self.queues]

    def phone_number(self, number_id: str) -> PhoneNumber:
        """Return the claimed number with this id or ARN, or raise ``NotFoundError``."""
        numbers = self.phone_numbers.values()
        match = next((number for number in numbers if number_id in (number.id, number.arn)), None)
        if match is None:
            raise NotFoundError("phone number", number_id)
        return match

    def may_call_from(self, address: str) -> bool:
        """Whether the instance can call from a number or phone number ARN.

        An instance that has claimed no number can call from any number.
        """
        claimed = self.phone_numbers.values()
        return not claimed or any(address in (number.number, number.arn) for number in claimed)

    def number_of(self, queue: Queue | None) -> PhoneNumber | None:
        """Return the claimed number that a queue calls from, or None."""
        caller = None if queue is None else queue.outbound_caller
        return None if caller is None else self.phone_numbers.get(caller.number_id or "")

    def may_run(self, flow_id: str) -> bool:
        """Whether a phone call can use a flow: one of the instance, or any flow if none was added to it.

        A flow that a campaign uses stays valid.
        """
        if not self.flows or flow_id in self.flows:
            return bool(flow_id)
        telephonies = (campaign.telephony for campaign in self.campaigns.values())
        used = (telephony.flow_id for telephony in telephonies if telephony is not None)
        return flow_id in used or flow_id in self.default_flows

    @property
    def calling_number(self) -> str:
        """The default number of an agentless phone call: the first claimed number."""
        return next((number.number for number in self.phone_numbers.values()), _MADE_UP_NUMBER)

    # Adding

    def add_queue(
        self,
        name: str | None,
        *,
        id: str | None = None,
        hours: HoursOfOperation | None = None,
        **properties: Any,
    ) -> Queue:
        """Add a queue, by default with a numbered name and the first hours of the instance.

        ``properties`` are fields of a queue.

        Raises:
            NameConflictError: a queue has that name.
            IdConflictError: the id is taken.
        """
        name = _free_name("Queue", name, self.queues.values(), first=len(self.own_queues) + 1)
        queue_id = self.region.backend.ids.take(id)
        hours = hours or next(iter(self.hours.values()), None) or self._add_basic_hours()
        queue = Queue(queue_id, self._queue_arn(queue_id), name, hours, self._now, **properties)
        self.queues[queue_id] = queue
        return queue

    def claim_basic_queue(self, *, id: str | None, enabled: bool) -> Queue:
        """Make the queue that every instance has a queue that was added, by default with the same id.

        Raises:
            IdConflictError: the id is taken.
        """
        queue = self.basic_queue
        assert queue is not None, "it is claimed once"
        queue_id = self.region.backend.ids.take(id or queue.id)
        del self.queues[queue.id]
        for profile in self.routing_profiles.values():
            staff = profile.staff.items()
            profile.staff = {queue_id if key == queue.id else key: members for key, members in staff}
        queue.id, queue.arn, queue.enabled = queue_id, self._queue_arn(queue_id), enabled
        self.queues[queue_id] = queue
        self.basic_queue = None
        return queue

    def add_agents(self, queue: Queue, number_of_agents: int) -> list[Agent]:
        """Add available agents with numbered usernames to a queue."""
        usernames = self._free_usernames()
        return [self._add_agent(next(usernames), [queue]) for _ in range(number_of_agents)]

    def add_agent(self, username: str | None, *, queues: Sequence[Queue], **properties: Any) -> Agent:
        """Add an agent, by default with a numbered username.

        ``properties`` are ``id``, the name of the ``status``, and fields of an agent.

        Raises:
            NameConflictError: an agent has that username.
            IdConflictError: the id is taken.
        """
        if username is None:
            username = next(self._free_usernames())
        elif any(agent.username == username for agent in self.agents.values()):
            raise NameConflictError("user", username)
        return self._add_agent(username, queues, **properties)

    def _free_usernames(self) -> Iterator[str]:
        taken = {agent.username for agent in self.agents.values()}
        numbered = (f"agent-{number}" for number in count(len(taken) + 1))
        return (username for username in numbered if username not in taken)

    def _add_agent(
        self,
        username: str,
        queues: Sequence[Queue],
        *,
        id: str | None = None,
        status: str = AVAILABLE,
        **properties: Any,
    ) -> Agent:
        agent_id = self.region.backend.secondary_ids.take(id)
        identity = {"first_name": "Agent", "last_name": username, "email": None}
        agent = Agent(
            agent_id,
            f"{self.arn}/agent/{agent_id}",
            username,
            routing_profile=self._routing_profile_for(queues),
            status_started_at=self._now,
            updated_at=self._now,
            status=self.status_named(status),
            **{**identity, **properties},
        )
        self.agents[agent_id] = agent
        self.reschedule()
        return agent

    def _routing_profile_for(self, queues: Sequence[Queue]) -> RoutingProfile:
        """Return the routing profile with exactly these queues, which is added if it does not exist."""
        queue_ids = {queue.id for queue in queues}
        for profile in self.routing_profiles.values():
            if profile.staff.keys() == queue_ids:
                return profile
        return self.add_routing_profile(None, queues=queues)

    def add_routing_profile(self, name: str | None, *, queues: Sequence[Queue]) -> RoutingProfile:
        """Add a routing profile, by default with a numbered name.

        Raises:
            NameConflictError: a routing profile has that name.
        """
        name = _free_name("Routing profile", name, self.routing_profiles.values())
        profile_id = self.region.backend.secondary_ids.uuid()
        profile = RoutingProfile(
            profile_id,
            f"{self.arn}/routing-profile/{profile_id}",
            name,
            self._now,
            {queue.id: queue.staff for queue in queues},
        )
        self.routing_profiles[profile_id] = profile
        return profile

    def add_agent_status(self, name: str, *, type: str = "CUSTOM", **properties: Any) -> AgentStatus:
        """Add a status for agents; ``properties`` are fields of it.

        Raises:
            NameConflictError: another status has that name.
        """
        _free_name("Agent status", name, self.agent_statuses.values())
        status_id = self.region.backend.secondary_ids.uuid()
        arn = f"{self.arn}/agent-state/{status_id}"
        status = AgentStatus(status_id, arn, name, type, self._now, **properties)
        self.agent_statuses[status_id] = status
        return status

    def status_named(self, name: str) -> AgentStatus:
        """Return the status with a name, which is added as a custom status if it does not exist."""
        statuses = self.agent_statuses.values()
        match = next((status for status in statuses if status.name == name), None)
        return self.add_agent_status(name) if match is None else match

    def set_status(self, agent: Agent, status: AgentStatus) -> None:
        """Change the status of an agent; an agent with a contact gets it when the contact is done."""
        agent.set_status(status, self._now)
        self.reschedule()

    def add_campaign(
        self,
        name: str | None,
        *,
        telephony: Telephony | None,
        id: str | None = None,
        schedule: Schedule | None = None,
        **properties: Any,
    ) -> Campaign:
        """Add a campaign, by default with a numbered name. ``properties`` are fields of a campaign.

        Raises:
            NameConflictError: a campaign has that name.
            IdConflictError: the id is taken.
        """
        name = _free_name("Campaign", name, self.campaigns.values(), first=len(self.campaigns) + 1)
        campaign_id = self.region.backend.ids.take(id)
        arn = self.region.arn("connect-campaigns", f"campaign/{campaign_id}")
        campaign = Campaign(campaign_id, arn, name, self.id, telephony, self._now, **properties)
        self.campaigns[campaign_id] = campaign
        if schedule is not None:
            self.schedule(campaign, schedule)
        return campaign

    def schedule(self, campaign: Campaign, schedule: Schedule) -> None:
        """Start and end a campaign on a schedule."""
        campaign.schedule = schedule
        self.region.backend.follow(self, campaign, schedule)

    def change_campaign(self, campaign: Campaign, verb: str) -> None:
        """Start, pause, resume, stop or complete a campaign.

        Raises:
            CampaignStateError: the verb is not allowed in its state.
        """
        campaign.change(verb)
        campaign.updated_at = self._now
        self.reschedule()

    def rename(self, resource: Queue | Campaign | HoursOfOperation | ContactFlow, name: str) -> None:
        """Rename a queue, a campaign, hours of operation or a flow.

        Raises:
            NameConflictError: another resource of the kind has that name.
        """
        kinds: Mapping[type, tuple[str, Mapping[str, Named]]] = {
            Queue: ("Queue", self.queues),
            Campaign: ("Campaign", self.campaigns),
            HoursOfOperation: ("Hours of operation", self.hours),
            ContactFlow: ("Contact flow", self.all_flows),
        }
        kind, present = kinds[type(resource)]
        if name != resource.name:
            resource.name = _free_name(kind, name, present.values())

    def add_hours(self, name: str, *, time_zone: str, config: Any, **properties: Any) -> HoursOfOperation:
        """Add hours of operation; ``properties`` are fields of them.

        Raises:
            NameConflictError: other hours have that name.
        """
        _free_name("Hours of operation", name, self.hours.values())
        hours_id = self.region.backend.secondary_ids.uuid()
        arn = f"{self.arn}/operating-hours/{hours_id}"
        hours = HoursOfOperation(hours_id, arn, name, time_zone, config, self._now, **properties)
        self.hours[hours_id] = hours
        return hours

    def add_flow(self, name: str, *, type: str, content: str, **properties: Any) -> ContactFlow:
        """Add a contact flow; ``properties`` are fields of it.

        Raises:
            NameConflictError: another flow has that name.
        """
        _free_name("Contact flow", name, self.all_flows.values())
        flow_id = self.region.backend.ids.uuid()
        flow = ContactFlow(flow_id, self._flow_arn(flow_id), name, type, content, self._now, **properties)
        self.flows[flow_id] = flow
        return flow

    def claim_phone_number(self, number: str, **properties: Any) -> PhoneNumber:
        """Claim a phone number in E.164 form; ``properties`` are fields of a phone number."""
        number_id = self.region.backend.ids.uuid()
        arn = self.region.arn("connect", f"phone-number/{number_id}")
        phone_number = PhoneNumber(number_id, arn, number, type_of(number), **properties)
        self.phone_numbers[number_id] = phone_number
        return phone_number

    def add_profile(self, number: str, attributes: Mapping[str, str]) -> CustomerProfile:
        """Add a customer profile."""
        profile_id = self.region.backend.secondary_ids.uuid().replace("-", "")
        profile = CustomerProfile(profile_id, number, attributes)
        self.profiles[profile.id] = profile
        return profile

    # Onboarding

    def onboard(self, encryption: Mapping[str, Any]) -> None:
        """Run an onboarding job, which fails if a test planned it."""
        self.onboarding_job = OnboardingJob(self._now, self.onboarding_failure)
        self.onboarding = Onboarding(encryption) if self.onboarding_failure is None else None
        self.onboarding_failure = None

    def fail_onboarding(self, code: str) -> None:
        """Make the onboarding of an onboarded instance a failed one, or let the next job fail."""
        if self.onboarding is None:
            self.onboarding_failure = code
        else:
            self.onboarding_job = OnboardingJob(self._now, code)
            self.onboarding = None

    def offboard(self) -> None:
        """Undo the onboarding of the instance, and forget its job."""
        self.onboarding = None
        self.onboarding_job = None

    # Removal

    def remove_queue(self, queue: Queue) -> None:
        """Remove a queue; its contacts stay."""
        self.queues.pop(queue.id, None)
        if queue is self.basic_queue:
            self.basic_queue = None

    def remove_flow(self, flow: ContactFlow) -> None:
        """Remove a flow that was added."""
        del self.flows[flow.id]

    def remove_hours(self, hours: HoursOfOperation) -> None:
        """Remove hours of operation."""
        del self.hours[hours.id]

    def remove_phone_number(self, number: PhoneNumber) -> None:
        """Remove a claimed phone number, and the flow that answers it."""
        del self.phone_numbers[number.id]
        self.flows_of_numbers.pop(number.id, None)

    def remove_campaign(self, campaign: Campaign) -> None:
        """Remove a campaign; its contacts stay, and no more of them are dialed."""
        self.campaigns.pop(campaign.id, None)
        campaign.is_deleted = True
        self.reschedule()

    def reschedule(self) -> None:
        """Schedule a check of the contacts that can be dialed now, after a change."""
        self.region.backend.reschedule(self)

    def _add_basic_hours(self) -> HoursOfOperation:
        return self.add_hours(_BASIC_HOURS, time_zone="UTC", config=_ROUND_THE_CLOCK)

    def _queue_arn(self, queue_id: str) -> str:
        return f"{self.arn}/queue/{queue_id}"

    def _flow_arn(self, flow_id: str) -> str:
        return f"{self.arn}/contact-flow/{flow_id}"

    @property
    def _now(self) -> datetime:
        return self.region.backend.scheduler.now


def _free_name(kind: str, name: str | None, present: Collection[Named], *, first: int = 1) -> str:
    """Return a name that no resource has: the chosen one, or one with the first free number.

    Raises:
        NameConflictError: a resource has the chosen name.
    """
    taken = {resource.name for resource in present}
    if name is None:
        # A chosen name may look like a numbered name, whose number is then skipped.
        numbered = (f"{kind} {number}" for number in count(first))
        return next(candidate for candidate in numbered if candidate not in taken)
    if name in taken:
        raise NameConflictError(kind.lower(), name)
    return name


@dataclass(eq=False)
class ContactFlow(Stateful):
    """A flow of an instance. Its content is stored and not executed.

    ``type`` is a value of the model's ``ContactFlowType``, ``status`` of its ``ContactFlowStatus``.
    ``saved_content`` is the content that was saved after it was published, or None.
    """

    id: str
    arn: str
    name: str
    type: str
    content: str
    updated_at: datetime
    status: str = "PUBLISHED"
    saved_content: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Onboarding:
    """The configuration of an instance that is onboarded to outbound campaigns.

    Args:
        encryption: the model's ``EncryptionConfig``.
    """

    encryption: Mapping[str, Any]


@dataclass(frozen=True)
class OnboardingJob:
    """A job that has onboarded an instance to outbound campaigns, or has failed to.

    Args:
        ended_at: the time at which it ended.
        failure_code: a value of the model's ``InstanceOnboardingJobFailureCode``; None if it succeeded.
    """

    ended_at: datetime
    failure_code: str | None = None

    def is_remembered(self, now: datetime) -> bool:
        """Whether the status of the job can still be read."""
        lifetime = _SUCCEEDED_JOB_LIFETIME if self.failure_code is None else _FAILED_JOB_LIFETIME
        return now - self.ended_at < lifetime
