"""GetCurrentUserData: the status, the slots and the contacts of agents now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.agent import Agent
from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.errors import NotFoundError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.connect.contact_members import CHANNEL
from connect_batchmock.services.connect.members import drop_empty
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.pagination import page

_MAX_RESULTS = 100


def get_current_user_data(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Show the current status, slots and contacts of the users who are not offline.

    Ours: Who the user data shows; Slots of agents; States of a contact of an agent.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_GetCurrentUserData.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    filters = parameters["Filters"]
    states = filters.get("ContactFilter", {}).get("ContactStates", [])
    matches = [
        (agent, contact)
        for agent in _agents(instance, filters)
        if agent.activity != "OFFLINE" and _has_state(contact := _contact_of(context, agent), states)
    ]
    matches_on_page, next_token = page(matches, parameters, default_size=_MAX_RESULTS)
    return {
        "UserDataList": [_user_data(agent, contact) for agent, contact in matches_on_page],
        "ApproximateTotalCount": len(matches),
        **next_token,
    }


# Filters


def _agents(instance: Instance, filters: Mapping[str, Any]) -> list[Agent]:
    """Return the agents that match the filter by resources, in the order of their creation."""
    names = [name for name in _AGENTS_OF if name in filters]
    if len(names) > 1:
        raise InvalidRequestError(
            f"Filters takes at most one of {listed(list(_AGENTS_OF))}, and has {listed(names)}."
        )
    if not names:
        return list(instance.agents.values())
    (name,) = names
    agents = {agent for id_or_arn in filters[name] for agent in _AGENTS_OF[name](instance, _id(id_or_arn))}
    return [agent for agent in instance.agents.values() if agent in agents]


def _id(id_or_arn: str) -> str:
    return id_or_arn.rpartition("/")[2]


def _of_queue(instance: Instance, queue_id: str) -> Sequence[Agent]:
    return instance.queue(queue_id).staff.agents


def _of_routing_profile(instance: Instance, profile_id: str) -> Sequence[Agent]:
    profile = instance.routing_profile(profile_id)
    return [agent for agent in instance.agents.values() if agent.routing_profile is profile]


def _of_id(instance: Instance, user_id: str) -> Sequence[Agent]:
    return [instance.agent(user_id)]


def _of_hierarchy_group(instance: Instance, group_id: str) -> Sequence[Agent]:
    raise NotFoundError("user hierarchy group", group_id)


_AGENTS_OF: Mapping[str, Callable[[Instance, str], Sequence[Agent]]] = {
    "Queues": _of_queue,
    "RoutingProfiles": _of_routing_profile,
    "Agents": _of_id,
    "UserHierarchyGroups": _of_hierarchy_group,
}
"""The function that returns the agents of a resource, by the filter."""


def _contact_of(context: Context, agent: Agent) -> Contact | None:
    return None if agent.contact_id is None else context.region.backend.contacts[agent.contact_id]


def _has_state(contact: Contact | None, states: Sequence[str]) -> bool:
    return not states or (contact is not None and _state(contact) in states)


# User data


def _user_data(agent: Agent, contact: Contact | None) -> dict[str, Any]:
    active = int(contact is not None)
    return {
        "User": {"Id": agent.id, "Arn": agent.arn},
        "RoutingProfile": {"Id": agent.routing_profile.id, "Arn": agent.routing_profile.arn},
        "Status": {
            "StatusStartTimestamp": agent.status_started_at,
            "StatusArn": agent.status.arn,
            "StatusName": agent.status.name,
        },
        "AvailableSlotsByChannel": {CHANNEL: int(agent.activity == "AVAILABLE")},
        "MaxSlotsByChannel": {CHANNEL: 1},
        "ActiveSlotsByChannel": {CHANNEL: active},
        "Contacts": [] if contact is None else [_contact_data(contact)],
        **({} if agent.next_status is None else {"NextStatus": agent.next_status.name}),
    }


def _state(contact: Contact) -> str:
    if contact.has_ended:
        return "ENDED"
    return "CONNECTING" if contact.connected_to_agent_at is None else "CONNECTED"


def _contact_data(contact: Contact) -> dict[str, Any]:
    started_at = (
        contact.disconnected_at or contact.connected_to_agent_at or contact.accepted_at or contact.dialed_at
    )
    queue = contact.queue
    return drop_empty(
        ContactId=contact.id,
        Channel=CHANNEL,
        InitiationMethod="API",
        AgentContactState=_state(contact),
        StateStartTimestamp=started_at,
        ConnectedToAgentTimestamp=contact.connected_to_agent_at,
        Queue=None if queue is None else {"Id": queue.id, "Arn": queue.arn},
    )
