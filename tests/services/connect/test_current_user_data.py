"""GetCurrentUserData: the status, the slots and the contacts of agents, filtered and page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from factories import PREVIEW, UNKNOWN
from older_models import needs_outbound_strategy

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, outcomes

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(connect_client: Any, connect_instance: Instance) -> Read:
    """Call GetCurrentUserData with filters."""

    def call(filters: dict[str, Any], **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = connect_client.get_current_user_data(
            **{"InstanceId": connect_instance.id, "Filters": filters, **parameters}
        )
        return answer

    return call


def users_in(answer: dict[str, Any]) -> list[str]:
    return [data["User"]["Id"] for data in answer["UserDataList"]]


def test_a_free_agent_has_a_slot(
    frozen_time: datetime,
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    read: Read,
) -> None:
    (agent,) = connect_queue.add_agents(1)
    profile = connect_client.list_routing_profiles(InstanceId=connect_instance.id)[
        "RoutingProfileSummaryList"
    ][1]
    status = connect_client.list_agent_statuses(InstanceId=connect_instance.id)["AgentStatusSummaryList"][0]

    answer = read({"Queues": [connect_queue.id]})
    assert answer["ApproximateTotalCount"] == 1
    assert answer["UserDataList"] == [
        {
            "User": {"Id": agent.id, "Arn": agent.arn},
            "RoutingProfile": {"Id": profile["Id"], "Arn": profile["Arn"]},
            "Status": {
                "StatusStartTimestamp": frozen_time,
                "StatusArn": status["Arn"],
                "StatusName": "Available",
            },
            "AvailableSlotsByChannel": {"VOICE": 1},
            "MaxSlotsByChannel": {"VOICE": 1},
            "ActiveSlotsByChannel": {"VOICE": 0},
            "Contacts": [],
        }
    ]


def test_a_contact_goes_through_the_states_of_an_agent(
    frozen_time: datetime,
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: Callable[..., list[str]],
    read: Read,
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60, after_contact_work=20))
    (contact_id,) = put_for(connect_campaign)
    contact = {
        "ContactId": contact_id,
        "Channel": "VOICE",
        "InitiationMethod": "API",
        "Queue": {"Id": connect_queue.id, "Arn": connect_queue.arn},
    }
    connected = {"ConnectedToAgentTimestamp": frozen_time + timedelta(seconds=5)}

    for seconds, state, since, further in (
        (1, "CONNECTING", 0, {}),
        (10, "CONNECTED", 5, connected),
        (60, "ENDED", 65, connected),
    ):
        connect_mock.advance(seconds)
        (data,) = read({"Queues": [connect_queue.arn]})["UserDataList"]
        assert data["Status"]["StatusName"] == "Available"
        assert (data["AvailableSlotsByChannel"], data["ActiveSlotsByChannel"]) == ({"VOICE": 0}, {"VOICE": 1})
        started_at = frozen_time + timedelta(seconds=since)
        assert data["Contacts"] == [
            contact | further | {"AgentContactState": state, "StateStartTimestamp": started_at}
        ]

    connect_mock.advance(20)
    (data,) = read({"Queues": [connect_queue.id]})["UserDataList"]
    assert (data["AvailableSlotsByChannel"], data["Contacts"]) == ({"VOICE": 1}, [])


@needs_outbound_strategy
def test_a_previewed_contact_is_connecting(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: Callable[..., list[str]],
    read: Read,
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial(outcomes.answered(preview=20, ring=5))
    put_for(connect_campaign, OutboundStrategy=PREVIEW)

    states = []
    for _ in range(2):
        connect_mock.advance(15)
        (data,) = read({"Queues": [connect_queue.id]})["UserDataList"]
        states.append(data["Contacts"][0]["AgentContactState"])
    assert states == ["CONNECTING", "CONNECTED"]


def test_the_next_status_is_shown_until_it_takes_effect(
    frozen_time: datetime,
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: Callable[..., list[str]],
    read: Read,
) -> None:
    (agent,) = connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60, after_contact_work=20))
    put_for(connect_campaign, 2)
    connect_mock.advance(10)
    agent.set_status("Lunch")

    (data,) = read({"Agents": [agent.id]})["UserDataList"]
    assert (data["Status"]["StatusName"], data["NextStatus"]) == ("Available", "Lunch")
    connect_mock.advance(80)
    (data,) = read({"Agents": [agent.id]})["UserDataList"]
    assert "NextStatus" not in data
    assert (data["Status"]["StatusName"], data["AvailableSlotsByChannel"]) == ("Lunch", {"VOICE": 0})
    assert data["Status"]["StatusStartTimestamp"] == frozen_time + timedelta(seconds=85)


# Filters


def test_users_are_filtered_by_their_resources(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue, read: Read
) -> None:
    support = connect_instance.add_queue("Support")
    (first,) = connect_queue.add_agents(1)
    both = connect_instance.add_agent("both", queues=[support, connect_queue])
    last = connect_instance.add_agent("last", queues=[support])
    profile = connect_client.describe_user(InstanceId=connect_instance.id, UserId=both.id)["User"][
        "RoutingProfileId"
    ]

    for filters, agents in (
        ({}, [first, both, last]),
        ({"Queues": [connect_queue.id]}, [first, both]),
        ({"Queues": [support.arn, connect_queue.id]}, [first, both, last]),
        ({"RoutingProfiles": [profile]}, [both]),
        ({"Agents": [last.arn, first.id]}, [first, last]),
    ):
        assert users_in(read(filters)) == [agent.id for agent in agents]


def test_users_are_filtered_by_the_states_of_their_contacts(
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: Callable[..., list[str]],
    read: Read,
) -> None:
    busy, free = connect_queue.add_agents(2)
    connect_campaign.start()
    put_for(connect_campaign)
    connect_mock.advance(10)

    def with_states(*states: str) -> list[str]:
        return users_in(read({"Queues": [connect_queue.id], "ContactFilter": {"ContactStates": [*states]}}))

    assert with_states("CONNECTED", "ENDED") == [busy.id]
    assert with_states("CONNECTING") == []
    assert with_states() == [busy.id, free.id]


def test_an_agent_who_is_offline_is_not_shown(connect_queue: Queue, read: Read) -> None:
    offline, at_lunch = connect_queue.add_agents(2)
    offline.set_status("Offline")
    at_lunch.set_status("Lunch")

    assert users_in(read({"Queues": [connect_queue.id]})) == [at_lunch.id]


def test_user_data_has_pages(connect_queue: Queue, read: Read) -> None:
    agents = connect_queue.add_agents(3)

    first = read({"Queues": [connect_queue.id]}, MaxResults=2)
    second = read({"Queues": [connect_queue.id]}, MaxResults=2, NextToken=first["NextToken"])
    assert users_in(first) + users_in(second) == [agent.id for agent in agents]
    assert (first["ApproximateTotalCount"], "NextToken" in second) == (3, False)


def test_two_filters_by_resources_are_refused(connect_client: Any, connect_queue: Queue, read: Read) -> None:
    (agent,) = connect_queue.add_agents(1)

    with pytest.raises(
        connect_client.exceptions.InvalidParameterException, match=r"takes at most one .+ has Queues, Agents"
    ):
        read({"Queues": [connect_queue.id], "Agents": [agent.id]})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Queues", "queue"),
        ("RoutingProfiles", "routing profile"),
        ("Agents", "user"),
        ("UserHierarchyGroups", "user hierarchy group"),
    ],
)
def test_an_unknown_resource_of_a_filter_is_not_found(
    name: str, kind: str, connect_client: Any, read: Read
) -> None:
    with pytest.raises(
        connect_client.exceptions.ResourceNotFoundException, match=f"The {kind} '{UNKNOWN}' was not found"
    ):
        read({name: [UNKNOWN]})
