"""Users: the agents of an instance, who are described, listed and searched, and whose status changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.agent import Agent
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.connect.members import drop_empty, drop_unknown, last_modified
from connect_batchmock.services.connect.resource_search import ResourceSearch
from connect_batchmock.services.connect.tags import tags_match
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.pagination import page

_PHONE_CONFIG = {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 0}
"""The phone configuration of every user."""

_SEARCH = ResourceSearch[Agent](
    "SearchUsers",
    fields={
        "Username": lambda agent: agent.username,
        "FirstName": lambda agent: agent.first_name,
        "LastName": lambda agent: agent.last_name,
        "RoutingProfileId": lambda agent: agent.routing_profile.id,
        "resourceId": lambda agent: agent.id,
    },
    # Users of the mock have no proficiencies and no hierarchy groups.
    conditions={
        "ListCondition": lambda agent, condition: False,
        "HierarchyGroupCondition": lambda agent, condition: False,
    },
)


def describe_user(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a user: the name, the routing profile and the tags.

    Ours: What a user has.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeUser.html.
    """
    instance, agent = _user(context, parameters)
    identity = {**_names(agent), **drop_empty(Email=agent.email)}
    return {"User": {**_description(agent), "IdentityInfo": identity, **last_modified(agent, instance)}}


def list_users(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the users of an instance.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListUsers.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    agents, next_token = page(list(instance.agents.values()), parameters, default_size=100)
    users = [
        {"Id": agent.id, "Arn": agent.arn, "Username": agent.username, **last_modified(agent, instance)}
        for agent in agents
    ]
    return {"UserSummaryList": users, **next_token}


def search_users(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Search the users of an instance by name, user name, routing profile, id and tags.

    Ours: Searching users.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchUsers.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    criteria, search_filter = parameters.get("SearchCriteria", {}), parameters.get("SearchFilter", {})
    _SEARCH.check(criteria)
    if "UserAttributeFilter" in search_filter:
        raise InvalidRequestError(
            "The mock cannot filter by UserAttributeFilter, since its users have no hierarchy groups; use "
            "the TagFilter of SearchFilter."
        )
    matches = [
        agent
        for agent in instance.agents.values()
        if _SEARCH.matches(agent, criteria) and tags_match(agent.tags, search_filter.get("TagFilter", {}))
    ]
    agents, next_token = page(matches, parameters, default_size=100)
    users = [{**_description(agent), "IdentityInfo": _names(agent)} for agent in agents]
    return {"Users": users, "ApproximateTotalCount": len(matches), **next_token}


def put_user_status(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the status of a user; a user with a contact gets it when the contact is done.

    Ours: Statuses that take effect later; Disabled statuses.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_PutUserStatus.html.
    """
    instance, agent = _user(context, parameters)
    status = instance.agent_status(parameters["AgentStatusId"])
    if status.state == "DISABLED":
        raise InvalidRequestError(
            f"The agent status {status.name!r} is disabled; use one that is enabled, of those that "
            f"ListAgentStatuses lists."
        )
    instance.set_status(agent, status)
    return {}


def _user(context: Context, parameters: Mapping[str, Any]) -> tuple[Instance, Agent]:
    instance = context.region.instance(parameters["InstanceId"])
    return instance, instance.agent(parameters["UserId"])


def _names(agent: Agent) -> dict[str, str]:
    return {"FirstName": agent.first_name, "LastName": agent.last_name}


def _description(agent: Agent) -> dict[str, Any]:
    return drop_unknown(
        "User",
        drop_empty(
            Id=agent.id,
            Arn=agent.arn,
            Username=agent.username,
            PhoneConfig=dict(_PHONE_CONFIG),
            RoutingProfileId=agent.routing_profile.id,
            Tags=dict(agent.tags),
        ),
    )
