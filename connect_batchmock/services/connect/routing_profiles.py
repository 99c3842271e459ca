"""Routing profiles: the operations that describe and list them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connect_batchmock.domain.agent import RoutingProfile
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.connect.contact_members import CHANNEL
from connect_batchmock.services.connect.members import drop_empty, drop_unknown, last_modified
from connect_batchmock.services.context import Context
from connect_batchmock.services.pagination import page


def describe_routing_profile(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a routing profile: its queues, and the number of its users.

    Ours: Routing profiles.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeRoutingProfile.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    profile = instance.routing_profile(parameters["RoutingProfileId"])
    return {"RoutingProfile": _description(profile, instance)}


def list_routing_profiles(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List the routing profiles of an instance.

    Ours: Routing profiles.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_ListRoutingProfiles.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    profiles, next_token = page(list(instance.routing_profiles.values()), parameters, default_size=100)
    summaries = [
        {"Id": profile.id, "Arn": profile.arn, "Name": profile.name, **last_modified(profile, instance)}
        for profile in profiles
    ]
    return {"RoutingProfileSummaryList": summaries, **next_token}


def _description(profile: RoutingProfile, instance: Instance) -> dict[str, Any]:
    queue_ids = [queue.id for queue in instance.queues_of(profile)]
    agents = [agent for agent in instance.agents.values() if agent.routing_profile is profile]
    members = drop_empty(
        InstanceId=instance.id,
        Name=profile.name,
        RoutingProfileArn=profile.arn,
        RoutingProfileId=profile.id,
        Description=profile.description,
        MediaConcurrencies=[{"Channel": CHANNEL, "Concurrency": 1}],
        DefaultOutboundQueueId=next(iter(queue_ids), None),
        Tags=dict(profile.tags),
        NumberOfAssociatedQueues=len(queue_ids),
        NumberOfAssociatedUsers=len(agents),
        AgentAvailabilityTimer="TIME_SINCE_LAST_ACTIVITY",
        IsDefault=profile is next(iter(instance.routing_profiles.values())),
        AssociatedQueueIds=queue_ids,
        **last_modified(profile, instance),
    )
    return drop_unknown("RoutingProfile", members)
