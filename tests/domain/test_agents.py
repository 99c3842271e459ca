"""Agents: who takes the next phone call, in which status, and for which of several queues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import UNKNOWN

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Queue, SeedError, outcomes

PutFor = Callable[..., list[str]]
CallsNow = Callable[..., list[Contact]]
pytestmark = pytest.mark.usefixtures("start")


@pytest.fixture(autouse=True)
def talks(connect_mock: ConnectMock, connect_campaign: Campaign) -> None:
    """Start the campaign, and make each phone call take 85 seconds of its agent."""
    connect_campaign.start()
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60, after_contact_work=20))


@pytest.fixture
def support(connect_instance: Instance) -> Campaign:
    """A running campaign for another queue."""
    campaign = connect_instance.add_campaign(queue=connect_instance.add_queue("Support"))
    campaign.start()
    return campaign


# Statuses


@pytest.mark.parametrize(("status", "activity"), [("Offline", "OFFLINE"), ("Lunch", "NON_PRODUCTIVE")])
def test_an_agent_who_is_not_routable_takes_no_phone_call(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    calls_now: CallsNow,
    status: str,
    activity: str,
) -> None:
    (agent,) = connect_queue.add_agents(1)
    agent.set_status(status)
    put_for(connect_campaign)

    connect_mock.advance(600)
    assert (agent.status, agent.activity, calls_now()) == (status, activity, [])
    agent.set_status("Available")
    connect_mock.advance(0)
    assert (agent.activity, len(calls_now())) == ("ON_CALL", 1)


def test_an_agent_with_a_contact_finishes_it_first(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: PutFor,
    calls_now: CallsNow,
) -> None:
    (agent,) = connect_queue.add_agents(1)
    put_for(connect_campaign, 2)

    for seconds, activity in ((1, "ON_CALL"), (10, "ON_CALL"), (60, "AFTER_CONTACT_WORK")):
        connect_mock.advance(seconds)
        agent.set_status("Lunch")
        assert (agent.status, agent.activity) == ("Available", activity)
    connect_mock.advance(600)
    assert (agent.status, agent.activity) == ("Lunch", "NON_PRODUCTIVE")
    assert [contact.state for contact in connect_mock.contacts] == ["COMPLETED", "INITIATED"]


def test_the_same_status_cancels_the_next_status(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    (agent,) = connect_queue.add_agents(1)
    put_for(connect_campaign, 2)
    connect_mock.advance(10)
    agent.set_status("Lunch")
    agent.set_status("Available")

    connect_mock.advance(600)
    assert (agent.status, {contact.state for contact in agent.contacts}) == ("Available", {"COMPLETED"})
    assert len(agent.contacts) == 2


def test_a_customer_waits_for_an_agent_who_comes_back(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    (agent,) = connect_queue.add_agents(1)
    agent.set_status("Lunch")
    connect_mock.client().start_outbound_voice_contact(
        InstanceId=connect_instance.id,
        DestinationPhoneNumber="+15555550100",
        ContactFlowId="any",
        QueueId=connect_queue.id,
    )
    connect_mock.advance(30)
    assert connect_mock.contacts[0].state == "QUEUED"

    agent.set_status("Lunch")
    agent.set_status("Available")
    connect_mock.advance(1)
    assert connect_mock.contacts.one(state="CONNECTED_TO_AGENT", agent=agent) == connect_mock.contacts[0]


@pytest.mark.connect_mock(strict=False)
def test_a_contact_says_that_no_agent_is_routable(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    for agent in connect_queue.add_agents(2):
        agent.set_status("Lunch")
    put_for(connect_campaign)

    with pytest.raises(AssertionError) as caught:
        connect_mock.assert_contact_created(state="COMPLETED")
    message = " ".join(str(caught.value).split())
    assert (
        "It waits for an agent of queue 'Queue 1', whose agents are all in a status without phone calls: "
        "set_status('Available') of an agent makes the agent available."
    ) in message


def test_predictive_dials_ahead_of_routable_agents(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    put_for: PutFor,
    calls_now: CallsNow,
) -> None:
    campaign = connect_instance.add_campaign(queue=connect_queue, mode="predictive")
    campaign.start()
    for agent in connect_queue.add_agents(6)[2:]:
        agent.set_status("Lunch")
    put_for(campaign, 20)

    assert len(calls_now()) == 3


# Several queues


def test_an_agent_of_two_queues_has_one_contact(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    support: Campaign,
    put_for: PutFor,
    calls_now: CallsNow,
) -> None:
    assert support.queue is not None
    agent = connect_instance.add_agent("anna", queues=[connect_queue, support.queue])
    put_for(connect_campaign, 2)
    put_for(support, 2, QueueId=support.queue.id)

    for _ in range(4):
        (contact,) = calls_now()
        connect_mock.advance(10)
        assert connect_mock.contacts.one(id=contact.id).agent == agent
        connect_mock.advance(75)
    assert [contact.state for contact in agent.contacts] == ["COMPLETED"] * 4
    assert agent.queues == [connect_queue, support.queue]
    assert connect_queue.agents == support.queue.agents == connect_instance.agents == [agent]


def test_the_agent_who_waited_longest_is_next_in_each_queue(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    support: Campaign,
    put_for: PutFor,
) -> None:
    assert support.queue is not None
    first = connect_instance.add_agent(queues=[connect_queue, support.queue])
    (second,) = connect_queue.add_agents(1)
    third = connect_instance.add_agent(queues=[support.queue, connect_queue])
    second.set_status("Lunch")
    second.set_status("Available")

    put_for(support, QueueId=support.queue.id)
    put_for(connect_campaign, 2)
    connect_mock.advance(10)
    assert [contact.agent for contact in connect_mock.contacts] == [first, third, second]


def test_metrics_count_an_agent_of_two_queues_once(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    other = connect_instance.add_queue("Support")
    connect_instance.add_agent(queues=[connect_queue, other])
    connect_queue.add_agents(1)[0].set_status("Lunch")
    other.add_agents(1)[0].set_status("Offline")
    names = ["AGENTS_ONLINE", "AGENTS_STAFFED", "AGENTS_AVAILABLE", "AGENTS_NON_PRODUCTIVE"]

    answer = connect_mock.client().get_current_metric_data(
        InstanceId=connect_instance.id,
        Filters={"Queues": [connect_queue.id, other.id]},
        CurrentMetrics=[{"Name": name, "Unit": "COUNT"} for name in names],
    )
    (result,) = answer["MetricResults"]
    assert [metric["Value"] for metric in result["Collections"]] == [2, 1, 1, 1]


# Seeding


def test_an_agent_can_be_seeded_with_an_id_and_a_status(
    connect_instance: Instance, connect_queue: Queue
) -> None:
    agent = connect_instance.add_agent(queues=[connect_queue.name], id=UNKNOWN, status="Training")

    assert (agent.id, agent.arn) == (UNKNOWN, f"{connect_instance.arn}/agent/{UNKNOWN}")
    assert (agent.username, agent.status) == ("agent-1", "Training")
    assert repr(agent) == f"<Agent username='agent-1' id='{UNKNOWN}'>"


def test_a_numbered_user_name_goes_past_one_that_is_taken(
    connect_instance: Instance, connect_queue: Queue
) -> None:
    connect_instance.add_agent("agent-2", queues=[connect_queue])

    assert [agent.username for agent in connect_queue.add_agents(2)] == ["agent-3", "agent-4"]


@pytest.mark.parametrize(
    ("arguments", "parameter", "sentence"),
    [
        ({"username": "anna"}, "username", "The instance already has a user named 'anna'; pass another"),
        ({"username": ""}, "username", "username= takes 1 to 100 characters, not the 0 of ''."),
        ({"status": "Lunch" * 30}, "status", "status= takes 1 to 127 characters, not the 150 of 'LunchLunch"),
        ({"id": "7"}, "id", "id= takes a UUID in lower case, "),
        (
            {"id": UNKNOWN},
            "id",
            f"Another resource already has the id {UNKNOWN!r}; pass another id, or none.",
        ),
        ({"queues": []}, "queues", "An agent serves at least one queue; pass it with queues=."),
        ({"queues": ["Queue 7"]}, "queues", "The instance 'instance-1' has no queue with the id or name 'Qu"),
    ],
)
def test_an_agent_that_cannot_be_seeded_changes_nothing(
    arguments: dict[str, Any],
    parameter: str,
    sentence: str,
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_queue: Queue,
) -> None:
    anna = connect_instance.add_agent("anna", queues=[connect_queue], id=UNKNOWN)

    with pytest.raises(SeedError) as caught:
        connect_instance.add_agent(**{"queues": [connect_queue], "status": "New", **arguments})
    assert str(caught.value).startswith(sentence)
    assert caught.value.parameter == parameter
    assert connect_instance.agents == [anna]
    listed = connect_mock.client().list_agent_statuses(InstanceId=connect_instance.id)
    assert len(listed["AgentStatusSummaryList"]) == 2


def test_a_queue_of_another_instance_is_refused(connect_mock: ConnectMock, connect_queue: Queue) -> None:
    with pytest.raises(SeedError, match=r"'Queue 1' belongs to another instance; pass a queue of the inst"):
        connect_mock.add_instance().add_agent(queues=[connect_queue])


@pytest.mark.parametrize("mistake", [7, None, b"Lunch"])
def test_an_invalid_type_of_an_agent_is_refused(
    mistake: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    (agent,) = connect_queue.add_agents(1)

    with pytest.raises(TypeError, match="set_status takes a string, not "):
        agent.set_status(mistake)
    with pytest.raises(TypeError, match="queues= takes a list of queues, of their ids or names, not "):
        connect_instance.add_agent(queues=mistake or "Queue 1")
    with pytest.raises(TypeError, match="queues= takes a Queue, its id or its name, not "):
        connect_instance.add_agent(queues=[mistake])
    with pytest.raises(TypeError, match="email= takes a string, not 7"):
        connect_instance.add_agent(queues=[connect_queue], email=7)  # type: ignore[arg-type]  # the mistake
    assert connect_instance.agents == [agent]
