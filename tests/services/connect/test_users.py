"""Users, their routing profiles and their statuses: the operations that read them, and PutUserStatus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from factories import UNKNOWN

from connect_batchmock import Agent, Campaign, ConnectMock, Instance, Queue, outcomes


@pytest.fixture
def anna(connect_instance: Instance, connect_queue: Queue) -> Agent:
    """An agent with a name and two queues."""
    return connect_instance.add_agent(
        "anna",
        queues=[connect_queue, connect_instance.add_queue("Support").name],
        first_name="Anna",
        last_name="Jones",
        email="anna@example.com",
    )


def describe(client: Any, agent: Agent, instance: Instance) -> dict[str, Any]:
    user: dict[str, Any] = client.describe_user(InstanceId=instance.id, UserId=agent.id)["User"]
    return user


def statuses_of(client: Any, instance: Instance, **parameters: Any) -> dict[str, str]:
    listed = client.list_agent_statuses(InstanceId=instance.id, **parameters)["AgentStatusSummaryList"]
    return {status["Name"]: status["Id"] for status in listed}


# Users


def test_a_user_is_described(
    frozen_time: datetime, connect_client: Any, connect_instance: Instance, anna: Agent
) -> None:
    user = describe(connect_client, anna, connect_instance)

    assert user == {
        "Id": anna.id,
        "Arn": f"{connect_instance.arn}/agent/{anna.id}",
        "Username": "anna",
        "IdentityInfo": {"FirstName": "Anna", "LastName": "Jones", "Email": "anna@example.com"},
        "PhoneConfig": {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 0},
        "RoutingProfileId": user["RoutingProfileId"],
        "LastModifiedTime": frozen_time,
        "LastModifiedRegion": "us-east-1",
    }


def test_a_user_has_a_name_without_being_given_one(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    (agent,) = connect_queue.add_agents(1)

    user = describe(connect_client, agent, connect_instance)
    assert user["IdentityInfo"] == {"FirstName": "Agent", "LastName": "agent-1"}


def test_users_are_listed_page_by_page(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    agents = connect_queue.add_agents(101)

    pages = connect_client.get_paginator("list_users").paginate(InstanceId=connect_instance.id)
    listed = [page["UserSummaryList"] for page in pages]
    assert [len(page) for page in listed] == [100, 1]
    assert [user["Id"] for page in listed for user in page] == [agent.id for agent in agents]
    assert {name: listed[1][0][name] for name in ("Arn", "Username", "LastModifiedRegion")} == {
        "Arn": agents[-1].arn,
        "Username": "agent-101",
        "LastModifiedRegion": "us-east-1",
    }


def string(field: str, value: str, comparison: str = "EXACT") -> dict[str, Any]:
    return {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": comparison}}


@pytest.mark.parametrize(
    ("criteria", "usernames"),
    [
        ({}, ["agent-1", "anna"]),
        (string("Username", "anna"), ["anna"]),
        (string("FirstName", "Ann", "STARTS_WITH"), ["anna"]),
        (string("LastName", "gent-", "CONTAINS"), ["agent-1"]),
        ({"OrConditions": [string("Username", "anna"), string("FirstName", "Agent")]}, ["agent-1", "anna"]),
        ({"AndConditions": [string("Username", "anna"), string("FirstName", "Agent")]}, []),
        ({"ListCondition": {"TargetListType": "PROFICIENCIES", "Conditions": []}}, []),
        ({"HierarchyGroupCondition": {"Value": UNKNOWN, "HierarchyGroupMatchType": "EXACT"}}, []),
    ],
)
def test_users_are_searched(
    criteria: dict[str, Any],
    usernames: list[str],
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
) -> None:
    connect_queue.add_agents(1)
    connect_instance.add_agent("anna", queues=[connect_queue], first_name="Anna", last_name="Jones")

    answer = connect_client.search_users(InstanceId=connect_instance.id, SearchCriteria=criteria)
    assert [user["Username"] for user in answer["Users"]] == usernames
    assert answer["ApproximateTotalCount"] == len(usernames)


def test_users_are_searched_by_ids_and_tags(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue, anna: Agent
) -> None:
    connect_queue.add_agents(1)
    connect_client.tag_resource(resourceArn=anna.arn, tags={"team": "sales"})
    user = describe(connect_client, anna, connect_instance)
    tag = {"TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "sales"}}}

    for criteria, search_filter in (
        (string("resourceId", anna.id), {}),
        (string("RoutingProfileId", user["RoutingProfileId"]), {}),
        ({}, tag),
    ):
        answer = connect_client.search_users(
            InstanceId=connect_instance.id, SearchCriteria=criteria, SearchFilter=search_filter
        )
        (summary,) = answer["Users"]
        assert summary == {
            "Id": anna.id,
            "Arn": anna.arn,
            "Username": "anna",
            "IdentityInfo": {"FirstName": "Anna", "LastName": "Jones"},
            "PhoneConfig": user["PhoneConfig"],
            "RoutingProfileId": user["RoutingProfileId"],
            "Tags": {"team": "sales"},
        }


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        (
            {"SearchCriteria": string("SecurityProfileId", UNKNOWN)},
            "SearchUsers cannot search by the FieldName 'SecurityProfileId'; use one of Username, ",
        ),
        (
            {"SearchFilter": {"UserAttributeFilter": {"TagCondition": {"TagKey": "team"}}}},
            "The mock cannot filter by UserAttributeFilter, since its users have no hierarchy groups; ",
        ),
    ],
)
def test_a_search_that_the_mock_cannot_do_is_refused(
    parameters: dict[str, Any], sentence: str, connect_client: Any, connect_instance: Instance
) -> None:
    with pytest.raises(connect_client.exceptions.InvalidParameterException) as caught:
        connect_client.search_users(InstanceId=connect_instance.id, **parameters)
    assert caught.value.response["Error"]["Message"].startswith(sentence)


# Routing profiles


def test_an_instance_comes_with_a_routing_profile(connect_mock: ConnectMock, connect_client: Any) -> None:
    created = connect_client.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="created",
        InboundCallsEnabled=False,
        OutboundCallsEnabled=True,
    )
    seeded = connect_mock.add_instance()

    for instance_id in (created["Id"], seeded.id):
        (summary,) = connect_client.list_routing_profiles(InstanceId=instance_id)["RoutingProfileSummaryList"]
        assert summary["Name"] == "Basic Routing Profile"
        assert connect_client.list_users(InstanceId=instance_id)["UserSummaryList"] == []


def test_the_basic_routing_profile_has_the_basic_queue(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue
) -> None:
    of_instance = {"InstanceId": connect_instance.id}

    def default_queue() -> str:
        summary, *_ = connect_client.list_routing_profiles(**of_instance)["RoutingProfileSummaryList"]
        answer = connect_client.describe_routing_profile(**of_instance, RoutingProfileId=summary["Id"])
        return str(answer["RoutingProfile"]["DefaultOutboundQueueId"])

    (basic, _) = connect_client.list_queues(**of_instance)["QueueSummaryList"]
    assert (basic["Name"], basic["Id"]) == ("BasicQueue", default_queue())

    connect_queue.add_agents(1)
    renamed = connect_instance.add_queue("BasicQueue", id=UNKNOWN)
    assert default_queue() == renamed.id == UNKNOWN
    assert renamed.add_agents(1)[0].queues == [renamed]


def test_a_routing_profile_has_the_queues_of_its_agents(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue, anna: Agent
) -> None:
    profile_id = describe(connect_client, anna, connect_instance)["RoutingProfileId"]
    support = anna.queues[1]
    same = connect_instance.add_agent("ben", queues=[support.id, connect_queue, support])
    (other,) = connect_queue.add_agents(1)

    def describe_profile() -> dict[str, Any]:
        answer = connect_client.describe_routing_profile(
            InstanceId=connect_instance.id, RoutingProfileId=profile_id
        )
        profile: dict[str, Any] = answer["RoutingProfile"]
        return profile

    profile = describe_profile()
    assert describe(connect_client, same, connect_instance)["RoutingProfileId"] == profile_id
    assert describe(connect_client, other, connect_instance)["RoutingProfileId"] != profile_id
    assert profile["RoutingProfileArn"] == f"{connect_instance.arn}/routing-profile/{profile_id}"
    assert profile["MediaConcurrencies"] == [{"Channel": "VOICE", "Concurrency": 1}]
    assert profile["DefaultOutboundQueueId"] == connect_queue.id
    assert (profile["NumberOfAssociatedQueues"], profile["NumberOfAssociatedUsers"]) == (2, 2)

    connect_queue.delete()
    assert anna.queues == [support]
    profile = describe_profile()
    assert (profile["DefaultOutboundQueueId"], profile["NumberOfAssociatedQueues"]) == (support.id, 1)


# Agent statuses


def test_an_instance_comes_with_two_statuses(connect_client: Any, connect_instance: Instance) -> None:
    listed = connect_client.list_agent_statuses(InstanceId=connect_instance.id)["AgentStatusSummaryList"]

    assert [(status["Name"], status["Type"]) for status in listed] == [
        ("Available", "ROUTABLE"),
        ("Offline", "OFFLINE"),
    ]


def test_a_custom_status_is_created(
    frozen_time: datetime, connect_client: Any, connect_instance: Instance
) -> None:
    created = connect_client.create_agent_status(
        InstanceId=connect_instance.id,
        Name="Lunch",
        Description="At noon",
        State="ENABLED",
        DisplayOrder=3,
        Tags={"paid": "no"},
    )

    described = connect_client.describe_agent_status(
        InstanceId=connect_instance.id, AgentStatusId=created["AgentStatusId"]
    )["AgentStatus"]
    assert described == {
        "AgentStatusARN": f"{connect_instance.arn}/agent-state/{created['AgentStatusId']}",
        "AgentStatusId": created["AgentStatusId"],
        "Name": "Lunch",
        "Description": "At noon",
        "Type": "CUSTOM",
        "DisplayOrder": 3,
        "State": "ENABLED",
        "Tags": {"paid": "no"},
        "LastModifiedTime": frozen_time,
        "LastModifiedRegion": "us-east-1",
    }
    assert statuses_of(connect_client, connect_instance, AgentStatusTypes=["CUSTOM"]) == {
        "Lunch": created["AgentStatusId"]
    }
    with pytest.raises(connect_client.exceptions.DuplicateResourceException, match="'Lunch'"):
        connect_client.create_agent_status(InstanceId=connect_instance.id, Name="Lunch", State="ENABLED")


def test_a_new_name_of_a_status_adds_a_custom_status(
    connect_client: Any, connect_instance: Instance, anna: Agent
) -> None:
    anna.set_status("Lunch")
    anna.set_status("Available")
    anna.set_status("Lunch")

    assert anna.status == "Lunch"
    assert list(statuses_of(connect_client, connect_instance)) == ["Available", "Offline", "Lunch"]


def test_the_status_of_a_user_is_put(connect_client: Any, connect_instance: Instance, anna: Agent) -> None:
    statuses = statuses_of(connect_client, connect_instance)

    connect_client.put_user_status(
        InstanceId=connect_instance.id, UserId=anna.id, AgentStatusId=statuses["Offline"]
    )
    assert (anna.status, anna.activity) == ("Offline", "OFFLINE")


def test_a_disabled_status_is_refused(connect_client: Any, connect_instance: Instance, anna: Agent) -> None:
    created = connect_client.create_agent_status(
        InstanceId=connect_instance.id, Name="Lunch", State="DISABLED"
    )

    with pytest.raises(connect_client.exceptions.InvalidParameterException, match="'Lunch' is disabled"):
        connect_client.put_user_status(
            InstanceId=connect_instance.id, UserId=anna.id, AgentStatusId=created["AgentStatusId"]
        )
    assert anna.status == "Available"


def test_what_is_unknown_is_not_found(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance, anna: Agent
) -> None:
    elsewhere = {"InstanceId": connect_mock.add_instance().id}
    profile_id = describe(connect_client, anna, connect_instance)["RoutingProfileId"]
    status_id = statuses_of(connect_client, connect_instance)["Offline"]
    calls: list[tuple[str, Callable[..., Any], dict[str, str]]] = [
        ("user", connect_client.describe_user, {"UserId": anna.id}),
        ("routing profile", connect_client.describe_routing_profile, {"RoutingProfileId": profile_id}),
        ("agent status", connect_client.describe_agent_status, {"AgentStatusId": status_id}),
    ]

    for kind, call, parameters in calls:
        ((name, id),) = parameters.items()
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException) as caught:
            call(**elsewhere, **parameters)
        assert caught.value.response["Message"] == (
            f"The {kind} {id!r} was not found in this instance. It belongs to the instance "
            f"{connect_instance.id!r}."
        )
        with pytest.raises(connect_client.exceptions.ResourceNotFoundException, match="not its ARN"):
            call(InstanceId=connect_instance.id, **{name: f"arn:{id}"})


def test_users_profiles_and_statuses_have_tags(
    connect_client: Any, connect_instance: Instance, anna: Agent
) -> None:
    profile_id = describe(connect_client, anna, connect_instance)["RoutingProfileId"]
    status_id = statuses_of(connect_client, connect_instance)["Offline"]

    for kind, id in (("agent", anna.id), ("routing-profile", profile_id), ("agent-state", status_id)):
        arn = f"{connect_instance.arn}/{kind}/{id}"
        connect_client.tag_resource(resourceArn=arn, tags={"team": "sales"})
        assert connect_client.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "sales"}


def test_the_user_of_a_contact_is_described(
    connect_mock: ConnectMock,
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    connect_campaign: Campaign,
    put_for: Callable[..., list[str]],
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial(outcomes.answered(ring=5, talk=60))
    (contact_id,) = put_for(connect_campaign)
    connect_mock.advance(100)

    contact = connect_client.describe_contact(InstanceId=connect_instance.id, ContactId=contact_id)["Contact"]
    user = connect_client.describe_user(InstanceId=connect_instance.id, UserId=contact["AgentInfo"]["Id"])[
        "User"
    ]
    (record,) = connect_mock.contact_records
    assert connect_mock.events.one(eventType="COMPLETED")["detail"]["agentInfo"]["agentArn"] == user["Arn"]
    assert (record["Agent"]["ARN"], record["Agent"]["Username"]) == (user["Arn"], user["Username"])
    assert record["Agent"]["RoutingProfile"]["ARN"].endswith(f"/routing-profile/{user['RoutingProfileId']}")
